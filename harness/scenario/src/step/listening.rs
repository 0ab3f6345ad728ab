//! `listening`: waits until a program can be reached.

use dualstack_names::SocketType;
use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::leaf::{Name, TextOrNumber};
use crate::returned::Shape;
use crate::table::table;
use crate::template::Template;

table! {
    /// Waits until a program, or something that it has started, has a socket that listens
    /// (TCP) or is bound and not connected (UDP), and asks the system for its name.
    ///
    /// It makes `{server.port}` and `{server.name}` known. It fails with ESRCH if the
    /// program has ended.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Listening {
        /// The program.
        listening: Name,
        /// The type of the socket: `"tcp4"`, `"tcp6"`, `"udp4"`, `"udp6"`; default: any.
        r#type: Option<SocketType>,
        /// Its port; default: any.
        port: Option<TextOrNumber>,
    }
}

impl Verb for Listening {
    fn program(&self) -> Option<&Name> {
        Some(&self.listening)
    }

    fn tells(&self) -> Option<(&Name, &'static str)> {
        Some((&self.listening, "name"))
    }

    fn templates(&self) -> Vec<&Template> {
        self.port.iter().map(|port| &port.0).collect()
    }

    fn waits(&self) -> bool {
        true
    }

    fn describe(&self, show: Show<'_>) -> String {
        let kind = self.r#type.map(|kind| format!(", {}", kind.word()));
        let port = self
            .port
            .as_ref()
            .map(|port| format!(", port {}", show(&port.0)));
        text!(
            "listening({}{}{})",
            self.listening,
            kind.unwrap_or_default(),
            port.unwrap_or_default()
        )
    }

    fn returns(&self) -> Shape {
        Shape::Name
    }
}
