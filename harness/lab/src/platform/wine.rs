//! Wine: the Windows agent on Wine's translation of Windows' calls.
//!
//! Its column is `wine`, never `windows`: the answers are those of the host's
//! kernel, put into Windows' words.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use dualstack_agent::program;
use dualstack_scenario::Requires;

use crate::platform::{scripts, trial, workspace};
use crate::{Availability, Link, NoStart, Platform};

/// Names a Windows agent that is there already, in place of the one that is built.
const VARIABLE: &str = "DUALSTACK_WINDOWS_AGENT";

/// Whether this process has started Wine.
static STARTED: AtomicBool = AtomicBool::new(false);

/// The Windows agent under Wine: the column `wine`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wine;

impl Platform for Wine {
    fn name(&self) -> &str {
        "wine"
    }

    fn start(&self, _: &Requires) -> Result<Link, NoStart> {
        let mut command = Command::new(script("wine")?);
        command.arg(agent()?).arg(program::COMMAND);
        STARTED.store(true, Ordering::SeqCst);
        Ok(Link::spawn(command)?)
    }

    fn availability(&self) -> Availability {
        static AVAILABILITY: OnceLock<Availability> = OnceLock::new();
        let mend = "install Wine and mingw (`dualstack setup wine`)";
        AVAILABILITY.get_or_init(|| trial::of(self, mend)).clone()
    }
}

/// Ends Wine's background processes, which wait a while for another program,
/// unless a program runs, whoever started it; tells whether there were any.
pub(crate) fn stop() -> bool {
    let stop = |script: PathBuf| {
        Command::new(script)
            .arg("--stop")
            .stdin(Stdio::null())
            .output()
    };
    // Where the script cannot be carried out it has started nothing either.
    let stopped = script("wine").ok().map(stop);
    stopped.is_some_and(|output| output.is_ok_and(|output| !output.stdout.is_empty()))
}

/// The same, if this process has started Wine at all.
pub(crate) fn stop_started() {
    if STARTED.load(Ordering::SeqCst) {
        stop();
    }
}

/// The Windows agent, built at most once a process.
fn agent() -> Result<PathBuf, String> {
    static AGENT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let find = || match env::var_os(VARIABLE) {
        Some(named) => Ok(PathBuf::from(named)),
        None => build().unwrap_or_else(|| Err(NO_AGENT.to_owned())),
    };
    AGENT.get_or_init(find).clone()
}

const NO_AGENT: &str = "there is no agent for Windows on this machine; name dualstack.exe or \
     dualstack-agent.exe of a release in DUALSTACK_WINDOWS_AGENT";

/// Builds it, where the project's sources are.
fn build() -> Option<Result<PathBuf, String>> {
    Some(build_in(&workspace::root()?))
}

fn build_in(root: &Path) -> Result<PathBuf, String> {
    let script = script("build")?;
    let output = Command::new(&script)
        .args(["-p", "dualstack-agent", "--release"])
        .current_dir(root)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("failed to start {}: {error}", script.display()))?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        Ok(PathBuf::from(said(&output.stdout)))
    } else {
        let status = output.status;
        Err(format!(
            "failed to build the Windows agent ({status}): {}",
            said(&output.stderr)
        ))
    }
}

/// A script that builds for Windows or runs Wine.
fn script(name: &str) -> Result<PathBuf, String> {
    Ok(scripts::folder()?.join("windows").join(name))
}
