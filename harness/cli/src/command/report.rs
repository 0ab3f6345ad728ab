//! `dualstack report`: one report from many results files.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use dualstack_report::Results;
use dualstack_report::changes;
use dualstack_report::findings;
use dualstack_report::form::{self, Folder, Form, Report, Unwritten};
use dualstack_report::merge::{Merge, Note};
use dualstack_report::text::count;
use dualstack_scenario::shown;
use rayon::prelude::*;

use super::{lab, page, pick, select};
use crate::failure::Failure;
use crate::{kept, results_file};

#[derive(Clone, Debug, Args)]
#[command(after_help = pick::HELP)]
pub(super) struct ReportArguments {
    /// Results files, from any number of machines
    #[arg(value_name = "FILE", required_unless_present = "keep")]
    files: Vec<PathBuf>,
    /// A folder with the results of each platform, compressed: they are part of the
    /// report, and the results of the files are merged into them
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Report only on these scenario files and folders, or on cases by their names, as they
    /// are today; default: all scenarios in the results
    #[arg(long, value_name = "PATH|CASE")]
    scenarios: Vec<OsString>,
    /// The folder for the report
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Results files of an earlier run, to show what changed since
    #[arg(long, value_name = "FILE")]
    since: Vec<PathBuf>,
    /// Also keep the page of this run in `runs/`, where it stays when the report is written
    /// again: links to its cells lead there
    #[arg(long)]
    keep_run: bool,
    /// The address at which the page will be published: its pages name it as theirs, and a
    /// `sitemap.xml` lists them
    #[arg(long, value_name = "URL", value_parser = site)]
    site: Option<String>,
    /// Open the page in the browser
    #[arg(long)]
    open: bool,
    /// The formats to write; default: all
    #[arg(long, value_name = "FORMAT", value_delimiter = ',', value_parser = named_form())]
    form: Vec<&'static Form>,
}

fn named_form() -> impl TypedValueParser<Value = &'static Form> {
    let value = |form: &'static Form| PossibleValue::new(form.name).help(form.about);
    let named = |name: String| Form::named(&name).expect("a name in the list");
    PossibleValuesParser::new(form::ALL.iter().map(value)).map(named)
}

/// The address of a folder on the web.
fn site(url: &str) -> Result<String, String> {
    let host = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let is_plain = |text: &str| {
        text.chars()
            .all(|c| c.is_ascii_graphic() && !"?#\"'<>\\".contains(c))
    };
    match host {
        Some(host) if !host.starts_with('/') && !host.is_empty() && is_plain(url) => {
            Ok(format!("{}/", url.trim_end_matches('/')))
        }
        _ => Err("not the address of a folder, like https://example.org/dualstack/".to_owned()),
    }
}

pub(super) fn report(arguments: &ReportArguments) -> Result<ExitCode, Failure> {
    let (results, notes) = everything(arguments)?;
    let before = match arguments.since.as_slice() {
        [] => None,
        files => Some(merged(files)?.0),
    };
    let changes = before
        .as_ref()
        .map(|before| changes::between(before, &results, &[]));
    for note in &notes {
        super::tell(shown!("{}\n", note));
    }
    let findings = findings::read(dualstack_corpus::FINDINGS);
    let forms = arguments.forms();
    let beside: Vec<&str> = forms.iter().filter_map(|form| form.file).collect();
    let report = Report {
        results: &results,
        notes: &notes,
        changes: changes.as_ref(),
        findings: &findings,
        keep_run: arguments.keep_run,
        site: arguments.site.as_deref(),
        beside: &beside,
    };
    write(&report, &forms, &Folder::new(&arguments.out))?;
    if let Some(folder) = &arguments.keep {
        kept::write(folder, &results)?;
    }
    super::print(shown!(
        "{} on {}: {}\n",
        count(results.cases().count(), "case"),
        count(results.columns.len(), "platform"),
        arguments.out.display()
    ))?;
    if arguments.open {
        page::open(&arguments.out);
    }
    Ok(ExitCode::SUCCESS)
}

/// The results to report on.
fn everything(arguments: &ReportArguments) -> Result<(Results, Vec<Note>), Failure> {
    let mut files = match &arguments.keep {
        Some(folder) => kept::files(folder)?,
        None => Vec::new(),
    };
    files.extend_from_slice(&arguments.files);
    let mut merge = merge(&files)?;
    if !arguments.scenarios.is_empty() {
        let corpus = select::named(&arguments.scenarios)?;
        merge.only(&corpus.scenarios, corpus.claims);
    }
    finish(merge)
}

pub(super) fn merged(files: &[PathBuf]) -> Result<(Results, Vec<Note>), Failure> {
    finish(merge(files)?)
}

/// Reads files one at a time, so that only one of them is in memory in addition to the
/// merged results.
fn merge(files: &[PathBuf]) -> Result<Merge, Failure> {
    let mut merge = Merge::default();
    for file in files {
        merge.add(results_file::read(file)?);
    }
    Ok(merge)
}

fn finish(merge: Merge) -> Result<(Results, Vec<Note>), Failure> {
    let (results, notes) = merge.finish().ok_or_else(|| {
        Failure::usage("no results file is given; name one, or a folder with --keep")
    })?;
    if results.columns.is_empty() {
        return Err(Failure::usage(
            "these results have no platform: the run that wrote them was over before one had answered",
        ));
    }
    let checked = results.check();
    checked.map_err(|error| Failure::usage(format!("these results together: {error}")))?;
    Ok((results, notes))
}

impl ReportArguments {
    /// The formats that are wanted.
    fn forms(&self) -> Vec<&'static Form> {
        let named = |form: &&Form| self.form.iter().any(|named| named.name == form.name);
        let all = form::ALL.iter();
        all.filter(|form| self.form.is_empty() || named(form))
            .collect()
    }
}

/// Writes these formats in parallel: the page takes as long as the others together.
fn write(report: &Report<'_>, forms: &[&Form], folder: &Folder) -> Result<(), Failure> {
    // Not before: a file that is read may be a pipe, which an interrupt must end.
    lab::listen_for_interrupts()?;
    let written = forms.par_iter().map(|form| form.write(report, folder));
    let written: Vec<Result<(), Unwritten>> = written.collect();
    lab::stop_if_interrupted()?;
    Ok(written.into_iter().collect::<Result<(), _>>()?)
}

impl From<Unwritten> for Failure {
    fn from(Unwritten { path, error }: Unwritten) -> Self {
        Self::Write { path, error }
    }
}
