use std::io;
use std::net::{Ipv6Addr, SocketAddr, TcpListener};

use socket2::{Domain, Socket, Type};

/// One listener for IPv6 and IPv4 clients, whatever the system's default.
pub fn dual_stack_listener(port: u16) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::IPV6, Type::STREAM, None)?;
    socket.set_only_v6(false)?; // before bind: afterwards is too late
    socket.bind(&SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)).into())?;
    socket.listen(128)?;
    Ok(socket.into())
}

// How it is checked.

use crate::place::Place;

pub(crate) fn check(place: &Place) {
    if !place.has_ipv6_sockets() {
        dual_stack_listener(0).unwrap_err();
        return;
    }
    let listener = dual_stack_listener(0).unwrap();
    let port = listener.local_addr().unwrap().port();
    for &client in place.loopbacks() {
        let _client = std::net::TcpStream::connect((client, port)).unwrap();
        let (_, peer) = listener.accept().unwrap();
        assert_eq!(peer.ip().to_canonical(), client);
    }
}
