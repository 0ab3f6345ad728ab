//! The files for a place with only a kernel: the Linux agent, and its shared libraries if
//! it is not static.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::libraries;
#[cfg(target_os = "linux")]
use super::static_agent;
use super::unusable::Unusable;

/// The environment variable with the agent's program.
const VARIABLE: &str = "DUALSTACK_STATIC_AGENT";

/// The fix if there is no such agent.
pub(crate) const FIX: &str =
    "name the program dualstack or dualstack-agent of a Linux release in DUALSTACK_STATIC_AGENT";

/// The agent and the files it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    program: PathBuf,
    libraries: Vec<PathBuf>,
}

/// A program that can be the agent if there is no better one.
static OFFERED: OnceLock<PathBuf> = OnceLock::new();

/// Offers a program of this machine as the agent. `PROGRAM agent` must speak the
/// protocol, and the program must call [`program::main`] if [`program::is_init`] says
/// that it is a virtual machine's first process. Only the first offer is used, and only
/// before [`payload`] is called.
///
/// [`program::main`]: dualstack_agent::program::main
/// [`program::is_init`]: dualstack_agent::program::is_init
pub fn offer(program: &Path) {
    OFFERED.get_or_init(|| program.to_owned());
}

/// The agent for this machine's architecture, determined once per process.
///
/// It is the first of these that exists: the program that `DUALSTACK_STATIC_AGENT` names;
/// a static agent built by cargo, if the project's sources and cargo are available; the
/// program that was offered.
///
/// # Errors
///
/// There is no such program, it is not for Linux, or a library is missing.
pub fn payload() -> Result<&'static Payload, Unusable> {
    static PAYLOAD: OnceLock<Result<Payload, Unusable>> = OnceLock::new();
    let payload = PAYLOAD.get_or_init(|| Payload::new(find()?));
    payload.as_ref().map_err(Unusable::clone)
}

fn find() -> Result<PathBuf, Unusable> {
    if let Some(named) = env::var_os(VARIABLE) {
        return Ok(named.into());
    }
    #[cfg(target_os = "linux")]
    if let Some(built) = static_agent::build() {
        return built.map_err(|why| Unusable::new(why, format!("fix that, or {FIX}")));
    }
    let offered = OFFERED.get().cloned();
    offered.ok_or_else(|| Unusable::new("there is no agent for Linux on this machine", FIX))
}

impl Payload {
    fn new(program: PathBuf) -> Result<Self, Unusable> {
        let libraries = libraries::of(&program)
            .map_err(|why| Unusable::new(format!("the agent {}: {why}", program.display()), FIX))?;
        Ok(Self { program, libraries })
    }

    /// The agent's program on this machine.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Every file with its absolute path at the destination: the program as `agent`, the
    /// libraries with the same paths as here.
    #[cfg_attr(
        not(any(feature = "docker", target_os = "linux")),
        allow(dead_code, reason = "only containers and virtual machines get copies")
    )]
    pub(crate) fn files(&self, agent: &str) -> Result<Vec<(String, Vec<u8>)>, Unusable> {
        let libraries = self.libraries.iter().map(|library| {
            let path = library.to_string_lossy().into_owned();
            (path, library.as_path())
        });
        let read = |path: &Path| {
            let why = |error| format!("failed to read {}: {error}", path.display());
            fs::read(path).map_err(|error| Unusable::new(why(error), FIX))
        };
        let files = [(agent.to_owned(), self.program())].into_iter();
        files
            .chain(libraries)
            .map(|(to, from)| Ok((to, read(from)?)))
            .collect()
    }
}
