//! The lines that pass between the harness and an agent.
//!
//! Each is one JSON object with one key, ended by a newline. The agent speaks
//! first. Version 2:
//!
//! | from | line | then |
//! | --- | --- | --- |
//! | agent | `{"hello": {"protocol": 2, …}}` | the harness checks the version |
//! | harness | `{"prepare": {"requires": {…}, "isolate": false}}` | once, before any case |
//! | agent | `{"ready": {…}}` or `{"cannot": {…}}` | |
//! | harness | `{"run": {"case": "…", "script": {…}}}` | any number, without waiting |
//! | agent | `{"observed": {"case": "…", "observation": {…}}}` | one a case, in their order |
//! | harness | `"end"`, or the end of its output | |
//! | agent | `{"done": {"cases": 2}}` | the agent ends |
//!
//! For cases with hosts, `prepare` has one of two keys more. With
//! `"hosts": ["server", "client"]` the agent makes both, and all else is as above.
//! With `"host": {"name": "server", "number": 1}` it is one of them, another agent
//! is the other, and a case is told step by step to the agent that has its socket:
//!
//! | from | line | then |
//! | --- | --- | --- |
//! | agent | `{"ready": {…, "host": {…}}}` | with its addresses |
//! | harness | `{"begin": {"case": "…", "script": {…}, "hosts": [{…}, {…}]}}` | with the addresses of both |
//! | harness | `{"step": {"elsewhere": [{…}], "number": 3}}` | what came back on the other host since, and the step to make |
//! | agent | `{"stepped": {"number": 3, "record": {"call": "…", "outcome": {…}}}}` | |
//! | harness | `"finish"` | behind the last step |
//! | agent | `"finished"` | its sockets are closed |

use std::collections::BTreeMap;
use std::io;

use dualstack_scenario::{HostFacts, Observation, Outcome, Record, Requires, Script, System};
use serde::{Deserialize, Serialize};

/// The version that this agent speaks.
pub const VERSION: u32 = 2;

/// The argument with which a program that has several commands becomes the agent.
/// A program that is nothing else ignores it.
pub const COMMAND: &str = "agent";

/// A line to the agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Bring the process into the state that the cases need.
    Prepare {
        /// What they need.
        requires: Requires,
        /// Whether to use a network namespace of its own even where none is needed.
        isolate: bool,
        /// The names of the hosts, for cases that have hosts: the agent makes
        /// them, with a link between them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        hosts: Vec<String>,
        /// Which of two hosts the agent itself is, on the one link that it has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        host: Option<Place>,
    },
    /// Carry out a case.
    Run {
        /// Its id, which comes back with the observation.
        case: String,
        /// What to do.
        script: Script,
    },
    /// Begin a case whose steps are told one by one.
    Begin {
        /// Its id.
        case: String,
        /// What is to be done, here and on the other host.
        script: Script,
        /// What is known of the hosts.
        hosts: Vec<HostFacts>,
    },
    /// Make a step of the case that was begun.
    Step {
        /// What came back from the steps before it that were not told here.
        elsewhere: Vec<Outcome>,
        /// Its place in the script, from 0.
        number: usize,
    },
    /// Close the sockets of the case that was begun.
    Finish,
    /// There is nothing more to do.
    End,
}

/// A line from the agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// The first line.
    Hello(Hello),
    /// The process is in the state that was asked for.
    Ready(Ready),
    /// It cannot be brought into that state.
    Cannot(Cannot),
    /// What came back from a case.
    Observed {
        /// The id of the case.
        case: String,
        /// What came back.
        observation: Observation,
    },
    /// What came back from a step.
    Stepped {
        /// Its place in the script.
        number: usize,
        /// What came back.
        record: Record,
    },
    /// The sockets of the case that was begun are closed.
    Finished,
    /// The last line. Without it the agent did not come to its end.
    Done {
        /// How many cases were carried out.
        cases: usize,
    },
    /// The harness said something that the agent does not understand.
    Refused {
        /// What is wrong with it.
        why: String,
    },
}

/// Who the agent is and where it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The version of the protocol.
    pub protocol: u32,
    /// The version of the agent.
    pub agent: String,
    /// The system whose calls it makes.
    pub machine: Machine,
}

/// The exact system that answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Machine {
    /// As expectations see it.
    pub system: System,
    /// Name and version of the distribution or edition: `Debian GNU/Linux 12`.
    pub edition: String,
    /// The exact build, as the system tells it: on Unix what `uname -srvm` prints,
    /// on macOS behind the version that it is known by.
    pub build: String,
}

/// Which of two hosts an agent is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The name of the host.
    pub name: String,
    /// 1 or 2; its addresses have it in them.
    pub number: u8,
}

/// The state that the process is in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// By what means it was brought there; empty where the machine is so by itself.
    pub means: Vec<String>,
    /// The calls that show the state, with what they answered.
    pub probes: Vec<Probe>,
    /// System-wide settings that matter, by their names.
    pub settings: BTreeMap<String, String>,
    /// What is known of the host that the agent is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostFacts>,
}

/// Why the process cannot be brought into a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cannot {
    /// The reason in one sentence.
    pub why: String,
    /// The calls that show it, with what they answered.
    pub probes: Vec<Probe>,
    /// The kernel module that the machine would need and was not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
}

/// A call that was made to find out how the system is.
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

/// Writes one line and sees to it that it leaves.
pub fn write_line<T: Serialize>(output: &mut impl io::Write, message: &T) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    output.write_all(&line)?;
    output.flush()
}
