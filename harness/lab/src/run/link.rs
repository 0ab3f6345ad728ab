//! A running agent as the harness holds it: two streams, and the means to end it.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use wait_timeout::ChildExt;

/// How long a process may take to end once it has said that it does.
const END: Duration = Duration::from_secs(5);

/// A running agent.
pub struct Link {
    /// Where the harness writes its lines.
    pub input: Box<dyn Write + Send>,
    /// Where the agent's lines come from.
    pub output: Box<dyn Read + Send>,
    /// Where else it says something, for evidence when it breaks.
    pub stderr: Option<Box<dyn Read + Send>>,
    /// What is running, and how to end it.
    pub running: Box<dyn Running>,
}

/// Something that runs an agent: a process, a virtual machine, a container.
///
/// Dropping it ends it and leaves nothing behind.
pub trait Running: Send {
    /// Waits until it has ended by itself and tells how, if it was not well.
    fn wait(&mut self) -> Result<(), String>;

    /// Ends it, and tells how it had ended if it had.
    fn kill(&mut self) -> Option<String>;

    /// Gives it so long to end by itself, when its output has: a process closes
    /// its streams a moment before it is gone.
    fn linger(&mut self, grace: Duration) {
        _ = grace;
    }
}

impl Running for Box<dyn Running> {
    fn wait(&mut self) -> Result<(), String> {
        self.as_mut().wait()
    }

    fn kill(&mut self) -> Option<String> {
        self.as_mut().kill()
    }

    fn linger(&mut self, grace: Duration) {
        self.as_mut().linger(grace);
    }
}

impl Link {
    /// Starts a command whose standard input and output speak the protocol.
    pub fn spawn(mut command: Command) -> Result<Self, String> {
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("failed to start `{program}`: {error}"))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(format!("`{program}` has no standard input or output"));
        };
        let stderr = child
            .stderr
            .take()
            .map(|stderr| Box::new(stderr) as Box<dyn Read + Send>);
        let running = Box::new(Process(child));
        Ok(Self {
            input: Box::new(input),
            output: Box::new(output),
            stderr,
            running,
        })
    }
}

/// An agent in a process of its own.
struct Process(Child);

impl Running for Process {
    fn wait(&mut self) -> Result<(), String> {
        match self.0.wait_timeout(END) {
            Ok(Some(status)) if status.success() => Ok(()),
            Ok(Some(status)) => Err(format!("the agent ended with {status}")),
            Ok(None) => Err(format!("the agent did not end within {} s", END.as_secs())),
            Err(error) => Err(format!("failed to wait for the agent: {error}")),
        }
    }

    fn linger(&mut self, grace: Duration) {
        _ = self.0.wait_timeout(grace);
    }

    fn kill(&mut self) -> Option<String> {
        let already = self.0.try_wait().ok().flatten();
        _ = self.0.kill();
        _ = self.0.wait();
        already.map(|status| status.to_string())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
