//! `dualstack reference`: the reference page of the language.

use std::process::ExitCode;

use crate::failure::Failure;

pub(super) fn reference() -> Result<ExitCode, Failure> {
    super::print(&dualstack_scenario::reference::page())?;
    Ok(ExitCode::SUCCESS)
}
