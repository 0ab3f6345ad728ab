//! What a system answered, call by call: facts only, no verdict.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::host::HostFacts;
use crate::returned::{Kind, Received, Returned};

/// What came back from the steps of one case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Observation {
    /// The hosts that it ran on, if the case has hosts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<HostFacts>,
    /// One record per step, in order. The last one is the step that ended the case.
    pub steps: Vec<Record>,
    /// What the programs were and said, in the order of their start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub programs: Vec<ProgramRun>,
}

/// A program that a case started.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProgramRun {
    /// Its name in the file.
    pub name: String,
    /// The program and its arguments.
    pub command: Vec<String>,
    /// The end of its standard output and standard error together.
    pub output: String,
    /// How many bytes of output came before that.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: u64,
    /// How it ended: `exit 0`, `SIGTERM`, why it was ended, or `running` at the end of the
    /// case.
    pub end: String,
}

/// The command and its end on one line, then the output with a bar before each line.
impl fmt::Display for ProgramRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            command,
            output,
            left_out,
            end,
        } = self;
        write!(f, "{name}:")?;
        for word in command {
            match word.contains(|c: char| c.is_whitespace() || c == '"') || word.is_empty() {
                true => write!(f, " {word:?}")?,
                false => write!(f, " {word}")?,
            }
        }
        writeln!(f, " ({end})")?;
        if *left_out > 0 {
            writeln!(f, "  | … {left_out} bytes")?;
        }
        output
            .lines()
            .try_for_each(|line| writeln!(f, "  | {line}"))
    }
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// What came back from one step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Record {
    /// The call with its actual arguments: `bind(receiver, [::]:0)`.
    pub call: String,
    /// What it returned.
    pub outcome: Outcome,
}

/// What a call returned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Success, with the data it returned.
    Returned(Returned),
    /// An error of the system.
    Failed(Failure),
    /// Skipped, because its `when` did not match.
    NotCalled,
    /// No result within the deadline.
    TimedOut {
        /// The deadline, in milliseconds.
        after_ms: u64,
    },
    /// The system does not have this option, control message or call.
    Unavailable {
        /// What is missing there.
        what: String,
    },
    /// The machine had run out of something, which says nothing about the call.
    Exhausted {
        /// Of what, and which call showed it.
        why: String,
    },
    /// The call was not made: a value that it needs is missing, or it may not be made.
    Unmade {
        /// What is missing, or what forbids it.
        why: String,
    },
}

impl Outcome {
    /// How many entries its lists may have: no call returns more.
    pub const ENTRIES: usize = 1000;

    /// How many entries its lists have.
    pub fn entries(&self) -> usize {
        match self {
            Self::Returned(returned) => returned.entries(),
            Self::Failed(failure) => {
                let delivered = failure.delivered.iter();
                delivered.map(Kind::entries).sum()
            }
            Self::NotCalled
            | Self::TimedOut { .. }
            | Self::Unavailable { .. }
            | Self::Exhausted { .. }
            | Self::Unmade { .. } => 0,
        }
    }
}

/// An error of the system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Failure {
    /// The portable name: `EINVAL`.
    pub name: String,
    /// The name on that system: `WSAEINVAL`.
    pub native: String,
    /// The number on that system.
    pub code: i32,
    /// Data that was delivered anyway, as Windows does with a message that did not fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered: Option<Box<Received>>,
}

/// The error of a call in a trace: `EINVAL`, or `EINVAL (WSAEINVAL 10022)` if the system
/// has its own name for it.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.native == self.name {
            write!(f, "{} ({})", self.name, self.code)
        } else {
            write!(f, "{} ({} {})", self.name, self.native, self.code)
        }
    }
}

/// What a call returned, with all its data, as in a trace.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Returned(returned) => write!(f, "{returned}"),
            Self::Failed(failure) => {
                write!(f, "{failure}")?;
                failure
                    .delivered
                    .iter()
                    .try_for_each(|received| write!(f, ", {}", received.trace()))
            }
            Self::NotCalled => f.write_str("not called"),
            Self::TimedOut { after_ms } => write!(f, "nothing within {after_ms} ms"),
            Self::Unavailable { what } => write!(f, "unavailable: {what}"),
            Self::Exhausted { why } => f.write_str(why),
            Self::Unmade { why } => write!(f, "could not be called: {why}"),
        }
    }
}
