//! Converts results files of older versions to this version, version by version.
//!
//! | version | what was new |
//! | --- | --- |
//! | 1 | the first |
//! | 2 | names in steps are plain texts; each column records when it was run and by which program, which was only at the top of the file |
//! | 3 | the states that cases were run in are called `conditions` instead of `environments`; a column records how its platform is chosen on the command line; options have values of any type; a control message that has a name is `known`, with its kind and its value |

use serde_json::{Map, Value, json};

/// The version of the results format that is written; older versions can be read.
pub const VERSION: u32 = 3;

/// Converts a file of `version` to this version. What does not match that version is left
/// as it is, for the reader to refuse.
pub(crate) fn to_this_version(file: Map<String, Value>, version: u32) -> Value {
    let mut file = Value::Object(file);
    if version < 2 {
        plain_names(&mut file["scenarios"]);
        date_columns(&mut file);
    }
    if version < 3 {
        rename(&mut file["columns"], "environments", "conditions");
        rename(&mut file["cells"], "environment", "conditions");
        tell_access(&mut file["columns"]);
        settings_of_any_type(&mut file["scenarios"]);
        answers_of_any_type(&mut file["cells"]);
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
    for column in objects(&mut file["columns"]) {
        column.insert("started".to_owned(), started.clone());
        column.insert("tool".to_owned(), tool.clone());
    }
}

/// The objects in a list.
fn objects(list: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let values = list.as_array_mut().into_iter().flatten();
    values.filter_map(Value::as_object_mut)
}

/// Renames a key of every object in a list.
fn rename(list: &mut Value, old: &str, new: &str) {
    for object in objects(list) {
        if let Some(value) = object.remove(old) {
            object.insert(new.to_owned(), value);
        }
    }
}

/// Before version 3 only a column's name showed how its platform was chosen: the lab's by
/// `--on`. Text that merging added to the name is not part of it. An agent's command was
/// not stored.
fn tell_access(columns: &mut Value) {
    for column in objects(columns) {
        let id = column.get("id").and_then(Value::as_str).unwrap_or_default();
        let name = id.split(" (").next().unwrap_or_default();
        let access = match name {
            "host" => json!("host"),
            via if via == "via" || via.starts_with("via-") => continue,
            name => json!({ "on": name }),
        };
        column.insert("access".to_owned(), access);
    }
}

/// Version 2 set every option to a number.
fn settings_of_any_type(scenarios: &mut Value) {
    each(scenarios, &mut |map| {
        if let (Some(Value::String(_)), Some(Value::Number(number))) =
            (map.get("option"), map.get("value"))
        {
            map["value"] = json!({ "one": number.to_string() });
        }
    });
}

/// Version 2 read every option as a number, and had another format for each kind of
/// control message.
fn answers_of_any_type(cells: &mut Value) {
    each(cells, &mut |map| {
        if let Some(Value::Object(read)) = map.get_mut("option")
            && let Some(Value::Number(number)) = read.get("value")
        {
            read["value"] = json!({ "one": { "number": number } });
        }
        if let Some(Value::Array(messages)) = map.get_mut("control") {
            messages.iter_mut().for_each(known_message);
        }
    });
}

fn known_message(message: &mut Value) {
    let known = |kind: &Value, value: Value| json!({ "known": { "kind": kind, "value": value } });
    let form = |old: &str| message.get(old).cloned();
    let renamed = [
        ("ip_pktinfo", "IP_PKTINFO", "in_pktinfo"),
        ("ipv6_pktinfo", "IPV6_PKTINFO", "in6_pktinfo"),
        ("ip_recvdstaddr", "IP_RECVDSTADDR", "in_addr"),
    ];
    let of_address = renamed.into_iter().find_map(|(old, kind, new)| {
        let value = form(old)?;
        Some(known(&json!(kind), json!({ new: value })))
    });
    let of_number =
        form("number").map(|number| known(&number["kind"], json!({ "number": number["value"] })));
    if let Some(upgraded) = of_address.or(of_number) {
        *message = upgraded;
    }
}

/// Every object in a value, the outer ones first.
fn each(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(map) => {
            change(map);
            map.values_mut().for_each(|value| each(value, change));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| each(value, change)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use dualstack_scenario::{Outcome, Setting};
    use rstest::rstest;

    use super::*;
    use crate::results::{ReadError, Results};

    #[rstest]
    #[case::a_list(r#"["dualstack results", 1]"#)]
    #[case::a_column_without_keys(
        r#"{ "format": "dualstack results", "version": 1, "columns": [1] }"#
    )]
    #[case::a_column_with_a_name_alone(
        r#"{ "format": "dualstack results", "version": 2, "columns": ["host"] }"#
    )]
    fn a_file_that_only_claims_to_be_older_is_refused(#[case] text: &str) {
        assert!(matches!(Results::read(text), Err(ReadError::Json(_))));
    }

    #[test]
    fn version_2_called_conditions_environments_and_told_no_access() {
        let column = |id: &str| json!({ "id": id, "environments": [] });
        let file = json!({
            "columns": [column("host (linux 6.18)"), column("vm-6.12"), column("via-2")],
            "cells": [{ "column": "vm-6.12", "environment": 0 }, { "column": "vm-6.12" }],
        });
        let Value::Object(file) = file else {
            panic!("a file is an object")
        };
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

    #[test]
    fn an_option_that_is_set_to_a_number_is_still_set_to_it() {
        let mut steps = json!([{ "setsockopt": {
            "setsockopt": "s", "set": { "option": "IPV6_V6ONLY", "value": 0 },
        } }]);
        settings_of_any_type(&mut steps);
        let set = steps[0]["setsockopt"]["set"].take();
        let setting: Setting = serde_json::from_value(set).unwrap();
        let expected = json!({ "option": "IPV6_V6ONLY", "value": { "one": "0" } });
        assert_eq!(json!(setting), expected);
    }

    #[test]
    fn what_came_reads_as_it_did() {
        let mut trace = json!([
            { "returned": { "option": { "value": 1, "len": 4 } } },
            { "returned": { "received": {
                "data": "ping", "len": 4,
                "from": { "v6": "[::ffff:127.0.0.1]:9" },
                "control": [
                    { "ip_pktinfo": { "ifindex": 1, "addr": "127.0.0.1", "spec_dst": "127.0.0.2" } },
                    { "ipv6_pktinfo": { "ifindex": 1, "addr": "::ffff:127.0.0.1" } },
                    { "ip_recvdstaddr": { "addr": "127.0.0.1" } },
                    { "number": { "kind": "IPV6_HOPLIMIT", "value": 64 } },
                    { "other": { "level": 41, "kind": 50, "data": "0aff" } },
                ],
            } } },
        ]);
        answers_of_any_type(&mut trace);
        let outcomes: Vec<Outcome> = serde_json::from_value(trace).unwrap();
        let shown: Vec<String> = outcomes.iter().map(ToString::to_string).collect();
        let received = "\"ping\" from [::ffff:127.0.0.1]:9, \
             IP_PKTINFO 127.0.0.1 (ipi_spec_dst 127.0.0.2), IPV6_PKTINFO ::ffff:127.0.0.1, \
             IP_RECVDSTADDR 127.0.0.1, IPV6_HOPLIMIT 64, cmsg 41/50 0aff";
        assert_eq!(shown, ["1 in 4 bytes", received]);
    }
}
