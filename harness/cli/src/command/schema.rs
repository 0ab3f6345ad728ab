//! `dualstack schema`: the JSON Schema of scenario files.

use std::process::ExitCode;

use crate::failure::Failure;

pub(super) fn schema() -> Result<ExitCode, Failure> {
    super::print(&format!("{:#}\n", dualstack_scenario::schema::scenario()));
    Ok(ExitCode::SUCCESS)
}
