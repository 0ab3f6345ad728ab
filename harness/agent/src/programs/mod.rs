//! The programs that a case has started.
//!
//! Each has a keeper: a process of the agent's that starts it, reads its output, holds it
//! within bounds, and ends it with everything that it has started. It does so when the
//! agent asks, and when the agent is gone.

#[cfg(target_os = "linux")]
mod attempts;
#[cfg(target_os = "linux")]
mod keep;
#[cfg(target_os = "linux")]
mod open;
mod order;
#[cfg(target_os = "linux")]
mod running;
#[cfg(target_os = "linux")]
mod tree;
#[cfg(target_os = "linux")]
mod written;

#[cfg(target_os = "linux")]
pub(crate) use keep::main as keep;
pub(crate) use order::Order;
#[cfg(target_os = "linux")]
pub(crate) use running::Running;

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::Running;

/// The argument that makes the agent the keeper of one program.
#[cfg(target_os = "linux")]
pub(crate) const KEEP: &str = "--keep-program";
