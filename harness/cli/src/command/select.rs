//! The selection of cases for a command.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use dualstack_scenario::Scenario;

use super::pick::{self, Pick};
use crate::corpus::{self, Corpus};
use crate::failure::Failure;

/// The selection of cases for a command.
#[derive(Clone, Debug, Default, Args)]
#[command(after_help = pick::HELP)]
pub(super) struct Selection {
    /// Scenario files or folders, and names of cases; default: the corpus in the binary
    #[arg(value_name = "PATH|CASE")]
    named: Vec<OsString>,
    /// Only cases whose id begins with this; may be repeated
    #[arg(long, value_name = "PREFIX")]
    id: Vec<String>,
    /// Only scenarios with this tag, like `tag:TAG`; may be repeated
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
}

impl Selection {
    /// The scenarios, each with only the selected cases, and the claims that they test.
    pub(super) fn corpus(&self) -> Result<Corpus, Failure> {
        let mut corpus = named(&self.named)?;
        let scenarios = &mut corpus.scenarios;
        let tags = self.tag.iter().map(|tag| Pick::new(&format!("tag:{tag}")));
        retain(scenarios, &tags.collect::<Vec<_>>())?;
        let ids = self.id.iter().map(|prefix| Pick::beginning(prefix));
        retain(scenarios, &ids.collect::<Vec<_>>())?;
        Ok(corpus)
    }
}

/// The scenarios of the files and folders among these names, or those of the corpus; only
/// with the cases that the other names select.
pub(super) fn named(names: &[OsString]) -> Result<Corpus, Failure> {
    let mut paths = Vec::new();
    let mut picks = Vec::new();
    for name in names {
        match name.to_str() {
            Some(text) if !is_path(text) => picks.push(Pick::new(text)),
            _ => paths.push(PathBuf::from(name)),
        }
    }
    let mut corpus = read(&paths)?;
    retain(&mut corpus.scenarios, &picks)?;
    Ok(corpus)
}

/// The scenarios of files and folders, or those of the corpus.
pub(super) fn read(paths: &[PathBuf]) -> Result<Corpus, Failure> {
    if paths.is_empty() {
        corpus::embedded()
    } else {
        corpus::read(paths)
    }
}

/// Keeps the cases that one of these names, if there are any.
pub(super) fn retain(scenarios: &mut Vec<Scenario>, picks: &[Pick]) -> Result<(), Failure> {
    if picks.is_empty() {
        return Ok(());
    }
    let mut wanted = HashSet::new();
    for pick in picks {
        wanted.extend(pick.cases(scenarios)?.iter().map(|case| case.id.clone()));
    }
    for scenario in scenarios.iter_mut() {
        scenario.cases.retain(|case| wanted.contains(&case.id));
    }
    scenarios.retain(|scenario| !scenario.cases.is_empty());
    Ok(())
}

/// Whether an argument names a file: it is there, or only a file can be written so.
pub(super) fn is_path(text: &str) -> bool {
    let like_a_file = text == "-" || text.starts_with(['.', '/', '~']) || text.ends_with(".toml");
    like_a_file || std::path::Path::new(text).exists()
}
