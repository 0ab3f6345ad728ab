//! A booted machine, and its sessions.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::fd::OwnedFd;
use std::process::{ChildStdout, Command};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dualstack_agent::deflate;

use super::boot::Boot;
use super::console::LastWords;
use super::qemu::Qemu;
use crate::run::link::{BadEnd, Link, Running};
use crate::run::live::Live;
use crate::run::tail::Tail;

/// How long an agent may take to end its stream after its last line.
const END: Duration = Duration::from_secs(5);

/// A machine with an agent that waits for a session, or will soon.
#[derive(Debug)]
pub(super) struct Guest {
    machine: Machine,
    output: BufReader<ChildStdout>,
}

/// A guest without the stream that a session reads.
#[derive(Debug)]
struct Machine {
    /// An interrupt can reach it with or without a session.
    qemu: Live<Qemu>,
    boot: Boot,
    input: Arc<File>,
    console: Tail,
}

/// The machine without a session, if there is one. Without KVM an idle machine still takes some
/// percent of a processor, so there is no more than one of each kernel.
#[derive(Debug, Default)]
pub(super) struct Idle(Mutex<Option<Guest>>);

impl Idle {
    /// The machine, if it has this boot and has not ended since; another one is ended.
    pub(super) fn take(&self, boot: Boot) -> Option<Guest> {
        let guest = self.end()?;
        (guest.machine.boot == boot && guest.machine.qemu.get().is_running()).then_some(guest)
    }

    /// Takes the machine away, which ends unless it is used.
    pub(super) fn end(&self) -> Option<Guest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put(&self, guest: Guest) {
        let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *idle = Some(guest);
    }
}

impl Guest {
    /// Starts a machine; its agent's first line shows that it is up.
    pub(super) fn start(qemu: Command, boot: Boot) -> io::Result<Self> {
        let (qemu, input, output, console) = Qemu::spawn(qemu)?;
        let machine = Machine {
            qemu: Live::new(qemu),
            boot,
            input: Arc::new(OwnedFd::from(input).into()),
            console: Tail::of(console),
        };
        let output = BufReader::new(output);
        Ok(Self { machine, output })
    }

    /// Holds a session. If that ends well the machine becomes idle again; otherwise it
    /// ends too.
    pub(super) fn session(self, idle: Arc<Idle>) -> Link {
        let (back, output) = channel();
        Link {
            input: Box::new(deflate::writer(Arc::clone(&self.machine.input))),
            output: Box::new(Output {
                stream: Some(deflate::Reader::new(self.output)),
                back,
            }),
            stderr: Some(Box::new(LastWords::of(&self.machine.console))),
            running: Box::new(Session {
                machine: Some(self.machine),
                output,
                idle,
            }),
        }
    }
}

/// The output of the agent in one session.
struct Output {
    stream: Option<deflate::Reader<BufReader<ChildStdout>>>,
    /// Where the port is returned for the next session.
    back: Sender<BufReader<ChildStdout>>,
}

impl Read for Output {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(stream) = &mut self.stream else {
            return Ok(0);
        };
        let read = stream.read(buffer);
        if stream.ended() && matches!(read, Ok(0)) {
            let port = self.stream.take().map(deflate::Reader::into_inner);
            // If the session was abandoned, no one receives it.
            _ = port.map(|port| self.back.send(port));
        }
        read
    }
}

struct Session {
    machine: Option<Machine>,
    output: Receiver<BufReader<ChildStdout>>,
    idle: Arc<Idle>,
}

impl Running for Session {
    /// Waits until the agent has ended its stream; the machine keeps running.
    fn wait(&mut self) -> Result<(), BadEnd> {
        let output = self.output.recv_timeout(END);
        let output = output.map_err(|_| BadEnd("the agent did not end its stream".to_owned()))?;
        if let Some(machine) = self.machine.take() {
            self.idle.put(Guest { machine, output });
        }
        Ok(())
    }

    fn kill(&mut self) -> Option<String> {
        self.machine.as_mut()?.qemu.get().kill()
    }

    fn linger(&mut self, grace: Duration) {
        if let Some(machine) = &mut self.machine {
            machine.qemu.get().linger(grace);
        }
    }
}
