//! How a results file is read, and why it may be refused.

use std::collections::{HashMap, HashSet};

use dualstack_scenario::Outcome;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::bounds::{
    CALLS, CLAIMS, COLUMNS, CONDITIONS, FILE, HOSTS, MEANS, PLACES, SCENARIOS, TEXT, VALUES,
};
use crate::results::{Cell, Column, FORMAT, Results, ScenarioRecord};
use crate::upgrade::{self, VERSION};

/// What a results file says about itself.
#[derive(Deserialize)]
struct Header {
    format: String,
    version: u32,
}

impl Results {
    /// Reads a file of this or an older version.
    ///
    /// # Errors
    ///
    /// Says whether the text is not a results file, is one of a newer version, where it
    /// does not match its version, or where it has more than can be read.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        // Editors of Windows write a byte order mark.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        check_text(text)?;
        at_most("the file", values(text), VALUES, "values")?;
        let results = Self::parse(text)?;
        results.check()?;
        check_places(&results)?;
        check_times(&results)?;
        Ok(results)
    }

    /// Checks that a report on these results stays in proportion to them. Those of several
    /// files may exceed what each of them keeps to.
    ///
    /// # Errors
    ///
    /// Says what there is too much of.
    pub fn check(&self) -> Result<(), ReadError> {
        check_parts(self)
    }

    fn parse(text: &str) -> Result<Self, ReadError> {
        let unfit = match serde_json::from_str::<Self>(text) {
            Ok(read) if (read.format.as_str(), read.version) == (FORMAT, VERSION) => {
                return Ok(read);
            }
            Ok(_) => None,
            Err(error) => Some(error),
        };
        // The file's own format and version explain more than the position of a mismatch.
        let Header { format, version } = serde_json::from_str(text)?;
        if format != FORMAT {
            return Err(ReadError::Format(format));
        }
        if version > VERSION {
            return Err(ReadError::Newer(version));
        }
        if version == 0 {
            return Err(ReadError::NoVersion);
        }
        if let Some(error) = unfit.filter(|_| version == VERSION) {
            return Err(error.into());
        }
        let upgraded = || -> serde_json::Result<_> {
            Ok(upgrade::to_this_version(
                serde_json::from_str(text)?,
                version,
            ))
        };
        match serde_json::from_value(upgraded()?) {
            Ok(results) => Ok(results),
            Err(error) => Err(misplaced(&upgraded()?, error)),
        }
    }
}

/// Rejects a file that is too large, or has a text that is too long, before it is read.
fn check_text(file: &str) -> Result<(), ReadError> {
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

/// About how many values a file has: as many as there are places where one can begin.
fn values(file: &str) -> usize {
    let (mut values, mut in_text, mut escaped) = (0, false, false);
    for byte in file.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_text,
            b'"' => in_text = !in_text,
            b',' | b'[' | b'{' if !in_text => values += 1,
            _ => {}
        }
    }
    values
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
fn check_parts(results: &Results) -> Result<(), ReadError> {
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
        for (state, of) in column.conditions.iter().enumerate() {
            let place = |list: &str| format!("`columns/{index}/conditions/{state}/{list}`");
            at_most(place("means"), of.means.len(), MEANS, "means")?;
            at_most(place("probes"), of.probes.len(), MEANS, "probes")?;
            at_most(place("settings"), of.settings.len(), MEANS, "settings")?;
        }
        let known = conditions.entry(&column.id).or_default();
        *known = found.max(*known);
    }
    for (index, cell) in cells.iter().enumerate() {
        let place = format!("`cells/{index}/hosts`");
        at_most(place, cell.hosts.len(), HOSTS, "hosts")?;
        at_most(
            format!("`cells/{index}/trace`"),
            cell.trace.len(),
            CALLS,
            "calls",
        )?;
        for (call, record) in cell.trace.iter().enumerate() {
            let (found, most) = (record.outcome.entries(), Outcome::ENTRIES);
            if found > most {
                let place = format!("`cells/{index}/trace/{call}`");
                return Err(too_many(place, found, most, "entries"));
            }
        }
        let of_column = conditions.get(cell.column.as_str());
        if let (Some(&found), Some(at)) = (of_column, cell.conditions)
            && at >= found
        {
            return Err(ReadError::NoSuchConditions { index, at, found });
        }
    }
    Ok(())
}

/// Rejects a cell for which there is no place, or a second one for a place: what it says would
/// be lost.
fn check_places(results: &Results) -> Result<(), ReadError> {
    let cases: HashSet<&str> = results.cases().map(|(_, case)| case.id.as_str()).collect();
    let mut columns = HashSet::new();
    for (index, column) in results.columns.iter().enumerate() {
        if !columns.insert(column.id.as_str()) {
            return Err(ReadError::TwoColumns {
                index,
                column: column.id.clone(),
            });
        }
    }
    let mut taken = HashSet::new();
    for (index, cell) in results.cells.iter().enumerate() {
        let (case, column) = (cell.case.as_str(), cell.column.as_str());
        let unknown = |what, name: &str| ReadError::Unknown {
            index,
            what,
            name: name.to_owned(),
        };
        if !cases.contains(case) {
            return Err(unknown("case", case));
        }
        if !columns.contains(column) {
            return Err(unknown("column", column));
        }
        if !taken.insert((case, column)) {
            return Err(ReadError::TwoCells {
                index,
                case: case.to_owned(),
                column: column.to_owned(),
            });
        }
    }
    Ok(())
}

/// Rejects times that cannot be put in order.
fn check_times(results: &Results) -> Result<(), ReadError> {
    let columns = results.columns.iter().enumerate();
    let columns =
        columns.map(|(index, column)| (format!("columns/{index}/started"), &column.started));
    let times = std::iter::once(("started".to_owned(), &results.started)).chain(columns);
    for (place, time) in times {
        if humantime::parse_rfc3339(time).is_err() {
            return Err(ReadError::NoTime {
                place,
                time: time.clone(),
            });
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

/// Adds the place to an error of an upgraded file, whose lines are not those of the text.
fn misplaced(file: &Value, error: serde_json::Error) -> ReadError {
    let misfit = misfit::<ScenarioRecord>(file, "scenarios")
        .or_else(|| misfit::<Column>(file, "columns"))
        .or_else(|| misfit::<Cell>(file, "cells"));
    misfit.unwrap_or(ReadError::Json(error))
}

/// The first part of a list that does not match its format.
fn misfit<T: DeserializeOwned>(file: &Value, list: &str) -> Option<ReadError> {
    let mut parts = file.get(list)?.as_array()?.iter().enumerate();
    parts.find_map(|(index, part)| {
        let error = T::deserialize(part).err()?;
        let place = format!("{list}/{index}");
        Some(ReadError::Part { place, error })
    })
}

/// Why a results file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not JSON, or does not match its format.
    #[error("it is not a results file: {0}")]
    Json(#[from] serde_json::Error),
    /// A part of an older file does not match its format.
    #[error("`{place}`: {error}")]
    Part {
        /// The list and the index.
        place: String,
        /// What is wrong with it.
        error: serde_json::Error,
    },
    /// It is another kind of file.
    #[error("its format is `{0}`, not `{FORMAT}`")]
    Format(String),
    /// It is from a newer dualstack.
    #[error("its version is {0}, and this dualstack reads up to {VERSION}; take a newer dualstack")]
    Newer(u32),
    /// No dualstack has written it.
    #[error("its version is 0, and the first version is 1; run the cases again")]
    NoVersion,
    /// A cell is for a case or a column that is not in the file.
    #[error("`cells/{index}/{what}` is `{name}`, and the file has no such {what}; remove the cell")]
    Unknown {
        /// The index of the cell.
        index: usize,
        /// `case` or `column`.
        what: &'static str,
        /// The id that the cell names.
        name: String,
    },
    /// Two columns have the same id.
    #[error("`columns/{index}` is the second that is called `{column}`; remove one of them")]
    TwoColumns {
        /// The index of the second.
        index: usize,
        /// The id.
        column: String,
    },
    /// Two cells are for the same place.
    #[error(
        "`cells/{index}` is the second for the case `{case}` on `{column}`; remove one of them"
    )]
    TwoCells {
        /// The index of the second.
        index: usize,
        /// Its case.
        case: String,
        /// Its column.
        column: String,
    },
    /// A time is not written as RFC 3339 says.
    #[error("`{place}` is `{time}`, not a time such as 2026-01-02T03:04:05Z")]
    NoTime {
        /// The part of the file.
        place: String,
        /// What it says.
        time: String,
    },
    /// A text in it is longer than any that a run writes.
    #[error(
        "the text at line {line} column {column} has more than {} bytes; shorten it",
        TEXT
    )]
    TooLong {
        /// Its line, from 1.
        line: usize,
        /// Its column in bytes, from 1.
        column: usize,
    },
    /// It has more than can be read.
    #[error(
        "{place} has {found} {unit}, and at most {most} are read; split the results into several files"
    )]
    TooMany {
        /// The part of the file.
        place: String,
        /// How much there is.
        found: usize,
        /// How much may be there.
        most: usize,
        /// What is counted.
        unit: &'static str,
    },
    /// A cell has conditions that its column does not have.
    #[error(
        "`cells/{index}/conditions` is {at}, and its column has {found} conditions, counted from 0"
    )]
    NoSuchConditions {
        /// The index of the cell.
        index: usize,
        /// The index of its conditions.
        at: usize,
        /// How many there are.
        found: usize,
    },
    /// Two scenarios have one id.
    #[error(
        "`scenarios/{0}` has the id `{1}`, which another scenario has; rename one of their files"
    )]
    Twice(usize, String),
}
