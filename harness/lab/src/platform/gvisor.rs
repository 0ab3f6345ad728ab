//! gVisor: its own TCP/IP stack under Linux's system calls, run by `runsc` without an
//! engine.
//!
//! The sandbox has no network except the loopback of gVisor's own stack. It never uses
//! the host's (`--network=host`): that would measure the host's kernel.

use std::env;
use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::path::{self, Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use dualstack_agent::program;
use dualstack_agent::protocol::Machine;
use dualstack_scenario::Requires;

use crate::platform::ledger::{self, Entry, Gone};
use crate::platform::owner::Owner;
use crate::platform::payload::payload;
use crate::platform::unusable::Unusable;
use crate::platform::{CleanError, Platform, trial};
use crate::run::broken::{Broken, NoStart};
use crate::run::link::{BadEnd, Link, Running};
use crate::run::session::Terms;

/// The ways in which `runsc` can intercept system calls, the better one first. Builds and
/// kernels support different ones; `kvm` is not tried because it hangs where it does not
/// work.
const WAYS: [&str; 2] = ["systrap", "ptrace"];

/// The names of the sandboxes' state directories start with this; the number of the harness
/// process follows.
const PREFIX: &str = "dualstack-gvisor-";

/// How long a `runsc` may take to end after the connection to its agent is closed.
const END: Duration = Duration::from_secs(5);

/// gVisor's stack in a sandbox of `runsc`: the column `gvisor`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gvisor;

impl Platform for Gvisor {
    fn name(&self) -> &str {
        "gvisor"
    }

    /// Determined once per process, by a sandbox in which an agent answered.
    fn availability(&self) -> Result<(), Unusable> {
        way().map(drop)
    }

    fn start(&self, _: &Requires) -> Result<Link, NoStart> {
        start(way()?)
    }

    fn clean(&self) -> Result<Vec<String>, CleanError> {
        let mut removed = Vec::new();
        for gone in ledger::gone()? {
            for path in left_by(&gone) {
                removed.push(clear(path)?);
            }
            if !gone.used_an_engine() {
                gone.forget();
            }
        }
        Ok(removed)
    }

    fn correct(&self, machine: &mut Machine) {
        tell_version(machine);
        if let Some(version) = version() {
            machine.edition = format!("gVisor {version}");
        }
    }
}

/// Fills in the version of gVisor, which is not visible inside.
pub(crate) fn tell_version(machine: &mut Machine) {
    let environment = machine.system.environment.as_mut();
    let gvisor = environment.filter(|environment| environment.name == "gvisor");
    if let (Some(gvisor), Some(version)) = (gvisor, version()) {
        gvisor.version = version;
    }
}

/// The way that works here, determined once per process; or why none works, and the fix.
fn way() -> Result<&'static str, Unusable> {
    static WAY: OnceLock<Result<&'static str, Unusable>> = OnceLock::new();
    WAY.get_or_init(find_way).clone()
}

fn find_way() -> Result<&'static str, Unusable> {
    payload()?;
    if version().is_none() {
        return Err(Unusable::new(
            "gVisor is not installed: `runsc --version` does not work",
            "install Debian's package runsc (`dualstack setup gvisor`)",
        ));
    }
    let mut tried = Vec::new();
    for way in WAYS {
        let why = match start(way).map(|link| trial::answers(link, Terms::default())) {
            Ok(Ok(())) => return Ok(way),
            Ok(Err(broken)) => broken.with_stderr(),
            Err(no_start) => no_start.to_string(),
        };
        tried.push(format!("--platform={way}: {why}"));
    }
    Err(Unusable::new(
        format!("runsc cannot start a sandbox: {}", tried.join("; ")),
        "be root, or be allowed user namespaces (sysctl kernel.unprivileged_userns_clone), and \
         ptrace (sysctl kernel.yama.ptrace_scope); or install another release of runsc",
    ))
}

/// A sandbox with only the agent in it.
fn start(way: &str) -> Result<Link, NoStart> {
    let state = State::new()?;
    let mut command = Command::new("runsc");
    // `do` ignores --root and makes its own directory for temporary files (gVisor
    // runsc/cmd/do.go, startContainerAndWait()).
    command
        .env("TMPDIR", &state.0)
        .args(["--network=none", "--ignore-cgroups"])
        .arg(format!("--platform={way}"));
    if !is_root() {
        command.arg("--rootless");
    }
    // It shows the host's files, including the agent's libraries.
    command.args(["do", "-cwd=/"]);
    command.arg(payload()?.program()).arg(program::COMMAND);
    let link = Link::spawn(command)?;
    Ok(Link {
        running: Box::new(Sandbox {
            process: link.running,
            _state: state,
        }),
        ..link
    })
}

fn is_root() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
    }
    #[cfg(not(unix))]
    false
}

/// The version by its date and number, `20221219.0`, without prefix and suffix:
/// `release-20221219.0` from gVisor itself, `0.0~20221219.0` from Debian.
fn version() -> Option<String> {
    static VERSION: OnceLock<Option<String>> = OnceLock::new();
    let ask = || {
        let output = Command::new("runsc")
            .arg("--version")
            .stdin(Stdio::null())
            .output()
            .ok()?;
        dated(&String::from_utf8_lossy(&output.stdout))
    };
    VERSION.get_or_init(ask).clone()
}

fn dated(text: &str) -> Option<String> {
    let line = text
        .lines()
        .find(|line| line.starts_with("runsc version"))?;
    let mut words = line.split(|c: char| !c.is_ascii_digit() && c != '.');
    let dated = words.find(|word| word.len() >= 8)?;
    Some(dated.to_owned())
}

/// A sandbox, held by its `runsc` process. It ends with that process (gVisor
/// runsc/sandbox/sandbox.go, `Pdeathsig`).
struct Sandbox {
    process: Box<dyn Running>,
    /// Removed after the process.
    _state: State,
}

impl Running for Sandbox {
    fn wait(&mut self) -> Result<(), BadEnd> {
        self.process.wait()
    }

    fn kill(&mut self) -> Option<String> {
        self.process.kill()
    }

    fn linger(&mut self, grace: Duration) {
        self.process.linger(grace);
    }
}

/// The directory where `runsc` stores the state of one sandbox. It is private, and its name
/// cannot be guessed: in a shared directory another user could have taken it.
struct State(PathBuf);

impl State {
    fn new() -> Result<Self, NoStart> {
        let failed = |error: io::Error| {
            NoStart::from(Broken::silent(format!("failed to make a sandbox: {error}")))
        };
        let ledger = ledger::this()?;
        // Any number will do that is not known before.
        let number = RandomState::new().build_hasher().finish();
        let name = format!("{}{number:016x}", prefix(&Owner::this()));
        let path = path::absolute(env::temp_dir().join(name)).map_err(failed)?;
        let made = ledger.note(&Entry::Directory(path.clone()));
        made.and_then(|()| ledger::make_private(&path))
            .map_err(failed)?;
        Ok(Self(path))
    }
}

impl Drop for State {
    fn drop(&mut self) {
        _ = remove(&self.0);
    }
}

/// What the names of the state directories of a harness process start with.
fn prefix(owner: &Owner) -> String {
    format!("{PREFIX}{}-", owner.process)
}

/// The state directories of harness processes that are gone.
///
/// # Errors
///
/// The record of what they made cannot be read.
pub fn leftovers() -> Result<Vec<PathBuf>, CleanError> {
    let gone = ledger::gone()?;
    Ok(gone.iter().flat_map(left_by).map(Path::to_owned).collect())
}

/// Those of one process. A directory that is not this user's, or not private, is not one
/// that it made.
fn left_by(gone: &Gone) -> impl Iterator<Item = &Path> {
    let prefix = prefix(&gone.owner);
    let made = gone.directories().filter(move |path| {
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().starts_with(&prefix)
    });
    made.filter(|path| ledger::is_private(path))
}

/// Removes one of the [`leftovers`]; returns what it was.
fn clear(path: &Path) -> Result<String, CleanError> {
    let named = path.display();
    let removed = remove(path).map_err(|error| CleanError {
        doing: format!("remove {named}"),
        why: error.to_string(),
    });
    removed.map(|()| format!("the state of a sandbox, {named}"))
}

/// Removes a state directory. Another harness process may be removing it too, and a
/// `runsc` whose harness was killed may still write there while it ends.
fn remove(path: &Path) -> io::Result<()> {
    let deadline = Instant::now() + END;
    loop {
        match fs::remove_dir_all(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error)
                if error.kind() == io::ErrorKind::DirectoryNotEmpty
                    && Instant::now() < deadline =>
            {
                thread::yield_now();
            }
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn the_state_of_a_sandbox_goes_with_its_harness() {
        let made = |owner: &Owner, what: &str| {
            let path = env::temp_dir().join(format!("{}{what}", prefix(owner)));
            ledger::make_private(&path).unwrap();
            State(path)
        };
        let gone = Owner::other(3);
        let (left, other) = (made(&gone, "left"), made(&gone, "not recorded"));
        let used = State::new().unwrap();
        ledger::abandon(&gone, &[Entry::Directory(left.0.clone())]);
        let removed = Gvisor.clean().unwrap();
        assert!(!left.0.exists(), "{removed:?}");
        assert!(used.0.exists() && other.0.exists(), "{removed:?}");
    }

    /// A record that is wrong, by mistake or on purpose, removes nothing else.
    #[test]
    #[cfg(unix)]
    fn only_a_private_directory_with_its_name_is_the_state_of_a_sandbox() {
        let folder = tempfile::tempdir().unwrap();
        let gone = Owner::other(4);
        let named = |what: &str| folder.path().join(format!("{}{what}", prefix(&gone)));
        let (private, link, open) = (folder.path().join("own"), named("link"), named("open"));
        ledger::make_private(&private).unwrap();
        std::os::unix::fs::symlink(&private, &link).unwrap();
        fs::create_dir(&open).unwrap();
        let open_to_all = std::os::unix::fs::PermissionsExt::from_mode(0o777);
        fs::set_permissions(&open, open_to_all).unwrap();
        let paths = [private, link, open];
        ledger::abandon(&gone, &paths.clone().map(Entry::Directory));
        Gvisor.clean().unwrap();
        for path in paths {
            assert!(path.exists(), "{}", path.display());
        }
    }

    #[rstest]
    #[case("runsc version 0.0~20221219.0\nspec: 1.0.2-dev\n", Some("20221219.0"))]
    #[case(
        "runsc version release-20260105.0\nspec: 1.1.0-rc.1\n",
        Some("20260105.0")
    )]
    #[case("runsc version VERSION_MISSING\nspec: 1.1.0\n", None)]
    fn a_version_is_its_date_and_number(#[case] said: &str, #[case] version: Option<&str>) {
        assert_eq!(dated(said).as_deref(), version);
    }
}
