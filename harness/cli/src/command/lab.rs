//! The platforms of a run, and how a command ends with everything that it has started.

use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::Duration;

use clap::Args;
use dualstack_lab::{Platform, Remote, ThisMachine, Unusable, payload, reaper};
use dualstack_scenario::nearest;

use super::failed::Failed;
use crate::failure::{Failure, exit};

/// The platforms of a run.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct On {
    /// A platform, or `all` for all that can be used here; may be repeated; default: this
    /// machine
    #[arg(long = "on", value_name = "PLATFORM", value_delimiter = ',')]
    names: Vec<String>,
    /// A command that starts an agent, `ssh host dualstack-agent`; its column is called
    /// `via`, or NAME with `NAME=COMMAND`; may be repeated
    #[arg(long, value_name = "[NAME=]COMMAND")]
    via: Vec<String>,
}

/// The platforms of a run.
#[derive(Default)]
pub(super) struct Chosen {
    pub(super) platforms: Vec<Box<dyn Platform>>,
    /// The platforms of `all` that cannot be used here.
    pub(super) absent: Vec<Absent>,
    /// Those that were named and cannot be used here. They are among the platforms, and every
    /// case is an error there: what was asked for is not left out in silence.
    pub(super) failed: Vec<Absent>,
}

/// A platform that was requested but cannot be used.
pub(super) struct Absent {
    pub(super) name: String,
    pub(super) unusable: Unusable,
}

/// The machine itself, with this program as the agent.
pub(super) fn host() -> Result<ThisMachine, Failure> {
    let program = this_program()?;
    payload::offer(&program);
    Ok(ThisMachine::new(program, vec!["agent".into()]))
}

fn this_program() -> Result<PathBuf, Failure> {
    std::env::current_exe()
        .map_err(|error| Failure::Harness(format!("failed to find this program: {error}")))
}

impl On {
    /// One platform, by its name.
    pub(super) fn one(name: &str) -> Self {
        Self {
            names: vec![name.to_owned()],
            via: Vec::new(),
        }
    }

    /// The requested platforms. At least one must be usable.
    pub(super) fn choose(&self) -> Result<Chosen, Failure> {
        let known = platforms()?;
        let mut allowed: Vec<&str> = known.iter().map(|platform| platform.name()).collect();
        allowed.push("all");
        refuse_unknown(&self.names, &allowed)?;
        let all = self.names.iter().any(|name| name == "all");
        let alone = self.names.is_empty() && self.via.is_empty();
        let mut chosen = Chosen::default();
        for platform in known {
            let name = platform.name().to_owned();
            let named = self.names.contains(&name) || alone && name == "host";
            if !named && !all {
                continue;
            }
            let availability = platform.availability();
            stop_if_interrupted()?;
            match availability {
                Ok(()) => chosen.platforms.push(platform),
                Err(unusable) if named => chosen.fail(platform, unusable),
                Err(unusable) => chosen.absent.push(Absent { name, unusable }),
            }
        }
        for remote in self.remotes() {
            chosen.add_remote(remote)?;
        }
        chosen.refuse_if_all_failed()?;
        Ok(chosen)
    }

    fn remotes(&self) -> Vec<Box<dyn Platform>> {
        let remotes = self.via.iter().enumerate().map(|(index, via)| {
            let (name, command) = match via.split_once('=').filter(|(name, _)| is_name(name)) {
                Some((name, command)) => (name.to_owned(), command),
                None if index == 0 => ("via".to_owned(), via.as_str()),
                None => (format!("via-{}", index + 1), via.as_str()),
            };
            Box::new(Remote::new(name, command)) as Box<dyn Platform>
        });
        remotes.collect()
    }
}

impl Chosen {
    fn fail(&mut self, platform: Box<dyn Platform>, unusable: Unusable) {
        self.failed.push(Absent {
            name: platform.name().to_owned(),
            unusable: unusable.clone(),
        });
        self.platforms.push(Box::new(Failed { platform, unusable }));
    }

    /// Two platforms of one name would share a column.
    fn add_remote(&mut self, remote: Box<dyn Platform>) -> Result<(), Failure> {
        let mut names = self.platforms.iter().map(|platform| platform.name());
        if names.any(|name| name == remote.name()) {
            return Err(Failure::usage_hint(
                format!("two platforms are called `{}`", remote.name()),
                "give the command another name: --via NAME=COMMAND".to_owned(),
            ));
        }
        self.platforms.push(remote);
        Ok(())
    }

    /// A run without any answer would only hide the reason.
    fn refuse_if_all_failed(&self) -> Result<(), Failure> {
        if self.platforms.len() > self.failed.len() {
            return Ok(());
        }
        let reasons = self
            .failed
            .iter()
            .map(|Absent { name, unusable }| format!("{name} cannot be used here: {unusable}"));
        Err(Failure::Harness(reasons.collect::<Vec<_>>().join("\n")))
    }
}

/// Refuses a name that is not among those that are known.
pub(super) fn refuse_unknown(names: &[String], known: &[&str]) -> Result<(), Failure> {
    let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) else {
        return Ok(());
    };
    let hint = match nearest(unknown, known) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("the platforms are {}", known.join(", ")),
    };
    Err(Failure::usage_hint(
        format!("no platform is called `{unknown}`"),
        hint,
    ))
}

/// Whether the text before a `=` is a name, and not part of a command.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-._".contains(c))
}

/// Every platform, whether or not it can be used here.
pub(super) fn platforms() -> Result<Vec<Box<dyn Platform>>, Failure> {
    Ok(dualstack_lab::platforms(&host()?))
}

/// Waits until everything that this command started has ended, also after an interrupt.
pub(super) fn settle() {
    if dualstack_lab::interrupted() {
        dualstack_lab::settle(&platforms().unwrap_or_default());
    }
    reaper::dismiss();
}

/// After an interrupt a command starts nothing more.
pub(super) fn stop_if_interrupted() -> Result<(), Failure> {
    if dualstack_lab::interrupted() {
        return Err(Failure::Interrupted);
    }
    Ok(())
}

/// Makes sure that nothing which this command starts outlives it: Ctrl-C, and a request to
/// terminate, end everything, and keep the answers so far; if it is killed, its reaper does that.
pub(super) fn watch_over_processes() -> Result<(), Failure> {
    reaper::offer(|| {
        let mut reap = Command::new(this_program().ok()?);
        reap.arg("reap");
        Some(reap)
    });
    listen_for_interrupts()
}

/// How long the ending may take after a Ctrl-C. What is left then, the reaper ends.
const ENDING: Duration = Duration::from_secs(60);

/// Ends this process if it has not ended within a minute.
pub(super) fn end_after_a_moment() -> ! {
    thread::sleep(ENDING);
    end_at_once();
}

fn end_at_once() -> ! {
    std::process::exit(exit::HARNESS_FAILED.into());
}

/// Lets Ctrl-C, and a request to terminate, end what this command is doing, at the next place
/// that can be left without a trace. A second one ends it at once, and so does a command that
/// waits for something that does not come: a pipe without another end, an engine that is stuck.
pub(super) fn listen_for_interrupts() -> Result<(), Failure> {
    let mut heard = 0_u32;
    ctrlc::set_handler(move || {
        heard += 1;
        if heard > 1 {
            end_at_once();
        }
        thread::spawn(dualstack_lab::interrupt);
        thread::spawn(end_after_a_moment);
    })
    .map_err(|error| Failure::Harness(format!("failed to listen for Ctrl-C: {error}")))
}
