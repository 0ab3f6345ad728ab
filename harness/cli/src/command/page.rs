//! `--open`: the answers as a page in the user's browser.

use std::path::{Path, PathBuf};

use dualstack_report::Results;
use dualstack_report::findings;
use dualstack_report::form::{Folder, Form, Report};
use dualstack_scenario::shown;

use crate::failure::Failure;
use crate::results_file;

/// Writes the page of a run into `dualstack-results/page`, in place of the one before it, and
/// opens it.
pub(super) fn write_and_open(results: &Results) -> Result<(), Failure> {
    let folder: PathBuf = Path::new(results_file::FOLDER).join("page");
    let page = Form::named("page").expect("one form is the page");
    let findings = findings::read(dualstack_corpus::FINDINGS);
    let report = Report {
        results,
        notes: &[],
        changes: None,
        findings: &findings,
        keep_run: false,
        site: None,
        beside: &[],
    };
    page.write(&report, &Folder::new(&folder))?;
    open(&folder);
    Ok(())
}

/// Opens the page in a folder, and says where it is: a machine may have no browser.
pub(super) fn open(folder: &Path) {
    let page = folder.join("index.html");
    super::tell(shown!("page: {}\n", page.display()));
    if let Err(error) = open::that_detached(&page) {
        super::tell(shown!("failed to open it in a browser: {}\n", error));
    }
}
