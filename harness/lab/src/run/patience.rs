//! Deadlines for agents: longer on a busy machine.

use std::fmt;
use std::num::NonZeroUsize;
use std::thread;
use std::time::{Duration, Instant};

/// A busy machine gets at most this many times as long.
const MOST: f64 = 10.0;

/// How long something may take on an idle machine, and since when it is awaited.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    idle: Duration,
    since: Instant,
}

impl Patience {
    /// Starts waiting.
    pub(crate) fn new(idle: Duration) -> Self {
        Self {
            idle,
            since: Instant::now(),
        }
    }

    /// How much longer to wait, with the load of now.
    ///
    /// # Errors
    ///
    /// It has taken too long.
    pub(crate) fn left(&self) -> Result<Duration, TooLong> {
        self.left_at(Load::now())
    }

    fn left_at(&self, load: Load) -> Result<Duration, TooLong> {
        let waited = self.since.elapsed();
        let left = self.idle.mul_f64(load.factor()).checked_sub(waited);
        left.filter(|left| !left.is_zero()).ok_or(TooLong {
            idle: self.idle,
            waited,
            load,
        })
    }
}

/// How busy the machine is.
#[derive(Clone, Copy, Debug)]
struct Load {
    /// How many tasks want a processor, on average over a minute; 0 on Windows, which
    /// does not count them.
    tasks: f64,
    processors: usize,
}

impl Load {
    fn now() -> Self {
        Self {
            #[cfg(unix)]
            tasks: sysinfo::System::load_average().one,
            #[cfg(not(unix))]
            tasks: 0.0,
            processors: thread::available_parallelism().map_or(1, NonZeroUsize::get),
        }
    }

    /// How many times as long things take as on an idle machine.
    fn factor(self) -> f64 {
        (self.tasks / self.processors as f64).clamp(1.0, MOST)
    }
}

/// Something took too long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TooLong {
    idle: Duration,
    waited: Duration,
    load: Load,
}

/// `20 s`, or `61 s (20 s on an idle machine; the load is 6.1 on 2 processors)`.
impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let idle = self.idle.as_secs_f64();
        if self.load.factor() == 1.0 {
            return write!(f, "{} s", shown(idle));
        }
        write!(
            f,
            "{} s ({} s on an idle machine; the load is {:.1} on {} processors)",
            shown(self.waited.as_secs_f64()),
            shown(idle),
            self.load.tasks,
            self.load.processors
        )
    }
}

/// Seconds, with a tenth only where it matters.
fn shown(seconds: f64) -> String {
    if seconds < 10.0 && seconds.fract() >= 0.05 {
        format!("{seconds:.1}")
    } else {
        format!("{seconds:.0}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn load(tasks: f64) -> Load {
        Load {
            tasks,
            processors: 2,
        }
    }

    fn waited(seconds: u64) -> Patience {
        let seconds = Duration::from_secs(seconds);
        Patience {
            idle: Duration::from_secs(20),
            since: Instant::now().checked_sub(seconds).unwrap(),
        }
    }

    #[test]
    fn a_busy_machine_gets_longer() {
        assert!(waited(21).left_at(load(0.5)).is_err());
        assert!(waited(21).left_at(load(6.0)).unwrap() > Duration::from_secs(38));
        assert!(waited(61).left_at(load(6.0)).is_err());
        assert!(waited(201).left_at(load(900.0)).is_err());
    }

    #[test]
    fn the_load_is_told_where_it_counted() {
        let told = |seconds, tasks| {
            waited(seconds)
                .left_at(load(tasks))
                .unwrap_err()
                .to_string()
        };
        assert_eq!(told(21, 1.0), "20 s");
        assert_eq!(
            told(61, 6.0),
            "61 s (20 s on an idle machine; the load is 6.0 on 2 processors)"
        );
    }
}
