//! The results file: what was run, what was expected, what was answered.

use std::collections::BTreeMap;

use dualstack_agent::protocol::{Machine, Probe};
use dualstack_lab::{Access, CaseResult, Run};
use dualstack_scenario::claims::Catalogue;
use dualstack_scenario::{
    Answer, Case, HostFacts, Observation, Record, Requires, Scenario, System, split_id,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::bounds;
use crate::upgrade::{self, VERSION};
use crate::verdict::{Finding, Verdict, judge};

/// The `format` of a results file.
pub const FORMAT: &str = "dualstack results";

/// A results file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Results {
    /// `dualstack results`.
    pub format: String,
    /// The version of the format.
    pub version: u32,
    /// The program that wrote it, with its version.
    pub tool: String,
    /// When the run began, in UTC (RFC 3339).
    pub started: String,
    /// The catalogue of claims.
    pub catalogue: Catalogue,
    /// The scenarios that were run.
    pub scenarios: Vec<ScenarioRecord>,
    /// The systems they were run on.
    pub columns: Vec<Column>,
    /// The answers: for each column, one cell per case.
    #[serde(deserialize_with = "bounds::cells")]
    pub cells: Vec<Cell>,
}

/// A scenario as it was when it was run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioRecord {
    /// `topic/file`.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// The question it asks.
    pub ask: String,
    /// Background.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Words to select scenarios by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// What portable code should do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// Its cases.
    pub cases: Vec<Case>,
}

/// A system that scenarios were run on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Column {
    /// The platform's name, unique in the file.
    pub id: String,
    /// The exact system; `None` if no agent ever reported it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<Machine>,
    /// When it was run, in UTC (RFC 3339).
    pub started: String,
    /// The program that ran it, with its version.
    pub tool: String,
    /// How it is chosen on the command line; files before version 3 do not contain it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
    /// The states that the cases were run in.
    pub conditions: Vec<Conditions>,
    /// Problems with its agents outside any case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub troubles: Vec<String>,
}

/// A state that cases were run in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Conditions {
    /// What the cases require.
    pub requires: Requires,
    /// How it was set up; empty if the machine was already in this state.
    pub means: Vec<String>,
    /// The calls that show it.
    pub probes: Vec<Probe>,
    /// The relevant system-wide settings.
    pub settings: BTreeMap<String, String>,
}

/// What one system answered to one case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cell {
    /// The column's id.
    pub column: String,
    /// The case's id.
    pub case: String,
    /// How the answer compares with what was expected.
    pub verdict: Verdict,
    /// The answer, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// Why there is no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The index of its conditions in the column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<usize>,
    /// The calls that show why there is no answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub probes: Vec<Probe>,
    /// The hosts that the calls were made on, if the case has hosts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<HostFacts>,
    /// Every call with its result.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trace: Vec<Record>,
    /// The standard error of an agent that broke.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stderr: String,
}

/// What a results file says about itself.
#[derive(Deserialize)]
struct Header {
    format: String,
    version: u32,
}

impl From<&Scenario> for ScenarioRecord {
    fn from(scenario: &Scenario) -> Self {
        Self {
            id: scenario.id.clone(),
            title: scenario.title.clone(),
            ask: scenario.ask.clone(),
            about: scenario.about.clone(),
            tags: scenario.tags.clone(),
            advice: scenario.advice.clone(),
            cases: scenario.cases.clone(),
        }
    }
}

impl ScenarioRecord {
    /// The topic, which is the scenario's folder.
    pub fn topic(&self) -> &str {
        split_id(&self.id).0
    }
}

impl Results {
    /// An empty file for these scenarios.
    pub fn new<'a>(
        tool: &str,
        started: &str,
        catalogue: Catalogue,
        scenarios: impl IntoIterator<Item = &'a Scenario>,
    ) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            tool: tool.to_owned(),
            started: started.to_owned(),
            catalogue,
            scenarios: scenarios.into_iter().map(ScenarioRecord::from).collect(),
            columns: Vec::new(),
            cells: Vec::new(),
        }
    }

    /// Adds the answers of a platform to `cases`.
    pub fn add(&mut self, platform: &str, cases: &[&Case], run: Run) {
        let system = run.machine.as_ref().map(|machine| &machine.system);
        let cells = run.ran.iter().map(|ran| {
            let case = cases[ran.case];
            let mut cell = Cell::new(platform, case, &ran.result, system);
            cell.conditions = ran.conditions;
            cell
        });
        self.cells.extend(cells);
        let conditions = run.conditions.into_iter().map(|conditions| Conditions {
            requires: conditions.requires,
            means: conditions.ready.means,
            probes: conditions.ready.probes,
            settings: conditions.ready.settings,
        });
        self.columns.push(Column {
            id: platform.to_owned(),
            machine: run.machine,
            started: self.started.clone(),
            tool: self.tool.clone(),
            access: run.access,
            conditions: conditions.collect(),
            troubles: run.troubles.into_iter().map(|broken| broken.what).collect(),
        });
    }

    /// Puts the columns, and their cells, into the order of these platforms.
    pub fn arrange(&mut self, platforms: &[&str]) {
        let place = |id: &str| platforms.iter().position(|platform| *platform == id);
        self.columns.sort_by_key(|column| place(&column.id));
        self.cells.sort_by_key(|cell| place(&cell.column));
    }

    /// Reads a file of this or an older version.
    ///
    /// # Errors
    ///
    /// Says whether the text is not a results file, is one of a newer version, where it
    /// does not match its version, or where it has more than can be read.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        bounds::text(text)?;
        let results = Self::parse(text)?;
        results.check()?;
        Ok(results)
    }

    /// Checks that a report on these results stays in proportion to them. Those of several
    /// files may exceed what each of them keeps to.
    ///
    /// # Errors
    ///
    /// Says what there is too much of.
    pub fn check(&self) -> Result<(), ReadError> {
        bounds::parts(self)
    }

    fn parse(text: &str) -> Result<Self, ReadError> {
        let unfit = match serde_json::from_str::<Self>(text) {
            Ok(read) if (read.format.as_str(), read.version) == (FORMAT, VERSION) => {
                return Ok(read);
            }
            Ok(_) => None,
            Err(error) => Some(error),
        };
        // The file's own format and version explain more than the position of a mismatch.
        let Header { format, version } = serde_json::from_str(text)?;
        if format != FORMAT {
            return Err(ReadError::Format(format));
        }
        if version > VERSION {
            return Err(ReadError::Newer(version));
        }
        if let Some(error) = unfit.filter(|_| version == VERSION) {
            return Err(error.into());
        }
        let upgraded = upgrade::to_this_version(serde_json::from_str(text)?, version);
        Ok(serde_json::from_value(upgraded)?)
    }

    /// Every case with its scenario, in the order of the file.
    pub fn cases(&self) -> impl Iterator<Item = (&ScenarioRecord, &Case)> {
        self.scenarios
            .iter()
            .flat_map(|scenario| scenario.cases.iter().map(move |case| (scenario, case)))
    }

    /// The scenarios of each topic, in the order of the file.
    pub fn topics(&self) -> impl Iterator<Item = &[ScenarioRecord]> {
        self.scenarios.chunk_by(|a, b| a.topic() == b.topic())
    }

    /// What a column answered to a case.
    pub fn cell(&self, column: &str, case: &str) -> Option<&Cell> {
        self.cells
            .iter()
            .find(|cell| cell.column == column && cell.case == case)
    }

    /// The system of a column.
    pub fn system(&self, column: &str) -> Option<&System> {
        let column = self.columns.iter().find(|known| known.id == column)?;
        column.machine.as_ref().map(|machine| &machine.system)
    }

    /// The evidence for the verdict of a cell.
    pub fn finding<'a>(&'a self, case: &'a Case, cell: &Cell) -> Option<Finding<'a>> {
        Some(judge(case, self.system(&cell.column)?, &cell.as_answer()))
    }
}

impl Cell {
    fn new(column: &str, case: &Case, result: &CaseResult, system: Option<&System>) -> Self {
        let answer = match result {
            CaseResult::Observed(observation) => case.answer(observation),
            CaseResult::Cannot(cannot) => Answer::Unsupported(cannot.why.clone()),
            CaseResult::Lost(broken) => Answer::Error(broken.what.clone()),
        };
        let verdict = verdict(case, system, &answer);
        let (answer, why) = parts(answer);
        let mut cell = Self {
            column: column.to_owned(),
            case: case.id.clone(),
            verdict,
            answer,
            why,
            conditions: None,
            probes: Vec::new(),
            hosts: Vec::new(),
            trace: Vec::new(),
            stderr: String::new(),
        };
        match result {
            CaseResult::Observed(observation) => {
                cell.hosts.clone_from(&observation.hosts);
                cell.trace.clone_from(&observation.steps);
            }
            CaseResult::Cannot(cannot) => cell.probes.clone_from(&cannot.probes),
            CaseResult::Lost(broken) => cell.stderr.clone_from(&broken.stderr),
        }
        cell
    }

    /// The text in the matrix: the answer or, if there is none, the verdict.
    pub fn shown(&self) -> String {
        self.answer
            .clone()
            .unwrap_or_else(|| self.verdict.to_string())
    }

    /// Judges the cell again by a case that may expect something else than before, or
    /// build its answer differently.
    pub(crate) fn judge_again(&mut self, case: &Case, system: Option<&System>) {
        let answer = if self.trace.is_empty() {
            self.as_answer()
        } else {
            let steps = std::mem::take(&mut self.trace);
            let observation = Observation {
                hosts: self.hosts.clone(),
                steps,
            };
            let answer = case.answer(&observation);
            self.trace = observation.steps;
            answer
        };
        self.verdict = verdict(case, system, &answer);
        (self.answer, self.why) = parts(answer);
    }

    pub(crate) fn as_answer(&self) -> Answer {
        let why = || self.why.clone().unwrap_or_default();
        match (&self.answer, self.verdict) {
            (Some(answer), _) => Answer::Text(answer.clone()),
            (None, Verdict::Unsupported) => Answer::Unsupported(why()),
            (None, _) => Answer::Error(why()),
        }
    }
}

fn verdict(case: &Case, system: Option<&System>, answer: &Answer) -> Verdict {
    match system {
        Some(system) => judge(case, system, answer).verdict,
        None => Verdict::Error,
    }
}

/// The text of an answer, or why there is none.
fn parts(answer: Answer) -> (Option<String>, Option<String>) {
    match answer {
        Answer::Text(text) => (Some(text), None),
        Answer::Unsupported(why) | Answer::Error(why) => (None, Some(why)),
    }
}

/// Why a results file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not JSON, or does not match its format.
    #[error("it is not a results file: {0}")]
    Json(#[from] serde_json::Error),
    /// It is another kind of file.
    #[error("its format is `{0}`, not `{FORMAT}`")]
    Format(String),
    /// It is from a newer dualstack.
    #[error("its version is {0}, and this dualstack reads up to {VERSION}; take a newer dualstack")]
    Newer(u32),
    /// A text in it is longer than any that a run writes.
    #[error(
        "the text at line {line} column {column} has more than {} bytes; shorten it",
        bounds::TEXT
    )]
    TooLong {
        /// Its line, from 1.
        line: usize,
        /// Its column in bytes, from 1.
        column: usize,
    },
    /// It has more than can be read.
    #[error(
        "{place} has {found} {unit}, and at most {most} are read; split the results into several files"
    )]
    TooMany {
        /// The part of the file.
        place: String,
        /// How much there is.
        found: usize,
        /// How much may be there.
        most: usize,
        /// What is counted.
        unit: &'static str,
    },
    /// A cell has conditions that its column does not have.
    #[error(
        "`cells/{index}/conditions` is {at}, and its column has {found} conditions, counted from 0"
    )]
    NoSuchConditions {
        /// The index of the cell.
        index: usize,
        /// The index of its conditions.
        at: usize,
        /// How many there are.
        found: usize,
    },
    /// Two scenarios have one id.
    #[error(
        "`scenarios/{0}` has the id `{1}`, which another scenario has; rename one of their files"
    )]
    Twice(usize, String),
}
