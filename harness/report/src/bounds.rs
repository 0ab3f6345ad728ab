//! How much a results file may hold.
//!
//! A file may come from anywhere. The bounds are far above what is measured, and keep time
//! and memory of a report in proportion to the size of the file.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

use crate::results::{ReadError, Results};

/// The largest file, in bytes, decompressed.
pub const FILE: usize = 1024 * 1024 * 1024;

/// The longest text in it, in bytes.
pub(crate) const TEXT: usize = 1024 * 1024;

/// The most places for a cell: cases times columns.
pub(crate) const PLACES: usize = 2_000_000;

const SCENARIOS: usize = 100_000;
const COLUMNS: usize = 1_000;
const CLAIMS: usize = 1_000;
/// Of one column.
const CONDITIONS: usize = 1_000;
/// Of one case.
const HOSTS: usize = 2;

/// Rejects a file that is too large, or has a text that is too long, before it is read.
pub(crate) fn text(file: &str) -> Result<(), ReadError> {
    if file.len() > FILE {
        return Err(too_many("the file", file.len(), FILE, "bytes"));
    }
    // No text is longer than the distance between two quotes. Looking for the last one that
    // is near enough skips nearly everything.
    let bytes = file.as_bytes();
    let mut at = 0;
    while bytes.len() - at > TEXT {
        let near = &bytes[at..=at + TEXT];
        let Some(next) = last_quote(near) else {
            return Err(too_long(file, at));
        };
        at += next;
    }
    Ok(())
}

/// The last quote that is not escaped, after the first byte.
fn last_quote(bytes: &[u8]) -> Option<usize> {
    let quote = |at: &usize| bytes[*at] == b'"' && !is_escaped(&bytes[..*at]);
    (1..bytes.len()).rev().find(quote)
}

/// Whether the byte after these is escaped.
fn is_escaped(before: &[u8]) -> bool {
    let escapes = before.iter().rev().take_while(|byte| **byte == b'\\');
    escapes.count() % 2 == 1
}

fn too_long(file: &str, at: usize) -> ReadError {
    let before = &file.as_bytes()[..at];
    let line = before.split(|byte| *byte == b'\n').count();
    let column = before
        .iter()
        .rev()
        .take_while(|byte| **byte != b'\n')
        .count()
        + 1;
    ReadError::TooLong { line, column }
}

/// Rejects numbers of parts that would multiply, and indices of parts that do not exist.
pub(crate) fn parts(results: &Results) -> Result<(), ReadError> {
    let Results {
        catalogue,
        scenarios,
        columns,
        cells,
        ..
    } = results;
    let cases = results.cases().count();
    let places = cases.saturating_mul(columns.len());
    at_most(
        "`catalogue/claim`",
        catalogue.claims.len(),
        CLAIMS,
        "claims",
    )?;
    at_most("`scenarios`", scenarios.len(), SCENARIOS, "scenarios")?;
    at_most("`columns`", columns.len(), COLUMNS, "columns")?;
    at_most("`scenarios` times `columns`", places, PLACES, "cells")?;
    let mut ids = HashSet::new();
    for (index, scenario) in scenarios.iter().enumerate() {
        if !ids.insert(&scenario.id) {
            return Err(ReadError::Twice(index, scenario.id.clone()));
        }
        for (case, of) in scenario.cases.iter().enumerate() {
            let place = format!("`scenarios/{index}/cases/{case}/script/hosts`");
            at_most(place, of.script.hosts.len(), HOSTS, "hosts")?;
        }
    }
    let mut conditions: HashMap<&str, usize> = HashMap::new();
    for (index, column) in columns.iter().enumerate() {
        let place = format!("`columns/{index}/conditions`");
        let found = column.conditions.len();
        at_most(place, found, CONDITIONS, "conditions")?;
        let known = conditions.entry(&column.id).or_default();
        *known = found.max(*known);
    }
    for (index, cell) in cells.iter().enumerate() {
        let place = format!("`cells/{index}/hosts`");
        at_most(place, cell.hosts.len(), HOSTS, "hosts")?;
        let of_column = conditions.get(cell.column.as_str());
        if let (Some(&found), Some(at)) = (of_column, cell.conditions)
            && at >= found
        {
            return Err(ReadError::NoSuchConditions { index, at, found });
        }
    }
    Ok(())
}

fn at_most(
    place: impl Into<String>,
    found: usize,
    most: usize,
    unit: &'static str,
) -> Result<(), ReadError> {
    if found <= most {
        return Ok(());
    }
    Err(too_many(place, found, most, unit))
}

fn too_many(place: impl Into<String>, found: usize, most: usize, unit: &'static str) -> ReadError {
    ReadError::TooMany {
        place: place.into(),
        found,
        most,
        unit,
    }
}

/// Reads the list of cells, and stops after as many as there can be places.
pub(crate) fn cells<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_seq(Cells(PhantomData))
}

struct Cells<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Cells<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of cells")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut cells = Vec::new();
        while let Some(cell) = list.next_element()? {
            if cells.len() == PLACES {
                return Err(A::Error::custom(format_args!("more than {PLACES} cells")));
            }
            cells.push(cell);
        }
        Ok(cells)
    }
}
