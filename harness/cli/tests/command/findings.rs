//! The findings page: every cell that it names answers in the published results as it says.

use std::fs;

use dualstack_report::findings::{self, FindingRow};

use crate::published::{self, Statement};
use crate::root;

#[test]
fn every_finding_is_in_the_published_results() {
    let page = fs::read_to_string(root().join("docs/findings.md")).unwrap();
    assert_eq!(
        page,
        dualstack_corpus::FINDINGS,
        "docs/findings.md is a copy of scenarios/findings.md"
    );
    let results = published::results();
    let findings = findings::read(&page);
    assert!(findings.len() >= 25, "{}", findings.len());
    let rows = findings.iter().map(|finding| finding.rows.len());
    let tables = page.lines().filter(|line| line.starts_with("| `"));
    assert_eq!(tables.count(), rows.sum::<usize>(), "a row cannot be read");
    for finding in &findings {
        assert!(!finding.rows.is_empty(), "{}", finding.title);
        for FindingRow { case, on, answer } in &finding.rows {
            Statement { case, on, answer }.hold(&finding.title, &results);
        }
    }
}
