//! The `dualstack` command: its parts as a library, for the tests that make a
//! test of each case.

pub mod command;
pub mod corpus;
mod failure;
mod kept;
pub mod results_file;

pub use failure::Failure;
