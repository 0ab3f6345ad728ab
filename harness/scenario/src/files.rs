//! The scenario files that a path leads to.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::source::SourceFile;

/// The name of a file with a catalogue of claims, in a folder without a `Cargo.toml`.
const CLAIMS: &str = "claims.toml";

/// Scenario files, each with the id of its scenario.
#[derive(Debug, Default)]
pub struct Files {
    /// In the order of their paths.
    pub scenarios: Vec<(String, SourceFile)>,
    /// The file with the claims that they test, if there is one.
    pub claims: Option<PathBuf>,
}

/// Why files are not the scenarios that were meant.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// A file or folder cannot be read.
    #[error("failed to read {}: {error}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// The system's error.
        #[source]
        error: io::Error,
    },
    /// There is no scenario.
    #[error("no scenario in {}", listed(.0))]
    Nothing(Vec<PathBuf>),
    /// There are two catalogues of claims.
    #[error("there are two catalogues of claims, one is {}", .0.display())]
    TwoCatalogues(PathBuf),
}

impl FilesError {
    /// How to fix it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Read { .. } => None,
            Self::Nothing(_) => Some("a scenario is a .toml file in a folder without a Cargo.toml"),
            Self::TwoCatalogues(_) => {
                Some("results have one: put all claims into one file, or name one folder only")
            }
        }
    }
}

fn listed(paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    paths.join(", ")
}

impl Files {
    /// Reads files, and every scenario below folders. `-` is standard input.
    ///
    /// A scenario's id is its path relative to the named folder; a file directly in that folder
    /// has the folder's own name as its topic. Files next to a `Cargo.toml` are not scenarios: a
    /// crate can have scenarios in its folders.
    ///
    /// # Errors
    ///
    /// There is no scenario, or there are two catalogues of claims. What cannot be read is a
    /// file with that as its mistake.
    pub fn read(paths: &[PathBuf]) -> Result<Self, FilesError> {
        let mut found = Found::default();
        for path in paths {
            found.collect(path, path)?;
        }
        if found.files.is_empty() {
            return Err(FilesError::Nothing(paths.to_vec()));
        }
        found.files.sort_by(|(a, _), (b, _)| a.cmp(b));
        let scenarios = found
            .files
            .into_iter()
            .map(|(path, file)| (id(&path), file));
        Ok(Self {
            scenarios: scenarios.collect(),
            claims: found.claims,
        })
    }
}

impl SourceFile {
    /// Reads a file, as far as it can be a scenario: the rest of a larger one, which is
    /// rejected, is not read.
    ///
    /// # Errors
    ///
    /// Those of the system.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::from(path, File::open(path)?)
    }

    fn from(path: &Path, content: impl Read) -> io::Result<Self> {
        let most = Self::LARGEST + 1;
        let mut bytes = Vec::new();
        content.take(most as u64).read_to_end(&mut bytes)?;
        Ok(Self::from_bytes(path, bytes))
    }
}

fn id(path: &Path) -> String {
    path.with_extension("").to_string_lossy().replace('\\', "/")
}

#[derive(Default)]
struct Found {
    /// The folders that were searched: a link can lead back to one.
    folders: HashSet<PathBuf>,
    files: Vec<(PathBuf, SourceFile)>,
    claims: Option<PathBuf>,
}

impl Found {
    /// Reads what is at a path, which is below one that was named. What cannot be read is a
    /// file with one mistake, so that those of all others are told too.
    fn collect(&mut self, path: &Path, root: &Path) -> Result<(), FilesError> {
        match self.found(path, root) {
            Err(FilesError::Read { path, error }) => {
                self.unread(&path, format!("failed to read this: {error}"), None);
                Ok(())
            }
            other => other,
        }
    }

    fn unread(&mut self, path: &Path, why: String, fix: Option<&'static str>) {
        let file = SourceFile::unread(path, why, fix);
        self.files.push((path.to_owned(), file));
    }

    fn found(&mut self, path: &Path, root: &Path) -> Result<(), FilesError> {
        let failed = |error| FilesError::Read {
            path: path.to_owned(),
            error,
        };
        if path == Path::new("-") {
            let file = SourceFile::from(Path::new("standard input"), io::stdin().lock());
            let id = PathBuf::from("standard/input.toml");
            self.files.push((id, file.map_err(failed)?));
            return Ok(());
        }
        let real = fs::canonicalize(path).map_err(failed)?;
        if path != root && !is_inside(path, root) {
            self.unread(
                path,
                format!("this link leads out of {}", root.display()),
                Some(OUTSIDE),
            );
            return Ok(());
        }
        if !path.is_dir() {
            let below = path.strip_prefix(root).ok();
            let below = below.filter(|below| below.components().count() > 1);
            let id = match below {
                Some(below) => below.to_owned(),
                None => with_its_folder(&real),
            };
            let file = SourceFile::open(path).map_err(failed)?;
            self.files.push((id, file));
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
            if entry.ends_with(CLAIMS) && !crate_root && is_inside(&entry, root) {
                self.found_claims(entry)?;
            } else if entry.is_dir() || is_scenario(&entry) && !crate_root {
                self.collect(&entry, root)?;
            }
        }
        Ok(())
    }

    fn found_claims(&mut self, path: PathBuf) -> Result<(), FilesError> {
        match self.claims.replace(path) {
            Some(other) if Some(&other) != self.claims.as_ref() => {
                Err(FilesError::TwoCatalogues(other))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// What to do about a link that leads out of a folder. Who wrote the folder would otherwise
/// choose which file of the user is read, and shown with its mistakes.
const OUTSIDE: &str = "name the file itself, or remove the link";

/// Whether a path below a root is there, and no link leads elsewhere.
fn is_inside(path: &Path, root: &Path) -> bool {
    let real = fs::canonicalize(path).and_then(|real| Ok((real, fs::canonicalize(root)?)));
    real.is_ok_and(|(path, root)| path.starts_with(root))
}

/// The last two parts of a path.
fn with_its_folder(path: &Path) -> PathBuf {
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
    Path::new(folder).join(path.file_name().unwrap_or_default())
}

/// A pipe or a device is read only if the user names it.
fn is_scenario(path: &Path) -> bool {
    let is_toml = path
        .extension()
        .is_some_and(|extension| extension == "toml");
    is_toml && path.is_file()
}
