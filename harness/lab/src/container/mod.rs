//! Containers of a Docker Engine, by testcontainers: an image with nothing in it
//! but the static agent, one container for all cases with the same requirements.
//!
//! A container has no network but its own loopback. What cases require it has by
//! the engine's own means: kernel parameters and a seccomp profile.

mod engine;
mod settings;
mod talk;

use std::sync::OnceLock;

use dualstack_agent::protocol::{Cannot, Machine, Probe};
use dualstack_scenario::Requires;
use testcontainers::GenericImage;

use crate::owner::Owner;
use crate::{Availability, Link, NoStart, Platform, gvisor, static_agent, trial};
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
        let container = engine::start(image()?, self.runtime, settings)?;
        talk::link(container)
    }
}

const MEND_ENGINE: &str = "install a Docker Engine (Debian: `fixtures/container/install`), have \
     its daemon running, and be allowed to talk to it (root, or the group `docker`); where it \
     listens elsewhere than usual, name that in DOCKER_HOST";
const MEND_RUNTIME: &str =
    "install gVisor and register it with the daemon: `fixtures/gvisor/install --docker --reload`";
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
        let probes = vec![Probe {
            call,
            result: why.clone(),
        }];
        return NoStart::Cannot(Cannot { why, probes });
    }
    why.into()
}

/// The image, once a process.
fn image() -> Result<GenericImage, String> {
    static IMAGE: OnceLock<Result<GenericImage, String>> = OnceLock::new();
    IMAGE
        .get_or_init(|| engine::image(&static_agent::path()?))
        .clone()
}

/// Something that an earlier run left with the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// The container's name.
    pub name: String,
    /// The number of the process that started it.
    pub process: u32,
}

/// The containers of harness processes on this machine that are gone. They are
/// known by the label `dev.dualstack`; what is not labelled so, or belongs to a
/// process that still runs or to another machine, is no leftover.
///
/// # Errors
///
/// The engine does not answer, in one sentence.
pub fn leftovers() -> Result<Vec<Leftover>, String> {
    let gone = owned()?.into_iter().filter(|(_, owner)| owner.is_gone());
    let leftovers = gone.map(|(name, owner)| Leftover {
        name,
        process: owner.process,
    });
    Ok(leftovers.collect())
}

/// Removes the [`leftovers`]; returns the names of those it removed.
///
/// # Errors
///
/// The engine does not answer or refuses, in one sentence; what was removed
/// until then is removed.
pub fn clean() -> Result<Vec<String>, String> {
    let mut removed = Vec::new();
    for leftover in leftovers()? {
        engine::remove(&leftover.name)?;
        removed.push(leftover.name);
    }
    Ok(removed)
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

/// The lab's containers with their owners.
fn owned() -> Result<Vec<(String, Owner)>, String> {
    let containers = engine::containers()?.into_iter();
    let owned = containers.filter_map(|(name, owner)| Some((name, owner.parse().ok()?)));
    Ok(owned.collect())
}

#[cfg(test)]
mod tests {
    use super::{Availability, Container, NoStart, Owner, Platform, Settings, owned, refused};

    /// Whether this process owns containers.
    fn any_left() -> bool {
        let this = Owner::this();
        owned().unwrap().iter().any(|(_, owner)| *owner == this)
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
