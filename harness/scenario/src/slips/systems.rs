//! Expectations and known differences that are never used, or by chance.

use std::collections::HashMap;

use crate::expect::{Expectation, KnownDifference, Patterns};
use crate::problem::Problem;
use crate::source::Span;
use crate::system::Selector;

/// A selector with its place.
type Placed<'a> = (&'a Selector, Span);

/// Entries of one table that no system uses, or of which two are equally specific for some
/// version.
pub(crate) fn in_vain(selectors: &[Placed<'_>]) -> Vec<Problem> {
    let (empty, mut some): (Vec<Placed<'_>>, Vec<_>) = selectors
        .iter()
        .partition(|(selector, _)| selector.versions().is_empty());
    let mut problems: Vec<Problem> = empty
        .into_iter()
        .map(|(selector, span)| {
            let message = format!("no version fits `{selector}`");
            Problem::new(span, message).hint("swap the bounds, or remove one")
        })
        .collect();
    // In this order, one that meets others meets the one that has reached furthest so far.
    some.sort_by_key(|(selector, _)| (selector.likes(), selector.versions().start));
    let mut furthest: Option<Placed<'_>> = None;
    for next in some {
        let before = furthest.filter(|before| before.0.likes() == next.0.likes());
        problems.extend(before.and_then(|before| rivals(before, next)));
        furthest = before
            .filter(|before| before.0.versions().end > next.0.versions().end)
            .or(Some(next));
    }
    problems
}

fn rivals(one: Placed<'_>, other: Placed<'_>) -> Option<Problem> {
    if other.0.versions().start >= one.0.versions().end {
        return None;
    }
    let message = format!(
        "`{}` and `{}` are for some of the same versions",
        one.0, other.0
    );
    let problem = Problem::new(one.1.max(other.1), message);
    Some(problem.hint("let one end where the other begins: `< 6` and `>= 6`"))
}

/// What is expected of all systems that a selector names, if that is one thing.
fn expected_of<'a>(
    on: &Selector,
    expected: &HashMap<String, &'a Patterns>,
) -> Option<&'a Patterns> {
    if let Some(own) = expected.get(&on.to_string()) {
        return Some(own);
    }
    // Some of them may have an expectation of their own.
    let (name, _) = on.likes();
    if expected
        .keys()
        .any(|other| other.starts_with(&format!("{name} ")))
    {
        return None;
    }
    on.wider()
        .into_iter()
        .find_map(|name| expected.get(name).copied())
}

/// Known differences that are none, each with what is wrong with it.
pub(crate) fn no_differences<'a>(
    known: &'a [KnownDifference],
    expect: &'a [Expectation],
) -> impl Iterator<Item = (&'a Selector, &'static str, &'static str)> {
    let answers = |expectation: &'a Expectation| (expectation.on.to_string(), &expectation.answer);
    let expected: HashMap<_, _> = expect.iter().map(answers).collect();
    known.iter().filter_map(move |known| {
        if expected.is_empty() {
            let message = "nothing is expected here, so nothing can differ from it";
            let hint = "add an expectation, or remove the known difference";
            return Some((&known.on, message, hint));
        }
        let same = expected_of(&known.on, &expected)?;
        let all = known.answer.0.iter().all(|answer| same.0.contains(answer));
        let message = "this is what is expected, so it is no difference";
        all.then_some((&known.on, message, "remove one of the two"))
    })
}
