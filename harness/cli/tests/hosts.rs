//! Cases with two hosts, on agents that break and on an agent that is one host.
//!
//! Where two hosts cannot be set up, the tests that need them are ignored. With
//! `DUALSTACK_DEMAND=1` they fail.

mod program;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use dualstack::command::host_of;
use dualstack_agent::{Limits, run as run_here};
use dualstack_lab::{CaseResult, Event, Link, NoStart, Platform, Terms, run};
use dualstack_scenario::{Answer, Case, Requires, Scenario, SourceFile};
use dualstack_test::ignored::{Started, demanded};
use libtest_mimic::{Arguments, Completion, Trial};
use program::program;

/// The second case waits for something that never comes.
const CASES: &str = r#"
title = "t"
ask = "?"
hosts = ["server", "client"]
parameters = { number = [1, 2, 3] }
steps = [
  { socket = "s", type = "udp6" },
  { bind = "s", to = "[{server.ipv6}]:0" },
  { getsockname = "s" },
  { socket = "c", type = "udp6", host = "client" },
  { recv = "s", when = { number = 2 } },
  { sendto = "c", to = "[{server.ipv6}]:{s.port}", data = "no. {number}" },
  { recvfrom = "s", save = "got" },
]
answer = "{got.data} from {got.from}"
"#;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let started = Started::with(&arguments);
    let unsupported = started.ignored && !demanded() && no_hosts().is_some();
    let trials = vec![
        Trial::ignorable_test(
            "an_agent_that_is_killed_takes_its_hosts_with_it",
            move || {
                no_hosts().map_or_else(
                    || Ok(an_agent_that_is_killed_takes_its_hosts_with_it()),
                    |why| started.ignore(&why, demanded()),
                )
            },
        )
        .with_ignored_flag(unsupported),
        Trial::test("a_process_that_made_no_hosts_says_so", || {
            a_process_that_made_no_hosts_says_so();
            Ok(())
        }),
    ];
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Why two hosts cannot be set up here.
fn no_hosts() -> Option<String> {
    let cases = cases();
    let host = host_of(program());
    let run = run(&host, &[&cases[0]], Terms::default(), |_| {});
    match &run.ran[0].result {
        CaseResult::Cannot(cannot) => Some(cannot.why.clone()),
        _ => None,
    }
}

fn cases() -> Vec<Case> {
    let scenario = Scenario::parse("topic/file", SourceFile::new("file.toml", CASES));
    scenario.unwrap().cases
}

/// An agent that writes its process number to a file.
struct Numbered(PathBuf);

impl Platform for Numbered {
    fn name(&self) -> &str {
        "numbered"
    }

    fn start(&self, _: &Requires) -> Result<Link, NoStart> {
        let mut command = Command::new("sh");
        command
            .args(["-c", "echo $$ > \"$0\"; exec \"$1\" agent"])
            .args([self.0.as_os_str(), program().as_os_str()]);
        Ok(Link::spawn(command)?)
    }
}

/// The network namespaces that a process is in or holds open.
fn namespaces(process: &Path) -> BTreeSet<PathBuf> {
    let open = fs::read_dir(process.join("fd")).into_iter().flatten();
    let open = open.flatten().map(|entry| entry.path());
    let links = open.chain([process.join("ns/net")]);
    links
        .filter_map(|link| fs::read_link(link).ok())
        .filter(|target| target.to_string_lossy().starts_with("net:["))
        .collect()
}

/// The network namespaces that any process is in or holds open.
fn all_namespaces() -> BTreeSet<PathBuf> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    processes
        .flat_map(|process| namespaces(&process.path()))
        .collect()
}

/// The names of the interfaces in this process's own namespace.
fn interfaces() -> BTreeSet<String> {
    let table = fs::read_to_string("/proc/self/net/dev").unwrap();
    let names = table.lines().filter_map(|line| line.split_once(':'));
    names.map(|(name, _)| name.trim().to_owned()).collect()
}

fn an_agent_that_is_killed_takes_its_hosts_with_it() -> Completion {
    let folder = tempfile::tempdir().unwrap();
    let platform = Numbered(folder.path().join("number"));
    let here = namespaces(Path::new("/proc/self"));
    let mut made = None;
    let before = interfaces();
    let cases = cases();
    let all: Vec<&Case> = cases.iter().collect();
    let run = run(&platform, &all, Terms::default(), |event| {
        if let (Event::Answered { .. }, None) = (event, &made) {
            let number = fs::read_to_string(&platform.0).unwrap();
            let number = number.trim();
            made = Some(namespaces(&Path::new("/proc").join(number)));
            let killed = Command::new("kill").args(["-KILL", number]).status();
            assert!(killed.unwrap().success());
        }
    });
    let answers: Vec<String> = run
        .ran
        .iter()
        .map(|ran| told(&cases[ran.case], &ran.result))
        .collect();
    assert_eq!(answers[0], "no. 1 from 2001:db8::2");
    assert!(answers[1].contains("signal: 9"), "{answers:?}");
    assert_eq!(answers[2], "no. 3 from 2001:db8::2");
    let made = made.unwrap();
    assert_eq!(made.len(), 2, "{made:?}");
    assert!(made.is_disjoint(&here), "{made:?} {here:?}");
    assert!(made.is_disjoint(&all_namespaces()), "{made:?}");
    assert_eq!(interfaces(), before);
    Completion::Completed
}

fn told(case: &Case, result: &CaseResult) -> String {
    match result {
        CaseResult::Observed(observation) => match case.answer(observation) {
            Answer::Text(answer) => answer,
            other => format!("{other:?}"),
        },
        CaseResult::Cannot(cannot) => cannot.why.clone(),
        CaseResult::Lost(broken) => broken.what.clone(),
    }
}

fn a_process_that_made_no_hosts_says_so() {
    let case = &cases()[0];
    let observation = run_here(&case.script, Limits::default());
    let Answer::Error(why) = case.answer(&observation) else {
        panic!("{observation:?}");
    };
    assert!(why.contains("this process is one host"), "{why}");
}
