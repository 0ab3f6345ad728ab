//! Results, the verdicts on them, and the forms that they are shown in.
//!
//! A [`Results`] file holds what was asked, what was expected and what each
//! system answered. Everything that is shown is made from it and from nothing
//! else.

pub mod approved;
pub mod claims;
pub mod matrix;
mod results;
mod verdict;

pub use results::{Cell, Column, Environment, FORMAT, ReadError, Results, ScenarioRecord, VERSION};
pub use verdict::{Finding, Verdict, judge};
