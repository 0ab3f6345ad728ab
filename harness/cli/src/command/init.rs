//! `dualstack init`: what a crate needs to have scenarios among its tests.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use dualstack_scenario::shown;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use crate::failure::Failure;

/// The package that a crate depends on for its tests.
const PACKAGE: &str = "dualstack-test";

/// The version of it that a crate asks for.
const VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION_MAJOR"),
    ".",
    env!("CARGO_PKG_VERSION_MINOR")
);

/// The name of the test, and of the folder of its scenarios.
const TEST: &str = "sockets";

const MAIN: &str = include_str!("../init/sockets.rs");
const FIRST: &str = include_str!("../init/first.toml");
const WORKFLOW: &str = include_str!("../init/sockets.yml");

#[derive(Clone, Debug, Args)]
pub(super) struct InitArguments {
    /// The folder of the crate; default: this one
    #[arg(value_name = "DIR", default_value = ".", hide_default_value = true)]
    folder: PathBuf,
}

pub(super) fn init(arguments: &InitArguments) -> Result<ExitCode, Failure> {
    let folder = &arguments.folder;
    let path = folder.join("Cargo.toml");
    let mut manifest = manifest(&path)?;
    let main = MAIN.replace("PROGRAMS", &programs(folder, &manifest));
    let changed = ask_for_tests(&mut manifest);
    let files = [
        ("tests/sockets.rs", main.as_str()),
        ("tests/sockets/first.toml", FIRST),
        (".github/workflows/sockets.yml", WORKFLOW),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        let done = if write_new(&path, text)? {
            "written"
        } else {
            "left as it is"
        };
        super::print(shown!("{}: {}\n", path.display(), done))?;
    }
    if changed {
        let text = manifest.to_string();
        fs::write(&path, text).map_err(|error| unwritten(&path, error))?;
        super::print(shown!(
            "{}: {} and the test `{}` added\n",
            path.display(),
            PACKAGE,
            TEST
        ))?;
    }
    super::print(shown!("run the cases: cargo test --test {}\n", TEST))?;
    Ok(ExitCode::SUCCESS)
}

fn manifest(path: &Path) -> Result<DocumentMut, Failure> {
    let text = fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::usage_hint(
            format!("there is no {}", path.display()),
            "make a crate with `cargo init`, or name the folder of one",
        ),
        _ => Failure::Read {
            path: path.to_owned(),
            error,
        },
    })?;
    let read = text.parse::<DocumentMut>();
    let manifest = read.map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    if manifest.get("package").is_none() {
        return Err(Failure::usage_hint(
            format!("{} is that of a workspace", path.display()),
            "name the folder of one of its crates",
        ));
    }
    Ok(manifest)
}

/// The crate's own programs, as the macro takes them.
fn programs(folder: &Path, manifest: &DocumentMut) -> String {
    let name = |table: &Table| Some(table.get("name")?.as_str()?.to_owned());
    let package = manifest.get("package").and_then(Item::as_table);
    let by_default = package
        .and_then(name)
        .filter(|_| folder.join("src/main.rs").is_file());
    let listed = manifest.get("bin").and_then(Item::as_array_of_tables);
    let listed = listed.into_iter().flatten().filter_map(name);
    let mut programs: Vec<String> = by_default.into_iter().chain(listed).collect();
    programs.dedup();
    match programs.is_empty() {
        true => String::new(),
        false => format!(", programs = {programs:?}"),
    }
}

/// Adds the package and the test, if they are not there; returns whether anything was added.
fn ask_for_tests(manifest: &mut DocumentMut) -> bool {
    let before = manifest.to_string();
    let packages = manifest
        .entry("dev-dependencies")
        .or_insert(Item::Table(Table::new()));
    if let Some(packages) = packages.as_table_like_mut() {
        packages.entry(PACKAGE).or_insert(value(VERSION));
    }
    let tests = manifest
        .entry("test")
        .or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    if let Some(tests) = tests.as_array_of_tables_mut() {
        let is_ours = |test: &Table| test.get("name").and_then(Item::as_str) == Some(TEST);
        if !tests.iter().any(is_ours) {
            let mut test = Table::new();
            test.insert("name", value(TEST));
            test.insert("harness", value(false));
            tests.push(test);
        }
    }
    manifest.to_string() != before
}

/// Writes a file, unless there is one; returns whether it did.
fn write_new(path: &Path, text: &str) -> Result<bool, Failure> {
    let failed = |error| unwritten(path, error);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    match File::create_new(path) {
        Ok(mut file) => {
            file.write_all(text.as_bytes()).map_err(failed)?;
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(failed(error)),
    }
}

fn unwritten(path: &Path, error: io::Error) -> Failure {
    Failure::Write {
        path: path.to_owned(),
        error,
    }
}
