//! This machine as a host on a network that was set up from outside: a container that is
//! one of two hosts.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use dualstack_scenario::{HostFacts, Ipv6, Lost, Requires};
use nix::ifaddrs::getifaddrs;
use nix::net::if_::{InterfaceFlags, if_nametoindex};

use super::link::{Netlink, Watch};
use super::{failed, hosts};
use crate::protocol::Place;

/// Removes the addresses and routes from the one link that exists, and adds the addresses
/// of the host with that number. The hosts must reach only each other.
pub(in super::super) fn take_place(
    place: &Place,
    requires: &Requires,
) -> Result<HostFacts, String> {
    if requires.lost() != Lost::None {
        return Err(
            "a link that loses packets is made only between hosts in one process".to_owned(),
        );
    }
    let link = Link::find()?;
    let index = link.index;
    let mut netlink = Netlink::open()?;
    netlink.lower(index)?;
    for address in link.ipv4 {
        netlink.remove_address(index, address)?;
    }
    let watch = Watch::open(index)?;
    netlink.raise(index)?;
    watch.until_up()?;
    let facts = hosts::facts(&place.name, place.number, index);
    let ipv6 = requires.ipv6() != Ipv6::Off;
    let addresses = hosts::addresses(&facts).into_iter();
    hosts::give(
        index,
        addresses.filter(|(address, _)| address.is_ipv4() || ipv6),
    )?;
    Ok(facts)
}

/// The one interface that is up besides `lo`, as it was set up.
struct Link {
    index: u32,
    ipv4: Vec<Ipv4Addr>,
}

impl Link {
    fn find() -> Result<Self, String> {
        let listed = getifaddrs().map_err(|errno| failed("list the interfaces", &errno.into()))?;
        let up = listed.filter(|listed| {
            listed.flags.contains(InterfaceFlags::IFF_UP)
                && !listed.flags.contains(InterfaceFlags::IFF_LOOPBACK)
        });
        let mut links: BTreeMap<String, Vec<Ipv4Addr>> = BTreeMap::new();
        for listed in up {
            let address = listed
                .address
                .as_ref()
                .and_then(|address| address.as_sockaddr_in());
            let link = links.entry(listed.interface_name).or_default();
            link.extend(address.map(|address| address.ip()));
        }
        let (Some((name, ipv4)), None) = (links.pop_first(), links.pop_first()) else {
            return Err("this machine does not have exactly one link to another host".to_owned());
        };
        let index = if_nametoindex(name.as_str())
            .map_err(|errno| failed(&format!("find the index of {name}"), &errno.into()))?;
        Ok(Self { index, ipv4 })
    }
}
