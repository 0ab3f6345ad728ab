//! Answers and verdicts: a scenario up to the first NUL, then bytes that become what came
//! back from its steps. Whatever that is, every case has an answer and a verdict, and has
//! the same ones after it was read back from a results file.
#![no_main]

use arbitrary::Unstructured;
use dualstack_fuzz::observations::observation;
use dualstack_report::judge;
use dualstack_scenario::{Case, Environment, Observation, Scenario, SourceFile, System};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|input: &[u8]| -> Corpus {
    let mut halves = input.splitn(2, |byte| *byte == 0);
    let (text, bytes) = (halves.next(), halves.next().unwrap_or_default());
    let Ok(text) = std::str::from_utf8(text.unwrap_or_default()) else {
        return Corpus::Reject;
    };
    let Ok(scenario) = Scenario::parse("topic/file", SourceFile::new("file.toml", text)) else {
        return Corpus::Reject;
    };
    let mut bytes = Unstructured::new(bytes);
    for case in &scenario.cases {
        if let Ok(observation) = observation(&mut bytes, &case.script) {
            is_judged(case, &observation);
        }
    }
    Corpus::Keep
});

fn is_judged(case: &Case, observation: &Observation) {
    let answer = case.answer(observation);
    for system in systems() {
        judge(case, &system, &answer);
    }
    for record in &observation.steps {
        record.outcome.to_string();
    }
    let json = serde_json::to_string(observation).expect("an observation can be written");
    let again: Observation = serde_json::from_str(&json).expect("it can be read");
    assert_eq!(*observation, again);
    assert_eq!(answer, case.answer(&again));
}

/// One of each kind: a system, a stack in place of one, one without a version.
fn systems() -> [System; 3] {
    let system = |os: &str, version: &str, environment| System {
        os: os.to_owned(),
        version: version.to_owned(),
        environment,
    };
    let gvisor = Environment {
        name: "gvisor".to_owned(),
        version: "20221219.0".to_owned(),
    };
    [
        system("linux", "6.18.44", None),
        system("linux", "4.4.0", Some(gvisor)),
        system("freebsd", "rolling", None),
    ]
}
