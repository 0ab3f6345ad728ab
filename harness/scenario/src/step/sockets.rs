//! `sockets`: asks which sockets a program has open.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::leaf::{Milliseconds, Name, TextOrNumber};
use crate::returned::Shape;
use crate::table::table;
use crate::template::Template;

table! {
    /// Asks the system which sockets a program, and everything that it has started, can be
    /// reached at: those that listen (TCP) or are bound and not connected (UDP).
    ///
    /// A program opens them one after another, so the call waits until they have stayed
    /// the same for a while. Nothing proves that a program has finished: a longer
    /// `settled` is a stronger answer.
    ///
    /// Saved, it is the list, such as `tcp4 0.0.0.0:80 + tcp6 [::]:80`, or `none`. A socket
    /// of `::` that takes no IPv4 clients has `(IPV6_V6ONLY)` behind it.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Sockets {
        /// The program.
        sockets: Name,
        /// How long they must stay the same, in milliseconds, at most 5000; default: 300.
        settled: Option<Milliseconds>,
        /// Only those with this port, which is then left out of the list; default: all.
        port: Option<TextOrNumber>,
    }
}

impl Sockets {
    /// How long they must stay the same.
    pub fn settled(&self) -> Milliseconds {
        self.settled.unwrap_or(Milliseconds(300))
    }
}

impl Verb for Sockets {
    fn program(&self) -> Option<&Name> {
        Some(&self.sockets)
    }

    fn templates(&self) -> Vec<&Template> {
        self.port.iter().map(|port| &port.0).collect()
    }

    fn waits(&self) -> bool {
        true
    }

    fn describe(&self, show: Show<'_>) -> String {
        let settled = self.settled().0;
        let port = self.port.as_ref();
        let port = port.map(|port| format!(", port {}", show(&port.0)));
        text!(
            "sockets({}, settled for {settled} ms{})",
            self.sockets,
            port.unwrap_or_default()
        )
    }

    fn returns(&self) -> Shape {
        Shape::Open
    }
}
