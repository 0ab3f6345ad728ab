//! The hosts of a case: a network namespace each, in this one process.
//!
//! A socket belongs to the namespace that its thread was in when it was made (Linux
//! net/socket.c, __sock_create()), and an accepted connection to that of its listener. So
//! one thread that switches between the hosts can make all the calls in order. The
//! namespaces, and the link between them, end with the process.

use std::fs::File;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use dualstack_scenario::{HostFacts, Requires};

use super::super::obstacle::Obstacle;
use super::super::probe::State;
use super::link::{Ends, Netlink, Watch};
use super::solicited::Solicited;
use super::{arrange_namespace, module, namespace, refuse_families, set};

/// The hosts, with a link between them.
pub(crate) struct Network {
    facts: Vec<HostFacts>,
    namespaces: Vec<File>,
}

impl Network {
    /// Makes hosts with these names, each in the required state.
    pub(crate) fn make(
        names: &[String],
        requires: &Requires,
        means: &mut Vec<String>,
    ) -> Result<Self, Obstacle> {
        let [first, second] = names else {
            return Err(format!("a case has two hosts, not {}", names.len()).into());
        };
        module::load("veth")?;
        let how = namespace::enter()?;
        let near = prepared_namespace()?;
        namespace::enter_another()?;
        let far = prepared_namespace()?;
        let network = Self {
            facts: vec![facts(first, 1, 11), facts(second, 2, 12)],
            namespaces: vec![near, far],
        };
        network.join()?;
        means.push(format!(
            "{how} for {first}, another for {second}, and a veth pair between them"
        ));
        network.lose(requires.lost(), means)?;
        network.arrange(requires, means)?;
        Ok(network)
    }

    /// What is known about the hosts.
    pub(crate) fn facts(&self) -> &[HostFacts] {
        &self.facts
    }

    /// Switches to a host: new sockets are on it from now on.
    pub(crate) fn enter(&self, host: usize) -> Result<(), String> {
        namespace::go_to(&self.namespaces[host])
    }

    /// Makes the link, waits until it is up, and gives the hosts their addresses.
    fn join(&self) -> Result<(), Obstacle> {
        self.enter(0)?;
        Netlink::open()?
            .add_link(&Ends {
                here: self.facts[0].ifindex,
                there: self.facts[1].ifindex,
                namespace: &self.namespaces[1],
            })
            .map_err(|why| module::needed("veth", why))?;
        let mut watches = Vec::new();
        for (host, facts) in self.facts.iter().enumerate() {
            self.enter(host)?;
            watches.push(Watch::open(facts.ifindex)?);
            Netlink::open()?.raise(facts.ifindex)?;
        }
        watches.into_iter().try_for_each(|watch| watch.until_up())?;
        for (host, facts) in self.facts.iter().enumerate() {
            self.enter(host)?;
            give(facts.ifindex, addresses(facts).into_iter())?;
        }
        Ok(())
    }

    fn arrange(&self, requires: &Requires, means: &mut Vec<String>) -> Result<(), String> {
        for host in 0..self.namespaces.len() {
            self.enter(host)?;
            // The hosts are set up alike, so each change is listed once.
            let mut done = Vec::new();
            arrange_namespace(requires, &mut done)?;
            if host == 0 {
                means.extend(done.into_iter().map(|means| format!("{means} on each")));
            }
        }
        refuse_families(requires, &State::probe(super::bindv6only()), means)
    }
}

/// The namespace that the process has just entered, ready for its link: the interface
/// must have only the addresses that it is given.
fn prepared_namespace() -> Result<File, String> {
    namespace::raise_loopback()?;
    // 1 is IN6_ADDR_GEN_MODE_NONE (Linux include/uapi/linux/if_link.h).
    set("ipv6.conf.default.addr_gen_mode", 1, &mut Vec::new())?;
    namespace::current()
}

/// The addresses of the host with that number, from the blocks for documentation (RFC
/// 5737, RFC 3849). Where the indices can be chosen, they differ, so that an index shows
/// its host. No link-local address is fe80::1: a container engine gives that to its
/// bridge, which is on the same link.
pub(super) fn facts(name: &str, number: u8, ifindex: u32) -> HostFacts {
    let ipv6 = |last: u16| Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last);
    let segment = u16::from(number);
    HostFacts {
        name: name.to_owned(),
        ipv4: Ipv4Addr::new(198, 51, 100, number),
        ipv6: ipv6(segment),
        other_ipv4: Ipv4Addr::new(198, 51, 100, 10 + number),
        other_ipv6: ipv6(0x10 + segment),
        linklocal: Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 5, segment),
        ifindex,
    }
}

/// The addresses with their prefixes, in an order that makes the one without `other_` the
/// default source: of IPv4 addresses the first is primary (Linux net/ipv4/devinet.c,
/// __inet_insert_ifa()), of IPv6 addresses the newest is considered first
/// (net/ipv6/addrconf.c, ipv6_link_dev_addr()).
pub(super) fn addresses(facts: &HostFacts) -> [(IpAddr, u8); 5] {
    [
        (facts.ipv4.into(), 24),
        (facts.other_ipv4.into(), 24),
        (facts.other_ipv6.into(), 64),
        (facts.ipv6.into(), 64),
        (facts.linklocal.into(), 64),
    ]
}

/// Gives addresses to an interface, and waits until its neighbours find it by them.
pub(super) fn give(
    interface: u32,
    addresses: impl Iterator<Item = (IpAddr, u8)> + Clone,
) -> Result<(), String> {
    let solicited = Solicited::watch()?;
    let mut netlink = Netlink::open()?;
    for (address, prefix) in addresses.clone() {
        netlink.add_address(interface, address, prefix)?;
    }
    solicited.until_joined(addresses.filter_map(|(address, _)| match address {
        IpAddr::V4(_) => None,
        IpAddr::V6(address) => Some(address),
    }))
}

#[cfg(test)]
mod tests {
    use super::{Ipv6Addr, facts};

    #[test]
    fn no_host_has_the_link_local_address_of_an_engines_bridge() {
        let bridge: Ipv6Addr = "fe80::1".parse().unwrap();
        for number in [1, 2] {
            assert_ne!(facts("a", number, 11).linklocal, bridge);
        }
    }
}
