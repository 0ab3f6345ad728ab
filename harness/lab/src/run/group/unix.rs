//! A process group (setpgid(2)), which a process leaves only by its own call.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::platform::reaper;

#[derive(Debug)]
pub(super) struct Group(Pid);

impl Group {
    pub(super) fn spawn(command: &mut Command) -> io::Result<(Child, Self)> {
        let child = command.process_group(0).spawn()?;
        let group = pid(&child);
        reaper::watch_group(group.as_raw());
        Ok((child, Self(group)))
    }

    pub(super) fn ask_to_end(&self) {
        _ = killpg(self.0, Signal::SIGTERM);
    }

    pub(super) fn kill(&self) {
        kill(self.0.as_raw());
        reaper::forget_group(self.0.as_raw());
    }
}

/// If there is no such group any more, there is nothing to end.
pub(crate) fn kill(group: i32) {
    _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
}

pub(super) fn ask_to_end(process: &Child) {
    _ = nix::sys::signal::kill(pid(process), Signal::SIGTERM);
}

fn pid(child: &Child) -> Pid {
    Pid::from_raw(child.id().try_into().expect("process numbers are positive"))
}
