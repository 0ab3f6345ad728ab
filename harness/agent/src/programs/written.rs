//! What a program writes.

use std::io::{PipeReader, Read};
use std::sync::{Mutex, PoisonError};

use rustix::event::{PollFd, PollFlags, poll};

/// How much is read at once, in bytes.
const PIECE: usize = 16 * 1024;

/// The pipe that a program writes to.
pub(super) struct Written {
    pipe: PipeReader,
    /// Held from a read until its bytes have been handed over.
    handing_over: Mutex<()>,
}

impl Written {
    pub(super) fn new(pipe: PipeReader) -> Self {
        Self {
            pipe,
            handing_over: Mutex::new(()),
        }
    }

    /// Hands over what is written, piece by piece, until every writer is gone or
    /// `hand_over` says that nothing more is wanted.
    pub(super) fn read(&self, mut hand_over: impl FnMut(String) -> bool) {
        let mut bytes = Vec::new();
        let mut buffer = vec![0; PIECE];
        while self.is_readable() {
            let _handing_over = self
                .handing_over
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let Ok(length @ 1..) = (&self.pipe).read(&mut buffer) else {
                break;
            };
            bytes.extend_from_slice(&buffer[..length]);
            if !hand_over(text(&mut bytes)) {
                return;
            }
        }
        if !bytes.is_empty() {
            hand_over(String::from_utf8_lossy(&bytes).into_owned());
        }
    }

    /// Whether everything that was written so far has been handed over.
    pub(super) fn is_handed_over(&self) -> bool {
        let handing_over = self.handing_over.try_lock();
        handing_over.is_ok() && !self.has_more()
    }

    fn has_more(&self) -> bool {
        rustix::io::ioctl_fionread(&self.pipe).is_ok_and(|bytes| bytes > 0)
    }

    /// Waits until there is something to read, or no writer any more.
    fn is_readable(&self) -> bool {
        loop {
            let mut fds = [PollFd::new(&self.pipe, PollFlags::IN)];
            match poll(&mut fds, None) {
                Ok(ready) => return ready > 0,
                Err(rustix::io::Errno::INTR) => {}
                Err(_) => return false,
            }
        }
    }
}

/// Takes what is whole: the last character may be continued in the next piece.
fn text(bytes: &mut Vec<u8>) -> String {
    let mut whole = 0;
    let begun = loop {
        match std::str::from_utf8(&bytes[whole..]) {
            Ok(_) => break 0,
            Err(error) => {
                whole += error.valid_up_to();
                match error.error_len() {
                    Some(invalid) => whole += invalid,
                    None => break bytes.len() - whole,
                }
            }
        }
    };
    let rest = bytes.split_off(bytes.len() - begun);
    let whole = std::mem::replace(bytes, rest);
    String::from_utf8_lossy(&whole).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_may_arrive_in_two_pieces() {
        let written = "héllo €".as_bytes();
        for cut in 0..=written.len() {
            let mut bytes = written[..cut].to_vec();
            let mut said = text(&mut bytes);
            bytes.extend_from_slice(&written[cut..]);
            said += &text(&mut bytes);
            assert_eq!((said.as_str(), bytes.len()), ("héllo €", 0), "cut at {cut}");
        }
    }

    #[test]
    fn what_is_no_character_is_not_waited_for() {
        let mut bytes = b"a\xffb\xe2\x82".to_vec();
        assert_eq!(text(&mut bytes), "a\u{fffd}b");
        assert_eq!(bytes, b"\xe2\x82");
        let mut bytes = b"a\xff".to_vec();
        assert_eq!(text(&mut bytes), "a\u{fffd}");
    }
}
