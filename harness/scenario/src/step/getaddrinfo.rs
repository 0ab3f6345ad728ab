//! `getaddrinfo`: resolves a name.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::constant::{AddrInfoFlag, FamilyName, SocketTypeName};
use crate::leaf::Name;
use crate::returned::Shape;
use crate::table::table;
use crate::template::Template;

table! {
    /// `getaddrinfo(3)`: resolves a name, or parses an address. The agent's C library
    /// does it, with the files and the servers that it finds on the platform.
    ///
    /// Saved, it is the addresses in the order of the list, joined by ` + `; `{x.first}`
    /// is the first with its port.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Getaddrinfo {
        /// The node; an empty string is a null pointer.
        getaddrinfo: Template,
        /// The service, a port in quotes; default: a null pointer.
        service: Option<Template>,
        /// `ai_family` of the hints; default: `AF_UNSPEC`.
        family: Option<FamilyName>,
        /// `ai_socktype` of the hints; default: 0, any. With 0 most systems list each
        /// address once per type.
        r#type: Option<SocketTypeName>,
        /// `ai_flags` of the hints: `["AI_V4MAPPED", "AI_ALL"]`.
        flags: Option<Vec<AddrInfoFlag>>,
        /// The host that it is called on, in a file that has `hosts`; default: the first.
        host: Option<Name>,
    }
}

impl Getaddrinfo {
    /// Whether no name is resolved: AI_NUMERICHOST.
    pub fn is_numeric(&self) -> bool {
        self.flags().iter().any(|flag| flag.0.name == "AI_NUMERICHOST")
    }

    /// The flags of the hints.
    pub fn flags(&self) -> &[AddrInfoFlag] {
        self.flags.as_deref().unwrap_or_default()
    }
}

impl Verb for Getaddrinfo {
    fn host(&self) -> Option<&Name> {
        self.host.as_ref()
    }

    fn templates(&self) -> Vec<&Template> {
        let service = self.service.iter();
        [&self.getaddrinfo].into_iter().chain(service).collect()
    }

    fn subject(&self) -> String {
        match self.getaddrinfo.to_string() {
            node if node.is_empty() => "NULL".to_owned(),
            node => node.escape_debug().to_string(),
        }
    }

    fn waits(&self) -> bool {
        true
    }

    fn describe(&self, show: Show<'_>) -> String {
        let quoted = |text: String| format!("{text:?}");
        let null = || "NULL".to_owned();
        let node = Some(show(&self.getaddrinfo)).filter(|node| !node.is_empty());
        let service = self.service.as_ref().map(show);
        let (node, service) = (
            node.map_or_else(null, quoted),
            service.map_or_else(null, quoted),
        );
        let family = self.family.map(|family| family.0.name);
        let kind = self.r#type.map(|kind| kind.0.name);
        let flags = self.flags().iter().map(|flag| flag.0.name);
        let hints: Vec<_> = family.into_iter().chain(kind).chain(flags).collect();
        let call = text!("getaddrinfo({node}, {service}, {{{}}})", hints.join(", "));
        match &self.host {
            Some(host) => call + " on " + &host.text,
            None => call,
        }
    }

    fn returns(&self) -> Shape {
        Shape::Resolved
    }
}
