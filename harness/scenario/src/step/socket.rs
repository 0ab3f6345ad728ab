//! `socket`: makes a socket.

use serde::{Deserialize, Serialize};

use super::{Show, Verb};
use crate::leaf::{Name, Word};
use crate::table::table;

table! {
    /// `socket(2)`: makes a socket and gives it a name.
    ///
    /// The protocol argument is the one that the type implies, and no option
    /// is set.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Socket {
        /// The name of the new socket.
        socket: Name,
        /// `tcp4`, `tcp6`, `udp4` or `udp6`: SOCK_STREAM or SOCK_DGRAM in
        /// AF_INET or AF_INET6.
        r#type: SocketType,
        /// The host that the socket, and every call made on it, is on, in a
        /// file that has `hosts`; the first of them unless told.
        host: Option<Name>,
    }
}

/// The family and the type of a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum SocketType {
    /// AF_INET, SOCK_STREAM.
    Tcp4,
    /// AF_INET6, SOCK_STREAM.
    Tcp6,
    /// AF_INET, SOCK_DGRAM.
    Udp4,
    /// AF_INET6, SOCK_DGRAM.
    Udp6,
}

impl Word for SocketType {
    const WHAT: &'static str = "a socket type";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("tcp4", Self::Tcp4),
        ("tcp6", Self::Tcp6),
        ("udp4", Self::Udp4),
        ("udp6", Self::Udp6),
    ];
}

impl Verb for Socket {
    fn socket(&self) -> &Name {
        &self.socket
    }

    fn describe(&self, _: Show<'_>) -> String {
        let (family, kind) = match self.r#type {
            SocketType::Tcp4 => ("AF_INET", "SOCK_STREAM"),
            SocketType::Tcp6 => ("AF_INET6", "SOCK_STREAM"),
            SocketType::Udp4 => ("AF_INET", "SOCK_DGRAM"),
            SocketType::Udp6 => ("AF_INET6", "SOCK_DGRAM"),
        };
        let call = format!("{} = socket({family}, {kind})", self.socket);
        match &self.host {
            Some(host) => format!("{call} on {host}"),
            None => call,
        }
    }

    fn creates(&self) -> Option<&Name> {
        Some(&self.socket)
    }
}
