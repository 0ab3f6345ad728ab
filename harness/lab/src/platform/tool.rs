//! Programs that the lab runs to their end: builds, and the setup. They end with the harness,
//! however that ends.

use std::io::{self, IsTerminal, Read};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use wait_timeout::ChildExt;

use super::{notice, reaper};
use crate::run::group::{self, Group};
use crate::run::live::interrupted;

/// How often a program in progress is looked at, for an interrupt.
const LOOK: Duration = Duration::from_millis(50);

/// How long a program may take before it is said what it does.
const SILENCE: Duration = Duration::from_secs(1);

/// How long a program that was asked to end may take for it.
const END: Duration = Duration::from_secs(10);

/// Runs a build, without input, and returns what it printed. `doing` is what it does, in
/// words: `building the agent`.
///
/// # Errors
///
/// It cannot be started, or was interrupted.
pub(super) fn build(mut command: Command, doing: &str) -> io::Result<Output> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    reaper::start();
    let (mut child, mut group) = Group::spawn(&mut command)?;
    let (stdout, stderr) = (collect(child.stdout.take()), collect(child.stderr.take()));
    let started = Instant::now();
    let mut said = false;
    let ended = await_end(&mut child, || {
        if !said && started.elapsed() > SILENCE {
            notice::say(&format!("{doing} …"));
            said = true;
        }
    });
    // Whatever it has left running would hold the streams.
    group.kill();
    let status = child.wait()?;
    if ended?.is_none() {
        return Err(io::Error::other("interrupted"));
    }
    Ok(Output {
        status,
        stdout: stdout.join().unwrap_or_default(),
        stderr: stderr.join().unwrap_or_default(),
    })
}

/// Runs a program with the streams of this process, and returns how it ended. After an
/// interrupt, it is asked to end.
///
/// # Errors
///
/// It cannot be started or waited for.
pub fn attend(mut command: Command) -> io::Result<ExitStatus> {
    if io::stdin().is_terminal() {
        return attend_at_terminal(&mut command);
    }
    reaper::start();
    let (mut child, mut group) = Group::spawn(&mut command)?;
    if let Some(status) = await_end(&mut child, || {})? {
        return Ok(status);
    }
    group.ask_to_end();
    let ended = child.wait_timeout(END)?;
    group.kill();
    ended.map_or_else(|| child.wait(), Ok)
}

/// A group of its own could not read from the terminal, where `sudo` asks for a password. The
/// program needs none: what is typed there to interrupt this process reaches it too.
fn attend_at_terminal(command: &mut Command) -> io::Result<ExitStatus> {
    let mut child = command.spawn()?;
    match await_end(&mut child, || {})? {
        Some(status) => Ok(status),
        None => {
            group::ask_to_end(&child);
            child.wait()
        }
    }
}

/// Waits until a program has ended; `None` after an interrupt. `meanwhile` is called now and
/// then.
fn await_end(child: &mut Child, mut meanwhile: impl FnMut()) -> io::Result<Option<ExitStatus>> {
    while !interrupted() {
        if let Some(status) = child.wait_timeout(LOOK)? {
            return Ok(Some(status));
        }
        meanwhile();
    }
    Ok(None)
}

/// Everything that a stream says, collected by a thread so that it never fills up.
fn collect(stream: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut said = Vec::new();
        // What was read before an error still counts.
        _ = stream.map(|mut stream| stream.read_to_end(&mut said));
        said
    })
}
