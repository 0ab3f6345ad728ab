use std::io;

use socket2::{Domain, Socket};

/// Whether IPv4 peers can reach this socket.
fn serves_ipv4(socket: &Socket) -> io::Result<bool> {
    if socket.domain()? == Domain::IPV4 {
        return Ok(true);
    }
    // A socket on a specific IPv6 address is for IPv6 only, whatever the option says.
    let name = socket.local_addr()?.as_socket_ipv6();
    let reachable =
        name.is_some_and(|name| name.ip().is_unspecified() || name.ip().to_ipv4_mapped().is_some());
    Ok(reachable && !socket.only_v6()?)
}

#[cfg(test)]
mod tests {
    use super::serves_ipv4;
    use socket2::{Domain, Socket, Type};
    use std::net::SocketAddr;

    #[test]
    fn a_bound_socket_tells() {
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
