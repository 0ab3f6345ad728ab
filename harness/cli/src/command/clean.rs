//! `dualstack clean`: removes what killed runs left behind, and ends what waits
//! in the background for another.

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
        [] => super::print("there is nothing left over\n"),
        removed => removed
            .iter()
            .for_each(|what| super::print(&format!("removed {what}\n"))),
    }
    Ok(ExitCode::SUCCESS)
}
