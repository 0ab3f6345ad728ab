//! Why the command could not do what it was asked, and the exit code for it.

use std::path::PathBuf;
use std::process::ExitCode;

use dualstack_lab::{CleanError, Unusable};
use dualstack_scenario::{Problem, Problems};

/// Why the command could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Scenario files that have something wrong with them.
    #[error("{} in the scenario files", count(.0.len()))]
    Scenarios(Vec<Problem>),
    /// What was asked makes no sense.
    #[error("{what}{}", fix(.hint.as_deref()))]
    Usage {
        /// What is wrong.
        what: String,
        /// How to fix it.
        hint: Option<String>,
    },
    /// A file that was named could not be read.
    #[error("failed to read {}: {error}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A file could not be written.
    #[error("failed to write {}: {error}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The harness itself failed.
    #[error("{0}")]
    Harness(String),
}

fn count(problems: usize) -> String {
    format!("{problems} problem{}", if problems == 1 { "" } else { "s" })
}

fn fix(hint: Option<&str>) -> String {
    hint.map(|hint| format!("; {hint}")).unwrap_or_default()
}

impl Failure {
    /// A mistake of whoever gave the command.
    pub fn usage(what: impl Into<String>) -> Self {
        Self::Usage {
            what: what.into(),
            hint: None,
        }
    }

    /// A mistake with its fix.
    pub fn usage_hint(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage {
            what: what.into(),
            hint: Some(hint.into()),
        }
    }

    /// The exit code that the command documents for it.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Scenarios(_) | Self::Usage { .. } | Self::Read { .. } => exit::BAD_INPUT,
            Self::Write { .. } | Self::Harness(_) => exit::HARNESS_FAILED,
        }
        .into()
    }
}

impl From<CleanError> for Failure {
    fn from(error: CleanError) -> Self {
        Self::Harness(error.to_string())
    }
}

impl From<Unusable> for Failure {
    fn from(unusable: Unusable) -> Self {
        Self::Harness(unusable.to_string())
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::Scenarios(problems.into_iter().collect())
    }
}

/// The exit codes that the command documents.
pub(crate) mod exit {
    /// Everything is as expected.
    pub(crate) const AS_EXPECTED: u8 = 0;
    /// An answer differs from what is expected.
    pub(crate) const DIFFERS: u8 = 1;
    /// A scenario file or the command line makes no sense.
    pub(crate) const BAD_INPUT: u8 = 2;
    /// The harness could not tell.
    pub(crate) const HARNESS_FAILED: u8 = 3;
}
