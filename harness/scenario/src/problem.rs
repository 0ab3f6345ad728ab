//! What is wrong with a scenario file, where, and how to fix it.

use std::collections::HashSet;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, SourceCode};

use crate::bounds;
use crate::excerpt::Excerpt;
use crate::shown;
use crate::source::{SourceFile, Span};

/// The maximum length of a message and of a hint, in characters.
const MESSAGE: usize = 1_000;
/// A longer name is not compared with the known ones, in bytes.
const NAME: usize = 100;

/// One mistake in one place of a scenario file.
///
/// Displays as a single line, `path:line:column: message; hint`. As a
/// [`miette::Diagnostic`] it also shows the excerpt. Whatever the file contains, all of it
/// is [`visible`](mod@crate::shown), and short.
#[derive(Clone, Debug)]
pub struct Problem {
    message: String,
    hint: Option<String>,
    span: Span,
    file: Option<(Arc<SourceFile>, Box<Excerpt>)>,
}

impl Problem {
    /// A problem at `span`, described by a lowercase sentence without a full stop.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self {
            message: short(&message.into()),
            hint: None,
            span,
            file: None,
        }
    }

    /// Adds how to fix it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(short(&hint.into()));
        self
    }

    /// Adds how to fix it, if nothing is said of that yet.
    #[must_use]
    pub fn or_hint(self, hint: &str) -> Self {
        match self.hint {
            None => self.hint(hint),
            Some(_) => self,
        }
    }

    /// Adds the name in `known` nearest to `written`, or all of them if they are few.
    #[must_use]
    pub fn nearest<'a>(self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let mut known: Vec<&str> = known.into_iter().collect();
        known.dedup();
        match nearest(written, &known) {
            Some(name) => self.hint(format!("did you mean `{name}`?")),
            None if known.len() <= 20 => {
                self.hint(format!("expected one of: {}", known.join(", ")))
            }
            None => self,
        }
    }

    /// The same problem with its file.
    #[must_use]
    pub fn in_file(mut self, file: &Arc<SourceFile>) -> Self {
        let excerpt = Excerpt::new(file, self.span);
        self.file = Some((Arc::clone(file), Box::new(excerpt)));
        self
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where in the file.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Line and column, both from 1, if the file is known.
    pub fn position(&self) -> Option<(usize, usize)> {
        Some(self.file.as_ref()?.0.position(self.span.start))
    }

    /// The path of the file, if it is known.
    pub fn path(&self) -> Option<&Path> {
        Some(&self.file.as_ref()?.0.path)
    }
}

impl PartialEq for Problem {
    fn eq(&self, other: &Self) -> bool {
        self.message == other.message && self.hint == other.hint && self.span == other.span
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (false, Some((file, _))) = (f.alternate(), &self.file) {
            let (line, column) = file.position(self.span.start);
            let path = file.path.display().to_string();
            write!(f, "{}:{line}:{column}: ", shown::line(&path, MESSAGE))?;
        }
        write!(f, "{}", self.message)?;
        match &self.hint {
            Some(hint) if !f.alternate() => write!(f, "; {hint}"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.hint
            .as_ref()
            .map(|hint| Box::new(hint) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        let (_, excerpt) = self.file.as_ref()?;
        Some(excerpt.as_ref())
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (_, excerpt) = self.file.as_ref()?;
        let label = LabeledSpan::new_with_span(None, excerpt.label());
        Some(Box::new(std::iter::once(label)))
    }
}

fn short(text: &str) -> String {
    shown::line(text, MESSAGE).into_owned()
}

/// Whether so many problems were found that nobody reads more of them: what reads a list
/// then stops.
pub(crate) fn enough(problems: &[Problem]) -> bool {
    problems.len() >= bounds::MISTAKES.most
}

/// Removes repetitions, which occur when several rows of a file share a faulty step.
pub(crate) fn distinct(problems: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    problems.retain(|problem| {
        let Problem { message, hint, .. } = problem;
        seen.insert((problem.span, message.clone(), hint.clone()))
    });
}

/// All problems of one file, in the order of the file.
#[derive(Clone, Debug)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Sorts by place; of very many only the first are kept, and the last says so.
    pub(crate) fn new(file: &Arc<SourceFile>, mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| problem.span);
        distinct(&mut problems);
        if enough(&problems) {
            problems.truncate(bounds::MISTAKES.most);
            let span = problems.last().map(Problem::span).unwrap_or_default();
            let message = format!("these are the first {} mistakes", problems.len());
            problems.push(Problem::new(span, message).hint(bounds::MISTAKES.fix));
        }
        Self(
            problems
                .into_iter()
                .map(|problem| problem.in_file(file))
                .collect(),
        )
    }

    /// Each problem in turn.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Problems {
    type Item = Problem;
    type IntoIter = std::vec::IntoIter<Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// The name in `known` that was most likely meant by `written`.
pub fn nearest<'a>(written: &str, known: &[&'a str]) -> Option<&'a str> {
    if written.len() > NAME {
        return None;
    }
    let written = written.to_ascii_lowercase();
    let slips = |name: &str| name.len().max(written.len()) / 3;
    known
        .iter()
        .filter(|name| name.len().abs_diff(written.len()) <= slips(name))
        .map(|name| {
            (
                strsim::damerau_levenshtein(&written, &name.to_ascii_lowercase()),
                *name,
            )
        })
        .filter(|(distance, name)| *distance <= slips(name))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("IPV6_V6ONY", Some("IPV6_V6ONLY"))]
    #[case("ipv6_v6only", Some("IPV6_V6ONLY"))]
    #[case("IPV6_PKTINFO", Some("IPV6_RECVPKTINFO"))]
    #[case("banana", None)]
    fn the_nearest_name_is_offered(#[case] written: &str, #[case] meant: Option<&str>) {
        assert_eq!(
            nearest(written, &["IPV6_V6ONLY", "IPV6_RECVPKTINFO"]),
            meant
        );
    }

    #[test]
    fn one_line_names_the_place_and_the_fix() {
        let file = Arc::new(SourceFile::new("x.toml", "bnd = 1\n"));
        let problem = Problem::new(Span { start: 0, end: 3 }, "unknown key `bnd`")
            .nearest("bnd", ["bind"])
            .in_file(&file);
        assert_eq!(
            problem.to_string(),
            "x.toml:1:1: unknown key `bnd`; did you mean `bind`?"
        );
    }
}
