//! Brings results files of older versions to the form of this one, version by
//! version.
//!
//! | version | what was new |
//! | --- | --- |
//! | 1 | the first |
//! | 2 | names in steps are plain texts; each column tells when it was asked and by which program, which stood only at the head of the file |

use serde_json::{Value, json};

/// The version of the results format that is written; older ones are read.
pub const VERSION: u32 = 2;

/// A file of `version` in the form of this version.
pub(crate) fn to_this_version(mut file: Value, version: u32) -> Value {
    if version < 2 {
        plain_names(&mut file["scenarios"]);
        date_columns(&mut file);
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
