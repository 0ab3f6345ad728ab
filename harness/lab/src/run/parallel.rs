//! Several platforms at once, as many as there are cores.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use dualstack_scenario::Case;

use crate::platform::Platform;
use crate::run::outcome::{Event, Run};
use crate::run::run;
use crate::run::session::Terms;

/// What a platform is asked.
pub struct Job<'a> {
    /// The platform.
    pub platform: &'a dyn Platform,
    /// The cases for it.
    pub cases: Vec<&'a Case>,
}

/// Runs the same cases on every platform; the runs are returned in the order of the
/// platforms. `watch` gets each event with its platform.
pub fn run_all(
    platforms: &[&dyn Platform],
    cases: &[&Case],
    terms: Terms,
    watch: &(dyn Fn(usize, Event<'_>) + Sync),
) -> Vec<Run> {
    let jobs = platforms.iter().map(|platform| Job {
        platform: *platform,
        cases: cases.to_vec(),
    });
    let runs: Mutex<Vec<(usize, Run)>> = Mutex::new(Vec::new());
    run_each(&jobs.collect::<Vec<_>>(), terms, watch, &|index, run| {
        let mut runs = runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.push((index, run));
    });
    let mut runs = runs.into_inner().unwrap_or_else(PoisonError::into_inner);
    runs.sort_by_key(|(index, _)| *index);
    runs.into_iter().map(|(_, run)| run).collect()
}

/// Carries out jobs, in any order. `watch` gets each event, and `done` each run as soon as it
/// has ended, with the index of the job.
pub fn run_each(
    jobs: &[Job<'_>],
    terms: Terms,
    watch: &(dyn Fn(usize, Event<'_>) + Sync),
    done: &(dyn Fn(usize, Run) + Sync),
) {
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(Job { platform, cases }) = jobs.get(index) else {
                break;
            };
            let run = run(*platform, cases, terms, |event| watch(index, event));
            platform.rest();
            done(index, run);
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers.min(jobs.len()) {
            scope.spawn(work);
        }
    });
}
