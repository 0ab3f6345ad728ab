//! The `dualstack` command: its parts as a library, for the tests that make each case a
//! test.
//!
//! ```
//! let scenarios = dualstack::corpus::embedded().unwrap().scenarios;
//! let scenario = scenarios.iter().find(|scenario| scenario.id == "mapped-peer/accept");
//! assert_eq!(scenario.unwrap().cases.len(), 2);
//! ```

pub mod command;
pub mod corpus;
mod failure;
mod kept;
pub mod results_file;

pub use failure::Failure;
