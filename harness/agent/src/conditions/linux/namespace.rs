//! A network namespace of the process's own.

use std::fs::{self, File};
use std::io;
use std::net::Ipv4Addr;
use std::os::fd::{AsRawFd, OwnedFd};

use nix::libc::{self, AF_INET, IFF_RUNNING, IFF_UP, ifreq, sockaddr_in};
use nix::sched::{CloneFlags, setns, unshare};
use nix::sys::socket::{AddressFamily, SockFlag, SockType, socket};
use nix::unistd::{getgid, getuid};

use super::failed;

/// Moves the process into a new network namespace, through a user namespace of
/// its own when it may not otherwise. It must have one thread only
/// (unshare(2): CLONE_NEWUSER).
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

/// Moves the process into one more network namespace.
pub(super) fn enter_another() -> Result<(), String> {
    unshare(CloneFlags::CLONE_NEWNET)
        .map_err(|errno| failed("unshare(CLONE_NEWNET) once more", &errno.into()))
}

fn write(path: &str, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| failed(&format!("write `{text}` to {path}"), &error))
}

mod ioctl {
    use nix::libc::{SIOCGIFFLAGS, SIOCSIFADDR, SIOCSIFFLAGS, ifreq};

    nix::ioctl_read_bad!(get_flags, SIOCGIFFLAGS, ifreq);
    nix::ioctl_write_ptr_bad!(set_flags, SIOCSIFFLAGS, ifreq);
    nix::ioctl_write_ptr_bad!(set_address, SIOCSIFADDR, ifreq);
}

/// Brings `lo` up, which gives it 127.0.0.1 and ::1 (Linux net/ipv4/devinet.c,
/// inetdev_event(); net/ipv6/addrconf.c, init_loopback()).
pub(crate) fn raise_loopback() -> Result<(), String> {
    let socket = control_socket(AddressFamily::Unix)?;
    let mut request = loopback_request();
    // SAFETY: the request is a valid ifreq that names `lo`, and the flags are
    // the member that both calls use (netdevice(7)).
    let raised = unsafe {
        ioctl::get_flags(socket.as_raw_fd(), &raw mut request).and_then(|_| {
            request.ifr_ifru.ifru_flags |= (IFF_UP | IFF_RUNNING) as libc::c_short;
            ioctl::set_flags(socket.as_raw_fd(), &raw const request)
        })
    };
    raised
        .map(|_| ())
        .map_err(|errno| failed("bring lo up", &errno.into()))
}

/// Takes 127.0.0.1 from `lo`: an address of 0.0.0.0 deletes the one that is
/// there (Linux net/ipv4/devinet.c, devinet_ioctl()).
pub(super) fn remove_ipv4_address() -> Result<(), String> {
    let socket = control_socket(AddressFamily::Inet)?;
    let mut request = loopback_request();
    let none = sockaddr_in {
        sin_family: AF_INET as libc::sa_family_t,
        sin_port: 0,
        sin_addr: libc::in_addr {
            s_addr: u32::from(Ipv4Addr::UNSPECIFIED).to_be(),
        },
        sin_zero: [0; 8],
    };
    // SAFETY: a sockaddr_in has the size of the sockaddr that it is put in place of.
    let removed = unsafe {
        request.ifr_ifru.ifru_addr = std::mem::transmute::<sockaddr_in, libc::sockaddr>(none);
        ioctl::set_address(socket.as_raw_fd(), &raw const request)
    };
    removed
        .map(|_| ())
        .map_err(|errno| failed("take 127.0.0.1 from lo", &errno.into()))
}

fn control_socket(family: AddressFamily) -> Result<OwnedFd, String> {
    socket(family, SockType::Datagram, SockFlag::SOCK_CLOEXEC, None).map_err(|errno| {
        failed(
            "make a socket to configure lo with",
            &io::Error::from(errno),
        )
    })
}

fn loopback_request() -> ifreq {
    // SAFETY: all zeroes is a valid ifreq: an empty name and an empty address.
    let mut request: ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(b"lo") {
        *to = *from as libc::c_char;
    }
    request
}
