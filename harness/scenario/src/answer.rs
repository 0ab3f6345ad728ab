//! From the results of the calls to a short answer.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::leaf::mismatch;
use crate::observation::{Observation, Outcome};
use crate::problem::Problem;
use crate::scope::Scope;
use crate::script::Script;
use crate::step::{Step, Wanted, When};
use crate::table::{Fields, FromNode, Schema, object_schema, table};
use crate::template::Template;
use crate::tree::{Node, Value};

/// How the answer of a case is built: the first alternative that matches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct AnswerRule(pub(crate) Vec<Alternative>);

table! {
    /// One of several answers.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub(crate) struct Alternative {
        /// The conditions for this answer; default: always.
        when: Option<When>,
        /// The answer, with values in it.
        say: Template,
    }
}

/// The outcome of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// An answer of the system.
    Text(String),
    /// The system lacks something that the case is about.
    Unsupported(String),
    /// There is no answer: something broke, or a deadline passed.
    Error(String),
}

impl AnswerRule {
    /// Builds the answer from what the steps returned.
    pub fn answer(&self, script: &Script, observation: &Observation) -> Answer {
        let steps = &script.steps;
        let mut scope = Scope::new(script, &observation.hosts);
        for (step, record) in steps.iter().zip(&observation.steps) {
            scope.record(step, &record.outcome);
            if let Some(answer) = early_end(step, &record.outcome) {
                return answer;
            }
        }
        if observation.steps.len() < steps.len() {
            let next = steps[observation.steps.len()].call.brief();
            return Answer::Error(format!("nothing came back of {next}"));
        }
        self.say(&scope).unwrap_or_else(Answer::Error)
    }

    fn say(&self, scope: &Scope<'_>) -> Result<Answer, String> {
        for alternative in &self.0 {
            if alternative
                .when
                .as_ref()
                .map_or(Ok(true), |when| scope.holds(when))?
            {
                return scope.answer(&alternative.say).map(Answer::Text);
            }
        }
        Err("what came back fits no alternative of the answer".to_owned())
    }
}

/// The answer of a case that ends with this step.
fn early_end(step: &Step, outcome: &Outcome) -> Option<Answer> {
    let call = || step.call.brief();
    match outcome {
        Outcome::NotCalled => None,
        Outcome::TimedOut { .. } if step.may_hang() => None,
        Outcome::TimedOut { after_ms } => Some(Answer::Error(format!(
            "{}: nothing within {after_ms} ms",
            call()
        ))),
        Outcome::Unavailable { what } => Some(Answer::Unsupported(what.clone())),
        Outcome::Exhausted { why } => Some(Answer::Error(format!("{}: {why}", call()))),
        Outcome::Unmade { why } => Some(Answer::Error(format!(
            "{} could not be called: {why}",
            call()
        ))),
        Outcome::Returned(_) if matches!(step.result, Wanted::Ok | Wanted::Any) => None,
        Outcome::Returned(_) => Some(Answer::Text(format!("ok from {}", call()))),
        Outcome::Failed(failure) => {
            let goes_on = match &step.result {
                Wanted::Ok | Wanted::Hangs => false,
                Wanted::Any => true,
                Wanted::Error(name) => *name == failure.name,
            };
            (!goes_on).then(|| Answer::Text(format!("{} from {}", failure.name, call())))
        }
    }
}

/// Whether the case continues after this step.
pub fn goes_on(step: &Step, outcome: &Outcome) -> bool {
    early_end(step, outcome).is_none()
}

impl FromNode for AnswerRule {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        match &node.value {
            Value::List(_) => {
                let alternatives = Vec::<Alternative>::from_node(node, problems)?;
                if alternatives.is_empty() {
                    problems.push(Problem::new(node.span, "there is no answer here"));
                }
                problems.extend(never_used(node, &alternatives));
                Some(Self(alternatives))
            }
            Value::Text(_) => {
                let say = Template::from_node(node, problems)?;
                Some(Self(vec![Alternative { when: None, say }]))
            }
            _ => mismatch(node, "a string or a list of alternatives", problems),
        }
    }

    fn schema() -> Schema {
        json!({ "anyOf": [Template::schema(), Vec::<Alternative>::schema()] })
    }
}

/// An alternative behind one that is always used.
fn never_used(list: &Node, alternatives: &[Alternative]) -> Option<Problem> {
    let always = |alternative: &Alternative| {
        let when = alternative.when.as_ref();
        when.is_none_or(|when| when.0.is_empty())
    };
    let first = alternatives.iter().position(always)?;
    let Value::List(nodes) = &list.value else {
        return None;
    };
    let next = nodes.get(first + 1)?;
    let message = "this answer is never given: the one before it has no `when`";
    Some(Problem::new(next.span, message).hint("put the answer without `when` last"))
}

impl FromNode for Alternative {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Table(entries) = &node.value else {
            return mismatch(
                node,
                "an alternative, `{ when = { … }, say = \"…\" }`",
                problems,
            );
        };
        let mut fields = Fields::new(node.span, entries, problems);
        let alternative = Self::read(&mut fields);
        fields.finish(Self::keys);
        alternative
    }

    fn schema() -> Schema {
        object_schema(&Self::keys())
    }
}
