//! A process with everything that it starts.

use std::io;
use std::process::{Child, Command};

#[cfg_attr(unix, path = "group/unix.rs")]
#[cfg_attr(windows, path = "group/windows.rs")]
mod system;

/// A process that was started here, with everything that it has started since, unless that has
/// left on purpose.
#[derive(Debug)]
pub(crate) struct Group {
    system: system::Group,
    /// Its number may belong to another group later.
    ended: bool,
}

impl Group {
    /// Starts a process as the first of a group.
    pub(crate) fn spawn(command: &mut Command) -> io::Result<(Child, Self)> {
        let (child, system) = system::Group::spawn(command)?;
        let ended = false;
        Ok((child, Self { system, ended }))
    }

    /// Asks it to end, if the system has a way to ask.
    pub(crate) fn ask_to_end(&mut self) {
        if !self.ended {
            self.system.ask_to_end();
        }
    }

    /// Ends everything that is left of it. The first process must still be waited for.
    pub(crate) fn kill(&mut self) {
        if !self.ended {
            self.system.kill();
            self.ended = true;
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Asks a process that is in no group of its own to end.
pub(crate) fn ask_to_end(process: &Child) {
    system::ask_to_end(process);
}

/// Ends what a group has left, by the number under which the reaper knows it.
#[cfg(unix)]
pub(crate) use system::{kill, kill_all_of};
