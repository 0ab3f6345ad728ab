//! Results, the verdicts on them, and the forms that they are shown in.
//!
//! A [`Results`] file holds what was asked, what was expected and what each
//! system answered. Everything that is shown is made from it and from nothing
//! else.

pub mod advice;
pub mod approved;
pub mod changes;
pub mod claims;
mod columns;
pub mod family;
pub mod form;
pub mod grid;
mod group;
pub mod matrix;
pub mod merge;
mod place;
mod results;
pub mod schema;
pub mod text;
mod upgrade;
mod verdict;

pub use results::{Cell, Column, Environment, FORMAT, ReadError, Results, ScenarioRecord};
pub use upgrade::VERSION;
pub use verdict::{Finding, Verdict, judge};
