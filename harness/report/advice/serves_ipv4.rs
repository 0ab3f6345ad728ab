use std::io;

use socket2::Socket;

/// Whether IPv4 peers can reach this socket, which is bound.
fn serves_ipv4(socket: &Socket) -> io::Result<bool> {
    // A socket on a specific IPv6 address is for IPv6 only, whatever the option says.
    let Some(name) = socket.local_addr()?.as_socket_ipv6() else {
        return Ok(true);
    };
    let reachable = name.ip().is_unspecified() || name.ip().to_ipv4_mapped().is_some();
    Ok(reachable && !socket.only_v6()?)
}

#[cfg(test)]
mod tests {
    use super::serves_ipv4;
    use socket2::{Domain, Socket, Type};
    use std::net::SocketAddr;

    #[test]
    fn a_bound_socket_tells() {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        let address: SocketAddr = "127.0.0.1:0".parse().unwrap();
        socket.bind(&address.into()).unwrap();
        assert!(serves_ipv4(&socket).unwrap());

        for (only_v6, name, serves) in [
            (false, "[::]:0", true),
            (true, "[::]:0", false),
            (false, "[::ffff:127.0.0.1]:0", true),
            (false, "[::1]:0", false),
        ] {
            let socket = Socket::new(Domain::IPV6, Type::STREAM, None).unwrap();
            socket.set_only_v6(only_v6).unwrap();
            let address: SocketAddr = name.parse().unwrap();
            socket.bind(&address.into()).unwrap();
            assert_eq!(serves_ipv4(&socket).unwrap(), serves, "{name}");
        }
    }
}
