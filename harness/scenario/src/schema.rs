//! The JSON Schema of scenario files, for editors.

use serde_json::json;

use crate::scenario::Scenario;
use crate::table::object_schema;

/// Where the schema of scenario files can be read: its `$id`, and what a file names in a line
/// `#:schema`.
pub const SCENARIO: &str = concat!(
    env!("CARGO_PKG_REPOSITORY"),
    "/raw/main/reports/schema/scenario.schema.json"
);

/// The JSON Schema (2020-12) of a scenario file, generated from the types that read it.
pub fn scenario() -> serde_json::Value {
    let mut schema = object_schema(&Scenario::keys());
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["$id"] = json!(SCENARIO);
    schema["title"] = json!("A dualstack scenario");
    schema
}
