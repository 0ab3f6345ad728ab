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

            /// The word of the scenario language.
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )+ }
            }

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
