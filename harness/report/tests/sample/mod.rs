//! Invented results, for tests of reports.

#![allow(
    dead_code,
    reason = "each of the programs that include this uses a part of it"
)]

use std::path::Path;

use dualstack_agent::protocol::{Cannot, Machine, Probe, Ready};
use dualstack_lab::{Access, Broken, CaseResult, Conditions, Ran, Run};
use dualstack_report::Results;
use dualstack_scenario::claims::Catalogue;
use dualstack_scenario::names::{OptionValue, ScalarValue};
use dualstack_scenario::{
    Case, Failure, Observation, OptionRead, Outcome, Record, Requires, Returned, Scenario,
    SourceFile, System,
};

/// The scenarios: three topics, one of them with parameters.
const SCENARIOS: [(&str, &str); 4] = [
    ("v6only-option/default", include_str!("default.toml")),
    ("v6only-option/many", include_str!("many.toml")),
    ("mapped-peer/accept", include_str!("accept.toml")),
    ("ipv4-disabled/detection", include_str!("detection.toml")),
];

const CLAIMS: &str = include_str!("claims.toml");

/// The answer of a sample platform to the case with this number.
pub(crate) type Answers = fn(usize) -> CaseResult;

pub(crate) fn scenario(id: &str, text: &str) -> Scenario {
    let file = SourceFile::new(Path::new("sample.toml"), text.to_owned());
    Scenario::parse(id, file).unwrap_or_else(|problems| {
        panic!("{:?}", problems.into_iter().collect::<Vec<_>>());
    })
}

pub(crate) fn scenarios() -> Vec<Scenario> {
    let scenarios = SCENARIOS.iter();
    scenarios.map(|(id, text)| scenario(id, text)).collect()
}

pub(crate) fn catalogue() -> Catalogue {
    Catalogue::parse(CLAIMS).expect("the sample's claims")
}

pub(crate) fn empty(started: &str, scenarios: &[Scenario]) -> Results {
    Results::new("dualstack 0.0.0", started, catalogue(), scenarios)
}

/// Results of six platforms of three families, with every kind of verdict.
pub(crate) fn results() -> Results {
    let scenarios = scenarios();
    let mut results = empty("2026-01-02T03:04:05Z", &scenarios);
    let systems: [(&str, Machine, Answers); 6] = [
        ("host", linux("6.18.1"), |_| says(0)),
        ("container", linux("6.18.1"), |_| says(0)),
        ("vm-5.10", linux("5.10.0"), |at| {
            if at == 3 { says(1) } else { says(0) }
        }),
        ("gvisor", gvisor(), |at| match at {
            1 => cannot(),
            2 => lost(),
            _ => says(0),
        }),
        ("wine", wine(), |at| {
            if at < 3 {
                fails("ENOPROTOOPT")
            } else {
                says(1)
            }
        }),
        ("windows", windows(), |_| says(1)),
    ];
    for (name, machine, answers) in systems {
        add(&mut results, &scenarios, name, Some(machine), answers);
    }
    // Windows was not asked this.
    results
        .cells
        .retain(|cell| !(cell.column == "windows" && cell.case == "mapped-peer/accept"));
    results
}

/// Adds a platform with these answers.
pub(crate) fn add(
    results: &mut Results,
    scenarios: &[Scenario],
    name: &str,
    machine: Option<Machine>,
    answers: impl Fn(usize) -> CaseResult,
) {
    let cases: Vec<&Case> = scenarios.iter().flat_map(|s| &s.cases).collect();
    let ran = (0..cases.len()).map(|case| {
        let result = answers(case);
        let observed = matches!(result, CaseResult::Observed(_));
        Ran {
            case,
            conditions: observed.then_some(0),
            result: whole(cases[case], result),
        }
    });
    let access = match name {
        "host" => Access::Host,
        name => Access::On(name.to_owned()),
    };
    let run = Run {
        access: Some(access),
        machine,
        conditions: vec![conditions()],
        ran: ran.collect(),
        ..Run::default()
    };
    results.add(name, &cases, run);
}

/// Adds the calls of the case before the last one, which gives the answer.
fn whole(case: &Case, result: CaseResult) -> CaseResult {
    let CaseResult::Observed(mut observation) = result else {
        return result;
    };
    let last = observation.steps.pop().expect("an answer");
    let steps = &case.script.steps;
    let records = steps.iter().enumerate().map(|(at, step)| Record {
        call: step.call.to_string(),
        outcome: if at + 1 == steps.len() {
            last.outcome.clone()
        } else {
            Outcome::Returned(Returned::Done)
        },
    });
    CaseResult::Observed(Observation {
        hosts: Vec::new(),
        steps: records.collect(),
        programs: Vec::new(),
    })
}

fn observed(outcome: Outcome) -> CaseResult {
    let call = String::new();
    CaseResult::Observed(Observation {
        hosts: Vec::new(),
        steps: vec![Record { call, outcome }],
        programs: Vec::new(),
    })
}

/// The last call returns a number.
pub(crate) fn says(number: i64) -> CaseResult {
    let value = OptionValue::One(ScalarValue::Number(number));
    let read = OptionRead { value, len: 4 };
    observed(Outcome::Returned(Returned::Option(read)))
}

/// The last call fails.
pub(crate) fn fails(name: &str) -> CaseResult {
    observed(Outcome::Failed(Failure {
        name: name.to_owned(),
        native: format!("WSA{name}"),
        code: 10_042,
        delivered: None,
    }))
}

/// A requirement of the case is not supported.
pub(crate) fn cannot() -> CaseResult {
    CaseResult::Cannot(Cannot {
        why: "IPv4 cannot be disabled there".to_owned(),
        probes: vec![Probe {
            call: "socket(AF_INET, SOCK_DGRAM)".to_owned(),
            result: "ok".to_owned(),
        }],
        module: None,
    })
}

/// The agent broke.
pub(crate) fn lost() -> CaseResult {
    CaseResult::Lost(Broken {
        what: "the agent ended early".to_owned(),
        stderr: "a last word\n".to_owned(),
    })
}

fn conditions() -> Conditions {
    Conditions {
        requires: Requires::default(),
        ready: Ready {
            means: vec!["a network namespace of its own".to_owned()],
            probes: vec![Probe {
                call: "bind([::1]:0)".to_owned(),
                result: "ok".to_owned(),
            }],
            settings: [("net.ipv6.bindv6only".to_owned(), "0".to_owned())].into(),
            host: None,
        },
    }
}

pub(crate) fn machine(os: &str, version: &str, edition: &str) -> Machine {
    Machine {
        system: System {
            os: os.to_owned(),
            version: version.to_owned(),
            environment: None,
        },
        edition: edition.to_owned(),
        build: format!("{os} {version} #1 x86_64"),
    }
}

pub(crate) fn linux(version: &str) -> Machine {
    machine("linux", version, "Debian 13")
}

pub(crate) fn windows() -> Machine {
    machine("windows", "10.0.26100", "Windows Server 2025")
}

fn stand_in(mut machine: Machine, name: &str, version: &str) -> Machine {
    machine.system.environment = Some(dualstack_scenario::Environment {
        name: name.to_owned(),
        version: version.to_owned(),
    });
    machine
}

fn gvisor() -> Machine {
    stand_in(linux("4.4.0"), "gvisor", "20260101.0")
}

fn wine() -> Machine {
    stand_in(
        machine("windows", "10.0.19043", "Windows 10"),
        "wine",
        "10.0",
    )
}

/// `cases` cases on `platforms` platforms, as large as a report may be.
pub(crate) fn large(cases: usize, platforms: usize) -> Results {
    const ROWS: usize = 4;
    let text = include_str!("many.toml");
    let topics = [
        "v6only-option",
        "mapped-peer",
        "packet-information",
        "listener-conflicts",
    ];
    let scenarios: Vec<Scenario> = (0..cases / ROWS)
        .map(|at| {
            let id = format!(
                "{}/scenario-{at:04}",
                topics[at * topics.len() / (cases / ROWS)]
            );
            let mut scenario = scenario(&id, text);
            scenario.title = format!("Scenario {at:04}: {}", scenario.title);
            scenario
        })
        .collect();
    let mut results = empty("2026-01-02T03:04:05Z", &scenarios);
    for platform in 0..platforms {
        let machine = match platform % 5 {
            3 => gvisor(),
            4 => windows(),
            _ => linux("6.18.1"),
        };
        let name = format!("platform-{platform:02}");
        add(
            &mut results,
            &scenarios,
            &name,
            Some(machine),
            |case| match (case * 7 + platform * 13) % 41 {
                0 => cannot(),
                1 => fails("EINVAL"),
                at => says(i64::from(at % 11 == 2)),
            },
        );
    }
    results
}
