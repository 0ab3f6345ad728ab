//! From what the sockets layer returns to what an observation holds.

use dualstack_scenario as seen;
use dualstack_scenario::{Outcome, Returned};
use dualstack_sockets::{self as sockets, Address, Error};

use crate::stage::Stop;

/// What a step's record says.
pub(crate) fn outcome(result: Result<Returned, Stop>) -> Outcome {
    match result {
        Ok(returned) => Outcome::Returned(returned),
        Err(Stop::Call(Error::Os(error))) => Outcome::Failed(failure(&error, None)),
        Err(Stop::Call(Error::TimedOut { after, .. })) => Outcome::TimedOut {
            after_ms: after.as_millis().try_into().unwrap_or(u64::MAX),
        },
        Err(Stop::Call(Error::Unavailable { what })) => Outcome::Unavailable {
            what: what.to_string(),
        },
        Err(Stop::Delivered(received, error)) => Outcome::Failed(failure(&error, Some(&received))),
        Err(Stop::Unmade(why)) => Outcome::Unmade { why },
    }
}

fn failure(error: &sockets::OsError, delivered: Option<&sockets::Received>) -> seen::Failure {
    seen::Failure {
        name: error.name.to_string(),
        native: error.native.to_string(),
        code: error.code,
        delivered: delivered.map(|received| Box::new(whole(received))),
    }
}

/// Bytes that came without control messages.
pub(crate) fn received(data: &[u8], from: Option<&sockets::Name>) -> Returned {
    Returned::Received(Box::new(seen::Received {
        data: String::from_utf8_lossy(data).into_owned(),
        len: data.len(),
        from: from.map(sockaddr),
        control: Vec::new(),
        flags: Vec::new(),
    }))
}

/// A datagram with all that came along.
pub(crate) fn message(received: &sockets::Received) -> Returned {
    Returned::Received(Box::new(whole(received)))
}

fn whole(received: &sockets::Received) -> seen::Received {
    seen::Received {
        data: String::from_utf8_lossy(&received.data).into_owned(),
        len: received.data.len(),
        from: Some(sockaddr(&received.from)),
        control: received.control.iter().map(control).collect(),
        flags: received
            .flags
            .names()
            .into_iter()
            .map(str::to_owned)
            .collect(),
    }
}

pub(crate) fn sockaddr(name: &sockets::Name) -> seen::Sockaddr {
    match name.address() {
        Address::V4(address) => seen::Sockaddr::V4(address),
        Address::V6(address) => seen::Sockaddr::V6(address),
        Address::None => seen::Sockaddr::Empty,
        Address::Truncated { family } => seen::Sockaddr::Truncated {
            family: family.map_or_else(|| "none".to_owned(), |family| family.name().into_owned()),
            len: name.as_bytes().len(),
        },
        Address::Other { family, len } => seen::Sockaddr::Other {
            family: family.name().into_owned(),
            len: len as i64,
        },
    }
}

fn control(message: &sockets::ControlMessage) -> seen::ControlMessage {
    use seen::ControlKind as Kind;
    use sockets::ControlMessage as Raw;
    let number = |kind, value: i32| seen::ControlMessage::Number {
        kind,
        value: value.into(),
    };
    match *message {
        Raw::IpPktinfo {
            ifindex,
            spec_dst,
            addr,
        } => {
            let spec_dst = (!cfg!(windows)).then_some(spec_dst);
            seen::ControlMessage::IpPktinfo {
                ifindex,
                addr,
                spec_dst,
            }
        }
        Raw::Ipv6Pktinfo { ifindex, addr } => seen::ControlMessage::Ipv6Pktinfo { ifindex, addr },
        Raw::IpRecvdstaddr(addr) => seen::ControlMessage::IpRecvdstaddr { addr },
        Raw::IpTos(value) => number(Kind::IP_TOS, value),
        Raw::IpTtl(value) => number(Kind::IP_TTL, value),
        Raw::Ipv6Tclass(value) => number(Kind::IPV6_TCLASS, value),
        Raw::Ipv6Hoplimit(value) => number(Kind::IPV6_HOPLIMIT, value),
        Raw::Other {
            level,
            kind,
            ref data,
        } => seen::ControlMessage::Other {
            level,
            kind,
            data: data.iter().map(|byte| format!("{byte:02x}")).collect(),
        },
    }
}

pub(crate) fn control_kind(kind: seen::ControlKind) -> sockets::ControlKind {
    match kind {
        seen::ControlKind::IP_PKTINFO => sockets::ControlKind::IpPktinfo,
        seen::ControlKind::IPV6_PKTINFO => sockets::ControlKind::Ipv6Pktinfo,
        seen::ControlKind::IP_RECVDSTADDR => sockets::ControlKind::IpRecvdstaddr,
        seen::ControlKind::IP_TOS => sockets::ControlKind::IpTos,
        seen::ControlKind::IP_TTL => sockets::ControlKind::IpTtl,
        seen::ControlKind::IPV6_TCLASS => sockets::ControlKind::Ipv6Tclass,
        seen::ControlKind::IPV6_HOPLIMIT => sockets::ControlKind::Ipv6Hoplimit,
    }
}
