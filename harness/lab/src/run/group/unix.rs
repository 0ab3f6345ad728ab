//! A process group (setpgid(2)), which a process leaves only by its own call.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::{Pid, getpgid, getsid};
use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};

use crate::platform::owner::Owner;
use crate::platform::reaper;

/// The environment variable that says which harness has started a process.
const STARTED_BY: &str = "DUALSTACK_STARTED_BY";

#[derive(Debug)]
pub(super) struct Group(Pid);

impl Group {
    pub(super) fn spawn(command: &mut Command) -> io::Result<(Child, Self)> {
        command.env(STARTED_BY, Owner::this().to_string());
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

/// Ends the groups that this harness has started. It may have been killed before it could tell
/// the reaper of one. A process that has a session of its own has left on purpose.
pub(crate) fn kill_all_of(harness: &str) {
    let mark = OsString::from(format!("{STARTED_BY}={harness}"));
    let mut system = System::new();
    let environment = ProcessRefreshKind::nothing().with_environ(UpdateKind::Always);
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, environment);
    for (number, process) in system.processes() {
        let Ok(number) = i32::try_from(number.as_u32()) else {
            continue;
        };
        let pid = Pid::from_raw(number);
        let leads = getpgid(Some(pid)) == Ok(pid) && getsid(Some(pid)) != Ok(pid);
        if leads && process.environ().contains(&mark) {
            kill(number);
        }
    }
}

pub(super) fn ask_to_end(process: &Child) {
    _ = nix::sys::signal::kill(pid(process), Signal::SIGTERM);
}

fn pid(child: &Child) -> Pid {
    Pid::from_raw(child.id().try_into().expect("process numbers are positive"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_that_the_reaper_was_not_told_of_are_found() {
        let start = |harness: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", "exec sleep 60"]);
            command.env(STARTED_BY, harness).process_group(0);
            command.spawn().unwrap()
        };
        let mut killed = start("1-2@test");
        let mut other = start("1-3@test");
        kill_all_of("1-2@test");
        assert!(!killed.wait().unwrap().success());
        assert!(other.try_wait().unwrap().is_none());
        other.kill().unwrap();
        other.wait().unwrap();
    }
}
