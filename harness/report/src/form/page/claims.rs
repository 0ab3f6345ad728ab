//! The document's claims: whether each holds on each platform, and the cases that show
//! it.

use askama::Template;
use dualstack_scenario::claims::{Claim, Document};

use super::frame::{Frame, class};
use super::groups::{Group, Link};
use super::{File, Page, scenario, site};
use crate::claims::Standing;
use crate::columns::ColumnView;
use crate::grid::Row;
use crate::place;
use crate::text::percent;
use crate::verdict::Verdict;

/// The maximum number of cases listed for one claim; the matrix has all of them.
const LISTED: usize = 100;

#[derive(Template)]
#[template(path = "claims.html")]
struct ClaimsPage<'a> {
    frame: Frame,
    document: &'a Document,
    link: Option<&'a str>,
    columns: &'a [ColumnView<'a>],
    claims: Vec<ClaimView<'a>>,
}

struct ClaimView<'a> {
    claim: &'a Claim,
    standings: Vec<StandingView>,
    cases: Vec<CaseView<'a>>,
    unlisted: usize,
    fragment: String,
}

/// Whether a claim holds on one platform, in the class of the nearest verdict.
struct StandingView {
    class: &'static str,
    sign: &'static str,
    short: String,
    long: String,
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
        frame: Frame::new(page, "", "claims.html"),
        document: &catalogue.document,
        link: url.starts_with("https://").then_some(url),
        columns: &page.columns,
        claims: catalogue
            .claims
            .iter()
            .map(|claim| view(page, claim))
            .collect(),
    };
    super::render("claims.html", &view)
}

fn view<'a>(page: &Page<'a>, claim: &'a Claim) -> ClaimView<'a> {
    let rows: Vec<&Row<'_>> = page
        .grid
        .rows()
        .iter()
        .filter(|row| row.case.claims.iter().any(|test| test.claim == claim.id))
        .collect();
    let standings = (0..page.columns.len()).map(|column| {
        let cells = rows.iter().map(|row| (row.case, row.cells[column]));
        standing(&Standing::among(&claim.id, cells), &rows, column)
    });
    ClaimView {
        claim,
        standings: standings.collect(),
        cases: rows
            .iter()
            .take(LISTED)
            .map(|row| case(page, &claim.id, row))
            .collect(),
        unlisted: rows.len().saturating_sub(LISTED),
        fragment: format!("#claim={}", percent(&claim.id)),
    }
}

fn standing(standing: &Standing<'_>, rows: &[&Row<'_>], column: usize) -> StandingView {
    let (holds, all) = (
        standing.holds.len(),
        standing.holds.len() + standing.fails.len(),
    );
    let run = rows.iter().any(|row| row.cells[column].is_some());
    let (verdict, short) = match (holds, all) {
        (0, 0) if run => (Some(Verdict::Unsupported), "no answer".to_owned()),
        (0, 0) => (None, place::name(None)),
        (holds, all) if holds == all => (Some(Verdict::AsExpected), "holds".to_owned()),
        (0, _) => (Some(Verdict::KnownDifference), "does not hold".to_owned()),
        (holds, all) => (Some(Verdict::KnownDifference), format!("{holds} of {all}")),
    };
    StandingView {
        class: class(verdict),
        sign: standing.sign(),
        short,
        long: standing.to_string(),
    }
}

fn case<'a>(page: &Page<'a>, claim: &str, row: &Row<'a>) -> CaseView<'a> {
    let test = row.case.claims.iter().find(|test| test.claim == claim);
    let groups = Group::of(row).into_iter().map(|group| {
        let holds = test.is_some_and(|test| test.answer.fit(&group.shown));
        let (class, sign, word) = match (group.is_answer(), holds) {
            (false, _) => (group.class(), "?", "no answer"),
            (true, true) => (class(Some(Verdict::AsExpected)), "+", "holds"),
            (true, false) => (class(Some(Verdict::KnownDifference)), "−", "does not hold"),
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
