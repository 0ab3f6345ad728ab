//! The cells by row and column.

use std::collections::HashMap;

use dualstack_scenario::{Case, Patterns};

use crate::results::{Cell, Results, ScenarioRecord};
use dualstack_scenario::Verdict;

/// Every cell of a results file by its row and column.
///
/// [`Results::cell`] searches for one; this finds all of them in one pass.
#[derive(Debug)]
pub struct Grid<'a> {
    rows: Vec<Row<'a>>,
}

/// A case with the cell of each column, in the order of the columns.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// The scenario that the case is of.
    pub scenario: &'a ScenarioRecord,
    /// The case.
    pub case: &'a Case,
    /// The answer of each column; `None` if there is no data.
    pub cells: Vec<Option<&'a Cell>>,
    /// The columns that gave one of several answers by chance, each with all of them.
    varying: Vec<(usize, &'a Patterns)>,
}

impl<'a> Row<'a> {
    /// The answers between which a column's system chooses by chance, if it gave one of
    /// those that its expectation says it varies between.
    pub fn varies(&self, column: usize) -> Option<&'a Patterns> {
        let of_column = |(at, answers): &(usize, &'a Patterns)| (*at == column).then_some(*answers);
        self.varying.iter().find_map(of_column)
    }
}

impl<'a> Grid<'a> {
    /// Sorts the cells of a file by place. Of two cells for one place the first is used,
    /// as in [`Results::cell`].
    pub fn new(results: &'a Results) -> Self {
        let width = results.columns.len();
        let mut rows: Vec<Row<'a>> = results
            .cases()
            .map(|(scenario, case)| Row {
                scenario,
                case,
                cells: vec![None; width],
                varying: Vec::new(),
            })
            .collect();
        let cases = rows.iter().enumerate();
        let cases: HashMap<&str, usize> =
            cases.map(|(at, row)| (row.case.id.as_str(), at)).collect();
        let columns = results.columns.iter().enumerate();
        let columns: HashMap<&str, usize> = columns
            .map(|(at, column)| (column.id.as_str(), at))
            .collect();
        for cell in &results.cells {
            let place = (
                cases.get(cell.case.as_str()),
                columns.get(cell.column.as_str()),
            );
            if let (Some(&row), Some(&column)) = place {
                rows[row].cells[column].get_or_insert(cell);
            }
        }
        for row in &mut rows {
            row.varying = varying(results, row);
        }
        Self { rows }
    }

    /// Every row in the order of the file.
    pub fn rows(&self) -> &[Row<'a>] {
        &self.rows
    }

    /// The rows of each scenario, in the order of the file.
    pub fn scenarios(&self) -> impl Iterator<Item = &[Row<'a>]> {
        self.rows
            .chunk_by(|a, b| std::ptr::eq(a.scenario, b.scenario))
    }
}

fn varying<'a>(results: &Results, row: &Row<'a>) -> Vec<(usize, &'a Patterns)> {
    if !row.case.expect.iter().any(|expected| expected.varies) {
        return Vec::new();
    }
    let columns = results.columns.iter().zip(&row.cells).enumerate();
    let varying = columns.filter_map(|(at, (column, cell))| {
        let as_expected = cell.is_some_and(|cell| cell.verdict == Verdict::AsExpected);
        let system = &column.machine.as_ref()?.system;
        let expected = row.case.expectation(system)?;
        (as_expected && expected.varies).then_some((at, &expected.answer))
    });
    varying.collect()
}
