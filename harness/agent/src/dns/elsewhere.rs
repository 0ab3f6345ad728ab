//! Systems on which no DNS server is started yet.

use std::net::IpAddr;
use std::sync::Arc;

use dualstack_scenario::{HostFacts, Script};

/// The names of a case.
pub(crate) struct Zone;

impl Zone {
    pub(crate) fn of(_: &Script, _: &[HostFacts]) -> Result<Self, String> {
        Err(format!(
            "names cannot be served on {}",
            std::env::consts::OS
        ))
    }
}

/// A DNS server, which cannot be started here.
pub(crate) enum Server {}

impl Server {
    pub(crate) fn start(_: Arc<Zone>) -> Result<Self, String> {
        Err(format!("no server for names on {}", std::env::consts::OS))
    }

    pub(crate) fn address(&self) -> IpAddr {
        match *self {}
    }
}

/// Files in /etc of this process alone, which cannot be made here.
pub(crate) enum Etc {}

impl Etc {
    pub(crate) fn make() -> Result<Self, String> {
        Err(format!("no files of its own on {}", std::env::consts::OS))
    }

    pub(crate) fn ask(&mut self, _: IpAddr) -> Result<(), String> {
        match *self {}
    }
}
