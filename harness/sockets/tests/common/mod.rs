//! Common code of the tests.

use std::fmt::Debug;

use dualstack_sockets::names::{Family, SocketOption, SocketType};
use dualstack_sockets::{Error, RawSockaddr, Result, Socket};

/// The name in this text, such as `[::1]:0`.
#[allow(dead_code, reason = "not every test file uses all of these")]
pub(crate) fn name(text: &str) -> RawSockaddr {
    RawSockaddr::from(text.parse::<std::net::SocketAddr>().unwrap())
}

#[allow(dead_code, reason = "not every test file uses all of these")]
pub(crate) fn option(name: &str) -> &'static SocketOption {
    SocketOption::by_name(name).unwrap()
}

/// A bound socket; dual-stack if it is an `AF_INET6` socket.
pub(crate) fn bound(kind: SocketType, at: &str) -> Socket {
    let socket = Socket::new(kind).unwrap();
    if kind.family() == Family::AF_INET6.0 {
        socket.set_option(option("IPV6_V6ONLY"), &0.into()).unwrap();
    }
    socket.bind(&name(at)).unwrap();
    socket
}

#[allow(dead_code, reason = "not every test file uses all of these")]
pub(crate) fn port(socket: &Socket) -> u16 {
    let name = socket.getsockname(RawSockaddr::CAPACITY).unwrap();
    name.decode().port().unwrap()
}

/// The name of the error that the system returned.
#[allow(dead_code, reason = "not every test file uses all of these")]
pub(crate) fn os_name<T: Debug>(answer: Result<T>) -> String {
    match answer {
        Err(Error::Os(error)) => error.name.into_owned(),
        other => panic!("not an error of the system: {other:?}"),
    }
}
