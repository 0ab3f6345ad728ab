//! The platforms: the exact system of each, and how its conditions were set up.

use askama::Template;

use super::frame::{Frame, class};
use super::{File, Page};
use crate::columns::ColumnView;
use crate::merge::Note;
use crate::place::{self, Kind};

#[derive(Template)]
#[template(path = "platforms.html")]
struct PlatformsPage<'a> {
    frame: Frame,
    platforms: Vec<PlatformView<'a>>,
    notes: &'a [Note],
}

struct PlatformView<'a> {
    view: &'a ColumnView<'a>,
    counts: Vec<Count>,
}

struct Count {
    class: &'static str,
    sign: &'static str,
    name: String,
    cells: usize,
}

/// The file `platforms.html`.
pub(super) fn file(page: &Page<'_>) -> File {
    let platforms = page.columns.iter().enumerate();
    let view = PlatformsPage {
        frame: Frame::new(page, "platforms.html"),
        platforms: platforms
            .map(|(at, view)| PlatformView {
                view,
                counts: counts(page, at),
            })
            .collect(),
        notes: page.notes,
    };
    super::render("platforms.html", &view)
}

fn counts(page: &Page<'_>, column: usize) -> Vec<Count> {
    let counts = Kind::ALL.iter().map(|kind| {
        let rows = page.grid.rows().iter();
        Count {
            class: class(*kind),
            sign: kind.sign(),
            name: kind.name(),
            cells: rows
                .filter(|row| place::kind_in(row, column) == *kind)
                .count(),
        }
    });
    counts.filter(|count| count.cells > 0).collect()
}
