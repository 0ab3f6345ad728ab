//! Address families.

use std::borrow::Cow;
use std::fmt;

use crate::systems::constants;

/// An address family, as the system's own number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Family(pub i32);

/// Declares the families that have a name here.
macro_rules! families {
    ($($(#[doc = $doc:literal])+ $name:ident)+) => {
        impl Family {
            $( $(#[doc = $doc])+ pub const $name: Self = Self(constants::$name as i32); )+

            const NAMED: &'static [(&'static str, Self)] = &[$((stringify!($name), Self::$name)),+];
        }
    };
}

families! {
    /// No family: `connect` to it dissolves an association.
    AF_UNSPEC
    /// IPv4.
    AF_INET
    /// IPv6.
    AF_INET6
}

impl Family {
    /// The names of the families that have one here.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::NAMED.iter().map(|(name, _)| *name)
    }

    /// The family with this C name.
    pub fn by_name(name: &str) -> Option<Self> {
        let named = Self::NAMED.iter().find(|(known, _)| *known == name);
        named.map(|(_, family)| *family)
    }

    /// `AF_INET`, `AF_INET6`, `AF_UNSPEC`, or `AF_` and the number.
    pub fn name(self) -> Cow<'static, str> {
        let named = Self::NAMED.iter().find(|(_, family)| *family == self);
        named.map_or_else(
            || format!("AF_{}", self.0).into(),
            |(name, _)| (*name).into(),
        )
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}
