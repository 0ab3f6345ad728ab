//! A DNS server on the loopback addresses of a host.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::io::{self, PipeReader, PipeWriter};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::zone::{Reply, Zone};

/// The port of the protocol (RFC 1035 section 4.2.1).
const PORT: u16 = 53;

/// The longest question that is read. One with a single name has at most 271 bytes, and EDNS
/// adds some (RFC 6891).
const LONGEST: usize = 1232;

/// How many replies may wait.
const WAITING: usize = 1024;

/// A server. It ends when this is dropped, and its port is free then.
pub(crate) struct Server {
    address: IpAddr,
    stop: Option<PipeWriter>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts one in the network namespace that the thread is in, on the first loopback
    /// address that it has.
    pub(crate) fn start(zone: Arc<Zone>) -> Result<Self, String> {
        let loopback: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        let mut why = Vec::new();
        let bound = loopback.into_iter().find_map(|ip| {
            let socket = bind(ip).map_err(|error| why.push(error.to_string()));
            socket.ok().map(|socket| (ip, socket))
        });
        let Some((address, socket)) = bound else {
            return Err(format!("no DNS server can be started: {}", why.join("; ")));
        };
        let failed = |error: io::Error| format!("no DNS server can be started: {error}");
        let (stopped, stop) = io::pipe().map_err(failed)?;
        let thread = thread::Builder::new()
            .name("dns".to_owned())
            .spawn(move || serve(&socket, &stopped, &zone))
            .map_err(failed)?;
        Ok(Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Where it is asked.
    pub(crate) fn address(&self) -> IpAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop = None;
        _ = self.thread.take().map(JoinHandle::join);
    }
}

fn bind(ip: IpAddr) -> io::Result<UdpSocket> {
    let named = |error| io::Error::other(format!("{}: {error}", SocketAddr::new(ip, PORT)));
    let socket = UdpSocket::bind((ip, PORT)).map_err(named)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

/// A reply that waits for its time, and to whom it goes.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Waiting {
    at: Instant,
    to: SocketAddr,
    bytes: Vec<u8>,
}

/// Answers until the other end of the pipe is closed.
fn serve(socket: &UdpSocket, stopped: &PipeReader, zone: &Zone) {
    let mut waiting = BinaryHeap::new();
    loop {
        send_due(socket, &mut waiting);
        let next = waiting.peek().map(|Reverse(first): &Reverse<Waiting>| {
            first.at.saturating_duration_since(Instant::now())
        });
        let next = next.and_then(|left| Timespec::try_from(left).ok());
        let mut watched = [
            PollFd::new(stopped, PollFlags::empty()),
            PollFd::new(socket, PollFlags::IN),
        ];
        let polled = poll(&mut watched, next.as_ref());
        let broken = polled.is_err_and(|error| error != rustix::io::Errno::INTR);
        if broken || !watched[0].revents().is_empty() {
            return;
        }
        let mut datagram = [0; LONGEST];
        while let Ok((length, to)) = socket.recv_from(&mut datagram) {
            let reply = zone.reply(&datagram[..length]);
            if let Some(Reply { bytes, after }) = reply.filter(|_| waiting.len() < WAITING) {
                let at = Instant::now() + after;
                waiting.push(Reverse(Waiting { at, to, bytes }));
            }
        }
    }
}

/// Sends the replies whose time has come.
fn send_due(socket: &UdpSocket, waiting: &mut BinaryHeap<Reverse<Waiting>>) {
    let now = Instant::now();
    while let Some(first) = waiting.peek_mut() {
        if first.0.at > now {
            return;
        }
        let Reverse(due) = PeekMut::pop(first);
        _ = socket.send_to(&due.bytes, due.to);
    }
}
