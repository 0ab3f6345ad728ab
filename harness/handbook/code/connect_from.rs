use std::io;
use std::net::SocketAddr;

use socket2::{Domain, Socket, Type};

/// A connection that leaves from one of this host's addresses. Both are unmapped.
pub fn connect_from(source: SocketAddr, destination: SocketAddr) -> io::Result<Socket> {
    // A socket that is bound to an address has the protocol of that address.
    let socket = Socket::new(Domain::for_address(destination), Type::STREAM, None)?;
    socket.bind(&source.into())?;
    socket.connect(&destination.into())?;
    Ok(socket)
}

// How it is checked.

use crate::place::Place;

pub(crate) fn check(place: &Place) {
    for &loopback in place.loopbacks() {
        let server = std::net::TcpListener::bind((loopback, 0)).unwrap();
        let destination = server.local_addr().unwrap();
        let client = connect_from((loopback, 0).into(), destination).unwrap();
        let (_, peer) = server.accept().unwrap();
        assert_eq!(client.local_addr().unwrap().as_socket(), Some(peer));
        let other = if loopback.is_ipv4() {
            "[::1]:0"
        } else {
            "127.0.0.1:0"
        };
        connect_from(other.parse().unwrap(), destination).unwrap_err();
    }
}
