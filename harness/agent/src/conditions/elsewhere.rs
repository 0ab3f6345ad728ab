//! Systems on which a process has no means to change its own network.

use std::collections::BTreeMap;

use dualstack_scenario::{Bindv6only, Requires};

use super::probe::State;

pub(super) fn bindv6only() -> Option<Bindv6only> {
    None
}

pub(super) fn settings() -> BTreeMap<String, String> {
    BTreeMap::new()
}

pub(super) fn arrange(_: &Requires, _: bool, _: &State, _: &mut Vec<String>) -> Result<(), String> {
    Err(format!(
        "on {} a process cannot change its own network",
        std::env::consts::OS
    ))
}
