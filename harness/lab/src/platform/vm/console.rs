//! What a machine says on its console: the kernel, the agent when it panics, and
//! QEMU itself.

use std::io::{self, Read};
use std::process::ChildStderr;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

/// How much of its end is kept, in bytes.
const KEPT: usize = 4096;

/// The end of what was said so far.
#[derive(Debug, Default)]
pub(super) struct Console {
    said: Mutex<Said>,
    closed: Condvar,
}

#[derive(Debug, Default)]
struct Said {
    end: Vec<u8>,
    closed: bool,
}

impl Console {
    /// Takes in what is said until the machine has ended.
    pub(super) fn follow(mut stream: ChildStderr) -> Arc<Self> {
        let console = Arc::new(Self::default());
        let follower = Arc::clone(&console);
        thread::spawn(move || {
            let mut chunk = [0; KEPT];
            while let Ok(read @ 1..) = stream.read(&mut chunk) {
                follower.note(&chunk[..read]);
            }
            follower.close();
        });
        console
    }

    fn note(&self, bytes: &[u8]) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.end.extend_from_slice(bytes);
        let excess = said.end.len().saturating_sub(KEPT);
        said.end.drain(..excess);
    }

    fn close(&self) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.closed = true;
        self.closed.notify_all();
    }

    /// The end of all that was said, once the machine has ended.
    fn last_words(&self) -> Vec<u8> {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let said = self
            .closed
            .wait_while(said, |said| !said.closed)
            .unwrap_or_else(PoisonError::into_inner);
        said.end.clone()
    }
}

/// A machine's last words as a stream: it says nothing before the machine has ended.
pub(super) struct LastWords {
    console: Arc<Console>,
    words: Option<io::Cursor<Vec<u8>>>,
}

impl LastWords {
    pub(super) fn of(console: &Arc<Console>) -> Self {
        Self {
            console: Arc::clone(console),
            words: None,
        }
    }
}

impl Read for LastWords {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let words = || io::Cursor::new(self.console.last_words());
        self.words.get_or_insert_with(words).read(buffer)
    }
}
