//! A network namespace for this process.

use std::fs::{self, File};
use std::net::Ipv4Addr;

use nix::sched::{CloneFlags, setns, unshare};
use nix::unistd::{getgid, getuid};

use super::failed;
use super::link::Netlink;

/// The index of `lo` in every network namespace (Linux include/net/flow.h,
/// LOOPBACK_IFINDEX).
const LOOPBACK: u32 = 1;

/// Moves the process into a new network namespace, through a new user namespace if it is
/// not permitted otherwise. It must have only one thread (unshare(2): CLONE_NEWUSER).
pub(super) fn enter() -> Result<&'static str, String> {
    if unshare(CloneFlags::CLONE_NEWNET).is_ok() {
        return Ok("a network namespace of its own");
    }
    let (uid, gid) = (getuid(), getgid());
    unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNET)
        .map_err(|errno| failed("unshare(CLONE_NEWUSER | CLONE_NEWNET)", &errno.into()))?;
    // user_namespaces(7): setgroups must be denied before an ordinary user may map a group.
    write("/proc/self/setgroups", "deny")?;
    write("/proc/self/uid_map", &format!("0 {uid} 1"))?;
    write("/proc/self/gid_map", &format!("0 {gid} 1"))?;
    Ok("a network namespace of its own in a user namespace")
}

/// The network namespace that the thread is in.
pub(super) fn current() -> Result<File, String> {
    let path = "/proc/thread-self/ns/net";
    File::open(path).map_err(|error| failed(&format!("open {path}"), &error))
}

/// Moves the thread into another network namespace.
pub(super) fn go_to(namespace: &File) -> Result<(), String> {
    setns(namespace, CloneFlags::CLONE_NEWNET)
        .map_err(|errno| failed("setns(CLONE_NEWNET)", &errno.into()))
}

/// Moves the process into another new network namespace.
pub(super) fn enter_another() -> Result<(), String> {
    unshare(CloneFlags::CLONE_NEWNET)
        .map_err(|errno| failed("unshare(CLONE_NEWNET) once more", &errno.into()))
}

fn write(path: &str, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| failed(&format!("write `{text}` to {path}"), &error))
}

/// Brings `lo` up, which gives it 127.0.0.1 and ::1 (Linux net/ipv4/devinet.c,
/// inetdev_event(); net/ipv6/addrconf.c, init_loopback()).
pub(crate) fn raise_loopback() -> Result<(), String> {
    Netlink::open()?.raise(LOOPBACK)
}

/// Removes 127.0.0.1 from `lo`.
pub(super) fn remove_ipv4_address() -> Result<(), String> {
    Netlink::open()?.remove_address(LOOPBACK, Ipv4Addr::LOCALHOST)
}
