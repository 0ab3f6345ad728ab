//! The report as a static page: files that need no server and load nothing from outside.
//!
//! A script draws the matrix (`index.html`) from one data file, because no browser can
//! open a table of 150,000 cells at once. The details of cells are in one data file per
//! scenario, which is loaded on demand. Everything else is plain HTML: a page per
//! scenario, the claims, the changes, the handbook and the platforms.

mod also;
mod assets;
mod bugs;
mod changes;
mod claims;
mod data;
mod detail;
mod documented;
mod findings;
mod found;
mod frame;
mod groups;
mod handbook;
mod index;
mod platforms;
mod scenario;
mod site;
mod sitemap;
mod who;

use std::borrow::Cow;
use std::sync::OnceLock;

use super::Form;
use super::folder::Written;
use crate::alike::alike;
use crate::changes::Changes;
use crate::columns::ColumnView;
use crate::findings::Finding;
use crate::grid::Grid;
use crate::merge::Note;
use crate::results::Results;

/// `index.html` and its files.
pub(super) const FORM: Form = Form {
    name: "page",
    file: None,
    about: "the page: index.html and its files",
    write: |report, folder| {
        let mut page = Page::new(report.results, report.notes, report.changes);
        page.findings = report.findings;
        page.beside = report.beside;
        page.site = report.site;
        if report.keep_run {
            page.kept = Some(site::run(&report.results.started));
        }
        let mut written = Written::default();
        for file in page.files() {
            let text = file.text.as_bytes();
            folder.put(&file.path, text)?;
            if let Some(run) = &page.kept {
                // Byte by byte the same, so that a repository stores it once.
                folder.put(&format!("runs/{run}/{}", file.path), text)?;
            }
            written.add(file.path);
        }
        if let Some(file) = sitemap::file(&page, written.names()) {
            folder.put(&file.path, file.text.as_bytes())?;
            written.add(file.path);
        }
        written.replace(folder)
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
    findings: &'a [Finding],
    /// The files of other formats beside it.
    beside: &'a [&'static str],
    /// The address at which it will be published, with a `/` at its end.
    site: Option<&'a str>,
    /// The name of the copy of this run that stays.
    kept: Option<String>,
    /// The columns that agree everywhere.
    alike: Vec<Vec<usize>>,
    /// The optional pages that it has.
    has: OnceLock<Has>,
}

/// The pages that only some reports have.
#[derive(Clone, Copy, Debug)]
struct Has {
    findings: bool,
    bugs: bool,
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
        let grid = Grid::new(results);
        let alike = alike(&grid, results.columns.len());
        Self {
            results,
            findings: &[],
            beside: &[],
            site: None,
            kept: None,
            alike,
            has: OnceLock::new(),
            grid,
            columns: results.columns.iter().map(ColumnView::new).collect(),
            notes,
            changes,
        }
    }

    /// The same page with those of these findings whose cases it has.
    #[must_use]
    pub fn with_findings(mut self, findings: &'a [Finding]) -> Self {
        self.findings = findings;
        self
    }

    fn has(&self) -> Has {
        *self.has.get_or_init(|| Has {
            findings: findings::shown(self).next().is_some(),
            bugs: !bugs::all(self).is_empty(),
        })
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
            .chain(findings::file(self))
            .chain(bugs::file(self))
            .chain(self.changes.map(|changes| changes::file(self, changes)))
            .chain(handbook::files(self))
            .chain(of_scenarios)
    }
}

fn render(path: impl Into<String>, page: &impl askama::Template) -> File {
    let text = page.render().expect("writing into memory does not fail");
    File::new(path, text)
}
