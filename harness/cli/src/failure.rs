//! Why the command failed, and its exit code.

use std::path::PathBuf;
use std::process::ExitCode;

use dualstack_lab::{CleanError, Unusable};
use dualstack_scenario::{Problem, Problems};

/// Why the command failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Scenario files with mistakes.
    #[error("{} in the scenario files", count(.0.len()))]
    Scenarios(Vec<Problem>),
    /// The command line is invalid.
    #[error("{what}{}", fix(.hint.as_deref()))]
    Usage {
        /// What is wrong.
        what: String,
        /// How to fix it.
        hint: Option<String>,
    },
    /// A named file could not be read.
    #[error("failed to read {}: {error}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// The system's error.
        error: std::io::Error,
    },
    /// A file could not be written.
    #[error("failed to write {}: {error}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// The system's error.
        error: std::io::Error,
    },
    /// Standard output could not be written.
    #[error("failed to write to standard output: {0}")]
    Output(std::io::Error),
    /// Ctrl-C, or a request to terminate.
    #[error("interrupted")]
    Interrupted,
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
    /// A mistake in the command line.
    pub fn usage(what: impl Into<String>) -> Self {
        Self::Usage {
            what: what.into(),
            hint: None,
        }
    }

    /// A mistake in the command line with its fix.
    pub fn usage_hint(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage {
            what: what.into(),
            hint: Some(hint.into()),
        }
    }

    /// The documented exit code.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Scenarios(_) | Self::Usage { .. } | Self::Read { .. } => exit::BAD_INPUT,
            Self::Write { .. } | Self::Output(_) | Self::Interrupted | Self::Harness(_) => {
                exit::HARNESS_FAILED
            }
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

/// The documented exit codes.
pub(crate) mod exit {
    /// Everything is as expected.
    pub(crate) const AS_EXPECTED: u8 = 0;
    /// An answer differs from what is expected.
    pub(crate) const DIFFERS: u8 = 1;
    /// A scenario file or the command line is invalid.
    pub(crate) const BAD_INPUT: u8 = 2;
    /// Something broke, so an answer is missing.
    pub(crate) const HARNESS_FAILED: u8 = 3;
}
