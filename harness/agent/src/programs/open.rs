//! The sockets of other processes, asked of the system itself: each descriptor is
//! duplicated into this process (pidfd_getfd(2), Linux 5.6), and then asked like any other.

use std::collections::HashSet;
use std::fs;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;

use dualstack_scenario::OpenSocket;
use dualstack_scenario::names::{Sockaddr, SocketType};
use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};
use socket2::{Domain, SockRef, Type};

/// The sockets that processes can be reached at: those that listen, and those of UDP that
/// have a port and no peer. A process that has ended meanwhile has none.
///
/// # Errors
///
/// The system does not let this process look.
pub(super) fn sockets(pids: &[i32]) -> Result<Vec<OpenSocket>, String> {
    let mut seen = HashSet::new();
    let mut sockets = Vec::new();
    for pid in pids {
        for (number, inode) in descriptors(*pid) {
            if !seen.insert(inode) {
                continue;
            }
            match duplicate(*pid, number) {
                Ok(Some(descriptor)) => sockets.extend(reachable(&descriptor)),
                Ok(None) => {}
                Err(errno) => {
                    return Err(format!(
                        "failed to look at descriptor {number} of process {pid}: {errno}"
                    ));
                }
            }
        }
    }
    sockets.sort_by_key(|socket| (socket.r#type.word(), socket.name.with_port()));
    Ok(sockets)
}

/// The descriptors of a process that are sockets, with the inodes of these (proc(5),
/// /proc/PID/fd).
fn descriptors(pid: i32) -> Vec<(i32, String)> {
    let listed = fs::read_dir(format!("/proc/{pid}/fd"));
    let entries = listed.into_iter().flatten().flatten();
    let sockets = entries.filter_map(|entry| {
        let target = fs::read_link(entry.path()).ok()?;
        let inode = target.to_str()?.strip_prefix("socket:")?.to_owned();
        let number = entry.file_name().to_str()?.parse().ok()?;
        Some((number, inode))
    });
    sockets.collect()
}

/// `None` if the process has ended or has closed it.
fn duplicate(pid: i32, number: i32) -> rustix::io::Result<Option<OwnedFd>> {
    let Some(pid) = Pid::from_raw(pid) else {
        return Ok(None);
    };
    let gone = [rustix::io::Errno::SRCH, rustix::io::Errno::BADF];
    let process = pidfd_open(pid, PidfdFlags::empty());
    match process.and_then(|process| pidfd_getfd(process, number, PidfdGetfdFlags::empty())) {
        Ok(descriptor) => Ok(Some(descriptor)),
        Err(errno) if gone.contains(&errno) => Ok(None),
        Err(errno) => Err(errno),
    }
}

/// The socket, if something that is not its peer can reach it.
fn reachable(descriptor: &OwnedFd) -> Option<OpenSocket> {
    let socket = SockRef::from(descriptor);
    let (domain, kind) = (socket.domain().ok()?, socket.r#type().ok()?);
    let r#type = match (domain, kind) {
        (Domain::IPV4, Type::STREAM) => SocketType::Tcp4,
        (Domain::IPV6, Type::STREAM) => SocketType::Tcp6,
        (Domain::IPV4, Type::DGRAM) => SocketType::Udp4,
        (Domain::IPV6, Type::DGRAM) => SocketType::Udp6,
        _ => return None,
    };
    let name = socket.local_addr().ok()?.as_socket()?;
    let waits = match kind {
        Type::STREAM => socket.is_listener().ok()?,
        _ => name.port() != 0 && socket.peer_addr().is_err(),
    };
    waits.then(|| OpenSocket {
        r#type,
        name: match name {
            SocketAddr::V4(name) => Sockaddr::V4(name),
            SocketAddr::V6(name) => Sockaddr::V6(name),
        },
        v6only: (domain == Domain::IPV6)
            .then(|| socket.only_v6().ok())
            .flatten(),
    })
}
