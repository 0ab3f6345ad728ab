//! Containers of a Docker Engine, started with testcontainers: an image that holds only
//! the agent, and one container for all cases with the same requirements.
//!
//! A container has no network except its own loopback. The engine sets up what cases
//! require: kernel parameters and a seccomp profile. For cases with two hosts there are
//! two containers, on a network that is made for them.

mod engine;
mod failure;
mod image;
mod network;
mod settings;
mod started;
mod talk;

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use dualstack_agent::protocol::{Cannot, Machine, Probe};
use dualstack_scenario::Requires;

use crate::platform::owner::Owner;
use crate::platform::unusable::Unusable;
use crate::platform::{CleanError, HostLinks, Platform, gvisor, ledger, trial};
use crate::run::broken::NoStart;
use crate::run::link::Link;
use failure::{Cause, EngineError};
use network::Network;
use settings::Settings;

/// A container of the engine at `DOCKER_HOST`, or at its usual socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Container {
    name: &'static str,
    /// The OCI runtime; `None` is the engine's default.
    runtime: Option<&'static str>,
}

impl Container {
    /// A container with the engine's default runtime, on the engine's own kernel: the
    /// column `container`.
    pub const fn new() -> Self {
        Self {
            name: "container",
            runtime: None,
        }
    }

    /// A container with gVisor's `runsc` as its runtime, by that name in the engine's
    /// configuration: the column `gvisor-docker`. It never has the host's network.
    pub const fn gvisor() -> Self {
        Self {
            name: "gvisor-docker",
            runtime: Some("runsc"),
        }
    }

    fn try_out(&self) -> Result<(), Unusable> {
        let engine =
            engine::info().map_err(|error| Unusable::new(error.to_string(), FIX_ENGINE))?;
        let runtimes = engine.runtimes.unwrap_or_default();
        let missing = |runtime: &&str| !runtimes.contains_key(*runtime);
        if let Some(runtime) = self.runtime.filter(missing) {
            let why = format!("the container engine has no runtime `{runtime}`");
            return Err(Unusable::new(why, FIX_RUNTIME));
        }
        trial::of(self, FIX_CONTAINER)
    }

    fn settings(&self, requires: &Requires) -> Settings {
        match self.runtime {
            None => Settings::new(requires),
            Some(_) => Settings::of_gvisor(requires),
        }
    }

    fn begin(&self, settings: &Settings, network: Option<Arc<Network>>) -> Result<Link, NoStart> {
        let started = started::start(image::image()?, self.runtime, settings, network);
        let started = started.map_err(|error| {
            let means = settings.means().join(", ");
            unsupported_if(Cause::NoParameter, format!("start of a {means}"), error)
        })?;
        Ok(talk::link(started)?)
    }

    fn begin_hosts(&self, settings: Settings) -> Result<HostLinks, NoStart> {
        let network = Network::create().map_err(|error| {
            let call = "a network with IPv4 and IPv6".to_owned();
            unsupported_if(Cause::Refused, call, error)
        })?;
        let network = Arc::new(network);
        let settings = settings.of_a_host();
        let host = || self.begin(&settings, Some(Arc::clone(&network)));
        Ok(HostLinks {
            links: [host()?, host()?],
            means: "a container for each host, on a bridge network of the engine".to_owned(),
        })
    }
}

const FIX_ENGINE: &str = "install a Docker Engine (Debian: `dualstack setup container`), start \
     its daemon, and get access to it (as root, or with the group `docker`); if it does not \
     listen at the usual address, set DOCKER_HOST";
const FIX_RUNTIME: &str =
    "install gVisor and register it with the daemon: `dualstack setup gvisor-docker`";
const FIX_CONTAINER: &str = "make sure that the engine can run a container at all: \
     `docker run --rm` of any image says more";

impl Default for Container {
    fn default() -> Self {
        Self::new()
    }
}

impl Platform for Container {
    fn name(&self) -> &str {
        self.name
    }

    /// Determined once per process, by a container in which an agent answered.
    fn availability(&self) -> Result<(), Unusable> {
        static DEFAULT: OnceLock<Result<(), Unusable>> = OnceLock::new();
        static GVISOR: OnceLock<Result<(), Unusable>> = OnceLock::new();
        let known = match self.runtime {
            None => &DEFAULT,
            Some(_) => &GVISOR,
        };
        known.get_or_init(|| self.try_out()).clone()
    }

    fn start(&self, requires: &Requires) -> Result<Link, NoStart> {
        self.begin(&self.settings(requires), None)
    }

    /// gVisor takes its addresses and routes from the engine when it starts, and has no
    /// link that could be set down and up again.
    fn start_hosts(&self, requires: &Requires) -> Option<Result<HostLinks, NoStart>> {
        match self.runtime {
            None => Some(self.begin_hosts(self.settings(requires))),
            Some(_) => None,
        }
    }

    /// They have the label `dev.dualstack`. If no engine answers, there is nothing to
    /// remove.
    fn clean(&self) -> Result<Vec<String>, CleanError> {
        let mut removed = Vec::new();
        if engine::info().is_err() {
            return Ok(removed);
        }
        for name in left_over(started::containers()?) {
            started::remove(&name)?;
            removed.push(format!("container {name}"));
        }
        for name in left_over(network::networks()?) {
            if network::remove(&name)? {
                removed.push(format!("network {name}"));
            }
        }
        forget_who_left_nothing()?;
        Ok(removed)
    }

    fn means(&self, requires: &Requires) -> Vec<String> {
        self.settings(requires).means()
    }

    fn correct(&self, machine: &mut Machine) {
        if let Ok(engine) = engine::info() {
            let version = engine.server_version.unwrap_or_default();
            let default = engine.default_runtime.unwrap_or_default();
            let runtime = self.runtime.unwrap_or(&default);
            machine.edition = format!("Docker Engine {version}, {runtime}");
        }
        gvisor::tell_version(machine);
    }
}

/// If the engine refuses something for this cause, it is not supported there, as the call
/// shows; any other error is unexpected.
fn unsupported_if(cause: Cause, call: String, error: EngineError) -> NoStart {
    if error.cause != cause {
        return error.into();
    }
    let why = error.to_string();
    let result = why.clone();
    NoStart::Cannot(Cannot {
        why,
        probes: vec![Probe { call, result }],
        module: None,
    })
}

/// How long an engine may take to make what it was asked for by a process that is gone.
const LATE: Duration = Duration::from_secs(60);

/// Forgets the processes that are gone and of which the engine has nothing any longer.
fn forget_who_left_nothing() -> Result<(), CleanError> {
    // In this order: what is made after the list was read is made by a process that exists.
    let gone = ledger::gone()?;
    let labelled = [started::containers()?, network::networks()?].concat();
    let mut owners: Vec<Owner> = with_owners(labelled).map(|(_, owner)| owner).collect();
    owners.extend(image::owners()?);
    for gone in gone {
        let none = !owners.contains(&gone.owner) && !gone.directories().any(Path::exists);
        if gone.used_an_engine() && none && gone.noted_nothing_for(LATE) {
            gone.forget();
        }
    }
    Ok(())
}

fn left_over(labelled: Vec<(String, String)>) -> impl Iterator<Item = String> {
    let owned = with_owners(labelled);
    let gone = owned.filter(|(_, owner)| owner.is_gone());
    gone.map(|(name, _)| name)
}

fn with_owners(labelled: Vec<(String, String)>) -> impl Iterator<Item = (String, Owner)> {
    let labelled = labelled.into_iter();
    labelled.filter_map(|(name, owner)| Some((name, owner.parse().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::{Container, NoStart, Owner, Platform, Settings, started, with_owners};

    /// Whether this process owns containers.
    fn any_left() -> bool {
        let this = Owner::this();
        let mut containers = with_owners(started::containers().unwrap());
        containers.any(|(_, owner)| owner == this)
    }

    #[test]
    fn a_container_that_cannot_be_started_is_not_left() {
        let container = Container::new();
        if let Err(unusable) = container.availability() {
            println!("container cannot be used here: {unusable}");
            return;
        }
        let started = container.begin(&Settings::impossible(), None);
        let no_start = started.map(drop).unwrap_err();
        let NoStart::Cannot(cannot) = &no_start else {
            panic!("{no_start:?}");
        };
        assert!(cannot.why.contains("no_such_setting"), "{cannot:?}");
        assert!(!any_left());
    }
}
