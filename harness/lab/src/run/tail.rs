//! The last output of a stream, as evidence.

use std::io::Read;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How many bytes are kept.
const KEPT: usize = 4096;

/// The end of a stream's output, read by a thread; earlier bytes are dropped.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tail(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    said: Mutex<Said>,
    closed: Condvar,
}

#[derive(Debug, Default)]
struct Said {
    end: Vec<u8>,
    closed: bool,
}

impl Tail {
    /// Follows a stream until it ends.
    pub(crate) fn of(mut stream: impl Read + Send + 'static) -> Self {
        let tail = Self::default();
        let follower = tail.clone();
        thread::spawn(move || {
            let mut chunk = [0; KEPT];
            while let Ok(read @ 1..) = stream.read(&mut chunk) {
                follower.note(&chunk[..read]);
            }
            follower.close();
        });
        tail
    }

    fn note(&self, bytes: &[u8]) {
        let mut said = self.0.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.end.extend_from_slice(bytes);
        let surplus = said.end.len().saturating_sub(KEPT);
        said.end.drain(..surplus);
    }

    fn close(&self) {
        let mut said = self.0.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.closed = true;
        self.0.closed.notify_all();
    }

    /// The output, once the stream has ended.
    #[cfg(any(target_os = "linux", test))]
    pub(crate) fn whole(&self) -> Vec<u8> {
        let said = self.0.said.lock().unwrap_or_else(PoisonError::into_inner);
        let said = self.0.closed.wait_while(said, |said| !said.closed);
        said.unwrap_or_else(PoisonError::into_inner).end.clone()
    }

    /// The output, once the stream has ended or this time has passed.
    pub(crate) fn within(&self, grace: Duration) -> String {
        let said = self.0.said.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .0
            .closed
            .wait_timeout_while(said, grace, |said| !said.closed);
        let (said, _) = waited.unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&said.end).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn the_end_of_a_long_stream_is_kept() {
        let said: Vec<u8> = (0..KEPT + 10).map(|at| (at % 251) as u8).collect();
        let tail = Tail::of(std::io::Cursor::new(said.clone()));
        assert_eq!(tail.whole(), said[10..]);
    }

    #[test]
    fn a_stream_that_goes_on_is_not_waited_for_without_end() {
        let (stream, mut writer) = std::io::pipe().unwrap();
        let tail = Tail::of(stream);
        writer.write_all(b"so far").unwrap();
        // What was written is read eventually; the stream never ends.
        while tail.within(Duration::from_millis(1)) != "so far" {}
        drop(writer);
        assert_eq!(tail.whole(), b"so far");
    }
}
