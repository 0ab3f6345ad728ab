//! Everything that is running, so that an interrupted run leaves nothing behind.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::run::link::Running;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
/// Held while an interrupt ends what is running.
static ENDING: Mutex<()> = Mutex::new(());
static LIVE: Mutex<Vec<Weak<Mutex<dyn Running>>>> = Mutex::new(Vec::new());

/// The platforms that this process has started agents on, by name.
static STARTED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Something that runs and that an interrupt can reach.
#[derive(Debug)]
pub(crate) struct Live<R>(Arc<Mutex<R>>);

impl<R: Running + 'static> Live<R> {
    pub(crate) fn new(running: R) -> Self {
        let live = Arc::new(Mutex::new(running));
        let known: Arc<Mutex<dyn Running>> = Arc::clone(&live) as _;
        let mut all = LIVE.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|known| known.strong_count() > 0);
        all.push(Arc::downgrade(&known));
        Self(live)
    }

    pub(crate) fn get(&self) -> MutexGuard<'_, R> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends every agent, and every machine that waits for one. The current runs return soon,
/// and cases without an answer are lost; no new run starts.
pub fn interrupt() {
    // Outlives the last reference to what is ended: a network is removed with that.
    let _ending = ENDING.lock().unwrap_or_else(PoisonError::into_inner);
    INTERRUPTED.store(true, Ordering::SeqCst);
    let live: Vec<_> = {
        let all = LIVE.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter_map(Weak::upgrade).collect()
    };
    for running in live {
        running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .kill();
    }
}

/// Waits until an [`interrupt`] in progress has ended everything, which it does in a
/// separate thread. A process that exits earlier would leave something behind.
pub(crate) fn await_interrupt() {
    drop(ENDING.lock().unwrap_or_else(PoisonError::into_inner));
}

/// Records that an agent is about to be started on a platform.
pub(crate) fn note_start(platform: &str) {
    let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    started.insert(platform.to_owned());
}

/// Whether this process has started an agent on a platform.
pub(crate) fn has_started(platform: &str) -> bool {
    let started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    started.contains(platform)
}

/// Whether [`interrupt`] was called.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}
