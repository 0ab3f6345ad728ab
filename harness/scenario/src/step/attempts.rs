//! `attempts`: asks where a program has tried to connect to.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, Watching, text};
use crate::leaf::{Milliseconds, Name};
use crate::returned::Shape;
use crate::table::table;

table! {
    /// Asks which TCP connections have been attempted on a program's host since the program
    /// was started with `watch = true`, and when: each first SYN that left, as a packet
    /// socket (`packet(7)`) saw it.
    ///
    /// A program may try one address after another, so the call waits until no attempt was
    /// seen for a while, or the program has ended.
    ///
    /// Saved, it is the addresses in order, such as `2001:db8::2 + 198.51.100.2 (250 ms)`,
    /// each after the first with the time since that, to 10 ms; or `none`.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Attempts {
        /// The program.
        attempts: Name,
        /// How long there must have been no further attempt, in milliseconds, at most 5000;
        /// default: 1000.
        settled: Option<Milliseconds>,
    }
}

impl Attempts {
    /// How long there must have been no further attempt.
    pub fn settled(&self) -> Milliseconds {
        self.settled.unwrap_or(Milliseconds(1000))
    }
}

impl Verb for Attempts {
    fn program(&self) -> Option<&Name> {
        Some(&self.attempts)
    }


    fn watch(&self) -> Option<Watching> {
        Some(Watching::Asks)
    }

    fn waits(&self) -> bool {
        true
    }

    fn describe(&self, _: Show<'_>) -> String {
        let settled = self.settled().0;
        text!("attempts({}, settled for {settled} ms)", self.attempts)
    }

    fn returns(&self) -> Shape {
        Shape::Attempts
    }
}
