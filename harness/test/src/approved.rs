//! Answers that were approved: `approved.json` beside the scenarios, by system and case.

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use fs4::FileExt;

/// The name of the file.
const FILE: &str = "approved.json";

/// The variable that lets the tests approve.
const ACCEPT: &str = "DUALSTACK_ACCEPT";

/// The answers of each system, by the ids of their cases.
type Answers = BTreeMap<String, BTreeMap<String, String>>;

/// The approved answers of a folder.
pub(crate) struct Approved {
    path: PathBuf,
    accept: bool,
}

impl Approved {
    pub(crate) fn of(folder: &Path) -> Self {
        Self {
            path: folder.join(FILE),
            accept: env::var_os(ACCEPT).is_some_and(|value| value == "1"),
        }
    }

    /// Whether an answer is the approved one; a system that has none is not compared. If the
    /// user accepts answers, it is approved.
    pub(crate) fn hold(&self, system: &str, case: &str, answer: &str) -> Result<(), String> {
        let failed = |error: io::Error| format!("{}: {error}", self.path.display());
        if self.accept {
            return self.approve(system, case, answer).map_err(failed);
        }
        let answers = match fs::read_to_string(&self.path) {
            Ok(text) => read(&text).map_err(failed)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(failed(error)),
        };
        let Some(answers) = answers.get(system) else {
            return Ok(());
        };
        let wrong = match answers.get(case) {
            Some(approved) if approved == answer => return Ok(()),
            Some(approved) => format!("approved  {approved}"),
            None => format!("no answer of {system} is approved"),
        };
        Err(format!(
            "{wrong}\nto approve this answer: {ACCEPT}=1 cargo test"
        ))
    }

    /// Writes an answer. Other tests may be writing others.
    fn approve(&self, system: &str, case: &str, answer: &str) -> io::Result<()> {
        let mut options = File::options();
        let mut file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&self.path)?;
        FileExt::lock(&file)?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        let mut answers = match text.as_str() {
            "" => Answers::default(),
            text => read(text)?,
        };
        let of_system = answers.entry(system.to_owned()).or_default();
        of_system.insert(case.to_owned(), answer.to_owned());
        let text = serde_json::to_string_pretty(&answers)? + "\n";
        file.rewind()?;
        file.set_len(0)?;
        file.write_all(text.as_bytes())
    }
}

fn read(text: &str) -> io::Result<Answers> {
    Ok(serde_json::from_str(text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_must_be_the_approved_one_of_its_system() {
        let folder = tempfile::tempdir().unwrap();
        let mut approved = Approved {
            path: folder.path().join(FILE),
            accept: false,
        };
        assert_eq!(approved.hold("linux", "a/b", "x"), Ok(()), "no file");
        approved.accept = true;
        assert_eq!(approved.hold("linux", "a/b", "x"), Ok(()));
        approved.accept = false;
        assert_eq!(approved.hold("linux", "a/b", "x"), Ok(()));
        assert_eq!(approved.hold("macos", "a/b", "y"), Ok(()), "another system");
        let wrong = |case: &str, answer: &str| approved.hold("linux", case, answer).unwrap_err();
        assert!(wrong("a/b", "y").starts_with("approved  x\n"));
        assert!(wrong("a/c", "x").starts_with("no answer of linux is approved\n"));
    }

    #[test]
    fn tests_that_approve_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        std::thread::scope(|scope| {
            for number in 0..8 {
                let path = path.clone();
                scope.spawn(move || {
                    let approved = Approved { path, accept: true };
                    approved.hold("linux", &format!("a/{number}"), "x").unwrap();
                });
            }
        });
        let answers = read(&fs::read_to_string(path).unwrap()).unwrap();
        assert_eq!(answers["linux"].len(), 8);
    }
}
