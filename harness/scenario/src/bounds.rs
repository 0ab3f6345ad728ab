//! How much a scenario file may hold.
//!
//! A file may come from anywhere. Every bound is checked before what it bounds is made, so
//! that any file is read or rejected within seconds and a few hundred megabytes.

/// A bound of the language.
#[derive(Debug)]
pub(crate) struct Bound {
    /// What is bounded: "a line".
    pub(crate) of: &'static str,
    pub(crate) most: usize,
    pub(crate) unit: &'static str,
    /// What to do about a file that exceeds it.
    pub(crate) fix: &'static str,
}

pub(crate) const FILE: Bound = Bound {
    of: "a file",
    most: 1024 * 1024,
    unit: "bytes",
    fix: "split it into several files",
};

pub(crate) const LINE: Bound = Bound {
    of: "a line",
    most: 16 * 1024,
    unit: "bytes",
    fix: "break a list after a comma; a text in `\"\"\"` can be broken after a `\\`",
};

pub(crate) const DEPTH: Bound = Bound {
    of: "a value",
    most: 16,
    unit: "lists and tables around it",
    fix: "no key of the language needs so many; a bracket may be missing",
};

pub(crate) const TEXT: Bound = Bound {
    of: "a text with its values filled in",
    most: 64 * 1024,
    unit: "bytes",
    fix: "a datagram cannot be longer; shorten the text or the values in it",
};

pub(crate) const PARAMETERS: Bound = Bound {
    of: "a row",
    most: 64,
    unit: "parameters",
    fix: "split the file, or give the rows fewer parameters",
};

pub(crate) const CASES: Bound = Bound {
    of: "a file",
    most: 10_000,
    unit: "cases, which is its rows times the values of each list",
    fix: "list the combinations that matter as `rows`, or split the file",
};

pub(crate) const STEPS: Bound = Bound {
    of: "a case",
    most: 1_000,
    unit: "steps",
    fix: "split the scenario into several that ask one question each",
};

pub(crate) const HANGS: Bound = Bound {
    of: "a case",
    most: 10_000,
    unit: "milliseconds of calls that hang",
    fix: "give the calls a shorter `within`",
};

pub(crate) const HOSTS: Bound = Bound {
    of: "a case with hosts",
    most: 2,
    unit: "hosts",
    fix: "write `hosts = [\"server\", \"client\"]`",
};

pub(crate) const PROGRAMS: Bound = Bound {
    of: "a case",
    most: 8,
    unit: "programs",
    fix: "split the scenario into several that ask one question each",
};

pub(crate) const NAMES: Bound = Bound {
    of: "a case",
    most: 64,
    unit: "names",
    fix: "split the scenario into several that ask one question each",
};

pub(crate) const EXPANDED: Bound = Bound {
    of: "a file with all its cases written out",
    most: 64 * 1024 * 1024,
    unit: "bytes, to which every key and every value adds 64",
    fix: "split the file, so that each has fewer cases or fewer steps",
};

pub(crate) const MISTAKES: Bound = Bound {
    of: "the report on a file",
    most: 100,
    unit: "mistakes",
    fix: "fix these, then check the file again",
};

/// Every bound, from the whole file to its parts.
pub(crate) const ALL: &[Bound] = &[
    FILE, LINE, DEPTH, TEXT, PARAMETERS, CASES, STEPS, HANGS, HOSTS, PROGRAMS, NAMES, EXPANDED,
    MISTAKES,
];
