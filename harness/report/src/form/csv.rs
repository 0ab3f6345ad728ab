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

/// `results.csv`.
pub(super) const FORM: Form = Form {
    name: "csv",
    about: "results.csv, one line per cell",
    write: |report, folder| folder.put("results.csv", &self::report(report.results)),
};

const HEAD: [&str; 12] = [
    "case", "title", "platform", "family", "version", "build", "verdict", "answer", "why",
    "expected", "source", "asked",
];

/// Every cell that has data; a cell without data has no line.
pub fn report(results: &Results) -> Vec<u8> {
    const IN_MEMORY: &str = "writing into memory does not fail";
    let columns: Vec<ColumnView<'_>> = results.columns.iter().map(ColumnView::new).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEAD).expect(IN_MEMORY);
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
            writer.write_record(texts.map(field)).expect(IN_MEMORY);
        }
    }
    writer.into_inner().expect(IN_MEMORY)
}

/// A text that no spreadsheet calculates. The wide signs are those of Japanese keyboards.
fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let before = if formula { "'" } else { "" };
    format!("{before}{}", line(text, LIMIT))
}
