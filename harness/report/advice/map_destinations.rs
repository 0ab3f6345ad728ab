use std::net::{SocketAddr, SocketAddrV6};

/// A destination in the form that an AF_INET6 socket takes everywhere.
fn mapped(destination: SocketAddr) -> SocketAddrV6 {
    match destination {
        SocketAddr::V6(address) => address,
        SocketAddr::V4(address) => {
            SocketAddrV6::new(address.ip().to_ipv6_mapped(), address.port(), 0, 0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::mapped;
    use socket2::{Domain, Socket, Type};
    use std::net::{Ipv4Addr, TcpListener};

    #[test]
    fn a_dual_stack_socket_connects_to_ipv4() {
        let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let client = Socket::new(Domain::IPV6, Type::STREAM, None).unwrap();
        client.set_only_v6(false).unwrap();
        let destination = mapped(server.local_addr().unwrap());
        client.connect(&destination.into()).unwrap();
    }
}
