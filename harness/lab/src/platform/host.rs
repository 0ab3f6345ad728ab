//! The machine itself: an agent in a process of its own.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use dualstack_scenario::Requires;

use crate::{Link, NoStart, Platform};

/// The machine that the harness runs on, or a network namespace on it.
#[derive(Clone, Debug)]
pub struct Host {
    program: PathBuf,
    arguments: Vec<OsString>,
    isolate: bool,
}

impl Host {
    /// The machine as it is; a namespace only for cases that need one.
    pub fn new(program: PathBuf, arguments: Vec<OsString>) -> Self {
        Self {
            program,
            arguments,
            isolate: false,
        }
    }

    /// A network namespace of its own for every case.
    #[must_use]
    pub fn isolated(mut self) -> Self {
        self.isolate = true;
        self
    }
}

impl Platform for Host {
    fn name(&self) -> &str {
        if self.isolate { "netns" } else { "host" }
    }

    fn start(&self, _: &Requires) -> Result<Link, NoStart> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        Ok(Link::spawn(command)?)
    }

    fn shares_network(&self) -> bool {
        !self.isolate
    }

    fn isolate(&self) -> bool {
        self.isolate
    }
}
