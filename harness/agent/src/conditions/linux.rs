//! Linux: a separate network namespace and a seccomp filter.

use std::collections::BTreeMap;
use std::fs;
use std::io;

use dualstack_scenario::{Bindv6only, Ipv4, Ipv6, Requires};

use super::probe::{Found, State};

mod hosts;
mod link;
mod lossy;
mod module;
mod namespace;
mod place;
mod seccomp;
mod solicited;

pub(crate) use hosts::Network;
pub(crate) use namespace::raise_loopback;
pub(super) use place::take_place;

/// Settings that dual-stack sockets depend on (Linux
/// Documentation/networking/ip-sysctl.rst), without the leading `net.`.
const SETTINGS: [&str; 4] = [
    "ipv6.bindv6only",
    "ipv6.conf.all.disable_ipv6",
    "ipv6.conf.lo.disable_ipv6",
    "ipv4.ip_nonlocal_bind",
];

pub(super) fn bindv6only() -> Option<Bindv6only> {
    let value = read("ipv6.bindv6only")?;
    Bindv6only::try_from(value.parse::<u8>().ok()?).ok()
}

pub(super) fn settings() -> BTreeMap<String, String> {
    let known = SETTINGS
        .iter()
        .filter_map(|name| Some((format!("net.{name}"), read(name)?)));
    known.collect()
}

/// Sets up what is needed, and records each change as soon as it is made.
pub(super) fn arrange(
    requires: &Requires,
    isolate: bool,
    state: &State,
    means: &mut Vec<String>,
) -> Result<Option<Namespace>, String> {
    let made = isolate || needs_namespace(requires, state);
    if made {
        let how = namespace::enter()?;
        means.push(how.to_owned());
        arrange_namespace(requires, means)?;
    }
    refuse_families(requires, state, means)?;
    Ok(made.then_some(Namespace {
        requires: *requires,
    }))
}

/// The network namespace that this process has made for itself.
pub(crate) struct Namespace {
    requires: Requires,
}

impl Namespace {
    /// Moves the process into a new one in the same state. No port is in use there.
    pub(crate) fn renew(&self) -> Result<(), String> {
        namespace::enter_another()?;
        arrange_namespace(&self.requires, &mut Vec::new())
    }
}

/// Installs the missing filters for families that are to be refused.
fn refuse_families(
    requires: &Requires,
    state: &State,
    means: &mut Vec<String>,
) -> Result<(), String> {
    if requires.ipv4() == Ipv4::Disabled && state.ipv4.found != Found::Refused {
        seccomp::refuse(libc_family::AF_INET)?;
        means.push("a seccomp filter that answers socket(AF_INET) with EAFNOSUPPORT".to_owned());
    }
    if requires.ipv6() == Ipv6::Disabled && state.ipv6.found != Found::Refused {
        seccomp::refuse(libc_family::AF_INET6)?;
        means.push("a seccomp filter that answers socket(AF_INET6) with EAFNOSUPPORT".to_owned());
    }
    Ok(())
}

/// The families by their numbers (include/linux/socket.h).
mod libc_family {
    pub(super) const AF_INET: u64 = 2;
    pub(super) const AF_INET6: u64 = 10;
}

/// Whether a requirement needs a namespace.
fn needs_namespace(requires: &Requires, state: &State) -> bool {
    let ipv4 = match requires.ipv4() {
        Ipv4::On => state.ipv4.found != Found::On,
        Ipv4::NoAddress => state.ipv4.found != Found::NoAddress,
        Ipv4::Disabled | Ipv4::Any => false,
    };
    let ipv6 = match requires.ipv6() {
        Ipv6::On => state.ipv6.found != Found::On,
        Ipv6::Off => state.ipv6.found != Found::NoAddress,
        Ipv6::Disabled | Ipv6::Any => false,
    };
    let setting = requires
        .bindv6only
        .is_some_and(|wanted| state.bindv6only != Some(wanted));
    ipv4 || ipv6 || setting
}

fn arrange_namespace(requires: &Requires, means: &mut Vec<String>) -> Result<(), String> {
    namespace::raise_loopback()?;
    if requires.ipv4() == Ipv4::NoAddress {
        namespace::remove_ipv4_address()?;
        means.push("127.0.0.1 removed from lo".to_owned());
    }
    if let Some(setting) = requires.bindv6only {
        set("ipv6.bindv6only", u8::from(setting), means)?;
    }
    if requires.ipv6() == Ipv6::Off {
        set("ipv6.conf.all.disable_ipv6", 1, means)?;
    }
    Ok(())
}

fn path(name: &str) -> String {
    format!("/proc/sys/net/{}", name.replace('.', "/"))
}

fn read(name: &str) -> Option<String> {
    fs::read_to_string(path(name))
        .ok()
        .map(|value| value.trim().to_owned())
}

fn set(name: &str, value: u8, means: &mut Vec<String>) -> Result<(), String> {
    fs::write(path(name), value.to_string())
        .map_err(|error| failed(&format!("set net.{name} to {value}"), &error))?;
    means.push(format!("net.{name} = {value}"));
    Ok(())
}

fn failed(what: &str, error: &io::Error) -> String {
    format!("failed to {what}: {error}")
}
