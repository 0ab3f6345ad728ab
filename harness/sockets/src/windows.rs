//! The calls of Winsock.

use std::ffi::CString;
use std::mem::offset_of;
use std::os::windows::io::{AsRawSocket, FromRawSocket, IntoRawSocket};
use std::ptr;
use std::sync::OnceLock;
use std::time::Duration;

use dualstack_names::{ControlMessage, SocketType};
use socket2::{Domain, Type};
use windows_sys::Win32::NetworkManagement::IpHelper::if_nametoindex;
use windows_sys::Win32::Networking::WinSock::{
    self, INVALID_SOCKET, LPFN_WSARECVMSG, SIO_GET_EXTENSION_FUNCTION_POINTER, SO_ERROR, SOCKADDR,
    SOCKET, SOCKET_ERROR, SOL_SOCKET, WSABUF, WSAEMSGSIZE, WSAGetLastError, WSAID_WSARECVMSG,
    WSAIoctl, WSAMSG, WSASendMsg,
};

use crate::buffer::Buffer;
use crate::calls;
use crate::cmsg;
use crate::deadline::{Blocking, bounded};
use crate::error::{Error, OsError, Result};
use crate::received::{MsgFlags, Received};
use crate::sockaddr::RawSockaddr;
use crate::socket::Capacities;

// Numbers

pub(crate) use windows_sys::Win32::Networking::WinSock as sys;
pub(crate) use windows_sys::Win32::Networking::WinSock::{
    ADDRINFOA as addrinfo, WSAPOLLFD as pollfd, WSAPoll as poll,
};

pub(crate) const MSG_TRUNC: i32 = WinSock::MSG_TRUNC as i32;
pub(crate) const MSG_CTRUNC: i32 = WinSock::MSG_CTRUNC as i32;

/// The prefix for an error number without a name.
pub(crate) const UNKNOWN_ERROR: &str = "WSA";

// Creation and end

pub(crate) type Handle = socket2::Socket;

/// socket2 initialises Winsock before its first socket.
pub(crate) fn socket(kind: SocketType) -> Result<Handle> {
    let (domain, ty) = (Domain::from(kind.family()), Type::from(kind.number()));
    let socket = Handle::new_raw(domain, ty, None).map_err(|error| Error::from_socket2(&error))?;
    // See `deadline/windows.rs`. An accepted socket inherits it.
    socket
        .set_nonblocking(true)
        .map_err(|error| Error::from_socket2(&error))?;
    Ok(socket)
}

pub(crate) fn close(socket: Handle) -> Result<()> {
    // SAFETY: the socket is open, and `into_raw_socket` gave it up.
    done(unsafe { WinSock::closesocket(socket.into_raw_socket() as SOCKET) })?;
    Ok(())
}

// Names

/// The family in a `sockaddr`, if there are enough bytes.
pub(crate) fn family(bytes: &[u8]) -> Option<i32> {
    const OFFSET: usize = offset_of!(SOCKADDR, sa_family);
    let bytes = bytes.get(OFFSET..)?.first_chunk()?;
    Some(i32::from(u16::from_ne_bytes(*bytes)))
}

/// After the first call `SO_ERROR` has the result; `connect` only says that it was called
/// before.
pub(crate) fn connect(socket: &Handle, name: &RawSockaddr, deadline: Duration) -> Result<()> {
    let (pointer, length) = to_give(name);
    let mut has_begun = false;
    bounded(Blocking::Connect, deadline, raw(socket), || {
        if has_begun {
            return outcome(socket);
        }
        has_begun = true;
        // SAFETY: the pointer is valid for `length` bytes.
        done(unsafe { WinSock::connect(raw(socket), pointer, length) })
    })
}

/// The result of a connection attempt.
fn outcome(socket: &Handle) -> Result<(), OsError> {
    let mut code = [0; size_of::<i32>()];
    calls::read_option(socket, (SOL_SOCKET, SO_ERROR), &mut code)?;
    match i32::from_ne_bytes(code) {
        0 => Ok(()),
        code => Err(OsError::from_code(code)),
    }
}

// Connections

pub(crate) fn accept(
    socket: &Handle,
    name_capacity: usize,
    deadline: Duration,
) -> Result<(Handle, RawSockaddr)> {
    let (name, accepted) = bounded(Blocking::Accept, deadline, raw(socket), || {
        fill_name(name_capacity, |pointer, length| {
            // SAFETY: `fill_name` passes a buffer of that length.
            let accepted = unsafe { WinSock::accept(raw(socket), pointer, length) };
            if accepted == INVALID_SOCKET {
                Err(last_error())
            } else {
                Ok(accepted)
            }
        })
    })?;
    // SAFETY: the socket is new and not owned by anyone.
    Ok((unsafe { Handle::from_raw_socket(accepted as _) }, name))
}

// Data

pub(crate) fn send(socket: &Handle, data: &[u8], deadline: Duration) -> Result<usize> {
    bounded(Blocking::Send, deadline, raw(socket), || {
        // SAFETY: the pointer is valid for that many bytes.
        count(unsafe { WinSock::send(raw(socket), data.as_ptr(), data.len() as i32, 0) })
    })
}

/// Not socket2's, which converts `WSAESHUTDOWN` to the end of the stream.
pub(crate) fn recv(socket: &Handle, capacity: usize, deadline: Duration) -> Result<Vec<u8>> {
    let mut data = vec![0; capacity];
    let received = bounded(Blocking::Recv, deadline, raw(socket), || {
        // SAFETY: the pointer is valid for that many bytes.
        count(unsafe { WinSock::recv(raw(socket), data.as_mut_ptr(), capacity as i32, 0) })
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
    bounded(Blocking::SendTo, deadline, raw(socket), || {
        let bytes = data.as_ptr();
        // SAFETY: both pointers are valid for the lengths passed with them.
        count(unsafe { WinSock::sendto(raw(socket), bytes, data.len() as i32, 0, pointer, length) })
    })
}

pub(crate) fn recv_from(
    socket: &Handle,
    capacity: usize,
    name_capacity: usize,
    deadline: Duration,
) -> Result<(Vec<u8>, RawSockaddr)> {
    let mut data = vec![0; capacity];
    let (name, received) = bounded(Blocking::RecvFrom, deadline, raw(socket), || {
        fill_name(name_capacity, |pointer, length| {
            let bytes = data.as_mut_ptr();
            // SAFETY: `bytes` is valid for `capacity` bytes, `fill_name` guarantees the name.
            count(unsafe {
                WinSock::recvfrom(raw(socket), bytes, capacity as i32, 0, pointer, length)
            })
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
    let mut vector = WSABUF {
        buf: data.as_ptr().cast_mut(),
        len: data.len() as u32,
    };
    let mut message = message(&mut vector, &mut control);
    if let Some((pointer, length)) = to.map(to_give) {
        message.name = pointer.cast_mut();
        message.namelen = length;
    }
    bounded(Blocking::SendMsg, deadline, raw(socket), || {
        let mut sent = 0;
        // SAFETY: name, data and control messages outlive the call, which only reads them
        // and, not being overlapped, has ended when it returns.
        done(unsafe { WSASendMsg(raw(socket), &message, 0, &mut sent, ptr::null_mut(), None) })?;
        Ok(sent as usize)
    })
}

pub(crate) fn recv_msg(
    socket: &Handle,
    capacities: Capacities,
    deadline: Duration,
) -> Result<Received> {
    let recv_msg = wsa_recv_msg(socket)?;
    let mut data = vec![0; capacities.data];
    let mut control = Buffer::zeroed(capacities.control);
    let mut name = RawSockaddr::to_fill(capacities.name);
    let mut vector = WSABUF {
        buf: data.as_mut_ptr(),
        len: data.len() as u32,
    };
    let mut message = message(&mut vector, &mut control);
    let name_pointer = name.as_mut_bytes().as_mut_ptr().cast::<SOCKADDR>();
    let (received, error) = bounded(Blocking::RecvMsg, deadline, raw(socket), || {
        // A call that would have blocked may have changed the lengths.
        message.Control.len = capacities.control as u32;
        if capacities.name > 0 {
            message.name = name_pointer;
            message.namelen = capacities.name as i32;
        }
        let mut received = 0;
        // SAFETY: name, data and control buffer outlive the call, and have the given
        // lengths; not being overlapped, it has ended when it returns.
        let returned = unsafe {
            recv_msg(
                raw(socket),
                &mut message,
                &mut received,
                ptr::null_mut(),
                None,
            )
        };
        match done(returned) {
            Ok(()) => Ok((received, None)),
            // Truncated, but delivered.
            Err(error) if error.code == WSAEMSGSIZE => Ok((received, Some(error))),
            Err(error) => Err(error),
        }
    })?;
    let flags = MsgFlags(message.dwFlags as i32);
    // "The buffer is filled with the first part of the datagram" (WSARecvMsg,
    // WSAEMSGSIZE). Wine 8 reports neither this, nor how many bytes were received.
    let fills_buffer = error.is_some() && !flags.is_control_truncated();
    if !fills_buffer && !flags.is_data_truncated() {
        data.truncate(received as usize);
    }
    let control_length = (message.Control.len as usize).min(control.len());
    Ok(Received {
        data,
        from: name.filled(message.namelen as usize),
        control: cmsg::decode(&control.as_bytes()[..control_length]),
        flags,
        error,
    })
}

/// A message without a name. A control buffer of no bytes is a null pointer.
fn message(vector: &mut WSABUF, control: &mut Buffer) -> WSAMSG {
    let len = control.len() as u32;
    let buf = if len > 0 {
        control.as_mut_bytes().as_mut_ptr()
    } else {
        ptr::null_mut()
    };
    WSAMSG {
        name: ptr::null_mut(),
        namelen: 0,
        lpBuffers: vector,
        dwBufferCount: 1,
        Control: WSABUF { len, buf },
        dwFlags: 0,
    }
}

type WsaRecvMsg = unsafe extern "system" fn(
    SOCKET,
    *mut WSAMSG,
    *mut u32,
    *mut windows_sys::Win32::System::IO::OVERLAPPED,
    WinSock::LPWSAOVERLAPPED_COMPLETION_ROUTINE,
) -> i32;

/// `WSARecvMsg` is not exported: Winsock's reference says to ask a socket for it.
fn wsa_recv_msg(socket: &Handle) -> Result<WsaRecvMsg> {
    static FUNCTION: OnceLock<WsaRecvMsg> = OnceLock::new();
    if let Some(function) = FUNCTION.get() {
        return Ok(*function);
    }
    let id = WSAID_WSARECVMSG;
    let mut function: LPFN_WSARECVMSG = None;
    let mut written = 0;
    // SAFETY: input and output are valid for the sizes given, and a null pointer is `None`.
    done(unsafe {
        WSAIoctl(
            raw(socket),
            SIO_GET_EXTENSION_FUNCTION_POINTER,
            (&raw const id).cast(),
            size_of_val(&id) as u32,
            (&raw mut function).cast(),
            size_of_val(&function) as u32,
            &mut written,
            ptr::null_mut(),
            None,
        )
    })?;
    let function = function.ok_or_else(|| Error::unavailable("WSARecvMsg"))?;
    Ok(*FUNCTION.get_or_init(|| function))
}

// Resolution

/// std initialises Winsock before its first socket.
pub(crate) fn start() {
    static STARTED: OnceLock<()> = OnceLock::new();
    STARTED.get_or_init(|| drop(std::net::UdpSocket::bind("127.0.0.1:0")));
}

/// The error for a code of `getaddrinfo`.
pub(crate) fn resolution_error(code: i32) -> OsError {
    OsError::of_getaddrinfo(code)
}

// Interfaces

pub(crate) fn interface_index(name: &str) -> Result<u32> {
    let missing = || Error::unavailable(format!("interface {name:?}"));
    let name = CString::new(name).map_err(|_| missing())?;
    // SAFETY: the pointer is to a string that ends with NUL.
    match unsafe { if_nametoindex(name.as_ptr().cast()) } {
        0 => Err(missing()),
        index => Ok(index),
    }
}

// Answers

pub(crate) fn last_error() -> OsError {
    // SAFETY: the call has no preconditions.
    OsError::from_code(unsafe { WSAGetLastError() })
}

pub(crate) fn done(returned: i32) -> Result<(), OsError> {
    if returned == SOCKET_ERROR {
        Err(last_error())
    } else {
        Ok(())
    }
}

fn count(returned: i32) -> Result<usize, OsError> {
    usize::try_from(returned).map_err(|_| last_error())
}

pub(crate) fn raw(socket: &Handle) -> SOCKET {
    socket.as_raw_socket() as SOCKET
}

/// A name as an argument: a pointer that is valid for this many bytes.
pub(crate) fn to_give(name: &RawSockaddr) -> (*const SOCKADDR, i32) {
    let bytes = name.as_bytes();
    (bytes.as_ptr().cast(), bytes.len() as i32)
}

/// Makes a call with a name buffer of this many bytes; returns the name and the call's
/// result.
pub(crate) fn fill_name<T>(
    capacity: usize,
    call: impl FnOnce(*mut SOCKADDR, *mut i32) -> Result<T, OsError>,
) -> Result<(RawSockaddr, T), OsError> {
    let mut name = RawSockaddr::to_fill(capacity);
    let mut length = capacity as i32;
    let returned = call(name.as_mut_bytes().as_mut_ptr().cast(), &mut length)?;
    Ok((name.filled(length as usize), returned))
}
