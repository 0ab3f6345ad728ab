//! The findings of the corpus, each with the cells that it rests on, as they are in these
//! results.

use askama::Template;

use super::frame::Frame;
use super::groups::{Group, Link};
use super::{File, Page, scenario, site};
use crate::findings::{Finding, FindingRow};
use crate::grid::Row;
use crate::links::Linked;
use crate::text::slug;

#[derive(Template)]
#[template(path = "findings.html")]
struct FindingsPage<'a> {
    frame: Frame,
    findings: Vec<FindingView<'a>>,
}

struct FindingView<'a> {
    finding: &'a Finding,
    rows: Vec<RowView<'a>>,
}

/// A case that a finding rests on, with all that was answered.
struct RowView<'a> {
    case: &'a str,
    page: String,
    groups: Vec<(Group<'a>, Vec<Link>)>,
}

impl Finding {
    /// Its place on the page.
    pub(super) fn anchor(&self) -> String {
        let lower = self.title.to_lowercase();
        let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
        let words = words.filter(|word| !word.is_empty()).take(8);
        slug(&words.collect::<Vec<_>>().join("-"))
    }
}

/// The findings all of whose cases are in these results: results of other scenarios have
/// none.
pub(super) fn shown<'a>(page: &Page<'a>) -> impl Iterator<Item = &'a Finding> {
    let there = |row: &FindingRow| find(page, row).is_some();
    page.findings
        .iter()
        .filter(move |finding| !finding.rows.is_empty() && finding.rows.iter().all(there))
}

fn find<'p, 'a>(page: &'p Page<'a>, row: &FindingRow) -> Option<&'p Row<'a>> {
    let mut rows = page.grid.rows().iter();
    rows.find(|known| known.case.id == row.case)
}

/// The file `findings.html`, if there are any.
pub(super) fn file(page: &Page<'_>) -> Option<File> {
    let findings: Vec<FindingView<'_>> = shown(page).map(|finding| view(page, finding)).collect();
    (!findings.is_empty()).then(|| {
        let view = FindingsPage {
            frame: Frame::new(page, "findings.html"),
            findings,
        };
        super::render("findings.html", &view)
    })
}

fn view<'a>(page: &Page<'a>, finding: &'a Finding) -> FindingView<'a> {
    let mut rows: Vec<&Row<'a>> = Vec::new();
    for row in finding.rows.iter().filter_map(|row| find(page, row)) {
        if !rows.iter().any(|known| known.case.id == row.case.id) {
            rows.push(row);
        }
    }
    let rows = rows.into_iter().map(|row| RowView {
        case: &row.case.id,
        page: format!(
            "{}#{}",
            site::scenario_path(&row.scenario.id),
            scenario::anchor(row.case)
        ),
        groups: Group::of(row)
            .into_iter()
            .map(|group| {
                let links = group.links(&page.columns, &row.case.id);
                (group, links)
            })
            .collect(),
    });
    FindingView {
        finding,
        rows: rows.collect(),
    }
}
