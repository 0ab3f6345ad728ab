//! What is wrong with a scenario file, where, and how to fix it.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use miette::{Diagnostic, LabeledSpan, SourceCode};

use crate::bounds;
use crate::excerpt::Excerpt;
use crate::shown;

/// The maximum length of a message and of a hint, in characters.
const MESSAGE: usize = 1_000;
/// A longer name is not compared with the known ones, in bytes.
const NAME: usize = 100;

/// A part of a file, in bytes from its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self {
            start: range.start,
            end: range.end,
        }
    }
}

/// The text of a scenario file with its name for messages.
#[derive(Debug)]
pub struct SourceFile {
    /// The path as the user wrote it, or the file's path in the embedded corpus.
    pub path: PathBuf,
    text: String,
    /// Where it stops to be UTF-8.
    not_utf8: Option<usize>,
    /// The first byte of each line.
    lines: OnceLock<Vec<usize>>,
}

impl SourceFile {
    /// The largest file that is read, in bytes. Who takes the text from outside need not
    /// read more than one byte beyond it.
    pub const LARGEST: usize = bounds::FILE.most;

    /// Takes a file's path and text.
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
            not_utf8: None,
            lines: OnceLock::new(),
        }
    }

    /// Takes a file's path and content, which should be UTF-8.
    pub fn from_bytes(path: impl Into<PathBuf>, bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::new(path, text),
            // It may be a part of a larger file, which ends within a character.
            Err(error) if error.as_bytes().len() > Self::LARGEST => {
                Self::new(path, String::from_utf8_lossy(error.as_bytes()))
            }
            Err(error) => Self {
                not_utf8: Some(error.utf8_error().valid_up_to()),
                ..Self::new(path, String::from_utf8_lossy(error.as_bytes()))
            },
        }
    }

    /// The place of the first byte that is not UTF-8.
    pub(crate) fn not_utf8(&self) -> Option<Span> {
        self.not_utf8.map(|at| (at..at + 1).into())
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte, both from 1; the column counts characters.
    pub fn position(&self, byte: usize) -> (usize, usize) {
        let before = (0..=byte.min(self.text.len())).rev();
        let byte = before
            .into_iter()
            .find(|at| self.text.is_char_boundary(*at))
            .unwrap_or(0);
        let lines = self.lines();
        let line = lines.partition_point(|start| *start <= byte);
        let column = self.text[lines[line - 1]..byte].chars().count() + 1;
        (line, column)
    }

    /// The first byte of a line, and the line without its end; lines are counted from 0.
    pub(crate) fn line(&self, number: usize) -> Option<(usize, &str)> {
        let start = *self.lines().get(number)?;
        let line = self.text[start..].split('\n').next().unwrap_or_default();
        Some((start, line.strip_suffix('\r').unwrap_or(line)))
    }

    /// Every line with its end, in bytes of the file.
    pub(crate) fn line_spans(&self) -> impl Iterator<Item = Range<usize>> {
        let lines = self.lines();
        let ends = lines[1..].iter().copied().chain([self.text.len()]);
        lines
            .iter()
            .copied()
            .zip(ends)
            .map(|(start, end)| start..end)
    }

    fn lines(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let ends = self.text.match_indices('\n').map(|(end, _)| end + 1);
            std::iter::once(0).chain(ends).collect()
        })
    }
}

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
    fn positions_count_characters_from_one() {
        let file = SourceFile::new("x.toml", "a\nñb = 1\n");
        assert_eq!(file.position(0), (1, 1));
        assert_eq!(file.position(4), (2, 2));
    }

    #[rstest]
    #[case("a\rb\r\nc", 1, "a\rb")]
    #[case("a\n\nb", 2, "")]
    #[case("a", 1, "a")]
    fn a_line_is_without_its_end(#[case] text: &str, #[case] number: usize, #[case] line: &str) {
        let file = SourceFile::new("x.toml", text);
        assert_eq!(file.line(number - 1).unwrap().1, line);
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
