//! Merges several results files into one.
//!
//! The merged file contains only what was measured:
//!
//! - Two columns are the same platform if they have the same name, system, edition and
//!   processor. The same name on different systems makes two columns, each named after
//!   its system.
//! - Of two answers of one platform the newer one is used. If the platform's build has
//!   changed, all answers of the older build are dropped, because the newer build may
//!   answer differently.
//! - A scenario is used as in the newest file. An answer from other calls is dropped; an
//!   answer from the same calls is judged again by what the newest scenario expects.
//! - A cell that no file has an answer for stays empty. That is not an answer.
//!
//! A merged file can be merged again: a column that was named after its system is still
//! the same platform.

use std::collections::{HashMap, HashSet};
use std::fmt;

use dualstack_agent::protocol::Machine;
use dualstack_scenario::claims::Catalogue;
use dualstack_scenario::{Case, Scenario};

use crate::results::{Cell, Column, FORMAT, Results, ScenarioRecord};
use crate::upgrade::VERSION;

/// Files being merged, one at a time, in any order.
#[derive(Debug, Default)]
pub struct Merge {
    head: Option<Head>,
    scenarios: HashMap<String, Dated<ScenarioRecord>>,
    questions: HashMap<String, Question>,
    platforms: Vec<Platform>,
    notes: Vec<Note>,
}

/// What was dropped or renamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A newer build of a platform replaced an older one.
    Superseded {
        /// The platform.
        platform: String,
        /// The older build.
        build: String,
    },
    /// A platform's answer comes from calls that the case no longer makes.
    AskedOtherwise {
        /// The platform.
        platform: String,
        /// The case.
        case: String,
    },
    /// Two systems had the same platform name.
    Renamed {
        /// The name in its file.
        from: String,
        /// The name now.
        to: String,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Superseded { platform, build } => write!(
                f,
                "{platform}: the answers of {build} are dropped, because there are answers of a newer build"
            ),
            Self::AskedOtherwise { platform, case } => write!(
                f,
                "{platform}: no data for {case}, whose calls have changed"
            ),
            Self::Renamed { from, to } => {
                write!(
                    f,
                    "{from} is renamed to {to}, because several systems have that name"
                )
            }
        }
    }
}

/// The parts of a file that are copied from the newest file.
#[derive(Debug)]
struct Head {
    started: String,
    tool: String,
    catalogue: Catalogue,
}

#[derive(Debug)]
struct Dated<T> {
    started: String,
    what: T,
}

/// All versions of the calls of a case.
#[derive(Debug, Default)]
struct Question {
    ways: Vec<Case>,
    newest: usize,
    started: String,
}

impl Question {
    /// The index of these calls among the known versions.
    fn way(&mut self, case: &Case) -> usize {
        let same = |known: &Case| known.requires == case.requires && known.script == case.script;
        self.ways.iter().position(same).unwrap_or_else(|| {
            self.ways.push(case.clone());
            self.ways.len() - 1
        })
    }
}

#[derive(Debug)]
struct Platform {
    /// The name of its column before a merge named it after its system.
    name: String,
    column: Column,
    cells: HashMap<String, Answered>,
}

#[derive(Debug)]
struct Answered {
    cell: Cell,
    way: usize,
    started: String,
}

impl Merge {
    /// Adds a file. Of two that were started at the same time, the one added later counts
    /// as newer.
    pub fn add(&mut self, results: Results) {
        let Results {
            tool,
            started,
            catalogue,
            scenarios,
            columns,
            cells,
            ..
        } = results;
        let ways = self.ask(&scenarios, &started);
        for scenario in scenarios {
            self.add_scenario(scenario, &started);
        }
        self.add_head(Head {
            started,
            tool,
            catalogue,
        });
        let mut cells_of: HashMap<String, Vec<Cell>> = HashMap::new();
        for cell in cells {
            if let Some(of_column) = cells_of.get_mut(&cell.column) {
                of_column.push(cell);
            } else {
                cells_of.insert(cell.column.clone(), vec![cell]);
            }
        }
        for column in columns {
            let cells = cells_of.remove(&column.id).unwrap_or_default();
            self.add_column(column, cells, &ways);
        }
    }

    fn add_head(&mut self, mut head: Head) {
        if let Some(known) = self.head.take() {
            let (newer, older) = if head.started >= known.started {
                (head, known)
            } else {
                (known, head)
            };
            head = newer;
            let claims = &mut head.catalogue.claims;
            for claim in older.catalogue.claims {
                if claims.iter().all(|known| known.id != claim.id) {
                    claims.push(claim);
                }
            }
        }
        self.head = Some(head);
    }

    /// Records the calls of each case of a file; returns for each which version it is.
    fn ask(&mut self, scenarios: &[ScenarioRecord], started: &str) -> HashMap<String, usize> {
        let mut ways = HashMap::new();
        for case in scenarios.iter().flat_map(|scenario| &scenario.cases) {
            // Of two with one id the first counts.
            if ways.contains_key(&case.id) {
                continue;
            }
            let question = self.questions.entry(case.id.clone()).or_default();
            let way = question.way(case);
            if started >= question.started.as_str() {
                question.newest = way;
                started.clone_into(&mut question.started);
            }
            ways.insert(case.id.clone(), way);
        }
        ways
    }

    /// A scenario as in its newest file, with the cases that only an older file has.
    fn add_scenario(&mut self, scenario: ScenarioRecord, started: &str) {
        let Some(known) = self.scenarios.get_mut(&scenario.id) else {
            let started = started.to_owned();
            let id = scenario.id.clone();
            let what = scenario;
            self.scenarios.insert(id, Dated { started, what });
            return;
        };
        let older = if started >= known.started.as_str() {
            started.clone_into(&mut known.started);
            std::mem::replace(&mut known.what, scenario)
        } else {
            scenario
        };
        let cases: HashSet<&str> = known
            .what
            .cases
            .iter()
            .map(|case| case.id.as_str())
            .collect();
        let missing: Vec<Case> = older
            .cases
            .into_iter()
            .filter(|case| !cases.contains(case.id.as_str()))
            .collect();
        known.what.cases.extend(missing);
    }

    fn add_column(&mut self, column: Column, cells: Vec<Cell>, ways: &HashMap<String, usize>) {
        let name = first_name(&column).to_owned();
        let known = self
            .platforms
            .iter()
            .position(|known| known.name == name && same_machine(&known.column, &column));
        let at = known.unwrap_or_else(|| {
            self.platforms.push(Platform {
                name,
                column: Column {
                    conditions: Vec::new(),
                    troubles: Vec::new(),
                    ..column.clone()
                },
                cells: HashMap::new(),
            });
            self.platforms.len() - 1
        });
        let platform = &mut self.platforms[at];
        if let Some(gone) = older_build(&platform.column, &column) {
            self.notes.push(Note::Superseded {
                platform: column.id.clone(),
                build: gone.to_owned(),
            });
            if column.started < platform.column.started {
                return;
            }
            platform.cells.clear();
            platform.column.conditions.clear();
            platform.column.troubles.clear();
        }
        platform.take_in(column, cells, ways);
    }

    /// Keeps only the answers to these scenarios, and judges them by these scenarios as
    /// they are today.
    pub fn only(&mut self, scenarios: &[Scenario], catalogue: Catalogue) {
        if let Some(head) = &mut self.head {
            head.catalogue = catalogue;
        }
        self.scenarios.clear();
        for scenario in scenarios {
            for case in &scenario.cases {
                let question = self.questions.entry(case.id.clone()).or_default();
                question.newest = question.way(case);
            }
            let started = String::new();
            let what = ScenarioRecord::from(scenario);
            let dated = Dated { started, what };
            self.scenarios.insert(scenario.id.clone(), dated);
        }
    }

    /// The merged file, and what was dropped or renamed.
    ///
    /// `None` if no file was added.
    pub fn finish(mut self) -> Option<(Results, Vec<Note>)> {
        let head = self.head.take()?;
        self.rename();
        let mut cells = Vec::new();
        let mut columns = Vec::new();
        let mut scenarios: Vec<ScenarioRecord> = self
            .scenarios
            .into_values()
            .map(|dated| dated.what)
            .collect();
        scenarios.sort_by(|a, b| a.id.cmp(&b.id));
        let cases: Vec<&Case> = scenarios
            .iter()
            .flat_map(|scenario| &scenario.cases)
            .collect();
        for mut platform in self.platforms {
            for case in &cases {
                let Some(answered) = platform.cells.remove(&case.id) else {
                    continue;
                };
                if answered.way != self.questions[&case.id].newest {
                    self.notes.push(Note::AskedOtherwise {
                        platform: platform.column.id.clone(),
                        case: case.id.clone(),
                    });
                    continue;
                }
                let mut cell = answered.cell;
                let machine = platform.column.machine.as_ref();
                cell.column.clone_from(&platform.column.id);
                cell.judge_again(case, machine.map(|machine| &machine.system));
                cells.push(cell);
            }
            columns.push(platform.column);
        }
        let results = Results {
            format: FORMAT.to_owned(),
            version: VERSION,
            tool: head.tool,
            started: head.started,
            catalogue: head.catalogue,
            scenarios,
            columns,
            cells,
        };
        Some((results, self.notes))
    }

    /// Gives each of several systems with one name its own name.
    fn rename(&mut self) {
        for platform in &mut self.platforms {
            platform.column.id = first_name(&platform.column).to_owned();
        }
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, platform) in self.platforms.iter().enumerate() {
            by_name.entry(&platform.column.id).or_default().push(at);
        }
        let clashes = by_name.into_values().filter(|clash| clash.len() > 1);
        let clashes: Vec<Vec<usize>> = clashes.collect();
        for clash in clashes {
            let columns = clash.iter().map(|&at| &self.platforms[at].column);
            let names = telling_names(&columns.collect::<Vec<_>>());
            for (at, to) in clash.into_iter().zip(names) {
                let from = std::mem::replace(&mut self.platforms[at].column.id, to.clone());
                self.notes.push(Note::Renamed { from, to });
            }
        }
        self.platforms
            .sort_by_cached_key(|platform| order(&platform.column));
    }
}

impl Platform {
    /// Adds the answers of the same build of the platform.
    fn take_in(&mut self, mut column: Column, cells: Vec<Cell>, ways: &HashMap<String, usize>) {
        let places: Vec<usize> = std::mem::take(&mut column.conditions)
            .into_iter()
            .map(|conditions| {
                let known = &mut self.column.conditions;
                known
                    .iter()
                    .position(|known| *known == conditions)
                    .unwrap_or_else(|| {
                        known.push(conditions);
                        known.len() - 1
                    })
            })
            .collect();
        self.column.troubles.append(&mut column.troubles);
        for mut cell in cells {
            let Some(&way) = ways.get(&cell.case) else {
                continue;
            };
            let known = self.cells.get(&cell.case);
            if known.is_some_and(|known| known.started > column.started) {
                continue;
            }
            cell.conditions = cell.conditions.and_then(|at| places.get(at).copied());
            let started = column.started.clone();
            self.cells
                .insert(cell.case.clone(), Answered { cell, way, started });
        }
        if column.started >= self.column.started {
            self.column.started = column.started;
            self.column.tool = column.tool;
            self.column.machine = column.machine.or(self.column.machine.take());
            self.column.access = column.access.or(self.column.access.take());
        } else {
            self.column.machine = self.column.machine.take().or(column.machine);
            self.column.access = self.column.access.take().or(column.access);
        }
    }
}

/// Whether two columns with one name are the same platform. A column whose agent never
/// reported its system matches any.
fn same_machine(a: &Column, b: &Column) -> bool {
    let same = |a: &Machine, b: &Machine| {
        a.system.label() == b.system.label()
            && a.edition == b.edition
            && processor(a) == processor(b)
    };
    let machines = a.machine.as_ref().zip(b.machine.as_ref());
    machines.is_none_or(|(a, b)| same(a, b))
}

/// The processor, which is the last word of the build.
fn processor(machine: &Machine) -> &str {
    machine.build.rsplit(' ').next().unwrap_or_default()
}

/// The build of the older of two columns, if the newer one has another.
fn older_build<'a>(known: &'a Column, other: &'a Column) -> Option<&'a str> {
    let (a, b) = (known.machine.as_ref()?, other.machine.as_ref()?);
    let older = if other.started >= known.started { a } else { b };
    (a != b).then_some(older.build.as_str())
}

/// The properties that distinguish systems with the same platform name, as many as
/// requested.
fn telling(machine: &Machine, words: usize) -> String {
    let telling = [
        machine.system.label(),
        machine.edition.clone(),
        processor(machine).to_owned(),
    ];
    format!(" ({})", telling[..words].join(", "))
}

/// The name of a column before a merge named it after its system.
fn first_name(column: &Column) -> &str {
    let renamed = column.machine.iter().find_map(|machine| {
        (1..=3).find_map(|words| column.id.strip_suffix(&telling(machine, words)))
    });
    renamed.unwrap_or(&column.id)
}

/// Names that distinguish the columns, as short as possible.
fn telling_names(columns: &[&Column]) -> Vec<String> {
    let name = |column: &Column, words: usize| {
        let telling = column
            .machine
            .as_ref()
            .map(|machine| telling(machine, words));
        format!("{}{}", column.id, telling.unwrap_or_default())
    };
    (1..=3)
        .map(|words| columns.iter().map(|column| name(column, words)).collect())
        .find(|names: &Vec<String>| names.iter().collect::<HashSet<_>>().len() == names.len())
        .unwrap_or_else(|| {
            let numbered = columns.iter().enumerate();
            numbered
                .map(|(at, column)| format!("{} #{}", name(column, 3), at + 1))
                .collect()
        })
}

/// Columns of one family are next to each other, the machine itself before what runs on it,
/// in the same order whatever files they came from.
fn order(column: &Column) -> impl Ord + use<> {
    let family = crate::family::Family::of(column);
    let first = ["host", "netns"].iter();
    let place = first
        .take_while(|name| **name != first_name(column))
        .count();
    (
        family.rank(),
        family.name().to_owned(),
        place,
        column.id.clone(),
    )
}
