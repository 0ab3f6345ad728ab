//! The forms of a report: a file each, and the list of them.

pub mod csv;
mod folder;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod page;

use crate::changes::Changes;
use crate::merge::Note;
use crate::results::Results;

pub use folder::{Folder, Unwritten};

/// Every form, in the order in which they are named.
pub static ALL: &[Form] = &[
    page::FORM,
    markdown::FORM,
    junit::FORM,
    csv::FORM,
    json::FORM,
];

/// What a report tells of.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// What was measured.
    pub results: &'a Results,
    /// What was dropped or renamed when they were merged.
    pub notes: &'a [Note],
    /// What changed since an earlier run, if that is asked.
    pub changes: Option<&'a Changes<'a>>,
}

/// A form that a report is written in.
#[derive(Debug)]
pub struct Form {
    /// Its name on the command line.
    pub name: &'static str,
    /// The files that it consists of.
    pub about: &'static str,
    write: fn(&Report<'_>, &Folder) -> Result<(), Unwritten>,
}

impl Form {
    /// The form of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|form| form.name == name)
    }

    /// Writes the files of a report into a folder.
    ///
    /// # Errors
    ///
    /// Names the first file that cannot be written.
    pub fn write(&self, report: &Report<'_>, folder: &Folder) -> Result<(), Unwritten> {
        (self.write)(report, folder)
    }
}
