//! The results as JUnit XML: one suite per platform, one test per case.
//!
//! A CI service shows these texts in its log, and XML cannot hold every character: each
//! text is a [`line()`], and what the calls and the agents said is [`visible`].

use std::io;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::Form;
use crate::columns::ColumnView;
use crate::grid::{Grid, Row};
use crate::place::Kind;
use crate::results::{Cell, Results};
use crate::text::{LIMIT, line, visible};
use dualstack_scenario::Verdict;

/// The maximum length of what the calls returned or an agent said, in characters.
const TRACE: usize = 64 * 1024;

/// `junit.xml`.
pub(super) const FORM: Form = Form {
    name: "junit",
    file: Some("junit.xml"),
    about: "junit.xml",
    write: |report, folder| folder.write("junit.xml", |file| write(report.results, file)),
};

/// Answers that differ are failures, cells without an answer because something broke are
/// errors; unsupported cells and cells without data are skipped, never passed.
pub fn report(results: &Results) -> String {
    text(&suites(results))
}

/// The same, written piece by piece, because as one text it may be large.
///
/// # Errors
///
/// Writing to `to` fails.
pub fn write(results: &Results, to: impl io::Write) -> io::Result<()> {
    let report = suites(results);
    report.serialize(Quiet::new(to)).map_err(io::Error::other)
}

fn text(report: &Report) -> String {
    let mut text = Vec::new();
    let written = report.serialize(Quiet::new(&mut text));
    written.expect("writing into memory does not fail");
    String::from_utf8(text).expect("XML of texts is text")
}

/// A writer of XML in which no line looks like a command to the runner of a workflow, which
/// reads the log: `::error::` at the start of a line, `##[error]` anywhere. A reference to
/// the character is the same to who reads XML.
struct Quiet<W> {
    to: W,
    /// Whether only blanks were on the line so far.
    start: bool,
    before: u8,
}

impl<W: io::Write> Quiet<W> {
    fn new(to: W) -> Self {
        Self {
            to,
            start: true,
            before: 0,
        }
    }
}

impl<W: io::Write> io::Write for Quiet<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut quiet = Vec::with_capacity(bytes.len());
        for &byte in bytes {
            match byte {
                b':' if self.start => quiet.extend(b"&#58;"),
                b'[' if self.before == b'#' => quiet.extend(b"&#91;"),
                other => quiet.push(other),
            }
            self.start = byte == b'\n' || (self.start && byte.is_ascii_whitespace());
            self.before = byte;
        }
        self.to.write_all(&quiet)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// A test that is no cell: a scenario file that was checked, a platform that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// What it belongs to.
    pub class: String,
    /// Its name.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a [`Test`] ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All is well.
    Passed,
    /// Nothing was tried, for this reason.
    Skipped(String),
    /// Something is wrong: what.
    Failed(String),
}

/// Tests as JUnit XML with one suite.
pub fn suite(name: &str, tests: &[Test]) -> String {
    let cases = tests.iter().map(|test| {
        let (mut status, message) = match &test.outcome {
            Outcome::Passed => (TestCaseStatus::success(), None),
            Outcome::Skipped(why) => (TestCaseStatus::skipped(), Some(why)),
            Outcome::Failed(why) => {
                let failure = TestCaseStatus::non_success(NonSuccessKind::Failure);
                (failure, Some(why))
            }
        };
        if let Some(message) = message {
            status.set_message(line(message, LIMIT));
        }
        let mut case = TestCase::new(line(&test.name, LIMIT), status);
        case.set_classname(line(&test.class, LIMIT));
        case
    });
    let mut suite = TestSuite::new(name);
    suite.add_test_cases(cases);
    suite.set_time(Duration::ZERO);
    let mut report = Report::new("dualstack");
    report.add_test_suite(suite);
    text(&report)
}

fn suites(results: &Results) -> Report {
    let grid = Grid::new(results);
    let mut report = Report::new("dualstack");
    for (at, column) in results.columns.iter().enumerate() {
        let view = ColumnView::new(column);
        let mut suite = TestSuite::new(line(view.id(), LIMIT));
        for (name, value) in [
            ("edition", view.edition()),
            ("build", view.build()),
            ("started", &column.started),
        ] {
            suite.add_property((name, &*line(value, LIMIT)));
        }
        suite.add_test_cases(
            grid.rows()
                .iter()
                .map(|row| test(&view, row, row.cells[at])),
        );
        suite.set_time(Duration::ZERO);
        report.add_test_suite(suite);
    }
    report
}

fn test(view: &ColumnView<'_>, row: &Row<'_>, cell: Option<&Cell>) -> TestCase {
    let mut test = TestCase::new(line(&row.case.id, LIMIT), status(view, row, cell));
    test.set_classname(line(&row.scenario.id, LIMIT));
    if let Some(cell) = cell {
        let trace = cell.trace.iter();
        let trace: String = trace
            .map(|record| format!("{} = {}\n", record.call, record.outcome))
            .chain(cell.programs.iter().map(ToString::to_string))
            .collect();
        if cell.verdict != Verdict::AsExpected && !trace.is_empty() {
            test.set_system_out(visible(&trace, TRACE));
        }
        if !cell.stderr.is_empty() {
            test.set_system_err(visible(&cell.stderr, TRACE));
        }
    }
    test
}

fn status(view: &ColumnView<'_>, row: &Row<'_>, cell: Option<&Cell>) -> TestCaseStatus {
    let Some(cell) = cell else {
        let mut skipped = TestCaseStatus::skipped();
        skipped.set_message(Kind::NoData.name());
        return skipped;
    };
    let why = cell.why.as_deref().unwrap_or_default();
    let (mut status, message) = match cell.verdict {
        Verdict::AsExpected | Verdict::KnownDifference | Verdict::Observed => {
            return TestCaseStatus::success();
        }
        Verdict::Unsupported => (TestCaseStatus::skipped(), format!("unsupported: {why}")),
        Verdict::Error => (
            TestCaseStatus::non_success(NonSuccessKind::Error),
            why.to_owned(),
        ),
        Verdict::Differs => (
            TestCaseStatus::non_success(NonSuccessKind::Failure),
            difference(view, row, cell),
        ),
    };
    status.set_message(line(&message, LIMIT));
    status.set_type(cell.verdict.to_string());
    status
}

fn difference(view: &ColumnView<'_>, row: &Row<'_>, cell: &Cell) -> String {
    let answered = format!("answered {}", cell.shown());
    let Some(finding) = view.finding(row.case, cell) else {
        return answered;
    };
    match (finding.expected, finding.known) {
        (_, Some(known)) => format!(
            "{answered}; known difference {}: {}",
            known.answer, known.reason
        ),
        (Some(expected), None) => format!(
            "{answered}; expected {} ({})",
            expected.answer, expected.source
        ),
        (None, None) => answered,
    }
}
