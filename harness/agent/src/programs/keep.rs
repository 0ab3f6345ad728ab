//! The keeper: starts one program, and ends with it.

use std::fs;
use std::io::{self, PipeReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::prctl::set_child_subreaper;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{Pid, setsid};
use tempfile::TempDir;

use super::order::{Heard, Order, Told};
use super::tree::Tree;
use super::written::Written;
use crate::protocol::write_line;

/// How much a program and everything that it has started may take.
const MEMORY: u64 = 2 << 30;
const PROCESSES: usize = 256;
const OUTPUT: u64 = 16 << 20;

/// How often it is looked at what they take.
const LOOK: Duration = Duration::from_millis(25);

/// How long the end of all of them may take. The kernel ends a process that was sent
/// SIGKILL as soon as no system call holds it.
const END: Duration = Duration::from_secs(5);

/// Something that happened.
enum Event {
    Heard(Heard),
    /// The agent is done with the program, or is gone.
    AgentIsDone,
    Wrote(String),
    Ended(Pid, String),
}

/// Reads an order from standard input, carries it out, and tells on standard output what
/// happens, until the input ends.
pub(crate) fn main() -> ExitCode {
    let mut line = String::new();
    let read = io::stdin().read_line(&mut line);
    let Some(order) = read.ok().and_then(|_| serde_json::from_str(&line).ok()) else {
        return ExitCode::FAILURE;
    };
    // The end of the agent's process group is not the end of its keepers: they have work
    // to do then.
    _ = setsid();
    match start(&order) {
        Ok(started) => watch(started),
        Err(told) => {
            tell(&told);
            ExitCode::SUCCESS
        }
    }
}

fn tell(told: &Told) {
    // If the agent is gone, its end of the other pipe is closed too.
    _ = write_line(&mut io::stdout().lock(), told);
}

/// A program that runs.
struct Started {
    pid: Pid,
    output: PipeReader,
    _folder: TempDir,
}

fn start(order: &Order) -> Result<Started, Told> {
    let failed = |what: &str, error: io::Error| Told::Failed(format!("failed to {what}: {error}"));
    set_child_subreaper(true).map_err(|errno| failed("adopt orphans", errno.into()))?;
    let folder = tempfile::Builder::new()
        .prefix("dualstack-program-")
        .tempdir();
    let folder = folder.map_err(|error| failed("make its folder", error))?;
    for (name, contents) in &order.files {
        let path = folder.path().join(name);
        let parent = path.parent().map_or(Ok(()), fs::create_dir_all);
        let written = parent.and_then(|()| fs::write(&path, contents));
        written.map_err(|error| failed(&format!("write {name}"), error))?;
    }
    let (output, input) = io::pipe().map_err(|error| failed("make a pipe", error))?;
    let other = input
        .try_clone()
        .map_err(|error| failed("make a pipe", error))?;
    let (program, arguments) = order.command.split_first().unzip();
    let program = absolute(program.map_or("", String::as_str));
    let chosen = order.folder.as_ref().map(std::path::absolute).transpose();
    let chosen = chosen.map_err(|error| failed("find its folder", error))?;
    if let Some(chosen) = chosen.as_ref().filter(|chosen| !chosen.is_dir()) {
        let why = format!("there is no folder {}", chosen.display());
        return Err(Told::Failed(why));
    }
    let mut command = Command::new(program);
    command
        .args(arguments.unwrap_or_default())
        .envs(order.env.iter().map(|(name, value)| (name, value)))
        .current_dir(chosen.as_deref().unwrap_or(folder.path()))
        .stdin(Stdio::null())
        .stdout(input)
        .stderr(other)
        .process_group(0);
    let child = command
        .spawn()
        .map_err(|error| match error.raw_os_error() {
            Some(number) => Told::NotStarted(number),
            None => failed("start it", error),
        })?;
    let pid = Pid::from_raw(child.id().try_into().unwrap_or(i32::MAX));
    Ok(Started {
        pid,
        output,
        _folder: folder,
    })
}

/// A path that starts where the agent was started: the program starts in its own folder.
fn absolute(program: &str) -> PathBuf {
    let path = Path::new(program);
    if program.contains('/') {
        std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
    } else {
        path.to_owned()
    }
}

fn watch(started: Started) -> ExitCode {
    tell(&Told::Started(started.pid.as_raw()));
    let Started {
        pid,
        output,
        _folder,
    } = started;
    let output = Arc::new(Written::new(output));
    // A program that writes faster than this reads must wait.
    let (sender, events) = sync_channel(16);
    let (of_output, written) = (sender.clone(), Arc::clone(&output));
    thread::spawn(move || written.read(|text| of_output.send(Event::Wrote(text)).is_ok()));
    let of_lines = sender.clone();
    thread::spawn(move || hear(&of_lines));
    thread::spawn(move || reap(&sender));
    let mut watch = Watch {
        pid,
        end: None,
        bounds: Bounds::default(),
    };
    loop {
        watch.bounds.look();
        match events.recv_timeout(watch.patience()) {
            Ok(Event::AgentIsDone) => break,
            Ok(event) => watch.happened(event),
            // What it wrote before its end is told before its end.
            Err(RecvTimeoutError::Timeout) if output.is_handed_over() => {
                let rest: Vec<Event> = events.try_iter().collect();
                let done = rest.iter().any(|event| matches!(event, Event::AgentIsDone));
                rest.into_iter().for_each(|event| watch.happened(event));
                watch.tell_end();
                if done {
                    break;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    end_all();
    ExitCode::SUCCESS
}

/// The state of a program.
struct Watch {
    pid: Pid,
    /// How it has ended, if that was not told yet.
    end: Option<String>,
    bounds: Bounds,
}

impl Watch {
    /// How long to wait for the next event.
    fn patience(&self) -> Duration {
        match self.end {
            Some(_) => Duration::from_millis(1),
            None => LOOK,
        }
    }

    fn happened(&mut self, event: Event) {
        match event {
            Event::Wrote(text) => {
                self.bounds.written += text.len() as u64;
                if !self.bounds.stopped {
                    tell(&Told::Wrote(text));
                }
            }
            Event::Ended(pid, how) if pid == self.pid => self.end = Some(how),
            Event::Ended(..) | Event::AgentIsDone => {}
            Event::Heard(Heard::Signal(number)) => {
                if let Ok(signal) = Signal::try_from(number) {
                    _ = kill(self.pid, signal);
                }
            }
        }
    }

    fn tell_end(&mut self) {
        if let Some(how) = self.end.take() {
            tell(&Told::Ended(how));
        }
    }
}

/// What the program has taken so far.
#[derive(Default)]
struct Bounds {
    written: u64,
    stopped: bool,
    looked: Option<Instant>,
}

impl Bounds {
    /// Ends everything if it takes too much.
    fn look(&mut self) {
        let due = self.looked.is_none_or(|looked| looked.elapsed() >= LOOK);
        if self.stopped || !due {
            return;
        }
        self.looked = Some(Instant::now());
        let tree = Tree::glance(std::process::id() as i32);
        let processes = tree.pids().len();
        let why = if tree.memory > MEMORY {
            format!("it took {} MiB of memory", tree.memory >> 20)
        } else if processes > PROCESSES {
            format!("it had {processes} processes")
        } else if self.written > OUTPUT {
            format!("it wrote {} MiB", self.written >> 20)
        } else {
            return;
        };
        self.stopped = true;
        end_all();
        tell(&Told::Stopped(why));
    }
}

/// Ends everything that this process has started. What is started meanwhile is seen in the
/// next round.
fn end_all() {
    let since = Instant::now();
    while since.elapsed() < END {
        let tree = Tree::of(std::process::id() as i32);
        if tree.pids().is_empty() {
            return;
        }
        tree.kill();
    }
}

fn hear(events: &SyncSender<Event>) {
    let heard = io::stdin().lines().map_while(Result::ok);
    for heard in heard.filter_map(|line| serde_json::from_str(&line).ok()) {
        if events.send(Event::Heard(heard)).is_err() {
            return;
        }
    }
    _ = events.send(Event::AgentIsDone);
}

/// Waits for every process: orphans are children of this one.
fn reap(events: &SyncSender<Event>) {
    loop {
        let (pid, how) = match waitpid(None, None) {
            Ok(WaitStatus::Exited(pid, code)) => (pid, format!("exit {code}")),
            Ok(WaitStatus::Signaled(pid, signal, _)) => (pid, signal.to_string()),
            Ok(_) | Err(Errno::EINTR) => continue,
            // There is none left, and nothing can start another.
            Err(_) => return,
        };
        if events.send(Event::Ended(pid, how)).is_err() {
            return;
        }
    }
}
