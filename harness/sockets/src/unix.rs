//! The calls on Unix. Each function makes exactly one.

use std::ffi::{CString, c_int, c_void};
use std::io;
use std::mem::{self, offset_of};
use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd};
use std::time::Duration;

use dualstack_names::{ControlMessage, SocketType};
use libc::{iovec, msghdr, sockaddr, socklen_t, ssize_t};
use socket2::{Domain, Type};

use crate::buffer::Buffer;
use crate::cmsg;
use crate::deadline::{Blocking, bounded};
use crate::error::{Error, OsError, Result};
use crate::received::{MsgFlags, Received};
use crate::sockaddr::RawSockaddr;
use crate::socket::Capacities;

// Numbers

pub(crate) use libc as sys;
pub(crate) use libc::{MSG_CTRUNC, MSG_TRUNC};
pub(crate) use libc::{addrinfo, poll, pollfd};

/// The prefix for an error number without a name.
pub(crate) const UNKNOWN_ERROR: &str = "errno";

/// Added to the type in `socket()`. Apple has no such flag.
#[cfg(not(target_vendor = "apple"))]
const CLOEXEC: c_int = libc::SOCK_CLOEXEC;
#[cfg(target_vendor = "apple")]
const CLOEXEC: c_int = 0;

// Creation and end

pub(crate) type Handle = socket2::Socket;

pub(crate) fn socket(kind: SocketType) -> Result<Handle> {
    let domain = Domain::from(kind.family());
    let ty = Type::from(kind.number() | CLOEXEC);
    // `Socket::new` sets SO_NOSIGPIPE on Apple, which would be another call.
    Handle::new_raw(domain, ty, None).map_err(|error| Error::from_socket2(&error))
}

pub(crate) fn close(socket: Handle) -> Result<()> {
    // SAFETY: the descriptor is open, and `into_raw_fd` gave it up.
    done(unsafe { libc::close(socket.into_raw_fd()) })?;
    Ok(())
}

// Names

/// The family in a `sockaddr`, if there are enough bytes.
pub(crate) fn family(bytes: &[u8]) -> Option<i32> {
    const OFFSET: usize = offset_of!(sockaddr, sa_family);
    let bytes = bytes
        .get(OFFSET..)?
        .first_chunk::<{ size_of::<libc::sa_family_t>() }>()?;
    Some(i32::from(libc::sa_family_t::from_ne_bytes(*bytes)))
}

pub(crate) fn connect(socket: &Handle, name: &RawSockaddr, deadline: Duration) -> Result<()> {
    let (pointer, length) = to_give(name);
    bounded(Blocking::Connect, deadline, || {
        // SAFETY: the pointer is valid for `length` bytes.
        done(unsafe { libc::connect(raw(socket), pointer, length) })
    })
}

// Connections

pub(crate) fn accept(
    socket: &Handle,
    name_capacity: usize,
    deadline: Duration,
) -> Result<(Handle, RawSockaddr)> {
    let (name, descriptor) = bounded(Blocking::Accept, deadline, || {
        fill_name(name_capacity, |pointer, length| {
            // SAFETY: `fill_name` passes a buffer of that length.
            let descriptor = unsafe { accept_cloexec(raw(socket), pointer, length) };
            done(descriptor).map(|()| descriptor)
        })
    })?;
    // SAFETY: the descriptor is new and not owned by anyone.
    Ok((unsafe { Handle::from_raw_fd(descriptor) }, name))
}

/// # Safety
///
/// As for `accept`: `name` must be valid for `length` bytes.
#[cfg(not(target_vendor = "apple"))]
unsafe fn accept_cloexec(socket: c_int, name: *mut sockaddr, length: *mut socklen_t) -> c_int {
    // SAFETY: promised by the caller.
    unsafe { libc::accept4(socket, name, length, libc::SOCK_CLOEXEC) }
}

/// Apple has no `accept4`.
///
/// # Safety
///
/// As for `accept`: `name` must be valid for `length` bytes.
#[cfg(target_vendor = "apple")]
unsafe fn accept_cloexec(socket: c_int, name: *mut sockaddr, length: *mut socklen_t) -> c_int {
    // SAFETY: promised by the caller.
    unsafe { libc::accept(socket, name, length) }
}

// Data

pub(crate) fn send(socket: &Handle, data: &[u8], deadline: Duration) -> Result<usize> {
    bounded(Blocking::Send, deadline, || {
        // SAFETY: the pointer is valid for that many bytes.
        count(unsafe { libc::send(raw(socket), data.as_ptr().cast(), data.len(), 0) })
    })
}

pub(crate) fn recv(socket: &Handle, capacity: usize, deadline: Duration) -> Result<Vec<u8>> {
    let mut data = vec![0; capacity];
    let received = bounded(Blocking::Recv, deadline, || {
        let pointer = data.as_mut_ptr().cast::<c_void>();
        // SAFETY: the pointer is valid for that many bytes.
        count(unsafe { libc::recv(raw(socket), pointer, capacity, 0) })
    })?;
    data.truncate(received);
    Ok(data)
}

pub(crate) fn send_to(
    socket: &Handle,
    data: &[u8],
    to: &RawSockaddr,
    deadline: Duration,
) -> Result<usize> {
    let (pointer, length) = to_give(to);
    bounded(Blocking::SendTo, deadline, || {
        let bytes = data.as_ptr().cast::<c_void>();
        // SAFETY: both pointers are valid for the lengths passed with them.
        count(unsafe { libc::sendto(raw(socket), bytes, data.len(), 0, pointer, length) })
    })
}

pub(crate) fn recv_from(
    socket: &Handle,
    capacity: usize,
    name_capacity: usize,
    deadline: Duration,
) -> Result<(Vec<u8>, RawSockaddr)> {
    let mut data = vec![0; capacity];
    let (name, received) = bounded(Blocking::RecvFrom, deadline, || {
        fill_name(name_capacity, |pointer, length| {
            let bytes = data.as_mut_ptr().cast::<c_void>();
            // SAFETY: `bytes` is valid for `capacity` bytes, `fill_name` guarantees the name.
            count(unsafe { libc::recvfrom(raw(socket), bytes, capacity, 0, pointer, length) })
        })
    })?;
    data.truncate(received);
    Ok((data, name))
}

// Messages

pub(crate) fn send_msg(
    socket: &Handle,
    to: Option<&RawSockaddr>,
    data: &[u8],
    control: &[ControlMessage],
    deadline: Duration,
) -> Result<usize> {
    let mut control = cmsg::encode(control)?;
    let mut vector = iovec {
        iov_base: data.as_ptr().cast_mut().cast(),
        iov_len: data.len(),
    };
    let mut message = message(&mut vector, &mut control);
    if let Some((pointer, length)) = to.map(to_give) {
        message.msg_name = pointer.cast_mut().cast();
        message.msg_namelen = length;
    }
    bounded(Blocking::SendMsg, deadline, || {
        // SAFETY: name, data and control messages outlive the call, which only reads them.
        count(unsafe { libc::sendmsg(raw(socket), &message, 0) })
    })
}

pub(crate) fn recv_msg(
    socket: &Handle,
    capacities: Capacities,
    deadline: Duration,
) -> Result<Received> {
    let mut data = vec![0; capacities.data];
    let mut control = Buffer::zeroed(capacities.control);
    let mut name = RawSockaddr::to_fill(capacities.name);
    let mut vector = iovec {
        iov_base: data.as_mut_ptr().cast(),
        iov_len: data.len(),
    };
    let mut message = message(&mut vector, &mut control);
    if capacities.name > 0 {
        message.msg_name = name.as_mut_bytes().as_mut_ptr().cast();
        message.msg_namelen = capacities.name as socklen_t;
    }
    let received = bounded(Blocking::RecvMsg, deadline, || {
        // SAFETY: name, data and control buffer outlive the call, and have the given lengths.
        count(unsafe { libc::recvmsg(raw(socket), &mut message, 0) })
    })?;
    data.truncate(received);
    #[allow(clippy::unnecessary_cast, reason = "a socklen_t except with glibc")]
    let control_length = (message.msg_controllen as usize).min(control.len());
    Ok(Received {
        data,
        from: name.filled(message.msg_namelen as usize),
        control: cmsg::decode(&control.as_bytes()[..control_length]),
        flags: MsgFlags(message.msg_flags),
        error: None,
    })
}

/// A message without a name. A control buffer of no bytes is a null pointer, which NetBSD
/// requires (quinn-udp's `cmsg/unix.rs`).
fn message(vector: &mut iovec, control: &mut Buffer) -> msghdr {
    // SAFETY: zeroes are a valid `msghdr`, some of which have private padding.
    let mut message: msghdr = unsafe { mem::zeroed() };
    message.msg_iov = vector;
    message.msg_iovlen = 1;
    if control.len() > 0 {
        message.msg_controllen = control.len() as _;
        message.msg_control = control.as_mut_bytes().as_mut_ptr().cast();
    }
    message
}

// Resolution

/// Nothing to start before a name is resolved.
pub(crate) fn start() {}

/// The error for a code of `getaddrinfo`. For EAI_SYSTEM it is `errno`.
pub(crate) fn resolution_error(code: c_int) -> OsError {
    if code == libc::EAI_SYSTEM {
        last_error()
    } else {
        OsError::of_getaddrinfo(code)
    }
}

// Interfaces

pub(crate) fn interface_index(name: &str) -> Result<u32> {
    // No interface has a NUL in its name.
    let name = CString::new(name).map_err(|_| OsError::from_code(libc::ENXIO))?;
    // SAFETY: the pointer is to a string that ends with NUL.
    match unsafe { libc::if_nametoindex(name.as_ptr()) } {
        0 => Err(last_error().into()),
        index => Ok(index),
    }
}

// Answers

pub(crate) fn last_error() -> OsError {
    OsError::from_code(
        io::Error::last_os_error()
            .raw_os_error()
            .unwrap_or_default(),
    )
}

pub(crate) fn done(returned: c_int) -> Result<(), OsError> {
    if returned == -1 {
        Err(last_error())
    } else {
        Ok(())
    }
}

pub(crate) fn raw(socket: &Handle) -> c_int {
    socket.as_raw_fd()
}

fn count(returned: ssize_t) -> Result<usize, OsError> {
    usize::try_from(returned).map_err(|_| last_error())
}

/// A name as an argument: a pointer that is valid for this many bytes.
pub(crate) fn to_give(name: &RawSockaddr) -> (*const sockaddr, socklen_t) {
    let bytes = name.as_bytes();
    (bytes.as_ptr().cast(), bytes.len() as socklen_t)
}

/// Makes a call with a name buffer of this many bytes; returns the name and the call's
/// result.
pub(crate) fn fill_name<T>(
    capacity: usize,
    call: impl FnOnce(*mut sockaddr, *mut socklen_t) -> Result<T, OsError>,
) -> Result<(RawSockaddr, T), OsError> {
    let mut name = RawSockaddr::to_fill(capacity);
    let mut length = capacity as socklen_t;
    let returned = call(name.as_mut_bytes().as_mut_ptr().cast(), &mut length)?;
    Ok((name.filled(length as usize), returned))
}
