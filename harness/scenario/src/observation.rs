//! What a system answered, call by call: facts only, no verdict.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddrV4, SocketAddrV6};

use serde::{Deserialize, Serialize};

use crate::control::ControlKind;
use crate::host::HostFacts;

/// What came back from the steps of one case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Observation {
    /// The hosts that it was carried out on, where the case has hosts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<HostFacts>,
    /// One record a step, in their order. They end with the step that ended
    /// the case.
    pub steps: Vec<Record>,
}

/// What came back from one step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Record {
    /// The call with the arguments it really had: `bind(receiver, [::]:0)`.
    pub call: String,
    /// What it returned.
    pub outcome: Outcome,
}

/// What a call returned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Success, with what came along.
    Returned(Returned),
    /// An error of the system.
    Failed(Failure),
    /// Its `when` did not hold.
    NotCalled,
    /// Nothing came within the deadline.
    TimedOut {
        /// How long the call was given, in milliseconds.
        after_ms: u64,
    },
    /// The system has no such option, control message or call.
    Unavailable {
        /// What is missing there.
        what: String,
    },
    /// The call could not be made, because a value it needs had not come back.
    Unmade {
        /// Which value, and why.
        why: String,
    },
}

/// An error of the system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Failure {
    /// The portable name: `EINVAL`.
    pub name: String,
    /// The name on that system: `WSAEINVAL`.
    pub native: String,
    /// The number on that system.
    pub code: i32,
    /// What was delivered all the same, as Windows does with a message that did not fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered: Option<Box<Received>>,
}

/// What a successful call brought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Returned {
    /// Nothing but success.
    Done,
    /// Bytes were sent.
    Sent {
        /// How many.
        len: usize,
    },
    /// An option was read.
    Option {
        /// Its value in host byte order.
        value: i64,
        /// How many bytes the system wrote.
        len: usize,
    },
    /// An address was read.
    Name(Sockaddr),
    /// A connection was accepted.
    Accepted {
        /// The peer as accept returned it.
        from: Sockaddr,
    },
    /// Bytes were received.
    Received(Box<Received>),
}

/// What a receive brought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Received {
    /// The bytes, as text where they are text.
    pub data: String,
    /// How many bytes.
    pub len: usize,
    /// The sender, for calls that tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Sockaddr>,
    /// The control messages in the order they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub control: Vec<ControlMessage>,
    /// The flags in `msg_flags` by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
}

/// A sockaddr as a system wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Sockaddr {
    /// A whole `sockaddr_in`.
    V4(SocketAddrV4),
    /// A whole `sockaddr_in6`.
    V6(SocketAddrV6),
    /// The system wrote none: the length came back as zero.
    Empty,
    /// Only a part of it came.
    Truncated {
        /// The address family by name.
        family: String,
        /// The bytes that came.
        len: usize,
    },
    /// A family other than AF_INET and AF_INET6.
    Other {
        /// The address family by name.
        family: String,
        /// Its length in bytes, as the system reported it: Wine 8 has -1.
        len: i64,
    },
}

/// A control message as it was received.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ControlMessage {
    /// An `in_pktinfo`.
    IpPktinfo {
        /// `ipi_ifindex`.
        ifindex: u32,
        /// `ipi_addr`, the destination in the IP header.
        addr: Ipv4Addr,
        /// `ipi_spec_dst`, the local address, where the structure has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        spec_dst: Option<Ipv4Addr>,
    },
    /// An `in6_pktinfo`.
    Ipv6Pktinfo {
        /// `ipi6_ifindex`.
        ifindex: u32,
        /// `ipi6_addr`.
        addr: Ipv6Addr,
    },
    /// The destination address alone, as on the BSDs.
    IpRecvdstaddr {
        /// The destination in the IP header.
        addr: Ipv4Addr,
    },
    /// A message that carries a number.
    Number {
        /// Which message.
        kind: ControlKind,
        /// The number it carries.
        value: i64,
    },
    /// A message that the harness has no name for, or that is cut short.
    Other {
        /// `cmsg_level`.
        level: i32,
        /// `cmsg_type`.
        kind: i32,
        /// The data in hexadecimal.
        data: String,
    },
}

impl ControlMessage {
    /// The kind, for a message that has a name.
    pub fn kind(&self) -> Option<ControlKind> {
        match self {
            Self::IpPktinfo { .. } => Some(ControlKind::IP_PKTINFO),
            Self::Ipv6Pktinfo { .. } => Some(ControlKind::IPV6_PKTINFO),
            Self::IpRecvdstaddr { .. } => Some(ControlKind::IP_RECVDSTADDR),
            Self::Number { kind, .. } => Some(*kind),
            Self::Other { .. } => None,
        }
    }

    /// The index of the interface that it tells, if it tells one.
    pub fn interface(&self) -> Option<u32> {
        match self {
            Self::IpPktinfo { ifindex, .. } | Self::Ipv6Pktinfo { ifindex, .. } => Some(*ifindex),
            _ => None,
        }
    }

    /// Whether it tells the destination address of a datagram.
    pub fn is_pktinfo(&self) -> bool {
        matches!(
            self,
            Self::IpPktinfo { .. } | Self::Ipv6Pktinfo { .. } | Self::IpRecvdstaddr { .. }
        )
    }

    /// What it carries, without its name. Interface indices are left out,
    /// because they differ from machine to machine.
    pub fn value(&self) -> String {
        match self {
            Self::IpPktinfo { addr, spec_dst, .. } => match spec_dst {
                Some(local) if local != addr => format!("{addr} (ipi_spec_dst {local})"),
                _ => addr.to_string(),
            },
            Self::Ipv6Pktinfo { addr, .. } => addr.to_string(),
            Self::IpRecvdstaddr { addr } => addr.to_string(),
            Self::Number { value, .. } => value.to_string(),
            Self::Other { data, .. } => data.clone(),
        }
    }
}

impl fmt::Display for ControlMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.kind()) {
            (_, Some(kind)) => write!(f, "{} {}", kind.name(), self.value()),
            (Self::Other { level, kind, data }, _) => write!(f, "cmsg {level}/{kind} {data}"),
            _ => Ok(()),
        }
    }
}

impl Sockaddr {
    /// The port in host byte order, where there is one.
    pub fn port(&self) -> Option<u16> {
        match self {
            Self::V4(address) => Some(address.port()),
            Self::V6(address) => Some(address.port()),
            _ => None,
        }
    }

    /// The name of the family.
    pub fn family(&self) -> String {
        match self {
            Self::V4(_) => "AF_INET".to_owned(),
            Self::V6(_) => "AF_INET6".to_owned(),
            Self::Empty => "none".to_owned(),
            Self::Truncated { family, .. } | Self::Other { family, .. } => family.clone(),
        }
    }
}

/// The address without its port, which differs from run to run.
impl fmt::Display for Sockaddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(address) => write!(f, "{}", address.ip()),
            Self::V6(address) if address.scope_id() == 0 => write!(f, "{}", address.ip()),
            Self::V6(address) => write!(f, "{}%{}", address.ip(), address.scope_id()),
            Self::Empty => f.write_str("none"),
            Self::Truncated { len, .. } => write!(f, "cut off after {len} bytes"),
            Self::Other { family, len } => write!(f, "{family} of {len} bytes"),
        }
    }
}

/// The error a call returned in the middle of the trace: `EINVAL`, or
/// `EINVAL (WSAEINVAL 10022)` where the system has a name of its own for it.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.native == self.name {
            write!(f, "{} ({})", self.name, self.code)
        } else {
            write!(f, "{} ({} {})", self.name, self.native, self.code)
        }
    }
}

/// What a call returned, with everything that came along, as in a trace.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Returned(returned) => write!(f, "{returned}"),
            Self::Failed(failure) => {
                write!(f, "{failure}")?;
                failure
                    .delivered
                    .iter()
                    .try_for_each(|received| write!(f, ", {received}"))
            }
            Self::NotCalled => f.write_str("not called"),
            Self::TimedOut { after_ms } => write!(f, "nothing within {after_ms} ms"),
            Self::Unavailable { what } => write!(f, "unavailable: {what}"),
            Self::Unmade { why } => write!(f, "could not be called: {why}"),
        }
    }
}

impl fmt::Display for Returned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("ok"),
            Self::Sent { len } => write!(f, "{len} bytes"),
            Self::Option { value, len } => write!(f, "{value} in {len} bytes"),
            Self::Name(name) => write!(f, "{}", WithPort(name)),
            Self::Accepted { from } => write!(f, "from {}", WithPort(from)),
            Self::Received(received) => write!(f, "{received}"),
        }
    }
}

impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.data)?;
        self.from
            .iter()
            .try_for_each(|from| write!(f, " from {}", WithPort(from)))?;
        self.control
            .iter()
            .try_for_each(|message| write!(f, ", {message}"))?;
        self.flags.iter().try_for_each(|flag| write!(f, ", {flag}"))
    }
}

/// A sockaddr with its port, for traces.
struct WithPort<'a>(&'a Sockaddr);

impl fmt::Display for WithPort<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Sockaddr::V4(address) => write!(f, "{address}"),
            Sockaddr::V6(address) => write!(f, "{address}"),
            other => write!(f, "{other}"),
        }
    }
}
