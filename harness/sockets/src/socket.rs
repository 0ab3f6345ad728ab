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

/// A socket. It is closed when it is dropped.
///
/// Each method makes the call that it is named after. Its manual page in section 2 (POSIX: section
/// 3p; Windows: Winsock's reference) says what the call does and how it fails; only what is not to
/// be found there is said here. In general:
///
/// # Errors
///
/// - [`Error::Os`](crate::Error::Os): the system's own answer.
/// - [`Error::TimedOut`](crate::Error::TimedOut): from `connect`, `accept`, `send…` and `recv…`; see
///   [`Socket::set_deadline`].
/// - [`Error::Unavailable`](crate::Error::Unavailable): an option or control message that the system
///   does not have, or on Unix no thread to keep deadlines.
pub struct Socket {
    handle: imp::Handle,
    deadline: Duration,
}

impl Socket {
    // Creation and end

    /// `socket()`. With `SOCK_CLOEXEC` where the system has it; not so on Apple, where it would
    /// take another call.
    ///
    /// Windows' socket is made non-blocking at once, see [`Socket::set_deadline`].
    pub fn new(kind: SocketType) -> Result<Self> {
        Ok(Self {
            handle: imp::socket(kind)?,
            deadline: DEFAULT_DEADLINE,
        })
    }

    /// `close()`, `closesocket()`. The socket is gone even if this fails.
    pub fn close(self) -> Result<()> {
        imp::close(self.handle)
    }

    /// How long a call may block; [`DEFAULT_DEADLINE`] by default. An accepted socket inherits it.
    ///
    /// On Unix the socket and the call are blocking ones, and a call past its deadline is
    /// interrupted by a signal to its thread (`SIGURG`, whose handler in this process is replaced
    /// by the first call that may block). On Windows the socket is non-blocking underneath, and a
    /// call that would block waits in `select`.
    ///
    /// A connection attempt that timed out goes on in the system until the socket is closed.
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

    /// `getsockname()`, with a buffer of that many bytes ([`RawSockaddr::CAPACITY`] for any name).
    pub fn getsockname(&self, name_capacity: usize) -> Result<RawSockaddr> {
        calls::getsockname(&self.handle, name_capacity)
    }

    /// `getpeername()`, with a buffer of that many bytes.
    pub fn getpeername(&self, name_capacity: usize) -> Result<RawSockaddr> {
        calls::getpeername(&self.handle, name_capacity)
    }

    // Connections

    /// `listen()`.
    pub fn listen(&self, backlog: i32) -> Result<()> {
        calls::listen(&self.handle, backlog)
    }

    /// `accept()`, `accept4(…, SOCK_CLOEXEC)` where the system has it, with a buffer for the peer's
    /// name of that many bytes. May block.
    pub fn accept(&self, name_capacity: usize) -> Result<(Self, RawSockaddr)> {
        let (handle, peer) = imp::accept(&self.handle, name_capacity, self.deadline)?;
        Ok((
            Self {
                handle,
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

    /// `send()` without flags; the number of bytes that were sent. May block.
    ///
    /// A write to a connection that is gone raises `SIGPIPE` on Unix, which Rust programs ignore
    /// unless told otherwise, so that `EPIPE` comes back.
    pub fn send(&self, data: &[u8]) -> Result<usize> {
        imp::send(&self.handle, data, self.deadline)
    }

    /// `recv()` without flags into a buffer of that many bytes; what came. May block.
    pub fn recv(&self, capacity: usize) -> Result<Vec<u8>> {
        imp::recv(&self.handle, capacity, self.deadline)
    }

    /// `sendto()` without flags; the number of bytes that were sent. May block.
    pub fn send_to(&self, data: &[u8], to: &RawSockaddr) -> Result<usize> {
        imp::send_to(&self.handle, data, to, self.deadline)
    }

    /// `recvfrom()` without flags into buffers of that many bytes; what came, and from whom. May
    /// block.
    pub fn recv_from(
        &self,
        capacity: usize,
        name_capacity: usize,
    ) -> Result<(Vec<u8>, RawSockaddr)> {
        imp::recv_from(&self.handle, capacity, name_capacity, self.deadline)
    }

    // Messages

    /// `sendmsg()`, `WSASendMsg()` without flags, with control messages in this order; the number
    /// of bytes that were sent. Without a name or without control messages their pointers are null.
    /// May block.
    pub fn send_msg(
        &self,
        to: Option<&RawSockaddr>,
        data: &[u8],
        control: &[ControlMessage],
    ) -> Result<usize> {
        imp::send_msg(&self.handle, to, data, control, self.deadline)
    }

    /// `recvmsg()`, `WSARecvMsg()` without flags, into buffers of that many bytes
    /// ([`space_for`](crate::space_for) counts the control messages'). A buffer of no bytes is a
    /// null pointer. May block.
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

    /// `poll()`, `WSAPoll()` of this socket alone: which of `events` are there, and what is reported
    /// unasked, within `timeout` milliseconds; by the system's own bits.
    pub fn poll(&self, events: i16, timeout: i32) -> Result<i16> {
        calls::poll(&self.handle, events, timeout)
    }

    // Options

    /// `setsockopt()` with a value in the bytes of the option's type.
    pub fn set_option(&self, option: &SocketOption, value: &OptionValue) -> Result<()> {
        let value = option::encode(option, value)?;
        calls::set_option(&self.handle, option::place(option)?, &value)
    }

    /// `getsockopt()` with room for the option's type, which is zeroed first.
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
/// Windows' names here are those such as `loopback_0` and `ethernet_32769`, not the ones that
/// people give.
///
/// # Errors
///
/// [`Error::Os`](crate::Error::Os) on Unix; Windows gives no reason, so it is
/// [`Error::Unavailable`](crate::Error::Unavailable) there.
pub fn interface_index(name: &str) -> Result<u32> {
    imp::interface_index(name)
}
