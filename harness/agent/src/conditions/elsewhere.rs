//! Systems on which a process cannot change its own network.

use std::collections::BTreeMap;

use dualstack_scenario::{Bindv6only, HostFacts, Requires};

use super::obstacle::Obstacle;
use super::probe::State;
use crate::protocol::Place;

pub(super) fn bindv6only() -> Option<Bindv6only> {
    None
}

pub(super) fn settings() -> BTreeMap<String, String> {
    BTreeMap::new()
}

/// A namespace of this process, which is not supported here.
pub(crate) enum Namespace {}

impl Namespace {
    pub(crate) fn renew(&self) -> Result<(), String> {
        match *self {}
    }
}

pub(super) fn arrange(
    _: &Requires,
    _: bool,
    _: &State,
    _: &mut Vec<String>,
) -> Result<Option<Namespace>, String> {
    Err(format!(
        "on {} a process cannot change its own network",
        std::env::consts::OS
    ))
}

pub(super) fn take_place(_: &Place, _: &Requires) -> Result<HostFacts, String> {
    Err(format!(
        "on {} a process cannot change the addresses of its machine",
        std::env::consts::OS
    ))
}

/// The hosts of a case, which are not supported here.
pub(crate) enum Network {}

impl Network {
    pub(crate) fn make(_: &[String], _: &Requires, _: &mut Vec<String>) -> Result<Self, Obstacle> {
        let os = std::env::consts::OS;
        Err(format!("on {os} a process is one host: it cannot make another").into())
    }

    pub(crate) fn facts(&self) -> &[HostFacts] {
        match *self {}
    }

    pub(crate) fn enter(&self, _: usize) -> Result<(), String> {
        match *self {}
    }
}
