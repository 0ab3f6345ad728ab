//! Windows: the call is made on a non-blocking socket, and again once `select` says so.
//!
//! A thread that blocks in Winsock cannot be interrupted (`CancelSynchronousIo` does not
//! reach a call on an overlapped socket), and calling `select` first would hide errors: a
//! stream socket that is not connected never becomes readable, while `recv` on it fails
//! at once with `WSAENOTCONN`. So sockets are non-blocking underneath, the call is made
//! first, and only `WSAEWOULDBLOCK` leads to waiting. It uses `select` and not `WSAPoll`,
//! which before Windows 10 2004 did not report a failed connection.

use std::ptr;
use std::time::{Duration, Instant};

use windows_sys::Win32::Networking::WinSock::{
    FD_SET, SOCKET, SOCKET_ERROR, TIMEVAL, WSAEWOULDBLOCK, select,
};

use super::Blocking;
use crate::error::{Error, OsError, Result};
use crate::imp;

/// The longest time that fits safely into a `TIMEVAL`.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Makes a call that may block, and gives up when `after` has passed.
pub(crate) fn bounded<T>(
    call: Blocking,
    after: Duration,
    socket: SOCKET,
    mut attempt: impl FnMut() -> Result<T, OsError>,
) -> Result<T> {
    let due = Instant::now() + after.min(LONGEST);
    loop {
        match attempt() {
            Err(error) if error.code == WSAEWOULDBLOCK => {}
            answer => return answer.map_err(Error::from),
        }
        let left = due.saturating_duration_since(Instant::now());
        if !wait(call, socket, left)? {
            return Err(Error::TimedOut {
                call: call.name(),
                after,
            });
        }
    }
}

/// Waits until the call can be made again; `false` if the time passed first.
fn wait(call: Blocking, socket: SOCKET, left: Duration) -> Result<bool> {
    let mut reads = set(socket);
    let mut writes = set(socket);
    let mut failures = set(socket);
    let none = ptr::null_mut::<FD_SET>();
    let sets: [*mut FD_SET; 3] = match call {
        Blocking::Accept | Blocking::Recv | Blocking::RecvFrom | Blocking::RecvMsg => {
            [&mut reads, none, none]
        }
        Blocking::Send | Blocking::SendTo | Blocking::SendMsg => [none, &mut writes, none],
        // "If a socket is processing a connect call (nonblocking), failure of the connect attempt
        // is indicated in exceptfds" (Winsock's select).
        Blocking::Connect => [none, &mut writes, &mut failures],
    };
    let timeout = TIMEVAL {
        tv_sec: left.as_secs() as i32,
        tv_usec: left.subsec_micros() as i32,
    };
    // SAFETY: each set is null or a local that outlives the call; the first argument is ignored.
    match unsafe { select(0, sets[0], sets[1], sets[2], &timeout) } {
        SOCKET_ERROR => Err(imp::last_error().into()),
        ready => Ok(ready != 0),
    }
}

fn set(socket: SOCKET) -> FD_SET {
    let mut set = FD_SET {
        fd_count: 1,
        ..FD_SET::default()
    };
    set.fd_array[0] = socket;
    set
}
