//! The answers of a run, kept in its file as the platforms finish: what ends the run early
//! costs only the platforms in progress.

use dualstack_lab::{Job, Run};
use dualstack_report::Results;
use dualstack_report::merge::{Merge, Note};

use crate::failure::Failure;
use crate::results_file::ResultsFile;

/// The answers so far.
pub(super) struct Answers {
    /// Those of the run that this one goes on with.
    earlier: Option<Results>,
    new: Results,
    /// How many platforms have not finished yet.
    awaited: usize,
    file: ResultsFile,
}

impl Answers {
    /// Those of this many platforms, none of which has finished yet.
    pub(super) fn new(
        earlier: Option<Results>,
        new: Results,
        awaited: usize,
        file: ResultsFile,
    ) -> Self {
        Self {
            earlier,
            new,
            awaited,
            file,
        }
    }

    /// Adds the answers of a platform, and keeps them.
    pub(super) fn add(&mut self, job: &Job<'_>, run: Run) {
        self.new.add(job.platform.name(), &job.cases, run);
        self.awaited -= 1;
        // After the last platform, `finish` keeps all.
        if self.awaited > 0 {
            let (so_far, _) = self.whole();
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
        self.new.arrange(platforms);
        let (whole, notes) = merged(self.earlier, self.new);
        let kept = self.file.finish(&whole);
        (whole, notes, kept)
    }

    fn whole(&self) -> (Results, Vec<Note>) {
        merged(self.earlier.clone(), self.new.clone())
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
