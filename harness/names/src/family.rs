//! Address families.

use std::borrow::Cow;
use std::fmt;

use crate::constant::{ADDRESS_FAMILIES, Constant};
use crate::systems::constants;

/// An address family, as the system's own number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Family(pub i32);

#[allow(clippy::unnecessary_cast, reason = "on Windows they are u16")]
impl Family {
    /// No family: `connect` to it dissolves an association.
    pub const AF_UNSPEC: Self = Self(constants::AF_UNSPEC as i32);
    /// IPv4.
    pub const AF_INET: Self = Self(constants::AF_INET as i32);
    /// IPv6.
    pub const AF_INET6: Self = Self(constants::AF_INET6 as i32);

    /// `AF_INET`, `AF_INET6`, `AF_UNSPEC`, or `AF_` and the number.
    pub fn name(self) -> Cow<'static, str> {
        match Constant::by_number(ADDRESS_FAMILIES, self.0) {
            Some(family) => family.name.into(),
            None => format!("AF_{}", self.0).into(),
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}
