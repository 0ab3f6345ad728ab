//! Tables of the language: a Rust struct, the keys it is read from, and their
//! documentation, declared once.
//!
//! [`table!`] generates all three from one declaration, so that the reader, the JSON
//! Schema and the reference page agree. It is used instead of serde's derive because all
//! mistakes in a scenario file should be reported at once, each with its place and the
//! nearest known name.

use serde_json::json;

use crate::problem::{Problem, enough};
use crate::source::Span;
use crate::tree::{Entry, Node};

/// A JSON value that describes the value of a key (JSON Schema 2020-12).
pub(crate) type Schema = serde_json::Value;

/// A key of a table, for readers, editors and the reference page.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) required: bool,
    pub(crate) schema: Schema,
}

/// Something that is read from one value of a file.
pub(crate) trait FromNode: Sized {
    /// Reads the value; `None` if a problem was found and added to `problems`.
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self>;

    /// Describes the values that [`from_node`](Self::from_node) accepts.
    fn schema() -> Schema;
}

/// Something that is read from one key, which may be missing.
pub(crate) trait FromKey: Sized {
    const REQUIRED: bool;

    /// The value for a missing key, unless it is required.
    fn absent() -> Option<Self>;
    fn from_key(node: &Node, problems: &mut Vec<Problem>) -> Option<Self>;
    fn schema() -> Schema;
}

impl<T: FromNode> FromKey for T {
    const REQUIRED: bool = true;

    fn absent() -> Option<Self> {
        None
    }

    fn from_key(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        T::from_node(node, problems)
    }

    fn schema() -> Schema {
        T::schema()
    }
}

impl<T: FromNode> FromKey for Option<T> {
    const REQUIRED: bool = false;

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn from_key(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        T::from_node(node, problems).map(Some)
    }

    fn schema() -> Schema {
        T::schema()
    }
}

/// A group of keys with names from a list, such as the socket options.
pub(crate) trait FromNamedKeys: Sized {
    /// The line for all of them in the reference's table of keys.
    const REFERENCE: &'static str;

    /// Takes its keys out of `fields`.
    fn from_named_keys(fields: &mut Fields<'_>) -> Option<Self>;
    /// The keys it may take.
    fn keys() -> Vec<Key>;
}

/// The keys of one table while they are read.
pub(crate) struct Fields<'a> {
    /// The place of the table, for messages about missing keys.
    pub(crate) span: Span,
    pub(crate) problems: &'a mut Vec<Problem>,
    rest: Vec<&'a Entry>,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(span: Span, entries: &'a [Entry], problems: &'a mut Vec<Problem>) -> Self {
        Self {
            span,
            problems,
            rest: entries.iter().collect(),
        }
    }

    /// Removes and returns the entry with that name.
    pub(crate) fn take(&mut self, name: &str) -> Option<&'a Entry> {
        let index = self.rest.iter().position(|entry| entry.key == name)?;
        Some(self.rest.remove(index))
    }

    /// Removes and returns every entry whose name matches.
    pub(crate) fn take_where(&mut self, fits: impl Fn(&str) -> bool) -> Vec<&'a Entry> {
        let (taken, rest) = self.rest.drain(..).partition(|entry| fits(&entry.key));
        self.rest = rest;
        taken
    }

    /// Reads one key; a missing required key is a problem.
    pub(crate) fn read<T: FromKey>(&mut self, name: &str) -> Option<T> {
        match self.take(name) {
            Some(entry) => T::from_key(&entry.node, self.problems),
            None => {
                if T::REQUIRED {
                    self.problem(self.span, format!("missing key `{name}`"));
                }
                T::absent()
            }
        }
    }

    /// Reports a problem.
    pub(crate) fn problem(&mut self, span: Span, message: String) {
        self.problems.push(Problem::new(span, message));
    }

    /// Reports every key that was not read, with the nearest of the `known` keys, which
    /// are computed only if needed.
    pub(crate) fn finish(self, known: impl FnOnce() -> Vec<Key>) {
        if self.rest.is_empty() {
            return;
        }
        let known = known();
        for entry in self.rest {
            if enough(self.problems) {
                return;
            }
            let problem = Problem::new(entry.key_span, format!("unknown key `{}`", entry.key));
            let names = known.iter().map(|key| key.name);
            self.problems.push(problem.nearest(&entry.key, names));
        }
    }
}

/// Declares a table of the language.
///
/// Each field is a key; `..rest: T` at the end is a group of keys that [`FromNamedKeys`]
/// knows. The documentation comments become the reference.
macro_rules! table {
    (
        $(#[doc = $doc:literal])*
        #[derive($($derive:path),*)]
        $(#[$attribute:meta])*
        $vis:vis struct $name:ident {
            $( $(#[doc = $key_doc:literal])* $key:ident : $type:ty, )*
            $( .. $(#[doc = $rest_doc:literal])* $rest:ident : $rest_type:ty )?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive($($derive),*)]
        $(#[$attribute])*
        #[allow(unreachable_pub, reason = "the fields of a table that only this crate reads")]
        $vis struct $name {
            $( $(#[doc = $key_doc])* pub $key: $type, )*
            $( $(#[doc = $rest_doc])* pub $rest: $rest_type, )?
        }

        impl $name {
            /// The documentation of the table as a whole.
            #[allow(dead_code, reason = "not every table has a section of its own in the reference")]
            pub(crate) const DOC: &'static str = concat!($($doc, "\n"),*);

            /// The lines of the reference for groups of keys.
            #[allow(dead_code, reason = "not every table has a section of its own in the reference")]
            pub(crate) const GROUPS: &'static [&'static str] =
                &[$( <$rest_type as $crate::table::FromNamedKeys>::REFERENCE )?];

            /// Every key, in the order of the declaration.
            pub(crate) fn keys() -> Vec<$crate::table::Key> {
                #[allow(unused_mut, reason = "only a table with a rest adds to it")]
                let mut keys = Self::own_keys();
                $( keys.extend(<$rest_type as $crate::table::FromNamedKeys>::keys()); )?
                keys
            }

            /// The keys without those of the group.
            pub(crate) fn own_keys() -> Vec<$crate::table::Key> {
                vec![$( $crate::table::Key {
                    name: $crate::table::key_name(stringify!($key)),
                    doc: concat!($($key_doc, "\n"),*),
                    required: <$type as $crate::table::FromKey>::REQUIRED,
                    schema: <$type as $crate::table::FromKey>::schema(),
                } ),*]
            }

            /// Reads what it knows from `fields` and leaves the rest there.
            pub(crate) fn read(fields: &mut $crate::table::Fields<'_>) -> Option<Self> {
                $( let $key = fields.read::<$type>($crate::table::key_name(stringify!($key))); )*
                $( let $rest = <$rest_type as $crate::table::FromNamedKeys>::from_named_keys(fields); )?
                Some(Self { $( $key: $key?, )* $( $rest: $rest?, )? })
            }
        }
    };
}
pub(crate) use table;

/// The name of a key whose field is a raw identifier.
pub(crate) fn key_name(field: &'static str) -> &'static str {
    field.strip_prefix("r#").unwrap_or(field)
}

/// The JSON Schema of a table with exactly these keys.
pub(crate) fn object_schema(keys: &[Key]) -> Schema {
    let required: Vec<&str> = keys
        .iter()
        .filter(|key| key.required)
        .map(|key| key.name)
        .collect();
    let mut schema = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties(keys),
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn properties(keys: &[Key]) -> Schema {
    keys.iter()
        .map(|key| {
            let mut schema = key.schema.clone();
            schema["description"] = json!(paragraph(key.doc));
            (key.name.to_owned(), schema)
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// A documentation comment as one line.
pub(crate) fn paragraph(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}
