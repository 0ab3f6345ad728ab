//! The machine that the harness runs on, with the agent in a separate process.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use dualstack_scenario::Requires;

use crate::platform::Platform;
use crate::platform::access::Access;
use crate::run::broken::NoStart;
use crate::run::link::Link;

/// The machine that the harness runs on, or a network namespace on it: the
/// columns `host` and `netns`.
#[derive(Clone, Debug)]
pub struct ThisMachine {
    program: PathBuf,
    arguments: Vec<OsString>,
    isolate: bool,
}

impl ThisMachine {
    /// The machine as it is; with a namespace only for cases that need one.
    pub fn new(program: PathBuf, arguments: Vec<OsString>) -> Self {
        Self {
            program,
            arguments,
            isolate: false,
        }
    }

    /// A separate network namespace for the cases.
    #[must_use]
    pub fn isolated(mut self) -> Self {
        self.isolate = true;
        self
    }
}

impl Platform for ThisMachine {
    fn name(&self) -> &str {
        if self.isolate { "netns" } else { "host" }
    }

    fn access(&self) -> Access {
        if self.isolate {
            Access::On(self.name().to_owned())
        } else {
            Access::Host
        }
    }

    fn start(&self, _: &Requires) -> Result<Link, NoStart> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        Ok(Link::spawn(command)?)
    }

    fn shares_network(&self) -> bool {
        !self.isolate
    }

    fn has_programs(&self) -> bool {
        true
    }

    fn isolate(&self) -> bool {
        self.isolate
    }
}
