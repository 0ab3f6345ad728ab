//! `sitemap.xml`: every page for search engines, <https://www.sitemaps.org/protocol.html>.

use askama::Template;

use super::{File, Page, site};

const PATH: &str = "sitemap.xml";

#[derive(Template)]
#[template(path = "sitemap.xml")]
struct Sitemap<'a> {
    addresses: Vec<String>,
    /// When the last run began, as `2026-11-28T12:00:00Z`.
    started: &'a str,
}

/// The sitemap of a site whose address is known. Runs that are kept are not in it: their
/// pages name the newest.
pub(super) fn file<'n>(page: &Page<'_>, names: impl Iterator<Item = &'n str>) -> Option<File> {
    let site = page.site?;
    let pages = names.filter(|name| name.ends_with(".html"));
    let view = Sitemap {
        addresses: pages.map(|path| site::address(site, path)).collect(),
        started: &page.results.started,
    };
    Some(super::render(PATH, &view))
}
