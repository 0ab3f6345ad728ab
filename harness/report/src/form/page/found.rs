//! What was found, in a few sentences above the matrix, each with a link to what it is about;
//! and what was not measured.

use super::{Page, documented, findings};
use crate::alike::{differ, label};
use crate::claims::Standing;
use crate::columns::ColumnView;
use crate::place::{self, Kind};
use crate::text::{count, percent};
use dualstack_scenario::Verdict;

/// A sentence in pieces: text, and where it leads.
pub(super) type Sentence = Vec<(String, Option<String>)>;

/// The sentences.
pub(super) fn sentences(page: &Page<'_>) -> Vec<Sentence> {
    let sentences = [
        alike(page),
        differences(page),
        claims(page),
        more(page),
        not_measured(page),
    ];
    sentences
        .into_iter()
        .filter(|said| !said.is_empty())
        .collect()
}

fn plain(text: impl Into<String>) -> (String, Option<String>) {
    (text.into(), None)
}

fn linked(text: impl Into<String>, link: impl Into<String>) -> (String, Option<String>) {
    (text.into(), Some(link.into()))
}

/// The platforms that agree in every case.
fn alike(page: &Page<'_>) -> Sentence {
    let cases = count(page.grid.rows().len(), "case");
    let groups = page.alike.iter().filter(|group| group.len() > 1);
    let mut sentence = Sentence::new();
    for group in groups {
        let views: Vec<&ColumnView<'_>> = group.iter().map(|at| &page.columns[*at]).collect();
        let platforms = views
            .iter()
            .map(|view| format!("platform={}", percent(&view.key())));
        let platforms = platforms.collect::<Vec<_>>().join("&");
        sentence.push(linked(label(&views), format!("#{platforms}&split=1")));
        sentence.push(plain(format!(
            ": {} agree in all {cases}. ",
            count(group.len(), "platform")
        )));
    }
    sentence
}

fn differences(page: &Page<'_>) -> Sentence {
    let rows = page.grid.rows();
    let differ = rows.iter().filter(|row| differ(row)).count();
    let cells = |kind: Kind| {
        let rows = rows.iter();
        rows.map(|row| {
            (0..row.cells.len())
                .filter(|at| place::kind_in(row, *at) == kind)
                .count()
        })
        .sum::<usize>()
    };
    let mut sentence = vec![
        linked(
            format!("In {} of {} cases", differ, rows.len()),
            "#differ=1",
        ),
        plain(" platforms differ from each other. "),
    ];
    let kinds = [
        (Verdict::Differs, "differs", "not what a source says"),
        (Verdict::KnownDifference, "known", "known and accepted"),
        (Verdict::Unsupported, "unsupported", "not supported there"),
        (Verdict::Error, "error", "broken"),
    ];
    let kinds = kinds.into_iter().filter_map(|(verdict, class, meaning)| {
        let cells = cells(Kind::Judged(verdict));
        (cells > 0 || verdict == Verdict::Differs)
            .then(|| linked(format!("{cells} {meaning}"), format!("#verdict={class}")))
    });
    sentence.push(plain("Of all answers, "));
    for (at, kind) in kinds.enumerate() {
        if at > 0 {
            sentence.push(plain(", "));
        }
        sentence.push(kind);
    }
    sentence.push(plain("."));
    sentence
}

fn claims(page: &Page<'_>) -> Sentence {
    let mut asked = 0;
    let mut fail = Vec::new();
    for claim in &page.results.catalogue.claims {
        let columns = 0..page.columns.len();
        let standings = columns.map(|at| {
            let cells = page.grid.rows().iter().map(|row| (row.case, row.cells[at]));
            Standing::among(&claim.id, cells)
        });
        let standings: Vec<Standing<'_>> = standings.collect();
        if standings.iter().any(Standing::is_answered) {
            asked += 1;
        }
        if standings.iter().any(|standing| !standing.fails.is_empty()) {
            fail.push(claim.id.as_str());
        }
    }
    if asked == 0 {
        return Sentence::new();
    }
    let mut sentence = vec![
        linked(count(asked, "claim"), "claims.html"),
        plain(format!(
            " tested: {} hold wherever they could be asked",
            asked - fail.len()
        )),
    ];
    for (at, id) in fail.iter().enumerate() {
        sentence.push(plain(if at == 0 { "; not everywhere: " } else { ", " }));
        sentence.push(linked(*id, format!("claims.html#{}", percent(id))));
    }
    sentence.push(plain("."));
    sentence
}

fn more(page: &Page<'_>) -> Sentence {
    let findings = findings::shown(page).count();
    let bugs = super::bugs::all(page).len();
    let mut sentence = Sentence::new();
    if findings > 0 {
        sentence.push(linked(count(findings, "finding"), "findings.html"));
        sentence.push(plain(": what people do not expect. "));
    }
    if bugs > 0 {
        let name = if bugs == 1 {
            "1 bug"
        } else {
            &format!("{bugs} bugs")
        };
        sentence.push(linked(format!("{name} in the wild"), "bugs.html"));
        sentence.push(plain(" with the cases that show them."));
    }
    sentence
}

/// The systems that only sources speak of.
fn not_measured(page: &Page<'_>) -> Sentence {
    let systems = documented::systems(page);
    if systems.is_empty() {
        return Sentence::new();
    }
    let mut sentence = vec![plain("Not measured: ")];
    for (at, kind) in systems.iter().enumerate() {
        if at > 0 {
            sentence.push(plain(", "));
        }
        let link = documented::link(kind);
        sentence.push(linked(kind.name, link));
    }
    sentence.push(plain(
        ". What sources say of them is shown on request, and never counted.",
    ));
    let wine = page.columns.iter().any(|view| view.family.name() == "Wine");
    if wine && systems.iter().any(|kind| kind.key == "windows") {
        sentence.push(plain(" Wine is not Windows."));
    }
    sentence
}
