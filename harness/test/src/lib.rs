//! Makes each case of a folder of scenarios a test of your crate, for `cargo test` and
//! `cargo nextest run`.
//!
//! In `Cargo.toml`:
//!
//! ```toml
//! [dev-dependencies]
//! dualstack-test = "0.1"
//!
//! [[test]]
//! name = "sockets"
//! harness = false
//! ```
//!
//! In `tests/sockets.rs`:
//!
//! ```no_run
//! dualstack_test::main!("tests/sockets");
//! ```
//!
//! The folder holds scenarios, as for `dualstack run`. A case that answers something else than
//! is expected fails, with its calls. A case whose requirements are not met here is ignored, and
//! says why; with `DUALSTACK_DEMAND=1` it fails.
//!
//! # Programs of your own
//!
//! A scenario can start a program of your crate and talk to it. Name it, and write its name in
//! braces for its path, with `_` for `-`:
//!
//! ```ignore
//! dualstack_test::main!("tests/sockets", programs = ["my-server"]);
//! ```
//!
//! ```toml
//! [programs.server]
//! command = ["{my_server}", "--port", "8080"]
//! ```
//!
//! # Answers without an expectation
//!
//! A case without an expectation passes, whatever it answers. If the folder has a file
//! `approved.json`, the answers of a system that it knows must be those that stand there.
//! `DUALSTACK_ACCEPT=1 cargo test` writes the answers of the tests that it runs into that file,
//! which belongs into the repository: look at what changed in it, as with any snapshot.

mod approved;
mod case;
#[doc(hidden)]
pub mod ignored;

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use dualstack_agent::program;
use dualstack_lab::ThisMachine;
use dualstack_scenario::claims::Catalogue;
use dualstack_scenario::files::Files;
use dualstack_scenario::{GivenParameters, Problems, Scenario, SourceFile};
use libtest_mimic::{Arguments, Failed, Trial};

use approved::Approved;
use case::Asked;
use ignored::Started;

/// The argument with which a test starts itself as its agent.
const AGENT: &str = "--dualstack-agent";

/// Makes a test of each case in a folder of scenarios, which is given relative to the crate; with
/// `programs`, they can start these programs of the crate.
#[macro_export]
macro_rules! main {
    ($folder:literal $(, programs = [$($program:literal),* $(,)?])? $(,)?) => {
        fn main() -> ::std::process::ExitCode {
            $crate::run(
                ::std::env!("CARGO_MANIFEST_DIR"),
                $folder,
                &[$($((
                    $program,
                    ::std::env!(::std::concat!("CARGO_BIN_EXE_", $program)),
                )),*)?],
            )
        }
    };
}

/// What [`main!`] makes of its arguments: the crate's folder, the folder with the scenarios, and
/// the programs with their paths.
#[doc(hidden)]
pub fn run(manifest: &str, folder: &str, programs: &[(&str, &str)]) -> ExitCode {
    if env::args().nth(1).as_deref() == Some(AGENT) {
        return program::main();
    }
    let arguments = Arguments::from_args();
    // nextest may have moved the workspace since this was compiled.
    let root = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| manifest.into(), PathBuf::from);
    let folder = root.join(folder);
    let trials = match scenarios(&folder, programs) {
        Ok(scenarios) => trials(scenarios, &folder, Started::with(&arguments)),
        Err(why) => vec![Trial::test("the scenarios can be read", move || {
            Err(Failed::from(why))
        })],
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The scenarios of the folder, or everything that is wrong with them.
fn scenarios(folder: &Path, programs: &[(&str, &str)]) -> Result<Vec<Scenario>, String> {
    let files = Files::read(&[folder.to_owned()]).map_err(|error| match error.hint() {
        Some(hint) => format!("{error}; {hint}"),
        None => error.to_string(),
    })?;
    let claims = files.claims.map(|path| claims(&path)).transpose()?;
    let mut given = GivenParameters::default();
    for (name, path) in programs {
        given = given.literal(&name.replace('-', "_"), &path_of(name, path));
    }
    let mut scenarios = Vec::new();
    let mut wrong = Vec::new();
    for (id, file) in files.scenarios {
        let read = Scenario::parse_with(&id, file, &given).and_then(|scenario| {
            if let Some(claims) = &claims {
                scenario.claims_are_in(claims)?;
            }
            Ok(scenario)
        });
        match read {
            Ok(scenario) => scenarios.push(scenario),
            Err(problems) => wrong.push(problems.to_string()),
        }
    }
    match wrong.is_empty() {
        true => Ok(scenarios),
        false => Err(wrong.join("\n")),
    }
}

fn claims(path: &Path) -> Result<Catalogue, String> {
    let file = SourceFile::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Catalogue::read(file).map_err(|problems: Problems| problems.to_string())
}

/// The path of a program now: nextest may have moved it since it was compiled.
fn path_of(name: &str, built: &str) -> String {
    env::var(format!("NEXTEST_BIN_EXE_{name}")).unwrap_or_else(|_| built.to_owned())
}

fn trials(scenarios: Vec<Scenario>, folder: &Path, started: Started) -> Vec<Trial> {
    let agent = env::current_exe().expect("the system knows its path");
    let host = Arc::new(ThisMachine::new(agent, vec![AGENT.into()]));
    let approved = Arc::new(Approved::of(folder));
    let cases = scenarios.into_iter().flat_map(|scenario| scenario.cases);
    let trials = cases.map(|case| {
        let asked = Asked {
            case,
            host: Arc::clone(&host),
            approved: Arc::clone(&approved),
        };
        let name = asked.case.id.clone();
        // Which tests are ignored is asked for only by nextest, which then runs no other.
        let ignored = started.ignored && asked.is_ignored();
        let trial = Trial::ignorable_test(name, move || asked.holds(started));
        trial.with_ignored_flag(ignored)
    });
    trials.collect()
}
