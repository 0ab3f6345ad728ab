//! Control messages, also called ancillary data: data about a datagram, sent and received
//! with it.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::level::Level;
use crate::systems::{Systems, number, systems};

/// The layout of the data in a control message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// An `int`. Some systems send one byte of it.
    Int,
    /// An `unsigned char` when sent. When received, it has 1 byte or 4.
    Byte,
    /// An `in_pktinfo`, ip(7).
    InPktinfo,
    /// An `in6_pktinfo`, RFC 3542 section 6.
    In6Pktinfo,
    /// An `in_addr`.
    InAddr,
    /// A `sockaddr_in` or `sockaddr_in6`.
    Sockaddr,
}

/// An `int`; FreeBSD and NetBSD want an `unsigned char` (quinn-udp's `unix.rs`, `IpTosTy`).
const TOS: Payload = if cfg!(any(target_os = "freebsd", target_os = "netbsd")) {
    Payload::Byte
} else {
    Payload::Int
};

impl Payload {
    /// Whether a scenario writes it as an address; otherwise it is a number.
    pub const fn is_address(self) -> bool {
        match self {
            Self::InPktinfo | Self::In6Pktinfo | Self::InAddr | Self::Sockaddr => true,
            Self::Int | Self::Byte => false,
        }
    }

    /// The value to send from this address, by this interface (0 for any). `None` if the
    /// address has the wrong family, or the message holds no address.
    pub fn source(self, ip: std::net::IpAddr, ifindex: u32) -> Option<ControlValue> {
        use std::net::IpAddr::{V4, V6};
        match (self, ip) {
            (Self::InPktinfo, V4(spec_dst)) => Some(ControlValue::InPktinfo {
                ifindex,
                addr: Ipv4Addr::UNSPECIFIED,
                spec_dst: Some(spec_dst),
            }),
            (Self::In6Pktinfo, V6(addr)) => Some(ControlValue::In6Pktinfo { ifindex, addr }),
            (Self::InAddr, V4(addr)) => Some(ControlValue::InAddr { addr }),
            (Self::Sockaddr, ip) => Some(ControlValue::Sockaddr {
                addr: (ip, 0).into(),
            }),
            (Self::InPktinfo | Self::InAddr, V6(_)) | (Self::In6Pktinfo, V4(_)) => None,
            (Self::Int | Self::Byte, _) => None,
        }
    }
}

/// Everything about a kind of control message.
struct Row {
    name: &'static str,
    level: Level,
    payload: Payload,
    /// The `cmsg_type` of a message to be sent.
    sent: Option<i32>,
    /// The `cmsg_type` of a received message, if it is different.
    received: Option<i32>,
    doc: &'static str,
    systems: Systems,
}

/// Declares the kinds; see `systems.rs` for the columns. The second line of a row is for
/// systems where a received message has another type than a sent one: that of the option
/// that asks for it.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident $level:ident $payload:expr,
        $linux:tt $apple:tt $freebsd:tt $dragonfly:tt $netbsd:tt $openbsd:tt $windows:tt
        received $rlinux:tt $rapple:tt $rfreebsd:tt $rdragonfly:tt $rnetbsd:tt $ropenbsd:tt $rwindows:tt)+) => {
        /// The kinds of control message that have a name here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[allow(non_camel_case_types, reason = "each is the name of the message itself")]
        pub enum ControlKind {
            $( $(#[doc = $doc])+ $name, )+
        }

        impl ControlKind {
            /// All of them, in the order of the reference, including those that this
            /// system lacks.
            pub const ALL: &'static [(&'static str, Self)] = &[$((stringify!($name), Self::$name)),+];

            const fn row(self) -> Row {
                match self { $( Self::$name => Row {
                    name: stringify!($name),
                    level: Level::$level,
                    payload: $payload,
                    sent: number!($name $linux $apple $freebsd $dragonfly $netbsd $openbsd $windows),
                    received: number!($name $rlinux $rapple $rfreebsd $rdragonfly $rnetbsd $ropenbsd $rwindows),
                    doc: concat!($($doc),+),
                    systems: systems!($linux $apple $freebsd $dragonfly $netbsd $openbsd $windows),
                }, )+ }
            }
        }
    };
}

// Types that libc lacks are from NetBSD's and OpenBSD's sys/netinet/in.h and sys/netinet6/in6.h.
// Received types: FreeBSD sys/netinet/ip_input.c, ip_savecontrol(); quinn-udp's `unix.rs`; Windows'
// ws2ipdef.h, where a time to live comes as IP_HOPLIMIT.
kinds! {
    // Linux Apple FreeBSD DragonFly NetBSD OpenBSD Windows

    /// The address and the interface of an IPv4 datagram. ip(7).
    IP_PKTINFO IPPROTO_IP Payload::InPktinfo,
        + + - - + - +
        received - - - - - - -
    /// The address and the interface of an IPv6 datagram. RFC 3542 section 6.
    IPV6_PKTINFO IPPROTO_IPV6 Payload::In6Pktinfo,
        + + + + + + +
        received - - - - - - -
    /// The local address of an IPv4 datagram. Sent, it is IP_SENDSRCADDR, which is the same number.
    /// FreeBSD ip(4).
    IP_RECVDSTADDR IPPROTO_IP Payload::InAddr,
        - + + + + + +
        received - - - - - - -
    /// The type of service. ip(7).
    IP_TOS IPPROTO_IP TOS,
        + + + + + + +
        received - IP_RECVTOS IP_RECVTOS - - - -
    /// The time to live. ip(7).
    IP_TTL IPPROTO_IP Payload::Int,
        + + + + + + +
        received - IP_RECVTTL IP_RECVTTL IP_RECVTTL 23 31 IP_HOPLIMIT
    /// The traffic class. RFC 3542 section 6.5.
    IPV6_TCLASS IPPROTO_IPV6 Payload::Int,
        + + + + + + +
        received - - - - - - -
    /// The hop limit. RFC 3542 section 6.3.
    IPV6_HOPLIMIT IPPROTO_IPV6 Payload::Int,
        + + + + 47 47 +
        received - - - - - - -
    /// Where an IPv4 datagram was sent to, before a redirection. It cannot be sent. Linux
    /// net/ipv4/ip_sockglue.c, ip_cmsg_recv_dstaddr().
    IP_ORIGDSTADDR IPPROTO_IP Payload::Sockaddr,
        + - + - - - -
        received - - - - - - -
    /// Where an IPv6 datagram was sent to, before a redirection. It cannot be sent. Linux
    /// net/ipv6/datagram.c, ip6_datagram_recv_specific_ctl().
    IPV6_ORIGDSTADDR IPPROTO_IPV6 Payload::Sockaddr,
        + - + - - - -
        received - - - - - - -
}

impl ControlKind {
    /// The name in C: of the message, not of the option that asks for it.
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The kind with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        let named = Self::ALL.iter().find(|(known, _)| *known == name);
        named.map(|(_, kind)| *kind)
    }

    /// The layout of its data.
    pub const fn payload(self) -> Payload {
        self.row().payload
    }

    /// What it means and where that is documented.
    pub const fn doc(self) -> &'static str {
        self.row().doc
    }

    /// The systems that have it.
    pub const fn systems(self) -> Systems {
        self.row().systems
    }

    /// The `cmsg_level` and `cmsg_type` for sending, if this system has it.
    pub fn sent(self) -> Option<(i32, i32)> {
        let Row { level, sent, .. } = self.row();
        sent.map(|kind| (level.number(), kind))
    }

    /// The kind of a received message.
    pub fn received(level: i32, kind: i32) -> Option<Self> {
        let kinds = Self::ALL.iter().map(|(_, known)| *known);
        // The type of an option can be the type of another message.
        let is_received = |known: &Self| {
            let row = known.row();
            row.level.number() == level && row.received == Some(kind)
        };
        let mut received = kinds.clone().filter(is_received);
        let mut sent = kinds.filter(|known| known.sent() == Some((level, kind)));
        received.next().or_else(|| sent.next())
    }
}

/// A control message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum ControlMessage {
    /// A message that has a name here.
    Known {
        /// Which message.
        kind: ControlKind,
        /// Its data.
        value: ControlValue,
    },
    /// Any other message, or one whose data does not match the system's headers.
    Other {
        /// `cmsg_level`.
        level: i32,
        /// `cmsg_type`.
        kind: i32,
        /// What follows the header, without padding.
        #[cfg_attr(feature = "serde", serde(with = "hex::serde"))]
        #[cfg_attr(feature = "schema", schemars(with = "String"))]
        data: Vec<u8>,
    },
}

/// The data of a control message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum ControlValue {
    /// A number.
    Number(i32),
    /// An `in_pktinfo`.
    InPktinfo {
        /// `ipi_ifindex`: the interface that the datagram arrived on or leaves by; 0 for
        /// any.
        ifindex: u32,
        /// `ipi_addr`: received, the destination in the datagram's header; ignored when sent.
        addr: Ipv4Addr,
        /// `ipi_spec_dst`, the local address: received, that of the route back; sent, the
        /// source. `None` on Windows and NetBSD, whose structure has a single address;
        /// there `addr` is the source when sent.
        #[cfg_attr(
            feature = "serde",
            serde(default, skip_serializing_if = "Option::is_none")
        )]
        spec_dst: Option<Ipv4Addr>,
    },
    /// An `in6_pktinfo`.
    In6Pktinfo {
        /// `ipi6_ifindex`: the interface that the datagram arrived on or leaves by; 0 for
        /// any.
        ifindex: u32,
        /// `ipi6_addr`: received, the destination; sent, the source.
        addr: Ipv6Addr,
    },
    /// An `in_addr`.
    InAddr {
        /// The local address.
        addr: Ipv4Addr,
    },
    /// A `sockaddr_in` or `sockaddr_in6`.
    Sockaddr {
        /// The destination, with its port.
        addr: SocketAddr,
    },
}

impl ControlMessage {
    /// The kind of a message that has a name.
    pub fn kind(&self) -> Option<ControlKind> {
        match self {
            Self::Known { kind, .. } => Some(*kind),
            Self::Other { .. } => None,
        }
    }

    /// The data of a message that has a name.
    pub fn value(&self) -> Option<&ControlValue> {
        match self {
            Self::Known { value, .. } => Some(value),
            Self::Other { .. } => None,
        }
    }
}

impl ControlValue {
    /// The interface index in it, if it has one.
    pub fn interface(&self) -> Option<u32> {
        match self {
            Self::InPktinfo { ifindex, .. } | Self::In6Pktinfo { ifindex, .. } => Some(*ifindex),
            Self::Number(_) | Self::InAddr { .. } | Self::Sockaddr { .. } => None,
        }
    }

    /// Whether it is packet information: the local address of the datagram.
    pub fn is_pktinfo(&self) -> bool {
        match self {
            Self::InPktinfo { .. } | Self::In6Pktinfo { .. } | Self::InAddr { .. } => true,
            Self::Number(_) | Self::Sockaddr { .. } => false,
        }
    }
}

/// `IP_PKTINFO 127.0.0.1`; for a message without a name, level, type and data: `cmsg 0/11
/// 0a00ff`.
impl fmt::Display for ControlMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known { kind, value } => write!(f, "{} {value}", kind.name()),
            Self::Other { level, kind, data } => {
                write!(f, "cmsg {level}/{kind} ")?;
                data.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
    }
}

/// Without interface indices, which differ from machine to machine, and ports, which differ
/// from run to run.
impl fmt::Display for ControlValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::InPktinfo { addr, spec_dst, .. } => match spec_dst {
                Some(local) if local != addr => write!(f, "{addr} (ipi_spec_dst {local})"),
                _ => addr.fmt(f),
            },
            Self::In6Pktinfo { addr, .. } => addr.fmt(f),
            Self::InAddr { addr } => addr.fmt(f),
            Self::Sockaddr { addr } => addr.ip().fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const V4: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

    #[cfg(target_os = "linux")]
    #[rstest]
    #[case(ControlKind::IP_PKTINFO, Some((0, 8)))]
    #[case(ControlKind::IPV6_PKTINFO, Some((41, 50)))]
    #[case(ControlKind::IP_RECVDSTADDR, None)]
    #[case(ControlKind::IP_TOS, Some((0, 1)))]
    #[case(ControlKind::IP_TTL, Some((0, 2)))]
    #[case(ControlKind::IPV6_TCLASS, Some((41, 67)))]
    #[case(ControlKind::IPV6_HOPLIMIT, Some((41, 52)))]
    #[case(ControlKind::IP_ORIGDSTADDR, Some((0, 20)))]
    #[case(ControlKind::IPV6_ORIGDSTADDR, Some((41, 74)))]
    fn numbers_of_linux(#[case] kind: ControlKind, #[case] place: Option<(i32, i32)>) {
        assert_eq!(kind.sent(), place);
    }

    #[test]
    fn what_is_sent_is_known_when_it_comes() {
        for (name, kind) in ControlKind::ALL {
            assert_eq!(ControlKind::by_name(name), Some(*kind));
            if let Some((level, number)) = kind.sent() {
                assert_eq!(ControlKind::received(level, number), Some(*kind), "{name}");
            }
        }
        assert_eq!(ControlKind::received(12345, 678), None);
    }

    #[cfg(any(target_os = "freebsd", target_vendor = "apple"))]
    #[test]
    fn a_message_comes_by_the_number_of_the_option_that_asks_for_it() {
        let level = Level::IPPROTO_IP.number();
        let ttl = ControlKind::received(level, libc::IP_RECVTTL);
        assert_eq!(ttl, Some(ControlKind::IP_TTL));
    }

    #[rstest]
    #[case(ControlKind::IP_PKTINFO, "127.0.0.2", true)]
    #[case(ControlKind::IP_PKTINFO, "::1", false)]
    #[case(ControlKind::IPV6_PKTINFO, "::ffff:127.0.0.2", true)]
    #[case(ControlKind::IPV6_PKTINFO, "127.0.0.2", false)]
    #[case(ControlKind::IP_RECVDSTADDR, "127.0.0.2", true)]
    #[case(ControlKind::IP_TTL, "127.0.0.2", false)]
    #[case(ControlKind::IPV6_ORIGDSTADDR, "::1", true)]
    fn a_source_is_of_the_family_of_its_message(
        #[case] kind: ControlKind,
        #[case] ip: &str,
        #[case] fits: bool,
    ) {
        let source = kind.payload().source(ip.parse().unwrap(), 0);
        assert_eq!(source.is_some(), fits);
    }

    #[rstest]
    #[case(ControlKind::IP_TOS, ControlValue::Number(46), "IP_TOS 46")]
    #[case(
        ControlKind::IP_PKTINFO,
        ControlValue::InPktinfo { ifindex: 7, addr: V4, spec_dst: Some(V4) },
        "IP_PKTINFO 127.0.0.2"
    )]
    #[case(
        ControlKind::IP_PKTINFO,
        ControlValue::InPktinfo { ifindex: 7, addr: V4, spec_dst: Some(Ipv4Addr::LOCALHOST) },
        "IP_PKTINFO 127.0.0.2 (ipi_spec_dst 127.0.0.1)"
    )]
    #[case(
        ControlKind::IPV6_PKTINFO,
        ControlValue::In6Pktinfo { ifindex: 3, addr: V4.to_ipv6_mapped() },
        "IPV6_PKTINFO ::ffff:127.0.0.2"
    )]
    #[case(
        ControlKind::IPV6_ORIGDSTADDR,
        ControlValue::Sockaddr { addr: (V4.to_ipv6_mapped(), 53).into() },
        "IPV6_ORIGDSTADDR ::ffff:127.0.0.2"
    )]
    fn messages_as_text(
        #[case] kind: ControlKind,
        #[case] value: ControlValue,
        #[case] text: &str,
    ) {
        assert_eq!(ControlMessage::Known { kind, value }.to_string(), text);
    }

    #[test]
    fn a_message_without_a_name_shows_its_bytes() {
        let other = ControlMessage::Other {
            level: 12345,
            kind: 678,
            data: vec![10, 255],
        };
        assert_eq!(other.to_string(), "cmsg 12345/678 0aff");
    }
}
