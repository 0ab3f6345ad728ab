//! `getaddrinfo`.

use std::ffi::{CStr, CString};
use std::ptr;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use dualstack_names::Sockaddr;

use crate::error::{Error, OsError, Result};
use crate::imp::{self, addrinfo, sys};
use crate::sockaddr::RawSockaddr;

/// The hints of `getaddrinfo`, as the system's own numbers; 0 for any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// `ai_flags`.
    pub flags: i32,
    /// `ai_family`.
    pub family: i32,
    /// `ai_socktype`.
    pub kind: i32,
}

/// An entry of the list that `getaddrinfo` returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddrInfo {
    /// `ai_addr`.
    pub addr: Sockaddr,
    /// `ai_socktype`, as the system's own number.
    pub kind: i32,
    /// `ai_protocol`, as the system's own number.
    pub protocol: i32,
    /// `ai_canonname`, which the first entry has if it was requested.
    pub canonname: Option<String>,
}

/// `getaddrinfo()`: the list as returned. A node or a service that is `None` is a null
/// pointer. May block.
///
/// The system cannot interrupt it. So it is called in a separate thread, in the caller's
/// namespaces, which continues by itself if the call is late.
///
/// # Errors
///
/// [`Error::Os`] with a name such as `EAI_NONAME`, [`Error::TimedOut`].
pub fn getaddrinfo(
    node: Option<&CStr>,
    service: Option<&CStr>,
    hints: Hints,
    deadline: Duration,
) -> Result<Vec<AddrInfo>> {
    imp::start();
    let (node, service) = (node.map(CString::from), service.map(CString::from));
    let (answer, answered) = channel();
    let resolving = thread::spawn(move || {
        // After the deadline nobody receives the result.
        _ = answer.send(resolve(node.as_deref(), service.as_deref(), hints));
    });
    match answered.recv_timeout(deadline) {
        Ok(answer) => Ok(answer?),
        Err(RecvTimeoutError::Timeout) => Err(Error::TimedOut {
            call: "getaddrinfo",
            after: deadline,
        }),
        Err(RecvTimeoutError::Disconnected) => match resolving.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(()) => unreachable!("the thread answers before it ends"),
        },
    }
}

fn resolve(
    node: Option<&CStr>,
    service: Option<&CStr>,
    hints: Hints,
) -> Result<Vec<AddrInfo>, OsError> {
    let pointer = |text: Option<&CStr>| text.map_or(ptr::null(), CStr::as_ptr);
    // SAFETY: zeroes are a valid `addrinfo`: numbers and null pointers.
    let mut asked: addrinfo = unsafe { std::mem::zeroed() };
    asked.ai_flags = hints.flags;
    asked.ai_family = hints.family;
    asked.ai_socktype = hints.kind;
    let mut list = ptr::null_mut();
    // SAFETY: the texts end with NUL or are null pointers, and the pointer for the result
    // is valid.
    let code = unsafe {
        sys::getaddrinfo(
            pointer(node).cast(),
            pointer(service).cast(),
            &asked,
            &mut list,
        )
    };
    if code != 0 {
        return Err(imp::resolution_error(code));
    }
    let mut entries = Vec::new();
    let mut next: *const addrinfo = list;
    // SAFETY: the list is valid until it is freed, and its last entry has no next.
    while let Some(entry) = unsafe { next.as_ref() } {
        entries.push(read(entry));
        next = entry.ai_next;
    }
    // SAFETY: the list is freed once, and nothing points into it any more.
    unsafe { sys::freeaddrinfo(list) };
    Ok(entries)
}

fn read(entry: &addrinfo) -> AddrInfo {
    let length = entry.ai_addrlen as usize;
    let addr = if entry.ai_addr.is_null() {
        Sockaddr::Empty
    } else {
        // SAFETY: the system says that there are this many bytes.
        let bytes = unsafe { std::slice::from_raw_parts(entry.ai_addr.cast::<u8>(), length) };
        let mut raw = RawSockaddr::to_fill(length);
        raw.as_mut_bytes().copy_from_slice(bytes);
        raw.decode()
    };
    let canonname = (!entry.ai_canonname.is_null()).then(|| {
        // SAFETY: the name ends with NUL.
        let name = unsafe { CStr::from_ptr(entry.ai_canonname.cast()) };
        name.to_string_lossy().into_owned()
    });
    AddrInfo {
        addr,
        kind: entry.ai_socktype,
        protocol: entry.ai_protocol,
        canonname,
    }
}
