//! One way to name cases, for every command.

use dualstack_scenario::{Case, Scenario, nearest};
use wildmatch::WildMatch;

use crate::failure::Failure;

/// How cases can be named, for the help of a command.
pub(super) const HELP: &str = "Cases can be named by their id or its beginning (`mapped-peer`, \
`mapped-peer/accept`), by a pattern with `*` and `?` (`*/*-udp`), by words of their title, and by \
`tag:NAME`, `claim:ID`, `option:NAME` and `call:NAME`.";

/// What an argument names.
#[derive(Clone, Debug)]
pub(super) struct Pick {
    written: String,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Tag(String),
    Claim(String),
    /// A socket option or a control message.
    Option(String),
    Call(String),
    Pattern(WildMatch),
    Name(String),
    Beginning(String),
}

impl Pick {
    pub(super) fn new(written: &str) -> Self {
        let kind = match written.split_once(':') {
            Some(("tag", name)) => Kind::Tag(name.to_owned()),
            Some(("claim", id)) => Kind::Claim(id.to_owned()),
            Some(("option", name)) => Kind::Option(name.to_owned()),
            Some(("call", name)) => Kind::Call(name.to_owned()),
            _ if written.contains(['*', '?']) => Kind::Pattern(WildMatch::new(written)),
            _ => Kind::Name(written.trim_end_matches('/').to_owned()),
        };
        Self {
            written: written.to_owned(),
            kind,
        }
    }

    /// Ids that begin with this, wherever the rest starts.
    pub(super) fn beginning(prefix: &str) -> Self {
        Self {
            written: prefix.to_owned(),
            kind: Kind::Beginning(prefix.to_owned()),
        }
    }

    /// The cases that it names. An id is more than words of a title: if anything has the
    /// id, titles are not looked at.
    pub(super) fn cases<'a>(&self, scenarios: &'a [Scenario]) -> Result<Vec<&'a Case>, Failure> {
        let found = cases(scenarios, |scenario, case| self.names(scenario, case));
        if !found.is_empty() {
            return Ok(found);
        }
        let by_title = match &self.kind {
            Kind::Name(words) => cases(scenarios, |scenario, case| in_title(words, scenario, case)),
            _ => Vec::new(),
        };
        if by_title.is_empty() {
            return Err(self.unknown(scenarios));
        }
        Ok(by_title)
    }

    fn names(&self, scenario: &Scenario, case: &Case) -> bool {
        let steps = &case.script.steps;
        match &self.kind {
            Kind::Tag(tag) => scenario.tags.contains(tag),
            Kind::Claim(id) => {
                let mut claims = case.claims.iter();
                claims.any(|test| test.claim.eq_ignore_ascii_case(id))
            }
            Kind::Option(name) => steps
                .iter()
                .any(|step| has_word(&step.call.to_string(), name)),
            Kind::Call(verb) => steps.iter().any(|step| step.call.verb() == verb),
            Kind::Pattern(pattern) => pattern.matches(&case.id) || pattern.matches(&scenario.id),
            Kind::Beginning(prefix) => case.id.starts_with(prefix.as_str()),
            Kind::Name(name) => {
                let rest = case.id.strip_prefix(name.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ',']))
            }
        }
    }

    fn unknown(&self, scenarios: &[Scenario]) -> Failure {
        let files = files_here();
        let known: Vec<&str> = match &self.kind {
            Kind::Tag(_) => {
                let tags = scenarios.iter().flat_map(|scenario| &scenario.tags);
                tags.map(String::as_str).collect()
            }
            Kind::Claim(_) => {
                let scenarios = scenarios.iter();
                scenarios.flat_map(|scenario| scenario.claims()).collect()
            }
            Kind::Option(_) => Vec::new(),
            Kind::Call(_) => dualstack_scenario::step::Call::VERBS.to_vec(),
            Kind::Pattern(_) | Kind::Name(_) | Kind::Beginning(_) => {
                let all = cases(scenarios, |_, _| true).into_iter();
                let ids = scenarios.iter().map(|scenario| scenario.id.as_str());
                let ids = ids.chain(all.map(|case| case.id.as_str()));
                ids.chain(files.iter().map(String::as_str)).collect()
            }
        };
        let (mark, name) = match self.written.split_once(':') {
            Some((mark, name))
                if !matches!(
                    self.kind,
                    Kind::Pattern(_) | Kind::Name(_) | Kind::Beginning(_)
                ) =>
            {
                (format!("{mark}:"), name)
            }
            _ => (String::new(), self.written.as_str()),
        };
        let hint = match nearest(name, &known) {
            Some(near) => format!("did you mean `{mark}{near}`?"),
            None => self.command_or_list(),
        };
        Failure::usage_hint(
            format!("no file and no case is called `{}`", self.written),
            hint,
        )
    }
}

impl Pick {
    /// Without a command, what is named is run: it may have been meant as a command.
    fn command_or_list(&self) -> String {
        let commands = super::commands();
        let names: Vec<&str> = commands.iter().map(String::as_str).collect();
        match nearest(&self.written, &names) {
            Some(command) => format!("did you mean `dualstack {command}`?"),
            None => "`dualstack list` shows all cases".to_owned(),
        }
    }
}

fn cases(scenarios: &[Scenario], wanted: impl Fn(&Scenario, &Case) -> bool) -> Vec<&Case> {
    let cases = scenarios.iter().flat_map(|scenario| {
        let cases = scenario.cases.iter();
        cases.filter(|case| wanted(scenario, case))
    });
    cases.collect()
}

fn in_title(words: &str, scenario: &Scenario, case: &Case) -> bool {
    let title = format!("{} {}", scenario.title, case.id).to_lowercase();
    let mut words = words.split_whitespace().peekable();
    words.peek().is_some() && words.all(|word| title.contains(&word.to_lowercase()))
}

/// The names of what is in this folder.
fn files_here() -> Vec<String> {
    let entries = std::fs::read_dir(".").into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.collect()
}

/// Whether a name stands in a call, and not only as a part of a longer name.
fn has_word(text: &str, name: &str) -> bool {
    let mut words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.any(|word| word == name)
}
