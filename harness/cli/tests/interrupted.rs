//! Ctrl-C, SIGTERM, SIGHUP and `kill -9` at twenty moments of a run on every kind of
//! platform, or at as many as `DUALSTACK_MOMENTS` says. What asks a run to end leaves nothing; after `kill -9`, the run's reaper removes what is left, and so does
//! `dualstack clean`. None touches anything that does not belong to the run.
//!
//! Everything that a run starts has the run's directory for temporary files in its
//! environment, and is recognized by that. The moments are fractions of the time that an
//! undisturbed run has just taken, so that they are spread over the whole run however
//! fast the machine is. A run that ended too early does not count: its moment is tried
//! again, a little earlier.
//!
//! A platform that cannot be used here is left out, which is reported; with
//! `DUALSTACK_DEMAND=1` it fails.
#![cfg(target_os = "linux")]

mod left;
mod program;

use std::env;
use std::fs::{self, File};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::rc::Rc;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use dualstack::command::host_of;
use dualstack_lab::{payload, platforms};
use left::{Bystander, ELSEWHERE, Engine, Surroundings, names_in, processes};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use program::program;
use rstest::rstest;
use tempfile::TempDir;
use wait_timeout::ChildExt;

/// One of each kind.
const PLATFORMS: &[&str] = &["netns", "container", "gvisor", "vm-5.10", "wine"];

/// Few cases, so that a run is mostly the start and the end of platforms; one of them has
/// hosts, and so its own network.
const CASES: &[&str] = &["mapped-peer/accept", "two-hosts/refused-connection"];

const MOMENTS: u32 = 20;

/// What asks a run to end.
const REQUESTS: [Signal; 3] = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP];

/// The number of parallel runs: each is interrupted while others continue.
const AT_ONCE: usize = 4;

/// How long an interrupted run may take to end, and an undisturbed one.
const END: Duration = Duration::from_secs(60);

/// How long something that was killed may take to be gone. Wine's background processes
/// would end by themselves 15 s after their last program.
const GONE: Duration = Duration::from_secs(10);

/// The documented exit code for an answer that is missing.
const HARNESS_FAILED: i32 = 3;

/// The test looks for everything that is new on the machine. nextest's configuration runs
/// nothing else at the same time, because nextest gives each test its own process.
static ALONE: Mutex<()> = Mutex::new(());

/// The platforms that can be used here; with `DUALSTACK_DEMAND=1` all of them.
fn usable(wanted: &[&'static str]) -> Vec<&'static str> {
    let known = platforms(&host_of(program()));
    let demanded = env::var_os("DUALSTACK_DEMAND").is_some_and(|value| value == "1");
    let usable = wanted.iter().copied().filter(|name| {
        let platform = known.iter().find(|platform| platform.name() == *name);
        match platform.unwrap().availability() {
            Ok(()) => true,
            Err(unusable) => {
                println!("{name} cannot be used here: {unusable}");
                assert!(!demanded, "{name} is demanded");
                false
            }
        }
    });
    usable.collect()
}

/// The workspace, where it is now: nextest may have moved it.
fn root() -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from)
        .join("../..")
}

fn agents() -> Vec<(&'static str, PathBuf)> {
    let windows = Command::new(root().join("fixtures/windows/build"))
        .args(["-p", "dualstack-agent", "--release"])
        .current_dir(root())
        .stdin(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().into());
    let agents = [
        (
            "DUALSTACK_STATIC_AGENT",
            payload::payload()
                .ok()
                .map(|payload| payload.program().to_owned()),
        ),
        ("DUALSTACK_WINDOWS_AGENT", windows),
    ];
    let built = agents.into_iter();
    built
        .filter_map(|(name, agent)| Some((name, agent?)))
        .collect()
}

/// What the runs of a test share.
struct Runs {
    cases: &'static [&'static str],
    platforms: Vec<&'static str>,
    temporary: TempDir,
    results: TempDir,
    /// Agents that are already built, so that no run starts cargo.
    agents: Vec<(&'static str, PathBuf)>,
    before: Surroundings,
    _alone: MutexGuard<'static, ()>,
    engine: Option<Rc<Engine>>,
    /// The process of every run.
    processes: Vec<u32>,
    /// How many moments there are.
    moments: u32,
    /// How an undisturbed run ends, and how long the fastest takes.
    usual: (i32, Duration),
}

/// A run in progress.
struct Run {
    child: Child,
    started: Instant,
}

impl Run {
    fn end(&mut self) -> ExitStatus {
        let ended = self.child.wait_timeout(END).unwrap();
        ended.unwrap_or_else(|| panic!("run {} does not end", self.child.id()))
    }

    /// Waits for a moment; returns whether the run was still going.
    fn lasts_until(&mut self, moment: Duration) -> bool {
        let rest = moment.saturating_sub(self.started.elapsed());
        self.child.wait_timeout(rest).unwrap().is_none()
    }

    fn process(&self) -> Pid {
        Pid::from_raw(self.child.id().try_into().unwrap())
    }
}

impl Drop for Run {
    /// If a test fails, none of its runs continues.
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

impl Runs {
    /// Starts undisturbed runs, as many in parallel as later; `None` if no platform can
    /// be used.
    fn prepare(platforms: &[&'static str], cases: &'static [&str]) -> Option<Self> {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let platforms = usable(platforms);
        if platforms.is_empty() {
            return None;
        }
        let mut runs = Self {
            cases,
            engine: platforms
                .contains(&"container")
                .then(|| Rc::new(Engine::connect())),
            platforms,
            temporary: tempfile::tempdir().unwrap(),
            results: tempfile::tempdir().unwrap(),
            agents: agents(),
            before: Surroundings::now(),
            _alone: alone,
            processes: Vec::new(),
            moments: env::var("DUALSTACK_MOMENTS")
                .map_or(MOMENTS, |moments| moments.parse().unwrap()),
            usual: (0, END),
        };
        let mut undisturbed: Vec<_> = (0..AT_ONCE).map(|_| runs.start()).collect();
        for run in &mut undisturbed {
            let code = run.end().code().unwrap();
            let said = runs.said(run.child.id());
            assert!(code < 2, "an undisturbed run ends with {code}: {said}");
            runs.usual = (code, runs.usual.1.min(run.started.elapsed()));
        }
        println!("an undisturbed run takes {:?}", runs.usual.1);
        runs.stop_wine();
        Some(runs)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command
            .args(arguments)
            .env("TMPDIR", self.temporary.path())
            .envs(self.agents.iter().cloned())
            .stdin(Stdio::null());
        command
    }

    fn start(&mut self) -> Run {
        let number = self.processes.len();
        let file = |kind: &str| self.results.path().join(format!("{number}.{kind}"));
        let said = File::create(file("said")).unwrap();
        let child = self
            .command(&["run", "--on", &self.platforms.join(",")])
            .args(self.cases.iter().flat_map(|id| ["--id", id]))
            .arg("--results")
            .arg(file("json"))
            .arg("--quiet")
            .stdout(said.try_clone().unwrap())
            .stderr(said)
            .process_group(0)
            .spawn()
            .unwrap();
        self.processes.push(child.id());
        let started = Instant::now();
        Run { child, started }
    }

    /// What a run said, with the answers that are missing.
    fn said(&self, process: u32) -> String {
        let number = self.processes.iter().position(|known| *known == process);
        let file = self
            .results
            .path()
            .join(format!("{}.said", number.unwrap()));
        fs::read_to_string(file).unwrap()
    }

    /// Starts a run for each moment, interrupts it then, and checks what is left when the
    /// runs that were started together have ended.
    fn strike(&mut self, strike: impl Fn(&Run, u32), look: impl Fn(&Self)) {
        let moment = |number| self.usual.1 * number / self.moments;
        let mut moments: Vec<_> = (0..self.moments)
            .map(|number| (number, moment(number)))
            .collect();
        while !moments.is_empty() {
            let now: Vec<_> = moments.drain(..moments.len().min(AT_ONCE)).collect();
            let runs: Vec<_> = now.iter().map(|_| self.start()).collect();
            let mut struck = Vec::new();
            let mut undisturbed = false;
            for ((number, moment), mut run) in now.into_iter().zip(runs) {
                if run.lasts_until(moment) {
                    strike(&run, number);
                    struck.push(run);
                } else {
                    println!("moment {number} comes too late");
                    moments.push((number, run.started.elapsed() * 2 / 3));
                    undisturbed = true;
                }
            }
            for mut run in struck {
                let status = run.end();
                undisturbed |= self.judge(&run, status);
            }
            if undisturbed {
                self.stop_wine();
            }
            look(self);
        }
    }

    /// An interrupted run ends as it should; returns whether it ended as if undisturbed.
    fn judge(&self, run: &Run, status: ExitStatus) -> bool {
        let said = self.said(run.child.id());
        match (status.code(), status.signal()) {
            (Some(code), _) if code == self.usual.0 => true,
            (Some(HARNESS_FAILED), _) => false,
            // Before it listens to signals, it ends by them.
            (_, Some(signal)) if killed_by(signal) => false,
            _ => panic!("a run that was struck ends with {status}: {said}"),
        }
    }

    /// Everything that is left of the runs.
    fn left(&self) -> Vec<String> {
        let directory = self.temporary.path();
        let mut left = processes(&directory.display().to_string());
        // Wine leaves a directory there that its background processes used.
        let mine = |name: &String| name.starts_with("dualstack") && !name.contains(ELSEWHERE);
        left.extend(names_in(directory).into_iter().filter(mine));
        if let Some(engine) = &self.engine {
            left.extend(engine.left_by(&self.processes));
        }
        left.extend(self.before.added());
        left
    }

    /// Checks, each time after `before`, until nothing is left.
    fn leave_nothing(&self, before: impl Fn()) {
        let deadline = Instant::now() + GONE;
        loop {
            before();
            let left = self.left();
            if left.is_empty() {
                return;
            }
            assert!(Instant::now() < deadline, "there is left: {left:#?}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends Wine's background processes: an undisturbed run leaves them for the next run.
    fn stop_wine(&self) {
        let script = root().join("fixtures/windows/wine");
        let stopped = Command::new(script)
            .arg("--stop")
            .env("TMPDIR", self.temporary.path())
            .stdin(Stdio::null())
            .output();
        // Without Wine there is nothing to stop; processes that could not be stopped are
        // found later.
        _ = stopped;
    }

    fn clean(&self) {
        let output = self.command(&["clean"]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
}

fn killed_by(signal: i32) -> bool {
    let signals = REQUESTS.into_iter().chain([Signal::SIGKILL]);
    signals.into_iter().any(|known| known as i32 == signal)
}

/// Only containers: nothing else delays the end of such a run.
#[rstest]
#[case::every_kind(PLATFORMS, CASES)]
#[case::two_containers(&["container"], &CASES[1..])]
fn a_run_that_is_asked_to_end_leaves_nothing(
    #[case] platforms: &'static [&str],
    #[case] cases: &'static [&str],
) {
    let Some(mut runs) = Runs::prepare(platforms, cases) else {
        return;
    };
    runs.strike(
        |run, number| {
            // A terminal signals every process in the foreground, other senders only one.
            let told = if number % 2 == 0 { killpg } else { kill };
            let signal = REQUESTS[(number / 2) as usize % REQUESTS.len()];
            told(run.process(), signal).unwrap();
        },
        |runs| runs.leave_nothing(|| {}),
    );
}

/// Without `clean`. One round of runs: that the engine has nothing more is certain only after
/// some seconds.
#[test]
fn a_killed_run_of_containers_leaves_nothing_after_a_moment() {
    let Some(mut runs) = Runs::prepare(&["container"], &CASES[1..]) else {
        return;
    };
    runs.moments = AT_ONCE as u32;
    runs.strike(
        |run, _| kill(run.process(), Signal::SIGKILL).unwrap(),
        |runs| runs.leave_nothing(|| {}),
    );
}

#[test]
fn what_a_killed_run_leaves_is_cleaned_up_and_nothing_else() {
    let Some(mut runs) = Runs::prepare(PLATFORMS, CASES) else {
        return;
    };
    let bystanders = Bystanders::of(&runs);
    runs.before = Surroundings::now();
    let strike = |run: &Run| kill(run.process(), Signal::SIGKILL).unwrap();
    // The engine may create later what it was asked for in the last moment.
    let look = |runs: &Runs| runs.leave_nothing(|| runs.clean());
    runs.strike(|run, _| strike(run), look);

    let (mut killed, mut other) = (runs.start(), runs.start());
    if killed.lasts_until(runs.usual.1 / 2) {
        strike(&killed);
    }
    killed.end();
    runs.clean();
    let code = other.end().code();
    let said = runs.said(other.child.id());
    assert_eq!(code, Some(runs.usual.0), "a run that goes on: {said}");
    look(&runs);
    bystanders.are_there();
}

/// Objects that look like the lab's but do not belong to a run that is gone.
struct Bystanders {
    containers: Vec<Bystander>,
    agent: Child,
    sandbox: PathBuf,
}

impl Bystanders {
    fn of(runs: &Runs) -> Self {
        let elsewhere = format!("1-1{ELSEWHERE}");
        let sandbox = format!("dualstack-gvisor-{elsewhere}.0");
        let sandbox = runs.temporary.path().join(sandbox);
        fs::create_dir(&sandbox).unwrap();
        let containers = runs.engine.iter().flat_map(|engine| {
            [None, Some(elsewhere.clone())].map(|owner| Bystander::start(engine, owner))
        });
        let agent = Command::new(program())
            .arg("agent")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        Self {
            containers: containers.collect(),
            agent: agent.unwrap(),
            sandbox,
        }
    }

    fn are_there(mut self) {
        assert!(self.containers.iter().all(Bystander::is_running));
        assert!(self.sandbox.is_dir());
        // It ends well when no one uses it any more.
        drop(self.agent.stdin.take());
        let output = self.agent.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
}
