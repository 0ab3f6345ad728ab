//! An agent in a container as a link: the engine's streams as ordinary ones.

use std::io::{self, Cursor, Read, Write};
use std::pin::Pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use testcontainers::bollard::container::LogOutput;
use testcontainers::bollard::errors::Error as BollardError;
use testcontainers::bollard::exec::StartExecResults;
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::task::JoinHandle;

use super::engine;
use super::failure::EngineError;
use super::started::{self, Started};
use crate::run::link::{BadEnd, Link, Running};

/// Starts an agent in a container; the container exists as long as the link.
pub(super) fn link(container: Started) -> Result<Link, EngineError> {
    let (exec, streams) = container.exec()?;
    let StartExecResults::Attached { output, input } = streams else {
        let said = "the container engine gives it no streams";
        return Err(EngineError::other("talk to the agent", said));
    };
    let (stdout, chunks) = channel();
    let (stderr, error_chunks) = channel();
    let pump = engine::spawn(pump(output, stdout, stderr));
    Ok(Link {
        input: Box::new(Input(input)),
        output: Box::new(Output::new(chunks)),
        stderr: Some(Box::new(Output::new(error_chunks))),
        running: Box::new(Agent {
            exec,
            container: Some(container),
            pump,
        }),
    })
}

/// Separates the engine's streams until the agent's end. Nothing here is bounded because
/// the protocol is: only a few cases are in progress at once.
async fn pump(
    mut output: Pin<Box<dyn Stream<Item = Result<LogOutput, BollardError>> + Send>>,
    stdout: Sender<Vec<u8>>,
    stderr: Sender<Vec<u8>>,
) {
    while let Some(chunk) = output.next().await {
        let taken = match chunk {
            Ok(LogOutput::StdErr { message }) => stderr.send(message.into()),
            Ok(LogOutput::StdOut { message }) => stdout.send(message.into()),
            Ok(LogOutput::StdIn { .. } | LogOutput::Console { .. }) => Ok(()),
            Err(error) => stderr.send(format!("the engine's stream broke: {error}\n").into()),
        };
        // No one listens to one of them any longer, which does not close the other.
        _ = taken;
    }
}

/// Ends the streams, after the rest of them has arrived or this time has passed.
fn end(pump: &mut JoinHandle<()>, longest: Duration) {
    let rest = async { tokio::time::timeout(longest, &mut *pump).await };
    if engine::wait(rest).is_err() {
        pump.abort();
    }
}

struct Input(Pin<Box<dyn AsyncWrite + Send>>);

impl Write for Input {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        engine::wait(self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        engine::wait(self.0.flush())
    }
}

struct Output {
    chunks: Receiver<Vec<u8>>,
    chunk: Cursor<Vec<u8>>,
}

impl Output {
    fn new(chunks: Receiver<Vec<u8>>) -> Self {
        Self {
            chunks,
            chunk: Cursor::default(),
        }
    }
}

impl Read for Output {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.chunk.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            match self.chunks.recv() {
                Ok(chunk) => self.chunk = Cursor::new(chunk),
                Err(_) => return Ok(0),
            }
        }
    }
}

/// An agent that was started in a container, and the container.
struct Agent {
    exec: String,
    container: Option<Started>,
    pump: JoinHandle<()>,
}

impl Agent {
    /// How long an agent may take to end after its last line.
    const END: Duration = Duration::from_secs(5);

    /// How long what an agent has written may take to arrive when its container is gone. The
    /// engine does not always close the streams then (seen with gVisor).
    const REST: Duration = Duration::from_secs(2);

    /// How it ended, if it has: with success or an error.
    fn ended(&self) -> Option<Result<(), String>> {
        let state = match started::agent_state(&self.exec) {
            Ok(state) => state,
            Err(error) => return Some(Err(error.to_string())),
        };
        match state.exit_code {
            None if state.running == Some(true) => None,
            Some(0) => Some(Ok(())),
            Some(code) => Some(Err(format!("exit status {code}"))),
            None => Some(Err(
                "an exit status that the engine does not report".to_owned()
            )),
        }
    }
}

impl Running for Agent {
    fn wait(&mut self) -> Result<(), BadEnd> {
        if self.ended().is_none() {
            let waited = started::await_end(&self.exec, Self::END);
            waited.map_err(|error| BadEnd(error.to_string()))?;
        }
        Err(BadEnd(match self.ended() {
            Some(Ok(())) => return Ok(()),
            Some(Err(how)) => format!("the agent ended with {how}"),
            None => format!("the agent did not end within {} s", Self::END.as_secs()),
        }))
    }

    /// The engine closes an agent's streams before it knows how the agent ended.
    fn linger(&mut self, grace: Duration) {
        if self.ended().is_none() {
            // If the engine does not answer, the next request to it will report that.
            _ = started::await_end(&self.exec, grace);
        }
    }

    fn kill(&mut self) -> Option<String> {
        let container = self.container.take()?;
        let ended = self.ended();
        drop(container);
        end(&mut self.pump, Self::REST);
        ended.map(|how| how.map_or_else(|how| how, |()| "exit status 0".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    #[test]
    fn streams_that_the_engine_leaves_open_end_with_their_container() {
        let (stdout, _chunks) = channel();
        let (stderr, error_chunks) = channel();
        let message = "the last words".into();
        let said = stream::iter([Ok(LogOutput::StdErr { message })]);
        let open = Box::pin(said.chain(stream::pending()));
        let mut pump = engine::spawn(pump(open, stdout, stderr));
        end(&mut pump, Duration::from_millis(200));
        let mut said = String::new();
        Output::new(error_chunks).read_to_string(&mut said).unwrap();
        assert_eq!(said, "the last words");
    }
}
