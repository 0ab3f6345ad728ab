//! Bytes with the alignment that the system's structures need.

use std::slice;

/// A zeroed buffer with a length in bytes chosen by the caller, aligned for any
/// `sockaddr` or `cmsghdr`: neither contains anything wider than a `u64` or a pointer.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Buffer {
    words: Box<[u64]>,
    len: usize,
}

impl Buffer {
    pub(crate) fn zeroed(len: usize) -> Self {
        let words = vec![0; len.div_ceil(size_of::<u64>())].into_boxed_slice();
        Self { words, len }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        // SAFETY: the words are `len` or more initialised bytes, and every byte is a valid `u8`.
        unsafe { slice::from_raw_parts(self.words.as_ptr().cast(), self.len) }
    }

    pub(crate) fn as_mut_bytes(&mut self) -> &mut [u8] {
        // SAFETY: as in `as_bytes`; any byte pattern is a valid `u64`, and `self` is borrowed.
        unsafe { slice::from_raw_parts_mut(self.words.as_mut_ptr().cast(), self.len) }
    }
}
