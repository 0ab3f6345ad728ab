//! What the tests have in common.

use std::fmt::Debug;

use dualstack_sockets::{Error, Name, Result, Socket, SocketOption, SocketType};

/// The name in this text, such as `[::1]:0`.
#[allow(dead_code, reason = "not every test file uses all of these")]
pub(crate) fn name(text: &str) -> Name {
    Name::from(text.parse::<std::net::SocketAddr>().unwrap())
}

#[allow(dead_code, reason = "not every test file uses all of these")]
pub(crate) fn option(name: &str) -> SocketOption {
    SocketOption::by_name(name).unwrap()
}

/// A bound socket; dual-stack if it is an `AF_INET6` one.
pub(crate) fn bound(kind: SocketType, at: &str) -> Socket {
    let socket = Socket::new(kind).unwrap();
    if kind.is_inet6() {
        socket.set_option(&option("IPV6_V6ONLY"), 0).unwrap();
    }
    socket.bind(&name(at)).unwrap();
    socket
}

#[allow(dead_code, reason = "not every test file uses all of these")]
pub(crate) fn port(socket: &Socket) -> u16 {
    let name = socket.getsockname(Name::CAPACITY).unwrap();
    name.address().socket_addr().unwrap().port()
}

/// The name of the error that the system answered.
#[allow(dead_code, reason = "not every test file uses all of these")]
pub(crate) fn os_name<T: Debug>(answer: Result<T>) -> String {
    match answer {
        Err(Error::Os(error)) => error.name.into_owned(),
        other => panic!("not an error of the system's: {other:?}"),
    }
}
