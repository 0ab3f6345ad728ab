//! Compares a platform's answers with the approved tables in `scenarios/answers`.

use std::path::{Path, PathBuf};
use std::{env, fs};

use dualstack_report::approved::{self, Systems};
use dualstack_report::{Results, ScenarioRecord};
use dualstack_scenario::{System, split_id};

/// The workspace, where it is now: nextest may have moved it.
pub(crate) fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.join("../..")
}

/// The answers of a column to a scenario equal those approved below `root`, or that
/// system has no approved answers; the error says what differs.
pub(crate) fn hold(
    root: &Path,
    results: &Results,
    scenario: &ScenarioRecord,
    column: &str,
) -> Result<(), String> {
    let system = results
        .system(column)
        .ok_or("no agent reported which system it is on")?;
    let (topic, file) = split_id(&scenario.id);
    let folder = root.join("scenarios/answers").join(topic);
    let approved = Approved::find(&folder, file, system);
    let (table, kept) = approved::table(results, scenario, column, approved.text.as_deref());
    if !kept.is_empty() {
        println!(
            "not answered here, and taken as approved: {}",
            kept.join(", ")
        );
    }
    let systems = systems(root)?;
    let agrees = approved
        .text
        .as_deref()
        .is_some_and(|text| text.trim() == table.trim());
    let label = system.label();
    if !systems.contain(system) {
        let proposed = propose(root, scenario, system, &table, agrees)?;
        println!("new: the answers of {label} are not approved; {proposed}");
    } else if approved.name != file || systems.shared(system) {
        compare(&folder, &approved.name, scenario, &table);
    } else if !agrees {
        // A system that shares a table can change only its own.
        let proposed = propose(root, scenario, system, &table, agrees)?;
        return Err(format!(
            "{label} no longer answers {} as approved; {proposed}\n{table}",
            scenario.id
        ));
    }
    Ok(())
}

/// The approved answers that a system is compared with.
struct Approved {
    name: String,
    text: Option<String>,
}

impl Approved {
    fn find(folder: &Path, file: &str, system: &System) -> Self {
        let found = approved::names(file, system).into_iter().find_map(|name| {
            let snapshot = fs::read_to_string(folder.join(format!("{name}.snap"))).ok()?;
            let snapshot = snapshot.replace("\r\n", "\n");
            let text = snapshot.splitn(3, "---\n").last()?.to_owned();
            Some(Self {
                name,
                text: Some(text),
            })
        });
        found.unwrap_or_else(|| Self {
            name: file.to_owned(),
            text: None,
        })
    }
}

fn systems(root: &Path) -> Result<Systems, String> {
    let path = root.join("scenarios/approved.toml");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Panics, as insta does, if the table is not the approved one.
fn compare(folder: &Path, name: &str, scenario: &ScenarioRecord, table: &str) {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_input_file(
        Path::new("scenarios")
            .join(&scenario.id)
            .with_extension("toml"),
    );
    settings.set_description(&scenario.ask);
    settings.bind(|| insta::assert_snapshot!(name, table));
}

/// Writes a system's answers as the file that would approve them, unless an existing
/// table is equal; returns what was done.
fn propose(
    root: &Path,
    scenario: &ScenarioRecord,
    system: &System,
    table: &str,
    agrees: bool,
) -> Result<String, String> {
    if agrees {
        return Ok("these agree with the approved ones".to_owned());
    }
    let (topic, file) = split_id(&scenario.id);
    let folder = root.join("reports/proposed").join(topic);
    let path = folder.join(format!("{}.snap", approved::names(file, system)[0]));
    let text = format!(
        "---\nsource: harness/cli/tests/approval/mod.rs\ndescription: {:?}\ninput_file: scenarios/{}.toml\n---\n{table}",
        scenario.ask, scenario.id
    );
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&path, text))
        .map_err(|error| format!("failed to write {}: {error}", path.display()))?;
    Ok(format!("proposed in {}", path.display()))
}
