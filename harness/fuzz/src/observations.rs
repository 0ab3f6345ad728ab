//! Observations made from bytes, including those that no system would return.

use std::net::{SocketAddr, SocketAddrV6};

use arbitrary::{Result, Unstructured};
use dualstack_names::{
    ControlKind, ControlMessage, ControlValue, OptionValue, ScalarValue, Sockaddr,
};
use dualstack_scenario::{
    Accepted, Failure, HostFacts, Observation, OptionRead, Outcome, Ready, Received, Record,
    Resolved, ResolvedEntry, Returned, Script, Sent,
};

type Make<T> = fn(&mut Unstructured<'_>) -> Result<T>;

/// What an agent could report for a script: about as many records as it has steps.
pub fn observation(bytes: &mut Unstructured<'_>, script: &Script) -> Result<Observation> {
    let hosts = script.hosts.iter().map(|name| facts(name, bytes));
    let hosts = hosts.collect::<Result<_>>()?;
    let records = bytes.int_in_range(0..=script.steps.len() + 1)?;
    let steps = (0..records).map(|_| record(bytes));
    Ok(Observation {
        hosts,
        steps: steps.collect::<Result<_>>()?,
        programs: Vec::new(),
    })
}

fn facts(name: &str, bytes: &mut Unstructured<'_>) -> Result<HostFacts> {
    Ok(HostFacts {
        name: name.to_owned(),
        ipv4: bytes.arbitrary()?,
        ipv6: bytes.arbitrary()?,
        other_ipv4: bytes.arbitrary()?,
        other_ipv6: bytes.arbitrary()?,
        linklocal: bytes.arbitrary()?,
        ifindex: bytes.arbitrary()?,
    })
}

fn record(bytes: &mut Unstructured<'_>) -> Result<Record> {
    Ok(Record {
        call: String::new(),
        outcome: outcome(bytes)?,
    })
}

fn outcome(bytes: &mut Unstructured<'_>) -> Result<Outcome> {
    const ALL: [Make<Outcome>; 6] = [
        |bytes| Ok(Outcome::Returned(returned(bytes)?)),
        |bytes| Ok(Outcome::Failed(failure(bytes)?)),
        |_| Ok(Outcome::NotCalled),
        |bytes| {
            Ok(Outcome::TimedOut {
                after_ms: bytes.arbitrary()?,
            })
        },
        |bytes| {
            Ok(Outcome::Unavailable {
                what: bytes.arbitrary()?,
            })
        },
        |bytes| {
            Ok(Outcome::Unmade {
                why: bytes.arbitrary()?,
            })
        },
    ];
    bytes.choose(&ALL)?(bytes)
}

fn failure(bytes: &mut Unstructured<'_>) -> Result<Failure> {
    const NAMES: [&str; 4] = ["EINVAL", "ECONNREFUSED", "EADDRINUSE", "EMSGSIZE"];
    Ok(Failure {
        name: (*bytes.choose(&NAMES)?).to_owned(),
        native: bytes.arbitrary()?,
        code: bytes.arbitrary()?,
        delivered: match bytes.arbitrary()? {
            true => Some(Box::new(received(bytes)?)),
            false => None,
        },
    })
}

fn returned(bytes: &mut Unstructured<'_>) -> Result<Returned> {
    const ALL: [Make<Returned>; 8] = [
        |_| Ok(Returned::Done),
        |bytes| {
            Ok(Returned::Sent(Sent {
                len: bytes.arbitrary()?,
            }))
        },
        |bytes| {
            Ok(Returned::Option(OptionRead {
                value: option_value(bytes)?,
                len: bytes.arbitrary()?,
            }))
        },
        |bytes| Ok(Returned::Name(sockaddr(bytes)?)),
        |bytes| {
            Ok(Returned::Accepted(Accepted {
                from: sockaddr(bytes)?,
            }))
        },
        |bytes| Ok(Returned::Received(Box::new(received(bytes)?))),
        |bytes| {
            Ok(Returned::Ready(Ready {
                events: bytes.arbitrary()?,
            }))
        },
        |bytes| Ok(Returned::Resolved(resolved(bytes)?)),
    ];
    bytes.choose(&ALL)?(bytes)
}

fn received(bytes: &mut Unstructured<'_>) -> Result<Received> {
    let messages = bytes.int_in_range(0..=2)?;
    let control = (0..messages).map(|_| control(bytes));
    Ok(Received {
        control: control.collect::<Result<_>>()?,
        data: bytes.arbitrary()?,
        len: bytes.arbitrary()?,
        from: match bytes.arbitrary()? {
            true => Some(sockaddr(bytes)?),
            false => None,
        },
        flags: bytes.arbitrary()?,
    })
}

fn resolved(bytes: &mut Unstructured<'_>) -> Result<Resolved> {
    let entries = bytes.int_in_range(0..=2)?;
    let entries = (0..entries).map(|_| {
        Ok(ResolvedEntry {
            addr: sockaddr(bytes)?,
            r#type: bytes.arbitrary()?,
        })
    });
    Ok(Resolved {
        entries: entries.collect::<Result<_>>()?,
        canonname: bytes.arbitrary()?,
    })
}

/// Any sockaddr.
pub fn sockaddr(bytes: &mut Unstructured<'_>) -> Result<Sockaddr> {
    const ALL: [Make<Sockaddr>; 5] = [
        |bytes| Ok(Sockaddr::V4(bytes.arbitrary()?)),
        |bytes| v6(bytes).map(Sockaddr::V6),
        |_| Ok(Sockaddr::Empty),
        |bytes| {
            Ok(Sockaddr::Truncated {
                family: bytes.arbitrary()?,
                len: bytes.arbitrary()?,
            })
        },
        |bytes| {
            Ok(Sockaddr::Other {
                family: bytes.arbitrary()?,
                len: bytes.arbitrary()?,
            })
        },
    ];
    bytes.choose(&ALL)?(bytes)
}

/// Any control message, with a value that need not be of its type.
pub fn control(bytes: &mut Unstructured<'_>) -> Result<ControlMessage> {
    const ALL: [Make<ControlMessage>; 2] = [
        |bytes| {
            Ok(ControlMessage::Known {
                kind: bytes.choose(ControlKind::ALL)?.1,
                value: control_value(bytes)?,
            })
        },
        |bytes| {
            Ok(ControlMessage::Other {
                level: bytes.arbitrary()?,
                kind: bytes.arbitrary()?,
                data: bytes.arbitrary()?,
            })
        },
    ];
    bytes.choose(&ALL)?(bytes)
}

/// Its text, as in results files, has no flow information.
fn v6(bytes: &mut Unstructured<'_>) -> Result<SocketAddrV6> {
    let mut address: SocketAddrV6 = bytes.arbitrary()?;
    address.set_flowinfo(0);
    Ok(address)
}

fn control_value(bytes: &mut Unstructured<'_>) -> Result<ControlValue> {
    const ALL: [Make<ControlValue>; 6] = [
        |bytes| Ok(ControlValue::Number(bytes.arbitrary()?)),
        |bytes| {
            Ok(ControlValue::InPktinfo {
                ifindex: bytes.arbitrary()?,
                addr: bytes.arbitrary()?,
                spec_dst: bytes.arbitrary()?,
            })
        },
        |bytes| {
            Ok(ControlValue::In6Pktinfo {
                ifindex: bytes.arbitrary()?,
                addr: bytes.arbitrary()?,
            })
        },
        |bytes| {
            Ok(ControlValue::InAddr {
                addr: bytes.arbitrary()?,
            })
        },
        |bytes| {
            Ok(ControlValue::Sockaddr {
                addr: SocketAddr::V4(bytes.arbitrary()?),
            })
        },
        |bytes| {
            Ok(ControlValue::Sockaddr {
                addr: SocketAddr::V6(v6(bytes)?),
            })
        },
    ];
    bytes.choose(&ALL)?(bytes)
}

/// Any value of an option.
pub fn option_value(bytes: &mut Unstructured<'_>) -> Result<OptionValue> {
    let members = bytes.int_in_range(0..=2)?;
    if members == 0 {
        return scalar(bytes).map(OptionValue::One);
    }
    let members = (0..members).map(|_| Ok((bytes.arbitrary()?, scalar(bytes)?)));
    members.collect::<Result<_>>().map(OptionValue::Struct)
}

fn scalar(bytes: &mut Unstructured<'_>) -> Result<ScalarValue> {
    const ALL: [Make<ScalarValue>; 4] = [
        |bytes| Ok(ScalarValue::Number(bytes.arbitrary()?)),
        |bytes| {
            Ok(ScalarValue::Named {
                name: bytes.arbitrary()?,
                number: bytes.arbitrary()?,
            })
        },
        |bytes| Ok(ScalarValue::Ipv4(bytes.arbitrary()?)),
        |bytes| Ok(ScalarValue::Ipv6(bytes.arbitrary()?)),
    ];
    bytes.choose(&ALL)?(bytes)
}
