//! Wraps lines to the width of a terminal.

use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter};

/// The last column at which a label may end.
const LABEL: usize = 20;

/// The text with every line wrapped to this width. Continuation lines are indented to the
/// text after the label, or four columns.
pub(super) fn wrap(text: &str, width: u16) -> String {
    let lines = text.split_inclusive('\n');
    lines
        .map(|line| {
            let hanging = " ".repeat(hang(line));
            let options = Options::new(width.into())
                .subsequent_indent(&hanging)
                .word_separator(WordSeparator::AsciiSpace)
                .word_splitter(WordSplitter::NoHyphenation)
                .break_words(false);
            let (line, end) = match line.strip_suffix('\n') {
                Some(line) => (line, "\n"),
                None => (line, ""),
            };
            textwrap::fill(line, options) + end
        })
        .collect()
}

/// The indentation of continuation lines: after a label that is followed by two spaces,
/// or four columns.
fn hang(line: &str) -> usize {
    let rest = line.trim_start();
    let indent = line.len() - rest.len();
    let value = rest.find("  ").map(|end| {
        let value = rest.len() - rest[end..].trim_start().len();
        indent + display_width(&rest[..value])
    });
    value
        .filter(|value| *value <= indent + LABEL)
        .unwrap_or(indent + 4)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::wrap;

    #[rstest]
    #[case::fits("  short\n\nlines\n", "  short\n\nlines\n")]
    #[case::plain("  one two three four\n", "  one two\n      three\n      four\n")]
    #[case::label("  ab  one two three\n", "  ab  one\n      two\n      three\n")]
    #[case::sign("✓ ab  one two three\n", "✓ ab  one\n      two\n      three\n")]
    #[case::long_word("a::longer-than::that b", "a::longer-than::that\n    b")]
    fn lines_are_broken_below_what_they_begin_with(#[case] text: &str, #[case] wrapped: &str) {
        assert_eq!(wrap(text, 12), wrapped);
    }
}
