//! What a scenario expects, by system and by claim, and the known differences.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::bounds;
use crate::leaf::{OneOrMany, mismatch};
use crate::parameters::{Row, fill};
use crate::problem::{Problem, enough};
use crate::slips;
use crate::source::Span;
use crate::system::{Selector, SelectorError, System};
use crate::table::{Fields, FromNode, Key, Schema, object_schema, table};
use crate::template::Template;
use crate::tree::{Entry, Node, Value};

/// Accepted texts for an answer; `*` matches any text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Patterns(pub Vec<String>);

impl Patterns {
    /// Whether the answer is one of these.
    pub fn fit(&self, answer: &str) -> bool {
        self.0.iter().any(|pattern| fits(pattern, answer))
    }
}

impl std::fmt::Display for Patterns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join(" or "))
    }
}

fn fits(pattern: &str, answer: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == answer;
    };
    let Some(mut left) = answer.strip_prefix(start) else {
        return false;
    };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let end = pieces.pop().unwrap_or_default();
    for piece in pieces {
        match left.find(piece) {
            Some(at) => left = &left[at + piece.len()..],
            None => return false,
        }
    }
    left.ends_with(end)
}

/// What a system is expected to answer, and who says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Expectation {
    /// Which systems.
    pub on: Selector,
    /// The answers.
    pub answer: Patterns,
    /// The document, manual page or function that says so.
    pub source: String,
    /// Whether a system gives sometimes one of these answers and sometimes another.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub varies: bool,
}

/// An answer that differs from what is expected, and is accepted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KnownDifference {
    /// Which systems.
    pub on: Selector,
    /// The answers.
    pub answer: Patterns,
    /// Why it is accepted.
    pub reason: String,
    /// Where it is reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// The answers with which a claim holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClaimTest {
    /// The claim's id in the catalogue.
    pub claim: String,
    /// The answers.
    pub answer: Patterns,
}

/// The most specific entry that matches a system.
pub(crate) fn most_particular<'a, T>(
    entries: &'a [T],
    on: impl Fn(&T) -> &Selector,
    system: &System,
) -> Option<&'a T> {
    entries
        .iter()
        .filter(|entry| on(entry).fits(system))
        .max_by_key(|entry| on(entry).rank())
}

table! {
    /// What a system is expected to answer.
    #[derive(Clone, Debug)]
    pub(crate) struct ExpectKeys {
        /// The answer, or a list of accepted answers; `*` matches any text, and `{…}` is
        /// a parameter. A row without the parameter has no expectation.
        answer: OneOrMany<String>,
        /// The document, manual page or function that says so.
        source: String,
        /// `true` if a system gives sometimes one of the answers and sometimes another,
        /// by chance. Approved tables then show all of them.
        varies: Option<bool>,
    }
}

table! {
    /// An answer that differs from what is expected and is accepted as long as
    /// it is exactly this one.
    #[derive(Clone, Debug)]
    pub(crate) struct KnownKeys {
        /// The answer, or a list of accepted answers; `*` matches any text, and `{…}` is
        /// a parameter.
        answer: OneOrMany<String>,
        /// Why it is accepted.
        reason: String,
        /// Where it is reported.
        source: Option<String>,
    }
}

/// The tables of a file before the parameters of its rows are filled in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keyed<T> {
    entries: Vec<Entry>,
    kind: std::marker::PhantomData<T>,
}

/// A table whose keys are selectors or claims.
pub(crate) trait KeyedBy: Sized {
    /// What the table looks like, for messages.
    const FORM: &'static str;
    /// Reads one entry with its parameters filled in.
    fn read(entry: &Entry, problems: &mut Vec<Problem>) -> Option<Self>;
    fn entry_schema() -> Schema;
    fn key_schema() -> Schema;
    /// The part of the entry whose parameters decide which rows it applies to.
    fn answer(entry: &Entry) -> &Node;
    /// The accepted answers.
    fn patterns(&self) -> &Patterns;
    /// The systems it is for, if that depends on the system.
    fn on(&self) -> Option<&Selector>;
}

impl<T: KeyedBy> Keyed<T> {
    /// The values of the entries.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.entries.iter().map(|entry| &entry.node)
    }

    /// The entries that apply to this row.
    pub(crate) fn for_row(&self, row: &Row, problems: &mut Vec<Problem>) -> Vec<T> {
        let applies = |entry: &&Entry| {
            let named = named(T::answer(entry));
            named.iter().all(|(name, _)| row.get(name).is_some())
        };
        let mut read: Vec<T> = Vec::new();
        let mut places = Vec::new();
        for entry in self.entries.iter().filter(applies) {
            if enough(problems) {
                break;
            }
            let filled = Entry {
                key: entry.key.clone(),
                key_span: entry.key_span,
                node: fill(&entry.node, row, problems),
            };
            let Some(entry) = T::read(&filled, problems) else {
                continue;
            };
            problems.extend(slips::wrong_answers(
                entry.patterns(),
                T::answer(&filled).span,
            ));
            read.push(entry);
            places.push(filled.key_span);
        }
        let selectors = read.iter().map(T::on).zip(places);
        let selectors = selectors.filter_map(|(on, place)| Some((on?, place)));
        problems.extend(slips::in_vain(&selectors.collect::<Vec<_>>()));
        read
    }

    /// The keys as written, with their places.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (String, Span)> {
        let entries = self.entries.iter();
        entries.map(|entry| (entry.key.clone(), entry.key_span))
    }

    /// The place of the entry for these systems.
    pub(crate) fn place_of(&self, on: &Selector) -> Span {
        let same = |entry: &&Entry| Selector::parse(&entry.key).as_ref() == Ok(on);
        let entry = self.entries.iter().find(same);
        entry.map(|entry| entry.key_span).unwrap_or_default()
    }

    /// The parameters that are used but that no row has.
    pub(crate) fn unknown(&self, rows: &[Row]) -> Vec<Problem> {
        let names = rows
            .iter()
            .flat_map(|row| row.values.iter().map(|(name, _)| name.as_str()));
        let known: BTreeSet<&str> = names.collect();
        let named = self
            .entries
            .iter()
            .flat_map(|entry| named(T::answer(entry)));
        named
            .filter(|(name, _)| !known.contains(name.as_str()))
            .take(bounds::MISTAKES.most)
            .map(|(name, span)| {
                Problem::new(span, format!("no row has a parameter `{name}`"))
                    .nearest(&name, known.iter().copied())
            })
            .collect()
    }
}

/// The parameters that a node uses, with their places.
fn named(node: &Node) -> Vec<(String, Span)> {
    match &node.value {
        Value::Text(text) => match Template::parse(text, node.span) {
            Ok(template) => template
                .references()
                .map(|reference| (reference.name.clone(), node.span))
                .collect(),
            Err(_) => Vec::new(),
        },
        Value::List(nodes) => nodes.iter().flat_map(named).collect(),
        _ => Vec::new(),
    }
}

impl<T: KeyedBy> FromNode for Keyed<T> {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        match &node.value {
            Value::Table(entries) => Some(Self {
                entries: entries.clone(),
                kind: std::marker::PhantomData,
            }),
            _ => mismatch(node, T::FORM, problems),
        }
    }

    fn schema() -> Schema {
        json!({
            "type": "object",
            "propertyNames": T::key_schema(),
            "additionalProperties": T::entry_schema(),
        })
    }
}

fn selector(entry: &Entry, problems: &mut Vec<Problem>) -> Option<Selector> {
    match Selector::parse(&entry.key) {
        Ok(selector) => Some(selector),
        Err(error) => {
            let problem = Problem::new(entry.key_span, error.to_string());
            problems.push(match &error {
                SelectorError::Name(name) => problem.nearest(name, Selector::names()),
                SelectorError::Bounds(_) => problem,
            });
            None
        }
    }
}

fn selector_schema() -> Schema {
    let names: Vec<&str> = Selector::names().collect();
    json!({ "pattern": format!("^({})( *(<=|>=|<|>|=) *[0-9.]+(, *(<=|>=|<|>|=) *[0-9.]+)*)?$", names.join("|")) })
}

/// The `answer` of a table, or the whole value if it is not a table.
fn answer_of(entry: &Entry) -> &Node {
    let Value::Table(entries) = &entry.node.value else {
        return &entry.node;
    };
    entries
        .iter()
        .find(|entry| entry.key == "answer")
        .map_or(&entry.node, |entry| &entry.node)
}

/// Reads the table of a selector; `with` names the other keys in it.
fn read_table<K>(
    entry: &Entry,
    form: &str,
    read: impl Fn(&mut Fields<'_>) -> Option<K>,
    known: fn() -> Vec<Key>,
    problems: &mut Vec<Problem>,
) -> Option<(Selector, K)> {
    let on = selector(entry, problems);
    let Value::Table(entries) = &entry.node.value else {
        return mismatch(&entry.node, form, problems);
    };
    let mut fields = Fields::new(entry.node.span, entries, problems);
    let keys = read(&mut fields);
    fields.finish(known);
    Some((on?, keys?))
}

impl KeyedBy for Expectation {
    const FORM: &'static str = "a table of expectations by system";

    fn read(entry: &Entry, problems: &mut Vec<Problem>) -> Option<Self> {
        let form = "`{ answer = \"…\", source = \"…\" }`";
        let (on, keys) = read_table(entry, form, ExpectKeys::read, ExpectKeys::keys, problems)?;
        if keys.source.trim().is_empty() {
            let problem = Problem::new(entry.node.span, "an expectation needs a source");
            problems.push(problem.hint(
                "name the document, manual page or function that says so, or drop the expectation",
            ));
        }
        Some(Self {
            on,
            answer: Patterns(keys.answer.0),
            source: keys.source,
            varies: keys.varies.unwrap_or_default(),
        })
    }

    fn entry_schema() -> Schema {
        object_schema(&ExpectKeys::keys())
    }

    fn key_schema() -> Schema {
        selector_schema()
    }

    fn answer(entry: &Entry) -> &Node {
        answer_of(entry)
    }

    fn patterns(&self) -> &Patterns {
        &self.answer
    }

    fn on(&self) -> Option<&Selector> {
        Some(&self.on)
    }
}

impl KeyedBy for KnownDifference {
    const FORM: &'static str = "a table of known differences by system";

    fn read(entry: &Entry, problems: &mut Vec<Problem>) -> Option<Self> {
        let form = "`{ answer = \"…\", reason = \"…\" }`";
        let (on, keys) = read_table(entry, form, KnownKeys::read, KnownKeys::keys, problems)?;
        let answer = Patterns(keys.answer.0);
        Some(Self {
            on,
            answer,
            reason: keys.reason,
            source: keys.source,
        })
    }

    fn entry_schema() -> Schema {
        object_schema(&KnownKeys::keys())
    }

    fn key_schema() -> Schema {
        selector_schema()
    }

    fn answer(entry: &Entry) -> &Node {
        answer_of(entry)
    }

    fn patterns(&self) -> &Patterns {
        &self.answer
    }

    fn on(&self) -> Option<&Selector> {
        Some(&self.on)
    }
}

impl KeyedBy for ClaimTest {
    const FORM: &'static str = "a table of claims with the answers that support them";

    fn read(entry: &Entry, problems: &mut Vec<Problem>) -> Option<Self> {
        let answer = OneOrMany::<String>::from_node(&entry.node, problems)?;
        Some(Self {
            claim: entry.key.clone(),
            answer: Patterns(answer.0),
        })
    }

    fn entry_schema() -> Schema {
        OneOrMany::<String>::schema()
    }

    fn key_schema() -> Schema {
        json!({ "pattern": "^[A-Z]+-[0-9]+$" })
    }

    fn answer(entry: &Entry) -> &Node {
        &entry.node
    }

    fn patterns(&self) -> &Patterns {
        &self.answer
    }

    fn on(&self) -> Option<&Selector> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("EINVAL", "EINVAL", true)]
    #[case("EINVAL", "EINVAL from bind s", false)]
    #[case("EINVAL *", "EINVAL from bind s", true)]
    #[case("* from *", "EINVAL from bind s", true)]
    #[case("*", "", true)]
    #[case("a*b*c", "a-b-c", true)]
    #[case("a*b*c", "a-c", false)]
    #[case("ab*ba", "aba", false)]
    fn a_star_stands_for_any_text(#[case] pattern: &str, #[case] answer: &str, #[case] fit: bool) {
        assert_eq!(fits(pattern, answer), fit);
    }
}
