use std::io;

use socket2::Socket;

/// Whether IPv4 peers can reach this socket, which is bound.
pub fn serves_ipv4(socket: &Socket) -> io::Result<bool> {
    // A socket on a specific IPv6 address is for IPv6 only, whatever the option says.
    let Some(name) = socket.local_addr()?.as_socket_ipv6() else {
        return Ok(true);
    };
    let reachable = name.ip().is_unspecified() || name.ip().to_ipv4_mapped().is_some();
    Ok(reachable && !socket.only_v6()?)
}

// How it is checked.

use std::net::SocketAddr;

use socket2::{Domain, Type};

use crate::place::Place;

pub(crate) fn check(place: &Place) {
    let bound = |name: &str, only_v6| {
        let name: SocketAddr = name.parse().unwrap();
        let socket = Socket::new(Domain::for_address(name), Type::STREAM, None).unwrap();
        if name.is_ipv6() {
            socket.set_only_v6(only_v6).unwrap();
        }
        socket.bind(&name.into()).unwrap();
        serves_ipv4(&socket).unwrap()
    };
    if place.has_ipv4_sockets() {
        assert!(bound("0.0.0.0:0", false));
    }
    if place.has_ipv6_sockets() {
        assert!(bound("[::]:0", false));
        assert!(!bound("[::]:0", true));
        assert!(bound("[::ffff:0.0.0.0]:0", false));
    }
    if place.has_ipv6() {
        assert!(!bound("[::1]:0", false));
    }
}
