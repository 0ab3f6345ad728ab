//! `dualstack clean`: removes what killed runs left behind, and ends background processes
//! that wait for another run.

use std::process::ExitCode;

use super::lab;
use crate::failure::Failure;

pub(super) fn clean() -> Result<ExitCode, Failure> {
    let mut removed = Vec::new();
    for platform in lab::platforms()? {
        removed.extend(platform.clean()?);
        removed.extend(platform.stop_background());
    }
    match removed.as_slice() {
        [] => super::print("nothing to remove\n"),
        removed => removed
            .iter()
            .for_each(|what| super::print(&format!("removed {what}\n"))),
    }
    Ok(ExitCode::SUCCESS)
}
