//! Addresses as they are written in a step: `127.0.0.1:5001`, `[::1%2]:0`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::problem::Problem;
use crate::table::{FromNode, Schema};
use crate::template::{Filter, Part, Template, bounded};
use crate::tree::Node;

/// How an address is written, for messages.
const FORM: &str =
    "an address is written `127.0.0.1:80` or `[::1]:80`, and port 0 lets the system choose";

/// An address and port as text, which may contain values.
///
/// The family of the sockaddr follows from the text: dotted quads make a
/// `sockaddr_in`, brackets a `sockaddr_in6`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Address(pub Template);

impl Address {
    /// Whether it has port 0, for which `bind` lets the system choose one.
    pub fn has_port_zero(&self) -> bool {
        let text = self.0.to_string();
        text.rsplit_once(':').is_some_and(|(_, port)| port == "0")
    }

    /// The part before the port.
    pub(crate) fn host(&self) -> String {
        let text = self.0.to_string();
        let host = text.rsplit_once(':').map(|(host, _)| host.to_owned());
        host.unwrap_or_default()
    }

    /// The socket whose port it has: `[::1]:{s.port}`.
    pub(crate) fn port_of(&self) -> Option<&str> {
        match self.0.parts() {
            [.., Part::Text(before), Part::Value(last)] if before.ends_with(':') => {
                let is_port = last.fields.len() == 1 && last.fields[0] == "port";
                is_port.then_some(last.name.as_str())
            }
            _ => None,
        }
    }

    /// Whether it has a port by its number, other than 0.
    pub fn has_port_number(&self) -> bool {
        let text = self.0.to_string();
        let port = text
            .rsplit_once(':')
            .and_then(|(_, port)| port.parse().ok());
        port.is_some_and(|port: u16| port != 0)
    }
}

/// An IP address without a port, as in packet information, which may contain values:
/// `127.0.0.2`, `fe80::1%2`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct IpAddress(pub Template);

/// An address that was read from text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedAddress {
    /// The IP address, which also determines the family.
    pub ip: IpAddr,
    /// The scope after `%`: the name or the index of an interface.
    pub scope: Option<String>,
    /// The port in host byte order.
    pub port: u16,
}

impl ParsedAddress {
    /// Reads `127.0.0.1:80` or `[::1%lo]:80`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not an address with a port; {FORM}");
        let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
        let port = port.parse().map_err(|_| wrong())?;
        let (ip, scope) = match host.strip_prefix('[') {
            Some(inside) => parse_ip(inside.strip_suffix(']').ok_or_else(wrong)?),
            None => host.parse::<Ipv4Addr>().ok().map(|ip| (ip.into(), None)),
        }
        .filter(|(ip, _)| ip.is_ipv6() == host.starts_with('['))
        .ok_or_else(wrong)?;
        Ok(Self { ip, scope, port })
    }
}

/// Reads an IP address with an optional scope.
pub fn parse_ip(text: &str) -> Option<(IpAddr, Option<String>)> {
    match text.split_once('%') {
        Some((ip, scope)) if !scope.is_empty() => Some((ip.parse().ok()?, Some(scope.to_owned()))),
        Some(_) => None,
        None => Some((text.parse().ok()?, None)),
    }
}

/// Converts between an IPv4 address and its IPv4-mapped form; `None` if the address is
/// neither, and stays as it is.
pub(crate) fn convert(ip: IpAddr, filter: Filter) -> Option<IpAddr> {
    match (filter, ip) {
        (Filter::Mapped, IpAddr::V4(v4)) => Some(v4.to_ipv6_mapped().into()),
        (Filter::Mapped, IpAddr::V6(v6)) => v6.to_ipv4_mapped().map(|_| ip),
        (Filter::Unmapped, IpAddr::V6(v6)) => v6.to_ipv4_mapped().map(IpAddr::V4),
        (Filter::Unmapped, IpAddr::V4(_)) => Some(ip),
    }
}

/// Joins the pieces of an address, with brackets around an IPv6 address that comes from a
/// value and is followed by a port.
///
/// # Errors
///
/// That of `value`, or that the text exceeds the language's bound.
pub fn join(
    template: &Template,
    mut value: impl FnMut(&crate::template::Reference) -> Result<String, String>,
) -> Result<String, String> {
    let mut text = String::with_capacity(48);
    for (index, part) in template.parts().iter().enumerate() {
        match part {
            Part::Text(literal) => text.push_str(literal),
            Part::Value(reference) => {
                let value = value(reference)?;
                let next = template.parts().get(index + 1);
                let before_port = matches!(next, Some(Part::Text(next)) if next.starts_with(':'));
                text.push_str(&bracketed(value, before_port));
            }
        }
        bounded(&text)?;
    }
    Ok(text)
}

/// A host, with brackets if a port after it needs them.
pub(crate) fn bracketed(host: String, before_port: bool) -> String {
    let ip = host.split('%').next().unwrap_or_default();
    if before_port && ip.parse::<Ipv6Addr>().is_ok() {
        format!("[{host}]")
    } else {
        host
    }
}

/// The template with an example value in each place.
fn sample(template: &Template) -> String {
    let sampled = join(template, |reference| {
        let port = reference.fields.last().is_some_and(|field| field == "port");
        Ok(if port {
            "1".to_owned()
        } else {
            "::1".to_owned()
        })
    });
    sampled.unwrap_or_default()
}

impl FromNode for Address {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let template = Template::from_node(node, problems)?;
        if template.sole_value().is_some() {
            return Some(Self(template));
        }
        if ParsedAddress::parse(&sample(&template)).is_err() {
            let message = format!("`{template}` is not an address with a port");
            problems.push(Problem::new(node.span, message).hint(FORM));
            return None;
        }
        Some(Self(template))
    }

    fn schema() -> Schema {
        json!({ "type": "string", "examples": ["127.0.0.1:0", "[::1]:0", "127.0.0.1:{receiver.port}"] })
    }
}

impl FromNode for IpAddress {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let template = Template::from_node(node, problems)?;
        if parse_ip(&sample(&template)).is_none() {
            let message = format!("`{template}` is not an IP address");
            let hint = "write it without a port and without brackets: `127.0.0.2`, `::1`";
            problems.push(Problem::new(node.span, message).hint(hint));
            return None;
        }
        Some(Self(template))
    }

    fn schema() -> Schema {
        json!({ "type": "string", "examples": ["127.0.0.2", "::1"] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("127.0.0.1:80", "127.0.0.1", None, 80)]
    #[case("[::1]:0", "::1", None, 0)]
    #[case("[::ffff:127.0.0.1]:5001", "::ffff:127.0.0.1", None, 5001)]
    #[case("[fe80::1%eth0]:1", "fe80::1", Some("eth0"), 1)]
    fn addresses_are_read(
        #[case] text: &str,
        #[case] ip: &str,
        #[case] scope: Option<&str>,
        #[case] port: u16,
    ) {
        let scope = scope.map(str::to_owned);
        let endpoint = ParsedAddress {
            ip: ip.parse().unwrap(),
            scope,
            port,
        };
        assert_eq!(ParsedAddress::parse(text), Ok(endpoint));
    }

    #[rstest]
    #[case("127.0.0.1")]
    #[case("::1:80")]
    #[case("[127.0.0.1]:80")]
    #[case("localhost:80")]
    #[case("[::1]:65536")]
    #[case("[::1%]:1")]
    fn what_is_no_address_is_refused(#[case] text: &str) {
        assert!(ParsedAddress::parse(text).is_err());
    }

    #[rstest]
    #[case("::1", "[::1]:9")]
    #[case("127.0.0.1", "127.0.0.1:9")]
    fn brackets_come_by_themselves(#[case] client: &str, #[case] address: &str) {
        let template = Template::try_from("{client}:9".to_owned()).unwrap();
        let joined = join(&template, |_| Ok(client.to_owned()));
        assert_eq!(joined.as_deref(), Ok(address));
    }
}
