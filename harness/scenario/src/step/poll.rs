//! `poll`: asks whether a socket is ready.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::constant::PollEvent;
use crate::leaf::{Milliseconds, Name};
use crate::returned::Shape;
use crate::table::table;

table! {
    /// `poll(2)`, `WSAPoll`: asks which events a socket is ready for, and waits for them
    /// if there is a timeout.
    ///
    /// Saved, it is the events, joined by ` + `, or `none`.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Poll {
        /// The socket.
        poll: Name,
        /// The events to ask for: `["POLLIN", "POLLOUT"]`.
        events: Vec<PollEvent>,
        /// How long to wait for one of them, in milliseconds, at most 5000; default: 0.
        timeout: Option<Milliseconds>,
    }
}

impl Poll {
    /// How long to wait.
    pub fn timeout(&self) -> Milliseconds {
        self.timeout.unwrap_or_default()
    }
}

impl Verb for Poll {
    fn uses(&self) -> Vec<&Name> {
        vec![&self.poll]
    }

    fn describe(&self, _: Show<'_>) -> String {
        let events: Vec<_> = self.events.iter().map(|event| event.0.name).collect();
        let (events, timeout) = (events.join("|"), self.timeout().0);
        text!("poll({}, {events}, {timeout})", self.poll)
    }

    fn returns(&self) -> Shape {
        Shape::Ready
    }
}
