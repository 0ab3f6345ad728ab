//! `start`: starts a program.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, Watching, text};
use crate::leaf::Name;
use crate::table::table;

table! {
    /// `fork(2)` and `execvp(3)`: starts a [program](#programs) of the file, without a
    /// shell.
    ///
    /// A program that is not installed makes the case `unsupported`.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Start {
        /// The program.
        start: Name,
        /// The host it runs on; default: the first.
        host: Option<Name>,
        /// Whether to watch for `attempts` to connect, on its host, from now on; default:
        /// `false`.
        watch: Option<bool>,
    }
}

impl Start {
    /// Whether to watch for attempts to connect.
    pub fn watches(&self) -> bool {
        self.watch == Some(true)
    }
}

impl Verb for Start {
    fn starts(&self) -> Option<&Name> {
        Some(&self.start)
    }

    fn watch(&self) -> Option<Watching> {
        self.watches().then_some(Watching::Begins)
    }

    fn host(&self) -> Option<&Name> {
        self.host.as_ref()
    }

    fn subject(&self) -> String {
        self.start.to_string()
    }

    fn describe(&self, _: Show<'_>) -> String {
        match self.watches() {
            true => text!("start({}, watched)", self.start),
            false => text!("start({})", self.start),
        }
    }
}
