//! Unix: the call blocks, and a watchdog thread interrupts it with a signal.
//!
//! A blocking call returns `EINTR` when a signal arrives whose handler was installed without
//! `SA_RESTART` (signal(7), "Interruption of system calls and library functions by signal
//! handlers"). The watchdog sends `SIGURG`, which Go's runtime uses for the same purpose: its
//! default action is to ignore it, and programs and debuggers expect spurious ones.
//!
//! - Nothing here touches the socket: a trace of the network calls shows only the call itself.
//! - A signal that arrives before the call has entered the kernel would be lost, so the watchdog
//!   repeats it until the call is known to have returned.
//! - A signal is sent only while the list of calls is locked, so it never goes to a thread whose call
//!   has returned.
//! - The thread starts with the first call that may block, because a process with two threads may
//!   no longer unshare its user namespace (unshare(2), `CLONE_NEWUSER`). It does not survive a
//!   fork.
//! - Adding and removing a call takes a mutex and a `Vec`. The watchdog sleeps until the time it last
//!   chose, even if that call has returned, so it need not be woken for the next one.

use std::io;
use std::ptr;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::Blocking;
use crate::error::{Error, OsError, Result};

const SIGNAL: libc::c_int = libc::SIGURG;

/// The time between two signals to a call that has not returned.
const REPEAT: Duration = Duration::from_millis(5);

/// Practically no deadline, and short enough for an `Instant`.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Makes a call that may block, and interrupts it when `after` has passed.
///
/// A signal from elsewhere does not end the call early: `attempt` is made again. The
/// exception is `connect`: once interrupted it continues in the system, and a second call
/// fails with `EALREADY` (POSIX, `connect()`; not so on Linux), so the result is `EINTR`.
pub(crate) fn bounded<T>(
    call: Blocking,
    after: Duration,
    mut attempt: impl FnMut() -> Result<T, OsError>,
) -> Result<T> {
    let watch = Watch::start(after)?;
    loop {
        match attempt() {
            Err(error) if error.code == libc::EINTR => {
                if watch.is_overdue() {
                    return Err(Error::TimedOut {
                        call: call.name(),
                        after,
                    });
                }
                if call == Blocking::Connect {
                    return Err(error.into());
                }
            }
            answer => return answer.map_err(Error::from),
        }
    }
}

/// A call of this thread that the watchdog watches as long as this value exists.
struct Watch {
    ticket: u64,
    due: Instant,
}

impl Watch {
    fn start(after: Duration) -> Result<Self> {
        UNBLOCKED.with(|()| ());
        let due = Instant::now() + after.min(LONGEST);
        let mut watchdog = lock();
        watchdog.start()?;
        let ticket = watchdog.enter(due);
        if !watchdog.wakes_by(due) {
            ENTERED.notify_one();
        }
        Ok(Self { ticket, due })
    }

    fn is_overdue(&self) -> bool {
        Instant::now() >= self.due
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let was_signalled = lock().leave(self.ticket);
        if was_signalled {
            take_signal();
        }
    }
}

/// One call on the watchdog's list.
struct Entry {
    ticket: u64,
    thread: Thread,
    due: Instant,
    signalled: bool,
}

/// A thread to send signals to.
struct Thread(libc::pthread_t);

// SAFETY: a `pthread_t` names a thread to all threads of the process (pthread_self(3));
// where it is a pointer, it is not dereferenced here.
unsafe impl Send for Thread {}

/// What the watchdog's thread is doing.
enum Sleep {
    NotStarted,
    /// Sleeping until something is added.
    Idle,
    /// Sleeping until this time; if it is past, the thread is awake and about to look at
    /// the list.
    Until(Instant),
}

struct Watchdog {
    entries: Vec<Entry>,
    next_ticket: u64,
    sleep: Sleep,
}

static WATCHDOG: Mutex<Watchdog> = Mutex::new(Watchdog {
    entries: Vec::new(),
    next_ticket: 0,
    sleep: Sleep::NotStarted,
});

/// Wakes the watchdog's thread.
static ENTERED: Condvar = Condvar::new();

fn lock() -> MutexGuard<'static, Watchdog> {
    // No code that holds the lock leaves the list in an inconsistent state.
    WATCHDOG.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watchdog {
    /// Starts the thread if this is the first call.
    fn start(&mut self) -> Result<()> {
        if !matches!(self.sleep, Sleep::NotStarted) {
            return Ok(());
        }
        install_handler();
        let builder = thread::Builder::new().name("deadlines".to_owned());
        builder
            .spawn(watch)
            .map_err(|error| Error::unavailable(format!("thread to keep deadlines: {error}")))?;
        self.sleep = Sleep::Until(Instant::now());
        Ok(())
    }

    /// Adds a call of this thread to the list.
    fn enter(&mut self, due: Instant) -> u64 {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        // SAFETY: the call has no preconditions.
        let thread = Thread(unsafe { libc::pthread_self() });
        self.entries.push(Entry {
            ticket,
            thread,
            due,
            signalled: false,
        });
        ticket
    }

    /// Whether the thread will look at the list by this time without being woken.
    fn wakes_by(&self, due: Instant) -> bool {
        matches!(self.sleep, Sleep::Until(time) if time <= due)
    }

    /// Removes a call from the list; returns whether a signal was sent to it.
    fn leave(&mut self, ticket: u64) -> bool {
        let index = self.entries.iter().position(|entry| entry.ticket == ticket);
        index.is_some_and(|index| self.entries.swap_remove(index).signalled)
    }

    /// Signals every overdue call; returns when to look again.
    fn interrupt_overdue(&mut self, now: Instant) -> Option<Instant> {
        for entry in self.entries.iter_mut().filter(|entry| entry.due <= now) {
            entry.signalled = true;
            // SAFETY: the thread is in `bounded`, since it cannot leave while the list is locked.
            unsafe { libc::pthread_kill(entry.thread.0, SIGNAL) };
        }
        let look_again = |entry: &Entry| {
            if entry.signalled {
                now + REPEAT
            } else {
                entry.due
            }
        };
        self.entries.iter().map(look_again).min()
    }
}

/// The watchdog's thread.
fn watch() {
    let mut watchdog = lock();
    loop {
        let now = Instant::now();
        watchdog = match watchdog.interrupt_overdue(now) {
            None => {
                watchdog.sleep = Sleep::Idle;
                ENTERED
                    .wait(watchdog)
                    .unwrap_or_else(PoisonError::into_inner)
            }
            Some(time) => {
                watchdog.sleep = Sleep::Until(time);
                let waited = ENTERED.wait_timeout(watchdog, time - now);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        };
    }
}

/// Installs a handler for the signal in the whole process: an ignored signal interrupts
/// nothing.
fn install_handler() {
    extern "C" fn nothing(_: libc::c_int) {}
    // SAFETY: `sigaction` is a plain C structure, for which zeroes are an empty mask and no flags,
    // so no SA_RESTART; the handler does nothing, which is async-signal-safe.
    let returned = unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        let handler: extern "C" fn(libc::c_int) = nothing;
        action.sa_sigaction = handler as libc::sighandler_t;
        libc::sigaction(SIGNAL, &action, ptr::null_mut())
    };
    assert_eq!(
        returned,
        0,
        "failed to handle SIGURG: {}",
        io::Error::last_os_error()
    );
}

thread_local! {
    /// A thread inherits its mask from the thread that created it, and a process from its
    /// parent: if the signal is blocked, it interrupts nothing. Done once in each thread.
    static UNBLOCKED: () = take_signal();
}

/// Unblocks the signal for this thread, which delivers it if it is pending.
///
/// After a signal was sent, this makes sure that it does not interrupt a later call: "if
/// there are any pending unblocked signals after the call to sigprocmask(), at least one
/// of those signals shall be delivered before the call to sigprocmask() returns" (POSIX).
fn take_signal() {
    // SAFETY: `sigset_t` is a plain C structure that `sigemptyset` initialises.
    unsafe {
        let mut signals: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&mut signals);
        libc::sigaddset(&mut signals, SIGNAL);
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &signals, ptr::null_mut());
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn watchdog(sleep: Sleep) -> Watchdog {
        Watchdog {
            entries: Vec::new(),
            next_ticket: 0,
            sleep,
        }
    }

    #[rstest]
    #[case::idle(Sleep::Idle, false)]
    #[case::awake(Sleep::Until(Instant::now()), true)]
    #[case::for_an_earlier_call(Sleep::Until(Instant::now() + MINUTE), true)]
    #[case::for_a_later_call(Sleep::Until(Instant::now() + 3 * MINUTE), false)]
    fn it_is_woken_only_if_it_would_oversleep(#[case] sleep: Sleep, #[case] wakes: bool) {
        assert_eq!(watchdog(sleep).wakes_by(Instant::now() + 2 * MINUTE), wakes);
    }

    #[test]
    fn it_sleeps_until_the_first_call_is_due() {
        let mut watchdog = watchdog(Sleep::Idle);
        let now = Instant::now();
        assert_eq!(watchdog.interrupt_overdue(now), None);
        let first = watchdog.enter(now + MINUTE);
        let second = watchdog.enter(now + 2 * MINUTE);
        assert_eq!(watchdog.interrupt_overdue(now), Some(now + MINUTE));
        assert!(!watchdog.leave(first));
        assert_eq!(watchdog.interrupt_overdue(now), Some(now + 2 * MINUTE));
        assert!(!watchdog.leave(second));
        assert_eq!(watchdog.interrupt_overdue(now), None);
    }

    #[test]
    fn it_repeats_the_signal_until_the_call_has_returned() {
        install_handler();
        let mut watchdog = watchdog(Sleep::Idle);
        let now = Instant::now();
        let ticket = watchdog.enter(now);
        assert_eq!(watchdog.interrupt_overdue(now), Some(now + REPEAT));
        assert_eq!(
            watchdog.interrupt_overdue(now + REPEAT),
            Some(now + 2 * REPEAT)
        );
        // Another call with an earlier deadline does not have to wait.
        let soon = watchdog.enter(now + REPEAT * 3 / 2);
        assert_eq!(
            watchdog.interrupt_overdue(now + REPEAT),
            Some(now + REPEAT * 3 / 2)
        );
        assert!(!watchdog.leave(soon));
        assert!(watchdog.leave(ticket));
        assert_eq!(watchdog.interrupt_overdue(now + 2 * REPEAT), None);
    }

    #[test]
    fn no_signal_is_left_over() {
        let watch = Watch::start(Duration::ZERO).unwrap();
        // SAFETY: the sets are initialised before they are used.
        let pending = || unsafe {
            let mut signals: libc::sigset_t = std::mem::zeroed();
            assert_eq!(libc::sigpending(&mut signals), 0);
            libc::sigismember(&signals, SIGNAL) == 1
        };
        // SAFETY: as above.
        unsafe {
            let mut signals: libc::sigset_t = std::mem::zeroed();
            libc::sigemptyset(&mut signals);
            libc::sigaddset(&mut signals, SIGNAL);
            libc::pthread_sigmask(libc::SIG_BLOCK, &signals, ptr::null_mut());
        }
        // Delayed like this, it is as late as possible.
        while !pending() {
            thread::yield_now();
        }
        drop(watch);
        assert!(!pending());
    }
}
