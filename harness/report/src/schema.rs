//! The JSON Schema of results files, for programs that read them.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::results::{FORMAT, Results};
use crate::upgrade::VERSION;

/// Where the schema of results files can be read: its `$id`.
pub const RESULTS: &str = concat!(
    env!("CARGO_PKG_REPOSITORY"),
    "/raw/main/reports/schema/results.schema.json"
);

/// The JSON Schema (2020-12) of a results file, generated from the types that write and
/// read it.
pub fn results() -> Value {
    let settings = SchemaSettings::draft2020_12();
    let mut schema = settings.into_generator().into_root_schema_for::<Results>();
    let title = json!(format!("A dualstack results file, version {VERSION}"));
    schema.insert("title".to_owned(), title);
    schema.insert("$id".to_owned(), json!(RESULTS));
    let mut schema = schema.to_value();
    schema["properties"]["format"]["const"] = json!(FORMAT);
    schema["properties"]["version"]["maximum"] = json!(VERSION);
    schema["properties"]["version"]["minimum"] = json!(1);
    schema
}
