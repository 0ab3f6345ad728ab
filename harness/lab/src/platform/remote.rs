//! An agent started by the user's own command: on another machine, in an emulator, on a
//! stack under development.

use std::io::{self, IsTerminal};
use std::process::Command;

use dualstack_scenario::Requires;

use crate::platform::access::Access;
use crate::platform::unusable::Unusable;
use crate::platform::{Platform, reaper, trial};
use crate::run::broken::NoStart;
use crate::run::link::Link;

/// Any command whose standard input and output speak the protocol:
/// `ssh host dualstack-agent`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    name: String,
    command: String,
}

impl Remote {
    /// A command line for the shell, under the name of its column.
    pub fn new(name: impl Into<String>, command: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            command: command.into(),
        }
    }
}

impl Platform for Remote {
    fn name(&self) -> &str {
        &self.name
    }

    /// With the name, because the command itself could start with `NAME=`.
    fn access(&self) -> Access {
        Access::Via(format!("{}={}", self.name, self.command))
    }

    fn start(&self, _: &Requires) -> Result<Link, NoStart> {
        let command = shell(&self.command);
        // A group of its own could not read from the terminal, where ssh asks for a password.
        if io::stdin().is_terminal() {
            return Ok(Link::spawn_here(command)?);
        }
        reaper::start();
        Ok(Link::spawn(command)?)
    }

    fn availability(&self) -> Result<(), Unusable> {
        trial::of(
            self,
            "make sure that the command starts an agent of this release",
        )
    }
}

#[cfg(unix)]
fn shell(line: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", line]);
    command
}

#[cfg(windows)]
fn shell(line: &str) -> Command {
    use std::os::windows::process::CommandExt;
    let mut command = Command::new("cmd");
    // cmd's own quoting rules are not those of `arg`.
    command.arg("/C").raw_arg(line);
    command
}
