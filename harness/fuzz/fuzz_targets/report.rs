//! Every form of the report: of any results file that can be read, however little it fits
//! together.
#![no_main]

use dualstack_report::Results;
use dualstack_report::changes;
use dualstack_report::form::page::Page;
use dualstack_report::form::{csv, junit, markdown};
use dualstack_report::matrix::{self, Style};
use libfuzzer_sys::{Corpus, fuzz_target};

const STYLE: Style = Style {
    width: 80,
    colour: false,
};

fuzz_target!(|text: &str| -> Corpus {
    let Ok(results) = Results::read(text) else {
        return Corpus::Reject;
    };
    matrix::matrix(&results, STYLE);
    matrix::claims(&results, STYLE);
    matrix::differences(&results);
    matrix::legend(&results);
    csv::report(&results);
    junit::report(&results);
    let changes = changes::between(&results, &results, &[]);
    assert!(
        changes.is_empty(),
        "a file differs from itself: {}",
        &*changes.shown()
    );
    let limit = 10_000;
    assert!(markdown::report(&results, Some(&changes), limit).len() <= limit);
    for file in Page::new(&results, &[], Some(&changes)).files() {
        let leaves = file.path.split('/').any(|part| part == "..") || file.path.starts_with('/');
        assert!(!leaves, "{} is outside of the report's folder", file.path);
    }
    Corpus::Keep
});
