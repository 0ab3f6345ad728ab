//! The result of `recvmsg`.

use std::fmt;

use dualstack_names::{Constant, ControlMessage, MESSAGE_FLAGS};

use crate::error::OsError;
use crate::imp;
use crate::sockaddr::RawSockaddr;

/// What `recvmsg` (`WSARecvMsg` on Windows) received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The bytes that fitted into the buffer. With `WSAEMSGSIZE` and only `MSG_CTRUNC`,
    /// Wine 8 does not report how many there are, and this is empty.
    pub data: Vec<u8>,
    /// The sender, `msg_name`.
    pub from: RawSockaddr,
    /// The control messages in the order received. A truncated one is
    /// [`ControlMessage::Other`] with the remaining bytes.
    pub control: Vec<ControlMessage>,
    /// `msg_flags` as set by the system.
    pub flags: MsgFlags,
    /// The error that came with the data. Only Windows delivers data and fails at the
    /// same time: for a truncated datagram or control buffer, `WSARecvMsg` reports
    /// `WSAEMSGSIZE`, while Unix succeeds and sets the flag.
    pub error: Option<OsError>,
}

/// `msg_flags`, as the system's own bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MsgFlags(pub(crate) i32);

impl MsgFlags {
    /// The system's bits.
    pub fn bits(self) -> i32 {
        self.0
    }

    /// Whether the data was longer than its buffer (`MSG_TRUNC`).
    pub fn is_data_truncated(self) -> bool {
        self.0 & imp::MSG_TRUNC != 0
    }

    /// Whether there were more control messages than fit (`MSG_CTRUNC`).
    pub fn is_control_truncated(self) -> bool {
        self.0 & imp::MSG_CTRUNC != 0
    }

    /// The names of the flags that are set, those of RFC 3542 and POSIX first.
    pub fn names(self) -> Vec<&'static str> {
        Constant::names_of(MESSAGE_FLAGS, self.0).0
    }
}

/// `MSG_CTRUNC`, several joined by `|`, or `none`.
impl fmt::Display for MsgFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (names, unnamed) = Constant::names_of(MESSAGE_FLAGS, self.0);
        let mut parts: Vec<String> = names.into_iter().map(str::to_owned).collect();
        if unnamed != 0 {
            parts.push(format!("{unnamed:#x}"));
        }
        if parts.is_empty() {
            parts.push("none".to_owned());
        }
        f.write_str(&parts.join("|"))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::none(0, "none")]
    #[case::one(imp::MSG_CTRUNC, "MSG_CTRUNC")]
    #[case::both(imp::MSG_TRUNC | imp::MSG_CTRUNC, "MSG_TRUNC|MSG_CTRUNC")]
    #[case::unknown(imp::MSG_TRUNC | 0x2000_0000, "MSG_TRUNC|0x20000000")]
    fn flags_by_name(#[case] bits: i32, #[case] text: &str) {
        assert_eq!(MsgFlags(bits).to_string(), text);
        assert_eq!(
            MsgFlags(bits).is_control_truncated(),
            text.contains("MSG_CTRUNC")
        );
        assert_eq!(
            MsgFlags(bits).is_data_truncated(),
            text.contains("MSG_TRUNC")
        );
    }
}
