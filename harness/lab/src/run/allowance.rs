//! How much the agents of a platform may send in a run. What they send is kept, so without a
//! bound an agent could fill the memory of the harness, one allowed line after another.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::run::lines::LONGEST;

/// What an agent may send for each case, in bytes. The largest answer of the corpus has 20 kB,
/// an average one 3 kB.
const CASE: usize = 32 << 10;

/// What is left of it, for all agents of a run.
#[derive(Clone, Debug)]
pub(crate) struct Allowance {
    left: Arc<AtomicUsize>,
    whole: usize,
}

impl Allowance {
    /// For this many cases: a few large answers, and an average one for every case.
    pub(crate) fn of(cases: usize) -> Self {
        let whole = cases.saturating_mul(CASE).saturating_add(4 * LONGEST);
        let left = Arc::new(AtomicUsize::new(whole));
        Self { left, whole }
    }

    /// Takes a line from it; whether it was large enough.
    pub(crate) fn take(&self, bytes: usize) -> bool {
        let take = |left: usize| Some(left.saturating_sub(bytes));
        let order = Ordering::Relaxed;
        let before = self.left.fetch_update(order, order, take);
        before.is_ok_and(|before| before > bytes)
    }

    /// Whether nothing is left.
    pub(crate) fn is_spent(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }

    /// What is said when it is not enough.
    pub(crate) fn exceeded(&self) -> String {
        let kib = self.whole >> 10;
        format!("the agents sent more than {kib} KiB, which is the limit for this many cases")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_spent_by_all_agents_together() {
        let allowance = Allowance::of(1);
        let other = allowance.clone();
        assert!(allowance.take(4 * LONGEST));
        assert!(other.take(CASE - 1));
        assert!(!allowance.is_spent());
        assert!(!other.take(1));
        assert!(allowance.is_spent());
    }
}
