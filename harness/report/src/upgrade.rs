//! Brings results files of older versions to the form of this one, version by
//! version.
//!
//! | version | what was new |
//! | --- | --- |
//! | 1 | the first |
//! | 2 | names in steps are plain texts; each column tells when it was asked and by which program, which stood only at the head of the file |
//! | 3 | the states that cases were carried out in are `conditions`, which were called `environments`; a column tells how its platform is chosen on the command line |

use serde_json::{Value, json};

/// The version of the results format that is written; older ones are read.
pub const VERSION: u32 = 3;

/// A file of `version` in the form of this version.
pub(crate) fn to_this_version(mut file: Value, version: u32) -> Value {
    if version < 2 {
        plain_names(&mut file["scenarios"]);
        date_columns(&mut file);
    }
    if version < 3 {
        rename(&mut file["columns"], "environments", "conditions");
        rename(&mut file["cells"], "environment", "conditions");
        tell_access(&mut file["columns"]);
    }
    file["version"] = json!(VERSION);
    file
}

/// Version 1 wrote the name of a socket as `{"text": "server"}`.
fn plain_names(value: &mut Value) {
    match value {
        Value::Object(map) if map.len() == 1 && map.get("text").is_some_and(Value::is_string) => {
            *value = map["text"].take();
        }
        Value::Object(map) => map.values_mut().for_each(plain_names),
        Value::Array(values) => values.iter_mut().for_each(plain_names),
        _ => {}
    }
}

fn date_columns(file: &mut Value) {
    let (started, tool) = (file["started"].clone(), file["tool"].clone());
    let columns = file["columns"].as_array_mut();
    for column in columns.into_iter().flatten() {
        column["started"] = started.clone();
        column["tool"] = tool.clone();
    }
}

/// Renames a key of every object in a list.
fn rename(list: &mut Value, old: &str, new: &str) {
    let objects = list.as_array_mut().into_iter().flatten();
    for object in objects.filter_map(Value::as_object_mut) {
        if let Some(value) = object.remove(old) {
            object.insert(new.to_owned(), value);
        }
    }
}

/// Before version 3 only a column's name told how its platform was chosen: the
/// lab's by `--on`. What merging put behind the name is no part of it. An agent's
/// command was not kept.
fn tell_access(columns: &mut Value) {
    for column in columns.as_array_mut().into_iter().flatten() {
        let id = column["id"].as_str().unwrap_or_default();
        let name = id.split(" (").next().unwrap_or_default();
        let access = match name {
            "host" => json!("host"),
            via if via == "via" || via.starts_with("via-") => continue,
            name => json!({ "on": name }),
        };
        column["access"] = access;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_2_called_conditions_environments_and_told_no_access() {
        let column = |id: &str| json!({ "id": id, "environments": [] });
        let file = json!({
            "columns": [column("host (linux 6.18)"), column("vm-6.12"), column("via-2")],
            "cells": [{ "column": "vm-6.12", "environment": 0 }, { "column": "vm-6.12" }],
        });
        let upgraded = to_this_version(file, 2);
        assert_eq!(
            upgraded["columns"],
            json!([
                { "id": "host (linux 6.18)", "conditions": [], "access": "host" },
                { "id": "vm-6.12", "conditions": [], "access": { "on": "vm-6.12" } },
                { "id": "via-2", "conditions": [] },
            ])
        );
        assert_eq!(
            upgraded["cells"],
            json!([{ "column": "vm-6.12", "conditions": 0 }, { "column": "vm-6.12" }])
        );
    }
}
