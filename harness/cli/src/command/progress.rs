//! What a run is doing, in the terminal.

use dualstack_lab::{Event, Job};
use dualstack_scenario::shown;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// A progress line for each platform.
pub(super) struct Progress {
    lines: Vec<ProgressBar>,
}

impl Progress {
    pub(super) fn new(jobs: &[Job<'_>]) -> Self {
        let all = MultiProgress::new();
        let names = jobs.iter().map(|job| job.platform.name());
        let width = names.map(str::len).max().unwrap_or(0);
        let style = format!("{{prefix:{width}}} {{bar:20}} {{pos:>4}} of {{len}}  {{msg}}");
        let line = |job: &Job<'_>| {
            let line = all.add(ProgressBar::new(job.cases.len() as u64));
            if let Ok(style) = ProgressStyle::with_template(&style) {
                line.set_style(style);
            }
            line.set_prefix(shown!("{}", job.platform.name()).to_string());
            line.set_message("waiting");
            line
        };
        Self {
            lines: jobs.iter().map(line).collect(),
        }
    }

    pub(super) fn show(&self, job: usize, event: Event<'_>) {
        let line = &self.lines[job];
        match event {
            Event::Started { requires, .. } => {
                let requires = requires.to_string();
                line.set_message(if requires.is_empty() {
                    "as it is".to_owned()
                } else {
                    requires
                });
            }
            Event::Answered { .. } => line.inc(1),
        }
        if line.length() == Some(line.position()) {
            line.finish_with_message("done");
        }
    }

    pub(super) fn clear(&self) {
        self.lines.iter().for_each(ProgressBar::finish_and_clear);
    }
}
