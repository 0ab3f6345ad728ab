//! The bytes of option values.

use std::net::{Ipv4Addr, Ipv6Addr};

use dualstack_names::{Field, OptionValue, Scalar, ScalarValue, SocketOption, ValueType};

use crate::error::{Error, Result};

/// What `getsockopt` returned for an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionReading {
    /// The value, read from the bytes that were written.
    pub value: OptionValue,
    /// The number of bytes that the system says it wrote, into a buffer of the size of
    /// the option's type. For `IPV6_V6ONLY` Windows says 1 (socket2 1.0 and Wine's
    /// `sock.c` know this too).
    pub len: usize,
}

/// The level and the number for the system.
///
/// # Errors
///
/// [`Error::Unavailable`] if this system does not have the option.
pub(crate) fn place(option: &SocketOption) -> Result<(i32, i32)> {
    let number = option.number;
    let number = number.ok_or_else(|| Error::unavailable(option.name))?;
    Ok((option.level.number(), number))
}

/// A value as bytes for `setsockopt`.
///
/// # Errors
///
/// [`Error::Mismatch`] if it does not have the option's type.
pub(crate) fn encode(option: &SocketOption, value: &OptionValue) -> Result<Vec<u8>> {
    let bytes = match (option.value, value) {
        (ValueType::One(scalar), OptionValue::One(value)) => encode_scalar(scalar, value),
        (ValueType::Struct(fields), OptionValue::Struct(_)) => encode_struct(fields, value),
        (ValueType::One(_), OptionValue::Struct(_))
        | (ValueType::Struct(_), OptionValue::One(_)) => None,
    };
    bytes.ok_or_else(|| Error::Mismatch {
        option: option.name,
        wanted: wanted(option.value),
        value: value.to_string(),
    })
}

fn wanted(value: ValueType) -> String {
    match value {
        ValueType::One(scalar) => scalar.form().to_owned(),
        ValueType::Struct(fields) => {
            let names: Vec<_> = fields.iter().map(|field| field.name).collect();
            format!("a structure of {}", names.join(", "))
        }
    }
}

fn encode_struct(fields: &[Field], value: &OptionValue) -> Option<Vec<u8>> {
    let members = fields
        .iter()
        .map(|field| encode_scalar(field.scalar, value.member(field.name)?));
    Some(members.collect::<Option<Vec<_>>>()?.concat())
}

fn encode_scalar(scalar: Scalar, value: &ScalarValue) -> Option<Vec<u8>> {
    match (scalar, value) {
        (Scalar::InAddr, ScalarValue::Ipv4(address)) => Some(address.octets().to_vec()),
        (Scalar::In6Addr, ScalarValue::Ipv6(address)) => Some(address.octets().to_vec()),
        (_, ScalarValue::Number(number) | ScalarValue::Named { number, .. }) => {
            let fits = scalar.holds(*number);
            // If a number fits, the bytes above its type are only its sign.
            let bytes = match scalar.size() {
                1 => (*number as u8).to_ne_bytes().to_vec(),
                2 => (*number as u16).to_ne_bytes().to_vec(),
                _ => (*number as u32).to_ne_bytes().to_vec(),
            };
            fits.then_some(bytes)
        }
        (_, ScalarValue::Ipv4(_) | ScalarValue::Ipv6(_)) => None,
    }
}

/// Reads a buffer of the type's size that was zeroed before the call and of which the
/// system says that it wrote `len` bytes.
pub(crate) fn decode(option: &SocketOption, bytes: &[u8], len: usize) -> OptionReading {
    let value = match option.value {
        ValueType::One(scalar) => OptionValue::One(decode_scalar(scalar, bytes, len)),
        ValueType::Struct(fields) => OptionValue::Struct(decode_struct(fields, bytes)),
    };
    OptionReading { value, len }
}

fn decode_struct(fields: &[Field], mut bytes: &[u8]) -> Vec<(String, ScalarValue)> {
    let mut members = Vec::new();
    for field in fields {
        let (member, rest) = bytes.split_at(field.scalar.size());
        let value = decode_scalar(field.scalar, member, member.len());
        members.push((field.name.to_owned(), value));
        bytes = rest;
    }
    members
}

fn decode_scalar(scalar: Scalar, bytes: &[u8], len: usize) -> ScalarValue {
    let address = match scalar {
        Scalar::InAddr => bytes
            .first_chunk::<4>()
            .map(|octets| ScalarValue::Ipv4(Ipv4Addr::from(*octets))),
        Scalar::In6Addr => bytes
            .first_chunk::<16>()
            .map(|octets| ScalarValue::Ipv6(Ipv6Addr::from(*octets))),
        Scalar::Int
        | Scalar::Short
        | Scalar::Byte
        | Scalar::Error
        | Scalar::Family
        | Scalar::SocketType
        | Scalar::Interface => None,
    };
    address.unwrap_or_else(|| match (scalar, bytes) {
        (Scalar::Short, &[a, b, ..]) => ScalarValue::Number(u16::from_ne_bytes([a, b]).into()),
        _ => scalar.named(decode_int(bytes, len)),
    })
}

/// A number in as many bytes as the system wrote; 3 are the lower ones of 4 that were
/// zeroed before.
fn decode_int(bytes: &[u8], len: usize) -> i64 {
    match (len.min(bytes.len()), bytes) {
        (0, _) => 0,
        (2, &[a, b, ..]) => i64::from(i16::from_ne_bytes([a, b])),
        (3.., &[a, b, c, d, ..]) => i64::from(i32::from_ne_bytes([a, b, c, d])),
        (_, bytes) => i64::from(bytes[0]),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn option(name: &str) -> &'static SocketOption {
        SocketOption::by_name(name).unwrap()
    }

    #[rstest]
    #[case::an_int([0xff; 4], 4, "-1")]
    #[case::one_byte([1, 0, 0, 0], 1, "1")]
    #[case::one_byte_is_unsigned([0xff, 0, 0, 0], 1, "255")]
    #[case::nothing([0; 4], 0, "0")]
    fn values_of_any_width(#[case] bytes: [u8; 4], #[case] len: usize, #[case] shown: &str) {
        let reading = decode(option("IPV6_V6ONLY"), &bytes, len);
        assert_eq!(
            (reading.value.to_string().as_str(), reading.len),
            (shown, len)
        );
    }

    fn linger(onoff: i64, seconds: i64) -> OptionValue {
        let member = |name: &str, number| (name.to_owned(), ScalarValue::Number(number));
        OptionValue::Struct(vec![member("l_onoff", onoff), member("l_linger", seconds)])
    }

    #[rstest]
    #[case("IPV6_V6ONLY", OptionValue::from(-1))]
    #[case("SO_LINGER", linger(1, 30))]
    #[case(
        "IP_MULTICAST_IF",
        OptionValue::One(ScalarValue::Ipv4(Ipv4Addr::LOCALHOST))
    )]
    #[case("IPV6_JOIN_GROUP", OptionValue::Struct(vec![
        ("ipv6mr_multiaddr".to_owned(), ScalarValue::Ipv6("ff02::1".parse().unwrap())),
        ("ipv6mr_interface".to_owned(), ScalarValue::Number(3)),
    ]))]
    fn what_is_encoded_is_decoded(#[case] name: &str, #[case] value: OptionValue) {
        let bytes = encode(option(name), &value).unwrap();
        assert_eq!(bytes.len(), option(name).value.size());
        assert_eq!(decode(option(name), &bytes, bytes.len()).value, value);
    }

    #[test]
    fn a_short_is_unsigned() {
        let bytes = encode_scalar(Scalar::Short, &ScalarValue::Number(40_000)).unwrap();
        assert_eq!(
            decode_scalar(Scalar::Short, &bytes, 2),
            ScalarValue::Number(40_000)
        );
    }

    #[rstest]
    #[case("IPV6_V6ONLY", linger(1, 0), "IPV6_V6ONLY takes a number, not {1, 0}")]
    #[case(
        "SO_LINGER",
        OptionValue::from(1),
        "SO_LINGER takes a structure of l_onoff, l_linger, not 1"
    )]
    #[case(
        "IP_MULTICAST_IF",
        OptionValue::from(1),
        "IP_MULTICAST_IF takes an IPv4 address, not 1"
    )]
    fn a_value_of_another_type_is_refused(
        #[case] name: &str,
        #[case] value: OptionValue,
        #[case] why: &str,
    ) {
        assert_eq!(encode(option(name), &value).unwrap_err().to_string(), why);
    }
}
