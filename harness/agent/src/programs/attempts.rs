//! The TCP connections that are attempted on a host, as a packet socket sees them.

use std::io::{self, PipeReader, PipeWriter};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use dualstack_scenario::{Attempt, Attempts};
use dualstack_sockets::RawSockaddr;
use nix::cmsg_space;
use nix::sys::socket::sockopt::ReceiveTimestampns;
use nix::sys::socket::{
    AddressFamily, ControlMessageOwned, LinkAddr, MsgFlags, SockFlag, SockProtocol, SockType,
    recvmsg, setsockopt, socket,
};
use nix::sys::time::TimeSpec;
use rustix::event::{PollFd, PollFlags, poll};

/// PACKET_OUTGOING: what this host sends. What it receives is seen too, on `lo` both
/// (packet(7)).
const OUTGOING: u8 = 4;

/// IPPROTO_TCP.
const TCP: u8 = 6;

/// The headers up to the flags of TCP, with the options of IPv4.
const HEADERS: usize = 60 + 20;

/// How many attempts are kept.
const MOST: usize = 1_000;

/// Watches a host until it is dropped.
pub(crate) struct Watch {
    seen: Arc<Seen>,
    stop: Option<PipeWriter>,
    thread: Option<JoinHandle<()>>,
}

struct Seen {
    socket: OwnedFd,
    list: Mutex<List>,
}

#[derive(Default)]
struct List {
    attempts: Vec<Syn>,
    /// When the last was seen, by this process's clock.
    last: Option<Instant>,
}

/// The first SYN of an attempt (RFC 9293 section 3.5). What is sent again is the same
/// attempt: its ports are the same.
struct Syn {
    port: u16,
    to: SocketAddr,
    /// Since the epoch.
    at: Duration,
}

impl Watch {
    /// Watches the network namespace that the thread is in.
    pub(crate) fn open() -> io::Result<Self> {
        let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
        // SOCK_DGRAM: without the header of the link.
        let socket = socket(
            AddressFamily::Packet,
            SockType::Datagram,
            flags,
            SockProtocol::EthAll,
        )?;
        setsockopt(&socket, ReceiveTimestampns, &true)?;
        let seen = Arc::new(Seen {
            socket,
            list: Mutex::default(),
        });
        let (stopped, stop) = io::pipe()?;
        let also = Arc::clone(&seen);
        // The buffer of a packet socket is small, and what a program sends may be much.
        let thread = thread::Builder::new()
            .name("attempts".to_owned())
            .spawn(move || also.follow(&stopped))?;
        Ok(Self {
            seen,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// What was seen so far, and how long ago the last was.
    pub(crate) fn so_far(&self) -> (Attempts, Option<Duration>) {
        let list = self.seen.read();
        let first = list.attempts.iter().map(|syn| syn.at).min();
        let mut ordered: Vec<&Syn> = list.attempts.iter().collect();
        ordered.sort_by_key(|syn| syn.at);
        let attempts = ordered.into_iter().map(|syn| {
            let after = syn.at.saturating_sub(first.unwrap_or_default());
            Attempt {
                to: RawSockaddr::from(syn.to).decode(),
                after: after.as_micros().try_into().unwrap_or(u64::MAX),
            }
        });
        let attempts = Attempts {
            list: attempts.collect(),
        };
        (attempts, list.last.map(|last| last.elapsed()))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop = None;
        _ = self.thread.take().map(JoinHandle::join);
    }
}

impl Seen {
    fn follow(&self, stopped: &PipeReader) {
        loop {
            let mut watched = [
                PollFd::new(stopped, PollFlags::empty()),
                PollFd::new(&self.socket, PollFlags::IN),
            ];
            let polled = poll(&mut watched, None);
            let broken = polled.is_err_and(|error| error != rustix::io::Errno::INTR);
            if broken || !watched[0].revents().is_empty() {
                return;
            }
            drop(self.read());
        }
    }

    /// Takes in everything that the socket has.
    fn read(&self) -> MutexGuard<'_, List> {
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let mut room = cmsg_space!(TimeSpec);
        let mut headers = [0; HEADERS];
        loop {
            let mut pieces = [io::IoSliceMut::new(&mut headers)];
            let fd = self.socket.as_raw_fd();
            let message = recvmsg::<LinkAddr>(fd, &mut pieces, Some(&mut room), MsgFlags::empty());
            let Ok(message) = message else {
                return list;
            };
            let outgoing = message
                .address
                .is_some_and(|from| from.pkttype() == OUTGOING);
            let (length, at) = (
                message.bytes,
                sent(message.cmsgs().ok().into_iter().flatten()),
            );
            if let Some((port, to)) = outgoing.then(|| syn(headers.get(..length)?)).flatten() {
                list.add(Syn { port, to, at });
            }
        }
    }
}

impl List {
    fn add(&mut self, syn: Syn) {
        let again = |known: &Syn| known.port == syn.port && known.to == syn.to;
        if self.attempts.len() < MOST && !self.attempts.iter().any(again) {
            self.attempts.push(syn);
            self.last = Some(Instant::now());
        }
    }
}

/// When a packet was sent, as the kernel says; now, if it does not (SO_TIMESTAMPNS,
/// socket(7)).
fn sent(messages: impl Iterator<Item = ControlMessageOwned>) -> Duration {
    let mut times = messages.filter_map(|message| match message {
        ControlMessageOwned::ScmTimestampns(time) => Some(Duration::from(time)),
        _ => None,
    });
    let now = || SystemTime::now().duration_since(UNIX_EPOCH);
    times.next().unwrap_or_else(|| now().unwrap_or_default())
}

/// The source port and the destination of a packet, if it is the first of a connection.
fn syn(packet: &[u8]) -> Option<(u16, SocketAddr)> {
    let (ip, tcp): (IpAddr, &[u8]) = match packet.first()? >> 4 {
        4 if *packet.get(9)? == TCP => {
            let length = usize::from(packet[0] & 0x0f) * 4;
            let to: [u8; 4] = packet.get(16..20)?.try_into().ok()?;
            (Ipv4Addr::from(to).into(), packet.get(length..)?)
        }
        6 if *packet.get(6)? == TCP => {
            let to: [u8; 16] = packet.get(24..40)?.try_into().ok()?;
            (Ipv6Addr::from(to).into(), packet.get(40..)?)
        }
        _ => return None,
    };
    let port = |at: usize| Some(u16::from_be_bytes(tcp.get(at..at + 2)?.try_into().ok()?));
    // SYN without ACK (RFC 9293 section 3.1).
    let is_first = tcp.get(13)? & 0x12 == 0x02;
    Some((port(0)?, SocketAddr::new(ip, port(2)?))).filter(|_| is_first)
}

#[cfg(test)]
mod tests {
    use super::syn;
    use rstest::rstest;

    fn ipv4(protocol: u8, flags: u8) -> Vec<u8> {
        let mut packet = vec![0; 40];
        packet[0] = 0x45;
        packet[9] = protocol;
        packet[16..20].copy_from_slice(&[198, 51, 100, 2]);
        packet[20..24].copy_from_slice(&[0x9c, 0x40, 0x1f, 0x90]);
        packet[33] = flags;
        packet
    }

    fn ipv6(protocol: u8, flags: u8) -> Vec<u8> {
        let mut packet = vec![0; 60];
        packet[0] = 0x60;
        packet[6] = protocol;
        packet[24..28].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8]);
        packet[39] = 2;
        packet[40..44].copy_from_slice(&[0x9c, 0x40, 0x1f, 0x90]);
        packet[53] = flags;
        packet
    }

    #[rstest]
    #[case::ipv4(ipv4(6, 0x02), Some("198.51.100.2:8080"))]
    #[case::ipv6(ipv6(6, 0x02), Some("[2001:db8::2]:8080"))]
    #[case::with_ecn(ipv4(6, 0xc2), Some("198.51.100.2:8080"))]
    #[case::an_answer(ipv6(6, 0x12), None)]
    #[case::data(ipv4(6, 0x18), None)]
    #[case::udp(ipv6(17, 0x02), None)]
    #[case::cut(ipv4(6, 0x02)[..30].to_vec(), None)]
    #[case::nothing(Vec::new(), None)]
    #[case::neither(vec![0xff; 60], None)]
    fn the_first_packet_of_a_connection_is_known(
        #[case] packet: Vec<u8>,
        #[case] to: Option<&str>,
    ) {
        let found = syn(&packet).map(|(port, to)| {
            assert_eq!(port, 40_000);
            to.to_string()
        });
        assert_eq!(found.as_deref(), to);
    }
}
