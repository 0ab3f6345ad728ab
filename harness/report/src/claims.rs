//! Whether the claims of the catalogue hold on a system.

use std::fmt;

use dualstack_scenario::{Case, Patterns};

use crate::results::{Cell, Results};

/// Whether a claim holds on one system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing<'a> {
    /// The cases whose answers support it.
    pub holds: Vec<&'a str>,
    /// The cases whose answers refute it.
    pub fails: Vec<&'a str>,
    /// The cases without an answer, each with the reason.
    pub unanswered: Vec<(&'a str, String)>,
}

impl<'a> Standing<'a> {
    /// Whether an answer supports or refutes it.
    pub fn is_answered(&self) -> bool {
        !self.holds.is_empty() || !self.fails.is_empty()
    }

    /// Whether a claim holds in a column.
    pub fn of(claim: &str, results: &'a Results, column: &str) -> Self {
        let cases = results.cases().map(|(_, case)| case);
        Self::among(
            claim,
            cases.map(|case| (case, results.cell(column, &case.id))),
        )
    }

    /// Whether a claim holds, by the cells of some cases.
    pub fn among(claim: &str, cells: impl Iterator<Item = (&'a Case, Option<&'a Cell>)>) -> Self {
        let mut standing = Self {
            holds: Vec::new(),
            fails: Vec::new(),
            unanswered: Vec::new(),
        };
        for (case, cell) in cells {
            if let Some(test) = case.claims.iter().find(|test| test.claim == claim) {
                standing.count(case, &test.answer, cell);
            }
        }
        standing
    }

    fn count(&mut self, case: &'a Case, with: &Patterns, cell: Option<&Cell>) {
        let id = case.id.as_str();
        let Some(cell) = cell else {
            self.unanswered.push((id, "not run".to_owned()));
            return;
        };
        match &cell.answer {
            Some(answer) if with.fit(answer) => self.holds.push(id),
            Some(_) => self.fails.push(id),
            None => {
                let why = cell.why.as_deref().unwrap_or_default();
                self.unanswered
                    .push((id, format!("{}: {why}", cell.verdict)));
            }
        }
    }

    /// Whether no case is about the claim.
    pub fn is_empty(&self) -> bool {
        self.holds.is_empty() && self.fails.is_empty() && self.unanswered.is_empty()
    }

    /// Its sign. It is none of a verdict's: a claim that does not hold is no failure.
    pub fn sign(&self) -> &'static str {
        match (self.holds.len(), self.fails.len()) {
            (0, 0) => "?",
            (_, 0) => "+",
            (0, _) => "−",
            _ => "±",
        }
    }
}

impl fmt::Display for Standing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (holds, all) = (self.holds.len(), self.holds.len() + self.fails.len());
        match (holds, all) {
            (0, 0) => match self.unanswered.first() {
                Some((_, why)) => write!(f, "no answer ({why})"),
                None => f.write_str("no case tests it"),
            },
            _ if holds == all => write!(f, "holds ({})", cases(all)),
            (0, _) => write!(f, "does not hold ({})", cases(all)),
            _ => write!(f, "holds in {holds} of {}", cases(all)),
        }
    }
}

fn cases(count: usize) -> String {
    format!("{count} case{}", if count == 1 { "" } else { "s" })
}
