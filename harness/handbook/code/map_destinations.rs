use std::net::{SocketAddr, SocketAddrV6};

/// A destination in the form that an AF_INET6 socket takes everywhere.
pub fn mapped(destination: SocketAddr) -> SocketAddrV6 {
    match destination {
        SocketAddr::V6(address) => address,
        SocketAddr::V4(address) => {
            SocketAddrV6::new(address.ip().to_ipv6_mapped(), address.port(), 0, 0)
        }
    }
}

// How it is checked.

use socket2::{Domain, Socket, Type};

use crate::place::Place;

pub(crate) fn check(place: &Place) {
    let address: SocketAddr = "[fe80::1%7]:80".parse().unwrap();
    assert_eq!(SocketAddr::V6(mapped(address)), address);
    if !place.has_ipv6_sockets() {
        return;
    }
    for &loopback in place.loopbacks() {
        let server = std::net::TcpListener::bind((loopback, 0)).unwrap();
        let client = Socket::new(Domain::IPV6, Type::STREAM, None).unwrap();
        client.set_only_v6(false).unwrap();
        let destination = mapped(server.local_addr().unwrap());
        client.connect(&destination.into()).unwrap();
    }
}
