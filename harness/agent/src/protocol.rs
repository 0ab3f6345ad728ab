//! The lines between the harness and an agent.
//!
//! Each is one JSON object with one key, ended by a newline. The agent sends the first
//! line. Version 5:
//!
//! | from | line | then |
//! | --- | --- | --- |
//! | agent | `{"hello": {"protocol": 5, …}}` | the harness checks the version |
//! | harness | `{"prepare": {"requires": {…}, "isolate": false}}` | once, before any case |
//! | agent | `{"ready": {…}}` or `{"cannot": {…}}` | |
//! | harness | `{"run": {"case": "…", "script": {…}}}` | any number, without waiting |
//! | agent | `{"observed": {"case": "…", "observation": {…}}}` | one per case, in order |
//! | harness | `"end"`, or the end of its output | |
//! | agent | `{"done": {"cases": 2}}` | the agent ends |
//!
//! For cases with hosts, `prepare` has one more key. With `"hosts": ["server", "client"]`
//! the agent makes both, and everything else is as above. With `"host": {"name":
//! "server", "number": 1}` it is one of them and another agent is the other; each step of
//! a case is sent to the agent that has its socket:
//!
//! | from | line | then |
//! | --- | --- | --- |
//! | agent | `{"ready": {…, "host": {…}}}` | with its addresses |
//! | harness | `{"begin": {"case": "…", "script": {…}, "hosts": [{…}, {…}]}}` | with the addresses of both |
//! | harness | `{"step": {"elsewhere": [{…}], "number": 3}}` | the results from the other host since the last step, and the step to make |
//! | agent | `{"stepped": {"number": 3, "record": {"call": "…", "outcome": {…}}}}` | |
//! | harness | `"finish"` | after the last step |
//! | agent | `"finished"` | its sockets are closed |

use std::collections::BTreeMap;
use std::io;

use dualstack_scenario::{HostFacts, Observation, Outcome, Record, Requires, Script, System};
use serde::{Deserialize, Serialize};

/// The version that this agent speaks.
pub const VERSION: u32 = 5;

/// The argument with which a program that has several commands becomes the agent.
/// A program that is nothing else ignores it.
pub const COMMAND: &str = "agent";

/// A line to the agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Set up what the cases require.
    Prepare {
        /// What they require.
        requires: Requires,
        /// Whether to use a separate network namespace even if none is needed.
        isolate: bool,
        /// The names of the hosts, for cases with hosts: the agent makes them, with a
        /// link between them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        hosts: Vec<String>,
        /// Which of two hosts the agent itself is, on its only link.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        host: Option<Place>,
        /// Whether cases may reach more than the lab.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        allow_network: bool,
        /// Whether cases may start programs.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        allow_programs: bool,
    },
    /// Run a case.
    Run {
        /// Its id, which comes back with the observation.
        case: String,
        /// What to do.
        script: Script,
    },
    /// Begin a case whose steps are sent one by one.
    Begin {
        /// Its id.
        case: String,
        /// The script, for this and the other host.
        script: Script,
        /// What is known about the hosts.
        hosts: Vec<HostFacts>,
    },
    /// Make a step of the case that was begun.
    Step {
        /// The results of earlier steps on the other host that were not sent yet.
        elsewhere: Vec<Outcome>,
        /// Its place in the script, from 0.
        number: usize,
    },
    /// Close the sockets of the case that was begun.
    Finish,
    /// There are no more cases.
    End,
}

/// A line from the agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// The first line.
    Hello(Hello),
    /// The required state is set up.
    Ready(Ready),
    /// It cannot be set up.
    Cannot(Cannot),
    /// The results of a case.
    Observed {
        /// The id of the case.
        case: String,
        /// The results.
        observation: Observation,
    },
    /// The result of a step.
    Stepped {
        /// Its place in the script.
        number: usize,
        /// The result.
        record: Record,
    },
    /// The sockets of the case that was begun are closed.
    Finished,
    /// The last line. Without it the agent did not end properly.
    Done {
        /// How many cases were run.
        cases: usize,
    },
    /// The agent does not understand a line of the harness.
    Refused {
        /// What is wrong with it.
        why: String,
    },
}

/// What the agent is and where it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The version of the protocol.
    pub protocol: u32,
    /// The version of the agent.
    pub agent: String,
    /// The system whose calls it makes.
    pub machine: Machine,
}

/// The system that answers, including its exact build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Machine {
    /// With what expectations distinguish.
    pub system: System,
    /// Name and version of the distribution or edition: `Debian GNU/Linux 12`.
    pub edition: String,
    /// The exact build, as the system reports it: on Unix the output of `uname -srvm`, on
    /// macOS after the version that it is known by.
    pub build: String,
}

/// Which of two hosts an agent is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The name of the host.
    pub name: String,
    /// 1 or 2; its addresses contain it.
    pub number: u8,
}

/// The state that the process is in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// How it was set up; empty if the machine was already in this state.
    pub means: Vec<String>,
    /// The calls that show the state, with their results.
    pub probes: Vec<Probe>,
    /// The relevant system-wide settings, by name.
    pub settings: BTreeMap<String, String>,
    /// What is known about the host that the agent is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostFacts>,
}

/// Why a state cannot be set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cannot {
    /// The reason in one sentence.
    pub why: String,
    /// The calls that show it, with their results.
    pub probes: Vec<Probe>,
    /// The kernel module that the machine needs but was not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
}

/// A call that was made to find out the state of the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Probe {
    /// The call with its arguments.
    pub call: String,
    /// What it returned.
    pub result: String,
}

impl std::fmt::Display for Probe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} = {}", self.call, self.result)
    }
}

/// Writes one line and flushes it.
pub fn write_line<T: Serialize>(output: &mut impl io::Write, message: &T) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    output.write_all(&line)?;
    output.flush()
}
