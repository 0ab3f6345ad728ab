//! The kinds of socket.

/// Declares the kinds: the word of the scenario language, the family and the type.
macro_rules! socket_types {
    ($($(#[doc = $doc:literal])+ $variant:ident $word:literal $family:ident $kind:ident)+) => {
        /// The family and the type of a socket. The system chooses the protocol: 0.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
        pub enum SocketType {
            $( $(#[doc = $doc])+ $variant, )+
        }

        impl SocketType {
            /// All of them, by the words of the scenario language.
            pub const ALL: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),+];

            /// The family's name in C.
            pub const fn family_name(self) -> &'static str {
                match self { $( Self::$variant => stringify!($family), )+ }
            }

            /// The type's name in C.
            pub const fn type_name(self) -> &'static str {
                match self { $( Self::$variant => stringify!($kind), )+ }
            }

            /// The family's number on this system.
            pub const fn family(self) -> i32 {
                match self { $( Self::$variant => crate::systems::constants::$family as i32, )+ }
            }

            /// The type's number on this system.
            pub const fn number(self) -> i32 {
                match self { $( Self::$variant => crate::systems::constants::$kind as i32, )+ }
            }
        }
    };
}

socket_types! {
    /// A TCP socket of IPv4.
    Tcp4 "tcp4" AF_INET SOCK_STREAM
    /// A TCP socket of IPv6, which may be dual-stack.
    Tcp6 "tcp6" AF_INET6 SOCK_STREAM
    /// A UDP socket of IPv4.
    Udp4 "udp4" AF_INET SOCK_DGRAM
    /// A UDP socket of IPv6, which may be dual-stack.
    Udp6 "udp6" AF_INET6 SOCK_DGRAM
}

impl SocketType {
    /// The name of a type from its number on this system: `SOCK_DGRAM`.
    pub fn name_of(number: i64) -> Option<&'static str> {
        let kinds = Self::ALL.iter().map(|(_, kind)| kind);
        let mut same = kinds.filter(|kind| i64::from(kind.number()) == number);
        same.next().map(|kind| kind.type_name())
    }

    /// The names of the types in C, each once.
    pub fn type_names() -> impl Iterator<Item = &'static str> {
        let kinds = Self::ALL.iter().map(|(_, kind)| kind).enumerate();
        let first = |&(index, kind): &(usize, &Self)| {
            let earlier = &Self::ALL[..index];
            !earlier
                .iter()
                .any(|(_, known)| known.type_name() == kind.type_name())
        };
        kinds.filter(first).map(|(_, kind)| kind.type_name())
    }

    /// The number of the type with this name on this system.
    pub fn number_of(name: &str) -> Option<i32> {
        let kinds = Self::ALL.iter().map(|(_, kind)| kind);
        let mut same = kinds.filter(|kind| kind.type_name() == name);
        same.next().map(|kind| kind.number())
    }
}
