use std::io::{self, IoSlice};
use std::net::{IpAddr, SocketAddrV6};
use std::os::fd::AsRawFd;

use nix::libc::{in_addr, in_pktinfo, in6_addr, in6_pktinfo};
use nix::sys::socket::{ControlMessage, MsgFlags, SockaddrIn6, sendmsg};
use socket2::Socket;

/// Answers `to` from the address that it has asked.
pub fn reply(socket: &Socket, data: &[u8], to: SocketAddrV6, from: IpAddr) -> io::Result<usize> {
    // One message, the one of the destination's protocol.
    match from {
        IpAddr::V4(from) => {
            let info = in_pktinfo {
                ipi_ifindex: 0,
                ipi_spec_dst: in_addr {
                    s_addr: u32::from(from).to_be(),
                },
                ipi_addr: in_addr { s_addr: 0 },
            };
            send(socket, data, to, ControlMessage::Ipv4PacketInfo(&info))
        }
        IpAddr::V6(from) => {
            let info = in6_pktinfo {
                ipi6_addr: in6_addr {
                    s6_addr: from.octets(),
                },
                ipi6_ifindex: to.scope_id(),
            };
            send(socket, data, to, ControlMessage::Ipv6PacketInfo(&info))
        }
    }
}

fn send(
    socket: &Socket,
    data: &[u8],
    to: SocketAddrV6,
    info: ControlMessage<'_>,
) -> io::Result<usize> {
    let (data, to) = ([IoSlice::new(data)], SockaddrIn6::from(to));
    let sent = sendmsg(
        socket.as_raw_fd(),
        &data,
        &[info],
        MsgFlags::empty(),
        Some(&to),
    );
    Ok(sent?)
}

// How it is checked.

use std::net::UdpSocket;

use super::pktinfo::{receive, receiver};
use crate::place::Place;

pub(crate) fn check(place: &Place) {
    if !place.has_ipv6_sockets() {
        return;
    }
    let server = receiver(0).unwrap();
    let port = server.local_addr().unwrap().as_socket().unwrap().port();
    for &asked in place.loopbacks() {
        // gVisor sends from 127.0.0.1 whatever the message says.
        let other = asked.is_ipv4() && place.is_linux_itself();
        let asked = if other { [127, 0, 0, 2].into() } else { asked };
        let client = UdpSocket::bind(if asked.is_ipv4() {
            "127.0.0.1:0"
        } else {
            "[::1]:0"
        });
        let client = client.unwrap();
        client.send_to(b"ping", (asked, port)).unwrap();
        let (_, from, sent_to) = receive(&server, &mut [0; 8]).unwrap();
        reply(&server, b"pong", from, sent_to.unwrap()).unwrap();
        let (_, answered) = client.recv_from(&mut [0; 8]).unwrap();
        assert_eq!(answered.ip(), asked);
    }
}
