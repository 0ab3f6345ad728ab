//! `sendto`: sends a datagram to an address.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::address::Address;
use crate::leaf::{Name, Size};
use crate::returned::Shape;
use crate::table::table;
use crate::template::Template;

table! {
    /// `sendto(2)`: sends a datagram to an address.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Sendto {
        /// The socket.
        sendto: Name,
        /// The address and port: `127.0.0.1:80` makes a `sockaddr_in`,
        /// `[::1]:80` a `sockaddr_in6`.
        to: Address,
        /// The bytes, as text.
        data: Template,
        /// The length passed with the sockaddr, in bytes; default: the sockaddr's own.
        namelen: Option<Size>,
    }
}

impl Verb for Sendto {
    fn uses(&self) -> Vec<&Name> {
        vec![&self.sendto]
    }

    fn waits(&self) -> bool {
        true
    }

    fn sends_to(&self) -> Option<&Address> {
        Some(&self.to)
    }

    fn describe(&self, show: Show<'_>) -> String {
        let to = super::target(&self.to, self.namelen, show);
        text!("sendto({}, {:?}, {to})", self.sendto, show(&self.data))
    }

    fn returns(&self) -> Shape {
        Shape::Sent
    }

    fn templates(&self) -> Vec<&Template> {
        vec![&self.to.0, &self.data]
    }
}
