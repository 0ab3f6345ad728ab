//! `dualstack reference`: the reference page of the language.

use std::process::ExitCode;

use dualstack_scenario::shown::Shown;

use crate::failure::Failure;

pub(super) fn reference() -> Result<ExitCode, Failure> {
    super::print(Shown::trusted(dualstack_scenario::reference::page()))?;
    Ok(ExitCode::SUCCESS)
}
