//! The hosts of a case: machines of its own that a link joins.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::leaf::Name;
use crate::problem::Problem;
use crate::table::{FromNode, Schema};
use crate::tree::Node;

/// How many hosts a case may have.
const HOSTS: usize = 2;

/// The names of the hosts, each another.
#[derive(Clone, Debug)]
pub(crate) struct Hosts(pub(crate) Vec<Name>);

/// What is known of a host before the first step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HostFacts {
    /// Its name.
    pub name: String,
    /// Its IPv4 address on the link, from which it sends unless told.
    pub ipv4: Ipv4Addr,
    /// Its IPv6 address on the link, from which it sends unless told.
    pub ipv6: Ipv6Addr,
    /// Another IPv4 address that it has on the link.
    pub other_ipv4: Ipv4Addr,
    /// Another IPv6 address that it has on the link.
    pub other_ipv6: Ipv6Addr,
    /// Its link-local address on the link.
    pub linklocal: Ipv6Addr,
    /// The index of its interface to the link.
    pub ifindex: u32,
}

impl HostFacts {
    /// The fields that a value of a host can have.
    pub(crate) const FIELDS: [&str; 6] = [
        "ipv4",
        "ipv6",
        "other_ipv4",
        "other_ipv6",
        "linklocal",
        "ifindex",
    ];

    /// The field of that name as a text.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        Some(match name {
            "ipv4" => self.ipv4.to_string(),
            "ipv6" => self.ipv6.to_string(),
            "other_ipv4" => self.other_ipv4.to_string(),
            "other_ipv6" => self.other_ipv6.to_string(),
            "linklocal" => self.linklocal.to_string(),
            "ifindex" => self.ifindex.to_string(),
            _ => return None,
        })
    }
}

impl FromNode for Hosts {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let names = Vec::<Name>::from_node(node, problems)?;
        let message = match names.as_slice() {
            [first, second] if first == second => format!("both hosts are called `{first}`"),
            [_, _] => return Some(Self(names)),
            names => format!("{HOSTS} hosts are wanted here, found {}", names.len()),
        };
        problems.push(Problem::new(node.span, message).hint("`hosts = [\"server\", \"client\"]`"));
        None
    }

    fn schema() -> Schema {
        json!({
            "type": "array",
            "items": Name::schema(),
            "minItems": HOSTS,
            "maxItems": HOSTS,
            "uniqueItems": true,
        })
    }
}
