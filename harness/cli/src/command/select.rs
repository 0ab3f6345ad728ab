//! The selection of cases for a command.

use std::path::PathBuf;

use clap::Args;
use dualstack_scenario::{Case, Scenario, nearest};

use crate::corpus;
use crate::failure::Failure;

/// The selection of cases for a command.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Selection {
    /// Scenario files or folders; default: the corpus in the binary
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only cases whose id begins with this; may be repeated
    #[arg(long, value_name = "PREFIX")]
    id: Vec<String>,
    /// Only scenarios with this tag; may be repeated
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
}

impl Selection {
    /// The scenarios, each with only the selected cases.
    pub(super) fn scenarios(&self) -> Result<Vec<Scenario>, Failure> {
        let all = if self.paths.is_empty() {
            corpus::embedded()?
        } else {
            corpus::read(&self.paths)?
        };
        self.refuse_unknown(&all)?;
        let mut chosen = Vec::new();
        for mut scenario in all {
            let tagged =
                self.tag.is_empty() || self.tag.iter().any(|tag| scenario.tags.contains(tag));
            scenario.cases.retain(|case| tagged && self.wants(case));
            if !scenario.cases.is_empty() {
                chosen.push(scenario);
            }
        }
        if chosen.is_empty() {
            return Err(Failure::usage("no case matches both the ids and the tags"));
        }
        Ok(chosen)
    }

    fn wants(&self, case: &Case) -> bool {
        self.id.is_empty()
            || self
                .id
                .iter()
                .any(|prefix| case.id.starts_with(prefix.as_str()))
    }

    /// A prefix or a tag that matches nothing is a mistake, not an empty run.
    fn refuse_unknown(&self, scenarios: &[Scenario]) -> Result<(), Failure> {
        let ids = || {
            scenarios
                .iter()
                .flat_map(|scenario| &scenario.cases)
                .map(|case| case.id.as_str())
        };
        for prefix in &self.id {
            if !ids().any(|id| id.starts_with(prefix.as_str())) {
                let scenarios = scenarios.iter().map(|scenario| scenario.id.as_str());
                return Err(unknown(
                    "case has an id that begins with",
                    prefix,
                    &scenarios.collect::<Vec<_>>(),
                ));
            }
        }
        for tag in &self.tag {
            let tags: Vec<&str> = scenarios
                .iter()
                .flat_map(|scenario| &scenario.tags)
                .map(String::as_str)
                .collect();
            if !tags.contains(&tag.as_str()) {
                return Err(unknown("scenario has the tag", tag, &tags));
            }
        }
        Ok(())
    }
}

fn unknown(what: &str, written: &str, known: &[&str]) -> Failure {
    let message = format!("no {what} `{written}`");
    match nearest(written, known) {
        Some(name) => Failure::usage_hint(message, format!("did you mean `{name}`?")),
        None => Failure::usage_hint(message, "`dualstack list` shows all cases"),
    }
}
