//! The calls that are the same on Unix and Winsock. Each function makes exactly one.
//!
//! Those that differ are in `unix.rs` and `windows.rs`.

use std::net::Shutdown;

use dualstack_names::How;

use crate::error::{Error, OsError, Result};
use crate::imp::{Handle, done, fill_name, poll as poll_all, pollfd, raw, sys, to_give};
use crate::sockaddr::RawSockaddr;

// Names

pub(crate) fn bind(socket: &Handle, name: &RawSockaddr) -> Result<()> {
    let (pointer, length) = to_give(name);
    // SAFETY: the pointer is valid for `length` bytes.
    done(unsafe { sys::bind(raw(socket), pointer, length) })?;
    Ok(())
}

pub(crate) fn getsockname(socket: &Handle, capacity: usize) -> Result<RawSockaddr> {
    let (name, ()) = fill_name(capacity, |pointer, length| {
        // SAFETY: `fill_name` passes a buffer of that length.
        done(unsafe { sys::getsockname(raw(socket), pointer, length) })
    })?;
    Ok(name)
}

pub(crate) fn getpeername(socket: &Handle, capacity: usize) -> Result<RawSockaddr> {
    let (name, ()) = fill_name(capacity, |pointer, length| {
        // SAFETY: `fill_name` passes a buffer of that length.
        done(unsafe { sys::getpeername(raw(socket), pointer, length) })
    })?;
    Ok(name)
}

// Connections

pub(crate) fn listen(socket: &Handle, backlog: i32) -> Result<()> {
    socket
        .listen(backlog)
        .map_err(|error| Error::from_socket2(&error))
}

pub(crate) fn shutdown(socket: &Handle, how: How) -> Result<()> {
    let how = match how {
        How::Read => Shutdown::Read,
        How::Write => Shutdown::Write,
        How::Both => Shutdown::Both,
    };
    socket
        .shutdown(how)
        .map_err(|error| Error::from_socket2(&error))
}

// Readiness

/// Which of `events` occur within this many milliseconds.
pub(crate) fn poll(socket: &Handle, events: i16, timeout: i32) -> Result<i16> {
    let mut asked = pollfd {
        fd: raw(socket),
        events,
        revents: 0,
    };
    // SAFETY: the pointer is valid for one `pollfd`.
    done(unsafe { poll_all(&mut asked, 1, timeout) })?;
    Ok(asked.revents)
}

// Options

/// Sets an option to these bytes.
pub(crate) fn set_option(socket: &Handle, place: (i32, i32), value: &[u8]) -> Result<()> {
    let ((level, number), length) = (place, value.len() as _);
    let pointer = value.as_ptr().cast();
    // SAFETY: the pointer is valid for `length` bytes.
    done(unsafe { sys::setsockopt(raw(socket), level, number, pointer, length) })?;
    Ok(())
}

/// Reads an option into a buffer; returns how many bytes the system says it wrote.
pub(crate) fn read_option(
    socket: &Handle,
    (level, number): (i32, i32),
    buffer: &mut [u8],
) -> Result<usize, OsError> {
    let mut length = buffer.len() as _;
    let pointer = buffer.as_mut_ptr().cast();
    // SAFETY: the pointer is valid for `length` bytes.
    done(unsafe { sys::getsockopt(raw(socket), level, number, pointer, &mut length) })?;
    Ok(length as usize)
}
