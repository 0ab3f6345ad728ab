//! The addresses of the site. Other sites link to them, so they must not change.

use dualstack_scenario::split_id;

pub(super) use crate::text::heading;
use crate::text::slug;

fn place(scenario: &str) -> String {
    let (topic, file) = split_id(scenario);
    format!("{}/{}", slug(topic), slug(file))
}

/// The page of a scenario.
pub(super) fn scenario_path(scenario: &str) -> String {
    format!("scenarios/{}.html", place(scenario))
}

/// The data for the details of a scenario's cells.
pub(super) fn detail_path(scenario: &str) -> String {
    format!("data/{}.js", place(scenario))
}

/// The advice on a topic.
pub(super) fn advice_path(topic: &str) -> String {
    format!("advice/{}.html", slug(topic))
}

/// The address of a page, where the site has that one. `index.html` is what a server gives
/// for the folder.
pub(super) fn address(site: &str, path: &str) -> String {
    format!("{site}{}", path.strip_suffix("index.html").unwrap_or(path))
}

/// The name of a run: when it began, to the minute.
pub(super) fn run(started: &str) -> String {
    let minute: String = started.chars().take(16).collect();
    slug(&minute.replace(['T', ':'], "-"))
}
