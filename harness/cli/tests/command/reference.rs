//! The reference: what the code reads is in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::root;

/// The environment variables of this project that the files of a folder name.
fn variables(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            variables(&path, found);
        } else if let Ok(text) = fs::read_to_string(&path) {
            for (at, start) in text.match_indices("DUALSTACK_") {
                let rest = &text[at + start.len()..];
                let end = rest.find(|c: char| !c.is_ascii_uppercase() && c != '_');
                found.insert(format!("{start}{}", &rest[..end.unwrap_or(rest.len())]));
            }
        }
    }
}

#[test]
fn every_environment_variable_is_in_the_reference() {
    let page = fs::read_to_string(root().join("docs/reference.md")).unwrap();
    let mut found = BTreeSet::new();
    for crates in fs::read_dir(root().join("harness")).unwrap() {
        let sources = crates.unwrap().path().join("src");
        if sources.is_dir() {
            variables(&sources, &mut found);
        }
    }
    variables(&root().join("fixtures"), &mut found);
    assert!(found.len() >= 8, "{found:?}");
    for name in found {
        assert!(page.contains(&format!("| `{name}` |")), "{name}");
    }
}

#[test]
fn the_schemas_tell_their_address_and_the_reference_names_it() {
    let page = fs::read_to_string(root().join("docs/reference.md")).unwrap();
    for name in ["scenario", "results"] {
        let file = format!("reports/schema/{name}.schema.json");
        let schema = fs::read_to_string(root().join(&file)).unwrap();
        let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
        let id = schema["$id"].as_str().unwrap();
        assert!(id.starts_with("https://") && id.ends_with(&file), "{id}");
        let draft = "https://json-schema.org/draft/2020-12/schema";
        assert_eq!(schema["$schema"], draft);
        assert_eq!(
            page.contains(&format!("#:schema {id}\n")),
            name == "scenario"
        );
    }
}
