//! The code of the advice pages, compiled and run.

#[cfg(target_os = "linux")]
mod both_packet_informations;
mod dual_stack_listener;
mod fall_back_to_ipv4;
mod is_ipv4_there;
mod map_destinations;
// socket2 has `Socket::domain` on few systems.
#[cfg(any(target_os = "linux", target_os = "freebsd"))]
mod serves_ipv4;
mod source_for;
mod two_listeners;
mod unmap_peers;
