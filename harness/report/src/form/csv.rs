//! The results as CSV: one line per cell, for spreadsheets and scripts.
//!
//! A spreadsheet calculates a field that begins like a formula, so an apostrophe is put
//! before it, and characters that are not seen are spelt out. `results.json` has every
//! text as it is.

use super::Form;
use crate::columns::ColumnView;
use crate::grid::Grid;
use crate::results::Results;
use crate::text::{LIMIT, line};
use dualstack_scenario::shown::harmless;

/// `results.csv`.
pub(super) const FORM: Form = Form {
    name: "csv",
    file: Some("results.csv"),
    about: "results.csv, one line per cell",
    write: |report, folder| folder.put("results.csv", &self::report(report.results)),
};

const HEAD: [&str; 12] = [
    "case", "title", "platform", "family", "version", "build", "verdict", "answer", "why",
    "expected", "source", "asked",
];

/// Every cell that has data; a cell without data has no line.
pub fn report(results: &Results) -> Vec<u8> {
    let columns: Vec<ColumnView<'_>> = results.columns.iter().map(ColumnView::new).collect();
    let mut table = Table::new(HEAD);
    for row in Grid::new(results).rows() {
        for (view, cell) in columns.iter().zip(&row.cells) {
            let Some(cell) = cell else { continue };
            let finding = view.finding(row.case, cell);
            let expected = finding.and_then(|finding| finding.expected);
            let version = view.version();
            let verdict = cell.verdict.to_string();
            let answer = expected.map(|e| e.answer.to_string()).unwrap_or_default();
            let texts = [
                row.case.id.as_str(),
                &row.scenario.title,
                view.id(),
                view.family.name(),
                &version,
                view.build(),
                &verdict,
                cell.answer.as_deref().unwrap_or_default(),
                cell.why.as_deref().unwrap_or_default(),
                &answer,
                expected.map_or("", |expected| &expected.source),
                &view.column.started,
            ];
            table.row(texts);
        }
    }
    table.finish()
}

/// A table of texts from elsewhere.
pub fn table(head: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    let mut table = Table::new(head);
    rows.iter().for_each(|row| table.row(row));
    table.finish()
}

/// A table that is written row by row.
struct Table(csv::Writer<Vec<u8>>);

const IN_MEMORY: &str = "writing into memory does not fail";

impl Table {
    fn new(head: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut table = Self(csv::Writer::from_writer(Vec::new()));
        table.row(head);
        table
    }

    fn row(&mut self, texts: impl IntoIterator<Item = impl AsRef<str>>) {
        let fields = texts.into_iter().map(|text| field(text.as_ref()));
        self.0.write_record(fields).expect(IN_MEMORY);
    }

    fn finish(self) -> Vec<u8> {
        self.0.into_inner().expect(IN_MEMORY)
    }
}

/// A text that no spreadsheet calculates, and no log takes for a command. The wide signs are those of Japanese keyboards.
fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let before = if formula { "'" } else { "" };
    format!("{before}{}", harmless(&line(text, LIMIT)))
}
