//! The state of a machine, as the checks know it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use dualstack_scenario::{Bindv6only, Ipv4, Ipv6, Requires};

use crate::checks::families::Found;

/// What a program finds on the machine.
pub(crate) struct Place {
    pub(crate) ipv4: Found,
    pub(crate) ipv6: Found,
    loopbacks: Vec<IpAddr>,
    #[cfg(target_os = "linux")]
    linux: bool,
}

impl Place {
    /// The place with these requirements, in which the process is.
    pub(crate) fn of(requires: &Requires) -> Self {
        let ipv4 = match requires.ipv4() {
            Ipv4::Disabled => Found::NoSockets,
            Ipv4::NoAddress => Found::NoAddress,
            Ipv4::On | Ipv4::Any => Found::There,
        };
        let ipv6 = match requires.ipv6() {
            Ipv6::Disabled => Found::NoSockets,
            Ipv6::Off => Found::NoAddress,
            Ipv6::On | Ipv6::Any => Found::There,
        };
        let there = [
            (&ipv4, Ipv4Addr::LOCALHOST.into()),
            (&ipv6, Ipv6Addr::LOCALHOST.into()),
        ];
        let there = there
            .into_iter()
            .filter(|(found, _)| **found == Found::There);
        let loopbacks = there.map(|(_, loopback)| loopback).collect();
        Self {
            ipv4,
            ipv6,
            loopbacks,
            #[cfg(target_os = "linux")]
            linux: dualstack_agent::machine().system.environment.is_none(),
        }
    }

    pub(crate) fn has_ipv4_sockets(&self) -> bool {
        self.ipv4 != Found::NoSockets
    }

    pub(crate) fn has_ipv6_sockets(&self) -> bool {
        self.ipv6 != Found::NoSockets
    }

    pub(crate) fn has_ipv6(&self) -> bool {
        self.ipv6 == Found::There
    }

    /// The loopback addresses of the protocols that are there.
    pub(crate) fn loopbacks(&self) -> &[IpAddr] {
        &self.loopbacks
    }

    /// Whether Linux itself answers, with all of 127.0.0.0/8.
    #[cfg(target_os = "linux")]
    pub(crate) fn is_linux_itself(&self) -> bool {
        self.linux
    }
}

/// A state to check the code in, with its name.
pub(crate) type Condition = (&'static str, Requires);

/// Everything is there, and each thing that may be missing or other is.
pub(crate) const CONDITIONS: [Condition; 6] = [
    ("IPv4 and IPv6", requires(Ipv4::On, Ipv6::On, None)),
    ("no IPv4 sockets", requires(Ipv4::Disabled, Ipv6::On, None)),
    ("no IPv4 address", requires(Ipv4::NoAddress, Ipv6::On, None)),
    ("no IPv6 sockets", requires(Ipv4::On, Ipv6::Disabled, None)),
    ("no IPv6 address", requires(Ipv4::On, Ipv6::Off, None)),
    (
        "IPv6-only by default",
        requires(Ipv4::On, Ipv6::On, Some(Bindv6only::One)),
    ),
];

const fn requires(ipv4: Ipv4, ipv6: Ipv6, bindv6only: Option<Bindv6only>) -> Requires {
    Requires {
        ipv4: Some(ipv4),
        ipv6: Some(ipv6),
        bindv6only,
        lost: None,
    }
}
