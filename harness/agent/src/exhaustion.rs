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

/// How many ports are free on a machine that has not run out of them.
const PORTS: usize = 8;

/// How many descriptors a state takes to be set up and probed, and some.
const NEEDED: usize = 16;

/// Why this process could not even look at its machine: too few descriptors are free.
pub(crate) fn of_this_process() -> Option<String> {
    let pipes: Result<Vec<_>, _> = (0..NEEDED / 2).map(|_| std::io::pipe()).collect();
    let error = pipes.err()?;
    Some(format!("fewer than {NEEDED} descriptors are free: {error}"))
}

/// The error of a call that makes a descriptor.
pub(crate) fn of_descriptors(error: Error) -> Stop {
    match named(&error, &NO_DESCRIPTOR) {
        Some(error) => Stop::Exhausted(format!("no memory or no descriptor was free: {error}")),
        None => error.into(),
    }
}

/// The error of a call with which a socket asks for any free port. Whether ports are free
/// is asked by other sockets of the same kind. They ask for more than one: the last may
/// have become free since, and a connection needs one that fits its peer too.
pub(crate) fn of_ports(error: Error, kind: SocketType) -> Stop {
    let others =
        || -> Result<Vec<Socket>, Error> { (0..PORTS).map(|_| bound_to_any_port(kind)).collect() };
    let failed = named(&error, &NO_PORT).and_then(|_| others().err());
    match failed.as_ref().and_then(|failed| named(failed, &NO_PORT)) {
        Some(failed) => Stop::Exhausted(format!(
            "fewer than {PORTS} ports were free: {error}, and a bind of another socket to port 0: {failed}"
        )),
        None => error.into(),
    }
}

fn bound_to_any_port(kind: SocketType) -> Result<Socket, Error> {
    let any: SocketAddr = match kind {
        SocketType::Tcp4 | SocketType::Udp4 => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketType::Tcp6 | SocketType::Udp6 => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = Socket::new(kind)?;
    socket.bind(&RawSockaddr::from(any))?;
    Ok(socket)
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
