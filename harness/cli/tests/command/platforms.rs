//! `dualstack platforms`: what can be used here, and what it can arrange.

use serde_json::Value;

use crate::{dualstack, folder_with, results, scenario, stderr, stdout};

/// What it says is what cases meet.
#[test]
fn what_a_platform_can_arrange_is_what_cases_get_there() {
    let disabled = scenario("").replace("ipv4 = \"any\"", "ipv4 = \"disabled\"");
    let folder = folder_with(&[("own/made.toml", disabled)]);
    let output = dualstack(
        &["platforms", "host", "--conditions", "--format", "json"],
        folder.path(),
    );
    assert!(output.status.success(), "{}", stderr(&output));
    let platforms: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let [host] = platforms.as_array().unwrap().as_slice() else {
        panic!("{platforms}");
    };
    assert_eq!(host["name"], "host");
    assert_eq!(host["usable"], true);
    let conditions = host["conditions"].as_array().unwrap();
    assert_eq!(conditions.len(), 6, "{host}");
    for condition in conditions {
        let explained = condition["why"].as_str().is_some_and(|why| !why.is_empty());
        assert_ne!(condition["supported"] == true, explained, "{condition}");
    }

    let run = dualstack(&["run", "own", "--full"], folder.path());
    let supported = !stdout(&run).contains("unsupported");
    let said = conditions
        .iter()
        .find(|condition| condition["condition"] == "IPv4 disabled");
    assert_eq!(said.unwrap()["supported"], supported, "{}", stdout(&run));
    // It is the system of the results file.
    let file = std::fs::read_to_string(&results(folder.path())[0]).unwrap();
    let build = host["build"].to_string();
    assert!(file.contains(&build), "{build}");
}

#[test]
fn each_platform_is_named_with_its_system() {
    let folder = folder_with(&[]);
    let output = dualstack(&["platforms", "host"], folder.path());
    let shown = stdout(&output);
    assert!(shown.starts_with("✓ host  "), "{shown}");
    assert!(shown.contains(", first answer after "), "{shown}");
    assert_eq!(shown.lines().count(), 2, "{shown}");
}
