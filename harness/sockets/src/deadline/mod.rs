//! How a blocking call returns in time.
//!
//! | | Unix (`unix.rs`) | Windows (`windows.rs`) |
//! | --- | --- | --- |
//! | the socket is | blocking | non-blocking underneath |
//! | the call | blocks in the system | is made first, and again once `select` says so |
//! | past its deadline | a thread interrupts it with a signal | `select` times out |
//! | calls made | exactly the one asked for | more |
//!
//! On both systems the call is made before anything waits, so an error that the system
//! has ready is returned unchanged.

#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(windows, path = "windows.rs")]
mod imp;

use std::time::Duration;

pub(crate) use imp::bounded;

/// The default deadline of a socket.
///
/// 2 seconds on Unix. 6 on Windows, where a refused connection is reported only after the attempt
/// was repeated, some 2 seconds even on loopback (Microsoft KB 175523).
pub const DEFAULT_DEADLINE: Duration = Duration::from_secs(if cfg!(windows) { 6 } else { 2 });

/// A call that may block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blocking {
    Connect,
    Accept,
    Send,
    SendTo,
    SendMsg,
    Recv,
    RecvFrom,
    RecvMsg,
}

impl Blocking {
    /// The C name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Accept => "accept",
            Self::Send => "send",
            Self::SendTo => "sendto",
            Self::SendMsg => "sendmsg",
            Self::Recv => "recv",
            Self::RecvFrom => "recvfrom",
            Self::RecvMsg => "recvmsg",
        }
    }
}
