//! The console output of a machine (of the kernel, the agent when it panics, and QEMU
//! itself) as the standard error of a session.

use std::io::{self, Read};

use crate::run::tail::Tail;

/// A machine's last output as a stream: it is empty before the machine has ended.
pub(super) struct LastWords {
    console: Tail,
    words: Option<io::Cursor<Vec<u8>>>,
}

impl LastWords {
    pub(super) fn of(console: &Tail) -> Self {
        Self {
            console: console.clone(),
            words: None,
        }
    }
}

impl Read for LastWords {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let words = || io::Cursor::new(self.console.whole());
        self.words.get_or_insert_with(words).read(buffer)
    }
}
