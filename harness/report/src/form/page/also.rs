//! What a search finds besides cases: claims, platforms, systems that were not measured,
//! findings, bugs in the wild.

use serde::Serialize;

use super::{Page, bugs, documented, findings};
use crate::text::{LIMIT, percent, visible};

/// Something that a search finds.
#[derive(Serialize)]
pub(super) struct Also {
    /// What it is.
    kind: &'static str,
    title: String,
    link: String,
    /// What is searched besides the title.
    words: String,
}

/// Everything, in the order in which it is shown.
pub(super) fn all(page: &Page<'_>) -> Vec<Also> {
    let mut all = Vec::new();
    for finding in findings::shown(page) {
        let words = [&finding.text, &finding.advice].map(|text| text.as_str());
        let link = format!("findings.html#{}", finding.anchor());
        all.push(also("finding", &finding.title, link, &words.join(" ")));
    }
    for claim in &page.results.catalogue.claims {
        let title = format!("{} {}", claim.id, claim.title);
        let link = format!("claims.html#{}", percent(&claim.id));
        all.push(also("claim", &title, link, &claim.text));
    }
    for bug in bugs::all(page) {
        let link = format!("bugs.html#{}", bug.anchor());
        all.push(also("bug", &bug.name, link, ""));
    }
    for view in &page.columns {
        let title = format!("{}: {} {}", view.id(), view.family.name(), view.version());
        let link = format!("platforms.html#{}", percent(&view.key()));
        let words = format!("{} {}", view.edition(), view.build());
        all.push(also("platform", &title, link, &words));
    }
    for kind in documented::systems(page) {
        let title = format!("{}, documented, not measured", kind.name);
        let link = documented::link(kind);
        all.push(also("system", &title, link, kind.key));
    }
    all
}

fn also(kind: &'static str, title: &str, link: String, words: &str) -> Also {
    Also {
        kind,
        title: visible(title, LIMIT).into_owned(),
        link,
        words: visible(words, LIMIT).into_owned(),
    }
}
