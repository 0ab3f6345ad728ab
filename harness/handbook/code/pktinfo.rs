use std::io::{self, IoSliceMut};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};
use std::os::fd::AsRawFd;

use nix::libc::{in_pktinfo, in6_pktinfo};
use nix::sys::socket::{ControlMessageOwned, MsgFlags, SockaddrIn6, recvmsg, setsockopt, sockopt};
use socket2::{Domain, Socket, Type};

/// A UDP server that can learn, for each datagram, the address it was sent to.
pub fn receiver(port: u16) -> io::Result<Socket> {
    let socket = Socket::new(Domain::IPV6, Type::DGRAM, None)?;
    socket.set_only_v6(false)?;
    setsockopt(&socket, sockopt::Ipv6RecvPacketInfo, &true)?;
    // May fail on a system without IPv4; the socket still serves IPv6.
    _ = setsockopt(&socket, sockopt::Ipv4PacketInfo, &true);
    socket.bind(&SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)).into())?;
    Ok(socket)
}

/// The length of a datagram, who sent it, and the address that it was sent to.
pub fn receive(
    socket: &Socket,
    data: &mut [u8],
) -> io::Result<(usize, SocketAddrV6, Option<IpAddr>)> {
    // Room for both messages: one that does not fit is lost.
    let mut control = nix::cmsg_space!(in_pktinfo, in6_pktinfo);
    let mut data = [IoSliceMut::new(data)];
    let got = recvmsg::<SockaddrIn6>(
        socket.as_raw_fd(),
        &mut data,
        Some(&mut control),
        MsgFlags::empty(),
    )?;
    let sender = got.address.ok_or(io::ErrorKind::InvalidData)?;
    let sent_to = destination(got.cmsgs()?);
    Ok((got.bytes, sender.into(), sent_to))
}

/// The address in the message that arrived, of whichever kind it is.
fn destination(messages: impl Iterator<Item = ControlMessageOwned>) -> Option<IpAddr> {
    let addresses = messages.filter_map(|message| match message {
        ControlMessageOwned::Ipv4PacketInfo(info) => {
            Some(Ipv4Addr::from(u32::from_be(info.ipi_addr.s_addr)).into())
        }
        ControlMessageOwned::Ipv6PacketInfo(info) => {
            Some(IpAddr::from(Ipv6Addr::from(info.ipi6_addr.s6_addr)).to_canonical())
        }
        _ => None,
    });
    addresses.last()
}

// How it is checked.

use crate::place::Place;

pub(crate) fn check(place: &Place) {
    if !place.has_ipv6_sockets() {
        receiver(0).unwrap_err();
        return;
    }
    let receiver = receiver(0).unwrap();
    let port = receiver.local_addr().unwrap().as_socket().unwrap().port();
    for &to in place.loopbacks() {
        let sender = std::net::UdpSocket::bind((to, 0)).unwrap();
        sender.send_to(b"ping", (to, port)).unwrap();
        let mut data = [0; 8];
        let (length, from, sent_to) = receive(&receiver, &mut data).unwrap();
        assert_eq!(&data[..length], b"ping");
        assert_eq!(from.ip().to_canonical(), to);
        assert_eq!(sent_to, Some(to));
    }
}
