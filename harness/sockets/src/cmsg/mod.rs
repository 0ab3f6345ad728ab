//! The bytes of control messages.
//!
//! The [`Encoder`] and the [`Iter`] work on plain bytes; the layout of a header and of `in_pktinfo`
//! is the system's (`unix.rs`, `windows.rs`); numbers and payloads are in the table of
//! [`dualstack_names`].

#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(windows, path = "windows.rs")]
mod imp;
mod payload;

use dualstack_names::{ControlKind, ControlMessage};

use crate::buffer::Buffer;
use crate::error::{Error, Result};

/// The `cmsg_level` and `cmsg_type` of a message for sending.
fn place(kind: ControlKind) -> Result<(i32, i32)> {
    kind.sent().ok_or_else(|| Error::unavailable(kind.name()))
}

/// The size in bytes of a control buffer with room for exactly one message of each of
/// these kinds: the sum of their `CMSG_SPACE`.
///
/// # Errors
///
/// [`Error::Unavailable`] if this system lacks one of them.
pub fn space_for(kinds: &[ControlKind]) -> Result<usize> {
    kinds
        .iter()
        .map(|kind| place(*kind).map(|_| imp::space(payload::room(kind.payload()))))
        .sum()
}

/// Encodes messages for sending, in this order.
pub(crate) fn encode(messages: &[ControlMessage]) -> Result<Buffer> {
    let messages = messages.iter().map(to_raw).collect::<Result<Vec<_>>>()?;
    let sizes = messages.iter().map(|(_, data)| imp::space(data.len()));
    let mut encoder = Encoder::new(sizes.sum());
    for &((level, kind), ref data) in &messages {
        encoder.push(&Raw { level, kind, data });
    }
    Ok(encoder.finish())
}

/// Reads the received messages in these bytes.
pub(crate) fn decode(bytes: &[u8]) -> Vec<ControlMessage> {
    Iter::new(bytes).map(|raw| from_raw(&raw)).collect()
}

/// Level, type and data of a message for sending.
fn to_raw(message: &ControlMessage) -> Result<((i32, i32), Vec<u8>)> {
    match message {
        ControlMessage::Known { kind, value } => {
            let data = payload::encode(kind.payload(), value).ok_or_else(|| Error::Mismatch {
                option: kind.name(),
                wanted: payload::form(kind.payload()).to_owned(),
                value: value.to_string(),
            })?;
            Ok((place(*kind)?, data))
        }
        ControlMessage::Other { level, kind, data } => Ok(((*level, *kind), data.clone())),
    }
}

/// A received message.
fn from_raw(raw: &Raw<'_>) -> ControlMessage {
    let known = ControlKind::received(raw.level, raw.kind).and_then(|kind| {
        let value = payload::decode(kind.payload(), raw.data)?;
        Some(ControlMessage::Known { kind, value })
    });
    known.unwrap_or_else(|| ControlMessage::Other {
        level: raw.level,
        kind: raw.kind,
        data: raw.data.to_vec(),
    })
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

/// Iterates over received messages.
///
/// Trusts no length: a message ends where its bytes end, and one too short for its own
/// header ends the iteration (before macOS 14 such headers of zeroes follow the last
/// message, see quinn-udp's `cmsg/mod.rs`).
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

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use dualstack_names::ControlValue;
    use rstest::rstest;

    use super::*;
    use payload::IN6_PKTINFO;

    const V4: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

    fn known(kind: ControlKind, value: ControlValue) -> ControlMessage {
        ControlMessage::Known { kind, value }
    }

    fn number(kind: ControlKind, number: i32) -> ControlMessage {
        known(kind, ControlValue::Number(number))
    }

    fn pktinfo4() -> ControlMessage {
        known(
            ControlKind::IP_PKTINFO,
            ControlValue::InPktinfo {
                ifindex: 7,
                addr: V4,
                spec_dst: (!cfg!(windows)).then_some(V4),
            },
        )
    }

    fn pktinfo6() -> ControlMessage {
        known(
            ControlKind::IPV6_PKTINFO,
            ControlValue::In6Pktinfo {
                ifindex: 3,
                addr: V4.to_ipv6_mapped(),
            },
        )
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
    #[case::tclass(vec![number(ControlKind::IPV6_TCLASS, 0xb8)])]
    #[case::hoplimit(vec![number(ControlKind::IPV6_HOPLIMIT, -1)])]
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
        let (level, kind) = place(ControlKind::IPV6_TCLASS).unwrap();
        let raw = Raw { level, kind, data };
        let expected = value.map_or_else(
            || ControlMessage::Other {
                level,
                kind,
                data: data.to_vec(),
            },
            |value| number(ControlKind::IPV6_TCLASS, value),
        );
        assert_eq!(from_raw(&raw), expected);
    }

    #[rstest]
    #[case::all_but_one_byte(IN6_PKTINFO - 1)]
    #[case::only_the_header(0)]
    fn a_message_cut_short_keeps_the_bytes_it_has(#[case] left: usize) {
        let whole = encode(&[pktinfo6()]).unwrap();
        let (level, kind) = place(ControlKind::IPV6_PKTINFO).unwrap();
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
        let two = encode(&[pktinfo6(), number(ControlKind::IPV6_HOPLIMIT, 1)])
            .unwrap()
            .len();
        assert_eq!(space_for(&[]), Ok(0));
        assert_eq!(space_for(&[ControlKind::IPV6_PKTINFO]), Ok(one));
        assert_eq!(
            space_for(&[ControlKind::IPV6_PKTINFO, ControlKind::IPV6_HOPLIMIT]),
            Ok(two)
        );
    }

    #[cfg(any(target_os = "linux", target_os = "freebsd"))]
    #[test]
    fn a_kind_that_the_system_lacks_is_unavailable() {
        let (kind, message) = if cfg!(target_os = "linux") {
            let kind = ControlKind::IP_RECVDSTADDR;
            (kind, known(kind, ControlValue::InAddr { addr: V4 }))
        } else {
            (ControlKind::IP_PKTINFO, pktinfo4())
        };
        let unavailable = Error::unavailable(kind.name());
        assert_eq!(space_for(&[kind]), Err(unavailable.clone()));
        assert_eq!(encode(&[message]).err(), Some(unavailable));
    }

    #[rstest]
    #[case(ControlKind::IP_TTL, ControlValue::InAddr { addr: V4 }, "IP_TTL takes a number, not 127.0.0.2")]
    #[case(
        ControlKind::IPV6_PKTINFO,
        ControlValue::Number(1),
        "IPV6_PKTINFO takes an in6_pktinfo, not 1"
    )]
    fn a_value_of_another_payload_is_refused(
        #[case] kind: ControlKind,
        #[case] value: ControlValue,
        #[case] why: &str,
    ) {
        let error = encode(&[known(kind, value)]).err().unwrap();
        assert_eq!(error.to_string(), why);
    }
}
