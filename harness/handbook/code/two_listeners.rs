use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use socket2::{Domain, Socket, Type};

/// An IPv6 and an IPv4 socket on one port that do not interfere.
pub fn two_listeners(port: u16) -> io::Result<[Socket; 2]> {
    let ipv6 = Socket::new(Domain::IPV6, Type::STREAM, None)?;
    ipv6.set_only_v6(true)?; // leaves the IPv4 half of the port alone
    ipv6.bind(&SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)).into())?;
    let port = ipv6
        .local_addr()?
        .as_socket()
        .map_or(port, |name| name.port());
    let ipv4 = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    ipv4.bind(&SocketAddr::from((Ipv4Addr::UNSPECIFIED, port)).into())?;
    // Both are bound: from here on no other socket can take the other half.
    ipv6.listen(128)?;
    ipv4.listen(128)?;
    Ok([ipv6, ipv4])
}

// How it is checked.

use crate::place::Place;

pub(crate) fn check(place: &Place) {
    if !place.has_ipv6_sockets() || !place.has_ipv4_sockets() {
        two_listeners(0).unwrap_err();
        return;
    }
    let [ipv6, ipv4] = two_listeners(0).unwrap();
    let port = ipv6.local_addr().unwrap().as_socket().unwrap().port();
    for &client in place.loopbacks() {
        let _client = std::net::TcpStream::connect((client, port)).unwrap();
        let own = if client.is_ipv4() { &ipv4 } else { &ipv6 };
        let (_, peer) = own.accept().unwrap();
        assert_eq!(peer.as_socket().unwrap().ip(), client);
    }
}
