//! The source of scenarios: the corpus in the binary, or the user's own files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use dualstack_corpus::SCENARIOS;
use dualstack_scenario::claims::Catalogue;
use dualstack_scenario::files::{Files, FilesError};
use dualstack_scenario::{Problem, Problems, Scenario, SourceFile};
use rayon::prelude::*;

use crate::failure::Failure;

/// Scenarios, and the claims that they test.
#[derive(Debug)]
pub struct Corpus {
    /// In the order of their ids.
    pub scenarios: Vec<Scenario>,
    /// The user's own claims, or those in the binary.
    pub claims: Catalogue,
}

/// The catalogue of claims in the binary.
pub fn catalogue() -> Catalogue {
    Catalogue::parse(dualstack_corpus::CLAIMS).expect("a test reads the embedded catalogue")
}

/// The corpus in the binary.
pub fn embedded() -> Result<Corpus, Failure> {
    let files = SCENARIOS.iter().map(|file| {
        let shown = Path::new("scenarios").join(file.path);
        let id = file.path.strip_suffix(".toml").unwrap_or(file.path);
        (id.to_owned(), SourceFile::new(shown, file.text))
    });
    parse_all(files.collect(), catalogue())
}

/// The scenarios in the user's own files and folders, with the claims in a `claims.toml`
/// there.
pub fn read(paths: &[PathBuf]) -> Result<Corpus, Failure> {
    let files = Files::read(paths)?;
    let claims = match files.claims {
        Some(path) => own_catalogue(path)?,
        None => catalogue(),
    };
    parse_all(files.scenarios, claims)
}

fn own_catalogue(path: PathBuf) -> Result<Catalogue, Failure> {
    match SourceFile::open(&path) {
        Ok(file) => Ok(Catalogue::read(file)?),
        Err(error) => Err(Failure::Read { path, error }),
    }
}

/// Parses every file, so that all their problems are reported at once; on every core,
/// because nothing can start before the last file is read.
fn parse_all(files: Vec<(String, SourceFile)>, claims: Catalogue) -> Result<Corpus, Failure> {
    let parsed: Vec<_> = files
        .into_par_iter()
        .map(|file| parse(file, &claims))
        .collect();
    let mut scenarios = Vec::new();
    let mut problems: Vec<Problem> = Vec::new();
    for parsed in parsed {
        match parsed {
            Ok(scenario) => scenarios.push(scenario),
            Err(found) => problems.extend(found),
        }
    }
    if !problems.is_empty() {
        return Err(Failure::Scenarios(problems));
    }
    distinct(&scenarios)?;
    Ok(Corpus { scenarios, claims })
}

/// Two files with one id could not be distinguished in the results.
fn distinct(scenarios: &[Scenario]) -> Result<(), Failure> {
    let mut files = HashMap::new();
    for Scenario { id, file, .. } in scenarios {
        if let Some(other) = files.insert(id, &file.path) {
            let (one, two) = (other.display(), file.path.display());
            return Err(Failure::usage_hint(
                format!("two scenarios are called `{id}`: {one} and {two}"),
                "name only one of them, or rename a folder",
            ));
        }
    }
    Ok(())
}

fn parse((id, file): (String, SourceFile), claims: &Catalogue) -> Result<Scenario, Problems> {
    let scenario = Scenario::parse(&id, file)?;
    scenario.claims_are_in(claims)?;
    Ok(scenario)
}

impl From<FilesError> for Failure {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::Read { path, error } => Self::Read { path, error },
            other => Self::Usage {
                what: other.to_string(),
                hint: other.hint().map(str::to_owned),
            },
        }
    }
}
