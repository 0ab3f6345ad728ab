use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use socket2::{Domain, Socket, Type};

#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// There are no sockets of this family.
    NoSockets,
    /// There are sockets, but not even loopback has an address.
    NoAddress,
    /// Hosts can be reached, this one at least.
    There,
}

pub fn ipv4() -> io::Result<Found> {
    family(Ipv4Addr::LOCALHOST.into())
}

pub fn ipv6() -> io::Result<Found> {
    family(Ipv6Addr::LOCALHOST.into())
}

/// Asks for what a program needs: a socket, and an address for it.
fn family(loopback: IpAddr) -> io::Result<Found> {
    let name = SocketAddr::new(loopback, 0);
    let socket = match Socket::new(Domain::for_address(name), Type::DGRAM, None) {
        Err(error) if is_family_unsupported(&error) => return Ok(Found::NoSockets),
        made => made?,
    };
    match socket.bind(&name.into()) {
        Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => Ok(Found::NoAddress),
        bound => bound.map(|()| Found::There),
    }
}

fn is_family_unsupported(error: &io::Error) -> bool {
    const EAFNOSUPPORT: i32 = if cfg!(windows) {
        10047 // WSAEAFNOSUPPORT
    } else if cfg!(target_os = "linux") {
        97
    } else {
        47 // the BSDs and macOS
    };
    error.raw_os_error() == Some(EAFNOSUPPORT)
}

// How it is checked.

use crate::place::Place;

pub(crate) fn check(place: &Place) {
    assert_eq!(ipv4().unwrap(), place.ipv4);
    assert_eq!(ipv6().unwrap(), place.ipv6);
    const NO_SUCH_FAMILY: i32 = 12_345;
    let error = Socket::new(Domain::from(NO_SUCH_FAMILY), Type::DGRAM, None).unwrap_err();
    assert!(is_family_unsupported(&error), "{error}");
}
