//! The state of the two families on this system, found out by calls.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use dualstack_scenario::Bindv6only;
use dualstack_sockets::names::SocketType;
use dualstack_sockets::{Error, OsError, RawSockaddr, Socket};

use crate::protocol::Probe;

/// The state of a system, as far as a case can require it.
pub(super) struct State {
    pub(super) ipv4: Family,
    pub(super) ipv6: Family,
    /// `None` if the system has no such setting.
    pub(super) bindv6only: Option<Bindv6only>,
}

/// The state of a family, and the calls that show it.
pub(super) struct Family {
    pub(super) found: Found,
    probes: Vec<Probe>,
}

/// What the calls showed about a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The loopback address can be bound.
    On,
    /// The loopback address can be bound but not reached.
    Unreachable,
    /// There is a stack, but no loopback address.
    NoAddress,
    /// Sockets of the family are refused.
    Refused,
    /// Something else was answered.
    Unclear,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::On => "is on",
            Self::Unreachable => "does not reach its own loopback",
            Self::NoAddress => "has no address",
            Self::Refused => "is refused",
            Self::Unclear => "is in an unknown state",
        })
    }
}

impl State {
    pub(super) fn probe(bindv6only: Option<Bindv6only>) -> Self {
        Self {
            ipv4: Family::probe("AF_INET", SocketType::Udp4, (Ipv4Addr::LOCALHOST, 0).into()),
            ipv6: Family::probe(
                "AF_INET6",
                SocketType::Udp6,
                (Ipv6Addr::LOCALHOST, 0).into(),
            ),
            bindv6only,
        }
    }

    pub(super) fn probes(&self) -> Vec<Probe> {
        self.ipv4
            .probes
            .iter()
            .chain(&self.ipv6.probes)
            .cloned()
            .collect()
    }
}

impl Family {
    fn probe(family: &str, kind: SocketType, loopback: SocketAddr) -> Self {
        let socket = Socket::new(kind);
        let probe = |call: String, result: Result<(), &Error>| Probe {
            call,
            result: result.map_or_else(|error| error.to_string(), |()| "ok".to_owned()),
        };
        let made = probe(
            format!("socket({family}, SOCK_DGRAM)"),
            socket.as_ref().map(|_| ()),
        );
        let socket = match socket {
            Ok(socket) => socket,
            Err(error) => {
                let found = if is(&error, "EAFNOSUPPORT") {
                    Found::Refused
                } else {
                    Found::Unclear
                };
                return Self {
                    found,
                    probes: vec![made],
                };
            }
        };
        let bound = socket.bind(&RawSockaddr::from(loopback));
        let mut probes = vec![
            made,
            probe(format!("bind({loopback})"), bound.as_ref().copied()),
        ];
        let found = match &bound {
            Ok(()) => {
                let (reached, way) = reach(loopback);
                probes.push(way);
                if reached {
                    Found::On
                } else {
                    Found::Unreachable
                }
            }
            Err(error) if is(error, "EADDRNOTAVAIL") => Found::NoAddress,
            Err(_) => Found::Unclear,
        };
        Self { found, probes }
    }
}

/// Whether there is a route to the loopback address: if `lo` is down, it can be bound but
/// not reached. Nothing is sent.
///
/// This uses std, not the sockets layer: that would start its watchdog, and a process
/// with several threads cannot enter a user namespace.
fn reach(loopback: SocketAddr) -> (bool, Probe) {
    let discard = SocketAddr::new(loopback.ip(), 9);
    let connected = UdpSocket::bind(loopback).and_then(|socket| socket.connect(discard));
    let result = match &connected {
        Ok(()) => "ok".to_owned(),
        Err(error) => error.raw_os_error().map_or_else(
            || error.to_string(),
            |code| Error::Os(OsError::from_code(code)).to_string(),
        ),
    };
    (
        connected.is_ok(),
        Probe {
            call: format!("connect({discard})"),
            result,
        },
    )
}

fn is(error: &Error, name: &str) -> bool {
    matches!(error, Error::Os(error) if error.name == name)
}
