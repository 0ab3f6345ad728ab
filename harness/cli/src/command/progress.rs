//! What a run is doing: lines in the terminal that change, and with `--verbose` lines that stay.

use std::time::Instant;

use dualstack_lab::{Event, Job};
use dualstack_report::text::count;
use dualstack_scenario::shown;
use dualstack_scenario::shown::Shown;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// A progress line for each platform.
pub(super) struct Progress {
    lines: Vec<ProgressBar>,
    log: Option<Log>,
}

impl Progress {
    pub(super) fn new(jobs: &[Job<'_>], verbose: bool) -> Self {
        let all = MultiProgress::new();
        let names = jobs.iter().map(|job| job.platform.name());
        let width = names.clone().map(str::len).max().unwrap_or(0);
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
        let log = verbose.then(|| Log {
            start: Instant::now(),
            names: names.map(|name| shown!("{}", name)).collect(),
        });
        Self {
            lines: jobs.iter().map(line).collect(),
            log,
        }
    }

    pub(super) fn show(&self, job: usize, event: Event<'_>) {
        let line = &self.lines[job];
        match event {
            Event::Started { requires, cases } => {
                let requires = match requires.to_string() {
                    nothing if nothing.is_empty() => "as it is".to_owned(),
                    requires => requires,
                };
                self.log(job, &shown!("{}, {}", count(cases, "case"), requires));
                line.set_message(requires);
            }
            Event::Answered { .. } => line.inc(1),
        }
        if line.length() == Some(line.position()) {
            line.finish_with_message("done");
        }
    }

    /// A platform has answered everything.
    pub(super) fn finish(&self, job: usize) {
        self.log(job, &shown!("done"));
    }

    fn log(&self, job: usize, what: &Shown) {
        if let Some(log) = &self.log {
            // Above the lines that change.
            self.lines[job].suspend(|| log.tell(job, what));
        }
    }

    pub(super) fn clear(&self) {
        self.lines.iter().for_each(ProgressBar::finish_and_clear);
    }
}

/// What `--verbose` says.
struct Log {
    start: Instant,
    names: Vec<Shown>,
}

impl Log {
    /// `  1.25 s  vm-6.12: 14 cases, IPv6 off`.
    fn tell(&self, job: usize, what: &Shown) {
        let seconds = format!("{:6.2} s", self.start.elapsed().as_secs_f64());
        super::tell(shown!("{}  {}: {}\n", seconds, self.names[job], *what));
    }
}
