//! The handbook: what portable code does, by task, with the answers of these results.

use std::collections::HashMap;

use askama::Template;
use dualstack_handbook::{Language, Rule, SUMMARY, TASKS, Task, rules};
use dualstack_scenario::{Selector, SystemKind, split_id};

use super::frame::Frame;
use super::who::Who;
use super::{File, Page, scenario, site};
use crate::grid::Row;
use crate::group::together;
use crate::place;
use crate::results::ScenarioRecord;

/// The page's path. It was called advice before, and others link to it.
const PATH: &str = "advice.html";

#[derive(Template)]
#[template(path = "handbook.html")]
struct HandbookPage<'a> {
    frame: Frame,
    summary: Vec<Vec<Piece<'static>>>,
    tasks: Vec<TaskView<'a>>,
    /// The report is one of other scenarios alone.
    rests_on_nothing: bool,
    topics: Vec<(String, String)>,
}

struct TaskView<'a> {
    task: &'static Task,
    about: Vec<Piece<'static>>,
    rules: Vec<RuleView<'a>>,
}

struct RuleView<'a> {
    rule: &'static Rule,
    name: Vec<Piece<'static>>,
    why: Vec<Piece<'static>>,
    cases: Vec<CaseView<'a>>,
    bugs: Vec<BugView>,
}

struct BugView {
    issue: &'static str,
    url: String,
    what: Vec<Piece<'static>>,
}

/// A case that a rule rests on.
struct CaseView<'a> {
    id: &'a str,
    /// The scenario's page and the case's anchor on it.
    link: String,
    measured: Vec<AnswerView>,
    /// What sources say about systems that were not measured.
    documented: Vec<AnswerView>,
    /// The platforms where it is not supported, or was not run.
    absent: String,
}

/// An answer, and who gives it.
struct AnswerView {
    answer: String,
    on: String,
}

/// A piece of a text: code, or not.
struct Piece<'a> {
    is_code: bool,
    text: &'a str,
}

#[derive(Template)]
#[template(path = "handbook_topic.html")]
struct TopicPage<'a> {
    frame: Frame,
    heading: String,
    rules: Vec<(&'static str, Vec<Piece<'static>>)>,
    rest: Vec<RestView<'a>>,
}

/// A scenario's own advice.
struct RestView<'a> {
    scenario: &'a ScenarioRecord,
    advice: &'a str,
    page: String,
    differing: usize,
}

/// The handbook, and one page per topic with the advice of its scenarios.
pub(super) fn files(page: &Page<'_>) -> impl Iterator<Item = File> {
    let rows = page.grid.rows().iter();
    let rows: HashMap<&str, &Row<'_>> = rows.map(|row| (row.case.id.as_str(), row)).collect();
    let tasks: Vec<TaskView<'_>> = TASKS.iter().map(|task| view(page, &rows, task)).collect();
    let mut views = tasks.iter().flat_map(|task| &task.rules);
    let index = HandbookPage {
        rests_on_nothing: views.all(|rule| rule.cases.is_empty()),
        frame: Frame::new(page, PATH),
        summary: SUMMARY.iter().map(|line| pieces(line)).collect(),
        tasks,
        topics: page
            .results
            .topics()
            .map(|scenarios| scenarios[0].topic())
            .map(|topic| (site::advice_path(topic), site::heading(topic)))
            .collect(),
    };
    let index = super::render(PATH, &index);
    let topics = page.results.topics();
    std::iter::once(index).chain(topics.map(|scenarios| topic(page, scenarios[0].topic())))
}

fn view<'a>(page: &Page<'a>, rows: &HashMap<&str, &Row<'a>>, task: &'static Task) -> TaskView<'a> {
    let rule = |rule: &'static Rule| RuleView {
        rule,
        name: pieces(rule.rule),
        why: pieces(rule.why),
        cases: rule
            .cases()
            .into_iter()
            .filter_map(|case| Some(case_view(page, rows.get(case)?)))
            .collect(),
        bugs: rule
            .bugs
            .iter()
            .map(|bug| BugView {
                issue: bug.issue,
                url: bug.url(),
                what: pieces(bug.what),
            })
            .collect(),
    };
    TaskView {
        task,
        about: pieces(task.about),
        rules: task.rules.iter().map(rule).collect(),
    }
}

fn case_view<'a>(page: &Page<'a>, row: &Row<'a>) -> CaseView<'a> {
    let who = Who::new(&page.columns, row);
    let link = site::scenario_path(&row.scenario.id);
    CaseView {
        id: &row.case.id,
        link: format!("{link}#{}", scenario::anchor(row.case)),
        measured: measured(row, &who),
        documented: documented(page, row),
        absent: who.did_not(),
    }
}

fn measured(row: &Row<'_>, who: &Who<'_>) -> Vec<AnswerView> {
    let cells = row.cells.iter().enumerate();
    let answered = cells.filter(|(_, cell)| cell.is_some_and(|cell| cell.answer.is_some()));
    let answers = together(answered.map(|(at, cell)| (place::said(*cell).1, at)));
    let answers = answers.into_iter().map(|(answer, members)| AnswerView {
        answer,
        on: who.gave(&members),
    });
    answers.collect()
}

fn documented(page: &Page<'_>, row: &Row<'_>) -> Vec<AnswerView> {
    let expected = row.case.expect.iter();
    let unmeasured =
        expected.filter(|expect| scenario::measured(&page.columns, row, expect).is_empty());
    let answers = together(unmeasured.map(|expect| (expect.answer.to_string(), &expect.on)));
    let answers = answers.into_iter().map(|(answer, on)| AnswerView {
        answer,
        on: on.into_iter().map(system).collect::<Vec<_>>().join(", "),
    });
    answers.collect()
}

/// `FreeBSD >= 14` for `freebsd >= 14`.
fn system(on: &Selector) -> String {
    let on = on.to_string();
    let (key, version) = on.split_at(on.find(' ').unwrap_or(on.len()));
    let kinds = SystemKind::all();
    let kind = kinds.iter().find(|kind| kind.key == key);
    let name = kind.map_or(key, |kind| kind.name);
    match name {
        "any" => "any other system".to_owned(),
        "unix" => "other Unix systems".to_owned(),
        "bsd" => "other BSDs".to_owned(),
        name => format!("{name}{version}"),
    }
}

fn topic(page: &Page<'_>, topic: &str) -> File {
    let scenarios = page.grid.scenarios();
    let rests_on = |rule: &&Rule| rule.cells.iter().any(|cell| split_id(cell.case).0 == topic);
    let path = site::advice_path(topic);
    let view = TopicPage {
        frame: Frame::new(page, &path),
        heading: site::heading(topic),
        rules: rules()
            .filter(rests_on)
            .map(|rule| (rule.id, pieces(rule.rule)))
            .collect(),
        rest: scenarios
            .filter(|rows| rows[0].scenario.topic() == topic)
            .filter_map(rest)
            .collect(),
    };
    super::render(path, &view)
}

/// How many different answers a case has.
fn answers(row: &Row<'_>) -> usize {
    let answers = row
        .cells
        .iter()
        .filter_map(|cell| cell.as_ref()?.answer.as_deref());
    answers.collect::<std::collections::BTreeSet<_>>().len()
}

fn rest<'a>(rows: &[Row<'a>]) -> Option<RestView<'a>> {
    let scenario = rows[0].scenario;
    Some(RestView {
        scenario,
        advice: scenario.advice.as_deref()?,
        page: site::scenario_path(&scenario.id),
        differing: rows.iter().filter(|row| answers(row) > 1).count(),
    })
}

/// The texts of the handbook have code between backticks.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let pieces = text.split('`').enumerate();
    pieces
        .map(|(at, text)| Piece {
            is_code: at % 2 == 1,
            text,
        })
        .collect()
}
