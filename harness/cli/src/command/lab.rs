//! The platforms of a run, and how it is interrupted.

use clap::Args;
use dualstack_lab::{Platform, Remote, ThisMachine, Unusable};
use dualstack_scenario::nearest;

use crate::failure::Failure;

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
pub(super) struct Chosen {
    pub(super) platforms: Vec<Box<dyn Platform>>,
    /// The platforms of `all` that cannot be used here.
    pub(super) absent: Vec<Absent>,
}

/// A platform that was requested but cannot be used.
pub(super) struct Absent {
    pub(super) name: String,
    pub(super) unusable: Unusable,
}

/// The machine itself, with this program as the agent.
pub(super) fn host() -> Result<ThisMachine, Failure> {
    let program = std::env::current_exe()
        .map_err(|error| Failure::Harness(format!("failed to find this program: {error}")))?;
    dualstack_lab::payload::offer(&program);
    Ok(ThisMachine::new(program, vec!["agent".into()]))
}

impl On {
    /// The requested platforms. A platform that was named must be usable.
    pub(super) fn choose(&self) -> Result<Chosen, Failure> {
        let known = platforms()?;
        self.refuse_unknown(&known)?;
        let all = self.names.iter().any(|name| name == "all");
        let alone = self.names.is_empty() && self.via.is_empty();
        let mut chosen = Chosen {
            platforms: Vec::new(),
            absent: Vec::new(),
        };
        for platform in known {
            let name = platform.name().to_owned();
            let named = self.names.contains(&name) || alone && name == "host";
            if !named && !all {
                continue;
            }
            match platform.availability() {
                Ok(()) => chosen.platforms.push(platform),
                Err(unusable) if named => {
                    return Err(Failure::Harness(format!(
                        "{name} cannot be used here: {unusable}"
                    )));
                }
                Err(unusable) => chosen.absent.push(Absent { name, unusable }),
            }
        }
        chosen.platforms.extend(self.remotes());
        Ok(chosen)
    }

    fn refuse_unknown(&self, known: &[Box<dyn Platform>]) -> Result<(), Failure> {
        let mut names: Vec<&str> = known.iter().map(|platform| platform.name()).collect();
        names.push("all");
        match self
            .names
            .iter()
            .find(|name| !names.contains(&name.as_str()))
        {
            None => Ok(()),
            Some(unknown) => {
                let hint = match nearest(unknown, &names) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => format!("the platforms are {}", names.join(", ")),
                };
                Err(Failure::usage_hint(
                    format!("no platform is called `{unknown}`"),
                    hint,
                ))
            }
        }
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

/// After an interrupt, waits until everything that this command started has ended.
pub(super) fn settle() {
    if dualstack_lab::interrupted() {
        dualstack_lab::settle(&platforms().unwrap_or_default());
    }
}

/// Makes Ctrl-C, and a request to terminate, end every agent; the answers so far are
/// kept.
pub(super) fn end_on_interrupt() -> Result<(), Failure> {
    ctrlc::set_handler(dualstack_lab::interrupt)
        .map_err(|error| Failure::Harness(format!("failed to listen for Ctrl-C: {error}")))
}
