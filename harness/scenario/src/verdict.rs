//! The verdict: how an answer compares with what was expected.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::case::Case;
use crate::expect::{Expectation, KnownDifference};
use crate::system::System;

/// How an answer compares with what was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is what a source says it is.
    AsExpected,
    /// It is not, and the difference is not accepted.
    Differs,
    /// It is not, but the difference is accepted, with a reason.
    KnownDifference,
    /// No source says what it should be.
    Observed,
    /// Not supported there, as a probe showed.
    Unsupported,
    /// Something broke or a deadline passed; there is no answer.
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

    /// The character for it.
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

/// A verdict with its evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding<'a> {
    /// The verdict.
    pub verdict: Verdict,
    /// What was expected, with its source.
    pub expected: Option<&'a Expectation>,
    /// The known difference there.
    pub known: Option<&'a KnownDifference>,
}

impl Finding<'_> {
    /// Whether a known difference is gone.
    pub fn known_has_gone(&self) -> bool {
        self.verdict == Verdict::Differs && self.known.is_some()
    }
}

/// Compares an answer with what its case expects of a system.
pub fn judge<'a>(case: &'a Case, system: &System, answer: &Answer) -> Finding<'a> {
    let expected = case.expectation(system);
    let known = case.known_difference(system);
    let verdict = match answer {
        Answer::Unsupported(_) => Verdict::Unsupported,
        Answer::Error(_) => Verdict::Error,
        Answer::Text(text) => {
            let as_expected = expected.map(|expected| expected.answer.fit(text));
            match (as_expected, known.map(|known| known.answer.fit(text))) {
                // A known difference must really be a difference.
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
