//! Every platform, one file or folder each.

pub(crate) mod access;
mod cache;
#[cfg(feature = "docker")]
pub mod container;
mod contract;
pub mod gvisor;
mod ledger;
mod libraries;
pub mod notice;
pub(crate) mod owner;
pub mod payload;
pub(crate) mod reap;
pub mod reaper;
pub(crate) mod remote;
pub(crate) mod scripts;
#[cfg(target_os = "linux")]
mod static_agent;
pub(crate) mod this_machine;
pub(crate) mod tool;
mod trial;
pub(crate) mod unusable;
#[cfg(target_os = "linux")]
pub mod vm;
pub(crate) mod wine;
mod workspace;

use crate::run::live;
pub use contract::{CleanError, HostLinks, Platform};
use gvisor::Gvisor;
use this_machine::ThisMachine;
use wine::Wine;

/// Every platform, whether or not it can be used here, in the order of the columns.
/// `host` is the agent that the harness itself can start.
pub fn platforms(host: &ThisMachine) -> Vec<Box<dyn Platform>> {
    let mut platforms: Vec<Box<dyn Platform>> =
        vec![Box::new(host.clone()), Box::new(host.clone().isolated())];
    platforms.extend(containers());
    platforms.push(Box::new(Gvisor));
    platforms.extend(machines());
    platforms.push(Box::new(Wine));
    platforms
}

#[cfg(feature = "docker")]
fn containers() -> Vec<Box<dyn Platform>> {
    use container::Container;
    vec![Box::new(Container::new()), Box::new(Container::gvisor())]
}

#[cfg(not(feature = "docker"))]
fn containers() -> Vec<Box<dyn Platform>> {
    Vec::new()
}

#[cfg(target_os = "linux")]
fn machines() -> impl Iterator<Item = Box<dyn Platform>> {
    let machines = vm::Vm::all().into_iter();
    machines.map(|vm| Box::new(vm) as Box<dyn Platform>)
}

/// The lab's kernels are prepared for booting with tools that only Linux has.
#[cfg(not(target_os = "linux"))]
fn machines() -> impl Iterator<Item = Box<dyn Platform>> {
    std::iter::empty()
}

/// After an interrupt, waits until everything has ended, including the background
/// processes of platforms that this process has started an agent on.
pub fn settle(platforms: &[Box<dyn Platform>]) {
    live::await_interrupt();
    for platform in platforms {
        if live::has_started(platform.name()) {
            platform.stop_background();
        }
    }
}
