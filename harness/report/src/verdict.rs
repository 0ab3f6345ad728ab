//! The verdict on an answer: how it stands to what was expected.

use std::fmt;

use dualstack_scenario::{Answer, Case, Expectation, KnownDifference, System};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How an answer stands to what was expected.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is what a source says it is.
    AsExpected,
    /// It is not, and nobody has accepted that.
    Differs,
    /// It is not, and that is accepted, with a reason.
    KnownDifference,
    /// No source is known that says what it should be.
    Observed,
    /// It cannot be had there, as a probe showed.
    Unsupported,
    /// The harness could not tell.
    Error,
}

impl Verdict {
    /// Every verdict, in the order of a legend.
    pub const ALL: [Self; 6] = [
        Self::AsExpected,
        Self::Differs,
        Self::KnownDifference,
        Self::Observed,
        Self::Unsupported,
        Self::Error,
    ];

    /// One character that stands for it.
    pub fn sign(self) -> &'static str {
        match self {
            Self::AsExpected => "✓",
            Self::Differs => "✗",
            Self::KnownDifference => "≈",
            Self::Observed => "·",
            Self::Unsupported => "–",
            Self::Error => "!",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AsExpected => "as expected",
            Self::Differs => "differs",
            Self::KnownDifference => "known difference",
            Self::Observed => "observed",
            Self::Unsupported => "unsupported",
            Self::Error => "error",
        })
    }
}

/// A verdict with what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding<'a> {
    /// The verdict.
    pub verdict: Verdict,
    /// What was expected, and who says so.
    pub expected: Option<&'a Expectation>,
    /// The difference that is accepted there.
    pub known: Option<&'a KnownDifference>,
}

impl Finding<'_> {
    /// Whether a difference that was accepted has gone away.
    pub fn known_has_gone(&self) -> bool {
        self.verdict == Verdict::Differs && self.known.is_some()
    }
}

/// Holds an answer against what its case expects of a system.
pub fn judge<'a>(case: &'a Case, system: &System, answer: &Answer) -> Finding<'a> {
    let expected = case.expectation(system);
    let known = case.known_difference(system);
    let verdict = match answer {
        Answer::Unsupported(_) => Verdict::Unsupported,
        Answer::Error(_) => Verdict::Error,
        Answer::Text(text) => {
            let as_expected = expected.map(|expected| expected.answer.fit(text));
            match (as_expected, known.map(|known| known.answer.fit(text))) {
                // A difference that is known must be one.
                (Some(true), Some(_)) => Verdict::Differs,
                (_, Some(true)) => Verdict::KnownDifference,
                (_, Some(false)) | (Some(false), None) => Verdict::Differs,
                (Some(true), None) => Verdict::AsExpected,
                (None, None) => Verdict::Observed,
            }
        }
    };
    Finding {
        verdict,
        expected,
        known,
    }
}
