//! What names mean in a case: a DNS server on each host, and files in /etc that name it.

#[cfg(target_os = "linux")]
mod etc;
#[cfg(target_os = "linux")]
mod server;
#[cfg(target_os = "linux")]
mod zone;

#[cfg(target_os = "linux")]
pub(crate) use etc::Etc;
#[cfg(target_os = "linux")]
pub(crate) use server::Server;
#[cfg(target_os = "linux")]
pub(crate) use zone::Zone;

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::{Etc, Server, Zone};
