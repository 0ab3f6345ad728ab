//! No call blocks forever, and none is interrupted before its deadline.

mod common;

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use common::{bound, name};
use dualstack_sockets::names::SocketType;
use dualstack_sockets::{Error, RawSockaddr, Result, Socket};
use rstest::rstest;

use SocketType::{Tcp4, Tcp6, Udp6};

/// Makes the call, which must time out when its deadline passes and not before.
fn assert_times_out<T: std::fmt::Debug>(
    socket: &mut Socket,
    call: &'static str,
    after: Duration,
    make: impl FnOnce(&Socket) -> Result<T>,
) {
    socket.set_deadline(after);
    let start = Instant::now();
    let answer = make(socket);
    let took = start.elapsed();
    assert_eq!(answer.unwrap_err(), Error::TimedOut { call, after });
    assert!(
        took >= after,
        "{call} was interrupted after {took:?} of {after:?}"
    );
}

#[rstest]
#[case::at_once(Duration::ZERO)]
#[case::short(Duration::from_millis(1))]
#[case::longer(Duration::from_millis(150))]
fn nobody_connects_and_nothing_is_sent(#[case] after: Duration) {
    let mut listener = bound(Tcp6, "[::1]:0");
    listener.listen(1).unwrap();
    assert_times_out(&mut listener, "accept", after, |s| {
        s.accept(RawSockaddr::CAPACITY)
    });
    let mut receiver = bound(Udp6, "[::1]:0");
    assert_times_out(&mut receiver, "recv", after, |s| s.recv(1));
    assert_times_out(&mut receiver, "recvfrom", after, |s| {
        s.recv_from(1, RawSockaddr::CAPACITY)
    });
    assert_times_out(&mut receiver, "recvmsg", after, |s| {
        s.recv_msg(1, 0, RawSockaddr::CAPACITY)
    });
}

/// Other systems refuse or reset the connection when the queue is full.
#[cfg(target_os = "linux")]
#[test]
fn connecting_to_a_listener_whose_queue_is_full() {
    let listener = bound(Tcp4, "127.0.0.1:0");
    listener.listen(0).unwrap();
    let to = listener.getsockname(RawSockaddr::CAPACITY).unwrap();
    // With a backlog of 0 there is room for one (net/ipv4/tcp_ipv4.c, sk_acceptq_is_full()).
    let first = Socket::new(Tcp4).unwrap();
    first.connect(&to).unwrap();
    let mut second = Socket::new(Tcp4).unwrap();
    assert_times_out(&mut second, "connect", Duration::from_millis(100), |s| {
        s.connect(&to)
    });
}

#[test]
fn sending_to_someone_who_does_not_read() {
    let listener = bound(Tcp4, "127.0.0.1:0");
    listener.listen(1).unwrap();
    let mut client = Socket::new(Tcp4).unwrap();
    client
        .connect(&listener.getsockname(RawSockaddr::CAPACITY).unwrap())
        .unwrap();
    let after = Duration::from_millis(100);
    client.set_deadline(after);
    // Blocking sends may return early with a part of the data; the last sends nothing.
    let chunk = vec![0; 1 << 20];
    let error = (0..1000).find_map(|_| client.send(&chunk).err());
    assert_eq!(
        error,
        Some(Error::TimedOut {
            call: "send",
            after
        })
    );
}

#[test]
fn an_answer_that_is_ready_needs_no_time() {
    let mut receiver = bound(Udp6, "[::1]:0");
    receiver.set_deadline(Duration::ZERO);
    let to = receiver.getsockname(RawSockaddr::CAPACITY).unwrap();
    let sender = Socket::new(Udp6).unwrap();
    for _ in 0..100 {
        sender.send_to(b"x", &to).unwrap();
        assert_eq!(receiver.recv(1), Ok(b"x".to_vec()));
    }
    let mut unconnected = Socket::new(Tcp6).unwrap();
    unconnected.set_deadline(Duration::ZERO);
    assert!(matches!(unconnected.recv(1), Err(Error::Os(_))));
}

#[test]
fn a_thousand_calls_go_undisturbed() {
    let one = bound(Udp6, "[::1]:0");
    let other = bound(Udp6, "[::1]:0");
    let to_one = one.getsockname(RawSockaddr::CAPACITY).unwrap();
    let to_other = other.getsockname(RawSockaddr::CAPACITY).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..1000 {
                let ball = other.recv(4).unwrap();
                other.send_to(&ball, &to_one).unwrap();
            }
        });
        for number in 0..1000_u32 {
            one.send_to(&number.to_ne_bytes(), &to_other).unwrap();
            assert_eq!(one.recv(4).unwrap(), number.to_ne_bytes());
        }
    });
}

#[test]
fn many_threads_each_with_a_deadline_of_its_own() {
    let start = Barrier::new(32);
    thread::scope(|scope| {
        for thread in 0..32_u64 {
            let start = &start;
            scope.spawn(move || {
                let mut socket = bound(Udp6, "[::1]:0");
                // In another order than the threads start.
                let after = Duration::from_millis(20 + thread * 37 % 32 * 5);
                start.wait();
                for _ in 0..4 {
                    assert_times_out(&mut socket, "recv", after, |s| s.recv(1));
                }
            });
        }
    });
}

#[test]
fn a_short_deadline_is_kept_beside_a_long_one() {
    let mut long = bound(Udp6, "[::1]:0");
    long.set_deadline(Duration::from_secs(60));
    let to = long.getsockname(RawSockaddr::CAPACITY).unwrap();
    thread::scope(|scope| {
        let long = scope.spawn(move || long.recv(4));
        let mut short = bound(Udp6, "[::1]:0");
        let after = Duration::from_millis(50);
        for _ in 0..4 {
            assert_times_out(&mut short, "recv", after, |s| s.recv(1));
        }
        short.send_to(b"late", &to).unwrap();
        assert_eq!(long.join().unwrap(), Ok(b"late".to_vec()));
    });
}

#[test]
fn a_socket_can_be_used_after_a_call_timed_out() {
    let mut receiver = bound(Udp6, "[::1]:0");
    let to = receiver.getsockname(RawSockaddr::CAPACITY).unwrap();
    let sender = Socket::new(Udp6).unwrap();
    let listener = bound(Tcp4, "127.0.0.1:0");
    listener.listen(64).unwrap();
    let listening_at = listener.getsockname(RawSockaddr::CAPACITY).unwrap();
    for _ in 0..50 {
        assert_times_out(&mut receiver, "recv", Duration::from_millis(1), |s| {
            s.recv(1)
        });
        // A leftover signal would make this fail: `connect` is not repeated.
        Socket::new(Tcp4).unwrap().connect(&listening_at).unwrap();
        sender.send_to(b"x", &to).unwrap();
        assert_eq!(receiver.recv(1), Ok(b"x".to_vec()));
    }
}

#[test]
fn the_longest_deadline() {
    let mut receiver = bound(Udp6, "[::1]:0");
    receiver.set_deadline(Duration::MAX);
    let to = receiver.getsockname(RawSockaddr::CAPACITY).unwrap();
    Socket::new(Udp6).unwrap().send_to(b"x", &to).unwrap();
    assert_eq!(receiver.recv(1), Ok(b"x".to_vec()));
}

#[cfg(unix)]
mod signals {
    use std::os::unix::thread::JoinHandleExt;
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn someone_elses_signal_ends_no_call() {
        let receiver = bound(Udp6, "[::1]:0");
        let to = receiver.getsockname(RawSockaddr::CAPACITY).unwrap();
        let sender = Socket::new(Udp6).unwrap();
        // The first call that may block installs the handler.
        sender.send_to(b"first", &to).unwrap();
        assert_eq!(receiver.recv(8), Ok(b"first".to_vec()));

        let (ready, is_ready) = mpsc::channel();
        let thread = thread::spawn(move || {
            ready.send(()).unwrap();
            receiver.recv(8)
        });
        is_ready.recv().unwrap();
        // Many signals, so that most arrive while it waits in the system.
        for _ in 0..2000 {
            // SAFETY: the thread was not joined.
            unsafe { libc::pthread_kill(thread.as_pthread_t() as _, libc::SIGURG) };
            thread::yield_now();
        }
        assert!(!thread.is_finished(), "a signal ended recv");
        sender.send_to(b"second", &to).unwrap();
        assert_eq!(thread.join().unwrap(), Ok(b"second".to_vec()));
    }

    /// With POSIX the attempt continues and another `connect` fails with `EALREADY`;
    /// Linux would keep waiting.
    #[cfg(target_os = "linux")]
    #[test]
    fn someone_elses_signal_ends_connect() {
        let listener = bound(Tcp4, "127.0.0.1:0");
        listener.listen(0).unwrap();
        let to = listener.getsockname(RawSockaddr::CAPACITY).unwrap();
        let first = Socket::new(Tcp4).unwrap();
        first.connect(&to).unwrap();
        let thread = thread::spawn(move || {
            let mut second = Socket::new(Tcp4).unwrap();
            second.set_deadline(Duration::from_secs(5));
            second.connect(&to)
        });
        while !thread.is_finished() {
            // SAFETY: the thread was not joined.
            unsafe { libc::pthread_kill(thread.as_pthread_t() as _, libc::SIGURG) };
            thread::yield_now();
        }
        assert_eq!(common::os_name(thread.join().unwrap()), "EINTR");
    }

    /// A signal mask is inherited, over `exec` too.
    #[test]
    fn a_thread_that_blocks_the_signal_is_interrupted_all_the_same() {
        thread::spawn(|| {
            // SAFETY: `sigset_t` is a plain C structure that `sigfillset` initialises.
            unsafe {
                let mut signals: libc::sigset_t = std::mem::zeroed();
                libc::sigfillset(&mut signals);
                libc::pthread_sigmask(libc::SIG_BLOCK, &signals, std::ptr::null_mut());
            }
            let mut receiver = bound(Udp6, "[::1]:0");
            assert_times_out(&mut receiver, "recv", Duration::from_millis(20), |s| {
                s.recv(1)
            });
        })
        .join()
        .unwrap();
    }
}

#[test]
fn a_refused_connection_is_no_timeout() {
    let mut client = Socket::new(Tcp4).unwrap();
    client.set_deadline(dualstack_sockets::DEFAULT_DEADLINE);
    assert!(matches!(
        client.connect(&name("127.0.0.1:1")),
        Err(Error::Os(_))
    ));
}
