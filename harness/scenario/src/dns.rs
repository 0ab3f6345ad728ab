//! What names mean on the hosts of a case.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::bounds;
use crate::leaf::{Milliseconds, OneOrMany, mismatch};
use crate::problem::Problem;
use crate::table::{Fields, FromNode, Schema, object_schema, table};
use crate::template::{Part, Template};
use crate::tree::{Node, Value};

table! {
    /// What a name means on the hosts of a case: the programs there, and `getaddrinfo`, ask a
    /// DNS server that only they can reach.
    ///
    /// It answers over UDP, with what stands here, and that any other name does not exist.
    /// `localhost` and its two addresses are in `/etc/hosts`.
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct DnsName {
        /// Its A records: an IPv4 address or a list, or what happens to a question for them:
        /// `"SERVFAIL"`, `"NXDOMAIN"`, or `"lost"`: it is never answered; default: there are
        /// none.
        a: Option<Records>,
        /// Its AAAA records, likewise.
        aaaa: Option<Records>,
        /// How long a question for A records waits for its answer, in milliseconds; default: 0.
        a_after: Option<Milliseconds>,
        /// The same for AAAA records.
        aaaa_after: Option<Milliseconds>,
    }
}

impl DnsName {
    pub(crate) fn templates(&self) -> impl Iterator<Item = &Template> {
        let records = self.a.iter().chain(&self.aaaa);
        records.flat_map(|records| &records.0)
    }
}

impl FromNode for DnsName {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Table(entries) = &node.value else {
            return mismatch(
                node,
                "a table such as `{ a = \"192.0.2.1\", aaaa = \"2001:db8::1\" }`",
                problems,
            );
        };
        let mut fields = Fields::new(node.span, entries, problems);
        let name = Self::read(&mut fields);
        fields.finish(Self::keys);
        let name = name?;
        let wrong = [
            (&name.a, "A", "an IPv4 address"),
            (&name.aaaa, "AAAA", "an IPv6 address"),
        ];
        let wrong = wrong.map(|(records, kind, what)| {
            let records = records.as_ref()?;
            let written = records
                .0
                .iter()
                .filter_map(|text| Some((text, written(text)?)));
            let many = records.0.len() > 1;
            let fits = |text: &str| match Answer::parse(text) {
                Some(Answer::Address(IpAddr::V4(_))) => kind == "A",
                Some(Answer::Address(IpAddr::V6(_))) => kind == "AAAA",
                Some(Answer::Failure(_)) => !many,
                None => false,
            };
            let (text, value) = { written }.find(|(_, value)| !fits(value))?;
            let problem = Problem::new(text.span, format!("`{value}` is no {kind} record"));
            Some(problem.hint(format!(
                "write {what}, or alone one of: {}",
                Failure::WORDS.map(|(word, _)| word).join(", ")
            )))
        });
        let mut wrong = wrong.into_iter().flatten().peekable();
        let is_right = wrong.peek().is_none();
        problems.extend(wrong);
        is_right.then_some(name)
    }

    fn schema() -> Schema {
        object_schema(&Self::keys())
    }
}

/// A text without values.
fn written(text: &Template) -> Option<&str> {
    match text.parts() {
        [Part::Text(text)] => Some(text),
        [] => Some(""),
        _ => None,
    }
}

/// The records of one type: addresses, or one word for what happens to the question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Records(pub Vec<Template>);

impl FromNode for Records {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        OneOrMany::from_node(node, problems).map(|texts| Self(texts.0))
    }

    fn schema() -> Schema {
        OneOrMany::<Template>::schema()
    }
}

/// What a text of [`Records`] says once its values are filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The address of a record.
    Address(IpAddr),
    /// No answer with records.
    Failure(Failure),
}

/// What happens to a question that is not answered with records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The server says that it failed (RFC 1035 section 4.1.1).
    Servfail,
    /// The server says that there is no such name.
    Nxdomain,
    /// There is no answer.
    Lost,
}

impl Failure {
    const WORDS: [(&'static str, Self); 3] = [
        ("SERVFAIL", Self::Servfail),
        ("NXDOMAIN", Self::Nxdomain),
        ("lost", Self::Lost),
    ];
}

impl Answer {
    /// What it says; nothing if it is neither an address nor one of the words.
    pub fn parse(text: &str) -> Option<Self> {
        let word = Failure::WORDS.iter().find(|(word, _)| *word == text);
        let failure = word.map(|(_, failure)| Self::Failure(*failure));
        // An address with a zone has no place in a record.
        let ipv4 = text.parse::<Ipv4Addr>().map(IpAddr::V4);
        let address = ipv4.or_else(|_| text.parse::<Ipv6Addr>().map(IpAddr::V6));
        failure.or_else(|| address.ok().map(Self::Address))
    }
}

/// The names of a case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dns(pub(crate) Vec<(String, DnsName)>);

/// A name of RFC 1123 section 2.1, in lower case and with a dot in it: one without is not
/// asked of a server as it is.
fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(is_label)
}

impl FromNode for Dns {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Table(entries) = &node.value else {
            return mismatch(node, "a table of names", problems);
        };
        if !bounds::NAMES.holds(entries.len(), node.span, problems) {
            return None;
        }
        let mut names = Vec::new();
        for entry in entries {
            if !is_domain(&entry.key) {
                let message = format!("`{}` is not a domain name", entry.key);
                let problem = Problem::new(entry.key_span, message);
                problems.push(problem.hint(
                    "write it in quotes, in lower case and with a dot: `[dns.\"server.test\"]`",
                ));
                return None;
            }
            names.push((
                entry.key.clone(),
                DnsName::from_node(&entry.node, problems)?,
            ));
        }
        Some(Self(names))
    }

    fn schema() -> Schema {
        json!({ "type": "object", "additionalProperties": DnsName::schema() })
    }
}

#[cfg(test)]
mod tests {
    use super::is_domain;
    use rstest::rstest;

    #[rstest]
    #[case("server.test", true)]
    #[case("a-1.b.test", true)]
    #[case("localhost", false)]
    #[case("Server.test", false)]
    #[case("server.test.", false)]
    #[case("-a.test", false)]
    #[case("", false)]
    fn names_have_the_form_of_a_domain(#[case] text: &str, #[case] is_name: bool) {
        assert_eq!(is_domain(text), is_name);
    }
}
