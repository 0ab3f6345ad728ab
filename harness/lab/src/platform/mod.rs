//! The platforms, a file or folder each, and what they share.

pub(crate) mod availability;
pub(crate) mod catalogue;
#[cfg(feature = "docker")]
pub mod container;
pub mod gvisor;
pub(crate) mod host;
mod libraries;
mod owner;
pub mod payload;
pub(crate) mod remote;
pub(crate) mod scripts;
#[cfg(target_os = "linux")]
mod static_agent;
mod trial;
#[cfg(target_os = "linux")]
pub mod vm;
pub(crate) mod wine;
mod workspace;
