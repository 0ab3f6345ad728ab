//! `dualstack platforms`: the platforms that cases can run on here.

use std::process::ExitCode;

use clap::Args;
use dualstack_lab::Unusable;
use serde_json::{Value, json};

use super::lab;
use super::machine::Output;
use crate::failure::Failure;

#[derive(Clone, Debug, Args)]
pub(super) struct PlatformsArguments {
    /// Fail unless all of them can be used
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    output: Output,
}

pub(super) fn platforms(arguments: &PlatformsArguments) -> Result<ExitCode, Failure> {
    let platforms = lab::platforms()?;
    let width = platforms
        .iter()
        .map(|platform| platform.name().len())
        .max()
        .unwrap_or(0);
    let mut missing = Vec::new();
    let mut values = Vec::new();
    for platform in &platforms {
        let availability = platform.availability();
        lab::stop_if_interrupted()?;
        missing.extend(availability.is_err().then(|| platform.name()));
        if arguments.output.is_text() {
            super::print_wrapped(&line(platform.name(), &availability, width))?;
        } else {
            values.push(value(platform.name(), &availability));
        }
    }
    if !arguments.output.is_text() {
        arguments.output.print(values)?;
    }
    if arguments.all && !missing.is_empty() {
        return Err(Failure::Harness(format!(
            "cannot be used here: {}",
            missing.join(", ")
        )));
    }
    Ok(ExitCode::SUCCESS)
}

/// The description of a platform.
fn line(name: &str, availability: &Result<(), Unusable>, width: usize) -> String {
    match availability {
        Ok(()) => format!("✓ {name}\n"),
        Err(Unusable { why, fix }) => {
            let indent = " ".repeat(width + 4);
            format!("– {name:width$}  {why}\n{indent}to use it: {fix}\n")
        }
    }
}

/// The same for programs.
fn value(name: &str, availability: &Result<(), Unusable>) -> Value {
    match availability {
        Ok(()) => json!({ "name": name, "usable": true }),
        Err(Unusable { why, fix }) => {
            json!({ "name": name, "usable": false, "why": why, "fix": fix })
        }
    }
}
