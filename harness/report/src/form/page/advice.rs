//! The advice: what portable code should do, by topic.

use askama::Template;

use super::frame::Frame;
use super::groups::{Group, Link};
use super::{File, Page, scenario, site};
use crate::advice::{ALL, Advice};
use crate::grid::Row;
use crate::results::ScenarioRecord;

/// The maximum number of cases shown for one scenario.
const SHOWN: usize = 4;

#[derive(Template)]
#[template(path = "advice.html")]
struct AdvicePage {
    frame: Frame,
    topics: Vec<TopicLink>,
}

struct TopicLink {
    path: String,
    heading: String,
    rules: Vec<&'static str>,
    scenarios: usize,
}

#[derive(Template)]
#[template(path = "advice_topic.html")]
struct TopicPage<'a> {
    frame: Frame,
    heading: String,
    rules: Vec<RuleView<'a>>,
    rest: Vec<RestView<'a>>,
}

struct RuleView<'a> {
    advice: &'static Advice,
    evidence: Vec<EvidenceView<'a>>,
    missing: Vec<&'static str>,
}

/// A scenario whose answers make a rule necessary.
struct EvidenceView<'a> {
    scenario: &'a ScenarioRecord,
    page: String,
    cases: Vec<CaseView<'a>>,
    unshown: usize,
}

struct CaseView<'a> {
    row: &'a str,
    anchor: String,
    groups: Vec<(Group<'a>, Vec<Link>)>,
}

/// A scenario's own advice.
struct RestView<'a> {
    scenario: &'a ScenarioRecord,
    advice: &'a str,
    page: String,
    differing: usize,
}

/// `advice.html` and one page per topic.
pub(super) fn files(page: &Page<'_>) -> impl Iterator<Item = File> {
    let index = AdvicePage {
        frame: Frame::new(page, "", "advice.html"),
        topics: page.results.topics().map(link).collect(),
    };
    let index = super::render("advice.html", &index);
    let topics = page.results.topics();
    std::iter::once(index).chain(topics.map(|scenarios| file(page, scenarios[0].topic())))
}

fn rules(topic: &str) -> impl Iterator<Item = &'static Advice> {
    ALL.iter().filter(move |advice| advice.topic == topic)
}

fn link(scenarios: &[ScenarioRecord]) -> TopicLink {
    let topic = scenarios[0].topic();
    let advised = scenarios
        .iter()
        .filter(|scenario| scenario.advice.is_some());
    TopicLink {
        path: site::advice_path(topic),
        heading: site::heading(topic),
        rules: rules(topic).map(|advice| advice.rule).collect(),
        scenarios: advised.count(),
    }
}

fn file(page: &Page<'_>, topic: &str) -> File {
    let scenarios = page.grid.scenarios();
    let view = TopicPage {
        frame: Frame::new(page, "../", ""),
        heading: site::heading(topic),
        rules: rules(topic).map(|advice| rule(page, advice)).collect(),
        rest: scenarios
            .filter(|rows| rows[0].scenario.topic() == topic)
            .filter_map(rest)
            .collect(),
    };
    super::render(site::advice_path(topic), &view)
}

fn rule<'a>(page: &Page<'a>, advice: &'static Advice) -> RuleView<'a> {
    let rows = |id: &str| page.grid.scenarios().find(|rows| rows[0].scenario.id == id);
    let because = advice.because.iter();
    RuleView {
        advice,
        evidence: because
            .clone()
            .filter_map(|id| Some(evidence(page, rows(id)?)))
            .collect(),
        missing: because.filter(|id| rows(id).is_none()).copied().collect(),
    }
}

fn evidence<'a>(page: &Page<'a>, rows: &[Row<'a>]) -> EvidenceView<'a> {
    let mut telling: Vec<&Row<'a>> = rows.iter().collect();
    // The differences between platforms make the rule necessary.
    telling.sort_by_key(|row| std::cmp::Reverse(answers(row)));
    EvidenceView {
        scenario: rows[0].scenario,
        page: site::scenario_path(&rows[0].scenario.id),
        unshown: rows.len().saturating_sub(SHOWN),
        cases: telling
            .into_iter()
            .take(SHOWN)
            .map(|row| CaseView {
                row: &row.case.row,
                anchor: scenario::anchor(row.case),
                groups: Group::of(row)
                    .into_iter()
                    .map(|group| {
                        let links = group.links(&page.columns, &row.case.id);
                        (group, links)
                    })
                    .collect(),
            })
            .collect(),
    }
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
