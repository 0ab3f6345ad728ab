//! The first page: the matrix with its filters.

use askama::Template;
use dualstack_scenario::claims::Claim;

use super::found::{self, Sentence};
use super::frame::{self, Frame};
use super::{File, Page, documented, site};
use crate::columns::ColumnView;
use crate::place::{self, Kind};
use crate::text::count;

#[derive(Template)]
#[template(path = "index.html")]
struct IndexPage<'a> {
    frame: Frame,
    cases: String,
    scenarios: String,
    platforms: String,
    topics: Vec<Topic<'a>>,
    tags: Vec<&'a str>,
    claims: &'a [Claim],
    families: Vec<(String, Vec<&'a ColumnView<'a>>)>,
    legend: Vec<Legend>,
    found: Vec<Sentence>,
    documented: Vec<(String, &'static str)>,
}

struct Topic<'a> {
    id: &'a str,
    heading: String,
    /// The title and the page of each scenario.
    scenarios: Vec<(&'a str, String)>,
}

/// A verdict with its meaning and the number of its cells.
struct Legend {
    class: &'static str,
    sign: &'static str,
    name: String,
    meaning: &'static str,
    cells: usize,
}

/// The file `index.html`.
pub(super) fn file(page: &Page<'_>) -> File {
    let results = page.results;
    let rows = page.grid.rows();
    let view = IndexPage {
        frame: Frame::new(page, "index.html"),
        cases: count(rows.len(), "case"),
        scenarios: count(results.scenarios.len(), "scenario"),
        platforms: count(page.columns.len(), "platform"),
        topics: topics(page),
        tags: tags(page),
        claims: &results.catalogue.claims,
        families: families(page),
        legend: legend(page),
        found: found::sentences(page),
        documented: documented::systems(page)
            .into_iter()
            .map(|kind| (documented::key(kind), kind.name))
            .collect(),
    };
    super::render("index.html", &view)
}

fn topics<'a>(page: &Page<'a>) -> Vec<Topic<'a>> {
    let topics = page.results.topics().map(|scenarios| {
        let id = scenarios[0].topic();
        let links = scenarios.iter().map(|scenario| {
            let path = site::scenario_path(&scenario.id);
            (scenario.title.as_str(), path)
        });
        Topic {
            id,
            heading: site::heading(id),
            scenarios: links.collect(),
        }
    });
    topics.collect()
}

fn tags<'a>(page: &Page<'a>) -> Vec<&'a str> {
    let tags = page
        .results
        .scenarios
        .iter()
        .flat_map(|scenario| &scenario.tags);
    let tags: std::collections::BTreeSet<&str> = tags.map(String::as_str).collect();
    tags.into_iter().collect()
}

fn families<'p>(page: &'p Page<'_>) -> Vec<(String, Vec<&'p ColumnView<'p>>)> {
    page.columns
        .chunk_by(|a, b| a.family == b.family)
        .map(|family| (family[0].family.name().to_owned(), family.iter().collect()))
        .collect()
}

fn legend(page: &Page<'_>) -> Vec<Legend> {
    let mut counts = std::collections::HashMap::new();
    for row in page.grid.rows() {
        for at in 0..row.cells.len() {
            *counts.entry(place::kind_in(row, at)).or_insert(0) += 1;
        }
    }
    let legend = Kind::ALL.iter().map(|kind| Legend {
        class: frame::class(*kind),
        sign: kind.sign(),
        name: kind.name(),
        meaning: frame::meaning(*kind),
        cells: counts.get(kind).copied().unwrap_or(0),
    });
    // A kind that few reports have: its place would be empty in most.
    legend
        .filter(|entry| entry.cells > 0 || entry.class != frame::class(Kind::Varies))
        .collect()
}
