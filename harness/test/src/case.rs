//! A case as a test.

use std::sync::Arc;

use dualstack_lab::{CaseResult, Run, Terms, ThisMachine, run};
use dualstack_scenario::{Answer, Case, Finding, Observation, System, Verdict, judge, shown};
use libtest_mimic::{Completion, Failed};

use crate::approved::Approved;
use crate::ignored::{Started, demanded};

/// A case, and where it is asked.
pub(crate) struct Asked {
    pub(crate) case: Case,
    pub(crate) host: Arc<ThisMachine>,
    pub(crate) approved: Arc<Approved>,
}

impl Asked {
    /// Whether it is not supported here, and need not be.
    pub(crate) fn is_ignored(&self) -> bool {
        let unsupported = matches!(answer(&self.case, &self.ask()), Answer::Unsupported(_));
        unsupported && !demanded()
    }

    /// Asks it, and fails if the answer is another than it should be.
    pub(crate) fn holds(&self, started: Started) -> Result<Completion, Failed> {
        let run = self.ask();
        let answer = answer(&self.case, &run);
        let observation = match &run.ran[0].result {
            CaseResult::Observed(observation) => Some(observation),
            CaseResult::Cannot(_) | CaseResult::Lost(_) => None,
        };
        let Some(machine) = &run.machine else {
            return Err(said(&answer, None, observation));
        };
        let system = &machine.system;
        let finding = judge(&self.case, system, &answer);
        match (finding.verdict, &answer) {
            (Verdict::Unsupported, Answer::Unsupported(why)) => started.ignore(why, demanded()),
            (Verdict::Differs | Verdict::Error, _) => {
                Err(said(&answer, Some(&finding), observation))
            }
            (Verdict::Observed, Answer::Text(text)) => self.is_approved(system, text, observation),
            _ => Ok(Completion::Completed),
        }
    }

    fn ask(&self) -> Run {
        let terms = Terms {
            // They stand in the crate's own repository.
            allow_programs: true,
            ..Terms::default()
        };
        run(&*self.host, &[&self.case], terms, |_| {})
    }

    fn is_approved(
        &self,
        system: &System,
        answer: &str,
        observation: Option<&Observation>,
    ) -> Result<Completion, Failed> {
        let id = &self.case.id;
        match self.approved.hold(system.name(), id, answer) {
            Ok(()) => Ok(Completion::Completed),
            Err(why) => {
                let answer = Answer::Text(answer.to_owned());
                let said = text(&answer, None, observation);
                Err(format!("{why}\n{said}").into())
            }
        }
    }
}

fn answer(case: &Case, run: &Run) -> Answer {
    match &run.ran[0].result {
        CaseResult::Observed(observation) => case.answer(observation),
        CaseResult::Cannot(cannot) => Answer::Unsupported(cannot.why.clone()),
        CaseResult::Lost(broken) => Answer::Error(broken.with_stderr()),
    }
}

fn said(answer: &Answer, finding: Option<&Finding<'_>>, seen: Option<&Observation>) -> Failed {
    text(answer, finding, seen).into()
}

/// What the case answered, what was expected, and every call.
fn text(answer: &Answer, finding: Option<&Finding<'_>>, seen: Option<&Observation>) -> String {
    let mut lines = shown!("");
    match answer {
        Answer::Text(answer) => lines.push(&shown!("answered  {}\n", answer)),
        Answer::Unsupported(why) | Answer::Error(why) => lines.push(&shown!("{}\n", why)),
    }
    if let Some(expected) = finding.and_then(|finding| finding.expected) {
        let source = &expected.source;
        lines.push(&shown!(
            "expected  {}\nsource    {}\n",
            expected.answer,
            source
        ));
    }
    if let Some(known) = finding.and_then(|finding| finding.known) {
        lines.push(&shown!("known     {}: {}\n", known.answer, known.reason));
    }
    for record in seen.iter().flat_map(|seen| &seen.steps) {
        lines.push(&shown!("  {}  {}\n", record.call, record.outcome));
    }
    for program in seen.iter().flat_map(|seen| &seen.programs) {
        let said = program.to_string();
        said.lines()
            .for_each(|line| lines.push(&shown!("  {}\n", line)));
    }
    lines.to_string()
}
