//! `dualstack reap`: started by another command of `dualstack`, it waits for the end of that and,
//! if it was killed, ends and removes what it has left.

use std::io;
use std::process::ExitCode;

use super::lab;

pub(super) fn reap() -> ExitCode {
    let platforms = || lab::platforms().unwrap_or_default();
    dualstack_lab::reap(io::stdin().lock(), platforms);
    ExitCode::SUCCESS
}
