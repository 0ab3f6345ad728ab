//! The levels of options and control messages.

use std::fmt;

use crate::systems::constants;

/// A protocol level: the second argument of `setsockopt`, the `cmsg_level` of a control message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(
    non_camel_case_types,
    reason = "each is the name of the constant itself"
)]
pub enum Level {
    /// The socket itself.
    SOL_SOCKET,
    /// IPv4.
    IPPROTO_IP,
    /// IPv6.
    IPPROTO_IPV6,
    /// TCP.
    IPPROTO_TCP,
}

impl Level {
    /// Its number on this system.
    pub const fn number(self) -> i32 {
        match self {
            Self::SOL_SOCKET => constants::SOL_SOCKET,
            Self::IPPROTO_IP => constants::IPPROTO_IP,
            Self::IPPROTO_IPV6 => constants::IPPROTO_IPV6,
            Self::IPPROTO_TCP => constants::IPPROTO_TCP,
        }
    }
}

/// The name in C.
impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
