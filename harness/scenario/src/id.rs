//! The ids of scenarios.

/// The topic and the file in a scenario's id, `topic/file`.
///
/// The topic of a scenario that lies in no folder is empty.
pub fn split_id(id: &str) -> (&str, &str) {
    id.split_once('/').unwrap_or(("", id))
}
