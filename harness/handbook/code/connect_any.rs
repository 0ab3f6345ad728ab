use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{Domain, Socket, Type};

/// A connection to the first of these addresses that answers.
pub fn connect_any(addresses: &[SocketAddr], patience: Duration) -> io::Result<Socket> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in addresses {
        match connect(*address, patience) {
            Ok(socket) => return Ok(socket),
            // Whatever is wrong with this address, another one may answer.
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// A new socket for each attempt, of the address's own family.
fn connect(address: SocketAddr, patience: Duration) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    socket.connect_timeout(&address.into(), patience)?;
    Ok(socket)
}

// How it is checked.

use crate::place::Place;

/// Longer than Windows takes for a refused connection.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) fn check(place: &Place) {
    for &loopback in place.loopbacks() {
        // Bound and not listening: a connection is refused.
        let closed = Socket::new(
            Domain::for_address((loopback, 0).into()),
            Type::STREAM,
            None,
        );
        let closed = closed.unwrap();
        closed.bind(&SocketAddr::new(loopback, 0).into()).unwrap();
        let closed = closed.local_addr().unwrap().as_socket().unwrap();
        let server = std::net::TcpListener::bind((loopback, 0)).unwrap();
        let open = server.local_addr().unwrap();
        let ports = [closed.port(), open.port()];
        let others = ["127.0.0.1", "::1"].map(|ip| SocketAddr::new(ip.parse().unwrap(), ports[0]));
        let missing = others.into_iter().filter(|other| other.ip() != loopback);
        let addresses: Vec<SocketAddr> = missing.chain([closed, open]).collect();
        let connected = connect_any(&addresses, PATIENCE).unwrap();
        assert_eq!(connected.peer_addr().unwrap().as_socket(), Some(open));
        connect_any(&[closed], PATIENCE).unwrap_err();
    }
    connect_any(&[], PATIENCE).unwrap_err();
}
