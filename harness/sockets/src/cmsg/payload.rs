//! The data of control messages: one codec for each payload.

use std::net::{Ipv4Addr, Ipv6Addr};

use dualstack_names::{ControlValue, Payload};

use super::imp;
use crate::sockaddr::{RawSockaddr, SOCKADDR_IN6, whole};

/// The size of `in6_pktinfo`, which all systems lay out as an address and an index (RFC 3542,
/// section 6).
pub(super) const IN6_PKTINFO: usize = 20;

/// The space in bytes that a message needs for it. A number that may be received as 1
/// byte has space for 4.
pub(super) fn room(payload: Payload) -> usize {
    match payload {
        Payload::Int | Payload::Byte | Payload::InAddr => 4,
        Payload::InPktinfo => imp::IN_PKTINFO,
        Payload::In6Pktinfo => IN6_PKTINFO,
        Payload::Sockaddr => SOCKADDR_IN6,
    }
}

/// The name of a value of it, for messages.
pub(super) fn form(payload: Payload) -> &'static str {
    match payload {
        Payload::Int => "a number",
        Payload::Byte => "a number up to 255",
        Payload::InPktinfo => "an in_pktinfo",
        Payload::In6Pktinfo => "an in6_pktinfo",
        Payload::InAddr => "an in_addr",
        Payload::Sockaddr => "a sockaddr_in or sockaddr_in6",
    }
}

/// The bytes for sending. `None` if the value has another payload type.
pub(super) fn encode(payload: Payload, value: &ControlValue) -> Option<Vec<u8>> {
    Some(match (payload, *value) {
        (Payload::Int, ControlValue::Number(number)) => number.to_ne_bytes().to_vec(),
        (Payload::Byte, ControlValue::Number(number)) => vec![u8::try_from(number).ok()?],
        (
            Payload::InPktinfo,
            ControlValue::InPktinfo {
                ifindex,
                addr,
                spec_dst,
            },
        ) => imp::write_in_pktinfo(ifindex, spec_dst.unwrap_or(addr), addr).to_vec(),
        (Payload::In6Pktinfo, ControlValue::In6Pktinfo { ifindex, addr }) => {
            [&addr.octets()[..], &ifindex.to_ne_bytes()].concat()
        }
        (Payload::InAddr, ControlValue::InAddr { addr }) => addr.octets().to_vec(),
        (Payload::Sockaddr, ControlValue::Sockaddr { addr }) => {
            RawSockaddr::from(addr).as_bytes().to_vec()
        }
        (
            Payload::Int
            | Payload::Byte
            | Payload::InPktinfo
            | Payload::In6Pktinfo
            | Payload::InAddr
            | Payload::Sockaddr,
            _,
        ) => return None,
    })
}

/// Reads a received message. `None` if the data does not have the size of the payload.
pub(super) fn decode(payload: Payload, data: &[u8]) -> Option<ControlValue> {
    Some(match payload {
        Payload::Int | Payload::Byte => ControlValue::Number(decode_int(data)?),
        Payload::InPktinfo => {
            let (ifindex, spec_dst, addr) = imp::read_in_pktinfo(data.try_into().ok()?);
            ControlValue::InPktinfo {
                ifindex,
                addr,
                spec_dst,
            }
        }
        Payload::In6Pktinfo => {
            let (addr, ifindex) = data.split_first_chunk::<16>()?;
            ControlValue::In6Pktinfo {
                ifindex: u32::from_ne_bytes(ifindex.try_into().ok()?),
                addr: Ipv6Addr::from(*addr),
            }
        }
        Payload::InAddr => ControlValue::InAddr {
            addr: Ipv4Addr::from(<[u8; 4]>::try_from(data).ok()?),
        },
        Payload::Sockaddr => ControlValue::Sockaddr { addr: whole(data)? },
    })
}

/// A number in as many bytes as the system used.
fn decode_int(data: &[u8]) -> Option<i32> {
    match *data {
        [byte] => Some(i32::from(byte)),
        [a, b, c, d] => Some(i32::from_ne_bytes([a, b, c, d])),
        _ => None,
    }
}
