//! Waits until a host is found by its IPv6 addresses.

use std::fs;
use std::net::Ipv6Addr;

use super::failed;
use super::link::Netlink;

/// RTMGRP_IPV6_IFADDR, the group for changes of IPv6 addresses (rtnetlink(7)).
const IPV6_ADDRESSES: u32 = 0x100;

/// The groups that the network namespace of this thread has joined.
const JOINED: &str = "/proc/thread-self/net/igmp6";

/// Watches new addresses of the namespace that the thread is in.
///
/// The kernel joins the solicited-node group of an address (RFC 4291 section 2.7.1) some
/// time after the call that adds the address, and then tells of it (Linux
/// net/ipv6/addrconf.c, addrconf_dad_begin()). Until then a neighbour that asks for the
/// address gets no reply, and asks again one second later.
pub(super) struct Solicited(Netlink);

impl Solicited {
    /// Starts to listen.
    pub(super) fn watch() -> Result<Self, String> {
        Netlink::hearing(IPV6_ADDRESSES).map(Self)
    }

    /// Waits until the groups of these addresses are joined, on the same thread.
    pub(super) fn until_joined(
        self,
        addresses: impl Iterator<Item = Ipv6Addr>,
    ) -> Result<(), String> {
        let groups: Vec<String> = addresses.map(group).collect();
        loop {
            let joined = fs::read_to_string(JOINED)
                .map_err(|error| failed(&format!("read {JOINED}"), &error))?;
            if groups.iter().all(|group| joined.contains(group)) {
                return Ok(());
            }
            self.0.receive("see the addresses come up")?;
        }
    }
}

/// The solicited-node group of an address, as [`JOINED`] writes it: ff02::1:ff and the last
/// three bytes.
fn group(address: Ipv6Addr) -> String {
    let [.., a, b, c] = address.octets();
    format!("ff0200000000000000000001ff{a:02x}{b:02x}{c:02x}")
}

#[cfg(test)]
mod tests {
    use super::group;

    #[test]
    fn a_group_has_the_last_three_bytes() {
        let group = group("fe80::5:1".parse().unwrap());
        assert_eq!(group, "ff0200000000000000000001ff050001");
    }
}
