//! Control messages: what goes with a datagram beside its data.
//!
//! The [`Encoder`] and the [`Iter`] work on plain bytes; the layout of a header, the numbers of the
//! messages and their structures are the system's (`unix.rs`, `windows.rs`).

#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(windows, path = "windows.rs")]
mod imp;

use std::borrow::Cow;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::buffer::Buffer;
use crate::error::{Error, Result};

/// A control message.
///
/// A kind that the system lacks cannot be sent ([`Error::Unavailable`]); one that is unknown here,
/// or whose data is not as the system's headers have it, is [`ControlMessage::Other`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ControlMessage {
    /// `IP_PKTINFO`, ip(7): Linux, Apple, NetBSD, Windows. FreeBSD, OpenBSD and DragonFly have
    /// [`ControlMessage::IpRecvdstaddr`] instead.
    IpPktinfo {
        /// The interface that the datagram arrived on, or is to leave by; 0 for any.
        ifindex: u32,
        /// The local address: received, that of the route back; sent, the source address. Windows
        /// and NetBSD have a single address, which is both this and `addr`: sent, it is this one.
        spec_dst: Ipv4Addr,
        /// Received, the destination in the datagram's header; ignored when sent.
        addr: Ipv4Addr,
    },
    /// `IPV6_PKTINFO`, RFC 3542 section 6.
    Ipv6Pktinfo {
        /// The interface that the datagram arrived on, or is to leave by; 0 for any.
        ifindex: u32,
        /// Received, the destination; sent, the source address.
        addr: Ipv6Addr,
    },
    /// `IP_TOS`: the type of service. Comes in 1 byte or in 4.
    IpTos(i32),
    /// `IPV6_TCLASS`: the traffic class, RFC 3542 section 6.5. Comes in 1 byte or in 4.
    Ipv6Tclass(i32),
    /// `IP_TTL`: the time to live. Comes in 1 byte or in 4.
    IpTtl(i32),
    /// `IPV6_HOPLIMIT`: the hop limit, RFC 3542 section 6.3.
    Ipv6Hoplimit(i32),
    /// `IP_RECVDSTADDR`, on the way out `IP_SENDSRCADDR`, which is the same number: the local
    /// address. BSDs, Apple and Windows.
    IpRecvdstaddr(Ipv4Addr),
    /// Any other, as raw as it is.
    Other {
        /// `cmsg_level`.
        level: i32,
        /// `cmsg_type`.
        kind: i32,
        /// What follows the header, without padding.
        data: Vec<u8>,
    },
}

impl ControlMessage {
    /// Its kind, unless it is [`ControlMessage::Other`].
    pub fn kind(&self) -> Option<ControlKind> {
        Some(match self {
            Self::IpPktinfo { .. } => ControlKind::IpPktinfo,
            Self::Ipv6Pktinfo { .. } => ControlKind::Ipv6Pktinfo,
            Self::IpTos(_) => ControlKind::IpTos,
            Self::Ipv6Tclass(_) => ControlKind::Ipv6Tclass,
            Self::IpTtl(_) => ControlKind::IpTtl,
            Self::Ipv6Hoplimit(_) => ControlKind::Ipv6Hoplimit,
            Self::IpRecvdstaddr(_) => ControlKind::IpRecvdstaddr,
            Self::Other { .. } => return None,
        })
    }

    /// The name in C, or `level/type` by number.
    pub fn name(&self) -> Cow<'static, str> {
        match (self.kind(), self) {
            (Some(kind), _) => kind.name().into(),
            (None, Self::Other { level, kind, .. }) => format!("{level}/{kind}").into(),
            (None, _) => unreachable!("only `Other` has no kind"),
        }
    }

    /// Reads a message as it was received.
    fn from_raw(raw: &Raw<'_>) -> Self {
        let known = imp::received_as(raw.level, raw.kind);
        known
            .and_then(|kind| Self::from_data(kind, raw.data))
            .unwrap_or_else(|| Self::Other {
                level: raw.level,
                kind: raw.kind,
                data: raw.data.to_vec(),
            })
    }

    /// `None` if the data is not of that kind's size.
    fn from_data(kind: ControlKind, data: &[u8]) -> Option<Self> {
        Some(match kind {
            ControlKind::IpPktinfo => {
                let (ifindex, spec_dst, addr) = imp::read_in_pktinfo(data.try_into().ok()?);
                Self::IpPktinfo {
                    ifindex,
                    spec_dst,
                    addr,
                }
            }
            ControlKind::Ipv6Pktinfo => {
                let (addr, ifindex) = data.split_first_chunk::<16>()?;
                let ifindex = u32::from_ne_bytes(ifindex.try_into().ok()?);
                Self::Ipv6Pktinfo {
                    ifindex,
                    addr: Ipv6Addr::from(*addr),
                }
            }
            ControlKind::IpTos => Self::IpTos(read_int(data)?),
            ControlKind::Ipv6Tclass => Self::Ipv6Tclass(read_int(data)?),
            ControlKind::IpTtl => Self::IpTtl(read_int(data)?),
            ControlKind::Ipv6Hoplimit => Self::Ipv6Hoplimit(read_int(data)?),
            ControlKind::IpRecvdstaddr => {
                Self::IpRecvdstaddr(Ipv4Addr::from(<[u8; 4]>::try_from(data).ok()?))
            }
        })
    }

    /// What follows the header when it is sent.
    fn to_data(&self) -> Vec<u8> {
        match *self {
            Self::IpPktinfo {
                ifindex,
                spec_dst,
                addr,
            } => imp::write_in_pktinfo(ifindex, spec_dst, addr).to_vec(),
            Self::Ipv6Pktinfo { ifindex, addr } => {
                [&addr.octets()[..], &ifindex.to_ne_bytes()].concat()
            }
            Self::IpTos(value) => imp::write_tos(value),
            Self::Ipv6Tclass(value) | Self::IpTtl(value) | Self::Ipv6Hoplimit(value) => {
                value.to_ne_bytes().to_vec()
            }
            Self::IpRecvdstaddr(addr) => addr.octets().to_vec(),
            Self::Other { ref data, .. } => data.clone(),
        }
    }

    /// `cmsg_level` and `cmsg_type` when it is sent.
    fn place(&self) -> Result<(i32, i32)> {
        match (self, self.kind()) {
            (_, Some(kind)) => kind.place(),
            (&Self::Other { level, kind, .. }, None) => Ok((level, kind)),
            (_, None) => unreachable!("only `Other` has no kind"),
        }
    }
}

/// `IP_PKTINFO 127.0.0.1`, `IPV6_HOPLIMIT 64`; of another, its bytes: `0/11 0a00ff`.
impl fmt::Display for ControlMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.name())?;
        match self {
            Self::IpPktinfo { addr, .. } | Self::IpRecvdstaddr(addr) => addr.fmt(f),
            Self::Ipv6Pktinfo { addr, .. } => addr.fmt(f),
            Self::IpTos(value)
            | Self::Ipv6Tclass(value)
            | Self::IpTtl(value)
            | Self::Ipv6Hoplimit(value) => value.fmt(f),
            Self::Other { data, .. } => data.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
        }
    }
}

/// The kinds of control message that have a name here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ControlKind {
    /// See [`ControlMessage::IpPktinfo`].
    IpPktinfo,
    /// See [`ControlMessage::Ipv6Pktinfo`].
    Ipv6Pktinfo,
    /// See [`ControlMessage::IpTos`].
    IpTos,
    /// See [`ControlMessage::Ipv6Tclass`].
    Ipv6Tclass,
    /// See [`ControlMessage::IpTtl`].
    IpTtl,
    /// See [`ControlMessage::Ipv6Hoplimit`].
    Ipv6Hoplimit,
    /// See [`ControlMessage::IpRecvdstaddr`].
    IpRecvdstaddr,
}

impl ControlKind {
    /// All of them, those that this system lacks included.
    pub const ALL: [Self; 7] = [
        Self::IpPktinfo,
        Self::Ipv6Pktinfo,
        Self::IpTos,
        Self::Ipv6Tclass,
        Self::IpTtl,
        Self::Ipv6Hoplimit,
        Self::IpRecvdstaddr,
    ];

    /// The kind with this name in C.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The name in C: that of the message, not of the option that asks for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::IpPktinfo => "IP_PKTINFO",
            Self::Ipv6Pktinfo => "IPV6_PKTINFO",
            Self::IpTos => "IP_TOS",
            Self::Ipv6Tclass => "IPV6_TCLASS",
            Self::IpTtl => "IP_TTL",
            Self::Ipv6Hoplimit => "IPV6_HOPLIMIT",
            Self::IpRecvdstaddr => "IP_RECVDSTADDR",
        }
    }

    /// The message of this kind that carries this value: an address (to send from), or a number.
    /// `None` if this kind does not carry such a value.
    pub fn parse(self, value: &str) -> Option<ControlMessage> {
        Some(match self {
            Self::IpPktinfo => ControlMessage::IpPktinfo {
                ifindex: 0,
                spec_dst: value.parse().ok()?,
                addr: Ipv4Addr::UNSPECIFIED,
            },
            Self::Ipv6Pktinfo => ControlMessage::Ipv6Pktinfo {
                ifindex: 0,
                addr: value.parse().ok()?,
            },
            Self::IpRecvdstaddr => ControlMessage::IpRecvdstaddr(value.parse().ok()?),
            Self::IpTos => ControlMessage::IpTos(value.parse().ok()?),
            Self::Ipv6Tclass => ControlMessage::Ipv6Tclass(value.parse().ok()?),
            Self::IpTtl => ControlMessage::IpTtl(value.parse().ok()?),
            Self::Ipv6Hoplimit => ControlMessage::Ipv6Hoplimit(value.parse().ok()?),
        })
    }

    /// The length of its data in bytes. A value that may come in 1 byte has room for 4.
    fn data_len(self) -> usize {
        match self {
            Self::IpPktinfo => imp::IN_PKTINFO,
            Self::Ipv6Pktinfo => IN6_PKTINFO,
            Self::IpTos | Self::Ipv6Tclass | Self::IpTtl | Self::Ipv6Hoplimit => 4,
            Self::IpRecvdstaddr => 4,
        }
    }

    /// `cmsg_level` and `cmsg_type` when it is sent.
    fn place(self) -> Result<(i32, i32)> {
        imp::sent_as(self).ok_or_else(|| Error::unavailable(self.name()))
    }
}

/// The size of `in6_pktinfo`, which all systems lay out as an address and an index (RFC 3542,
/// section 6).
const IN6_PKTINFO: usize = 20;

/// The size in bytes of a control buffer that has room for one message of each of these kinds, and
/// no more: the sum of their `CMSG_SPACE`.
///
/// # Errors
///
/// [`Error::Unavailable`] if this system lacks one of them.
pub fn space_for(kinds: &[ControlKind]) -> Result<usize> {
    kinds
        .iter()
        .map(|kind| kind.place().map(|_| imp::space(kind.data_len())))
        .sum()
}

/// Lays out messages to be sent, in this order.
pub(crate) fn encode(messages: &[ControlMessage]) -> Result<Buffer> {
    let data: Vec<_> = messages.iter().map(ControlMessage::to_data).collect();
    let mut encoder = Encoder::new(data.iter().map(|data| imp::space(data.len())).sum());
    for (message, data) in messages.iter().zip(&data) {
        let (level, kind) = message.place()?;
        encoder.push(&Raw { level, kind, data });
    }
    Ok(encoder.finish())
}

/// Reads the messages that were received in these bytes.
pub(crate) fn decode(bytes: &[u8]) -> Vec<ControlMessage> {
    Iter::new(bytes)
        .map(|raw| ControlMessage::from_raw(&raw))
        .collect()
}

/// A header's fields and the data that follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Raw<'a> {
    level: i32,
    kind: i32,
    data: &'a [u8],
}

/// Appends messages to a buffer.
struct Encoder {
    buffer: Buffer,
    used: usize,
}

impl Encoder {
    fn new(capacity: usize) -> Self {
        Self {
            buffer: Buffer::zeroed(capacity),
            used: 0,
        }
    }

    /// # Panics
    ///
    /// If the message does not fit.
    fn push(&mut self, raw: &Raw<'_>) {
        let room = &mut self.buffer.as_mut_bytes()[self.used..][..imp::space(raw.data.len())];
        let length = imp::HEADER + raw.data.len();
        imp::write_header(room, length, raw.level, raw.kind);
        room[imp::HEADER..length].copy_from_slice(raw.data);
        self.used += room.len();
    }

    fn finish(self) -> Buffer {
        debug_assert_eq!(self.used, self.buffer.len());
        self.buffer
    }
}

/// Goes through messages as they were received.
///
/// Trusts no length: a message ends where its bytes end, and one too short for its own header ends
/// the iteration (before macOS 14 such headers of zeroes follow the last message, see quinn-udp's
/// `cmsg/mod.rs`).
struct Iter<'a> {
    rest: &'a [u8],
}

impl<'a> Iter<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }
}

impl<'a> Iterator for Iter<'a> {
    type Item = Raw<'a>;

    fn next(&mut self) -> Option<Raw<'a>> {
        let (length, level, kind) = imp::read_header(self.rest)?;
        let data_len = length.checked_sub(imp::HEADER)?;
        let data = self.rest.get(imp::HEADER..)?;
        let data = &data[..data_len.min(data.len())];
        self.rest = self.rest.get(imp::space(data.len())..).unwrap_or_default();
        Some(Raw { level, kind, data })
    }
}

/// A number in as many bytes as the system chose.
fn read_int(data: &[u8]) -> Option<i32> {
    match *data {
        [byte] => Some(i32::from(byte)),
        [a, b, c, d] => Some(i32::from_ne_bytes([a, b, c, d])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const V4: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

    fn pktinfo4() -> ControlMessage {
        ControlMessage::IpPktinfo {
            ifindex: 7,
            spec_dst: V4,
            addr: V4,
        }
    }

    fn pktinfo6() -> ControlMessage {
        ControlMessage::Ipv6Pktinfo {
            ifindex: 3,
            addr: V4.to_ipv6_mapped(),
        }
    }

    fn other(data: &[u8]) -> ControlMessage {
        ControlMessage::Other {
            level: 12345,
            kind: 678,
            data: data.to_vec(),
        }
    }

    #[rstest]
    #[case::nothing(vec![])]
    #[case::pktinfo6(vec![pktinfo6()])]
    #[case::tclass(vec![ControlMessage::Ipv6Tclass(0xb8)])]
    #[case::hoplimit(vec![ControlMessage::Ipv6Hoplimit(-1)])]
    #[case::empty(vec![other(b"")])]
    #[case::odd_sizes(vec![other(b"x"), other(b"seventeen bytes!!"), pktinfo6()])]
    fn what_is_encoded_is_decoded(#[case] messages: Vec<ControlMessage>) {
        let buffer = encode(&messages).unwrap();
        assert_eq!(decode(buffer.as_bytes()), messages);
    }

    #[cfg(any(target_os = "linux", target_vendor = "apple", windows))]
    #[test]
    fn in_pktinfo_is_encoded_and_decoded() {
        let messages = [pktinfo4(), pktinfo6(), pktinfo4()];
        assert_eq!(decode(encode(&messages).unwrap().as_bytes()), messages);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_bytes_are_those_of_the_c_structures() {
        let bytes = encode(&[pktinfo4(), pktinfo6()]).unwrap();
        let number =
            |offset: usize| u32::from_ne_bytes(bytes.as_bytes()[offset..][..4].try_into().unwrap());
        // cmsg(3): a length of size_t, level, type; then in_pktinfo of ip(7).
        let header = size_of::<usize>() + 8;
        assert_eq!(number(0) as usize, header + 12);
        assert_eq!(
            (number(header - 8), number(header - 4), number(header)),
            (0, 8, 7)
        );
        assert_eq!(bytes.as_bytes()[header + 4..][..4], V4.octets());
        assert_eq!(bytes.as_bytes()[header + 8..][..4], V4.octets());
        // Then in6_pktinfo, aligned as a size_t.
        let second = (header + 12).next_multiple_of(size_of::<usize>());
        assert_eq!(number(second) as usize, header + 20);
        assert_eq!(
            bytes.as_bytes()[second + header..][..16],
            V4.to_ipv6_mapped().octets()
        );
        assert_eq!(number(second + header + 16), 3);
    }

    #[rstest]
    #[case::one_byte(&[0xb8], Some(0xb8))]
    #[case::four_bytes(&0xb8_i32.to_ne_bytes(), Some(0xb8))]
    #[case::none(&[], None)]
    #[case::two(&[1, 2], None)]
    fn numbers_in_one_byte_or_four(#[case] data: &[u8], #[case] value: Option<i32>) {
        let (level, kind) = ControlKind::Ipv6Tclass.place().unwrap();
        let raw = Raw { level, kind, data };
        let expected = value.map_or_else(
            || ControlMessage::Other {
                level,
                kind,
                data: data.to_vec(),
            },
            ControlMessage::Ipv6Tclass,
        );
        assert_eq!(ControlMessage::from_raw(&raw), expected);
    }

    #[rstest]
    #[case::all_but_one_byte(IN6_PKTINFO - 1)]
    #[case::only_the_header(0)]
    fn a_message_cut_short_keeps_the_bytes_it_has(#[case] left: usize) {
        let whole = encode(&[pktinfo6()]).unwrap();
        let (level, kind) = ControlKind::Ipv6Pktinfo.place().unwrap();
        let data = whole.as_bytes()[imp::HEADER..][..left].to_vec();
        let cut = &whole.as_bytes()[..imp::HEADER + left];
        assert_eq!(decode(cut), [ControlMessage::Other { level, kind, data }]);
    }

    #[rstest]
    #[case::nothing(&[])]
    #[case::less_than_a_header(&[0xff; 11])]
    #[case::zeroes(&[0; 64])]
    fn bytes_that_hold_no_message(#[case] bytes: &[u8]) {
        assert_eq!(decode(bytes), []);
    }

    #[test]
    fn absurd_lengths_end_at_the_buffer() {
        let mut buffer = encode(&[other(b"12345678")]).unwrap();
        let end = buffer.len();
        imp::write_header(buffer.as_mut_bytes(), end + 4096, 12345, 678);
        let ControlMessage::Other { data, .. } = &decode(buffer.as_bytes())[0] else {
            panic!()
        };
        assert_eq!(data.len(), end - imp::HEADER);
        assert_eq!(decode(buffer.as_bytes()).len(), 1);
    }

    #[test]
    fn space_is_the_sum_of_what_is_encoded() {
        let one = encode(&[pktinfo6()]).unwrap().len();
        let two = encode(&[pktinfo6(), ControlMessage::Ipv6Hoplimit(1)])
            .unwrap()
            .len();
        assert_eq!(space_for(&[]), Ok(0));
        assert_eq!(space_for(&[ControlKind::Ipv6Pktinfo]), Ok(one));
        assert_eq!(
            space_for(&[ControlKind::Ipv6Pktinfo, ControlKind::Ipv6Hoplimit]),
            Ok(two)
        );
    }

    #[cfg(any(target_os = "linux", target_os = "freebsd"))]
    #[test]
    fn a_kind_that_the_system_lacks_is_unavailable() {
        let (kind, message) = if cfg!(target_os = "linux") {
            (
                ControlKind::IpRecvdstaddr,
                ControlMessage::IpRecvdstaddr(V4),
            )
        } else {
            (ControlKind::IpPktinfo, pktinfo4())
        };
        let unavailable = Error::unavailable(kind.name());
        assert_eq!(space_for(&[kind]), Err(unavailable.clone()));
        assert_eq!(encode(&[message]).err(), Some(unavailable));
    }

    #[rstest]
    #[case("IP_PKTINFO", "127.0.0.2", Some(ControlMessage::IpPktinfo {
        ifindex: 0, spec_dst: V4, addr: Ipv4Addr::UNSPECIFIED
    }))]
    #[case("IPV6_PKTINFO", "::1", Some(ControlMessage::Ipv6Pktinfo {
        ifindex: 0, addr: Ipv6Addr::LOCALHOST
    }))]
    #[case("IP_TTL", "9", Some(ControlMessage::IpTtl(9)))]
    #[case("IP_RECVDSTADDR", "127.0.0.2", Some(ControlMessage::IpRecvdstaddr(V4)))]
    #[case::wrong_family("IP_PKTINFO", "::1", None)]
    #[case::not_a_number("IPV6_TCLASS", "::1", None)]
    fn values_as_text(
        #[case] name: &str,
        #[case] value: &str,
        #[case] message: Option<ControlMessage>,
    ) {
        assert_eq!(ControlKind::by_name(name).unwrap().parse(value), message);
    }

    #[rstest]
    #[case(pktinfo4(), "IP_PKTINFO 127.0.0.2")]
    #[case(pktinfo6(), "IPV6_PKTINFO ::ffff:127.0.0.2")]
    #[case(ControlMessage::IpTos(46), "IP_TOS 46")]
    #[case(other(&[10, 255]), "12345/678 0aff")]
    fn messages_as_text(#[case] message: ControlMessage, #[case] text: &str) {
        assert_eq!(message.to_string(), text);
    }
}
