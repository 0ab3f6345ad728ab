use std::net::SocketAddr;

/// The peer in the one form that the program compares, logs and stores.
pub fn unmapped(peer: SocketAddr) -> SocketAddr {
    match peer.ip().to_canonical() {
        // A true IPv6 address keeps its scope, which `SocketAddr::new` would drop.
        ip if ip == peer.ip() => peer,
        ip => SocketAddr::new(ip, peer.port()),
    }
}

// How it is checked.

use crate::place::Place;

pub(crate) fn check(place: &Place) {
    let address = |text: &str| text.parse().unwrap();
    let mapped = unmapped(address("[::ffff:192.0.2.1]:80"));
    assert_eq!(mapped, address("192.0.2.1:80"));
    for same in ["192.0.2.1:80", "[2001:db8::1]:80", "[fe80::1%2]:80"] {
        assert_eq!(unmapped(address(same)), address(same));
    }
    let listener = super::fall_back::listener(0).unwrap();
    let port = listener.local_addr().unwrap().port();
    for &client in place.loopbacks() {
        let client = std::net::TcpStream::connect((client, port)).unwrap();
        let (_, peer) = listener.accept().unwrap();
        assert_eq!(unmapped(peer), client.local_addr().unwrap());
    }
}
