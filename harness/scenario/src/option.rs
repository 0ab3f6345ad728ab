//! Socket options in a step.

use dualstack_names::{Field, Scalar, SocketOption, ValueType};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::leaf::{mismatch, or_template};
use crate::problem::Problem;
use crate::step::Show;
use crate::table::{Fields, FromNamedKeys, FromNode, Key, Schema};
use crate::template::Template;
use crate::tree::{Entry, Node, Value};

/// Whether a key is meant to be one of these names, which are in capitals.
pub(crate) fn is_meant<'a>(key: &str, mut names: impl Iterator<Item = &'a str>) -> bool {
    key.starts_with(|c: char| c.is_ascii_uppercase())
        || names.any(|name| name.eq_ignore_ascii_case(key))
}

/// The name of a socket option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct OptionName(pub String);

impl FromNode for OptionName {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Text(name) = &node.value else {
            return mismatch(node, "the name of a socket option in quotes", problems);
        };
        match SocketOption::by_name(name) {
            Some(_) => Some(Self(name.clone())),
            None => {
                problems.push(unknown(name, node.span));
                None
            }
        }
    }

    fn schema() -> Schema {
        let names: Vec<&str> = SocketOption::names().collect();
        crate::leaf::or_parameter(&json!({ "enum": names }))
    }
}

fn unknown(name: &str, span: crate::source::Span) -> Problem {
    Problem::new(span, format!("unknown socket option `{name}`"))
        .nearest(name, SocketOption::names())
}

/// An option with the value it is set to: `IPV6_V6ONLY = 0`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Setting {
    /// The option's name.
    pub option: String,
    /// The value that is passed.
    pub value: SettingValue,
}

/// The value for an option, as texts that may contain values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SettingValue {
    /// One value.
    One(Template),
    /// The members of a structure by name, in order.
    Struct(Vec<(String, Template)>),
}

impl SettingValue {
    /// The value as written in C.
    pub(crate) fn describe(&self, show: Show<'_>) -> String {
        match self {
            Self::One(value) => show(value),
            Self::Struct(members) => {
                let members: Vec<_> = members.iter().map(|(_, value)| show(value)).collect();
                format!("{{{}}}", members.join(", "))
            }
        }
    }

    pub(crate) fn templates(&self) -> Vec<&Template> {
        match self {
            Self::One(value) => vec![value],
            Self::Struct(members) => members.iter().map(|(_, value)| value).collect(),
        }
    }

    fn read(of: ValueType, node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        match of {
            ValueType::One(scalar) => scalar_value(scalar, node, problems).map(Self::One),
            ValueType::Struct(fields) => match &node.value {
                Value::Table(entries) => members(fields, node, entries, problems).map(Self::Struct),
                _ => mismatch(node, &form(fields), problems),
            },
        }
    }
}

/// How to write a structure, for messages.
fn form(fields: &[Field]) -> String {
    let members: Vec<_> = fields
        .iter()
        .map(|field| format!("{} = …", field.name))
        .collect();
    format!("a table `{{ {} }}`", members.join(", "))
}

fn members(
    fields: &[Field],
    node: &Node,
    entries: &[Entry],
    problems: &mut Vec<Problem>,
) -> Option<Vec<(String, Template)>> {
    let mut keys = Fields::new(node.span, entries, problems);
    let members: Vec<_> = fields
        .iter()
        .map(|field| {
            let value = match keys.take(field.name) {
                Some(entry) => scalar_value(field.scalar, &entry.node, keys.problems),
                None => {
                    keys.problem(node.span, format!("missing key `{}`", field.name));
                    None
                }
            };
            Some((field.name.to_owned(), value?))
        })
        .collect();
    keys.finish(|| fields.iter().map(member_key).collect());
    members.into_iter().collect()
}

fn scalar_value(scalar: Scalar, node: &Node, problems: &mut Vec<Problem>) -> Option<Template> {
    let fits = match &node.value {
        Value::Integer(number) => scalar.holds(*number),
        // A number in quotes is not a number.
        Value::Text(text) if text.parse::<i64>().is_ok() => false,
        Value::Text(_) => {
            let template = Template::from_node(node, problems)?;
            let has_values = template.references().next().is_some();
            has_values || scalar.accepts(&template.to_string())
        }
        _ => false,
    };
    match &node.value {
        _ if fits => Template::parse(&node.plain(), node.span).ok(),
        Value::Integer(number) if !scalar.is_address() => {
            let message = match scalar {
                Scalar::Short | Scalar::Byte => format!("{number} is not {}", scalar.form()),
                _ => format!("{number} does not fit into a C int"),
            };
            problems.push(Problem::new(node.span, message));
            None
        }
        Value::Text(text) if !scalar.names().is_empty() => {
            let problem = Problem::new(node.span, format!("`{text}` is not {}", scalar.form()));
            problems.push(problem.nearest(text, scalar.names()));
            None
        }
        _ => mismatch(node, scalar.form(), problems),
    }
}

fn scalar_schema(scalar: Scalar) -> Schema {
    let named = |maximum: i64| {
        let number = json!({ "type": "integer", "minimum": i32::MIN, "maximum": maximum });
        json!({ "anyOf": [number, { "type": "string" }] })
    };
    match scalar {
        Scalar::Int => or_template(&json!({
            "type": "integer", "minimum": i32::MIN, "maximum": i32::MAX
        })),
        Scalar::Short => or_template(&json!({
            "type": "integer", "minimum": 0, "maximum": u16::MAX
        })),
        Scalar::Byte => or_template(&json!({
            "type": "integer", "minimum": 0, "maximum": u8::MAX
        })),
        Scalar::Error | Scalar::Family | Scalar::SocketType => named(i32::MAX.into()),
        Scalar::Interface => named(u32::MAX.into()),
        Scalar::InAddr | Scalar::In6Addr => json!({ "type": "string" }),
    }
}

fn member_key(field: &Field) -> Key {
    Key {
        name: field.name,
        doc: "A member of the structure.",
        required: true,
        schema: scalar_schema(field.scalar),
    }
}

fn value_schema(of: ValueType) -> Schema {
    match of {
        ValueType::One(scalar) => scalar_schema(scalar),
        ValueType::Struct(fields) => {
            let keys: Vec<Key> = fields.iter().map(member_key).collect();
            crate::table::object_schema(&keys)
        }
    }
}

impl FromNamedKeys for Setting {
    const REFERENCE: &'static str = "| an [option](#socket-options) |  | The new value. |";

    fn from_named_keys(fields: &mut Fields<'_>) -> Option<Self> {
        let entries = fields.take_where(|name| is_meant(name, SocketOption::names()));
        let [entry] = entries.as_slice() else {
            fields.problems.push(match entries.get(1) {
                Some(second) => Problem::new(
                    second.key_span,
                    "a call sets one option; make a step of each",
                ),
                None => Problem::new(fields.span, "no option is named here")
                    .hint("an option is a key with its value: `IPV6_V6ONLY = 0`"),
            });
            return None;
        };
        let Some(option) = SocketOption::by_name(&entry.key) else {
            fields.problems.push(unknown(&entry.key, entry.key_span));
            return None;
        };
        let value = SettingValue::read(option.value, &entry.node, fields.problems)?;
        Some(Self {
            option: entry.key.clone(),
            value,
        })
    }

    fn keys() -> Vec<Key> {
        let key = |option: &SocketOption| Key {
            name: option.name,
            doc: option.doc,
            required: false,
            schema: value_schema(option.value),
        };
        SocketOption::ALL.iter().map(key).collect()
    }
}
