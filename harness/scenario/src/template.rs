//! Texts with values in them: `127.0.0.1:{receiver.port}`.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::bounds;
use crate::leaf::{is_name, mismatch};
use crate::problem::Problem;
use crate::source::Span;
use crate::table::{FromNode, Schema};
use crate::tree::{Node, Value};

/// A text in which `{…}` is replaced by an earlier result.
///
/// A literal brace is doubled.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct Template {
    parts: Vec<Part>,
    pub(crate) span: Span,
}

/// A piece of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Literal text.
    Text(String),
    /// A value to be filled in.
    Value(Reference),
}

/// The name of a value: `got.from|unmapped`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The socket, saved result or parameter.
    pub name: String,
    /// Its fields, from the outermost.
    pub fields: Vec<String>,
    /// How to convert an address.
    pub filter: Option<Filter>,
}

/// A conversion between the two forms of an IPv4 address. Another IPv6 address stays as it
/// is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// An IPv4 address in its IPv4-mapped IPv6 form (RFC 4291 section 2.5.5.2).
    Mapped,
    /// The IPv4 address inside an IPv4-mapped IPv6 address.
    Unmapped,
}

impl Filter {
    pub(crate) const ALL: [(&'static str, Self); 2] =
        [("mapped", Self::Mapped), ("unmapped", Self::Unmapped)];
}

impl Template {
    /// The text and the values, in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The value, if the template is only this value.
    pub fn sole_value(&self) -> Option<&Reference> {
        match self.parts.as_slice() {
            [Part::Value(reference)] => Some(reference),
            _ => None,
        }
    }

    /// Every value that it names.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.parts.iter().filter_map(|part| match part {
            Part::Value(reference) => Some(reference),
            Part::Text(_) => None,
        })
    }

    /// Fills in the values.
    ///
    /// # Errors
    ///
    /// That of `value`, or that the text exceeds the language's bound.
    pub fn fill(
        &self,
        mut value: impl FnMut(&Reference) -> Result<String, String>,
    ) -> Result<String, String> {
        let mut filled = String::with_capacity(48);
        for part in &self.parts {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Value(reference) => filled.push_str(&value(reference)?),
            }
            bounded(&filled)?;
        }
        Ok(filled)
    }

    pub(crate) fn parse(text: &str, span: Span) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(brace) = brace(rest) {
            literal.push_str(&rest[..brace]);
            let (found, after) = (&rest[brace..=brace], &rest[brace + 1..]);
            if after.starts_with(found) {
                literal.push_str(found);
                rest = &after[1..];
                continue;
            }
            let Some(end) = after.find('}').filter(|_| found == "{") else {
                return Err(format!("unmatched `{found}`; write a literal brace twice"));
            };
            if !literal.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut literal)));
            }
            parts.push(Part::Value(Reference::parse(&after[..end])?));
            rest = &after[end + 1..];
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Ok(Self { parts, span })
    }
}

/// The place of the first brace.
fn brace(text: &str) -> Option<usize> {
    text.bytes().position(|byte| matches!(byte, b'{' | b'}'))
}

/// A text as a template in which nothing is a value.
pub fn literal(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

/// The names of the values in a text; none if it is not a template.
pub(crate) fn names(text: &str) -> Vec<String> {
    // Most texts name no value.
    if !text.contains('{') {
        return Vec::new();
    }
    let template = Template::parse(text, Span::default());
    let references = template.iter().flat_map(Template::references);
    references.map(|reference| reference.name.clone()).collect()
}

/// Rejects a text that has become longer than the language allows.
pub(crate) fn bounded(text: &str) -> Result<(), String> {
    let checked = bounds::TEXT.check(text.len(), Span::default());
    checked.map_err(|problem| problem.message().to_owned())
}

impl Reference {
    /// Reads the text between the braces.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (path, filter) = match text.split_once('|') {
            Some((path, filter)) => (path.trim(), Some(parse_filter(filter.trim())?)),
            None => (text.trim(), None),
        };
        let mut names = path.split('.').map(str::to_owned);
        let name = names.next().unwrap_or_default();
        if !is_name(&name) {
            return Err(format!(
                "`{{{text}}}` does not begin with the name of a value"
            ));
        }
        Ok(Self {
            name,
            fields: names.collect(),
            filter,
        })
    }

    /// The fields as one text: `from.port`.
    pub fn path(&self) -> String {
        self.fields.join(".")
    }
}

fn parse_filter(text: &str) -> Result<Filter, String> {
    Filter::ALL
        .iter()
        .find(|(name, _)| *name == text)
        .map(|(_, filter)| *filter)
        .ok_or_else(|| format!("unknown conversion `|{text}`; use `|mapped` or `|unmapped`"))
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        for field in &self.fields {
            write!(f, ".{field}")?;
        }
        match self.filter {
            Some(Filter::Mapped) => f.write_str("|mapped"),
            Some(Filter::Unmapped) => f.write_str("|unmapped"),
            None => Ok(()),
        }
    }
}

/// The template as written.
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                Part::Text(text) => f.write_str(&text.replace('{', "{{").replace('}', "}}"))?,
                Part::Value(reference) => write!(f, "{{{reference}}}")?,
            }
        }
        Ok(())
    }
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl TryFrom<String> for Template {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text, Span::default())
    }
}

impl From<Template> for String {
    fn from(template: Template) -> Self {
        template.to_string()
    }
}

impl FromNode for Template {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Text(text) = &node.value else {
            return mismatch(node, "a string", problems);
        };
        match Self::parse(text, node.span) {
            Ok(template) => Some(template),
            Err(message) => {
                problems.push(Problem::new(node.span, message));
                None
            }
        }
    }

    fn schema() -> Schema {
        json!({ "type": "string" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("plain")]
    #[case("127.0.0.1:{receiver.port}")]
    #[case("{got.from|unmapped}")]
    #[case("{a}{b} {{not a value}}")]
    #[case("")]
    fn what_is_written_is_what_is_shown(#[case] text: &str) {
        assert_eq!(
            Template::parse(text, Span::default()).unwrap().to_string(),
            text
        );
    }

    #[rstest]
    #[case("{got", "unmatched")]
    #[case("got}", "unmatched")]
    #[case("{}", "does not begin with the name of a value")]
    #[case("{Got}", "does not begin with the name of a value")]
    #[case("{got|upper}", "use `|mapped` or `|unmapped`")]
    fn mistakes_are_named(#[case] text: &str, #[case] message: &str) {
        let error = Template::parse(text, Span::default()).unwrap_err();
        assert!(error.contains(message), "{error}");
    }
}
