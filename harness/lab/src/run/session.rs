//! The harness's side of the protocol, with one agent.

use std::io::{BufRead, BufReader, Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use dualstack_agent::protocol::{Hello, Place, Ready, Reply, Request, VERSION, write_line};
use dualstack_scenario::{Case, HostFacts, Observation, Outcome, Record, Requires, Script};

use crate::run::broken::{Broken, NoStart};
use crate::run::link::{Link, Running};
use crate::run::live::{Live, interrupted};
use crate::run::tail::Tail;

/// How long to wait for something that has ended: a stream can still be held by a child
/// process of the agent, and a process outlives its streams by a moment.
const GRACE: Duration = Duration::from_millis(200);

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

/// An agent that answers.
pub(crate) struct Session {
    link: Harnessed,
    pub(crate) hello: Hello,
}

/// A link whose streams are being read.
struct Harnessed {
    input: Option<Box<dyn Write + Send>>,
    lines: Receiver<String>,
    stderr: Option<Tail>,
    running: Live<Box<dyn Running>>,
    timing: Timing,
}

impl Session {
    /// Reads the first line of an agent that was started.
    pub(crate) fn start(link: Link, timing: Timing) -> Result<Self, Broken> {
        let mut link = Harnessed {
            input: Some(link.input),
            lines: lines_of(link.output),
            stderr: link.stderr.map(Tail::of),
            running: Live::new(link.running),
            timing,
        };
        if interrupted() {
            return Err(link.bury(""));
        }
        match link.receive(timing.start)? {
            Reply::Hello(hello) if hello.protocol == VERSION => Ok(Self { link, hello }),
            Reply::Hello(hello) => Err(link.bury(&format!(
                "the agent speaks version {} of the protocol, not {VERSION}; use an agent of the same release",
                hello.protocol
            ))),
            other => Err(link.unexpected(&other)),
        }
    }

    /// Lets the agent set up a state, with hosts of these names if there are any.
    pub(crate) fn prepare(
        &mut self,
        requires: Requires,
        isolate: bool,
        hosts: &[String],
    ) -> Result<Ready, NoStart> {
        self.made_ready(&Request::Prepare {
            requires,
            isolate,
            hosts: hosts.to_vec(),
            host: None,
        })
    }

    /// Prepares the agent as one of two hosts, in a state.
    pub(crate) fn take_place(
        &mut self,
        requires: Requires,
        place: Place,
    ) -> Result<Ready, NoStart> {
        self.made_ready(&Request::Prepare {
            requires,
            isolate: false,
            hosts: Vec::new(),
            host: Some(place),
        })
    }

    fn made_ready(&mut self, request: &Request) -> Result<Ready, NoStart> {
        self.link.send(request);
        match self.link.receive(self.link.timing.start)? {
            Reply::Ready(ready) => Ok(ready),
            Reply::Cannot(cannot) => Err(cannot.into()),
            other => Err(self.link.unexpected(&other).into()),
        }
    }

    /// Sends a case; its answer is read with [`observed`](Self::observed).
    pub(crate) fn hand_over(&mut self, case: &str, script: &Script) {
        self.link.send(&Request::Run {
            case: case.to_owned(),
            script: script.clone(),
        });
    }

    /// Reads the answer to the oldest case that was sent.
    pub(crate) fn observed(&mut self, case: &str, calls: usize) -> Result<Observation, Broken> {
        match self.link.receive(self.patience(calls))? {
            Reply::Observed {
                case: answered,
                observation,
            } if answered == case => Ok(observation),
            other => Err(self.link.unexpected(&other)),
        }
    }

    /// Begins a case that this agent has a part in.
    pub(crate) fn begin(&mut self, case: &Case, hosts: &[HostFacts]) {
        self.link.send(&Request::Begin {
            case: case.id.clone(),
            script: case.script.clone(),
            hosts: hosts.to_vec(),
        });
    }

    /// Lets the agent make a step of that case, after sending it the results from the
    /// other host.
    pub(crate) fn step(
        &mut self,
        elsewhere: Vec<Outcome>,
        number: usize,
    ) -> Result<Record, Broken> {
        self.link.send(&Request::Step { elsewhere, number });
        match self.link.receive(self.patience(1))? {
            Reply::Stepped {
                number: stepped,
                record,
            } if stepped == number => Ok(record),
            other => Err(self.link.unexpected(&other)),
        }
    }

    /// Lets the agent close its sockets of that case.
    pub(crate) fn finish(&mut self) -> Result<(), Broken> {
        self.link.send(&Request::Finish);
        match self.link.receive(self.link.timing.case)? {
            Reply::Finished => Ok(()),
            other => Err(self.link.unexpected(&other)),
        }
    }

    /// How long to wait for the results of this many calls.
    fn patience(&self, calls: usize) -> Duration {
        let calls = u32::try_from(calls).unwrap_or(u32::MAX);
        let deadline = dualstack_agent::Limits::default().call;
        self.link.timing.case + deadline.saturating_mul(calls)
    }

    /// Lets the agent end.
    pub(crate) fn end(mut self) -> Result<(), Broken> {
        self.link.send(&Request::End);
        self.link.input = None;
        match self.link.receive(self.link.timing.end)? {
            Reply::Done { .. } => {
                let ended = self.link.running.get().wait();
                ended.map_err(|end| self.link.bury(&end.to_string()))
            }
            other => Err(self.link.unexpected(&other)),
        }
    }
}

impl Harnessed {
    /// Writes a line. A failure to write is not reported: what the agent said before it
    /// ended still counts, and then its silence shows.
    fn send(&mut self, request: &Request) {
        let written = self.input.as_mut().map(|input| write_line(input, request));
        if written.is_some_and(|written| written.is_err()) {
            self.input = None;
        }
    }

    fn receive(&mut self, within: Duration) -> Result<Reply, Broken> {
        let line = match self.lines.recv_timeout(within) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => {
                let seconds = within.as_secs();
                return Err(self.bury(&format!("the agent said nothing for {seconds} s")));
            }
            Err(RecvTimeoutError::Disconnected) => {
                self.running.get().linger(GRACE);
                return Err(self.bury("the agent ended before it was done"));
            }
        };
        serde_json::from_str(&line).map_err(|error| {
            self.bury(&format!(
                "the agent sent a line that is not part of the protocol ({error}): {line}"
            ))
        })
    }

    fn unexpected(&mut self, reply: &Reply) -> Broken {
        let line = serde_json::to_string(reply).unwrap_or_default();
        self.bury(&format!("the agent sent an unexpected line: {line}"))
    }

    /// Ends an agent that broke and collects its remaining output.
    fn bury(&mut self, what: &str) -> Broken {
        let killed = self.running.get().kill();
        let stderr = self.stderr.as_ref().map(|tail| tail.within(GRACE));
        let broken = if interrupted() {
            Broken::interrupted()
        } else {
            Broken::silent(what)
        };
        let how = killed.map(|how| format!(" ({how})")).unwrap_or_default();
        Broken {
            what: broken.what + &how,
            stderr: stderr.unwrap_or_default(),
        }
    }
}

/// The lines of a stream, read by a thread so that they can be waited for with a deadline.
fn lines_of(stream: Box<dyn Read + Send>) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            let Ok(line) = line else { break };
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}
