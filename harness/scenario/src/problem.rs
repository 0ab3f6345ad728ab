//! What is wrong with a scenario file, where, and how to fix it.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

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
    source: NamedSource<String>,
}

impl SourceFile {
    /// Takes a file's path and text.
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        let path = path.into();
        let source = NamedSource::new(path.display().to_string(), text.into());
        Self { path, source }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        self.source.inner()
    }

    /// Line and column of a byte, both from 1; the column counts characters.
    pub fn position(&self, byte: usize) -> (usize, usize) {
        let text = self.text();
        let before = (0..=byte.min(text.len()))
            .rev()
            .find_map(|end| text.get(..end));
        let before = before.unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (
            before.matches('\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    }
}

/// One mistake in one place of a scenario file.
///
/// Displays as a single line, `path:line:column: message; hint`. As a
/// [`miette::Diagnostic`] it also shows the excerpt.
#[derive(Clone, Debug)]
pub struct Problem {
    message: String,
    hint: Option<String>,
    span: Span,
    file: Option<Arc<SourceFile>>,
}

impl Problem {
    /// A problem at `span`, described by a lowercase sentence without a full stop.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
            span,
            file: None,
        }
    }

    /// Adds how to fix it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
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
        self.file = Some(Arc::clone(file));
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
        Some(self.file.as_ref()?.position(self.span.start))
    }

    /// The path of the file, if it is known.
    pub fn path(&self) -> Option<&Path> {
        Some(&self.file.as_ref()?.path)
    }
}

impl PartialEq for Problem {
    fn eq(&self, other: &Self) -> bool {
        self.message == other.message && self.hint == other.hint && self.span == other.span
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (false, Some(file)) = (f.alternate(), &self.file) {
            let (line, column) = file.position(self.span.start);
            write!(f, "{}:{line}:{column}: ", file.path.display())?;
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
        self.file
            .as_ref()
            .map(|file| &file.source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let length = self.span.end.saturating_sub(self.span.start);
        let label = LabeledSpan::new(None, self.span.start, length);
        Some(Box::new(std::iter::once(label)))
    }
}

/// All problems of one file, in the order of the file.
#[derive(Clone, Debug)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Sorts by place and removes repetitions, which occur when several rows of a file
    /// share a faulty step.
    pub(crate) fn new(file: &Arc<SourceFile>, mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| problem.span);
        problems.dedup();
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
    let written = written.to_ascii_lowercase();
    known
        .iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&written, &name.to_ascii_lowercase()),
                *name,
            )
        })
        .filter(|(distance, name)| *distance <= name.len().max(written.len()) / 3)
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
