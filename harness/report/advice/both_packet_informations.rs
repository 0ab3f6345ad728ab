use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use nix::sys::socket::{ControlMessageOwned, setsockopt, sockopt};
use socket2::{Domain, Socket, Type};

/// A UDP server that can learn, for each datagram, the address it was sent to.
fn receiver(port: u16) -> io::Result<Socket> {
    let socket = Socket::new(Domain::IPV6, Type::DGRAM, None)?;
    socket.set_only_v6(false)?;
    setsockopt(&socket, sockopt::Ipv6RecvPacketInfo, &true)?;
    // Fails where IPv4 is disabled; the socket still serves IPv6.
    _ = setsockopt(&socket, sockopt::Ipv4PacketInfo, &true);
    socket.bind(&SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)).into())?;
    Ok(socket)
}

/// The address in the message that arrived; an in_pktinfo is more reliable.
fn destination(messages: impl Iterator<Item = ControlMessageOwned>) -> Option<IpAddr> {
    let mut found = None;
    for message in messages {
        match message {
            ControlMessageOwned::Ipv4PacketInfo(info) => {
                return Some(Ipv4Addr::from(u32::from_be(info.ipi_addr.s_addr)).into());
            }
            ControlMessageOwned::Ipv6PacketInfo(info) => {
                let address = Ipv6Addr::from(info.ipi6_addr.s6_addr);
                found = Some(IpAddr::from(address).to_canonical());
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{destination, receiver};
    use nix::sys::socket::{MsgFlags, SockaddrStorage, recvmsg};
    use rstest::rstest;
    use std::io::IoSliceMut;
    use std::net::{IpAddr, UdpSocket};
    use std::os::fd::AsRawFd;

    #[rstest]
    #[case("127.0.0.1")]
    #[case("127.0.0.2")]
    #[case("::1")]
    fn each_datagram_tells_its_destination(#[case] to: IpAddr) {
        let receiver = receiver(0).unwrap();
        let port = receiver.local_addr().unwrap().as_socket().unwrap().port();
        let any = if to.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
        let sender = UdpSocket::bind(any).unwrap();
        sender.send_to(b"ping", (to, port)).unwrap();
        let mut data = [0; 8];
        let mut data = [IoSliceMut::new(&mut data)];
        let mut control = nix::cmsg_space!(nix::libc::in_pktinfo, nix::libc::in6_pktinfo);
        let got = recvmsg::<SockaddrStorage>(
            receiver.as_raw_fd(),
            &mut data,
            Some(&mut control),
            MsgFlags::empty(),
        )
        .unwrap();
        assert_eq!(destination(got.cmsgs().unwrap()), Some(to));
    }
}
