//! The harness's side of the protocol: whatever an agent says, every case has one result,
//! and the results can be kept.
//!
//! The input is what an agent says whenever it is started. With a NUL in it, it is what
//! two agents say, one on each host, the first up to the NUL.
#![no_main]

use std::io::{self, Cursor};
use std::sync::LazyLock;

use dualstack_lab::{BadEnd, HostLinks, Link, NoStart, Platform, Running, Terms, run};
use dualstack_report::Results;
use dualstack_scenario::claims::{Catalogue, Document};
use dualstack_scenario::{Case, Requires, Scenario, SourceFile};
use libfuzzer_sys::fuzz_target;

/// Two cases on one machine, and one on two hosts.
static SCENARIOS: LazyLock<[Scenario; 2]> = LazyLock::new(|| {
    let read = |id, text: &str| {
        let scenario = Scenario::parse(id, SourceFile::new("file.toml", text));
        scenario.expect("a scenario without mistakes")
    };
    [
        read("topic/one", include_str!("replies/one.toml")),
        read("topic/hosts", include_str!("replies/hosts.toml")),
    ]
});

fuzz_target!(|input: &[u8]| {
    let mut said = input.splitn(2, |byte| *byte == 0);
    let agents = Agents {
        first: said.next().unwrap_or_default().to_vec(),
        second: said.next().map(<[u8]>::to_vec),
    };
    let scenarios = SCENARIOS.iter();
    let cases: Vec<&Case> = scenarios.flat_map(|scenario| &scenario.cases).collect();
    let run = run(&agents, &cases, Terms::default(), |_| {});
    let answered: Vec<usize> = run.ran.iter().map(|ran| ran.case).collect();
    assert_eq!(answered, Vec::from_iter(0..cases.len()));

    let started = "2026-01-01T00:00:00Z";
    let mut results = Results::new("fuzz", started, catalogue(), SCENARIOS.iter());
    results.add("agents", &cases, run);
    let written = serde_json::to_string(&results).expect("results can be written");
    let again = Results::read(&written).expect("results that were written can be read");
    assert_eq!(results, again);
});

fn catalogue() -> Catalogue {
    let text = String::new;
    Catalogue {
        document: Document {
            id: text(),
            title: text(),
            publisher: text(),
            url: text(),
            date: text(),
        },
        claims: Vec::new(),
    }
}

/// Agents that say the same at every start, and hear nothing.
struct Agents {
    first: Vec<u8>,
    second: Option<Vec<u8>>,
}

impl Platform for Agents {
    fn name(&self) -> &str {
        "agents"
    }

    fn start(&self, _: &Requires) -> Result<Link, NoStart> {
        Ok(saying(&self.first))
    }

    fn start_hosts(&self, _: &Requires) -> Option<Result<HostLinks, NoStart>> {
        let links = [saying(&self.first), saying(self.second.as_ref()?)];
        let means = "two streams".to_owned();
        Some(Ok(HostLinks { links, means }))
    }
}

fn saying(said: &[u8]) -> Link {
    Link {
        input: Box::new(io::sink()),
        output: Box::new(Cursor::new(said.to_vec())),
        stderr: None,
        running: Box::new(Nothing),
    }
}

/// There is no process.
struct Nothing;

impl Running for Nothing {
    fn wait(&mut self) -> Result<(), BadEnd> {
        Ok(())
    }

    fn kill(&mut self) -> Option<String> {
        None
    }
}
