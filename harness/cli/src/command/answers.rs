//! The answers of a run, kept in its file as the platforms finish: what ends the run early
//! costs only the platforms in progress.

use std::thread::{Scope, ScopedJoinHandle};

use dualstack_lab::{Job, Run};
use dualstack_report::Results;
use dualstack_report::merge::{Merge, Note};

use crate::failure::Failure;
use crate::results_file::ResultsFile;

/// The answers so far.
pub(super) struct Answers<'scope> {
    /// Those of the run that this one goes on with.
    earlier: Option<Results>,
    new: New<'scope>,
    /// How many platforms have not finished yet.
    awaited: usize,
    file: ResultsFile,
}

/// The new answers, with a copy of every case, which is made while the first platform starts.
struct New<'scope> {
    being_made: Option<ScopedJoinHandle<'scope, Results>>,
    made: Option<Results>,
}

impl New<'_> {
    fn results(&mut self) -> &mut Results {
        let being_made = &mut self.being_made;
        self.made.get_or_insert_with(|| {
            let thread = being_made.take().expect("it is made once");
            thread.join().expect("it only copies")
        })
    }
}

impl<'scope> Answers<'scope> {
    /// Those of this many platforms, none of which has finished yet. `empty` makes the results
    /// that they are added to.
    pub(super) fn new<'env: 'scope>(
        scope: &'scope Scope<'scope, 'env>,
        empty: impl FnOnce() -> Results + Send + 'scope,
        earlier: Option<Results>,
        awaited: usize,
        file: ResultsFile,
    ) -> Self {
        let new = New {
            being_made: Some(scope.spawn(empty)),
            made: None,
        };
        Self {
            earlier,
            new,
            awaited,
            file,
        }
    }

    /// Adds the answers of a platform, and keeps them.
    pub(super) fn add(&mut self, job: &Job<'_>, run: Run) {
        let new = self.new.results();
        new.add(job.platform.name(), &job.cases, run);
        self.awaited -= 1;
        // After the last platform, `finish` keeps all.
        if self.awaited > 0 {
            let (so_far, _) = merged(self.earlier.clone(), new.clone());
            // What cannot be kept now is tried again at the end, where a failure is reported.
            _ = self.file.keep(&so_far);
        }
    }

    /// All answers, with the platforms in this order and with what was dropped for them; and
    /// whether they could be kept.
    pub(super) fn finish(
        mut self,
        platforms: &[&str],
    ) -> (Results, Vec<Note>, Result<String, Failure>) {
        self.new.results();
        let mut new = self.new.made.expect("it has just been made");
        new.arrange(platforms);
        let (whole, notes) = merged(self.earlier, new);
        let kept = self.file.finish(&whole);
        (whole, notes, kept)
    }
}

fn merged(earlier: Option<Results>, new: Results) -> (Results, Vec<Note>) {
    let Some(earlier) = earlier else {
        return (new, Vec::new());
    };
    let mut merge = Merge::default();
    merge.add(earlier);
    merge.add(new);
    merge.finish().expect("files were added")
}
