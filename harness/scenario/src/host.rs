//! The hosts of a case: separate machines that a link connects.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::bounds;
use crate::leaf::Name;
use crate::problem::Problem;
use crate::table::{FromNode, Schema};
use crate::tree::Node;

/// How many hosts a case with hosts has.
const HOSTS: usize = bounds::HOSTS.most;

/// The names of the hosts, all different.
#[derive(Clone, Debug)]
pub(crate) struct Hosts(pub(crate) Vec<Name>);

/// What is known about a host before the first step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HostFacts {
    /// Its name.
    pub name: String,
    /// Its IPv4 address on the link, the source address by default.
    pub ipv4: Ipv4Addr,
    /// Its IPv6 address on the link, the source address by default.
    pub ipv6: Ipv6Addr,
    /// Its other IPv4 address on the link.
    pub other_ipv4: Ipv4Addr,
    /// Its other IPv6 address on the link.
    pub other_ipv6: Ipv6Addr,
    /// Its link-local address on the link.
    pub linklocal: Ipv6Addr,
    /// The index of its interface to the link.
    pub ifindex: u32,
}

impl HostFacts {
    /// The fields of a host.
    pub(crate) const FIELDS: [&str; 6] = [
        "ipv4",
        "ipv6",
        "other_ipv4",
        "other_ipv6",
        "linklocal",
        "ifindex",
    ];

    /// The field with that name, as text.
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
            names => format!("expected {HOSTS} hosts, found {}", names.len()),
        };
        problems.push(Problem::new(node.span, message).hint(bounds::HOSTS.fix));
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
