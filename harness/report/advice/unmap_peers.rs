use std::net::SocketAddr;

/// The peer in the one form that the program compares, logs and stores.
fn unmapped(peer: SocketAddr) -> SocketAddr {
    match peer.ip().to_canonical() {
        // A true IPv6 address keeps its scope, which `SocketAddr::new` would drop.
        ip if ip == peer.ip() => peer,
        ip => SocketAddr::new(ip, peer.port()),
    }
}

#[cfg(test)]
mod tests {
    use super::unmapped;

    #[test]
    fn one_host_has_one_address() {
        let address = |text: &str| text.parse().unwrap();
        assert_eq!(
            unmapped(address("[::ffff:192.0.2.1]:80")),
            address("192.0.2.1:80")
        );
        for same in ["192.0.2.1:80", "[2001:db8::1]:80", "[fe80::1%2]:80"] {
            assert_eq!(unmapped(address(same)), address(same));
        }
    }
}
