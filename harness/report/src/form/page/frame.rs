//! What every page has around its content.

use super::Page;
use crate::verdict::Verdict;

/// The head, the navigation and the foot.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// The way back to the top folder: empty, or `../` and so on.
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

    /// When the last run began, as people write it.
    pub(super) fn date(&self) -> String {
        match self.started.split_once('T') {
            Some((day, time)) => format!("{day}, {} UTC", time.get(..5).unwrap_or(time)),
            None => self.started.clone(),
        }
    }

    /// Whether a link leads to the page itself.
    pub(super) fn is_here(&self, path: &str) -> bool {
        self.here == path
    }
}

/// The class that a verdict has in the style sheet.
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

/// What a verdict means, for the legend.
pub(super) fn meaning(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::AsExpected) => "The answer is what a source says it is.",
        Some(Verdict::Differs) => {
            "The answer is not what the source says, and nobody has accepted that."
        }
        Some(Verdict::KnownDifference) => {
            "The answer is not what the source says; that is accepted, with a reason."
        }
        Some(Verdict::Observed) => {
            "Measured; no source is known that says what the answer should be."
        }
        Some(Verdict::Unsupported) => "It cannot be had there, as a probe showed.",
        Some(Verdict::Error) => "The harness could not tell. This is no answer.",
        None => "Nobody asked this platform. This is no answer.",
    }
}
