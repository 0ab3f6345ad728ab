//! `dualstack report`: one report of many results files.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use dualstack_report::changes::{self, Changes};
use dualstack_report::merge::{Merge, Note};
use dualstack_report::page::Page;
use dualstack_report::text::count;
use dualstack_report::{Results, csv, junit, markdown};

use crate::failure::Failure;
use crate::{corpus, kept, results_file};

#[derive(Clone, Debug, Args)]
pub(super) struct ReportArguments {
    /// Results files, of any number of machines
    #[arg(value_name = "FILE", required_unless_present = "keep")]
    files: Vec<PathBuf>,
    /// A folder with the results of each platform, compressed: they are part of the report,
    /// and those of the files are added to them
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Report only on these scenario files and folders, as they are written today
    /// (default: on all that was asked)
    #[arg(long, value_name = "PATH")]
    scenarios: Vec<PathBuf>,
    /// The folder for the report
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Results files of an earlier run, to tell what changed since
    #[arg(long, value_name = "FILE")]
    since: Vec<PathBuf>,
    /// Which forms to write; all of them unless told
    #[arg(long, value_name = "FORM", value_delimiter = ',')]
    form: Vec<Form>,
}

/// A form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// The page: index.html and what it needs
    Page,
    /// report.md, for a README or a job summary
    Markdown,
    /// junit.xml
    Junit,
    /// results.csv, a line a cell
    Csv,
    /// results.json, the merged results file
    Json,
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
    notes.iter().for_each(|note| anstream::eprintln!("{note}"));
    let forms = match arguments.form.as_slice() {
        [] => Form::value_variants(),
        forms => forms,
    };
    // The page takes as long as the others together.
    let write_those = |chosen: fn(Form) -> bool| {
        let mut chosen = forms.iter().filter(|form| chosen(**form));
        chosen.try_for_each(|form| write(*form, &arguments.out, &results, &notes, changes.as_ref()))
    };
    let (page, others) = rayon::join(
        || write_those(|form| form == Form::Page),
        || write_those(|form| form != Form::Page),
    );
    page.and(others)?;
    if let Some(folder) = &arguments.keep {
        kept::write(folder, &results)?;
    }
    super::print(&format!(
        "{} on {}: {}\n",
        count(results.cases().count(), "case"),
        count(results.columns.len(), "platform"),
        arguments.out.display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// What is to be reported on.
fn everything(arguments: &ReportArguments) -> Result<(Results, Vec<Note>), Failure> {
    let mut files = match &arguments.keep {
        Some(folder) => kept::files(folder)?,
        None => Vec::new(),
    };
    files.extend_from_slice(&arguments.files);
    let mut merge = merge(&files)?;
    if !arguments.scenarios.is_empty() {
        let scenarios = corpus::read(&arguments.scenarios)?;
        merge.only(&scenarios, corpus::catalogue());
    }
    finish(merge)
}

pub(super) fn merged(files: &[PathBuf]) -> Result<(Results, Vec<Note>), Failure> {
    finish(merge(files)?)
}

/// Reads files one at a time, so that no more than one of them lies in memory
/// besides the whole.
fn merge(files: &[PathBuf]) -> Result<Merge, Failure> {
    let mut merge = Merge::default();
    for file in files {
        merge.add(results_file::read(file)?);
    }
    Ok(merge)
}

fn finish(merge: Merge) -> Result<(Results, Vec<Note>), Failure> {
    merge
        .finish()
        .ok_or_else(|| Failure::usage("there is no results file to report on"))
}

fn write(
    form: Form,
    folder: &Path,
    results: &Results,
    notes: &[Note],
    changes: Option<&Changes<'_>>,
) -> Result<(), Failure> {
    match form {
        Form::Page => {
            let page = Page::new(results, notes, changes);
            page.files()
                .try_for_each(|file| put(&folder.join(&file.path), file.text.as_bytes()))
        }
        Form::Markdown => {
            let text = markdown::report(results, changes, markdown::GITHUB_LIMIT);
            put(&folder.join("report.md"), text.as_bytes())
        }
        Form::Junit => put_pieces(&folder.join("junit.xml"), |file| {
            junit::write(results, file)
        }),
        Form::Csv => put(&folder.join("results.csv"), &csv::report(results)),
        Form::Json => put_pieces(&folder.join("results.json"), |file| {
            serde_json::to_writer(&mut *file, results)?;
            file.write_all(b"\n")
        }),
    }
}

fn put(path: &Path, contents: &[u8]) -> Result<(), Failure> {
    create(path)
        .and_then(|mut file| file.write_all(contents))
        .map_err(|error| unwritten(path, error))
}

/// Writes piece by piece what as one text may be larger than all else that is in
/// memory.
fn put_pieces(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<fs::File>) -> io::Result<()>,
) -> Result<(), Failure> {
    create(path)
        .map(BufWriter::new)
        .and_then(|mut file| {
            write(&mut file)?;
            file.flush()
        })
        .map_err(|error| unwritten(path, error))
}

fn create(path: &Path) -> io::Result<fs::File> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::File::create(path)
}

fn unwritten(path: &Path, error: io::Error) -> Failure {
    Failure::Write {
        path: path.to_owned(),
        error,
    }
}
