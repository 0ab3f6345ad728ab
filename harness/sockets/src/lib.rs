//! A thin layer over the socket calls that dual-stack behaviour depends on.
//!
//! Every method of [`Socket`] makes one system call with exactly the given arguments, and
//! returns exactly what the system answered:
//!
//! - No family is converted: the system decides whether to accept a `sockaddr_in` on an
//!   `AF_INET6` socket ([`RawSockaddr`]).
//! - No option is set implicitly, and no flag is added: on Linux `strace -e
//!   trace=network` shows exactly the caller's calls. Only the close-on-exec flag is
//!   added where it is part of the call, as in `socket(…, SOCK_CLOEXEC)`.
//! - Lengths, truncation and flags are kept as the system reports them ([`RawSockaddr`],
//!   [`Received`], [`OptionReading`]).
//! - An error is the system's own, by number and name ([`OsError`]). Two other errors are
//!   separate: the system does not have the option, message or call
//!   ([`Error::Unavailable`]), and a call did not return in time ([`Error::TimedOut`]).
//!
//! Sockets are blocking, but no call blocks forever: see [`Socket::set_deadline`].
//!
//! ```
//! use std::net::{Ipv6Addr, SocketAddr};
//! use dualstack_sockets::names::{Sockaddr, SocketOption, SocketType};
//! use dualstack_sockets::{RawSockaddr, Socket};
//!
//! # fn main() -> dualstack_sockets::Result<()> {
//! let v6only = SocketOption::by_name("IPV6_V6ONLY").expect("a name in the table");
//! let listener = Socket::new(SocketType::Tcp6)?;
//! listener.set_option(v6only, &0.into())?;
//! listener.bind(&RawSockaddr::from(SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0))))?;
//! listener.listen(8)?;
//! let Sockaddr::V6(bound) = listener.getsockname(RawSockaddr::CAPACITY)?.decode() else {
//!     panic!("an AF_INET6 socket has a sockaddr_in6 for its name");
//! };
//!
//! let client = Socket::new(SocketType::Tcp4)?;
//! client.connect(&RawSockaddr::from(SocketAddr::from(([127, 0, 0, 1], bound.port()))))?;
//! let (_connection, peer) = listener.accept(RawSockaddr::CAPACITY)?;
//! assert!(peer.to_string().starts_with("[::ffff:127.0.0.1]:"));
//! # Ok(())
//! # }
//! ```
//!
//! # Where to find things
//!
//! Calls that are the same on all systems are in `calls.rs`. For the others, `unix.rs`
//! and `windows.rs` export the same functions under the same headings, so that they can
//! be compared. The files of `cmsg/` (control messages) and of `deadline/` (deadlines of
//! blocking calls) are organized in the same way. Names and numbers are in the crate
//! [`names`].

mod buffer;
mod calls;
mod cmsg;
mod deadline;
mod error;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(windows, path = "windows.rs")]
mod imp;
mod option;
mod received;
mod resolve;
mod sockaddr;
mod socket;

pub use cmsg::space_for;
pub use deadline::DEFAULT_DEADLINE;
pub use dualstack_names as names;
pub use error::{Error, OsError, Result};
pub use option::OptionReading;
pub use received::{MsgFlags, Received};
pub use resolve::{AddrInfo, Hints, getaddrinfo};
pub use sockaddr::RawSockaddr;
pub use socket::{Socket, interface_index};
