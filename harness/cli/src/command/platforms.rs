//! `dualstack platforms`: the platforms that cases can run on here.

use std::process::ExitCode;

use clap::Args;
use dualstack_agent::protocol::Machine;
use dualstack_lab::{Platform, Unusable};
use dualstack_report::form::junit::{Outcome, Test};
use serde_json::{Value, json};

use super::conditions::{Condition, Tried};
use super::lab;
use super::machine::Output;
use super::show::duration;
use crate::failure::Failure;

#[derive(Clone, Debug, Args)]
pub(super) struct PlatformsArguments {
    /// The platforms to try; default: all
    #[arg(value_name = "PLATFORM")]
    names: Vec<String>,
    /// Fail unless all of them can be used
    #[arg(long)]
    all: bool,
    /// Also try each condition that a case can require, such as IPv4 disabled; a virtual
    /// machine boots several times for it
    #[arg(long)]
    conditions: bool,
    #[command(flatten)]
    output: Output,
}

pub(super) fn platforms(arguments: &PlatformsArguments) -> Result<ExitCode, Failure> {
    let platforms = wanted(&arguments.names)?;
    let names = platforms.iter().map(|platform| platform.name());
    let width = names.map(str::len).max().unwrap_or(0);
    let mut missing = Vec::new();
    let (mut values, mut tests) = (Vec::new(), Vec::new());
    for platform in &platforms {
        let entry = Entry::of(platform.as_ref(), arguments.conditions);
        lab::stop_if_interrupted()?;
        missing.extend(entry.tried.is_err().then(|| platform.name()));
        if arguments.output.is_text() {
            super::print_wrapped(&entry.text(width))?;
        } else {
            values.push(entry.value());
            tests.push(entry.test(arguments.all));
        }
    }
    if !arguments.output.is_text() {
        arguments.output.print(values, "platforms", || tests)?;
    }
    if arguments.all && !missing.is_empty() {
        return Err(Failure::Harness(format!(
            "cannot be used here: {}",
            missing.join(", ")
        )));
    }
    Ok(ExitCode::SUCCESS)
}

/// The platforms with these names, or all.
fn wanted(names: &[String]) -> Result<Vec<Box<dyn Platform>>, Failure> {
    let mut platforms = lab::platforms()?;
    let known: Vec<&str> = platforms.iter().map(|platform| platform.name()).collect();
    lab::refuse_unknown(names, &known)?;
    platforms
        .retain(|platform| names.is_empty() || names.iter().any(|name| name == platform.name()));
    Ok(platforms)
}

/// A platform, and what was found out about it.
struct Entry<'a> {
    name: &'a str,
    tried: Result<Tried, Unusable>,
}

impl<'a> Entry<'a> {
    fn of(platform: &'a dyn Platform, conditions: bool) -> Self {
        Self {
            name: platform.name(),
            tried: Tried::of(platform, conditions),
        }
    }

    /// Its description: what system it is, then what it can arrange and what it cannot.
    fn text(&self, width: usize) -> String {
        let name = self.name;
        let indent = " ".repeat(width + 4);
        let tried = match &self.tried {
            Err(Unusable { why, fix }) => {
                return format!("– {name:width$}  {why}\n{indent}to use it: {fix}\n");
            }
            Ok(tried) => tried,
        };
        let took = duration(tried.took);
        let mut text = match &tried.machine {
            Some(Machine {
                system,
                edition,
                build,
            }) => {
                let system = system.label();
                format!(
                    "✓ {name:width$}  {system}, first answer after {took}\n\
                     {indent}{edition}, {build}\n"
                )
            }
            None => format!("✓ {name:width$}  first answer after {took}\n"),
        };
        for (can, conditions) in by_outcome(&tried.conditions) {
            let conditions = conditions.join(", ");
            text += &match can {
                Ok(()) => format!("{indent}can arrange {conditions}\n"),
                Err(why) => format!("{indent}cannot arrange {conditions}: {why}\n"),
            };
        }
        text
    }

    /// A test that passes where the platform can be used; where it cannot, it fails if that is
    /// demanded.
    fn test(&self, demanded: bool) -> Test {
        let outcome = match &self.tried {
            Ok(_) => Outcome::Passed,
            Err(unusable) if demanded => Outcome::Failed(unusable.to_string()),
            Err(unusable) => Outcome::Skipped(unusable.to_string()),
        };
        Test {
            class: "platforms".to_owned(),
            name: self.name.to_owned(),
            outcome,
        }
    }

    /// The same for programs.
    fn value(&self) -> Value {
        let tried = match &self.tried {
            Err(Unusable { why, fix }) => {
                return json!({ "name": self.name, "usable": false, "why": why, "fix": fix });
            }
            Ok(tried) => tried,
        };
        let mut value = json!({
            "name": self.name,
            "usable": true,
            "milliseconds": u64::try_from(tried.took.as_millis()).unwrap_or(u64::MAX),
        });
        if let Some(machine) = &tried.machine {
            value["system"] = json!(machine.system.label());
            value["edition"] = json!(machine.edition);
            value["build"] = json!(machine.build);
        }
        if !tried.conditions.is_empty() {
            let conditions = tried.conditions.iter().map(|(words, can)| match can {
                Ok(()) => json!({ "condition": words, "supported": true }),
                Err(why) => json!({ "condition": words, "supported": false, "why": why }),
            });
            value["conditions"] = conditions.collect();
        }
        value
    }
}

/// The conditions that can be arranged, and those that cannot for the same reason.
fn by_outcome(conditions: &[Condition]) -> Vec<(&Result<(), String>, Vec<&str>)> {
    let mut outcomes: Vec<(&Result<(), String>, Vec<&str>)> = Vec::new();
    for (words, can) in conditions {
        match outcomes.iter_mut().find(|(known, _)| *known == can) {
            Some((_, words_of_it)) => words_of_it.push(words),
            None => outcomes.push((can, vec![words])),
        }
    }
    outcomes
}
