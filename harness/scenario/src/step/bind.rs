//! `bind`: gives a socket its local address.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::address::Address;
use crate::leaf::{Name, Size};
use crate::table::table;
use crate::template::Template;

table! {
    /// `bind(2)`: gives a socket its local address. Port 0 lets the system choose.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Bind {
        /// The socket.
        bind: Name,
        /// The address and port: `127.0.0.1:80` makes a `sockaddr_in`,
        /// `[::1]:80` a `sockaddr_in6`.
        to: Address,
        /// The length passed with the sockaddr, in bytes; default: the sockaddr's own.
        namelen: Option<Size>,
    }
}

impl Verb for Bind {
    fn uses(&self) -> Vec<&Name> {
        vec![&self.bind]
    }

    fn binds(&self) -> Option<&Address> {
        Some(&self.to)
    }

    fn describe(&self, show: Show<'_>) -> String {
        text!(
            "bind({}, {})",
            self.bind,
            super::target(&self.to, self.namelen, show)
        )
    }

    fn templates(&self) -> Vec<&Template> {
        vec![&self.to.0]
    }
}
