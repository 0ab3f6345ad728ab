//! The harness's side of the protocol, with one agent.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use dualstack_agent::protocol::{Hello, Place, Ready, Reply, Request, VERSION, write_line};
use dualstack_scenario::{Case, HostFacts, Observation, Outcome, Record, Requires, Script};

use crate::run::allowance::Allowance;
use crate::run::broken::{Broken, NoStart};
use crate::run::keepable;
use crate::run::lines::{self, BadLine};
use crate::run::link::{Link, Running};
use crate::run::live::{Live, interrupted};
use crate::run::patience::Patience;
use crate::run::tail::Tail;

/// How long to wait for something that has ended: a stream can still be held by a child
/// process of the agent, and a process outlives its streams by a moment.
const GRACE: Duration = Duration::from_millis(200);

/// What is said of a case that the run had no time for.
pub(crate) const TIME_IS_UP: &str = "the time of the run was up (--timeout)";

/// How much of a line that is wrong a message shows, in characters.
const SHOWN: usize = 200;

/// The terms of a run: how long an agent may take on an idle machine (on a busy one it may
/// take longer), how long the whole may take, and what cases may reach.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// For the agent's first line.
    pub start: Duration,
    /// For each case, on top of what its calls may take.
    pub case: Duration,
    /// For the agent's end.
    pub end: Duration,
    /// When the run is over, whatever is left; default: never.
    pub until: Option<Instant>,
    /// Whether cases may reach more than the lab; default: no.
    pub allow_network: bool,
    /// Whether cases may start programs; default: no.
    pub allow_programs: bool,
}

impl Terms {
    /// Whether the run's time is up.
    pub(crate) fn are_over(&self) -> bool {
        self.until.is_some_and(|until| until <= Instant::now())
    }
}

impl Default for Terms {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            start: seconds(20),
            case: seconds(10),
            end: seconds(5),
            until: None,
            allow_network: false,
            allow_programs: false,
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
    input: Option<Sender<Vec<u8>>>,
    lines: Receiver<Result<String, BadLine>>,
    stderr: Option<Tail>,
    running: Live<Box<dyn Running>>,
    terms: Terms,
    allowance: Allowance,
}

impl Session {
    /// Reads the first line of an agent that was started.
    pub(crate) fn start(link: Link, terms: Terms, allowance: &Allowance) -> Result<Self, Broken> {
        let mut link = Harnessed {
            input: Some(lines::write(link.input)),
            lines: lines::read(link.output),
            stderr: link.stderr.map(Tail::of),
            running: Live::new(link.running),
            terms,
            allowance: allowance.clone(),
        };
        if interrupted() {
            return Err(link.bury(""));
        }
        match link.receive(terms.start)? {
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
            allow_network: self.link.terms.allow_network,
            allow_programs: self.link.terms.allow_programs,
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
            allow_network: self.link.terms.allow_network,
            allow_programs: self.link.terms.allow_programs,
        })
    }

    fn made_ready(&mut self, request: &Request) -> Result<Ready, NoStart> {
        self.link.send(request);
        match self.link.receive(self.link.terms.start)? {
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

    /// Reads the answer to the oldest case that was sent, which is this one.
    pub(crate) fn observed(&mut self, case: &Case) -> Result<Observation, Broken> {
        let calls = case.script.steps.len();
        match self.link.receive(self.patience(&case.script))? {
            Reply::Observed {
                case: answered,
                observation,
            } if answered == case.id => match observation.steps.len() {
                steps if steps <= calls => {
                    let outcomes = observation.steps.iter().map(|record| &record.outcome);
                    self.refuse_long_lists(outcomes)?;
                    Ok(observation)
                }
                steps => Err(self.link.bury(&format!(
                    "the agent answered {steps} steps of a case that has {calls}"
                ))),
            },
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
        match self.link.receive(self.patience_for(1))? {
            Reply::Stepped {
                number: stepped,
                record,
            } if stepped == number => {
                self.refuse_long_lists([&record.outcome])?;
                Ok(record)
            }
            other => Err(self.link.unexpected(&other)),
        }
    }

    fn refuse_long_lists<'a>(
        &mut self,
        outcomes: impl IntoIterator<Item = &'a Outcome>,
    ) -> Result<(), Broken> {
        let entries = outcomes.into_iter().map(Outcome::entries).max();
        match entries.filter(|entries| *entries > Outcome::ENTRIES) {
            None => Ok(()),
            Some(entries) => Err(self.link.bury(&format!(
                "the agent answered a list of {entries} entries; a call returns at most {}",
                Outcome::ENTRIES
            ))),
        }
    }

    /// Lets the agent close its sockets of that case.
    pub(crate) fn finish(&mut self) -> Result<(), Broken> {
        self.link.send(&Request::Finish);
        match self.link.receive(self.link.terms.case)? {
            Reply::Finished => Ok(()),
            other => Err(self.link.unexpected(&other)),
        }
    }

    /// How long to wait for the results of a case. Its programs may take all the time that
    /// it has.
    fn patience(&self, script: &Script) -> Duration {
        self.patience_for(match script.programs.as_slice() {
            [] => script.steps.len(),
            _ => usize::MAX,
        })
    }

    /// How long to wait for the results of this many calls.
    fn patience_for(&self, calls: usize) -> Duration {
        let calls = u32::try_from(calls).unwrap_or(u32::MAX);
        let limits = dualstack_agent::Limits::default();
        let together = limits.call.saturating_mul(calls);
        self.link.terms.case + together.min(limits.case + limits.call)
    }

    /// Lets the agent end.
    pub(crate) fn end(mut self) -> Result<(), Broken> {
        self.link.send(&Request::End);
        self.link.input = None;
        match self.link.receive(self.link.terms.end)? {
            Reply::Done { .. } => {
                let ended = self.link.running.get().wait();
                ended.map_err(|end| self.link.bury(&end.to_string()))
            }
            other => Err(self.link.unexpected(&other)),
        }
    }
}

impl Harnessed {
    /// Sends a line. A failure to write is not reported: what the agent said before it
    /// ended still counts, and then its silence shows.
    fn send(&mut self, request: &Request) {
        let mut line = Vec::new();
        let written = write_line(&mut line, request).is_ok();
        let sent = self.input.as_ref().map(|input| input.send(line));
        if !(written && matches!(sent, Some(Ok(())))) {
            self.input = None;
        }
    }

    fn receive(&mut self, within: Duration) -> Result<Reply, Broken> {
        let patience = Patience::new(within);
        let mut left = within;
        let line = loop {
            let until = self.terms.until;
            let time = until.map(|until| until.saturating_duration_since(Instant::now()));
            match self
                .lines
                .recv_timeout(time.map_or(left, |time| time.min(left)))
            {
                Ok(Ok(line)) => break line,
                Ok(Err(bad)) => return Err(self.bury(&bad.to_string())),
                Err(RecvTimeoutError::Timeout) if self.terms.are_over() => {
                    return Err(self.bury(TIME_IS_UP));
                }
                Err(RecvTimeoutError::Timeout) => match patience.left() {
                    Ok(longer) => left = longer,
                    Err(too_long) => {
                        return Err(self.bury(&format!("the agent said nothing for {too_long}")));
                    }
                },
                Err(RecvTimeoutError::Disconnected) => {
                    self.running.get().linger(GRACE);
                    return Err(self.bury("the agent ended before it was done"));
                }
            }
        };
        if !self.allowance.take(line.len()) {
            return Err(self.bury(&self.allowance.exceeded()));
        }
        let reply = serde_json::from_str(&line).map_err(|error| {
            self.bury(&format!(
                "the agent sent a line that is not part of the protocol ({error}): {}",
                beginning(&line)
            ))
        })?;
        match keepable::too_much(&line, &reply) {
            None => Ok(reply),
            Some(why) => Err(self.bury(&format!("the agent sent {why}"))),
        }
    }

    fn unexpected(&mut self, reply: &Reply) -> Broken {
        let line = serde_json::to_string(reply).unwrap_or_default();
        self.bury(&format!(
            "the agent sent an unexpected line: {}",
            beginning(&line)
        ))
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

/// The beginning of a line, for a message.
fn beginning(line: &str) -> String {
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({} bytes)", &line[..end], line.len()),
        None => line.to_owned(),
    }
}
