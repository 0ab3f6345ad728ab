//! A program under test: a server or a client that a case starts.

use std::path::{Component, Path};

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::bounds;
use crate::leaf::{Name, TextOrNumber, is_name, mismatch};
use crate::problem::Problem;
use crate::table::{Fields, FromNode, Schema, object_schema, table};
use crate::template::Template;
use crate::tree::{Entry, Node, Value};

table! {
    /// A program that the steps of a case can start, wait for and end.
    ///
    /// It is started without a shell, in a new empty folder. It ends with the case, and so
    /// does everything that it has started.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Program {
        /// The program and its arguments: `["./server", "--port", "{free.port}"]`. A name
        /// without a `/` is looked up in `PATH`; a relative path starts in the folder in
        /// which `dualstack` was started.
        command: Vec<TextOrNumber>,
        /// The folder that it starts in, an absolute path or one from the folder in which
        /// `dualstack` was started; default: a new empty one.
        folder: Option<Template>,
        /// Environment variables, in addition to those that `dualstack` was started with:
        /// `{ LISTEN = "[::]:{free.port}" }`.
        env: Option<Texts>,
        /// Files in its new folder, with their contents: `{ "allow.conf" = "127.0.0.1" }`.
        files: Option<Files>,
    }
}

impl Program {
    /// The texts that may have values in them.
    pub(crate) fn templates(&self) -> impl Iterator<Item = &Template> {
        let env = self.env.iter().flat_map(|texts| &texts.0);
        let files = self.files.iter().flat_map(|files| &files.0.0);
        let texts = env.chain(files).map(|(_, text)| text);
        let command = self.command.iter().map(|word| &word.0);
        command.chain(&self.folder).chain(texts)
    }

    /// The environment variables by name.
    pub fn env(&self) -> impl Iterator<Item = (&str, &Template)> {
        let texts = self.env.iter().flat_map(|texts| &texts.0);
        texts.map(|(name, text)| (name.as_str(), text))
    }

    /// The contents of the files by name, which is a relative path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Template)> {
        let texts = self.files.iter().flat_map(|files| &files.0.0);
        texts.map(|(name, text)| (name.as_str(), text))
    }
}

impl FromNode for Program {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Table(entries) = &node.value else {
            return mismatch(
                node,
                "a table such as `{ command = [\"./server\"] }`",
                problems,
            );
        };
        let mut fields = Fields::new(node.span, entries, problems);
        let program = Self::read(&mut fields);
        fields.finish(Self::keys);
        let program = program?;
        if program.folder.is_some() && program.files.is_some() {
            let message = "`files` are put into a new folder, and `folder` names another";
            let problem = Problem::new(node.span, message);
            problems.push(problem.hint("remove one of the two"));
            return None;
        }
        if program.command.is_empty() {
            let problem = Problem::new(node.span, "`command` names no program");
            problems.push(problem.hint("write `command = [\"./server\"]`"));
            return None;
        }
        Some(program)
    }

    fn schema() -> Schema {
        object_schema(&Self::keys())
    }
}

/// Texts by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Texts(Vec<(String, Template)>);

impl FromNode for Texts {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Table(entries) = &node.value else {
            return mismatch(node, "a table of texts", problems);
        };
        let mut texts = Vec::new();
        for Entry {
            key,
            key_span,
            node,
        } in entries
        {
            if key.is_empty() || key.contains(['=', '\0']) {
                let problem = Problem::new(*key_span, format!("{key:?} is not a name"));
                problems.push(problem);
                return None;
            }
            texts.push((key.clone(), TextOrNumber::from_node(node, problems)?.0));
        }
        Some(Self(texts))
    }

    fn schema() -> Schema {
        json!({ "type": "object", "additionalProperties": Template::schema() })
    }
}

/// The contents of files by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Files(Texts);

impl FromNode for Files {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let texts = Texts::from_node(node, problems)?;
        let Value::Table(entries) = &node.value else {
            return None;
        };
        let outside = entries.iter().find(|entry| !is_inside(&entry.key));
        if let Some(Entry { key, key_span, .. }) = outside {
            let message = format!("`{key}` is not in the program's folder");
            let problem = Problem::new(*key_span, message);
            problems.push(problem.hint("use a name, or a path without `..` such as `conf/allow`"));
            return None;
        }
        Some(Self(texts))
    }

    fn schema() -> Schema {
        Texts::schema()
    }
}

/// Whether a path stays in the folder that it starts from.
fn is_inside(path: &str) -> bool {
    let mut components = Path::new(path).components();
    !path.contains('\\') && components.all(|part| matches!(part, Component::Normal(_)))
}

/// The programs of a case, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Programs(pub(crate) Vec<(Name, Program)>);

impl FromNode for Programs {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Table(entries) = &node.value else {
            return mismatch(node, "a table of programs", problems);
        };
        if !bounds::PROGRAMS.holds(entries.len(), node.span, problems) {
            return None;
        }
        let mut programs = Vec::new();
        for entry in entries {
            let span = entry.key_span;
            if !is_name(&entry.key) {
                let problem = Problem::new(span, format!("`{}` is not a name", entry.key));
                problems.push(
                    problem.hint(
                        "a name is made of lowercase letters, digits and `_`, a letter first",
                    ),
                );
                return None;
            }
            let text = entry.key.clone();
            programs.push((
                Name { text, span },
                Program::from_node(&entry.node, problems)?,
            ));
        }
        Some(Self(programs))
    }

    fn schema() -> Schema {
        json!({ "type": "object", "additionalProperties": Program::schema() })
    }
}

#[cfg(test)]
mod tests {
    use super::is_inside;
    use rstest::rstest;

    #[rstest]
    #[case("allow.conf", true)]
    #[case("conf/allow", true)]
    #[case("/etc/passwd", false)]
    #[case("../allow", false)]
    #[case("conf/../../allow", false)]
    #[case("..\\allow", false)]
    fn files_stay_in_the_folder(#[case] path: &str, #[case] inside: bool) {
        assert_eq!(is_inside(path), inside);
    }
}
