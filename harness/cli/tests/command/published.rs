//! Statements about the published results, as documents and the handbook make them.

use std::fs;
use std::path::PathBuf;

use dualstack::results_file;
use dualstack_report::{Cell, Results, Verdict};

use crate::root;

/// The columns that a word stands for.
fn means(word: &str, column: &str) -> bool {
    match word {
        "Linux" => ["host", "netns", "container"].contains(&column) || column.starts_with("vm-"),
        "gVisor" => column.starts_with("gvisor"),
        "Wine" => column == "wine",
        _ => panic!("no platforms are called {word}"),
    }
}

pub(crate) fn results() -> Vec<Results> {
    let folder = root().join("reports/results");
    let files = fs::read_dir(folder).unwrap();
    let files = files.map(|entry| entry.unwrap().path());
    let files = files.filter(|file: &PathBuf| file.to_string_lossy().ends_with(".json.gz"));
    files
        .map(|file| results_file::read(&file).unwrap())
        .collect()
}

/// A case, the platforms that it is about, and the answer there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statement<'a> {
    pub(crate) case: &'a str,
    pub(crate) on: &'a str,
    pub(crate) answer: &'a str,
}

impl Statement<'_> {
    /// The cells that it is about. Every platform are those that support the case.
    fn cells<'r>(&self, results: &'r [Results]) -> Vec<&'r Cell> {
        let cells = results.iter().flat_map(|results| &results.cells);
        let cells = cells.filter(|cell| cell.case == self.case);
        let about = |cell: &&Cell| match self.on {
            "every platform" => cell.verdict != Verdict::Unsupported,
            words => words.split(", ").any(|word| means(word, &cell.column)),
        };
        cells.filter(about).collect()
    }

    /// Fails, under this title, unless every cell answers so.
    pub(crate) fn hold(&self, title: &str, results: &[Results]) {
        let cells = self.cells(results);
        assert!(!cells.is_empty(), "{title}: {} on {}", self.case, self.on);
        for cell in cells {
            let (column, answer) = (&cell.column, cell.answer.as_deref());
            assert_eq!(
                answer,
                Some(self.answer),
                "{title}: {} on {column}",
                self.case
            );
        }
    }
}
