//! Constants by their C names, as words of the language.

use dualstack_names::{ADDRESS_FAMILIES, ADDRINFO_FLAGS, Constant, POLL_EVENTS, SOCKET_TYPES};

use crate::leaf::Word;

/// Declares a constant of a table as a word of the language.
macro_rules! constant_words {
    ($($(#[doc = $doc:literal])+ $type:ident of $table:ident, $what:literal;)+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
            #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
            #[serde(try_from = "String", into = "String")]
            #[cfg_attr(feature = "schema", schemars(with = "String"))]
            pub struct $type(pub &'static Constant);

            impl From<$type> for String {
                fn from(constant: $type) -> Self {
                    constant.0.name.to_owned()
                }
            }

            impl TryFrom<String> for $type {
                type Error = String;

                fn try_from(name: String) -> Result<Self, String> {
                    let constant = Constant::by_name($table, &name);
                    constant.map(Self).ok_or_else(|| format!("`{name}` is not {}", $what))
                }
            }

            impl Word for $type {
                const WHAT: &'static str = $what;
                const WORDS: &'static [(&'static str, Self)] = &{
                    let mut words = [("", Self(&$table[0])); $table.len()];
                    let mut index = 0;
                    while index < words.len() {
                        words[index] = ($table[index].name, Self(&$table[index]));
                        index += 1;
                    }
                    words
                };
            }
        )+
    };
}

constant_words! {
    /// An event of `poll`.
    PollEvent of POLL_EVENTS, "an event of poll";
    /// A flag of `getaddrinfo`.
    AddrInfoFlag of ADDRINFO_FLAGS, "a flag of getaddrinfo";
    /// An address family.
    FamilyName of ADDRESS_FAMILIES, "an address family";
    /// A socket type.
    SocketTypeName of SOCKET_TYPES, "a socket type";
}
