//! `sendmsg`: sends with control messages.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::address::Address;
use crate::control::ControlTexts;
use crate::leaf::{Name, Size};
use crate::returned::Shape;
use crate::table::table;
use crate::template::Template;

table! {
    /// `sendmsg(2)`, `WSASendMsg`: sends a datagram with control messages, whose names
    /// are keys of the step.
    ///
    /// The control buffer contains the messages in the order of the file.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Sendmsg {
        /// The socket.
        sendmsg: Name,
        /// The address and port: `127.0.0.1:80` makes a `sockaddr_in`, `[::1]:80` a
        /// `sockaddr_in6`. May be left out on a connected socket.
        to: Option<Address>,
        /// The bytes, as text.
        data: Template,
        /// The length passed with the sockaddr, in bytes; default: the sockaddr's own.
        namelen: Option<Size>,
        ..
        /// The control messages.
        control: ControlTexts
    }
}

impl Verb for Sendmsg {
    fn uses(&self) -> Vec<&Name> {
        vec![&self.sendmsg]
    }

    fn waits(&self) -> bool {
        true
    }

    fn sends_to(&self) -> Option<&Address> {
        self.to.as_ref()
    }

    fn describe(&self, show: Show<'_>) -> String {
        let to = match &self.to {
            Some(to) => format!(", {}", super::target(to, self.namelen, show)),
            None => String::new(),
        };
        text!(
            "sendmsg({}, {:?}{to}{})",
            self.sendmsg,
            show(&self.data),
            self.control.describe(show)
        )
    }

    fn returns(&self) -> Shape {
        Shape::Sent
    }

    fn templates(&self) -> Vec<&Template> {
        let to = self.to.iter().map(|to| &to.0);
        to.chain([&self.data])
            .chain(self.control.templates())
            .collect()
    }
}
