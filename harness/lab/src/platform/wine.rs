//! Wine: the Windows agent on Wine's translation of Windows' calls.
//!
//! Its column is `wine`, never `windows`: the answers are those of the host's
//! kernel, put into Windows' words.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use dualstack_scenario::Requires;

use crate::platform::{trial, workspace};
use crate::{Availability, Link, NoStart, Platform};

/// The scripts that build for Windows and run Wine.
const SCRIPTS: &str = "fixtures/windows";

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
        let mut command = Command::new(root()?.join(SCRIPTS).join("wine"));
        command.arg(agent()?);
        STARTED.store(true, Ordering::SeqCst);
        Ok(Link::spawn(command)?)
    }

    fn availability(&self) -> Availability {
        static AVAILABILITY: OnceLock<Availability> = OnceLock::new();
        let mend = "install Wine and mingw (`fixtures/windows/install`)";
        AVAILABILITY.get_or_init(|| trial::of(self, mend)).clone()
    }
}

/// Ends Wine's background processes, which wait a while for another program,
/// unless a program runs, whoever started it; tells whether there were any.
pub(crate) fn stop() -> bool {
    let stop = |root: PathBuf| {
        Command::new(root.join(SCRIPTS).join("wine"))
            .arg("--stop")
            .stdin(Stdio::null())
            .output()
    };
    // Where the script cannot be carried out it has started nothing either.
    let stopped = root().ok().map(stop);
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
        None => build(),
    };
    AGENT.get_or_init(find).clone()
}

fn build() -> Result<PathBuf, String> {
    let root = root()?;
    let output = Command::new(root.join(SCRIPTS).join("build"))
        .args(["-p", "dualstack-agent", "--release"])
        .current_dir(&root)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("failed to start {SCRIPTS}/build: {error}"))?;
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

fn root() -> Result<PathBuf, String> {
    let missing = "the scripts for Wine are not on this machine; run from a clone of the project";
    workspace::root().ok_or_else(|| missing.to_owned())
}
