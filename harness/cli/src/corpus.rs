//! The source of scenarios: the corpus in the binary, or the user's own files.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use dualstack_corpus::SCENARIOS;
use dualstack_scenario::claims::Catalogue;
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
        (PathBuf::from(file.path), SourceFile::new(shown, file.text))
    });
    parse_all(files.collect(), catalogue())
}

/// The name of a file with a catalogue of claims, in a folder without a `Cargo.toml`.
const CLAIMS: &str = "claims.toml";

/// The scenarios in the user's own files and folders, with the claims in a `claims.toml`
/// there.
pub fn read(paths: &[PathBuf]) -> Result<Corpus, Failure> {
    let mut files = Vec::new();
    let mut claims = None;
    for path in paths {
        let mut search = Search {
            root: path,
            folders: HashSet::new(),
            files: &mut files,
            claims: &mut claims,
        };
        search.collect(path)?;
    }
    if files.is_empty() {
        let paths: Vec<String> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        return Err(Failure::usage_hint(
            format!("no scenario in {}", paths.join(", ")),
            "a scenario is a .toml file in a folder without a Cargo.toml",
        ));
    }
    let claims = match claims {
        Some(path) => own_catalogue(&path)?,
        None => catalogue(),
    };
    parse_all(files, claims)
}

fn own_catalogue(path: &Path) -> Result<Catalogue, Failure> {
    let failed = |error| Failure::Read {
        path: path.to_owned(),
        error,
    };
    let bytes = File::open(path).and_then(content).map_err(failed)?;
    Ok(Catalogue::read(SourceFile::from_bytes(path, bytes))?)
}

/// A search for the scenarios below a path that the user named.
struct Search<'a> {
    root: &'a Path,
    /// The folders that were searched: a link can lead back to one.
    folders: HashSet<PathBuf>,
    files: &'a mut Vec<(PathBuf, SourceFile)>,
    /// The file with the claims.
    claims: &'a mut Option<PathBuf>,
}

impl Search<'_> {
    /// Reads a file, or every scenario below a folder. A scenario's id is its path relative
    /// to the named folder; a file directly in that folder has the folder's own name as its
    /// topic. Files next to a `Cargo.toml` are not scenarios: a crate can have scenarios in
    /// its folders, as the corpus does.
    fn collect(&mut self, path: &Path) -> Result<(), Failure> {
        let failed = |error| Failure::Read {
            path: path.to_owned(),
            error,
        };
        if path == Path::new("-") {
            let bytes = content(io::stdin().lock()).map_err(failed)?;
            let file = SourceFile::from_bytes("standard input", bytes);
            self.files
                .push((PathBuf::from("standard/input.toml"), file));
            return Ok(());
        }
        let real = fs::canonicalize(path).map_err(failed)?;
        if !path.is_dir() {
            let bytes = File::open(path).and_then(content).map_err(failed)?;
            let below = path
                .strip_prefix(self.root)
                .ok()
                .filter(|below| below.components().count() > 1);
            let id = match below {
                Some(below) => below.to_owned(),
                None => with_its_folder(&real),
            };
            self.files.push((id, SourceFile::from_bytes(path, bytes)));
            return Ok(());
        }
        if !self.folders.insert(real) {
            return Ok(());
        }
        let entries: Result<Vec<_>, _> = fs::read_dir(path)
            .map_err(failed)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect();
        let mut entries = entries.map_err(failed)?;
        entries.sort();
        let crate_root = path.join("Cargo.toml").is_file();
        for entry in entries {
            if entry.ends_with(CLAIMS) && !crate_root {
                self.found_claims(entry)?;
            } else if entry.is_dir() || is_scenario(&entry) && !crate_root {
                self.collect(&entry)?;
            }
        }
        Ok(())
    }
}

impl Search<'_> {
    fn found_claims(&mut self, path: PathBuf) -> Result<(), Failure> {
        match self.claims.replace(path) {
            Some(other) if Some(&other) != self.claims.as_ref() => Err(Failure::usage_hint(
                format!(
                    "there are two catalogues of claims, one is {}",
                    other.display()
                ),
                "results have one: put all claims into one file, or name one folder only",
            )),
            Some(_) | None => Ok(()),
        }
    }
}

/// The content of a file, as far as it can be a scenario: the rest of a larger one, which is
/// rejected, is not read.
fn content(from: impl Read) -> io::Result<Vec<u8>> {
    let most = SourceFile::LARGEST + 1;
    let mut bytes = Vec::new();
    from.take(most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The last two parts of a path.
fn with_its_folder(path: &Path) -> PathBuf {
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
    Path::new(folder).join(path.file_name().unwrap_or_default())
}

/// A pipe or a device is read only if the user names it.
fn is_scenario(path: &Path) -> bool {
    path.is_file()
        && path
            .extension()
            .is_some_and(|extension| extension == "toml")
}

/// Parses every file, so that all their problems are reported at once; on every core,
/// because nothing can start before the last file is read.
fn parse_all(mut files: Vec<(PathBuf, SourceFile)>, claims: Catalogue) -> Result<Corpus, Failure> {
    files.sort_by(|(a, _), (b, _)| a.cmp(b));
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

fn parse((path, file): (PathBuf, SourceFile), claims: &Catalogue) -> Result<Scenario, Problems> {
    let id = path.with_extension("").to_string_lossy().replace('\\', "/");
    let scenario = Scenario::parse(&id, file)?;
    scenario.claims_are_in(claims)?;
    Ok(scenario)
}
