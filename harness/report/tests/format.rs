//! The results format: its schema, its older versions, and what is rejected.

mod sample;

use std::fs;
use std::path::Path;

use dualstack_lab::Access;
use dualstack_report::{Results, VERSION, schema};
use rstest::rstest;
use serde_json::{Value, json};

fn as_json(results: &Results) -> Value {
    serde_json::to_value(results).unwrap()
}

/// `dualstack schema results` writes it.
#[test]
fn the_committed_schema_is_that_of_the_types() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports/schema/results.schema.json");
    let committed = fs::read_to_string(&path).unwrap();
    let derived = format!("{:#}\n", schema::results());
    // Not assert_eq: each of them is longer than a screen.
    assert!(
        committed == derived,
        "{} is not up to date: write what `dualstack schema results` prints to it",
        path.display()
    );
}

/// The same on every system, so that one is enough: the validator takes long to build.
#[cfg(target_os = "linux")]
mod the_schema {
    use dualstack_report::schema;
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::{as_json, sample};

    #[test]
    fn what_is_written_fits_it() {
        let validator = jsonschema::validator_for(&schema::results()).unwrap();
        let written = as_json(&sample::results());
        let errors: Vec<String> = validator
            .iter_errors(&written)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }

    #[rstest]
    #[case("/format", json!("something else"))]
    #[case("/version", json!(99))]
    #[case("/cells/0/verdict", json!("passed"))]
    #[case("/cells/0/trace/0/outcome", json!({ "exploded": null }))]
    #[case("/scenarios/0/cases/0/script/steps/0/call", json!({ "fork": {} }))]
    #[case("/columns/0/machine/system", json!("linux"))]
    fn what_is_no_results_file_does_not_fit_it(#[case] place: &str, #[case] value: Value) {
        let validator = jsonschema::validator_for(&schema::results()).unwrap();
        let mut file = as_json(&sample::results());
        *file.pointer_mut(place).unwrap() = value;
        assert!(!validator.is_valid(&file));
    }
}

#[test]
fn what_was_written_is_read() {
    let results = sample::results();
    let read = Results::read(&as_json(&results).to_string()).unwrap();
    assert_eq!(read, results);
}

/// A file that dualstack wrote when the version was 1.
#[test]
fn version_1_is_read() {
    let results = Results::read(include_str!("sample/version-1.json")).unwrap();
    assert_eq!(results.version, VERSION);
    let column = &results.columns[0];
    assert_eq!(column.started, "2026-11-24T19:57:59Z");
    assert_eq!(column.tool, "dualstack 0.1.0");
    let case = &results.scenarios[0].cases[0];
    let calls: Vec<String> = case
        .script
        .steps
        .iter()
        .map(|step| step.call.to_string())
        .collect();
    assert_eq!(calls[0], "fresh = socket(AF_INET6, SOCK_STREAM)");
    let cell = results.cell("host", &case.id).unwrap();
    assert_eq!(cell.answer.as_deref(), Some("0"));
    assert_eq!(cell.conditions, Some(0));
    assert_eq!(column.conditions.len(), 1);
    assert_eq!(column.access, Some(Access::Host));
}

#[rstest]
#[case(
    "not json",
    "it is not a results file: expected ident at line 1 column 2"
)]
#[case(
    "{}",
    "it is not a results file: missing field `format` at line 1 column 2"
)]
#[case(
    r#"{"format": "x", "version": 1}"#,
    "its format is `x`, not `dualstack results`"
)]
#[case(
    r#"{"format": "dualstack results", "version": 999, "new": true}"#,
    "its version is 999, and this dualstack reads up to 3; take a newer dualstack"
)]
#[case(
    r#"{"format": "dualstack results", "version": 3}"#,
    "it is not a results file: missing field `tool` at line 1 column 45"
)]
fn what_cannot_be_read_says_why(#[case] text: &str, #[case] message: &str) {
    assert_eq!(Results::read(text).unwrap_err().to_string(), message);
}

/// What would be lost, or could not be put in order, is refused with its place.
#[rstest]
#[case("/cells/0/case", json!("no/such"), "`cells/0/case` is `no/such`, and the file has no such case; remove the cell")]
#[case("/cells/1/column", json!("moon"), "`cells/1/column` is `moon`, and the file has no such column; remove the cell")]
#[case("/started", json!("yesterday"), "`started` is `yesterday`, not a time such as 2026-01-02T03:04:05Z")]
#[case("/columns/2/started", json!("noon"), "`columns/2/started` is `noon`, not a time such as 2026-01-02T03:04:05Z")]
#[case("/version", json!(0), "its version is 0, and the first version is 1; run the cases again")]
fn what_a_file_cannot_mean_is_refused(
    #[case] place: &str,
    #[case] value: Value,
    #[case] message: &str,
) {
    let mut file = as_json(&sample::results());
    *file.pointer_mut(place).unwrap() = value;
    let error = Results::read(&file.to_string()).unwrap_err();
    assert_eq!(error.to_string(), message);
}

#[test]
fn a_place_has_one_cell() {
    let mut file = as_json(&sample::results());
    let cells = file["cells"].as_array_mut().unwrap();
    cells.push(cells[0].clone());
    let index = cells.len() - 1;
    let error = Results::read(&file.to_string()).unwrap_err();
    let place = format!("`cells/{index}` is the second for the case ");
    assert!(error.to_string().starts_with(&place), "{error}");
}

/// Editors of Windows write a byte order mark.
#[test]
fn a_byte_order_mark_is_no_part_of_the_file() {
    let text = as_json(&sample::results()).to_string();
    let read = Results::read(&format!("\u{feff}{text}")).unwrap();
    assert_eq!(read, Results::read(&text).unwrap());
}
