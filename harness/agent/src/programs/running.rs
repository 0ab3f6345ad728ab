//! A program that was started, seen from its agent.

use std::io::{self, BufRead, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use dualstack_scenario::names::SocketType;
use dualstack_scenario::{Attempts, Ended, Line, Open, OpenSocket, ProgramRun, Signal};
use dualstack_sockets::{Error, OsError};
use nix::errno::Errno;
use regex_lite::Regex;

use super::attempts::Watch;
use super::order::{Heard, Order, Told};
use super::tree::Tree;
use super::{KEEP, open};
use crate::protocol::write_line;
use crate::stop::Stop;

/// How much of its output is kept to look for lines, and how much of that is evidence at the
/// end, in bytes.
const KEPT: usize = 256 * 1024;
const EVIDENCE: usize = 4 * 1024;

/// How long a keeper may take for its first line, and for its end.
const KEEPER: Duration = Duration::from_secs(10);

/// How often the system is asked for sockets while one is waited for: it tells nobody when
/// another process opens one.
const PAUSE: Duration = Duration::from_millis(10);

/// A program, its keeper, and what is known about it.
pub(crate) struct Running {
    name: String,
    command: Vec<String>,
    keeper: Child,
    orders: Option<ChildStdin>,
    known: Arc<Known>,
    watch: Option<Watch>,
}

#[derive(Default)]
struct Known {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    first: Option<Told>,
    /// The end of its output.
    text: String,
    /// How much came before that.
    left_out: u64,
    /// Where in the text the next line is looked for.
    next: usize,
    end: Option<String>,
    stopped: Option<String>,
    /// Whether the keeper is gone.
    gone: bool,
}

impl Running {
    /// Starts a program; what is attempted on its host is watched before.
    pub(crate) fn start(name: &str, order: &Order, watches: bool) -> Result<Self, Stop> {
        let unmade = |error: io::Error| Stop::Unmade(format!("no keeper for `{name}`: {error}"));
        let unseen = |error| Stop::Unmade(format!("no packet socket to watch with: {error}"));
        let watch = watches.then(Watch::open).transpose().map_err(unseen)?;
        let mut command = Command::new(std::env::current_exe().map_err(unmade)?);
        command
            .args(std::env::args_os().skip(1))
            .arg(KEEP)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut keeper = command.spawn().map_err(unmade)?;
        let (orders, told) = (keeper.stdin.take(), keeper.stdout.take());
        let mut running = Self {
            name: name.to_owned(),
            command: order.command.clone(),
            keeper,
            orders,
            known: Arc::default(),
            watch,
        };
        let known = Arc::clone(&running.known);
        thread::spawn(move || {
            let lines = told
                .into_iter()
                .flat_map(|told| BufReader::new(told).lines());
            let lines = lines.map_while(Result::ok);
            lines
                .filter_map(|line| serde_json::from_str(&line).ok())
                .for_each(|told| known.learn(told));
            known.update(|state| state.gone = true);
        });
        running.order(order)?;
        let first = running.known.wait(KEEPER, |state| state.first.clone());
        match first {
            Some(Told::Started(_)) => Ok(running),
            Some(Told::NotStarted(code)) if code == Errno::ENOENT as i32 => {
                let program = &running.command[0];
                Err(Stop::Call(Error::Unavailable {
                    what: format!("program `{program}`").into(),
                }))
            }
            Some(Told::NotStarted(code)) => Err(Stop::Call(OsError::from_code(code).into())),
            Some(Told::Failed(why)) => Err(Stop::Unmade(why)),
            Some(_) | None => Err(Stop::Unmade(format!("the keeper of `{name}` said nothing"))),
        }
    }

    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.name == name
    }

    fn order(&mut self, order: &impl serde::Serialize) -> Result<(), Stop> {
        let gone = || Stop::Unmade(format!("the keeper of `{}` is gone", self.name));
        let orders = self.orders.as_mut().ok_or_else(gone)?;
        write_line(orders, order).map_err(|_| gone())
    }

    /// Sends it a signal.
    pub(crate) fn kill(&mut self, signal: Signal) -> Result<(), Stop> {
        if self.known.lock().end.is_some() {
            return Err(ended());
        }
        let number: nix::sys::signal::Signal = signal
            .to_string()
            .parse()
            .map_err(|_| Stop::Unmade(format!("{signal} has no number here")))?;
        self.order(&Heard::Signal(number as i32))
    }

    /// Waits for its end.
    pub(crate) fn wait(&self, deadline: Duration) -> Result<Ended, Stop> {
        let how = self.known.wait(deadline, |state| state.end.clone());
        how.map(|how| Ended { how })
            .ok_or_else(|| late("wait", deadline))
    }

    /// Waits for a line after the one that was found before.
    pub(crate) fn line(&self, pattern: Option<&str>, deadline: Duration) -> Result<Line, Stop> {
        let pattern = Regex::new(pattern.unwrap_or_default());
        let pattern = pattern.map_err(|error| Stop::Unmade(error.to_string()))?;
        let found = self
            .known
            .wait_mut(deadline, |state| match state.line(&pattern) {
                Some(line) => Some(Ok(line)),
                None => state.end.is_some().then(|| Err(ended())),
            });
        found.unwrap_or_else(|| Err(late("output", deadline)))
    }

    /// Waits until it has a socket that can be reached, of this type and with this port if
    /// they are given.
    pub(crate) fn listening(
        &self,
        kind: Option<SocketType>,
        port: Option<u16>,
        deadline: Duration,
    ) -> Result<OpenSocket, Stop> {
        let since = Instant::now();
        loop {
            let has_ended = self.is_gone();
            let fits = |socket: &OpenSocket| {
                kind.is_none_or(|kind| socket.r#type == kind)
                    && port.is_none_or(|port| socket.name.port() == Some(port))
            };
            if let Some(socket) = self.sockets()?.into_iter().find(fits) {
                return Ok(socket);
            }
            if has_ended {
                return Err(ended());
            }
            if since.elapsed() >= deadline {
                return Err(late("listening", deadline));
            }
            thread::sleep(PAUSE);
        }
    }

    /// The sockets that it has, after they have stayed the same for so long. Having none is
    /// an answer at the deadline, or when it has ended.
    pub(crate) fn settled(
        &self,
        port: Option<u16>,
        settled: Duration,
        deadline: Duration,
    ) -> Result<Open, Stop> {
        let since = Instant::now();
        let (mut last, mut same_since) = (Vec::new(), Instant::now());
        loop {
            let has_ended = self.is_gone();
            let mut sockets = self.sockets()?;
            sockets.retain(|socket| port.is_none_or(|port| socket.name.port() == Some(port)));
            if sockets != last {
                (last, same_since) = (sockets, Instant::now());
            }
            let is_late = since.elapsed() >= deadline;
            let is_settled = same_since.elapsed() >= settled;
            if has_ended || (is_settled && (is_late || !last.is_empty())) {
                return Ok(Open {
                    sockets: last,
                    of_one_port: port.is_some(),
                    ended: self.known.lock().end.clone(),
                });
            }
            if is_late && !last.is_empty() {
                return Err(late("sockets", deadline));
            }
            thread::sleep(PAUSE);
        }
    }

    /// What was attempted on its host, after nothing new was seen for so long. Nothing is an
    /// answer at the deadline, or when it has ended.
    pub(crate) fn attempts(&self, settled: Duration, deadline: Duration) -> Result<Attempts, Stop> {
        let unwatched = || Stop::Unmade(format!("`{}` was started without `watch`", self.name));
        let watch = self.watch.as_ref().ok_or_else(unwatched)?;
        let since = Instant::now();
        loop {
            let has_ended = self.is_gone();
            let (attempts, ago) = watch.so_far();
            let is_settled = ago.is_some_and(|ago| ago >= settled);
            if has_ended || is_settled {
                return Ok(attempts);
            }
            if since.elapsed() >= deadline {
                return match attempts.list.is_empty() {
                    true => Ok(attempts),
                    false => Err(late("attempts", deadline)),
                };
            }
            thread::sleep(PAUSE);
        }
    }

    /// Whether it has ended, and everything that it had started.
    fn is_gone(&self) -> bool {
        self.has_ended() && Tree::of(self.root()).pids().is_empty()
    }

    fn has_ended(&self) -> bool {
        self.known.lock().end.is_some()
    }

    /// The process whose descendants it and everything that it has started are.
    fn root(&self) -> i32 {
        self.keeper.id().try_into().unwrap_or(i32::MAX)
    }

    fn sockets(&self) -> Result<Vec<OpenSocket>, Stop> {
        // A daemon that it has left is not looked at again: it must not be missed.
        let tree = match self.has_ended() {
            true => Tree::of(self.root()),
            false => Tree::glance(self.root()),
        };
        open::sockets(tree.pids()).map_err(Stop::Unmade)
    }

    /// Ends it with everything that it has started, and tells what it was.
    pub(crate) fn end(mut self) -> ProgramRun {
        let end = {
            let state = self.known.lock();
            let ended = state.end.clone();
            let stopped = state.stopped.as_ref().map(|why| format!("ended: {why}"));
            stopped.or(ended).unwrap_or_else(|| "running".to_owned())
        };
        self.let_go();
        let state = self.known.lock();
        let start = state.text.len().saturating_sub(EVIDENCE);
        let start = boundary(&state.text, start);
        ProgramRun {
            name: self.name.clone(),
            command: self.command.clone(),
            output: state.text[start..].to_owned(),
            left_out: state.left_out + start as u64,
            end,
        }
    }

    /// The keeper ends everything when its input ends.
    fn let_go(&mut self) {
        self.orders = None;
        let gone = self.known.wait(KEEPER, |state| state.gone.then_some(()));
        if gone.is_none() {
            _ = self.keeper.kill();
        }
        _ = self.keeper.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.let_go();
    }
}

impl Known {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn update(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    fn learn(&self, told: Told) {
        self.update(|state| match told {
            Told::Started(_) | Told::NotStarted(_) | Told::Failed(_) => state.first = Some(told),
            Told::Wrote(text) => state.write(&text),
            Told::Ended(how) => state.end = Some(how),
            Told::Stopped(why) => state.stopped = Some(why),
        });
    }

    /// Waits until something is known, or the keeper is gone.
    fn wait<T>(&self, deadline: Duration, known: impl Fn(&State) -> Option<T>) -> Option<T> {
        self.wait_mut(deadline, |state| known(state))
    }

    fn wait_mut<T>(
        &self,
        deadline: Duration,
        mut known: impl FnMut(&mut State) -> Option<T>,
    ) -> Option<T> {
        let until = Instant::now() + deadline;
        let mut state = self.lock();
        loop {
            if let Some(known) = known(&mut state) {
                return Some(known);
            }
            let left = until.saturating_duration_since(Instant::now());
            if state.gone || left.is_zero() {
                return None;
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl State {
    fn write(&mut self, text: &str) {
        self.text.push_str(text);
        let surplus = self.text.len().saturating_sub(KEPT);
        let surplus = boundary(&self.text, surplus);
        self.text.drain(..surplus);
        self.left_out += surplus as u64;
        self.next = self.next.saturating_sub(surplus);
    }

    /// The next line that matches. The last line counts even without its end, if the program
    /// has ended.
    fn line(&mut self, pattern: &Regex) -> Option<Line> {
        let mut next = self.next;
        while let Some(rest) = self.text.get(next..).filter(|rest| !rest.is_empty()) {
            let length = match rest.find('\n') {
                Some(end) => end + 1,
                None if self.end.is_some() => rest.len(),
                None => return None,
            };
            let line = rest[..length].trim_end_matches(['\n', '\r']);
            next += length;
            if let Some(groups) = pattern.captures(line) {
                let line = Line {
                    text: line.to_owned(),
                    part: groups.get(1).map(|part| part.as_str().to_owned()),
                };
                self.next = next;
                return Some(line);
            }
        }
        None
    }
}

/// The first place at or after this one that is not within a character.
fn boundary(text: &str, at: usize) -> usize {
    let mut places = at..text.len();
    places
        .find(|place| text.is_char_boundary(*place))
        .unwrap_or(text.len())
}

/// The error of kill(2) for a process that has ended.
fn ended() -> Stop {
    Stop::Call(OsError::from_code(Errno::ESRCH as i32).into())
}

fn late(call: &'static str, after: Duration) -> Stop {
    Stop::Call(Error::TimedOut { call, after })
}
