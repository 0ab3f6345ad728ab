//! The lines to and from an agent. Threads read and write them, so that neither an agent
//! that says nothing nor one that reads nothing can hold up the harness.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

/// The longest line of an agent, in bytes. The largest answer of the corpus has 20 kB.
pub(crate) const LONGEST: usize = 4 << 20;

/// How many lines are read ahead: more than an agent has to say at once.
const AHEAD: usize = 8;

/// A line that cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadLine {
    /// It goes on behind [`LONGEST`].
    #[error("the agent sent a line of more than {} MiB", LONGEST >> 20)]
    TooLong,
    /// It is not UTF-8.
    #[error("the agent sent a line that is not UTF-8")]
    NotText,
}

/// The lines of a stream, until it ends or one is bad.
pub(crate) fn read(stream: impl Read + Send + 'static) -> Receiver<Result<String, BadLine>> {
    let (sender, receiver) = sync_channel(AHEAD);
    thread::spawn(move || forward(BufReader::new(stream), &sender));
    receiver
}

fn forward(mut stream: impl BufRead, lines: &SyncSender<Result<String, BadLine>>) {
    while let Ok(Some(line)) = next(&mut stream) {
        let bad = line.is_err();
        if lines.send(line).is_err() || bad {
            return;
        }
    }
}

/// The next line; `None` at the end of the stream. A last line without its newline is
/// one too.
fn next(stream: &mut impl BufRead) -> io::Result<Option<Result<String, BadLine>>> {
    let mut line = Vec::new();
    let limit = LONGEST as u64 + 1;
    if stream.take(limit).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() > LONGEST {
        return Ok(Some(Err(BadLine::TooLong)));
    }
    Ok(Some(String::from_utf8(line).map_err(|_| BadLine::NotText)))
}

/// Writes what it is sent to a stream, and closes it when the sender is dropped. After a
/// failure nothing more can be sent.
pub(crate) fn write(mut stream: impl Write + Send + 'static) -> Sender<Vec<u8>> {
    let (sender, receiver) = channel::<Vec<u8>>();
    thread::spawn(move || {
        for line in receiver {
            if stream
                .write_all(&line)
                .and_then(|()| stream.flush())
                .is_err()
            {
                return;
            }
        }
    });
    sender
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_end_is_read_up_to_the_limit() {
        let mut lines = read(io::Cursor::new("one\n").chain(io::repeat(b'x'))).into_iter();
        assert_eq!(lines.next().unwrap().unwrap(), "one");
        assert!(matches!(lines.next(), Some(Err(BadLine::TooLong))));
        assert!(lines.next().is_none());
    }

    #[test]
    fn a_last_line_needs_no_newline() {
        let lines = read(io::Cursor::new("one\ntwo"));
        let lines: Result<Vec<_>, _> = lines.into_iter().collect();
        assert_eq!(lines.unwrap(), ["one", "two"]);
    }

    #[test]
    fn bytes_are_no_line() {
        let mut lines = read(io::Cursor::new(b"\xff\nafter\n")).into_iter();
        assert!(matches!(lines.next(), Some(Err(BadLine::NotText))));
        assert!(lines.next().is_none());
    }
}
