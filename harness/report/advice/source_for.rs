use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};

use socket2::{Domain, Socket, Type};

/// The address that this host reaches a destination from. Nothing is sent.
fn source_for(destination: SocketAddr) -> io::Result<IpAddr> {
    let domain = Domain::for_address(destination);
    let socket = Socket::new(domain, Type::DGRAM, None)?;
    socket.connect(&destination.into())?;
    Ok(UdpSocket::from(socket).local_addr()?.ip())
}

#[cfg(test)]
mod tests {
    use super::source_for;
    use rstest::rstest;
    use std::net::SocketAddr;

    #[rstest]
    #[case("127.0.0.1:9")]
    #[case("[::1]:9")]
    fn loopback_is_reached_from_loopback(#[case] destination: SocketAddr) {
        assert_eq!(source_for(destination).unwrap(), destination.ip());
    }
}
