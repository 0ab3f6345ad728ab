//! How much a results file may hold.
//!
//! A file may come from anywhere. The bounds are far above what is measured, and keep time
//! and memory of a report in proportion to the size of the file.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

/// The largest file, in bytes, decompressed.
pub const FILE: usize = 256 * 1024 * 1024;

/// The most values in it: objects, lists, texts, numbers. A case on one platform has about
/// 50.
pub(crate) const VALUES: usize = 5_000_000;

/// The longest text in it, in bytes.
pub(crate) const TEXT: usize = 1024 * 1024;

/// The most places for a cell: cases times columns.
pub(crate) const PLACES: usize = 500_000;

pub(crate) const SCENARIOS: usize = 100_000;
pub(crate) const COLUMNS: usize = 1_000;
pub(crate) const CLAIMS: usize = 1_000;
/// Of one column.
pub(crate) const CONDITIONS: usize = 1_000;
/// Ways in which one state was set up, calls that show it, and settings.
pub(crate) const MEANS: usize = 1_000;
/// Of one case: the language has as many steps.
pub(crate) const CALLS: usize = 1_000;
pub(crate) const HOSTS: usize = 2;

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
