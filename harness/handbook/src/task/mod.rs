//! The tasks, one file each.

pub(crate) mod addresses;
pub(crate) mod connect;
pub(crate) mod datagrams;
pub(crate) mod detect;
pub(crate) mod listen;
pub(crate) mod source;

use crate::{Bug, Evidence};

const LINUX: &str = "Linux";
const EVERY: &str = "every platform";

const fn cell(case: &'static str, on: &'static str, answer: &'static str) -> Evidence {
    Evidence { case, on, answer }
}

const fn bug(issue: &'static str, what: &'static str) -> Bug {
    Bug { issue, what }
}
