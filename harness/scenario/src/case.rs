//! A case: one row of a scenario, checked and ready to run.

use serde::{Deserialize, Serialize};

use crate::answer::{Answer, AnswerRule};
use crate::expect::{ClaimTest, Expectation, KnownDifference, most_particular};
use crate::observation::Observation;
use crate::requires::Requires;
use crate::script::Script;
use crate::system::System;

/// One row of a scenario, its parameters filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Case {
    /// `topic/file` or, if the file has rows, `topic/file/row`.
    pub id: String,
    /// The row's own part of the id; empty if the file has no rows.
    pub row: String,
    /// What it needs of the system.
    pub requires: Requires,
    /// The calls to make.
    pub script: Script,
    /// How the answer is built.
    pub answer: AnswerRule,
    /// What is expected, in the order of the file.
    pub expect: Vec<Expectation>,
    /// The differences that are accepted, in the order of the file.
    pub known: Vec<KnownDifference>,
    /// The claims that the answer supports or refutes.
    pub claims: Vec<ClaimTest>,
}

impl Case {
    /// Builds the answer from what the steps returned.
    pub fn answer(&self, observation: &Observation) -> Answer {
        self.answer.answer(&self.script, observation)
    }

    /// What a system is expected to answer.
    pub fn expectation(&self, system: &System) -> Option<&Expectation> {
        most_particular(&self.expect, |expectation| &expectation.on, system)
    }

    /// The accepted difference of a system.
    pub fn known_difference(&self, system: &System) -> Option<&KnownDifference> {
        most_particular(&self.known, |known| &known.on, system)
    }
}
