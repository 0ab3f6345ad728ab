//! The merged results file, from which the same report can be made again.

use super::Form;

/// `results.json`.
pub(super) const FORM: Form = Form {
    name: "json",
    file: Some("results.json"),
    about: "results.json, the merged results file",
    write: |report, folder| {
        folder.write("results.json", |file| {
            serde_json::to_writer(&mut *file, report.results)?;
            file.write_all(b"\n")
        })
    },
};
