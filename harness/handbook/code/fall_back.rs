use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use socket2::{Domain, Socket, Type};

/// A listener for every client that this system can serve.
pub fn listener(port: u16) -> io::Result<TcpListener> {
    let both = SocketAddr::from((Ipv6Addr::UNSPECIFIED, port));
    let ipv4 = SocketAddr::from((Ipv4Addr::UNSPECIFIED, port));
    // Without IPv6, socket() or bind() fails: try both.
    listen(both).or_else(|error| match error.kind() {
        io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied => Err(error),
        _ => listen(ipv4),
    })
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    socket.bind(&address.into())?;
    socket.listen(128)?;
    Ok(socket.into())
}

// How it is checked.

use crate::place::Place;

pub(crate) fn check(place: &Place) {
    let first = listener(0).unwrap();
    let port = first.local_addr().unwrap().port();
    for &client in place.loopbacks() {
        std::net::TcpStream::connect((client, port)).unwrap();
    }
    // A port in use is no reason to fall back.
    let second = listener(port).unwrap_err();
    assert_eq!(second.kind(), io::ErrorKind::AddrInUse);
}
