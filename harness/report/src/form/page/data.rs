//! The data of the matrix, small enough to load at once: every answer is stored once, and
//! a cell is its number.

use std::collections::HashMap;

use serde::Serialize;

use super::{Page, frame, site};
use crate::grid::Row;
use crate::place;
use crate::results::{Cell, Conditions};
use crate::text::{key, visible};
use crate::verdict::Verdict;

/// The maximum length of an answer in the matrix, in characters.
const ANSWER: usize = 160;
/// The maximum length of a title, in characters.
const TITLE: usize = 300;

#[derive(Serialize)]
struct Data {
    verdicts: Vec<(&'static str, &'static str, String)>,
    columns: Vec<ColumnData>,
    topics: Vec<(String, String)>,
    tags: Vec<String>,
    claims: Vec<(String, String)>,
    /// A verdict, the number of the text whatever the verdict, the text.
    answers: Vec<(usize, usize, String)>,
    scenarios: Vec<ScenarioData>,
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
}

/// The file `data.js`.
pub(super) fn script(page: &Page<'_>) -> String {
    let mut texts = Texts::default();
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

/// The verdicts for the script: class, sign, name. The first is for a cell without data.
fn verdicts() -> Vec<(&'static str, &'static str, String)> {
    let all = std::iter::once(None).chain(Verdict::ALL.map(Some));
    all.map(|verdict| {
        (
            frame::class(verdict),
            place::sign(verdict),
            place::name(verdict),
        )
    })
    .collect()
}

/// The index of a verdict in this list.
pub(super) fn verdict_number(verdict: Verdict) -> usize {
    let place = Verdict::ALL.iter().position(|known| *known == verdict);
    place.map_or(0, |place| place + 1)
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
            cells: row.cells.iter().map(|cell| answers.number(*cell)).collect(),
        });
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
            cases: cases.collect(),
        }
    }
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

/// Answers with their verdicts by number; 0 is no data.
struct Answers {
    list: Vec<(usize, usize, String)>,
    numbers: HashMap<(Verdict, usize), usize>,
    texts: Names,
}

impl Answers {
    fn new() -> Self {
        let mut texts = Names::default();
        let nothing = (0, texts.number(&place::name(None)), place::name(None));
        Self {
            list: vec![nothing],
            numbers: HashMap::new(),
            texts,
        }
    }

    fn number(&mut self, cell: Option<&Cell>) -> usize {
        let Some(cell) = cell else { return 0 };
        let shown = cell.shown();
        let text = self.texts.number(&shown);
        let list = &mut self.list;
        *self.numbers.entry((cell.verdict, text)).or_insert_with(|| {
            let short = visible(&shown, ANSWER).into_owned();
            list.push((verdict_number(cell.verdict), text, short));
            list.len() - 1
        })
    }
}
