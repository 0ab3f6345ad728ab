//! What changed since an earlier run.

use std::collections::HashSet;

use askama::Template;

use super::frame::{Frame, class};
use super::{File, Page, site};
use crate::changes::{Change, Changes, PlatformChanges};
use crate::place;
use crate::results::Cell;

#[derive(Template)]
#[template(path = "changes.html")]
struct ChangesPage<'a> {
    frame: Frame,
    platforms: Vec<PlatformView<'a>>,
}

struct PlatformView<'a> {
    changes: &'a PlatformChanges<'a>,
    kinds: Vec<KindView<'a>>,
}

struct KindView<'a> {
    heading: &'static str,
    changes: Vec<ChangeView<'a>>,
}

struct ChangeView<'a> {
    change: &'a Change<'a>,
    page: Option<String>,
    before: Side,
    after: Side,
}

struct Side {
    class: &'static str,
    sign: &'static str,
    name: String,
    shown: String,
}

/// The file `changes.html`.
pub(super) fn file(page: &Page<'_>, changes: &Changes<'_>) -> File {
    let scenarios = page.results.scenarios.iter();
    let scenarios: HashSet<&str> = scenarios.map(|scenario| scenario.id.as_str()).collect();
    let platforms = changes.platforms.iter().map(|changes| PlatformView {
        changes,
        kinds: changes
            .changes
            .chunk_by(|a, b| a.kind == b.kind)
            .map(|changes| KindView {
                heading: changes[0].kind.heading(),
                changes: changes
                    .iter()
                    .map(|change| view(&scenarios, change))
                    .collect(),
            })
            .collect(),
    });
    let view = ChangesPage {
        frame: Frame::new(page, "changes.html"),
        platforms: platforms.collect(),
    };
    super::render("changes.html", &view)
}

fn view<'a>(scenarios: &HashSet<&str>, change: &'a Change<'a>) -> ChangeView<'a> {
    let there = scenarios.contains(change.scenario);
    ChangeView {
        change,
        page: there.then(|| site::scenario_path(change.scenario)),
        before: side(change.before),
        after: side(change.after),
    }
}

fn side(cell: Option<&Cell>) -> Side {
    let (kind, shown) = place::said(cell);
    Side {
        class: class(kind),
        sign: kind.sign(),
        name: kind.name(),
        shown,
    }
}
