//! The addresses of the site. Other sites link to them, so they must not change.

use dualstack_scenario::split_id;

use crate::text::slug;

/// A topic as a heading: `mapped-peer` is "Mapped peer".
pub(super) fn heading(topic: &str) -> String {
    let words = topic.split('-').map(|word| match word {
        "ipv4" => "IPv4",
        "ipv6" => "IPv6",
        "tcp" => "TCP",
        "udp" => "UDP",
        "v6only" => "IPV6_V6ONLY",
        word => word,
    });
    let heading = words.collect::<Vec<_>>().join(" ");
    let mut rest = heading.chars();
    match rest.next() {
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => "Other".to_owned(),
    }
}

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
