//! `kill`: sends a signal to a program.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::leaf::Name;
use crate::signal::Signal;
use crate::table::table;

table! {
    /// `kill(2)`: sends a signal to a program, not to what it has started.
    ///
    /// It fails with ESRCH if the program has ended.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Kill {
        /// The program.
        kill: Name,
        /// The signal by its C name; default: `"SIGTERM"`.
        signal: Option<Signal>,
    }
}

impl Kill {
    /// The signal.
    pub fn signal(&self) -> Signal {
        self.signal.unwrap_or_default()
    }
}

impl Verb for Kill {
    fn program(&self) -> Option<&Name> {
        Some(&self.kill)
    }

    fn describe(&self, _: Show<'_>) -> String {
        text!("kill({}, {})", self.kill, self.signal())
    }
}
