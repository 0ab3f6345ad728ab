use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};

use socket2::{Domain, Socket, Type};

/// The address that this host reaches a destination from. Nothing is sent.
pub fn source_for(destination: SocketAddr) -> io::Result<IpAddr> {
    let domain = Domain::for_address(destination);
    let socket = Socket::new(domain, Type::DGRAM, None)?;
    socket.connect(&destination.into())?;
    Ok(UdpSocket::from(socket).local_addr()?.ip())
}

// How it is checked.

use super::families::Found;
use crate::place::Place;

pub(crate) fn check(place: &Place) {
    for (loopback, found) in [("127.0.0.1:9", &place.ipv4), ("[::1]:9", &place.ipv6)] {
        let loopback: SocketAddr = loopback.parse().unwrap();
        match found {
            Found::There => assert_eq!(source_for(loopback).unwrap(), loopback.ip()),
            Found::NoAddress | Found::NoSockets => drop(source_for(loopback).unwrap_err()),
        }
    }
}
