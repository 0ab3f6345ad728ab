//! A running agent, seen from the harness: two streams, and a way to end it.

use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use wait_timeout::ChildExt;

use crate::run::broken::{Broken, NoStart};
use crate::run::group::Group;

/// How long a process may take to end after its last line.
const END: Duration = Duration::from_secs(5);

/// A running agent.
pub struct Link {
    /// The harness writes its lines here.
    pub input: Box<dyn Write + Send>,
    /// The harness reads the agent's lines here.
    pub output: Box<dyn Read + Send>,
    /// Other output, as evidence if the agent breaks.
    pub stderr: Option<Box<dyn Read + Send>>,
    /// The running agent, and how to end it.
    pub running: Box<dyn Running>,
}

/// Something that runs an agent: a process, a virtual machine, a container.
///
/// Dropping it ends it and leaves nothing behind.
pub trait Running: Send {
    /// Waits until it has ended by itself.
    fn wait(&mut self) -> Result<(), BadEnd>;

    /// Ends it, and returns how it had ended if it had.
    fn kill(&mut self) -> Option<String>;

    /// Gives it this long to end by itself after its output has ended: a process closes
    /// its streams a moment before it is gone.
    fn linger(&mut self, grace: Duration) {
        _ = grace;
    }
}

/// How something ended that did not end well, or that it did not end in time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadEnd(pub String);

impl Running for Box<dyn Running> {
    fn wait(&mut self) -> Result<(), BadEnd> {
        self.as_mut().wait()
    }

    fn kill(&mut self) -> Option<String> {
        self.as_mut().kill()
    }

    fn linger(&mut self, grace: Duration) {
        self.as_mut().linger(grace);
    }
}

/// A program that could not be started.
#[derive(Debug, thiserror::Error)]
#[error("failed to start `{program}`: {error}")]
pub struct SpawnError {
    /// The program, as named in the command.
    pub program: String,
    /// The system's error.
    pub error: io::Error,
}

impl From<SpawnError> for NoStart {
    fn from(error: SpawnError) -> Self {
        Broken::silent(error.to_string()).into()
    }
}

impl Link {
    /// Starts a command whose standard input and output speak the protocol. Its end is also
    /// the end of everything that it has started.
    ///
    /// # Errors
    ///
    /// The program cannot be started.
    pub fn spawn(command: Command) -> Result<Self, SpawnError> {
        Self::spawn_by(command, |command| {
            let (child, group) = Group::spawn(command)?;
            let group = Some(group);
            Ok(Process { child, group })
        })
    }

    /// The same, but it can use the terminal that the harness uses. What it has started may
    /// outlive it.
    pub(crate) fn spawn_here(command: Command) -> Result<Self, SpawnError> {
        Self::spawn_by(command, |command| {
            let (child, group) = (command.spawn()?, None);
            Ok(Process { child, group })
        })
    }

    fn spawn_by(
        mut command: Command,
        spawn: impl FnOnce(&mut Command) -> io::Result<Process>,
    ) -> Result<Self, SpawnError> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let failed = |error, command: &Command| SpawnError {
            program: command.get_program().to_string_lossy().into_owned(),
            error,
        };
        let mut process = spawn(&mut command).map_err(|error| failed(error, &command))?;
        let child = &mut process.child;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            let error = io::Error::other("its standard input and output are not pipes");
            return Err(failed(error, &command));
        };
        let stderr = child
            .stderr
            .take()
            .map(|stderr| Box::new(stderr) as Box<dyn Read + Send>);
        Ok(Self {
            input: Box::new(input),
            output: Box::new(output),
            stderr,
            running: Box::new(process),
        })
    }
}

/// Waits until a process has ended after its last line.
pub(crate) fn await_end(process: &mut Child, name: &str) -> Result<(), BadEnd> {
    Err(BadEnd(match process.wait_timeout(END) {
        Ok(Some(status)) if status.success() => return Ok(()),
        Ok(Some(status)) => format!("{name} ended with {status}"),
        Ok(None) => format!("{name} did not end within {} s", END.as_secs()),
        Err(error) => format!("failed to wait for {name}: {error}"),
    }))
}

/// An agent in a separate process.
struct Process {
    child: Child,
    group: Option<Group>,
}

impl Running for Process {
    fn wait(&mut self) -> Result<(), BadEnd> {
        await_end(&mut self.child, "the agent")
    }

    fn linger(&mut self, grace: Duration) {
        _ = self.child.wait_timeout(grace);
    }

    fn kill(&mut self) -> Option<String> {
        let already = self.child.try_wait().ok().flatten();
        self.group.as_mut().map(Group::kill);
        _ = self.child.kill();
        _ = self.child.wait();
        already.map(|status| status.to_string())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
