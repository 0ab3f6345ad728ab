//! Wine: the Windows agent on Wine's translation of Windows calls.
//!
//! Its column is `wine`, never `windows`: the answers are those of the host's kernel,
//! translated to Windows.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use dualstack_agent::program;
use dualstack_scenario::Requires;

use crate::platform::unusable::Unusable;
use crate::platform::{Platform, scripts, tool, trial, workspace};
use crate::run::broken::NoStart;
use crate::run::link::Link;

/// The environment variable with an existing Windows agent, which is used instead of
/// building one.
const VARIABLE: &str = "DUALSTACK_WINDOWS_AGENT";

/// The fix if Wine does not start.
const FIX: &str = "install Wine and mingw (`dualstack setup wine`)";

/// The fix if there is no agent for it.
const FIX_AGENT: &str =
    "name dualstack.exe or dualstack-agent.exe of a release in DUALSTACK_WINDOWS_AGENT";

/// The Windows agent under Wine: the column `wine`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wine;

/// How long the script lets a program run, in seconds. The harness has deadlines of its own,
/// which grow with the number of cases and the load of the machine.
const TIMEOUT: &str = "DUALSTACK_WINE_TIMEOUT";
const NEVER: &str = "86400";

impl Platform for Wine {
    fn name(&self) -> &str {
        "wine"
    }

    fn start(&self, _: &Requires) -> Result<Link, NoStart> {
        let mut command = Command::new(script("wine")?);
        command.arg(agent()?).arg(program::COMMAND);
        if env::var_os(TIMEOUT).is_none() {
            command.env(TIMEOUT, NEVER);
        }
        Ok(Link::spawn(command)?)
    }

    fn availability(&self) -> Result<(), Unusable> {
        static AVAILABILITY: OnceLock<Result<(), Unusable>> = OnceLock::new();
        AVAILABILITY.get_or_init(|| trial::of(self, FIX)).clone()
    }

    /// It has this machine's.
    fn shares_network(&self) -> bool {
        true
    }

    /// Wine's background processes wait some time for another program.
    fn stop_background(&self) -> Option<String> {
        // If the script cannot run, it has not started anything.
        let stopped = Command::new(script("wine").ok()?)
            .arg("--stop")
            .stdin(Stdio::null())
            .output()
            .ok()?;
        (!stopped.stdout.is_empty()).then(|| "Wine's background processes".to_owned())
    }
}

/// The Windows agent, built at most once per process.
fn agent() -> Result<PathBuf, Unusable> {
    static AGENT: OnceLock<Result<PathBuf, Unusable>> = OnceLock::new();
    let find = || match env::var_os(VARIABLE) {
        Some(named) => Ok(PathBuf::from(named)),
        None => build().unwrap_or_else(|| {
            let why = "there is no agent for Windows on this machine";
            Err(Unusable::new(why, FIX_AGENT))
        }),
    };
    AGENT.get_or_init(find).clone()
}

/// Builds it, if the project's sources exist.
fn build() -> Option<Result<PathBuf, Unusable>> {
    Some(build_in(&workspace::root()?))
}

fn build_in(root: &Path) -> Result<PathBuf, Unusable> {
    let script = script("build")?;
    let mut command = Command::new(&script);
    command
        .args(["-p", "dualstack-agent", "--release"])
        .current_dir(root);
    let built = tool::build(command, "building the agent for Windows");
    let output = built.map_err(|error| {
        Unusable::new(format!("failed to run {}: {error}", script.display()), FIX)
    })?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        Ok(PathBuf::from(said(&output.stdout)))
    } else {
        let status = output.status;
        let said = said(&output.stderr);
        let why = format!("failed to build the Windows agent ({status}): {said}");
        Err(Unusable::new(why, FIX))
    }
}

/// A script that builds for Windows or runs Wine.
fn script(name: &str) -> Result<PathBuf, Unusable> {
    Ok(scripts::folder()?.join("windows").join(name))
}
