//! A scenario file: one question, asked by one case or by a table of them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::answer::AnswerRule;
use crate::bounds;
use crate::case::Case;
use crate::claims::Catalogue;
use crate::dns::Dns;
use crate::expansion::Expansion;
use crate::expect::{ClaimTest, Expectation, Keyed, KnownDifference};
use crate::host::Hosts;
use crate::name_check;
use crate::parameters::{GivenParameters, Lists, Row, Rows, combine, fill, names_in};
use crate::problem::{Problem, Problems, distinct, enough};
use crate::program::{Program, Programs};
use crate::requires::{Lost, Requires};
use crate::script::Script;
use crate::slips;
use crate::source::{SourceFile, Span};
use crate::step::Step;
use crate::table::{Fields, FromNode, Key, Schema, table};
use crate::tree::{self, Entry, Node, Value};

/// A checked scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// `topic/file`.
    pub id: String,
    /// What it is about, in a few words.
    pub title: String,
    /// The question it asks.
    pub ask: String,
    /// Background: why it is asked, and who had the problem.
    pub about: Option<String>,
    /// Words to select scenarios by.
    pub tags: Vec<String>,
    /// What portable code should do.
    pub advice: Option<String>,
    /// One per row.
    pub cases: Vec<Case>,
    /// The file it was read from.
    pub file: Arc<SourceFile>,
    /// The claims that it names, with their places.
    claims: Vec<(String, Span)>,
}

table! {
    /// The keys of a scenario file.
    #[derive(Clone, Debug)]
    pub(crate) struct File {
        /// What the scenario is about, in a few words.
        title: String,
        /// The question to the system.
        ask: String,
        /// Background: why it is asked, and who had the problem.
        about: Option<String>,
        /// Words to select scenarios by.
        tags: Option<Vec<String>>,
        /// What portable code should do.
        advice: Option<String>,
        /// What the case requires of the system.
        requires: Option<Unfilled<Requires>>,
        /// The names of two hosts with a link between them, each with its own sockets;
        /// default: one machine.
        hosts: Option<Hosts>,
        /// The programs that the steps can start.
        programs: Option<Unfilled<Programs>>,
        /// What names mean on the hosts, or on the machine.
        dns: Option<Unfilled<Dns>>,
        /// For each parameter a list of values; several lists make one case per
        /// combination.
        parameters: Option<Lists>,
        /// The combinations of parameters one by one, each with an optional `name`.
        rows: Option<Rows>,
        /// The calls in order.
        steps: Unfilled<Vec<Step>>,
        /// The answer, with values in it, or a list of alternatives; the first that
        /// matches is used.
        answer: Unfilled<AnswerRule>,
        /// For each claim the answers with which it holds.
        claims: Option<Keyed<ClaimTest>>,
        /// What each system is expected to answer, and who says so.
        expect: Option<Keyed<Expectation>>,
        /// Accepted differences from what is expected.
        known: Option<Keyed<KnownDifference>>,
    }
}

/// A node whose parameters are filled in row by row.
#[derive(Clone, Debug)]
pub(crate) struct Unfilled<T> {
    node: Node,
    kind: std::marker::PhantomData<T>,
}

impl<T: FromNode> FromNode for Unfilled<T> {
    fn from_node(node: &Node, _: &mut Vec<Problem>) -> Option<Self> {
        Some(Self {
            node: node.clone(),
            kind: std::marker::PhantomData,
        })
    }

    fn schema() -> Schema {
        T::schema()
    }
}

impl<T: FromNode> Unfilled<T> {
    fn for_row(&self, row: &Row, problems: &mut Vec<Problem>) -> Option<T> {
        if row.values.is_empty() {
            return T::from_node(&self.node, problems);
        }
        let node = fill(&self.node, row, problems);
        T::from_node(&node, problems)
    }
}

impl Scenario {
    /// Reads and checks a file. All mistakes are returned at once.
    pub fn parse(id: &str, file: SourceFile) -> Result<Self, Problems> {
        Self::parse_with(id, file, &GivenParameters::default())
    }

    /// The same for a file that uses parameters which it does not have itself.
    ///
    /// # Errors
    ///
    /// All mistakes of the file.
    pub fn parse_with(
        id: &str,
        file: SourceFile,
        given: &GivenParameters,
    ) -> Result<Self, Problems> {
        let file = Arc::new(file);
        let entries = tree::parse(&file).map_err(|problem| Problems::new(&file, vec![problem]))?;
        let mut problems = Vec::new();
        if let Some(problem) = swallowed(&entries) {
            return Err(Problems::new(&file, vec![problem]));
        }
        let scenario = Self::read(id, &file, &entries, given, &mut problems);
        match scenario {
            Some(scenario) if problems.is_empty() => Ok(scenario),
            _ => Err(Problems::new(&file, problems)),
        }
    }

    fn read(
        id: &str,
        file: &Arc<SourceFile>,
        entries: &[Entry],
        given: &GivenParameters,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let mut fields = Fields::new(Span::default(), entries, problems);
        let keys = File::read(&mut fields);
        fields.finish(File::keys);
        let keys = keys?;
        no_text(&keys, entries, problems);
        if !fits(&keys, problems) {
            return None;
        }
        let mut used = used_parameters(&keys);
        // What every case has distinguishes none.
        used.retain(|name| !given.has(name));
        let rows = combine(keys.rows.clone(), keys.parameters.clone());
        let rows = given.added_to(rows);
        unknown_parameters(&keys, &rows, problems);
        let named = slips::find(
            keys.rows.as_ref(),
            keys.parameters.as_ref(),
            keys.parts(),
            problems,
        );
        let mut cases = Vec::new();
        for row in &rows {
            let before = problems.len();
            cases.extend(case(id, &keys, row, &used, problems));
            // Other rows share a mistake more often than not.
            if problems.len() > before {
                distinct(problems);
            }
            if enough(problems) {
                break;
            }
        }
        duplicate_rows(&rows, &used, problems);
        // A misspelled name is told where it stands.
        if problems.is_empty() {
            slips::unused_results(&keys.steps.node, &named, problems);
        }
        Some(Self {
            id: id.to_owned(),
            title: keys.title,
            ask: keys.ask,
            about: keys.about,
            tags: keys.tags.unwrap_or_default(),
            advice: keys.advice,
            cases,
            file: Arc::clone(file),
            claims: keys.claims.iter().flat_map(Keyed::keys).collect(),
        })
    }

    /// The claims that it names and that the catalogue does not have, as mistakes.
    ///
    /// # Errors
    ///
    /// There is at least one.
    pub fn claims_are_in(&self, catalogue: &Catalogue) -> Result<(), Problems> {
        let known = || catalogue.claims.iter().map(|claim| claim.id.as_str());
        let unknown = self
            .claims
            .iter()
            .filter(|(id, _)| known().all(|known| known != id));
        let problems: Vec<Problem> = unknown
            .take(bounds::MISTAKES.most)
            .map(|(id, span)| {
                let message = format!("no claim is called `{id}`");
                let problem = Problem::new(*span, message).nearest(id, known());
                problem.or_hint("a `claims.toml` in the same folder can define it")
            })
            .collect();
        match problems.as_slice() {
            [] => Ok(()),
            _ => Err(Problems::new(&self.file, problems)),
        }
    }

    /// The keys at the top of a file.
    pub(crate) fn keys() -> Vec<Key> {
        File::keys()
    }

    /// The ids of the claims that the scenario is about.
    pub fn claims(&self) -> BTreeSet<&str> {
        let tests = self.cases.iter().flat_map(|case| &case.claims);
        tests.map(|test| test.claim.as_str()).collect()
    }
}

/// A key of the file that is in one of its tables. In TOML everything below the header of a
/// table is in that table.
fn swallowed(entries: &[Entry]) -> Option<Problem> {
    let has = |name: &&str| entries.iter().any(|entry| entry.key == *name);
    let mut missing = ["title", "ask", "steps", "answer"].to_vec();
    missing.retain(|name| !has(name));
    entries.iter().find_map(|entry| {
        let Value::Table(inside) = &entry.node.value else {
            return None;
        };
        let lost = inside
            .iter()
            .find(|inside| missing.contains(&inside.key.as_str()))?;
        let (table, key) = (&entry.key, &lost.key);
        let problem = Problem::new(
            lost.key_span,
            format!("`{key}` is part of `[{table}]` here"),
        );
        Some(problem.hint(format!(
            "move `[{table}]` to the end of the file: everything below its header belongs to it"
        )))
    })
}

/// What is shown of a scenario must be there, and must fit on a line.
fn no_text(keys: &File, entries: &[Entry], problems: &mut Vec<Problem>) {
    let place = |name: &str| {
        let entry = entries.iter().find(|entry| entry.key == name);
        entry.map(|entry| entry.node.span).unwrap_or_default()
    };
    for (key, text) in [("title", &keys.title), ("ask", &keys.ask)] {
        if text.trim().is_empty() {
            problems.push(Problem::new(place(key), format!("`{key}` is empty")));
        } else if let Some(problem) = not_a_line(text, place(key)) {
            problems.push(problem);
        }
    }
}

/// A name or a title with a control character in it.
fn not_a_line(text: &str, span: Span) -> Option<Problem> {
    let control = text.chars().find(|c| c.is_control())?;
    let message = match control {
        '\n' | '\r' => "there is a line break in this text".to_owned(),
        other => format!(
            "there is a control character in this text, U+{:04X}",
            u32::from(other)
        ),
    };
    Some(Problem::new(span, message).hint("it is shown on one line; remove it"))
}

/// Whether the cases of a file keep to the bounds of the language.
fn fits(keys: &File, problems: &mut Vec<Problem>) -> bool {
    let expansion = Expansion::new(keys.rows.as_ref(), keys.parameters.as_ref(), problems);
    let steps = keys.steps.node.span;
    expansion.is_some_and(|expansion| expansion.fits(keys.parts(), steps, problems))
}

impl File {
    /// The parts that can use parameters.
    fn parts(&self) -> impl Iterator<Item = &Node> {
        let requires = self.requires.iter().map(|requires| &requires.node);
        let programs = self.programs.iter().map(|programs| &programs.node);
        let dns = self.dns.iter().map(|dns| &dns.node);
        requires
            .chain(programs)
            .chain(dns)
            .chain([&self.steps.node, &self.answer.node])
            .chain(self.expect.iter().flat_map(Keyed::nodes))
            .chain(self.known.iter().flat_map(Keyed::nodes))
            .chain(self.claims.iter().flat_map(Keyed::nodes))
    }
}

fn case(
    id: &str,
    keys: &File,
    row: &Row,
    used: &BTreeSet<String>,
    problems: &mut Vec<Problem>,
) -> Option<Case> {
    let parameters: Vec<(String, String)> = row
        .values
        .iter()
        .map(|(name, node)| (name.clone(), node.plain()))
        .collect();
    let hosts = keys.hosts.as_ref().map_or(&[][..], |hosts| &hosts.0);
    let before = problems.len();
    let steps = keys.steps.for_row(row, problems);
    let answer = keys.answer.for_row(row, problems);
    let programs = match &keys.programs {
        Some(programs) => programs.for_row(row, problems),
        None => Some(Programs::default()),
    };
    let dns = match &keys.dns {
        Some(dns) => dns.for_row(row, problems),
        None => Some(Dns::default()),
    };
    let requires = match &keys.requires {
        Some(requires) => requires.for_row(row, problems),
        None => Some(Requires::default()),
    };
    if let (Some(requires), Some(of)) = (&requires, &keys.requires)
        && requires.lost() != Lost::None
        && hosts.is_empty()
    {
        let problem = Problem::new(
            of.node.span,
            "only a link between two hosts can lose packets",
        );
        problems.push(problem.hint("add `hosts = [\"near\", \"far\"]`, or remove `lost`"));
    }
    // If a step could not be read, every later name would seem unknown.
    if let (Some(steps), true) = (&steps, problems.len() == before) {
        let span = keys.steps.node.span;
        if !bounds::STEPS.holds(steps.len(), span, problems) {
            return None;
        }
        let hangs: Duration = steps.iter().map(Step::hangs_for).sum();
        bounds::HANGS.holds(hangs.as_millis() as usize, span, problems);
        if steps.is_empty() {
            let problem = Problem::new(span, "there are no steps");
            problems.push(problem.hint("list the calls: `{ socket = \"s\", type = \"udp6\" }`"));
        }
        let given = name_check::Given {
            parameters: &parameters,
            hosts,
            programs: programs.as_ref().map_or(&[], |programs| &programs.0),
            dns: dns.as_ref().map_or(&[], |dns| &dns.0),
        };
        name_check::check(given, steps, answer.as_ref(), problems);
    }
    let expect = keys
        .expect
        .as_ref()
        .map(|keyed| keyed.for_row(row, problems));
    let known = keys
        .known
        .as_ref()
        .map(|keyed| keyed.for_row(row, problems));
    if let (Some(keyed), Some(known)) = (&keys.known, &known) {
        let expect = expect.as_deref().unwrap_or_default();
        let none = slips::no_differences(known, expect).take(bounds::MISTAKES.most);
        problems.extend(
            none.map(|(on, message, hint)| Problem::new(keyed.place_of(on), message).hint(hint)),
        );
    }
    let claims = keys
        .claims
        .as_ref()
        .map(|keyed| keyed.for_row(row, problems));
    let label = row.label(used);
    Some(Case {
        id: if label.is_empty() {
            id.to_owned()
        } else {
            format!("{id}/{label}")
        },
        row: label,
        requires: requires?,
        script: Script {
            hosts: hosts.iter().map(|host| host.text.clone()).collect(),
            parameters,
            programs: by_name(programs?),
            dns: dns?.0,
            steps: steps?,
        },
        answer: answer?,
        expect: expect.unwrap_or_default(),
        known: known.unwrap_or_default(),
        claims: claims.unwrap_or_default(),
    })
}

fn by_name(programs: Programs) -> Vec<(String, Program)> {
    let programs = programs.0.into_iter();
    programs
        .map(|(name, program)| (name.text, program))
        .collect()
}

/// The parameters that distinguish the cases of a file: those that the calls use.
fn used_parameters(keys: &File) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    names_in(&keys.steps.node, &mut used);
    let requires = keys.requires.iter().map(|requires| &requires.node);
    let programs = keys.programs.iter().map(|programs| &programs.node);
    let dns = keys.dns.iter().map(|dns| &dns.node);
    requires
        .chain(programs)
        .chain(dns)
        .for_each(|node| names_in(node, &mut used));
    used
}

fn unknown_parameters(keys: &File, rows: &[Row], problems: &mut Vec<Problem>) {
    problems.extend(keys.expect.iter().flat_map(|keyed| keyed.unknown(rows)));
    problems.extend(keys.known.iter().flat_map(|keyed| keyed.unknown(rows)));
    problems.extend(keys.claims.iter().flat_map(|keyed| keyed.unknown(rows)));
}

fn duplicate_rows(rows: &[Row], used: &BTreeSet<String>, problems: &mut Vec<Problem>) {
    let mut labels = BTreeSet::new();
    for row in rows {
        let label = row.label(used);
        let span = row.name.as_ref().map(|(_, span)| *span);
        let span = span
            .or_else(|| Some(row.values.first()?.1.span))
            .unwrap_or_default();
        if enough(problems) {
            return;
        }
        if let Some(problem) = not_a_line(&label, span) {
            problems.push(problem);
        } else if !labels.insert(label.clone()) {
            let problem = Problem::new(span, format!("two cases are called `{label}`"));
            problems.push(problem.hint("give each row a `name` of its own"));
        }
    }
}
