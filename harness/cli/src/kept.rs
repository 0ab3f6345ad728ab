//! Results that are kept, such as those of the published page: a folder with one
//! compressed file per platform, so that a run on one platform changes only its file.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use dualstack_report::whole_file::WholeFile;
use dualstack_report::{Cell, Column, FORMAT, Results, VERSION};
use dualstack_scenario::{Case, Script};
use flate2::{Compression, GzBuilder};

use crate::failure::Failure;
use crate::results_file;

/// The extension of the files.
const ENDING: &str = ".json.gz";

/// The files in a folder, sorted by name. There are none if the folder does not exist.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error| Failure::Read {
        path: folder.to_owned(),
        error,
    };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let files: io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut files = files.map_err(failed)?;
    files.retain(|file| file.to_string_lossy().ends_with(ENDING));
    files.sort();
    Ok(files)
}

/// Writes the results of each platform, and replaces all files in the folder.
///
/// # Errors
///
/// A file cannot be written, or a platform would lose answers that are kept.
pub(crate) fn write(folder: &Path, results: &Results) -> Result<(), Failure> {
    let old = files(folder)?;
    for column in &results.columns {
        let file = folder.join(format!("{}{ENDING}", name(&column.id)));
        if old.contains(&file) {
            lose_nothing(&file, results, &column.id)?;
        }
    }
    let mut cells: BTreeMap<&str, Vec<Cell>> = BTreeMap::new();
    for cell in &results.cells {
        cells.entry(&cell.column).or_default().push(cell.clone());
    }
    let mut new = Vec::new();
    for column in &results.columns {
        let cells = cells.remove(column.id.as_str()).unwrap_or_default();
        let path = folder.join(format!("{}{ENDING}", name(&column.id)));
        let alone = alone(results, column, cells);
        WholeFile::write_in(folder, |file| compress(&alone, file))
            .and_then(WholeFile::on_disk)
            .and_then(|file| file.replace(&path))
            .map_err(|error| unwritten(&path, error))?;
        new.push(path);
    }
    for file in old.iter().filter(|file| !new.contains(file)) {
        fs::remove_file(file).map_err(|error| unwritten(file, error))?;
    }
    Ok(())
}

/// A run of some cases on a newer build would take the place of all answers of the older one.
fn lose_nothing(file: &Path, results: &Results, column: &str) -> Result<(), Failure> {
    let kept = results_file::read(file)?;
    let cases = |results: &Results| -> HashMap<String, Script> {
        let cases = results.cases();
        let asked = |case: &Case| (case.id.clone(), case.script.clone());
        cases.map(|(_, case)| asked(case)).collect()
    };
    let (before, now) = (cases(&kept), cases(results));
    let answered = results.cells.iter().filter(|cell| cell.column == column);
    let answered: HashSet<&str> = answered.map(|cell| cell.case.as_str()).collect();
    let lost = kept.cells.iter().filter(|cell| {
        let (before, now) = (before.get(&cell.case), now.get(&cell.case));
        now.is_some() && before == now && !answered.contains(&*cell.case)
    });
    match lost.count() {
        0 => Ok(()),
        lost => Err(Failure::usage_hint(
            format!(
                "{column} would lose {lost} of the answers in {}: the new results have {}, of another build",
                file.display(),
                answered.len()
            ),
            "run all cases there, or remove that file first",
        )),
    }
}

/// A column's name as a file name: `host (linux 6.18)` is `host-linux-6.18`.
fn name(column: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    let words = column.split(|c| !plain(c)).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// The results of one platform, with its own time and program: those of the whole would
/// change with every run on another platform.
fn alone(results: &Results, column: &Column, cells: Vec<Cell>) -> Results {
    Results {
        format: FORMAT.to_owned(),
        version: VERSION,
        tool: column.tool.clone(),
        started: column.started.clone(),
        catalogue: results.catalogue.clone(),
        scenarios: results.scenarios.clone(),
        columns: vec![column.clone()],
        cells,
    }
}

fn compress(results: &Results, file: &mut dyn Write) -> io::Result<()> {
    let mut file = GzBuilder::new().write(file, Compression::best());
    serde_json::to_writer(&mut file, results)?;
    file.finish().map(drop)
}

fn unwritten(path: &Path, error: io::Error) -> Failure {
    Failure::Write {
        path: path.to_owned(),
        error,
    }
}
