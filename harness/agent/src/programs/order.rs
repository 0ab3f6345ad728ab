//! The lines between the agent and a keeper, each one JSON object.

use serde::{Deserialize, Serialize};

/// What to start: the first line to the keeper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Order {
    /// The program and its arguments.
    pub(crate) command: Vec<String>,
    /// The folder that it starts in; default: one of its own.
    pub(crate) folder: Option<String>,
    /// Environment variables in addition to the agent's.
    pub(crate) env: Vec<(String, String)>,
    /// Files in the program's folder, with their contents.
    pub(crate) files: Vec<(String, String)>,
}

/// A later line to the keeper. The end of its input is the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_os = "linux"), expect(dead_code))]
pub(crate) enum Heard {
    /// Send the program this signal.
    Signal(i32),
}

/// A line from the keeper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_os = "linux"), expect(dead_code))]
pub(crate) enum Told {
    /// It runs, as a process with this number.
    Started(i32),
    /// execve(2) failed with this error number.
    NotStarted(i32),
    /// Its folder could not be made, or there is another reason to start nothing.
    Failed(String),
    /// It has written this.
    Wrote(String),
    /// It has ended like this; what it has started may go on.
    Ended(String),
    /// It took more than it may, and was ended with everything that it had started.
    Stopped(String),
}
