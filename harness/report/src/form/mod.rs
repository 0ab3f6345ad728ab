//! The output formats of a report: one file each, and their list.

pub mod csv;
mod folder;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod page;

use crate::changes::Changes;
use crate::findings::Finding;
use crate::merge::Note;
use crate::results::Results;

pub use folder::{Folder, Unwritten};

/// Every format, in the order in which they are listed.
pub static ALL: &[Form] = &[
    page::FORM,
    markdown::FORM,
    junit::FORM,
    csv::FORM,
    json::FORM,
];

/// The contents of a report.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// What was measured.
    pub results: &'a Results,
    /// What was dropped or renamed when results were merged.
    pub notes: &'a [Note],
    /// What changed since an earlier run, if requested.
    pub changes: Option<&'a Changes<'a>>,
    /// What people do not expect: those are shown whose cases are in the results.
    pub findings: &'a [Finding],
    /// Whether the page keeps a copy of this run in `runs/`, which stays when the page is
    /// written again, so that links to its cells lead to the same answers.
    pub keep_run: bool,
    /// The address at which the page will be published, with a `/` at its end.
    pub site: Option<&'a str>,
    /// The files of other formats in the same folder.
    pub beside: &'a [&'static str],
}

/// An output format of a report.
#[derive(Debug)]
pub struct Form {
    /// Its name on the command line.
    pub name: &'static str,
    /// Its file, if it is one.
    pub file: Option<&'static str>,
    /// The files it consists of.
    pub about: &'static str,
    write: fn(&Report<'_>, &Folder) -> Result<(), Unwritten>,
}

impl Form {
    /// The format with that name.
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
