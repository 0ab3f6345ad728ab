//! `connect`: connects a socket.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::address::Address;
use crate::leaf::{Name, Size};
use crate::table::table;
use crate::template::Template;

table! {
    /// `connect(2)`: connects a socket, and waits until it is connected or has failed.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Connect {
        /// The socket.
        connect: Name,
        /// The address and port: `127.0.0.1:80` makes a `sockaddr_in`,
        /// `[::1]:80` a `sockaddr_in6`.
        to: Address,
        /// The length passed with the sockaddr, in bytes; default: the sockaddr's own.
        namelen: Option<Size>,
    }
}

impl Verb for Connect {
    fn uses(&self) -> Vec<&Name> {
        vec![&self.connect]
    }

    fn connects(&self) -> bool {
        true
    }

    fn waits(&self) -> bool {
        true
    }

    fn sends_to(&self) -> Option<&Address> {
        Some(&self.to)
    }

    fn describe(&self, show: Show<'_>) -> String {
        text!(
            "connect({}, {})",
            self.connect,
            super::target(&self.to, self.namelen, show)
        )
    }

    fn templates(&self) -> Vec<&Template> {
        vec![&self.to.0]
    }
}
