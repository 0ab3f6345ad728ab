//! The frame of every page.

use super::Page;
use crate::verdict::Verdict;

/// The head, the navigation and the footer.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// The path to the top folder: empty, or `../` and so on.
    pub(super) root: &'static str,
    pub(super) here: &'static str,
    pub(super) links: Vec<(&'static str, &'static str)>,
    pub(super) started: String,
    pub(super) tool: String,
}

impl Frame {
    pub(super) fn new(page: &Page<'_>, root: &'static str, here: &'static str) -> Self {
        let links = [
            ("index.html", "Matrix"),
            ("claims.html", "Claims"),
            ("advice.html", "Advice"),
            ("changes.html", "Changes"),
            ("platforms.html", "Platforms"),
        ];
        let there = |(path, _): &(&str, &str)| match *path {
            "changes.html" => page.changes.is_some(),
            "claims.html" => !page.results.catalogue.claims.is_empty(),
            _ => true,
        };
        Self {
            root,
            here,
            links: links.into_iter().filter(there).collect(),
            started: page.results.started.clone(),
            tool: page.results.tool.clone(),
        }
    }

    /// The start of the last run, for readers.
    pub(super) fn date(&self) -> String {
        match self.started.split_once('T') {
            Some((day, time)) => format!("{day}, {} UTC", time.get(..5).unwrap_or(time)),
            None => self.started.clone(),
        }
    }

    /// Whether a link leads to this page.
    pub(super) fn is_here(&self, path: &str) -> bool {
        self.here == path
    }
}

/// The class of a verdict in the style sheet.
pub(super) fn class(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::AsExpected) => "as-expected",
        Some(Verdict::Differs) => "differs",
        Some(Verdict::KnownDifference) => "known",
        Some(Verdict::Observed) => "observed",
        Some(Verdict::Unsupported) => "unsupported",
        Some(Verdict::Error) => "error",
        None => "no-data",
    }
}

/// The meaning of a verdict, for the legend.
pub(super) fn meaning(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::AsExpected) => "The answer is what a source says it is.",
        Some(Verdict::Differs) => {
            "The answer is not what a source says, and the difference is not accepted."
        }
        Some(Verdict::KnownDifference) => {
            "The answer is not what a source says; the difference is accepted, with a reason."
        }
        Some(Verdict::Observed) => "Measured; no source says what the answer should be.",
        Some(Verdict::Unsupported) => "Not supported there, as a probe showed.",
        Some(Verdict::Error) => "Something broke or a deadline passed. There is no answer.",
        None => "The case was not run on this platform. There is no answer.",
    }
}
