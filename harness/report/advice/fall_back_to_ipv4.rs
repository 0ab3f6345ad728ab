use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use socket2::{Domain, Socket, Type};

/// A listener for every client that this system can serve.
fn listener(port: u16) -> io::Result<TcpListener> {
    let both = SocketAddr::from((Ipv6Addr::UNSPECIFIED, port));
    let ipv4 = SocketAddr::from((Ipv4Addr::UNSPECIFIED, port));
    // Without IPv6, socket() or bind() fails: try both.
    listen(both).or_else(|error| match error.kind() {
        io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied => Err(error),
        _ => listen(ipv4),
    })
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    socket.bind(&address.into())?;
    socket.listen(128)?;
    Ok(socket.into())
}

#[cfg(test)]
mod tests {
    use super::listener;
    use std::io::ErrorKind;
    use std::net::{Ipv4Addr, TcpStream};

    #[test]
    fn ipv4_clients_are_served_with_and_without_ipv6() {
        let listener = listener(0).unwrap();
        let port = listener.local_addr().unwrap().port();
        TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    }

    #[test]
    fn a_port_in_use_is_no_reason_to_fall_back() {
        let first = listener(0).unwrap();
        let port = first.local_addr().unwrap().port();
        let second = listener(port).unwrap_err();
        assert_eq!(second.kind(), ErrorKind::AddrInUse);
    }
}
