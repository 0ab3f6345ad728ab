//! The values of options and their types.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::constant::{ADDRESS_FAMILIES, Constant, SOCKET_TYPES};
use crate::errors::ErrorName;

/// The type of an option's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// One value.
    One(Scalar),
    /// A structure: its members in order.
    Struct(&'static [Field]),
}

/// A member of a structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in C.
    pub name: &'static str,
    /// Its type.
    pub scalar: Scalar,
}

/// The type of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// An `int`.
    Int,
    /// An `unsigned short`.
    Short,
    /// An `unsigned char`.
    Byte,
    /// An `int` that is an error's number, 0 for none.
    Error,
    /// An `int` that is an address family.
    Family,
    /// An `int` that is a socket type.
    SocketType,
    /// An `int` that is an interface index, 0 for any.
    Interface,
    /// An `in_addr`.
    InAddr,
    /// An `in6_addr`.
    In6Addr,
}

/// An option's value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum OptionValue {
    /// One value.
    One(ScalarValue),
    /// The members of a structure by name, in order.
    Struct(Vec<(String, ScalarValue)>),
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum ScalarValue {
    /// A number in host byte order.
    Number(i64),
    /// A number that has a name.
    Named {
        /// Its portable name: `ECONNREFUSED`, `AF_INET6`.
        name: String,
        /// The number on the system that it comes from or goes to.
        number: i64,
    },
    /// An IPv4 address.
    Ipv4(Ipv4Addr),
    /// An IPv6 address.
    Ipv6(Ipv6Addr),
}

/// Which names the numbers of a type have.
enum Naming {
    Errors,
    Of(&'static [Constant]),
    None,
}

impl ValueType {
    /// An `int`.
    pub const INT: Self = Self::One(Scalar::Int);
    /// An `int` that is an error's number.
    pub const ERROR: Self = Self::One(Scalar::Error);
    /// An `int` that is an address family.
    pub const FAMILY: Self = Self::One(Scalar::Family);
    /// An `int` that is a socket type.
    pub const SOCKET_TYPE: Self = Self::One(Scalar::SocketType);
    /// An `int` that is an interface index.
    pub const INTERFACE: Self = Self::One(Scalar::Interface);
    /// An `in_addr`.
    pub const IN_ADDR: Self = Self::One(Scalar::InAddr);
    /// What IPv4's multicast options take: an `int`, on OpenBSD an `unsigned char` (ip(4)).
    pub const MULTICAST: Self = if cfg!(target_os = "openbsd") {
        Self::One(Scalar::Byte)
    } else {
        Self::INT
    };
    /// `struct linger`. Its members are `int`s, on Windows `u_short`s (winsock.h).
    pub const LINGER: Self = Self::Struct(&[
        Field {
            name: "l_onoff",
            scalar: LINGER_MEMBER,
        },
        Field {
            name: "l_linger",
            scalar: LINGER_MEMBER,
        },
    ]);
    /// `struct ip_mreq`, RFC 3678 section 3.
    pub const IP_MREQ: Self = Self::Struct(&[
        Field {
            name: "imr_multiaddr",
            scalar: Scalar::InAddr,
        },
        Field {
            name: "imr_interface",
            scalar: Scalar::InAddr,
        },
    ]);
    /// `struct ipv6_mreq`, RFC 3493 section 5.2.
    pub const IPV6_MREQ: Self = Self::Struct(&[
        Field {
            name: "ipv6mr_multiaddr",
            scalar: Scalar::In6Addr,
        },
        Field {
            name: "ipv6mr_interface",
            scalar: Scalar::Interface,
        },
    ]);

    /// Its size in bytes. No structure here has padding.
    pub fn size(self) -> usize {
        match self {
            Self::One(scalar) => scalar.size(),
            Self::Struct(fields) => fields.iter().map(|field| field.scalar.size()).sum(),
        }
    }
}

const LINGER_MEMBER: Scalar = if cfg!(windows) {
    Scalar::Short
} else {
    Scalar::Int
};

impl Scalar {
    /// Its size in bytes.
    pub const fn size(self) -> usize {
        match self {
            Self::Byte => 1,
            Self::Short => 2,
            Self::Int | Self::Error | Self::Family | Self::SocketType | Self::Interface => 4,
            Self::InAddr => 4,
            Self::In6Addr => 16,
        }
    }

    /// Whether it is an IP address; else it is a number.
    pub const fn is_address(self) -> bool {
        matches!(self, Self::InAddr | Self::In6Addr)
    }

    /// The names that a number of this type can have on some system.
    pub fn names(self) -> Vec<&'static str> {
        match self.naming() {
            Naming::Errors => ErrorName::all().collect(),
            Naming::Of(table) => table.iter().map(|constant| constant.name).collect(),
            Naming::None => Vec::new(),
        }
    }

    const fn naming(self) -> Naming {
        match self {
            Self::Error => Naming::Errors,
            Self::Family => Naming::Of(ADDRESS_FAMILIES),
            Self::SocketType => Naming::Of(SOCKET_TYPES),
            Self::Int
            | Self::Short
            | Self::Byte
            | Self::Interface
            | Self::InAddr
            | Self::In6Addr => Naming::None,
        }
    }

    /// How a scenario writes a value, for messages and the reference.
    pub const fn form(self) -> &'static str {
        match self {
            Self::Int => "a number",
            Self::Short => "a number up to 65535",
            Self::Byte => "a number up to 255",
            Self::Error => "the name of an error, or a number",
            Self::Family => "an address family such as \"AF_INET6\", or a number",
            Self::SocketType => "a socket type such as \"SOCK_DGRAM\", or a number",
            Self::Interface => "the index or the name of an interface",
            Self::InAddr => "an IPv4 address",
            Self::In6Addr => "an IPv6 address",
        }
    }

    /// Reads a value. `interface` returns the index of an interface from its name.
    ///
    /// `None` if the text is not a value of this type, or names something that this
    /// system lacks.
    pub fn parse(
        self,
        text: &str,
        interface: impl FnOnce(&str) -> Option<u32>,
    ) -> Option<ScalarValue> {
        let number = || {
            text.parse::<i64>()
                .ok()
                .filter(|number| self.holds(*number))
        };
        match self {
            Self::Int | Self::Short | Self::Byte => number().map(ScalarValue::Number),
            Self::Error | Self::Family | Self::SocketType => match self.number_of(text) {
                Some(number) => Some(self.named(number.into())),
                None => number().map(|number| self.named(number)),
            },
            Self::Interface if text.is_empty() => None,
            Self::Interface => number()
                .or_else(|| interface(text).map(i64::from))
                .map(ScalarValue::Number),
            Self::InAddr => text.parse().ok().map(ScalarValue::Ipv4),
            Self::In6Addr => text.parse().ok().map(ScalarValue::Ipv6),
        }
    }

    /// Whether a text is a value of this type on some system.
    pub fn accepts(self, text: &str) -> bool {
        let is_error = || self == Self::Error && ErrorName::all().any(|name| name == text);
        self.parse(text, |_| Some(0)).is_some() || is_error()
    }

    /// The value for a number, with its name if it has one.
    pub fn named(self, number: i64) -> ScalarValue {
        let name = i32::try_from(number)
            .ok()
            .and_then(|number| match self.naming() {
                Naming::Errors => ErrorName::of(number).map(|error| error.name),
                Naming::Of(table) => {
                    Constant::by_number(table, number).map(|constant| constant.name)
                }
                Naming::None => None,
            });
        match name.map(str::to_owned) {
            Some(name) => ScalarValue::Named { name, number },
            None => ScalarValue::Number(number),
        }
    }

    fn number_of(self, name: &str) -> Option<i32> {
        match self.naming() {
            Naming::Errors => ErrorName::code_of(name),
            Naming::Of(table) => Constant::by_name(table, name)?.number,
            Naming::None => None,
        }
    }

    /// Whether a number fits. An index is unsigned, but -1 can still be passed as one.
    pub fn holds(self, number: i64) -> bool {
        match self {
            Self::Byte => u8::try_from(number).is_ok(),
            Self::Short => u16::try_from(number).is_ok(),
            Self::Interface => i32::try_from(number).is_ok() || u32::try_from(number).is_ok(),
            Self::Int | Self::Error | Self::Family | Self::SocketType => {
                i32::try_from(number).is_ok()
            }
            Self::InAddr | Self::In6Addr => false,
        }
    }
}

impl OptionValue {
    /// The member with that name, of a structure.
    pub fn member(&self, name: &str) -> Option<&ScalarValue> {
        let Self::Struct(members) = self else {
            return None;
        };
        let member = members.iter().find(|(known, _)| known == name);
        member.map(|(_, value)| value)
    }
}

impl From<i32> for OptionValue {
    fn from(number: i32) -> Self {
        Self::One(ScalarValue::Number(number.into()))
    }
}

/// The value by its name if it has one; a structure as C initialises it: `{1, 0}`.
impl fmt::Display for OptionValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(value) => value.fmt(f),
            Self::Struct(members) => {
                let members: Vec<_> = members.iter().map(|(_, value)| value.to_string()).collect();
                write!(f, "{{{}}}", members.join(", "))
            }
        }
    }
}

impl fmt::Display for ScalarValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Named { name, .. } => f.write_str(name),
            Self::Ipv4(address) => address.fmt(f),
            Self::Ipv6(address) => address.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::family::Family;

    #[rstest]
    #[case(Scalar::Int, "-1", Some("-1"))]
    #[case(Scalar::Int, "2147483648", None)]
    #[case(Scalar::Int, "many", None)]
    #[case(Scalar::Byte, "255", Some("255"))]
    #[case(Scalar::Byte, "256", None)]
    #[case(Scalar::Short, "65536", None)]
    #[case(Scalar::Error, "ECONNREFUSED", Some("ECONNREFUSED"))]
    #[case(Scalar::Error, "0", Some("0"))]
    #[case(Scalar::Error, "ENONSENSE", None)]
    #[case(Scalar::Family, "AF_INET6", Some("AF_INET6"))]
    #[case(Scalar::SocketType, "SOCK_DGRAM", Some("SOCK_DGRAM"))]
    #[case(Scalar::Interface, "lo", Some("7"))]
    #[case(Scalar::Interface, "3", Some("3"))]
    #[case(Scalar::InAddr, "127.0.0.1", Some("127.0.0.1"))]
    #[case(Scalar::InAddr, "::1", None)]
    #[case(Scalar::In6Addr, "::ffff:127.0.0.1", Some("::ffff:127.0.0.1"))]
    fn texts_are_read_by_type(
        #[case] scalar: Scalar,
        #[case] text: &str,
        #[case] shown: Option<&str>,
    ) {
        let value = scalar.parse(text, |name| (name == "lo").then_some(7));
        assert_eq!(value.map(|value| value.to_string()).as_deref(), shown);
    }

    #[test]
    fn a_number_has_the_name_that_its_type_gives_it() {
        let inet = Family::AF_INET.0.into();
        assert_eq!(Scalar::Family.named(inet).to_string(), "AF_INET");
        assert_eq!(Scalar::Int.named(inet).to_string(), inet.to_string());
    }

    #[test]
    fn structures_read_as_in_c() {
        let linger = OptionValue::Struct(vec![
            ("l_onoff".to_owned(), ScalarValue::Number(1)),
            ("l_linger".to_owned(), ScalarValue::Number(0)),
        ]);
        assert_eq!(linger.to_string(), "{1, 0}");
        assert_eq!(linger.member("l_onoff"), Some(&ScalarValue::Number(1)));
    }
}
