//! The socket and its calls.

use std::fmt;
use std::time::Duration;

use dualstack_names::{ControlMessage, How, OptionValue, SocketOption, SocketType};

use crate::deadline::DEFAULT_DEADLINE;
use crate::error::Result;
use crate::option::{self, OptionReading};
use crate::received::Received;
use crate::sockaddr::RawSockaddr;
use crate::{calls, imp};

/// A socket. It is closed when dropped.
///
/// Each method makes the call it is named after. The call's manual page in section 2
/// (POSIX: section 3p; Windows: Winsock's reference) says what it does and how it fails;
/// the documentation here only adds to that. In general:
///
/// # Errors
///
/// - [`Error::Os`](crate::Error::Os): the system's own error.
/// - [`Error::TimedOut`](crate::Error::TimedOut): from `connect`, `accept`, `send…` and `recv…`; see
///   [`Socket::set_deadline`].
/// - [`Error::Unavailable`](crate::Error::Unavailable): the system does not have the
///   option or control message, or on Unix the thread for deadlines cannot be started.
pub struct Socket {
    handle: imp::Handle,
    kind: SocketType,
    deadline: Duration,
}

impl Socket {
    // Creation and end

    /// `socket()`. With `SOCK_CLOEXEC` if the system has it; not on Apple, where it would
    /// need another call.
    ///
    /// On Windows the socket is made non-blocking at once, see [`Socket::set_deadline`].
    pub fn new(kind: SocketType) -> Result<Self> {
        Ok(Self {
            handle: imp::socket(kind)?,
            kind,
            deadline: DEFAULT_DEADLINE,
        })
    }

    /// The family and the type that it was created with; an accepted socket has those of
    /// its listener.
    pub fn kind(&self) -> SocketType {
        self.kind
    }

    /// `close()`, `closesocket()`. The socket is closed even if this fails.
    pub fn close(self) -> Result<()> {
        imp::close(self.handle)
    }

    /// How long a call may block; default: [`DEFAULT_DEADLINE`]. An accepted socket
    /// inherits it.
    ///
    /// On Unix the socket and the call are blocking, and a call past its deadline is
    /// interrupted by a signal to its thread (`SIGURG`, whose handler in this process is
    /// replaced by the first call that may block). On Windows the socket is non-blocking
    /// underneath, and a call that would block waits in `select`.
    ///
    /// A connection attempt that timed out continues in the system until the socket is
    /// closed.
    pub fn set_deadline(&mut self, deadline: Duration) {
        self.deadline = deadline;
    }

    /// See [`Socket::set_deadline`].
    pub fn deadline(&self) -> Duration {
        self.deadline
    }

    // Names

    /// `bind()`.
    pub fn bind(&self, name: &RawSockaddr) -> Result<()> {
        calls::bind(&self.handle, name)
    }

    /// `connect()`. May block.
    pub fn connect(&self, name: &RawSockaddr) -> Result<()> {
        imp::connect(&self.handle, name, self.deadline)
    }

    /// `getsockname()`, with a buffer of this many bytes ([`RawSockaddr::CAPACITY`] for
    /// any name).
    pub fn getsockname(&self, name_capacity: usize) -> Result<RawSockaddr> {
        calls::getsockname(&self.handle, name_capacity)
    }

    /// `getpeername()`, with a buffer of this many bytes.
    pub fn getpeername(&self, name_capacity: usize) -> Result<RawSockaddr> {
        calls::getpeername(&self.handle, name_capacity)
    }

    // Connections

    /// `listen()`.
    pub fn listen(&self, backlog: i32) -> Result<()> {
        calls::listen(&self.handle, backlog)
    }

    /// `accept()`, or `accept4(…, SOCK_CLOEXEC)` if the system has it, with a buffer of
    /// this many bytes for the peer's name. May block.
    pub fn accept(&self, name_capacity: usize) -> Result<(Self, RawSockaddr)> {
        let (handle, peer) = imp::accept(&self.handle, name_capacity, self.deadline)?;
        Ok((
            Self {
                handle,
                kind: self.kind,
                deadline: self.deadline,
            },
            peer,
        ))
    }

    /// `shutdown()`.
    pub fn shutdown(&self, how: How) -> Result<()> {
        calls::shutdown(&self.handle, how)
    }

    // Data

    /// `send()` without flags; returns the number of bytes sent. May block.
    ///
    /// Writing to a closed connection raises `SIGPIPE` on Unix. Rust programs ignore it
    /// by default, so the result is `EPIPE`.
    pub fn send(&self, data: &[u8]) -> Result<usize> {
        imp::send(&self.handle, data, self.deadline)
    }

    /// `recv()` without flags into a buffer of this many bytes; returns the data. May
    /// block.
    pub fn recv(&self, capacity: usize) -> Result<Vec<u8>> {
        imp::recv(&self.handle, capacity, self.deadline)
    }

    /// `sendto()` without flags; returns the number of bytes sent. May block.
    pub fn send_to(&self, data: &[u8], to: &RawSockaddr) -> Result<usize> {
        imp::send_to(&self.handle, data, to, self.deadline)
    }

    /// `recvfrom()` without flags into buffers of these sizes; returns the data and the
    /// sender. May block.
    pub fn recv_from(
        &self,
        capacity: usize,
        name_capacity: usize,
    ) -> Result<(Vec<u8>, RawSockaddr)> {
        imp::recv_from(&self.handle, capacity, name_capacity, self.deadline)
    }

    // Messages

    /// `sendmsg()`, `WSASendMsg()` without flags, with control messages in this order;
    /// returns the number of bytes sent. Without a name or control messages their
    /// pointers are null. May block.
    pub fn send_msg(
        &self,
        to: Option<&RawSockaddr>,
        data: &[u8],
        control: &[ControlMessage],
    ) -> Result<usize> {
        imp::send_msg(&self.handle, to, data, control, self.deadline)
    }

    /// `recvmsg()`, `WSARecvMsg()` without flags, into buffers of these sizes
    /// ([`space_for`](crate::space_for) computes that for control messages). A buffer of
    /// no bytes is a null pointer. May block.
    pub fn recv_msg(
        &self,
        capacity: usize,
        control_capacity: usize,
        name_capacity: usize,
    ) -> Result<Received> {
        let capacities = Capacities {
            data: capacity,
            control: control_capacity,
            name: name_capacity,
        };
        imp::recv_msg(&self.handle, capacities, self.deadline)
    }

    // Readiness

    /// `poll()`, `WSAPoll()` of this one socket: returns which of `events`, and of the
    /// events that are always reported, occur within `timeout` milliseconds; as the
    /// system's own bits.
    pub fn poll(&self, events: i16, timeout: i32) -> Result<i16> {
        calls::poll(&self.handle, events, timeout)
    }

    // Options

    /// `setsockopt()` with a value as bytes of the option's type.
    pub fn set_option(&self, option: &SocketOption, value: &OptionValue) -> Result<()> {
        let value = option::encode(option, value)?;
        calls::set_option(&self.handle, option::place(option)?, &value)
    }

    /// `getsockopt()` with a zeroed buffer of the option's type.
    pub fn get_option(&self, option: &SocketOption) -> Result<OptionReading> {
        let place = option::place(option)?;
        let mut buffer = vec![0; option.value.size()];
        let len = calls::read_option(&self.handle, place, &mut buffer)?;
        Ok(option::decode(option, &buffer, len))
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Socket").field(&self.handle).finish()
    }
}

/// The sizes of the buffers of `recvmsg`, in bytes.
#[derive(Clone, Copy)]
pub(crate) struct Capacities {
    pub(crate) data: usize,
    pub(crate) control: usize,
    pub(crate) name: usize,
}

/// The index of the interface with this name: `if_nametoindex()`.
///
/// On Windows these are names such as `loopback_0` and `ethernet_32769`, not the names
/// that users choose.
///
/// # Errors
///
/// [`Error::Os`](crate::Error::Os) on Unix. Windows gives no reason, so there it is
/// [`Error::Unavailable`](crate::Error::Unavailable).
pub fn interface_index(name: &str) -> Result<u32> {
    imp::interface_index(name)
}
