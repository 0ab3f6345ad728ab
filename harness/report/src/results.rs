//! The results file: what was run, what was expected, what was answered.

use std::collections::BTreeMap;

use dualstack_agent::protocol::{Machine, Probe};
use dualstack_lab::{Access, CaseResult, Run};
use dualstack_scenario::claims::Catalogue;
use dualstack_scenario::{
    Answer, Case, HostFacts, Observation, ProgramRun, Record, Requires, Scenario, System, split_id,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::bounds;
use crate::upgrade::VERSION;
use dualstack_scenario::{Finding, Verdict, judge};

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
    /// What the programs were and said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub programs: Vec<ProgramRun>,
    /// The standard error of an agent that broke.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stderr: String,
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
            programs: Vec::new(),
            stderr: String::new(),
        };
        match result {
            CaseResult::Observed(observation) => {
                cell.hosts.clone_from(&observation.hosts);
                cell.trace.clone_from(&observation.steps);
                cell.programs.clone_from(&observation.programs);
            }
            CaseResult::Cannot(cannot) => cell.probes.clone_from(&cannot.probes),
            CaseResult::Lost(broken) => cell.stderr.clone_from(&broken.stderr),
        }
        cell
    }

    /// What the programs were and said, in lines.
    pub fn programs_said(&self) -> String {
        self.programs.iter().map(ProgramRun::to_string).collect()
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
                programs: Vec::new(),
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
