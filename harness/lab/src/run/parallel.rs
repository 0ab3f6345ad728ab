//! Several platforms at once, as many as there are cores.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use dualstack_scenario::Case;

use crate::platform::Platform;
use crate::run::outcome::{Event, Run};
use crate::run::run;
use crate::run::session::Terms;

/// Runs cases on every platform; the runs are returned in the order of the platforms.
/// `watch` gets each event with its platform.
pub fn run_all(
    platforms: &[&dyn Platform],
    cases: &[&Case],
    terms: Terms,
    watch: &(dyn Fn(usize, Event<'_>) + Sync),
) -> Vec<Run> {
    let next = AtomicUsize::new(0);
    let runs: Mutex<Vec<(usize, Run)>> = Mutex::new(Vec::new());
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(platform) = platforms.get(index) else {
                break;
            };
            let run = run(*platform, cases, terms, |event| watch(index, event));
            runs.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((index, run));
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers.min(platforms.len()) {
            scope.spawn(work);
        }
    });
    let mut runs = runs.into_inner().unwrap_or_else(PoisonError::into_inner);
    runs.sort_by_key(|(index, _)| *index);
    runs.into_iter().map(|(_, run)| run).collect()
}
