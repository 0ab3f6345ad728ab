//! The document's claims: whether each holds on each platform, and the cases that show
//! it.

use askama::Template;
use dualstack_scenario::claims::{Claim, Document};

use super::frame::{Frame, class};
use super::groups::{Group, Link};
use super::{File, Page, scenario, site};
use crate::alike::label;
use crate::claims::Standing;
use crate::columns::{ColumnView, fragment};
use crate::grid::Row;
use crate::links::Linked;
use crate::place::Kind;
use crate::text::percent;
use dualstack_scenario::Verdict;

/// The maximum number of cases listed for one claim; the matrix has all of them.
const LISTED: usize = 100;
/// The maximum number of answers given as the reason why a claim does not hold.
const WHYS: usize = 3;

#[derive(Template)]
#[template(path = "claims.html")]
struct ClaimsPage<'a> {
    frame: Frame,
    document: &'a Document,
    link: Option<&'a str>,
    /// The platforms that agree everywhere, by one name.
    columns: Vec<String>,
    claims: Vec<ClaimView<'a>>,
}

struct ClaimView<'a> {
    claim: &'a Claim,
    standings: Vec<StandingView>,
    whys: Vec<WhyView<'a>>,
    cases: Vec<CaseView<'a>>,
    unlisted: usize,
    fragment: String,
}

/// Whether a claim holds on platforms that agree, in the class of the nearest verdict.
struct StandingView {
    class: &'static str,
    sign: &'static str,
    short: String,
    long: String,
    /// The cells that show it.
    link: String,
}

/// Why a claim does not hold on platforms that agree.
struct WhyView<'a> {
    on: String,
    refuting: Vec<Refuting<'a>>,
    /// How many more cases refute it.
    more: usize,
}

/// A case whose answer refutes a claim.
struct Refuting<'a> {
    case: &'a str,
    cell: String,
    answer: String,
    needed: String,
    /// What the system's own source says of it.
    source: Option<&'a str>,
    /// How the condition that it is about was set up.
    means: String,
}

struct CaseView<'a> {
    id: &'a str,
    page: String,
    groups: Vec<GroupView<'a>>,
}

/// The platforms with one answer, and whether the claim holds with it.
struct GroupView<'a> {
    group: Group<'a>,
    class: &'static str,
    sign: &'static str,
    word: &'static str,
    links: Vec<Link>,
}

/// The file `claims.html`.
pub(super) fn file(page: &Page<'_>) -> File {
    let catalogue = &page.results.catalogue;
    let url = catalogue.document.url.as_str();
    let view = ClaimsPage {
        frame: Frame::new(page, "claims.html"),
        document: &catalogue.document,
        link: url.starts_with("https://").then_some(url),
        columns: page.alike.iter().map(|group| name(page, group)).collect(),
        claims: catalogue
            .claims
            .iter()
            .map(|claim| view(page, claim))
            .collect(),
    };
    super::render("claims.html", &view)
}

fn name(page: &Page<'_>, group: &[usize]) -> String {
    let views: Vec<&ColumnView<'_>> = group.iter().map(|at| &page.columns[*at]).collect();
    label(&views)
}

fn view<'a>(page: &Page<'a>, claim: &'a Claim) -> ClaimView<'a> {
    let rows: Vec<&Row<'_>> = page
        .grid
        .rows()
        .iter()
        .filter(|row| row.case.claims.iter().any(|test| test.claim == claim.id))
        .collect();
    let fragment = format!("#claim={}", percent(&claim.id));
    let standings = page.alike.iter().map(|group| {
        let cells = rows.iter().map(|row| (row.case, row.cells[group[0]]));
        let keys = group.iter().map(|at| percent(&page.columns[*at].key()));
        let platforms: String = keys.map(|key| format!("&platform={key}")).collect();
        let link = format!("index.html{fragment}{platforms}");
        standing(&Standing::among(&claim.id, cells), &rows, group[0], link)
    });
    ClaimView {
        claim,
        standings: standings.collect(),
        whys: page
            .alike
            .iter()
            .filter_map(|group| why(page, claim, &rows, group))
            .collect(),
        cases: rows
            .iter()
            .take(LISTED)
            .map(|row| case(page, &claim.id, row))
            .collect(),
        unlisted: rows.len().saturating_sub(LISTED),
        fragment,
    }
}

/// The answers that refute a claim on platforms that agree.
fn why<'a>(
    page: &Page<'a>,
    claim: &Claim,
    rows: &[&Row<'a>],
    group: &[usize],
) -> Option<WhyView<'a>> {
    let at = group[0];
    let refuting = rows.iter().filter_map(|row| {
        let cell = row.cells[at]?;
        let test = row.case.claims.iter().find(|test| test.claim == claim.id)?;
        let answer = cell
            .answer
            .as_ref()
            .filter(|answer| !test.answer.fit(answer))?;
        let view = &page.columns[at];
        let finding = view.finding(row.case, cell);
        let known = finding.as_ref().and_then(|finding| finding.known);
        let expected = finding.as_ref().and_then(|finding| finding.expected);
        let conditions = cell
            .conditions
            .and_then(|at| view.column.conditions.get(at));
        Some(Refuting {
            case: &row.case.id,
            cell: fragment(&row.case.id, view.id()),
            answer: answer.clone(),
            needed: test.answer.to_string(),
            source: known
                .map(|known| known.reason.as_str())
                .or(expected.map(|expected| expected.source.as_str())),
            means: conditions
                .map(|conditions| conditions.means.join(", "))
                .unwrap_or_default(),
        })
    });
    let mut refuting: Vec<Refuting<'a>> = refuting.collect();
    let more = refuting.len().saturating_sub(WHYS);
    refuting.truncate(WHYS);
    (!refuting.is_empty()).then(|| WhyView {
        on: name(page, group),
        refuting,
        more,
    })
}

fn standing(
    standing: &Standing<'_>,
    rows: &[&Row<'_>],
    column: usize,
    link: String,
) -> StandingView {
    let (holds, all) = (
        standing.holds.len(),
        standing.holds.len() + standing.fails.len(),
    );
    let run = rows.iter().any(|row| row.cells[column].is_some());
    let (kind, short) = match (holds, all) {
        (0, 0) if run => (Kind::Judged(Verdict::Unsupported), "no answer".to_owned()),
        (0, 0) => (Kind::NoData, Kind::NoData.name()),
        (holds, all) if holds == all => (HOLDS, "holds".to_owned()),
        (0, _) => (FAILS, "does not hold".to_owned()),
        (holds, all) => (FAILS, format!("holds in {holds} of {all}")),
    };
    StandingView {
        class: class(kind),
        sign: standing.sign(),
        short,
        long: standing.to_string(),
        link,
    }
}

/// The colours of a claim that holds, and of one that does not.
const HOLDS: Kind = Kind::Judged(Verdict::AsExpected);
const FAILS: Kind = Kind::Judged(Verdict::KnownDifference);

fn case<'a>(page: &Page<'a>, claim: &str, row: &Row<'a>) -> CaseView<'a> {
    let test = row.case.claims.iter().find(|test| test.claim == claim);
    let groups = Group::of(row).into_iter().map(|group| {
        let answer = group.answer();
        let holds = answer.is_some_and(|answer| test.is_some_and(|test| test.answer.fit(answer)));
        let (class, sign, word) = match (answer.is_some(), holds) {
            (false, _) => (group.class(), "?", "no answer"),
            (true, true) => (class(HOLDS), "+", "holds"),
            (true, false) => (class(FAILS), "−", "does not hold"),
        };
        GroupView {
            links: group.links(&page.columns, &row.case.id),
            group,
            class,
            sign,
            word,
        }
    });
    let path = site::scenario_path(&row.scenario.id);
    CaseView {
        id: &row.case.id,
        page: format!("{path}#{}", scenario::anchor(row.case)),
        groups: groups.collect(),
    }
}
