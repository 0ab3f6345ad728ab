//! The page of one scenario.

use std::collections::BTreeMap;

use askama::Template;
use dualstack_scenario::{Case, Expectation};

use super::frame::Frame;
use super::groups::{Group, Link};
use super::{File, Page, site};
use crate::columns::{ColumnView, command};
use crate::grid::Row;
use crate::links::Linked;
use crate::results::{Cell, ScenarioRecord};
use crate::text::slug;

#[derive(Template)]
#[template(path = "scenario.html")]
struct ScenarioPage<'a> {
    frame: Frame,
    scenario: &'a ScenarioRecord,
    topic: String,
    advice: String,
    cases: Vec<CaseView<'a>>,
}

struct CaseView<'a> {
    anchor: String,
    case: &'a Case,
    requires: String,
    command: String,
    groups: Vec<GroupView<'a>>,
    expect: Vec<ExpectView<'a>>,
}

struct GroupView<'a> {
    group: Group<'a>,
    links: Vec<Link>,
    whys: Vec<&'a str>,
    traces: Vec<TraceView<'a>>,
}

/// What a source says, and the platforms that were compared with it.
struct ExpectView<'a> {
    expect: &'a Expectation,
    measured: Vec<&'a str>,
}

/// The calls of the platforms on which they had the same results, except for ports.
struct TraceView<'a> {
    shown: &'a Cell,
    platforms: Vec<&'a str>,
    missing: Vec<String>,
}

/// The page of the scenario with these rows.
pub(super) fn file(page: &Page<'_>, rows: &[Row<'_>]) -> File {
    let scenario = rows[0].scenario;
    let topic = scenario.topic();
    let path = site::scenario_path(&scenario.id);
    let view = ScenarioPage {
        frame: Frame::new(page, &path),
        scenario,
        topic: site::heading(topic),
        advice: site::advice_path(topic),
        cases: rows.iter().map(|row| case(&page.columns, row)).collect(),
    };
    super::render(path, &view)
}

fn case<'a>(columns: &[ColumnView<'a>], row: &Row<'a>) -> CaseView<'a> {
    let case = row.case;
    let groups = Group::of(row).into_iter();
    CaseView {
        anchor: anchor(case),
        case,
        requires: case.requires.to_string(),
        command: columns
            .first()
            .map(|view| command(&case.id, view.column))
            .unwrap_or_default(),
        groups: groups.map(|found| group(columns, case, found)).collect(),
        expect: case
            .expect
            .iter()
            .map(|expect| ExpectView {
                expect,
                measured: measured(columns, row, expect),
            })
            .collect(),
    }
}

/// The anchor of a case on its scenario's page: as its row is called, if an address can have
/// that as it is.
pub(super) fn anchor(case: &Case) -> String {
    const LONGEST: usize = 80;
    let plain = |c: char| c.is_ascii_alphanumeric() || " -=,.:+/[]()".contains(c);
    match case.row.as_str() {
        "" => "case".to_owned(),
        row if row.len() <= LONGEST && row.chars().all(plain) => {
            format!("case-{}", row.replace(' ', "_"))
        }
        row => format!("case-{}", slug(row)),
    }
}

/// The platforms that were compared with an expectation.
pub(super) fn measured<'a>(
    columns: &[ColumnView<'a>],
    row: &Row<'a>,
    expect: &Expectation,
) -> Vec<&'a str> {
    let held = |(view, cell): &(&ColumnView<'a>, &Option<&Cell>)| {
        let answered = cell.is_some_and(|cell| cell.answer.is_some());
        let machine = view.column.machine.as_ref();
        let holds = machine.and_then(|machine| row.case.expectation(&machine.system));
        answered && holds.is_some_and(|holds| std::ptr::eq(holds, expect))
    };
    let columns = columns.iter().zip(&row.cells).filter(held);
    columns.map(|(view, _)| view.id()).collect()
}

fn group<'a>(columns: &[ColumnView<'a>], case: &'a Case, group: Group<'a>) -> GroupView<'a> {
    let mut whys: Vec<&str> = group
        .members
        .iter()
        .filter_map(|(_, cell)| cell.and_then(|cell| cell.why.as_deref()))
        .collect();
    whys.dedup();
    GroupView {
        links: group.links(columns, &case.id),
        whys,
        traces: traces(columns, case, &group),
        group,
    }
}

fn traces<'a>(columns: &[ColumnView<'a>], case: &'a Case, group: &Group<'a>) -> Vec<TraceView<'a>> {
    let mut traces: Vec<TraceView<'a>> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for (at, cell) in &group.members {
        let Some(cell) = cell else { continue };
        if cell.trace.is_empty() && cell.probes.is_empty() && cell.stderr.is_empty() {
            continue;
        }
        let at_trace = *known.entry(without_ports(cell)).or_insert_with(|| {
            let missing = case.script.steps.iter().skip(cell.trace.len());
            traces.push(TraceView {
                shown: cell,
                platforms: Vec::new(),
                missing: missing.map(|step| step.call.to_string()).collect(),
            });
            traces.len() - 1
        });
        traces[at_trace].platforms.push(columns[*at].id());
    }
    traces
}

/// The calls and results, without the ports that the system chose.
fn without_ports(cell: &Cell) -> String {
    let records = cell.trace.iter();
    let text: String = records
        .map(|record| format!("{} = {}\n", record.call, record.outcome))
        .chain(cell.probes.iter().map(|probe| format!("{probe}\n")))
        .chain([cell.stderr.clone()])
        .collect();
    let mut kept = String::new();
    let mut rest = text.as_str();
    while let Some(colon) = rest.find(':') {
        let (before, after) = rest.split_at(colon + 1);
        kept.push_str(before);
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        // A group of an IPv6 address has at most four digits.
        rest = if digits == 5 { &after[digits..] } else { after };
    }
    kept.push_str(rest);
    kept
}
