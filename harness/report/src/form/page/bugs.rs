//! Bugs in the wild: each issue that a scenario names, with the cases that show what it
//! ran into.

use std::collections::BTreeMap;

use askama::Template;

use super::frame::Frame;
use super::{File, Page, site};
use crate::links::issues;
use crate::results::ScenarioRecord;
use crate::text::slug;

#[derive(Template)]
#[template(path = "bugs.html")]
struct BugsPage<'a> {
    frame: Frame,
    bugs: Vec<Bug<'a>>,
}

/// An issue of another project.
pub(super) struct Bug<'a> {
    /// `owner/repository#number`.
    pub(super) name: String,
    link: String,
    /// Each with its page.
    scenarios: Vec<(&'a ScenarioRecord, String)>,
}

impl Bug<'_> {
    /// Its place on the page.
    pub(super) fn anchor(&self) -> String {
        let name = self.name.replace(['/', '#', '.'], "-").to_lowercase();
        slug(&name)
    }
}

/// Every bug, by its name.
pub(super) fn all<'a>(page: &Page<'a>) -> Vec<Bug<'a>> {
    let mut bugs: BTreeMap<String, Bug<'a>> = BTreeMap::new();
    for scenario in &page.results.scenarios {
        for text in texts(scenario) {
            for piece in issues(text) {
                let name = piece.text.to_owned();
                let bug = bugs.entry(name.to_lowercase()).or_insert_with(|| Bug {
                    name,
                    link: piece.link.clone().unwrap_or_default(),
                    scenarios: Vec::new(),
                });
                let known = bug
                    .scenarios
                    .iter()
                    .any(|(known, _)| known.id == scenario.id);
                if !known {
                    let path = site::scenario_path(&scenario.id);
                    bug.scenarios.push((scenario, path));
                }
            }
        }
    }
    bugs.into_values().collect()
}

/// Where a scenario names bugs.
fn texts(scenario: &ScenarioRecord) -> impl Iterator<Item = &str> {
    let own = [&scenario.about, &scenario.advice].into_iter().flatten();
    let cases = scenario.cases.iter().flat_map(|case| {
        let expected = case.expect.iter().map(|expect| expect.source.as_str());
        let reasons = case.known.iter().map(|known| known.reason.as_str());
        let sources = case
            .known
            .iter()
            .filter_map(|known| known.source.as_deref());
        expected.chain(reasons).chain(sources)
    });
    own.map(String::as_str).chain(cases)
}

/// The file `bugs.html`, if a scenario names a bug.
pub(super) fn file(page: &Page<'_>) -> Option<File> {
    let bugs = all(page);
    (!bugs.is_empty()).then(|| {
        let view = BugsPage {
            frame: Frame::new(page, "bugs.html"),
            bugs,
        };
        super::render("bugs.html", &view)
    })
}
