//! The details of the cells of one scenario. The same calls and results repeat from
//! platform to platform, so each text is stored once.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::Page;
use super::data::{self, kind_number};
use crate::columns::{ColumnView, command};
use crate::grid::Row;
use crate::links::{Piece, pieces};
use crate::place::Kind;
use crate::results::Cell;
use crate::text::{LIMIT, visible};

#[derive(Serialize)]
struct Detail {
    about: Linked,
    advice: Linked,
    texts: Vec<String>,
    cases: Vec<CaseDetail>,
}

#[derive(Serialize)]
struct CaseDetail {
    id: String,
    requires: String,
    steps: Vec<usize>,
    /// System, answer, source, and whether it varies between several answers.
    expect: Vec<(String, String, Linked, bool)>,
    /// System, answer, reason, and where it is reported.
    known: Vec<(String, String, Linked, Linked)>,
    cells: Vec<Option<CellDetail>>,
}

#[derive(Serialize)]
struct CellDetail {
    verdict: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conditions: Option<usize>,
    /// The index of the expectation for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<usize>,
    /// The index of its known difference.
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    probes: Vec<usize>,
    /// A call, what it returned, the next call, and so on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trace: Vec<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    programs: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stderr: Option<usize>,
    command: usize,
}

/// A text in pieces: a text, or a text with the address that it leads to.
type Linked = Vec<Value>;

fn linked(text: &str) -> Linked {
    let pieces = pieces(text).into_iter();
    let pieces = pieces.map(|Piece { text, link }| {
        let text = visible(text, LIMIT);
        match link {
            None => json!(text),
            Some(link) => json!([text, visible(&link, LIMIT)]),
        }
    });
    pieces.collect()
}

/// The data file of a scenario.
pub(super) fn script(page: &Page<'_>, rows: &[Row<'_>]) -> String {
    let scenario = rows[0].scenario;
    let mut texts = Texts::default();
    let cases = rows
        .iter()
        .map(|row| texts.case(&page.columns, row))
        .collect();
    let whole = |text: &Option<String>| {
        let text = text.as_deref().unwrap_or_default();
        linked(text.trim())
    };
    let detail = Detail {
        about: whole(&scenario.about),
        advice: whole(&scenario.advice),
        texts: texts.list,
        cases,
    };
    let path = super::site::detail_path(&scenario.id);
    format!(
        "dualstack.detail({}, {});\n",
        data::json(&path),
        data::json(&detail)
    )
}

/// Texts by number.
#[derive(Default)]
struct Texts {
    list: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Texts {
    fn number(&mut self, text: impl AsRef<str>) -> usize {
        let text = visible(text.as_ref(), LIMIT);
        if let Some(number) = self.numbers.get(text.as_ref()) {
            return *number;
        }
        let number = self.list.len();
        self.list.push(text.clone().into_owned());
        self.numbers.insert(text.into_owned(), number);
        number
    }

    fn case(&mut self, columns: &[ColumnView<'_>], row: &Row<'_>) -> CaseDetail {
        let case = row.case;
        let text = |text: &str| visible(text, LIMIT).into_owned();
        let cells = columns.iter().zip(&row.cells);
        CaseDetail {
            id: text(&case.id),
            requires: case.requires.to_string(),
            steps: case
                .script
                .steps
                .iter()
                .map(|step| self.number(step.call.to_string()))
                .collect(),
            expect: case
                .expect
                .iter()
                .map(|expect| {
                    let answer = expect.answer.to_string();
                    (
                        expect.on.to_string(),
                        text(&answer),
                        linked(&expect.source),
                        expect.varies,
                    )
                })
                .collect(),
            known: case
                .known
                .iter()
                .map(|known| {
                    (
                        known.on.to_string(),
                        text(&known.answer.to_string()),
                        linked(&known.reason),
                        linked(known.source.as_deref().unwrap_or_default()),
                    )
                })
                .collect(),
            cells: cells
                .map(|(column, cell)| cell.map(|cell| self.cell(column, row, cell)))
                .collect(),
        }
    }

    fn cell(&mut self, view: &ColumnView<'_>, row: &Row<'_>, cell: &Cell) -> CellDetail {
        let case = row.case;
        let finding = view.finding(case, cell);
        let expected = finding.as_ref().and_then(|finding| finding.expected);
        let known = finding.as_ref().and_then(|finding| finding.known);
        CellDetail {
            verdict: kind_number(Kind::of(Some(cell))),
            answer: cell.answer.as_ref().map(|answer| self.number(answer)),
            why: cell.why.as_ref().map(|why| self.number(why)),
            conditions: cell.conditions,
            expected: case
                .expect
                .iter()
                .position(|expect| expected.is_some_and(|expected| std::ptr::eq(expect, expected))),
            known: case
                .known
                .iter()
                .position(|entry| known.is_some_and(|known| std::ptr::eq(entry, known))),
            probes: cell
                .probes
                .iter()
                .map(|probe| self.number(probe.to_string()))
                .collect(),
            trace: cell
                .trace
                .iter()
                .flat_map(|record| [record.call.clone(), record.outcome.to_string()])
                .map(|text| self.number(text))
                .collect(),
            programs: (!cell.programs.is_empty()).then(|| self.number(cell.programs_said())),
            stderr: (!cell.stderr.is_empty()).then(|| self.number(&cell.stderr)),
            command: self.number(command(&case.id, view.column)),
        }
    }
}
