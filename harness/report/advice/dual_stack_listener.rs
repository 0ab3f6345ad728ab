use std::io;
use std::net::{Ipv6Addr, SocketAddr, TcpListener};

use socket2::{Domain, Socket, Type};

/// One listener for IPv6 and IPv4 clients, whatever the system's default.
fn dual_stack_listener(port: u16) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::IPV6, Type::STREAM, None)?;
    socket.set_only_v6(false)?; // before bind: afterwards is too late
    socket.bind(&SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)).into())?;
    socket.listen(128)?;
    Ok(socket.into())
}

#[cfg(test)]
mod tests {
    use super::dual_stack_listener;
    use std::net::{Ipv4Addr, Ipv6Addr, TcpStream};

    #[test]
    fn both_kinds_of_client_are_served() {
        let listener = dual_stack_listener(0).unwrap();
        let port = listener.local_addr().unwrap().port();
        let _ipv4 = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        let (_, peer) = listener.accept().unwrap();
        assert_eq!(peer.ip().to_canonical(), Ipv4Addr::LOCALHOST);
        let _ipv6 = TcpStream::connect((Ipv6Addr::LOCALHOST, port)).unwrap();
        let (_, peer) = listener.accept().unwrap();
        assert_eq!(peer.ip(), Ipv6Addr::LOCALHOST);
    }
}
