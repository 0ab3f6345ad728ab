//! The harness's side of the protocol, with one agent.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use dualstack_agent::protocol::{Cannot, Hello, Ready, Reply, Request, VERSION, write_line};
use dualstack_scenario::{Observation, Requires, Script};

/// How long the harness waits for an agent.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// For its first line.
    pub start: Duration,
    /// For each case, on top of what its calls may take.
    pub case: Duration,
    /// For its end.
    pub end: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            start: seconds(20),
            case: seconds(10),
            end: seconds(5),
        }
    }
}

/// An agent that broke, with what was seen of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Broken {
    /// What happened, in one sentence.
    pub what: String,
    /// The end of what it wrote to its standard error.
    pub stderr: String,
}

/// An agent that answers.
pub(crate) struct Session {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
    stderr: Option<thread::JoinHandle<String>>,
    timing: Timing,
    pub(crate) hello: Hello,
}

impl Session {
    /// Starts an agent and takes its first line.
    pub(crate) fn start(mut command: Command, timing: Timing) -> Result<Self, Broken> {
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| broken(format!("failed to start `{program}`: {error}")))?;
        let input = child.stdin.take();
        let lines = lines_of(child.stdout.take());
        let stderr = child
            .stderr
            .take()
            .map(|stderr| thread::spawn(move || tail(stderr)));
        let mut child = Unready {
            child,
            input,
            lines,
            stderr,
            timing,
        };
        match child.hello() {
            Ok(hello) => {
                let Unready {
                    child,
                    input,
                    lines,
                    stderr,
                    timing,
                } = child;
                Ok(Self {
                    child,
                    input,
                    lines,
                    stderr,
                    timing,
                    hello,
                })
            }
            Err(what) => Err(bury(&mut child.child, child.stderr.take(), &what)),
        }
    }

    /// Has the agent bring its process into a state.
    pub(crate) fn prepare(
        &mut self,
        requires: Requires,
        isolate: bool,
    ) -> Result<Result<Ready, Cannot>, Broken> {
        self.send(&Request::Prepare { requires, isolate })?;
        match self.receive(self.timing.start)? {
            Reply::Ready(ready) => Ok(Ok(ready)),
            Reply::Cannot(cannot) => Ok(Err(cannot)),
            other => Err(self.unexpected(&other)),
        }
    }

    /// Hands a case over; its answer is taken with [`observed`](Self::observed).
    pub(crate) fn hand_over(&mut self, case: &str, script: &Script) -> Result<(), Broken> {
        self.send(&Request::Run {
            case: case.to_owned(),
            script: script.clone(),
        })
    }

    /// Takes the answer to the oldest case that was handed over.
    pub(crate) fn observed(&mut self, case: &str, calls: usize) -> Result<Observation, Broken> {
        let calls = u32::try_from(calls).unwrap_or(u32::MAX);
        let deadline = dualstack_agent::Limits::default()
            .call
            .saturating_mul(calls);
        match self.receive(self.timing.case + deadline)? {
            Reply::Observed {
                case: answered,
                observation,
            } if answered == case => Ok(observation),
            other => Err(self.unexpected(&other)),
        }
    }

    /// Lets the agent end.
    pub(crate) fn end(mut self) -> Result<(), Broken> {
        self.send(&Request::End)?;
        self.input = None;
        match self.receive(self.timing.end)? {
            Reply::Done { .. } => {
                let status = self.child.wait();
                match status {
                    Ok(status) if status.success() => Ok(()),
                    Ok(status) => Err(self.bury(&format!("the agent ended with {status}"))),
                    Err(error) => Err(self.bury(&format!("failed to wait for the agent: {error}"))),
                }
            }
            other => Err(self.unexpected(&other)),
        }
    }

    fn send(&mut self, request: &Request) -> Result<(), Broken> {
        let written = match &mut self.input {
            Some(input) => write_line(input, request),
            None => Ok(()),
        };
        written.map_err(|error| self.bury(&format!("failed to talk to the agent: {error}")))
    }

    fn receive(&mut self, within: Duration) -> Result<Reply, Broken> {
        receive(&self.lines, within).map_err(|what| self.bury(&what))
    }

    fn unexpected(&mut self, reply: &Reply) -> Broken {
        let line = serde_json::to_string(reply).unwrap_or_default();
        self.bury(&format!(
            "the agent said something else than was asked for: {line}"
        ))
    }

    fn bury(&mut self, what: &str) -> Broken {
        bury(&mut self.child, self.stderr.take(), what)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // An agent that has ended is beyond harm; one that has not must not be left behind.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// An agent that has not said its first line.
struct Unready {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
    stderr: Option<thread::JoinHandle<String>>,
    timing: Timing,
}

impl Unready {
    fn hello(&mut self) -> Result<Hello, String> {
        match receive(&self.lines, self.timing.start)? {
            Reply::Hello(hello) if hello.protocol == VERSION => Ok(hello),
            Reply::Hello(hello) => Err(format!(
                "the agent speaks version {} of the protocol, not {VERSION}; take an agent of the same release",
                hello.protocol
            )),
            _ => Err("the agent did not begin with hello".to_owned()),
        }
    }
}

fn receive(lines: &Receiver<String>, within: Duration) -> Result<Reply, String> {
    let line = lines.recv_timeout(within).map_err(|error| match error {
        RecvTimeoutError::Timeout => format!("the agent said nothing for {} s", within.as_secs()),
        RecvTimeoutError::Disconnected => "the agent ended before it was done".to_owned(),
    })?;
    serde_json::from_str(&line).map_err(|error| {
        format!("the agent said what is no line of the protocol ({error}): {line}")
    })
}

fn broken(what: String) -> Broken {
    Broken {
        what,
        stderr: String::new(),
    }
}

/// Ends an agent that broke and collects what is left of it.
fn bury(child: &mut Child, stderr: Option<thread::JoinHandle<String>>, what: &str) -> Broken {
    let already = child.try_wait().ok().flatten();
    _ = child.kill();
    _ = child.wait();
    let stderr = stderr
        .and_then(|thread| thread.join().ok())
        .unwrap_or_default();
    let how = already
        .map(|status: ExitStatus| format!(" ({status})"))
        .unwrap_or_default();
    Broken {
        what: format!("{what}{how}"),
        stderr,
    }
}

/// The lines of a stream, read by a thread so that they can be waited for with a deadline.
fn lines_of(stream: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = channel();
    if let Some(stream) = stream {
        thread::spawn(move || {
            for line in BufReader::new(stream).lines() {
                let Ok(line) = line else { break };
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
    }
    receiver
}

/// The last four kilobytes of a stream.
fn tail(mut stream: impl Read) -> String {
    const KEPT: usize = 4096;
    let mut kept = Vec::new();
    let mut chunk = [0; KEPT];
    while let Ok(read @ 1..) = stream.read(&mut chunk) {
        kept.extend_from_slice(&chunk[..read]);
        kept.drain(..kept.len().saturating_sub(KEPT));
    }
    String::from_utf8_lossy(&kept).into_owned()
}
