//! The ids of scenarios.

/// The topic and the file in a scenario's id, `topic/file`.
///
/// The topic is empty if the scenario is not in a folder.
pub fn split_id(id: &str) -> (&str, &str) {
    id.split_once('/').unwrap_or(("", id))
}
