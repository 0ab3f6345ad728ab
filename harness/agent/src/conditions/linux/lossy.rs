//! A link that loses one family.

use std::io::ErrorKind;
use std::net::{IpAddr, UdpSocket};
use std::time::Duration;

use dualstack_scenario::{HostFacts, Lost};

use super::hosts::{Network, addresses};
use super::link::Netlink;

/// An Ethernet address that nobody on the link has: who receives a frame for it drops it
/// (Linux net/core/dev.c, PACKET_OTHERHOST), and nobody is told.
const NOBODY: [u8; 6] = [0x02, 0, 0, 0, 0, 0x99];

/// How long a datagram may take to the other host.
const PATIENCE: Duration = Duration::from_secs(5);

impl Network {
    /// Makes the link lose a family in both directions, and proves it for what the first host
    /// sends.
    pub(super) fn lose(&self, lost: Lost, means: &mut Vec<String>) -> Result<(), String> {
        let ipv4 = match lost {
            Lost::None => return Ok(()),
            Lost::Ipv4 => true,
            Lost::Ipv6 => false,
        };
        let [near, far] = self.facts() else {
            return Err("only a link between two hosts can lose packets".to_owned());
        };
        for (host, (here, there)) in [(near, far), (far, near)].into_iter().enumerate() {
            self.enter(host)?;
            let mut netlink = Netlink::open()?;
            let those = addresses(there).into_iter().map(|(address, _)| address);
            for address in those.filter(|address| address.is_ipv4() == ipv4) {
                netlink.add_neighbour(here.ifindex, address, &NOBODY)?;
            }
        }
        means.push(format!(
            "on both hosts a neighbour entry that leads nowhere for each {} address of the other",
            if ipv4 { "IPv4" } else { "IPv6" }
        ));
        self.prove_lost(far, ipv4)
    }

    /// A datagram of the other family arrives, and one of this that was sent before it does
    /// not.
    fn prove_lost(&self, far: &HostFacts, ipv4: bool) -> Result<(), String> {
        let proof = || -> std::io::Result<bool> {
            let (lost, other): (IpAddr, IpAddr) = match ipv4 {
                true => (far.ipv4.into(), far.ipv6.into()),
                false => (far.ipv6.into(), far.ipv4.into()),
            };
            let (lost_there, other_there) =
                (UdpSocket::bind((lost, 0))?, UdpSocket::bind((other, 0))?);
            self.enter(0).map_err(std::io::Error::other)?;
            for there in [&lost_there, &other_there] {
                let to = there.local_addr()?;
                let any: IpAddr = match to.is_ipv4() {
                    true => std::net::Ipv4Addr::UNSPECIFIED.into(),
                    false => std::net::Ipv6Addr::UNSPECIFIED.into(),
                };
                UdpSocket::bind((any, 0))?.send_to(b"?", to)?;
            }
            other_there.set_read_timeout(Some(PATIENCE))?;
            other_there.recv(&mut [0])?;
            lost_there.set_nonblocking(true)?;
            match lost_there.recv(&mut [0]) {
                Ok(_) => Ok(false),
                Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(true),
                Err(error) => Err(error),
            }
        };
        self.enter(1)?;
        match proof() {
            Ok(true) => Ok(()),
            Ok(false) => Err("the link still carries what it should lose".to_owned()),
            Err(error) => Err(format!("failed to see what the link loses: {error}")),
        }
    }
}
