//! `--format` of the commands that print values of one kind: a list, or a table.

use std::io::{IsTerminal, Write};

use clap::{Args, ValueEnum};
use dualstack_report::form::junit::{self, Test};
use dualstack_report::form::{csv, markdown};
use dualstack_scenario::shown;
use dualstack_scenario::shown::Lines;
use serde_json::Value;

use crate::failure::Failure;

/// The format of what is printed.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(super) struct Output {
    /// Print in this format for programs; default: text
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON value
    Json,
    /// A JSON value on each line
    Jsonl,
    /// A table for a spreadsheet, with a line for each value
    Csv,
    /// A table for an issue, with a line for each value
    Markdown,
    /// JUnit XML, for a CI service
    Junit,
}

impl Output {
    /// Whether text is wanted.
    pub(super) fn is_text(self) -> bool {
        self.format.is_none()
    }

    /// Prints values in the format that is wanted. JUnit XML has a suite of tests instead.
    pub(super) fn print(
        self,
        values: Vec<Value>,
        suite: &str,
        tests: impl FnOnce() -> Vec<Test>,
    ) -> Result<(), Failure> {
        match self.format {
            Some(Format::Jsonl) => {
                let lines: String = values.iter().map(|value| format!("{value}\n")).collect();
                json(&lines)
            }
            Some(Format::Junit) => bytes(junit::suite(suite, &tests()).as_bytes()),
            // A table of nothing has no columns either.
            Some(Format::Csv | Format::Markdown) if values.is_empty() => Ok(()),
            Some(Format::Json) | None => json(&format!("{:#}\n", Value::from(values))),
            Some(Format::Csv) => {
                let (head, rows) = table(&values);
                bytes(&csv::table(&head, &rows))
            }
            Some(Format::Markdown) => {
                let (head, rows) = table(&values);
                bytes(markdown::table(&head, &rows).as_bytes())
            }
        }
    }
}

/// Values as a table: its head, and a row for each. What is inside a value has a column of
/// its own, `before.answer`.
fn table(values: &[Value]) -> (Vec<String>, Vec<Vec<String>>) {
    let mut head: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for value in values {
        let mut row = vec![String::new(); head.len()];
        fields("", value, &mut |name, text| {
            let at = head.iter().position(|known| known == name);
            let at = at.unwrap_or_else(|| {
                head.push(name.to_owned());
                row.push(String::new());
                head.len() - 1
            });
            row[at] = text;
        });
        rows.push(row);
    }
    for row in &mut rows {
        row.resize(head.len(), String::new());
    }
    (head, rows)
}

fn fields(name: &str, value: &Value, found: &mut impl FnMut(&str, String)) {
    match value {
        Value::Null => {}
        Value::Object(inside) => {
            for (key, value) in inside {
                match name {
                    "" => fields(key, value, found),
                    _ => fields(&format!("{name}.{key}"), value, found),
                }
            }
        }
        Value::Array(texts) if texts.iter().all(Value::is_string) => {
            let texts = texts.iter().filter_map(Value::as_str);
            found(name, texts.collect::<Vec<_>>().join(", "));
        }
        Value::String(text) => found(name, text.clone()),
        Value::Array(_) | Value::Bool(_) | Value::Number(_) => found(name, value.to_string()),
    }
}

/// Prints JSON.
pub(super) fn json(text: &str) -> Result<(), Failure> {
    bytes(shown::json(text).as_bytes())
}

/// Prints exact bytes for another program; for a terminal, nothing that would control it.
pub(super) fn bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = std::io::stdout();
    if stdout.is_terminal() {
        let text = String::from_utf8_lossy(bytes);
        return super::print(shown!("{}\n", Lines(text.trim_end())));
    }
    let end: &[u8] = if bytes.ends_with(b"\n") { b"" } else { b"\n" };
    let written = stdout.write_all(bytes).and_then(|()| stdout.write_all(end));
    super::arrived(written.and_then(|()| stdout.flush()))
}
