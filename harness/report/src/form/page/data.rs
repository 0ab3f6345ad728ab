//! The data of the matrix, small enough to load at once: every answer is stored once, and
//! a cell is its number.

use std::collections::{BTreeSet, HashMap};

use dualstack_scenario::{Case, SystemKind};
use serde::Serialize;

use super::also::{self, Also};
use super::{Page, documented, frame, site};
use crate::grid::Row;
use crate::place::{self, Kind};
use crate::results::Conditions;
use crate::text::{key, visible};

/// The maximum length of an answer in the matrix, in characters.
const ANSWER: usize = 160;
/// The maximum length of a title, in characters.
const TITLE: usize = 300;
/// The maximum length of a text that is only searched, in characters.
const SEARCHED: usize = 2000;

#[derive(Serialize)]
struct Data {
    verdicts: Vec<(&'static str, &'static str, String)>,
    columns: Vec<ColumnData>,
    /// The systems that sources speak of: key, name.
    documented: Vec<(String, &'static str)>,
    /// The kept copy of this run, if there is one: its folder.
    kept: Option<String>,
    topics: Vec<(String, String)>,
    tags: Vec<String>,
    claims: Vec<(String, String)>,
    /// A verdict, the number of the text whatever the verdict, the text.
    answers: Vec<(usize, usize, String)>,
    scenarios: Vec<ScenarioData>,
    /// What the search looks through besides titles and answers.
    texts: Vec<String>,
    /// What the search finds besides cases.
    also: Vec<Also>,
}

#[derive(Serialize)]
struct ColumnData {
    key: String,
    name: String,
    family: String,
    version: String,
    edition: String,
    build: String,
    started: String,
    conditions: Vec<ConditionsData>,
}

#[derive(Serialize)]
struct ConditionsData {
    requires: String,
    means: Vec<String>,
    probes: Vec<String>,
    settings: Vec<(String, String)>,
}

#[derive(Serialize)]
struct ScenarioData {
    id: String,
    title: String,
    ask: String,
    topic: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<usize>,
    page: String,
    detail: String,
    /// Its background and advice, in the texts.
    about: Vec<usize>,
    cases: Vec<CaseData>,
}

#[derive(Serialize)]
struct CaseData {
    /// The case's name in the URL.
    key: String,
    /// Its place on the scenario's page.
    anchor: String,
    row: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    claims: Vec<usize>,
    cells: Vec<usize>,
    /// What sources say of each documented system, if they say anything of one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    documented: Vec<usize>,
    /// What is expected and known, with the sources, in the texts.
    says: Vec<usize>,
    /// The names of its calls and options, in the texts.
    calls: usize,
}

/// The file `data.js`.
pub(super) fn script(page: &Page<'_>) -> String {
    let systems = documented::systems(page);
    let mut texts = Texts {
        systems: systems.clone(),
        ..Texts::default()
    };
    let mut answers = Answers::new();
    let claims = &page.results.catalogue.claims;
    let numbers = claims.iter().enumerate();
    let numbers: HashMap<&str, usize> = numbers.map(|(at, claim)| (&*claim.id, at)).collect();
    let scenarios = page.grid.scenarios();
    let scenarios = scenarios.map(|rows| texts.scenario(rows, &mut answers, &numbers));
    let scenarios = scenarios.collect();
    let data = Data {
        verdicts: verdicts(),
        columns: page.columns.iter().map(column).collect(),
        documented: systems
            .iter()
            .map(|kind| (documented::key(kind), kind.name))
            .collect(),
        kept: page.kept.clone(),
        topics: texts
            .topics
            .names
            .iter()
            .map(|topic| (short(topic), short(&site::heading(topic))))
            .collect(),
        tags: texts.tags.names.iter().map(|tag| short(tag)).collect(),
        claims: claims
            .iter()
            .map(|claim| (short(&claim.id), short(&claim.title)))
            .collect(),
        answers: answers.list,
        scenarios,
        texts: texts.searched.names,
        also: also::all(page),
    };
    format!("dualstack.data = {};\n", json(&data))
}

/// A value as JSON that is safe inside a script.
pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts and numbers make JSON")
}

fn short(text: &str) -> String {
    visible(text, TITLE).into_owned()
}

/// The kinds of cell for the script: class, sign, name.
fn verdicts() -> Vec<(&'static str, &'static str, String)> {
    let kinds = Kind::ALL.iter();
    let kinds = kinds.map(|kind| (frame::class(*kind), kind.sign(), kind.name()));
    let documented = [documented::SAYS, documented::SILENT];
    let documented = documented.map(|(class, sign, name)| (class, sign, name.to_owned()));
    kinds.chain(documented).collect()
}

/// The index of a kind in this list.
pub(super) fn kind_number(kind: Kind) -> usize {
    let place = Kind::ALL.iter().position(|known| *known == kind);
    place.expect("every kind is in the list")
}

fn column(view: &crate::columns::ColumnView<'_>) -> ColumnData {
    ColumnData {
        key: view.key(),
        name: short(view.id()),
        family: short(view.family.name()),
        version: short(&view.version()),
        edition: short(view.edition()),
        build: short(view.build()),
        started: short(&view.column.started),
        conditions: view.column.conditions.iter().map(conditions).collect(),
    }
}

fn conditions(conditions: &Conditions) -> ConditionsData {
    let settings = conditions.settings.iter();
    ConditionsData {
        requires: conditions.requires.to_string(),
        means: conditions.means.iter().map(|means| short(means)).collect(),
        probes: conditions
            .probes
            .iter()
            .map(|probe| short(&probe.to_string()))
            .collect(),
        settings: settings
            .map(|(name, value)| (short(name), short(value)))
            .collect(),
    }
}

/// Texts that many scenarios share.
#[derive(Default)]
struct Texts {
    topics: Names,
    tags: Names,
    searched: Names,
    systems: Vec<&'static SystemKind>,
}

impl Texts {
    fn scenario(
        &mut self,
        rows: &[Row<'_>],
        answers: &mut Answers,
        claims: &HashMap<&str, usize>,
    ) -> ScenarioData {
        let scenario = rows[0].scenario;
        let cases = rows.iter().map(|row| CaseData {
            key: key(&row.case.id).into_owned(),
            anchor: super::scenario::anchor(row.case),
            row: short(&row.case.row),
            claims: row
                .case
                .claims
                .iter()
                .filter_map(|test| claims.get(test.claim.as_str()).copied())
                .collect(),
            cells: (0..row.cells.len())
                .map(|at| answers.number(row, at))
                .collect(),
            documented: documented(answers, &self.systems, row.case),
            says: self.says(row.case),
            calls: self.searched.number(&calls(row.case)),
        });
        let cases = cases.collect();
        let about = [&scenario.about, &scenario.advice];
        let about = about.into_iter().flatten();
        ScenarioData {
            id: short(&scenario.id),
            title: short(&scenario.title),
            ask: short(&scenario.ask),
            topic: self.topics.number(scenario.topic()),
            tags: scenario
                .tags
                .iter()
                .map(|tag| self.tags.number(tag))
                .collect(),
            page: site::scenario_path(&scenario.id),
            detail: site::detail_path(&scenario.id),
            about: about
                .map(|text| self.searched.number(&visible(text.trim(), SEARCHED)))
                .collect(),
            cases,
        }
    }

    /// The texts in which a search finds what is expected of a case.
    fn says(&mut self, case: &Case) -> Vec<usize> {
        let expected = case.expect.iter();
        let expected =
            expected.map(|expect| format!("{} {} {}", expect.on, expect.answer, expect.source));
        let known = case.known.iter().map(|known| {
            let source = known.source.as_deref().unwrap_or_default();
            format!("{} {} {} {source}", known.on, known.answer, known.reason)
        });
        let all: Vec<String> = expected.chain(known).collect();
        all.iter()
            .map(|text| self.searched.number(&visible(text, SEARCHED)))
            .collect()
    }
}

fn documented(answers: &mut Answers, systems: &[&'static SystemKind], case: &Case) -> Vec<usize> {
    let said = systems.iter().map(|kind| documented::said(case, kind));
    let said: Vec<Option<String>> = said.collect();
    if said.iter().all(Option::is_none) {
        return Vec::new();
    }
    let said = said.iter();
    said.map(|said| answers.documented(said.as_deref()))
        .collect()
}

/// The words of a case's calls that name something: `getsockopt`, `IPV6_V6ONLY`.
fn calls(case: &Case) -> String {
    let calls = case.script.steps.iter().map(|step| step.call.to_string());
    let calls: Vec<String> = calls.collect();
    let is_part = |c: char| !c.is_ascii_alphanumeric() && c != '_';
    let words = calls.iter().flat_map(|call| call.split(is_part));
    let words =
        words.filter(|word| word.len() > 3 && word.starts_with(|c: char| c.is_ascii_alphabetic()));
    let words: BTreeSet<&str> = words.collect();
    let words = words.into_iter().collect::<Vec<_>>().join(" ");
    visible(&words, SEARCHED).into_owned()
}

/// Texts by number.
#[derive(Default)]
struct Names {
    names: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Names {
    fn number(&mut self, name: &str) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        self.names.push(name.to_owned());
        let number = self.names.len() - 1;
        self.numbers.insert(name.to_owned(), number);
        number
    }
}

/// Answers with their kinds by number; 0 is no data, 1 is nothing documented.
struct Answers {
    list: Vec<(usize, usize, String)>,
    numbers: HashMap<(usize, usize), usize>,
    texts: Names,
}

impl Answers {
    fn new() -> Self {
        let mut new = Self {
            list: Vec::new(),
            numbers: HashMap::new(),
            texts: Names::default(),
        };
        new.of(kind_number(Kind::NoData), &Kind::NoData.name());
        new.documented(None);
        new
    }

    fn number(&mut self, row: &Row<'_>, column: usize) -> usize {
        let (kind, shown) = place::said_in(row, column);
        self.of(kind_number(kind), &shown)
    }

    fn documented(&mut self, said: Option<&str>) -> usize {
        match said {
            Some(said) => self.of(Kind::ALL.len(), said),
            None => self.of(Kind::ALL.len() + 1, documented::SILENT.2),
        }
    }

    fn of(&mut self, kind: usize, shown: &str) -> usize {
        let text = self.texts.number(shown);
        let list = &mut self.list;
        *self.numbers.entry((kind, text)).or_insert_with(|| {
            let short = visible(shown, ANSWER).into_owned();
            list.push((kind, text, short));
            list.len() - 1
        })
    }
}
