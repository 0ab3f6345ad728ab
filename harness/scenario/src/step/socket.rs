//! `socket`: creates a socket.

use dualstack_names::SocketType;
use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::leaf::{Name, Word};
use crate::table::table;

table! {
    /// `socket(2)`: creates a socket and gives it a name.
    ///
    /// The system chooses the protocol for the type, and no option is set.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Socket {
        /// The name of the new socket.
        socket: Name,
        /// `tcp4`, `tcp6`, `udp4` or `udp6`: SOCK_STREAM or SOCK_DGRAM in
        /// AF_INET or AF_INET6.
        r#type: SocketType,
        /// The host of the socket and of every call made on it, in a file that has
        /// `hosts`; default: the first.
        host: Option<Name>,
    }
}

impl Word for SocketType {
    const WHAT: &'static str = "a socket type";
    const WORDS: &'static [(&'static str, Self)] = Self::ALL;
}

impl Verb for Socket {
    fn host(&self) -> Option<&Name> {
        self.host.as_ref()
    }

    fn describe(&self, _: Show<'_>) -> String {
        let (family, kind) = (self.r#type.family_name(), self.r#type.type_name());
        let call = text!("{} = socket({family}, {kind})", self.socket);
        match &self.host {
            Some(host) => call + " on " + &host.text,
            None => call,
        }
    }

    fn creates(&self) -> Option<&Name> {
        Some(&self.socket)
    }
}
