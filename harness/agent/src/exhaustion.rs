//! Errors that say nothing about a call, but that the machine has run out of something.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use dualstack_scenario::names::SocketType;
use dualstack_sockets::{Error, OsError, RawSockaddr, Socket};

use crate::stop::Stop;

/// Errors of a process or a machine without descriptors or memory: socket(2), accept(2).
const NO_DESCRIPTOR: [&str; 4] = ["EMFILE", "ENFILE", "ENOMEM", "ENOBUFS"];

/// What the systems answer where no port is free: Linux, the BSDs, Linux' connect of UDP,
/// and Winsock (bind(2), connect(2), Windows Sockets Error Codes).
const NO_PORT: [&str; 4] = ["EADDRINUSE", "EADDRNOTAVAIL", "EAGAIN", "ENOBUFS"];

/// The error of a call that makes a descriptor.
pub(crate) fn of_descriptors(error: Error) -> Stop {
    match named(&error, &NO_DESCRIPTOR) {
        Some(error) => Stop::Exhausted(format!("no memory or no descriptor was free: {error}")),
        None => error.into(),
    }
}

/// The error of a call with which a socket asks for any free port. Whether none is free is
/// asked by another socket of the same kind.
pub(crate) fn of_ports(error: Error, kind: SocketType) -> Stop {
    let another = named(&error, &NO_PORT).and_then(|_| bind_to_any_port(kind).err());
    match another
        .as_ref()
        .and_then(|another| named(another, &NO_PORT))
    {
        Some(another) => Stop::Exhausted(format!(
            "no port was free: {error}, and a bind of another socket to port 0: {another}"
        )),
        None => error.into(),
    }
}

fn bind_to_any_port(kind: SocketType) -> Result<(), Error> {
    let any: SocketAddr = match kind {
        SocketType::Tcp4 | SocketType::Udp4 => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketType::Tcp6 | SocketType::Udp6 => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    Socket::new(kind)?.bind(&RawSockaddr::from(any))
}

fn named<'a>(error: &'a Error, names: &[&str]) -> Option<&'a OsError> {
    match error {
        Error::Os(error) if names.contains(&error.name.as_ref()) => Some(error),
        Error::Os(_)
        | Error::TimedOut { .. }
        | Error::Unavailable { .. }
        | Error::Mismatch { .. } => None,
    }
}
