//! The report as a static page: files that need no server and load nothing from outside.
//!
//! A script draws the matrix (`index.html`) from one data file, because no browser can
//! open a table of 150,000 cells at once. The details of cells are in one data file per
//! scenario, which is loaded on demand. Everything else is plain HTML: a page per
//! scenario, the claims, the changes, the advice and the platforms.

mod advice;
mod assets;
mod changes;
mod claims;
mod data;
mod detail;
mod frame;
mod groups;
mod index;
mod platforms;
mod scenario;
mod site;

use std::borrow::Cow;

use super::Form;
use crate::changes::Changes;
use crate::columns::ColumnView;
use crate::grid::Grid;
use crate::merge::Note;
use crate::results::Results;

/// `index.html` and its files.
pub(super) const FORM: Form = Form {
    name: "page",
    about: "the page: index.html and its files",
    write: |report, folder| {
        Page::new(report.results, report.notes, report.changes)
            .files()
            .try_for_each(|file| folder.put(&file.path, file.text.as_bytes()))
    },
};

/// Everything the page is made from.
#[derive(Debug)]
pub struct Page<'a> {
    results: &'a Results,
    grid: Grid<'a>,
    columns: Vec<ColumnView<'a>>,
    notes: &'a [Note],
    changes: Option<&'a Changes<'a>>,
}

/// A file of the page.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path in the page's folder.
    pub path: String,
    /// Its contents.
    pub text: Cow<'static, str>,
}

impl File {
    fn new(path: impl Into<String>, text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
        }
    }
}

impl<'a> Page<'a> {
    /// The page of these results; `notes` say how they were merged, `changes` what
    /// changed since an earlier run.
    pub fn new(results: &'a Results, notes: &'a [Note], changes: Option<&'a Changes<'a>>) -> Self {
        Self {
            results,
            grid: Grid::new(results),
            columns: results.columns.iter().map(ColumnView::new).collect(),
            notes,
            changes,
        }
    }

    /// Every file, made one at a time.
    pub fn files(&self) -> impl Iterator<Item = File> {
        let of_scenarios = self.grid.scenarios().flat_map(|rows| {
            [
                scenario::file(self, rows),
                File::new(
                    site::detail_path(&rows[0].scenario.id),
                    detail::script(self, rows),
                ),
            ]
        });
        assets::files()
            .chain([
                index::file(self),
                File::new("data.js", data::script(self)),
                claims::file(self),
                platforms::file(self),
            ])
            .chain(self.changes.map(|changes| changes::file(self, changes)))
            .chain(advice::files(self))
            .chain(of_scenarios)
    }
}

fn render(path: impl Into<String>, page: &impl askama::Template) -> File {
    let text = page.render().expect("writing into memory does not fail");
    File::new(path, text)
}
