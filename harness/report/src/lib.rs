//! Results, the verdicts on them, and the formats that show them.
//!
//! A [`Results`] file contains what was run, what was expected and what each system
//! answered. Every output is made from this file alone.
//!
//! ```
//! use dualstack_report::matrix::{self, Style};
//! use dualstack_report::{Results, Verdict};
//!
//! let file = std::fs::read_to_string("tests/sample/version-1.json")?;
//! let results = Results::read(&file)?;
//!
//! let cell = results.cell("host", "v6only-option/default/type=tcp6");
//! let cell = cell.expect("that case was run on that platform");
//! assert_eq!(cell.verdict, Verdict::AsExpected);
//! assert_eq!(cell.shown(), "0");
//!
//! let style = Style { width: 80, colour: false };
//! let matrix = matrix::matrix(&results, style);
//! assert!(matrix.contains("✓ 0"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod alike;
pub mod approved;
mod bounds;
pub mod changes;
pub mod claims;
mod columns;
pub mod family;
pub mod findings;
pub mod form;
pub mod grid;
mod group;
mod links;
pub mod matrix;
pub mod merge;
pub mod overview;
mod place;
mod read;
mod results;
pub mod schema;
pub mod text;
mod upgrade;
pub mod whole_file;

pub use bounds::FILE as LARGEST;
pub use dualstack_scenario::{Finding, Verdict, judge};
pub use read::ReadError;
pub use results::{Cell, Column, Conditions, FORMAT, Results, ScenarioRecord};
pub use upgrade::VERSION;
