//! A scenario file, and places in it.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::OnceLock;

use crate::bounds;

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

/// Why a file was not read.
#[derive(Debug)]
pub(crate) struct Unread {
    pub(crate) why: String,
    pub(crate) fix: Option<&'static str>,
}

/// The text of a scenario file with its name for messages.
#[derive(Debug)]
pub struct SourceFile {
    /// The path as the user wrote it, or the file's path in the embedded corpus.
    pub path: PathBuf,
    text: String,
    /// Where it stops to be UTF-8.
    not_utf8: Option<usize>,
    /// Why it was not read.
    unread: Option<Unread>,
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
            unread: None,
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

    /// Takes the path of a file that cannot or must not be read: that is its one mistake, beside
    /// those of other files.
    pub(crate) fn unread(path: impl Into<PathBuf>, why: String, fix: Option<&'static str>) -> Self {
        Self {
            unread: Some(Unread { why, fix }),
            ..Self::new(path, String::new())
        }
    }

    /// Why it was not read.
    pub(crate) fn why_unread(&self) -> Option<&Unread> {
        self.unread.as_ref()
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

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

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
}
