//! Socket names: `sockaddr`s as raw as they are handed to the system and as they come back.

use std::borrow::Cow;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use socket2::SockAddr;

use crate::buffer::Buffer;
use crate::imp;

/// A `sockaddr` and a length, either to be given to the system or as it came back.
///
/// Nothing is ever converted: `Name::from("127.0.0.1:80")` is a `sockaddr_in` whatever the socket
/// is, and `[::ffff:127.0.0.1]:80` a `sockaddr_in6`.
#[derive(Clone, PartialEq, Eq)]
pub struct Name {
    buffer: Buffer,
    length: usize,
}

impl Name {
    /// The size in bytes of a `sockaddr_storage`, which has room for every name.
    pub const CAPACITY: usize = 128;

    /// The same `sockaddr`, but the system is told this length (in bytes) instead of its own.
    ///
    /// Bytes past the `sockaddr` are zero.
    #[must_use]
    pub fn with_length(mut self, length: u16) -> Self {
        let length = usize::from(length);
        if length > self.buffer.len() {
            let mut longer = Buffer::zeroed(length);
            longer.as_mut_bytes()[..self.buffer.len()].copy_from_slice(self.buffer.as_bytes());
            self.buffer = longer;
        }
        self.length = length;
        self
    }

    /// The length in bytes: of a name to be given, what the system is told; of one that came back,
    /// what the system reported.
    ///
    /// A reported length is kept as it is. It can be longer than the buffer that was offered
    /// (accept(2): "the returned address is truncated if the buffer provided is too small; in this
    /// case, addrlen will return a value greater than was supplied to the call").
    pub fn length(&self) -> usize {
        self.length
    }

    /// The size in bytes of the buffer that the system was offered.
    pub fn capacity(&self) -> usize {
        self.buffer.len()
    }

    /// The bytes that are there: no more than the length, nor than the capacity.
    pub fn as_bytes(&self) -> &[u8] {
        let bytes = self.buffer.as_bytes();
        &bytes[..self.length.min(bytes.len())]
    }

    /// What the bytes say.
    pub fn address(&self) -> Address {
        let bytes = self.as_bytes();
        if self.length == 0 {
            return Address::None;
        }
        let Some(family) = imp::family(bytes).map(Family) else {
            return Address::Truncated { family: None };
        };
        let decode = match family.0 {
            imp::AF_INET => decode_v4,
            imp::AF_INET6 => decode_v6,
            _ => {
                return Address::Other {
                    family,
                    len: self.length,
                };
            }
        };
        decode(bytes).unwrap_or(Address::Truncated {
            family: Some(family),
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

    /// Keeps the length that the system reported.
    pub(crate) fn filled(mut self, length: usize) -> Self {
        self.length = length;
        self
    }
}

impl From<SocketAddr> for Name {
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

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.address().fmt(f)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Name")
            .field("address", &self.address())
            .field("length", &self.length)
            .field("capacity", &self.capacity())
            .finish()
    }
}

/// What a [`Name`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// A whole `sockaddr_in`.
    V4(SocketAddrV4),
    /// A whole `sockaddr_in6`, with its flow information and scope as they stand in it.
    V6(SocketAddrV6),
    /// The length is 0: there is no name. So `recvfrom` answers on a connected stream socket.
    None,
    /// Fewer bytes than the family's `sockaddr` has: the buffer, or the length that was given, was
    /// too small.
    Truncated {
        /// The family, if at least that is there.
        family: Option<Family>,
    },
    /// A `sockaddr` of another family.
    Other {
        /// The family.
        family: Family,
        /// The length in bytes.
        len: usize,
    },
}

impl Address {
    /// The IPv4 or IPv6 address with its port, if it is one.
    pub fn socket_addr(&self) -> Option<SocketAddr> {
        match *self {
            Self::V4(address) => Some(address.into()),
            Self::V6(address) => Some(address.into()),
            Self::None | Self::Truncated { .. } | Self::Other { .. } => None,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(address) => address.fmt(f),
            Self::V6(address) => address.fmt(f),
            Self::None => f.write_str("none"),
            Self::Truncated {
                family: Some(family),
            } => write!(f, "truncated {family}"),
            Self::Truncated { family: None } => f.write_str("truncated"),
            Self::Other { family, len } => write!(f, "{family} of {len} bytes"),
        }
    }
}

/// An address family by the system's own number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family(pub i32);

impl Family {
    /// `AF_INET`, `AF_INET6`, `AF_UNSPEC`, or `AF_` and the number.
    pub fn name(self) -> Cow<'static, str> {
        match self.0 {
            imp::AF_UNSPEC => "AF_UNSPEC".into(),
            imp::AF_INET => "AF_INET".into(),
            imp::AF_INET6 => "AF_INET6".into(),
            number => format!("AF_{number}").into(),
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

// All systems agree on where the fields of both structures are, once the family is known
// (RFC 3493, section 3.3; BSDs have a length in the first byte, which the family makes room for).

/// `sockaddr_in`: port at 2, address at 4, 16 bytes in all.
fn decode_v4(bytes: &[u8]) -> Option<Address> {
    let bytes: &[u8; 16] = bytes.get(..16)?.try_into().ok()?;
    let port = u16::from_be_bytes(field(bytes, 2));
    Some(Address::V4(SocketAddrV4::new(
        Ipv4Addr::from(field::<4>(bytes, 4)),
        port,
    )))
}

/// `sockaddr_in6`: port at 2, flow information at 4, address at 8, scope at 24, 28 bytes in all.
fn decode_v6(bytes: &[u8]) -> Option<Address> {
    let bytes: &[u8; 28] = bytes.get(..28)?.try_into().ok()?;
    let port = u16::from_be_bytes(field(bytes, 2));
    let flowinfo = u32::from_ne_bytes(field(bytes, 4));
    let scope_id = u32::from_ne_bytes(field(bytes, 24));
    let address = Ipv6Addr::from(field::<16>(bytes, 8));
    Some(Address::V6(SocketAddrV6::new(
        address, port, flowinfo, scope_id,
    )))
}

/// The `N` bytes at `offset`, which must be there.
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
        let name = Name::from(address(text));
        assert_eq!(name.length(), length);
        assert_eq!(name.address().socket_addr(), Some(address(text)));
        assert_eq!(name.to_string(), text);
    }

    #[rstest]
    #[case::no_length("127.0.0.1:1", 0, "none")]
    #[case::not_even_a_family("127.0.0.1:1", 1, "truncated")]
    #[case::v4_short("127.0.0.1:1", 15, "truncated AF_INET")]
    #[case::v6_in_a_v4_buffer("[::1]:1", 16, "truncated AF_INET6")]
    #[case::v6_without_scope("[::1]:1", 24, "truncated AF_INET6")]
    #[case::longer_is_whole("[::1]:1", 128, "[::1]:1")]
    fn a_length_of_its_own(#[case] text: &str, #[case] length: u16, #[case] says: &str) {
        let name = Name::from(address(text)).with_length(length);
        assert_eq!(name.length(), usize::from(length));
        assert_eq!(name.to_string(), says);
    }

    #[test]
    fn a_reported_length_beyond_the_buffer_is_kept() {
        let whole = Name::from(address("[::1]:1"));
        let mut name = Name::to_fill(16);
        name.as_mut_bytes().copy_from_slice(&whole.as_bytes()[..16]);
        let name = name.filled(28);
        assert_eq!(
            (name.length(), name.capacity(), name.as_bytes().len()),
            (28, 16, 16)
        );
        assert_eq!(name.to_string(), "truncated AF_INET6");
    }

    #[test]
    fn zeroes_are_of_no_family() {
        let name = Name::to_fill(16).filled(16);
        assert_eq!(
            name.address(),
            Address::Other {
                family: Family(0),
                len: 16
            }
        );
        assert_eq!(name.to_string(), "AF_UNSPEC of 16 bytes");
    }
}
