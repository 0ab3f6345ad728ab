//! The part of a file that shows a problem.

use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::shown;
use crate::source::{SourceFile, Span};

/// How many characters of a line are shown.
const WIDTH: usize = 160;
/// How many of them stand before the place, if the line is longer.
const BEFORE: usize = 60;
/// How many lines are shown at most.
const LINES: usize = 8;

/// The lines around a place, their characters visible and their ends cut: its size does
/// not depend on the file's.
#[derive(Clone, Debug)]
pub(crate) struct Excerpt {
    name: String,
    text: String,
    /// The place, in bytes of the excerpt.
    label: Range<usize>,
    /// The number of its first line in the file, from 0.
    first: usize,
    /// Line and column of the place in the file, from 0.
    place: (usize, usize),
}

impl Excerpt {
    pub(crate) fn new(file: &SourceFile, span: Span) -> Self {
        let (line, column) = file.position(span.start);
        let place = (line - 1, column - 1);
        let last = file.position(span.end.max(span.start + 1) - 1).0;
        let first = place.0.saturating_sub(1);
        let mut text = Text {
            text: String::new(),
            start: None,
            end: None,
        };
        for number in first..=last.min(first + LINES) {
            // After the last line feed there is no line, but a place can be there.
            let line = file.line(number);
            let line = line.filter(|(at, _)| *at < file.text().len() || number == place.0);
            if let Some((at, line)) = line {
                text.push(line, at, span);
            }
        }
        let end = text.text.len();
        let start = text.start.unwrap_or(end);
        Self {
            name: shown::line(&file.path.display().to_string(), shown::LIMIT).into_owned(),
            label: start..text.end.unwrap_or(end).max(start),
            text: text.text,
            first,
            place,
        }
    }

    /// The place, in bytes of the excerpt.
    pub(crate) fn label(&self) -> Range<usize> {
        self.label.clone()
    }
}

/// An excerpt while it is written.
struct Text {
    text: String,
    start: Option<usize>,
    end: Option<usize>,
}

impl Text {
    /// Adds a line that begins at byte `at` of the file.
    fn push(&mut self, line: &str, at: usize, span: Span) {
        let window = window(line, span.start.saturating_sub(at));
        if window.start > 0 {
            self.text.push('…');
        }
        for (index, c) in line[window.clone()].char_indices() {
            self.mark(at + window.start + index, span);
            self.text
                .push_str(&shown::line(c.encode_utf8(&mut [0; 4]), 1));
        }
        self.mark(at + window.end, span);
        if window.end < line.len() {
            self.text.push('…');
            self.mark(at + line.len(), span);
        }
        self.text.push('\n');
    }

    /// Records that the excerpt has come to this byte of the file.
    fn mark(&mut self, at: usize, span: Span) {
        if at >= span.start {
            self.start.get_or_insert(self.text.len());
        }
        if at >= span.end {
            self.end.get_or_insert(self.text.len());
        }
    }
}

/// The part of a line that is shown: its start, or what surrounds a place after it.
fn window(line: &str, place: usize) -> Range<usize> {
    let boundary = |at: usize| {
        let back = (0..=at.min(line.len())).rev();
        back.into_iter()
            .find(|at| line.is_char_boundary(*at))
            .unwrap_or(0)
    };
    let ends = |from: usize| {
        let mut rest = line[from..].char_indices();
        rest.nth(WIDTH).map_or(line.len(), |(end, _)| from + end)
    };
    if ends(0) == line.len() || place >= line.len() || place < WIDTH - BEFORE {
        return 0..ends(0);
    }
    let start = boundary(place - BEFORE);
    start..ends(start)
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        lines_before: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        // Without the lines around it, the place is wanted for the heading.
        let (range, (line, column)) = match lines_before {
            0 => (self.label(), self.place),
            _ => (0..self.text.len(), (self.first, 0)),
        };
        let data = &self.text[range.clone()];
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data.as_bytes(),
            range.into(),
            line,
            column,
            data.matches('\n').count(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// The excerpt of a file for the place of `what` in it, and what the label is under.
    fn excerpt(text: &str, what: &str) -> (String, String) {
        let start = text.find(what).unwrap();
        let end = start + what.len();
        let excerpt = Excerpt::new(&SourceFile::new("x.toml", text), Span { start, end });
        let under = excerpt.text[excerpt.label()].to_owned();
        (excerpt.text, under)
    }

    #[rstest]
    #[case("a = 1\nb = 2\nc = 3\nd = 4\ne = 5", "c", "b = 2\nc = 3\nd = 4\n", "c")]
    #[case("b = 1", "1", "b = 1\n", "1")]
    #[case("b = 1\r\n\tc = 2\r\n", "c", "b = 1\n\\tc = 2\n", "c")]
    #[case("\x1b[2J = \u{202e}x", "x", "\\u{1b}[2J = \\u{202e}x\n", "x")]
    #[case("\u{9b} = ñ", "\u{9b}", "\\u{9b} = ñ\n", "\\u{9b}")]
    #[case(
        "a = [\n1,\n2]\nb = 1",
        "[\n1,\n2]",
        "a = [\n1,\n2]\nb = 1\n",
        "[\n1,\n2]"
    )]
    fn the_lines_of_a_place_are_visible(
        #[case] text: &str,
        #[case] what: &str,
        #[case] shown: &str,
        #[case] under: &str,
    ) {
        assert_eq!(excerpt(text, what), (shown.to_owned(), under.to_owned()));
    }

    #[test]
    fn a_long_line_is_shown_around_the_place() {
        let (before, after) = ("ñ".repeat(100_000), "x".repeat(100_000));
        let (text, under) = excerpt(&format!("{before}!{after}"), "!");
        assert_eq!(under, "!");
        assert!(text.starts_with("…ñ") && text.ends_with("x…\n"), "{text}");
        assert_eq!(text.chars().count(), WIDTH + 3);
        assert_eq!(excerpt(&after, &after).1, after[..WIDTH].to_owned() + "…");
    }

    #[test]
    fn of_many_lines_the_first_are_shown() {
        let file = "1,\n".repeat(10_000);
        let (text, under) = excerpt(&file, &file);
        assert_eq!(text, "1,\n".repeat(LINES + 1));
        assert_eq!(under, text);
    }
}
