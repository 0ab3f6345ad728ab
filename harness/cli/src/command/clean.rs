//! `dualstack clean`: removes what killed runs left behind, and ends background processes
//! that wait for another run.

use std::process::ExitCode;

use super::lab;
use dualstack_scenario::shown;

use crate::failure::Failure;

pub(super) fn clean() -> Result<ExitCode, Failure> {
    let mut any = false;
    let mut failed = Vec::new();
    for platform in lab::platforms()? {
        let cleaned = platform.clean();
        lab::stop_if_interrupted()?;
        let removed = cleaned.unwrap_or_else(|error| {
            failed.push(error.to_string());
            Vec::new()
        });
        for what in removed.into_iter().chain(platform.stop_background()) {
            any = true;
            super::print(shown!("removed {}\n", what))?;
        }
    }
    if !failed.is_empty() {
        return Err(Failure::Harness(failed.join("; ")));
    }
    if !any {
        super::print("nothing to remove\n")?;
    }
    Ok(ExitCode::SUCCESS)
}
