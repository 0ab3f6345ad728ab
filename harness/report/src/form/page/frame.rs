//! The frame of every page.

use super::{Page, site};
use crate::place::Kind;
use dualstack_scenario::Verdict;

/// The head, the navigation and the footer.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// The path to the top folder: empty, or `../` and so on.
    pub(super) root: String,
    /// The path of this page from the top folder.
    here: String,
    /// The address of this page, where that of the site is known.
    pub(super) address: Option<String>,
    pub(super) links: Vec<(&'static str, &'static str)>,
    pub(super) started: String,
    pub(super) tool: String,
    /// The files of other formats beside the page.
    pub(super) beside: Vec<&'static str>,
}

impl Frame {
    /// The frame of the page with that path.
    pub(super) fn new(page: &Page<'_>, path: &str) -> Self {
        let links = [
            ("index.html", "Matrix"),
            ("findings.html", "Findings"),
            ("claims.html", "Claims"),
            ("bugs.html", "Bugs"),
            ("advice.html", "Handbook"),
            ("changes.html", "Changes"),
            ("platforms.html", "Platforms"),
        ];
        let there = |(path, _): &(&str, &str)| match *path {
            "changes.html" => page.changes.is_some(),
            "claims.html" => !page.results.catalogue.claims.is_empty(),
            "findings.html" => page.has().findings,
            "bugs.html" => page.has().bugs,
            _ => true,
        };
        Self {
            root: "../".repeat(path.matches('/').count()),
            here: path.to_owned(),
            address: page.site.map(|site| site::address(site, path)),
            links: links.into_iter().filter(there).collect(),
            started: page.results.started.clone(),
            tool: page.results.tool.clone(),
            beside: page.beside.to_vec(),
        }
    }

    /// The start of the last run, for readers.
    pub(super) fn date(&self) -> String {
        match self.started.split_once('T') {
            Some((day, time)) => format!("{day}, {} UTC", time.get(..5).unwrap_or(time)),
            None => self.started.clone(),
        }
    }

    /// The project's repository.
    pub(super) fn repository(&self) -> &'static str {
        env!("CARGO_PKG_REPOSITORY")
    }

    /// Whether a link leads to this page.
    pub(super) fn is_here(&self, path: &str) -> bool {
        self.here == path
    }
}

/// The class of a verdict in the style sheet.
pub(super) fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Judged(Verdict::AsExpected) => "as-expected",
        Kind::Judged(Verdict::Differs) => "differs",
        Kind::Judged(Verdict::KnownDifference) => "known",
        Kind::Judged(Verdict::Observed) => "observed",
        Kind::Judged(Verdict::Unsupported) => "unsupported",
        Kind::Judged(Verdict::Error) => "error",
        Kind::Varies => "varies",
        Kind::NoData => "no-data",
    }
}

/// The meaning of a verdict, for the legend.
pub(super) fn meaning(kind: Kind) -> &'static str {
    let verdict = match kind {
        Kind::Judged(verdict) => verdict,
        Kind::Varies => {
            return "One of several answers that the system gives by chance, as a source says. It is no difference.";
        }
        Kind::NoData => return "The case was not run on this platform. There is no answer.",
    };
    match verdict {
        Verdict::AsExpected => "The answer is what a source says it is.",
        Verdict::Differs => {
            "The answer is not what a source says, and the difference is not accepted."
        }
        Verdict::KnownDifference => {
            "The answer is not what a source says; the difference is accepted, with a reason."
        }
        Verdict::Observed => "Measured; no source says what the answer should be.",
        Verdict::Unsupported => "Not supported there, as a probe showed.",
        Verdict::Error => "Something broke or a deadline passed. There is no answer.",
    }
}
