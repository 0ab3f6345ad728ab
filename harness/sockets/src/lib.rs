//! A thin, honest layer over the socket calls that dual-stack behaviour depends on.
//!
//! Every method of [`Socket`] makes one call of the system's, with exactly the arguments it was
//! given, and hands back exactly what the system answered:
//!
//! - no family is converted: a `sockaddr_in` handed to an `AF_INET6` socket is the system's to
//!   accept or to refuse ([`RawSockaddr`]);
//! - no option is set on the side, no flag is added: what `strace -e trace=network` shows on Linux
//!   is the list of the caller's own calls (only the close-on-exec flag is added where it comes with
//!   the call, as in `socket(…, SOCK_CLOEXEC)`);
//! - lengths, truncation and flags that the system reports are kept ([`RawSockaddr`], [`Received`],
//!   [`OptionReading`]);
//! - an error is the system's own, by number and name ([`OsError`]); that the system has no such
//!   thing ([`Error::Unavailable`]) and that a call did not return in time ([`Error::TimedOut`])
//!   are told apart from it.
//!
//! Sockets are blocking, and yet no call blocks for ever: see [`Socket::set_deadline`].
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
//! # Where things are
//!
//! Calls that all systems have in one form are in `calls.rs`. Of the others `unix.rs` and
//! `windows.rs` export the same functions under the same headings, so that they can be read side by
//! side; so do the files of `cmsg/` (control messages) and of `deadline/` (how a blocking call is
//! ended in time). Names and numbers are in the crate [`names`].

mod buffer;
mod calls;
mod cmsg;
mod deadline;
mod error;
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
