//! `--format json` of the commands that have no other format for programs.

use std::io::{IsTerminal, Write};

use clap::{Args, ValueEnum};
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
}

impl Output {
    /// Whether text is wanted.
    pub(super) fn is_text(self) -> bool {
        self.format.is_none()
    }

    /// Prints values in the format that is wanted.
    pub(super) fn print(self, values: Vec<Value>) -> Result<(), Failure> {
        let text = match self.format {
            Some(Format::Jsonl) => values.iter().map(|value| format!("{value}\n")).collect(),
            Some(Format::Json) | None => format!("{:#}\n", Value::from(values)),
        };
        bytes(text.as_bytes())
    }
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
