//! Containers of a Docker Engine, by testcontainers: an image with nothing in it
//! but the agent, one container for all cases with the same requirements.
//!
//! A container has no network but its own loopback. What cases require it has by
//! the engine's own means: kernel parameters and a seccomp profile. For cases with
//! two hosts there are two, on a network that is made for them.

mod engine;
mod network;
mod settings;
mod talk;

use std::sync::{Arc, OnceLock};

use dualstack_agent::protocol::{Cannot, Machine, Probe};
use dualstack_scenario::Requires;
use testcontainers::GenericImage;

use crate::platform::owner::Owner;
use crate::platform::{gvisor, payload::payload, trial};
use crate::{Availability, HostLinks, Link, NoStart, Platform};
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
    /// A container of the engine's default runtime, on the engine's own kernel:
    /// the column `container`.
    pub const fn new() -> Self {
        Self {
            name: "container",
            runtime: None,
        }
    }

    /// A container whose runtime is gVisor's `runsc`, under that name in the
    /// engine's configuration: the column `gvisor-docker`. It never has the
    /// host's network.
    pub const fn gvisor() -> Self {
        Self {
            name: "gvisor-docker",
            runtime: Some("runsc"),
        }
    }

    fn try_out(&self) -> Availability {
        let unusable = |why: String, mend: &str| Availability::Unusable {
            why,
            mend: mend.to_owned(),
        };
        let engine = match engine::info() {
            Ok(engine) => engine,
            Err(why) => return unusable(why, MEND_ENGINE),
        };
        let runtimes = engine.runtimes.unwrap_or_default();
        let missing = |runtime: &&str| !runtimes.contains_key(*runtime);
        match self.runtime.filter(missing) {
            Some(runtime) => unusable(
                format!("the container engine has no runtime `{runtime}`"),
                MEND_RUNTIME,
            ),
            None => trial::of(self, MEND_CONTAINER),
        }
    }

    fn settings(&self, requires: &Requires) -> Settings {
        match self.runtime {
            None => Settings::new(requires),
            Some(_) => Settings::of_gvisor(requires),
        }
    }

    fn begin(&self, settings: Settings) -> Result<Link, String> {
        let container = engine::start(image()?, self.runtime, settings, None)?;
        talk::link(container)
    }

    fn begin_hosts(&self, settings: &Settings, network: Network) -> Result<HostLinks, String> {
        let network = Arc::new(network);
        let host = || {
            let network = Some(Arc::clone(&network));
            let settings = settings.clone().of_a_host();
            talk::link(engine::start(image()?, self.runtime, settings, network)?)
        };
        Ok(HostLinks {
            links: [host()?, host()?],
            means: "a container for each host, on a bridge network of the engine".to_owned(),
        })
    }
}

const MEND_ENGINE: &str = "install a Docker Engine (Debian: `dualstack setup container`), have \
     its daemon running, and be allowed to talk to it (root, or the group `docker`); where it \
     listens elsewhere than usual, name that in DOCKER_HOST";
const MEND_RUNTIME: &str =
    "install gVisor and register it with the daemon: `dualstack setup gvisor-docker`";
const MEND_CONTAINER: &str = "see to it that the engine can run a container at all: \
     `docker run --rm` of any image tells more";

impl Default for Container {
    fn default() -> Self {
        Self::new()
    }
}

impl Platform for Container {
    fn name(&self) -> &str {
        self.name
    }

    /// Found out once a process, by a container in which an agent answered.
    fn availability(&self) -> Availability {
        static DEFAULT: OnceLock<Availability> = OnceLock::new();
        static GVISOR: OnceLock<Availability> = OnceLock::new();
        let known = match self.runtime {
            None => &DEFAULT,
            Some(_) => &GVISOR,
        };
        known.get_or_init(|| self.try_out()).clone()
    }

    fn outlives(&self) -> bool {
        true
    }

    fn start(&self, requires: &Requires) -> Result<Link, NoStart> {
        let settings = self.settings(requires);
        let call = format!("start of a {}", settings.means().join(", "));
        self.begin(settings).map_err(|why| refused(call, why))
    }

    /// gVisor takes its addresses and routes from the engine when it starts, and
    /// has no link that could be brought down and up again.
    fn start_hosts(&self, requires: &Requires) -> Option<Result<HostLinks, NoStart>> {
        if self.runtime.is_some() {
            return None;
        }
        let settings = self.settings(requires);
        let call = format!("start of a {}, two of it", settings.means().join(", "));
        let hosts = match Network::create() {
            Ok(network) => self
                .begin_hosts(&settings, network)
                .map_err(|why| refused(call, why)),
            Err(why) => Err(cannot("a network with IPv4 and IPv6".to_owned(), why)),
        };
        Some(hosts)
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

/// A kernel parameter that the engine cannot set is one that cannot be had
/// there (a kernel without IPv6); anything else should not have happened.
fn refused(call: String, why: String) -> NoStart {
    if why.contains("/proc/sys/") {
        cannot(call, why)
    } else {
        why.into()
    }
}

fn cannot(call: String, why: String) -> NoStart {
    let probes = vec![Probe {
        call,
        result: why.clone(),
    }];
    NoStart::Cannot(Cannot { why, probes })
}

/// The image, once a process.
fn image() -> Result<GenericImage, String> {
    static IMAGE: OnceLock<Result<GenericImage, String>> = OnceLock::new();
    IMAGE
        .get_or_init(|| engine::image(&payload()?.files(engine::PROGRAM)?))
        .clone()
}

/// Removes the containers and networks of harness processes on this machine that
/// are gone; tells what it was. They are known by the label `dev.dualstack`; what
/// is not labelled so, or belongs to a process that still runs or to another
/// machine, is left alone. Where no engine answers there is nothing to remove.
///
/// # Errors
///
/// The engine refuses, in one sentence; what was removed until then is removed.
pub fn clean() -> Result<Vec<String>, String> {
    let mut removed = Vec::new();
    if engine::info().is_err() {
        return Ok(removed);
    }
    for name in left_over(engine::containers()?) {
        engine::remove(&name)?;
        removed.push(format!("container {name}"));
    }
    for name in left_over(network::networks()?) {
        if network::remove(&name)? {
            removed.push(format!("network {name}"));
        }
    }
    Ok(removed)
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

/// Removes the lab's images that no container uses, known by the same label.
/// They are kept from run to run, one for each build of the agent, and are built
/// again when they are needed; returns the names of those it removed.
///
/// # Errors
///
/// As of [`clean`].
pub fn remove_images() -> Result<Vec<String>, String> {
    let mut removed = Vec::new();
    for (id, name) in engine::images()? {
        if engine::remove_image(&id)? {
            removed.push(name);
        }
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::{
        Availability, Container, NoStart, Owner, Platform, Settings, engine, refused, with_owners,
    };

    /// Whether this process owns containers.
    fn any_left() -> bool {
        let this = Owner::this();
        let mut containers = with_owners(engine::containers().unwrap());
        containers.any(|(_, owner)| owner == this)
    }

    #[test]
    fn a_container_that_cannot_be_started_is_not_left() {
        let container = Container::new();
        if let Availability::Unusable { why, mend } = container.availability() {
            println!("container cannot be used here: {why}; {mend}");
            return;
        }
        let started = container.begin(Settings::impossible());
        let why = started.map(drop).unwrap_err();
        assert!(why.contains("no_such_setting"), "{why}");
        let refused = refused(String::new(), why);
        assert!(matches!(refused, NoStart::Cannot(_)), "{refused:?}");
        assert!(!any_left());
    }
}
