//! Scenario files: any text is either a scenario, whose cases survive the way to an agent
//! or a results file, or mistakes, each of which can be shown with its place.
#![no_main]

use dualstack_scenario::{Case, Problem, Scenario, SourceFile};
use libfuzzer_sys::fuzz_target;
use miette::{GraphicalReportHandler, GraphicalTheme};

fuzz_target!(|text: &str| {
    match Scenario::parse("topic/file", SourceFile::new("file.toml", text)) {
        Ok(scenario) => scenario.cases.iter().for_each(survives),
        Err(problems) => {
            assert!(problems.iter().next().is_some(), "refused without a reason");
            problems.iter().for_each(can_be_shown);
        }
    }
});

fn survives(case: &Case) {
    let json = serde_json::to_string(case).expect("a case can be written");
    let again: Case = serde_json::from_str(&json).expect("a case that was written can be read");
    assert_eq!(*case, again);
}

fn can_be_shown(problem: &Problem) {
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor());
    let mut excerpt = String::new();
    let rendered = handler.render_report(&mut excerpt, problem);
    assert!(rendered.is_ok(), "no excerpt of {problem}");
    assert!(!problem.to_string().is_empty());
}
