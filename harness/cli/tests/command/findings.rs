//! The findings page: every cell that it names answers in the published results as it says.

use std::fs;
use std::path::PathBuf;

use dualstack::results_file;
use dualstack_report::{Cell, Results, Verdict};

use crate::root;

/// The columns that a word on the page stands for.
fn means(word: &str, column: &str) -> bool {
    match word {
        "Linux" => ["host", "netns", "container"].contains(&column) || column.starts_with("vm-"),
        "gVisor" => column.starts_with("gvisor"),
        "Wine" => column == "wine",
        _ => panic!("no platforms are called {word}"),
    }
}

fn published() -> Vec<Results> {
    let folder = root().join("reports/results");
    let files = fs::read_dir(folder).unwrap();
    let files = files.map(|entry| entry.unwrap().path());
    let files = files.filter(|file: &PathBuf| file.to_string_lossy().ends_with(".json.gz"));
    files
        .map(|file| results_file::read(&file).unwrap())
        .collect()
}

/// A row of a table on the page.
struct Row<'a> {
    case: &'a str,
    on: &'a str,
    answer: &'a str,
}

fn row(line: &str) -> Option<Row<'_>> {
    let cells = line.strip_prefix("| `")?.strip_suffix("` |")?;
    let (case, rest) = cells.split_once("` | ")?;
    let (on, answer) = rest.split_once(" | `")?;
    Some(Row { case, on, answer })
}

impl Row<'_> {
    /// The cells that it is about. Every platform are those that support the case.
    fn cells<'a>(&self, results: &'a [Results]) -> Vec<&'a Cell> {
        let cells = results.iter().flat_map(|results| &results.cells);
        let cells = cells.filter(|cell| cell.case == self.case);
        let about = |cell: &&Cell| match self.on {
            "every platform" => cell.verdict != Verdict::Unsupported,
            words => words.split(", ").any(|word| means(word, &cell.column)),
        };
        cells.filter(about).collect()
    }
}

#[test]
fn every_finding_is_in_the_published_results() {
    let page = fs::read_to_string(root().join("docs/findings.md")).unwrap();
    let results = published();
    let findings: Vec<&str> = page.split("\n## ").skip(1).collect();
    assert!(findings.len() >= 25, "{}", findings.len());
    for finding in findings {
        let title = finding.lines().next().unwrap();
        let rows: Vec<Row<'_>> = finding.lines().filter_map(row).collect();
        assert!(!rows.is_empty(), "{title}");
        let tables = finding.lines().filter(|line| line.starts_with("| `"));
        assert_eq!(tables.count(), rows.len(), "{title}: a row cannot be read");
        for row in rows {
            let cells = row.cells(&results);
            assert!(!cells.is_empty(), "{title}: {} on {}", row.case, row.on);
            for cell in cells {
                let (column, answer) = (&cell.column, cell.answer.as_deref());
                assert_eq!(
                    answer,
                    Some(row.answer),
                    "{title}: {} on {column}",
                    row.case
                );
            }
        }
    }
}
