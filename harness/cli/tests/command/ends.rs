//! How commands end that started something: by a signal, by `kill -9`, or as they should.
//! Nothing is left of what they started, and nothing else is touched.
//!
//! Scripts stand in for `runsc`, for `cargo` and for the setup: they start at once, here as
//! anywhere, and last as long as a test needs them.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use rstest::rstest;
use wait_timeout::ChildExt;

use crate::processes::{names_in, processes};
use crate::{program, scenario, stderr, stdout, unshare};

/// How long something may take that is about to happen.
const SOON: Duration = Duration::from_secs(10);

/// Passes for `runsc`; an agent that it runs says nothing, and it notes that in `started`.
const RUNSC: &str = "#!/bin/sh\n\
     [ \"$1\" != --version ] || { echo 'runsc version release-20260105.0'; exit; }\n\
     touch \"$TMPDIR/state\" \"$STARTED\"\n\
     sleep 300 & cat > /dev/null; wait\n";

/// A build, or a setup, that does not end.
const ENDLESS: &str = "#!/bin/sh\ntouch \"$STARTED\"\nsleep 300 & wait\n";

/// A machine of its own for a command, as far as the command can tell.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Self { folder };
        for name in ["temporary", "other", "own", "fixtures", "harness/agent"] {
            fs::create_dir_all(place.path(name)).unwrap();
        }
        fs::write(place.path("own/made.toml"), scenario("")).unwrap();
        // By this file the command knows its own sources.
        fs::write(place.path("harness/agent/Cargo.toml"), "").unwrap();
        let programs = [
            ("runsc", RUNSC),
            ("cargo", ENDLESS),
            ("fixtures/setup", ENDLESS),
        ];
        for (name, text) in programs {
            fs::write(place.path(name), text).unwrap();
            let executable = fs::Permissions::from_mode(0o755);
            fs::set_permissions(place.path(name), executable).unwrap();
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn dualstack(&self, arguments: &[&str]) -> Command {
        let mut command = self.environment(Command::new(program()));
        command.args(arguments);
        command
    }

    fn environment(&self, mut command: Command) -> Command {
        let path = std::env::var("PATH").unwrap();
        command
            .env("PATH", format!("{}:{path}", self.folder.path().display()))
            .env("TMPDIR", self.path("temporary"))
            .env("DUALSTACK_CACHE", self.path("cache"))
            .env("DUALSTACK_STATIC_AGENT", program())
            .env("DUALSTACK_WINDOWS_AGENT", "/nonexistent")
            .env("DOCKER_HOST", "unix:///nonexistent")
            .env("CARGO_MANIFEST_DIR", self.folder.path())
            .env("STARTED", self.path("started"))
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        command
    }

    /// Starts a command, and waits until it has started what lasts.
    /// What it prints goes to files: a process that is left would hold a pipe.
    fn start(&self, mut command: Command) -> Started {
        let file = |name: &str| fs::File::create(self.path(name)).unwrap();
        command.stdout(file("stdout")).stderr(file("stderr"));
        let mut child = command.spawn().unwrap();
        let started = self.path("started");
        soon("nothing is started", || {
            assert_eq!(child.try_wait().unwrap(), None, "it has ended");
            started.exists()
        });
        Started(child)
    }

    /// What a command in progress has printed on standard error.
    fn said(&self) -> String {
        fs::read_to_string(self.path("stderr")).unwrap()
    }

    fn clean(&self, change: impl FnOnce(&mut Command)) -> Output {
        let mut clean = self.dualstack(&["clean"]);
        change(&mut clean);
        let output = clean.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        output
    }

    /// The states of sandboxes, and the processes with this place in their environment.
    fn left(&self) -> Vec<String> {
        let mut left = processes(&self.folder.path().display().to_string());
        left.extend(names_in(self.path("temporary")));
        left
    }

    fn is_left_alone(&self) {
        soon("something is left", || {
            let left = self.left();
            println!("{left:#?}");
            left.is_empty()
        });
    }
}

impl Drop for Place {
    /// If a test fails, none of its processes continues.
    fn drop(&mut self) {
        for process in self.left() {
            let number = process.strip_prefix("process ");
            let number = number.and_then(|rest| rest.split_once(':')?.0.parse().ok());
            if let Some(number) = number {
                _ = kill(Pid::from_raw(number), Signal::SIGKILL);
            }
        }
    }
}

/// Waits until something is the case.
fn soon(otherwise: &str, mut is: impl FnMut() -> bool) {
    let deadline = Instant::now() + SOON;
    while !is() {
        assert!(Instant::now() < deadline, "{otherwise}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A command in progress.
struct Started(Child);

impl Started {
    /// Sends a signal, and waits until the command has ended.
    fn ended_by(mut self, signal: Signal) -> ExitStatus {
        let process = Pid::from_raw(self.0.id().try_into().unwrap());
        kill(process, signal).unwrap();
        let ended = self.0.wait_timeout(SOON).unwrap();
        ended.expect("it does not end")
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

#[rstest]
#[case::platforms(&["platforms"])]
#[case::run(&["run", "own", "--on", "gvisor"])]
#[case::setup(&["setup"])]
fn a_signal_ends_a_command_with_all_that_it_has_started(
    #[case] arguments: &[&str],
    #[values(Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP)] signal: Signal,
) {
    let place = Place::new();
    let status = place.start(place.dualstack(arguments)).ended_by(signal);
    assert_eq!(status.code(), Some(3), "{}", place.said());
    assert!(place.said().ends_with("dualstack: interrupted\n"));
    place.is_left_alone();
}

/// The reaper removes it.
#[rstest]
#[case::platforms(&["platforms"])]
#[case::run(&["run", "own", "--on", "gvisor"])]
#[case::setup(&["setup"])]
fn a_killed_command_leaves_nothing(#[case] arguments: &[&str]) {
    let place = Place::new();
    let started = place.start(place.dualstack(arguments));
    started.ended_by(Signal::SIGKILL);
    place.is_left_alone();
}

/// At the first file, in the midst of the files, and wherever else these moments are.
#[rstest]
#[case::interrupted(Signal::SIGINT)]
#[case::killed(Signal::SIGKILL)]
fn a_report_that_ends_early_leaves_no_half_of_a_file(#[case] signal: Signal) {
    let place = Place::new();
    let kept = crate::root().join("reports/results");
    let report = || {
        let mut report = place.dualstack(&["report", "--out", "site"]);
        let files = names_in(&kept).into_iter().take(2);
        report.args(files.map(|file| kept.join(file)));
        report.stdout(Stdio::null()).stderr(Stdio::null());
        report
    };
    let start = Instant::now();
    assert_eq!(report().status().unwrap().code(), Some(0));
    let whole = files_in(&place.path("site"));
    let usual = start.elapsed();
    fs::remove_dir_all(place.path("site")).unwrap();
    for moment in 1..8 {
        let mut started = report().spawn().unwrap();
        if started.wait_timeout(usual * moment / 8).unwrap().is_none() {
            let status = Started(started).ended_by(signal);
            // It may have ended just before the signal came.
            assert!(matches!(status.code(), None | Some(0 | 3)), "{status}");
        }
        for (name, size) in files_in(&place.path("site")) {
            let left = name.contains(".dualstack-");
            // Killed, it cannot remove that itself.
            assert!(!left || signal == Signal::SIGKILL, "{name}");
            assert!(
                left || whole.contains(&(name.clone(), size)),
                "half of {name}"
            );
        }
    }
    // What was left seconds ago could be another report's.
    for (name, _) in files_in(&place.path("site")) {
        let file = fs::File::options()
            .write(true)
            .open(place.path("site").join(name));
        let long_ago = std::time::SystemTime::now() - Duration::from_secs(60);
        file.unwrap().set_modified(long_ago).unwrap();
    }
    assert_eq!(report().status().unwrap().code(), Some(0));
    assert_eq!(files_in(&place.path("site")), whole);
}

/// The files in a folder and its folders, with their sizes.
fn files_in(folder: &Path) -> BTreeSet<(String, u64)> {
    let mut files = BTreeSet::new();
    for name in names_in(folder) {
        let path = folder.join(&name);
        if path.is_dir() {
            let inside = files_in(&path).into_iter();
            files.extend(inside.map(|(file, size)| (format!("{name}/{file}"), size)));
        } else {
            files.insert((name, path.metadata().unwrap().len()));
        }
    }
    files
}

/// The builds of agents are processes of processes.
#[rstest]
#[case::interrupted(Signal::SIGTERM)]
#[case::killed(Signal::SIGKILL)]
fn a_build_ends_with_its_command_and_is_announced(#[case] signal: Signal) {
    let place = Place::new();
    let mut command = place.dualstack(&["run", "own", "--on", "host,gvisor"]);
    command
        .env_remove("DUALSTACK_STATIC_AGENT")
        .env("CARGO", place.path("cargo"));
    let started = place.start(command);
    let announced = "building the static agent for Linux …\n";
    soon("it is silent", || place.said().contains(announced));
    started.ended_by(signal);
    place.is_left_alone();
}

#[test]
fn what_a_users_command_has_started_ends_with_it() {
    let place = Place::new();
    let via = format!("sh -c 'sleep 300 & \"{}\" agent'", program().display());
    let output = place.dualstack(&["run", "own", "--via", &via]).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    place.is_left_alone();
}

#[test]
fn what_a_users_command_has_started_ends_with_a_killed_run() {
    let place = Place::new();
    let via = "sh -c 'sleep 300 & touch started; cat > /dev/null; wait'";
    let started = place.start(place.dualstack(&["run", "own", "--via", via]));
    started.ended_by(Signal::SIGKILL);
    place.is_left_alone();
}

/// Ends a run and its reaper in a way that neither can do anything about.
fn kill_with_reaper(started: Started, place: &Place) {
    let reaper = processes(&place.folder.path().display().to_string());
    let reaper = reaper.iter().find(|process| process.ends_with(" reap "));
    let number = reaper.unwrap().split([' ', ':']).nth(1).unwrap();
    kill(Pid::from_raw(number.parse().unwrap()), Signal::SIGKILL).unwrap();
    started.ended_by(Signal::SIGKILL);
}

/// With other variables than the run had.
#[test]
fn clean_finds_what_was_made_in_another_directory_for_temporary_files() {
    let place = Place::new();
    let started = place.start(place.dualstack(&["run", "own", "--on", "gvisor"]));
    kill_with_reaper(started, &place);
    let state = names_in(place.path("temporary"));
    assert_eq!(state.len(), 1, "{state:?}");
    let output = place.clean(|clean| _ = clean.env("TMPDIR", place.path("other")));
    assert!(stdout(&output).starts_with("removed the state of a sandbox"));
    let ledgers = format!("cache/runs-{}", nix::unistd::geteuid());
    assert_eq!(names_in(place.path("temporary")).len(), 0);
    assert_eq!(names_in(place.path(&ledgers)).len(), 0);
}

/// In another process namespace, the numbers of processes mean others, or none.
#[test]
fn clean_leaves_a_run_alone_that_it_cannot_see() {
    let place = Place::new();
    let started = place.start(place.dualstack(&["run", "own", "--on", "gvisor"]));
    let state = names_in(place.path("temporary"));
    assert_eq!(state.len(), 1, "{state:?}");
    let mut clean = place.environment(unshare(&["--pid", "--fork", "--mount-proc"]));
    match clean.arg(program()).arg("clean").output() {
        Ok(output) if output.status.success() => {
            assert_eq!(stdout(&output), "nothing to remove\n");
        }
        Ok(output) => println!("no process namespace can be made here: {}", stderr(&output)),
        Err(error) => println!("there is no unshare here: {error}"),
    }
    assert_eq!(names_in(place.path("temporary")), state);
    started.ended_by(Signal::SIGTERM);
    place.is_left_alone();
}

/// The names are those that an earlier version would have removed, or could not.
#[test]
fn a_folder_of_another_user_is_left_alone_and_blocks_no_one() {
    let place = Place::new();
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    let name = format!("dualstack-gvisor-1-1@{}.0", host.trim());
    let folder = place.path("temporary").join(&name);
    fs::create_dir(&folder).unwrap();
    if nix::unistd::geteuid().is_root() {
        std::os::unix::fs::chown(&folder, Some(65534), Some(65534)).unwrap();
    }
    let output = place.clean(|_| {});
    assert_eq!(stdout(&output), "nothing to remove\n");
    assert!(folder.is_dir());
    let started = place.start(place.dualstack(&["run", "own", "--on", "gvisor"]));
    started.ended_by(Signal::SIGTERM);
    fs::remove_dir(&folder).unwrap();
    place.is_left_alone();
}

/// Who waits for the other end of a pipe ends at the second Ctrl-C at the latest.
#[rstest]
#[case::to_write(&["run", "own", "--results", "pipe"])]
#[case::to_read(&["run", "own", "--against", "pipe"])]
#[case::to_go_on(&["run", "own", "--resume", "pipe"])]
fn a_pipe_without_another_end_holds_nobody(#[case] arguments: &[&str]) {
    let place = Place::new();
    let made = Command::new("mkfifo").arg(place.path("pipe")).status();
    assert!(made.unwrap().success());
    let mut command = place.dualstack(arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let pid = Pid::from_raw(child.id().try_into().unwrap());
    let since = Instant::now();
    let status = loop {
        _ = kill(pid, Signal::SIGINT);
        if let Some(status) = child.wait_timeout(Duration::from_millis(100)).unwrap() {
            break status;
        }
        assert!(since.elapsed() < SOON, "{arguments:?} does not end");
    };
    assert!(!status.success());
}
