//! `sockaddr`s as bytes, as passed to the system and as returned by it.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use dualstack_names::{Family, Sockaddr};
use socket2::SockAddr;

use crate::buffer::Buffer;
use crate::imp;

/// A `sockaddr` and a length, either to be passed to the system or as returned by it.
///
/// Nothing is ever converted: `RawSockaddr::from("127.0.0.1:80")` is a `sockaddr_in` for
/// every socket, and `[::ffff:127.0.0.1]:80` a `sockaddr_in6`.
#[derive(Clone, PartialEq, Eq)]
pub struct RawSockaddr {
    buffer: Buffer,
    length: usize,
}

impl RawSockaddr {
    /// The size in bytes of a `sockaddr_storage`, which can hold any name.
    pub const CAPACITY: usize = 128;

    /// The same `sockaddr`, but with this length (in bytes) passed to the system instead
    /// of its own.
    ///
    /// Bytes past the `sockaddr` are zero.
    #[must_use]
    pub fn with_length(mut self, length: u32) -> Self {
        let length = length as usize;
        if length > self.buffer.len() {
            let mut longer = Buffer::zeroed(length);
            longer.as_mut_bytes()[..self.buffer.len()].copy_from_slice(self.buffer.as_bytes());
            self.buffer = longer;
        }
        self.length = length;
        self
    }

    /// The length in bytes: for a name to be passed, the length passed with it; for a
    /// returned name, the length that the system reported.
    ///
    /// A reported length is not changed. It can be longer than the buffer (accept(2):
    /// "the returned address is truncated if the buffer provided is too small; in this
    /// case, addrlen will return a value greater than was supplied to the call").
    pub fn length(&self) -> usize {
        self.length
    }

    /// The size in bytes of the buffer for the system.
    pub fn capacity(&self) -> usize {
        self.buffer.len()
    }

    /// The bytes that exist: at most the length, and at most the capacity.
    pub fn as_bytes(&self) -> &[u8] {
        let bytes = self.buffer.as_bytes();
        &bytes[..self.length.min(bytes.len())]
    }

    /// The decoded bytes.
    pub fn decode(&self) -> Sockaddr {
        let bytes = self.as_bytes();
        if self.length == 0 {
            return Sockaddr::Empty;
        }
        let family = imp::family(bytes).map(Family);
        let decoded = match family {
            Some(Family::AF_INET) => decode_v4(bytes).map(Sockaddr::V4),
            Some(Family::AF_INET6) => decode_v6(bytes).map(Sockaddr::V6),
            Some(other) => Some(Sockaddr::Other {
                family: other.name().into_owned(),
                len: self.length as i64,
            }),
            None => None,
        };
        decoded.unwrap_or_else(|| Sockaddr::Truncated {
            family: family.map_or_else(|| "none".to_owned(), |family| family.name().into_owned()),
            len: bytes.len(),
        })
    }

    /// An empty buffer of this many bytes for the system to fill.
    pub(crate) fn to_fill(capacity: usize) -> Self {
        Self {
            buffer: Buffer::zeroed(capacity),
            length: capacity,
        }
    }

    /// The buffer, of `capacity` bytes.
    pub(crate) fn as_mut_bytes(&mut self) -> &mut [u8] {
        self.buffer.as_mut_bytes()
    }

    /// Stores the length that the system reported.
    pub(crate) fn filled(mut self, length: usize) -> Self {
        self.length = length;
        self
    }
}

impl From<SocketAddr> for RawSockaddr {
    fn from(address: SocketAddr) -> Self {
        let raw = SockAddr::from(address);
        let length = raw.len() as usize;
        let mut buffer = Buffer::zeroed(length);
        // SAFETY: a `SockAddr` holds `len()` initialised bytes of a sockaddr without padding:
        // socket2 starts from a zeroed `sockaddr_storage`.
        let bytes = unsafe { std::slice::from_raw_parts(raw.as_ptr().cast::<u8>(), length) };
        buffer.as_mut_bytes().copy_from_slice(bytes);
        Self { buffer, length }
    }
}

impl fmt::Display for RawSockaddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.decode().with_port())
    }
}

impl fmt::Debug for RawSockaddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawSockaddr")
            .field("sockaddr", &self.decode())
            .field("length", &self.length)
            .field("capacity", &self.capacity())
            .finish()
    }
}

// All systems have the same offsets for the fields of both structures, once the family is
// known (RFC 3493, section 3.3; BSDs have a length in the first byte, which is taken from
// the family).

/// The size in bytes of a `sockaddr_in`.
const SOCKADDR_IN: usize = 16;

/// The size in bytes of a `sockaddr_in6`.
pub(crate) const SOCKADDR_IN6: usize = 28;

/// Bytes that are a whole `sockaddr_in` or `sockaddr_in6`, and nothing more.
pub(crate) fn whole(bytes: &[u8]) -> Option<SocketAddr> {
    match (imp::family(bytes).map(Family)?, bytes.len()) {
        (Family::AF_INET, SOCKADDR_IN) => decode_v4(bytes).map(SocketAddr::V4),
        (Family::AF_INET6, SOCKADDR_IN6) => decode_v6(bytes).map(SocketAddr::V6),
        _ => None,
    }
}

/// `sockaddr_in`: port at 2, address at 4.
fn decode_v4(bytes: &[u8]) -> Option<SocketAddrV4> {
    let bytes: &[u8; SOCKADDR_IN] = bytes.get(..SOCKADDR_IN)?.try_into().ok()?;
    let port = u16::from_be_bytes(field(bytes, 2));
    Some(SocketAddrV4::new(
        Ipv4Addr::from(field::<4>(bytes, 4)),
        port,
    ))
}

/// `sockaddr_in6`: port at 2, flow information at 4, address at 8, scope at 24.
fn decode_v6(bytes: &[u8]) -> Option<SocketAddrV6> {
    let bytes: &[u8; SOCKADDR_IN6] = bytes.get(..SOCKADDR_IN6)?.try_into().ok()?;
    let port = u16::from_be_bytes(field(bytes, 2));
    let flowinfo = u32::from_ne_bytes(field(bytes, 4));
    let scope_id = u32::from_ne_bytes(field(bytes, 24));
    let address = Ipv6Addr::from(field::<16>(bytes, 8));
    Some(SocketAddrV6::new(address, port, flowinfo, scope_id))
}

/// The `N` bytes at `offset`, which must exist.
fn field<const N: usize>(bytes: &[u8], offset: usize) -> [u8; N] {
    std::array::from_fn(|i| bytes[offset + i])
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[rstest]
    #[case::v4("127.0.0.2:5001", 16)]
    #[case::v6("[2001:db8::7]:443", 28)]
    #[case::mapped_stays_v6("[::ffff:127.0.0.1]:80", 28)]
    #[case::scope("[fe80::1%7]:53", 28)]
    fn a_name_says_what_it_was_made_from(#[case] text: &str, #[case] length: usize) {
        let name = RawSockaddr::from(address(text));
        assert_eq!(name.length(), length);
        assert_eq!(name.to_string(), text);
    }

    #[rstest]
    #[case::no_length("127.0.0.1:1", 0, "none")]
    #[case::not_even_a_family("127.0.0.1:1", 1, "cut off after 1 bytes")]
    #[case::v4_short("127.0.0.1:1", 15, "cut off after 15 bytes")]
    #[case::v6_in_a_v4_buffer("[::1]:1", 16, "cut off after 16 bytes")]
    #[case::v6_without_scope("[::1]:1", 24, "cut off after 24 bytes")]
    #[case::longer_is_whole("[::1]:1", 128, "[::1]:1")]
    #[case::beyond_sixteen_bits("[::1]:1", 65_536, "[::1]:1")]
    fn a_length_of_its_own(#[case] text: &str, #[case] length: u32, #[case] says: &str) {
        let name = RawSockaddr::from(address(text)).with_length(length);
        assert_eq!(name.length(), length as usize);
        assert_eq!(name.to_string(), says);
    }

    #[test]
    fn a_reported_length_beyond_the_buffer_is_kept() {
        let whole = RawSockaddr::from(address("[::1]:1"));
        let mut name = RawSockaddr::to_fill(16);
        name.as_mut_bytes().copy_from_slice(&whole.as_bytes()[..16]);
        let name = name.filled(28);
        assert_eq!(
            (name.length(), name.capacity(), name.as_bytes().len()),
            (28, 16, 16)
        );
        assert_eq!(name.to_string(), "cut off after 16 bytes");
    }

    #[test]
    fn zeroes_are_of_no_family() {
        let name = RawSockaddr::to_fill(16).filled(16);
        assert_eq!(
            name.decode(),
            Sockaddr::Other {
                family: "AF_UNSPEC".to_owned(),
                len: 16
            }
        );
        assert_eq!(name.to_string(), "AF_UNSPEC of 16 bytes");
    }
}
