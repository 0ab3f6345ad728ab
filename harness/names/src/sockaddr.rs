//! What a `sockaddr` says.

use std::fmt;
use std::net::{SocketAddr, SocketAddrV4, SocketAddrV6};

/// A `sockaddr` as a system wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Sockaddr {
    /// A whole `sockaddr_in`.
    V4(SocketAddrV4),
    /// A whole `sockaddr_in6`, including its flow information and scope.
    V6(SocketAddrV6),
    /// The system wrote none: the returned length was 0. `recvfrom` does this on a
    /// connected stream socket.
    Empty,
    /// Fewer bytes than the family's `sockaddr` has: the buffer, or the length passed to
    /// the call, was too small.
    Truncated {
        /// The address family by name; `none` if even that is missing.
        family: String,
        /// The bytes received.
        len: usize,
    },
    /// A family other than AF_INET and AF_INET6.
    Other {
        /// The address family by name.
        family: String,
        /// Its length in bytes, as reported by the system: Wine 8 reports -1.
        len: i64,
    },
}

impl Sockaddr {
    /// The IPv4 or IPv6 address with its port, if it is complete.
    pub fn socket_addr(&self) -> Option<SocketAddr> {
        match *self {
            Self::V4(address) => Some(address.into()),
            Self::V6(address) => Some(address.into()),
            Self::Empty | Self::Truncated { .. } | Self::Other { .. } => None,
        }
    }

    /// The port in host byte order, if there is one.
    pub fn port(&self) -> Option<u16> {
        self.socket_addr().map(|address| address.port())
    }

    /// The name of the family.
    pub fn family(&self) -> &str {
        match self {
            Self::V4(_) => "AF_INET",
            Self::V6(_) => "AF_INET6",
            Self::Empty => "none",
            Self::Truncated { family, .. } | Self::Other { family, .. } => family,
        }
    }

    /// The address with its port, as a trace shows it: `[::1]:80`.
    pub fn with_port(&self) -> String {
        match self.socket_addr() {
            Some(address) => address.to_string(),
            None => self.to_string(),
        }
    }
}

/// The address without its port, which differs from run to run.
impl fmt::Display for Sockaddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(address) => write!(f, "{}", address.ip()),
            Self::V6(address) if address.scope_id() == 0 => write!(f, "{}", address.ip()),
            Self::V6(address) => write!(f, "{}%{}", address.ip(), address.scope_id()),
            Self::Empty => f.write_str("none"),
            Self::Truncated { len, .. } => write!(f, "cut off after {len} bytes"),
            Self::Other { family, len } => write!(f, "{family} of {len} bytes"),
        }
    }
}
