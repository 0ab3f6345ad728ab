//! Makes what came from outside safe to show.
//!
//! A title, an answer, the name of a file, the last words of an agent: each may contain a
//! sequence that writes a terminal's clipboard, a character that reverses the line, or a
//! line that a job's log takes for a command. Everything that is shown goes through this
//! module:
//!
//! - [`visible`] and [`line()`] spell out every character that is not seen. Every form of
//!   output uses them: the page, Markdown, JUnit XML, CSV.
//! - [`Shown`] is text for a terminal or a log. It is made by [`shown!`](crate::shown!),
//!   which takes the layout from the program and makes every value visible. So a command
//!   that prints cannot forget it.
//! - [`harmless`] is the last step before a log.

use std::borrow::Cow;
use std::fmt::{self, Display, Write};
use std::ops::Deref;

/// The maximum length of one text that is shown, in characters.
pub const LIMIT: usize = 4_000;

/// How far the further lines of a value are indented.
const INDENT: &str = "    ";

/// Whether a character is seen as itself: `std` knows which are printable. Controls,
/// characters without a width and characters that reorder text are not.
fn is_seen(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_control();
    }
    // The letter before it, because an accent is printable only after one.
    let mut pair = [b'a'; 5];
    let length = 1 + c.encode_utf8(&mut pair[1..]).len();
    let pair = str::from_utf8(&pair[..length]).unwrap_or_default();
    pair.escape_debug().nth(1) == Some(c)
}

/// The text in which every other character is spelt out, except line feeds and tabs, cut
/// after `limit` characters.
pub fn visible(text: &str, limit: usize) -> Cow<'_, str> {
    spelt_out(text, limit, |c| is_seen(c) || matches!(c, '\n' | '\t'))
}

/// The same as one line: line feeds and tabs are spelt out as well.
pub fn line(text: &str, limit: usize) -> Cow<'_, str> {
    spelt_out(text, limit, is_seen)
}

fn spelt_out(text: &str, limit: usize, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    if text.len() <= limit && text.chars().all(&stays) {
        return Cow::Borrowed(text);
    }
    let mut seen = String::new();
    for c in text.chars().take(limit) {
        if stays(c) {
            seen.push(c);
        } else {
            _ = write!(seen, "{}", c.escape_debug());
        }
    }
    let length = text.chars().count();
    if length > limit {
        _ = write!(seen, "… (cut after {limit} of {length} characters)");
    }
    Cow::Owned(seen)
}

/// Text for a terminal or a log: what this program wrote, with values in it that are
/// visible.
///
/// A text that is turned into it keeps its line feeds and tabs and is visible otherwise.
/// It has no `Display`, so that it is not put into another text without this type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown(String);

impl Shown {
    /// Takes a text as it is, for what this program made of visible texts: a table with
    /// colours, a generated page.
    pub fn trusted(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Adds more at the end.
    pub fn push(&mut self, more: &Self) {
        self.0.push_str(&more.0);
    }

    #[doc(hidden)]
    pub fn formatted(text: fmt::Arguments<'_>) -> Self {
        Self(text.to_string())
    }
}

impl Deref for Shown {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Shown {
    fn from(text: &str) -> Self {
        Self(visible(text, usize::MAX).into_owned())
    }
}

impl From<&String> for Shown {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl Extend<Shown> for Shown {
    fn extend<T: IntoIterator<Item = Shown>>(&mut self, more: T) {
        more.into_iter().for_each(|more| self.push(&more));
    }
}

impl FromIterator<Shown> for Shown {
    fn from_iter<T: IntoIterator<Item = Shown>>(pieces: T) -> Self {
        let mut all = Self::default();
        all.extend(pieces);
        all
    }
}

/// A value that may have several lines: those after the first are indented, so that none
/// of them looks like a line of the program.
#[derive(Clone, Copy, Debug)]
pub struct Lines<T>(pub T);

/// How a value is put into a [`Shown`]: as one visible line, unless it is a [`Shown`]
/// already or asks for [`Lines`].
#[doc(hidden)]
pub trait Seen {
    fn seen(&self) -> Cow<'_, str>;
}

impl<T: Display + ?Sized> Seen for T {
    fn seen(&self) -> Cow<'_, str> {
        Cow::Owned(line(&self.to_string(), LIMIT).into_owned())
    }
}

impl Seen for Shown {
    fn seen(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

impl<T: Display> Seen for Lines<T> {
    fn seen(&self) -> Cow<'_, str> {
        let text = self.0.to_string();
        let lines = visible(text.trim_end(), LIMIT);
        Cow::Owned(lines.replace('\n', &format!("\n{INDENT}")))
    }
}

#[doc(hidden)]
#[derive(Debug)]
pub struct Value<'a, T: ?Sized>(pub &'a T);

impl<T: Seen + ?Sized> Display for Value<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.seen())
    }
}

/// Makes a [`Shown`] from a layout and values, as `format!` makes a
/// text. Every value is made visible; therefore it stands after the layout, never in it.
///
/// ```
/// use dualstack_scenario::shown;
///
/// let title = "a title\x1b]52;c;bHM=\x07\n::error::not one";
/// let shown = shown!("  {}\n", title);
/// assert_eq!(&*shown, "  a title\\u{1b}]52;c;bHM=\\u{7}\\n::error::not one\n");
/// ```
///
/// ```compile_fail
/// let title = "a title";
/// dualstack_scenario::shown!("  {title}\n");
/// ```
#[macro_export]
macro_rules! shown {
    ($layout:literal $(, $value:expr)* $(,)?) => {{
        const { $crate::shown::names_no_value($layout) };
        $crate::shown::Shown::formatted(
            format_args!($layout $(, $crate::shown::Value(&$value))*)
        )
    }};
}

/// Refuses a layout with a value in its braces, which would be shown as it is.
#[doc(hidden)]
pub const fn names_no_value(layout: &str) {
    let bytes = layout.as_bytes();
    let mut at = 0;
    while at + 1 < bytes.len() {
        if bytes[at] == b'{' {
            assert!(
                matches!(bytes[at + 1], b'{' | b'}' | b':'),
                "a value is written after the layout, where it is made visible"
            );
            at += 1;
        }
        at += 1;
    }
}

/// The text without what a CI service takes for a command in a job's log: `::error::` at
/// the start of a line; `##[error]`, `##vso[…]` anywhere.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if !text.contains("::") && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let mut harmless = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start();
        harmless.push_str(&line[..line.len() - rest.len()]);
        let rest = match rest.strip_prefix("::").filter(|after| is_command(after)) {
            Some(command) => {
                harmless.push_str("\\u{3a}:");
                command
            }
            None => rest,
        };
        without_brackets(rest, &mut harmless);
    }
    Cow::Owned(harmless)
}

/// JSON in which what is not seen, and what a CI service takes for a command, is written as
/// an escape: its values stay the same.
pub fn json(text: &str) -> Cow<'_, str> {
    let stays = |c: char| is_seen(c) || matches!(c, '\n' | '\t');
    if text.chars().all(stays) && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        // Both occur only within strings.
        if stays(c) && !(c == '#' && before == '#') {
            escaped.push(c);
        } else {
            let units = c.encode_utf16(&mut [0; 2]).to_vec();
            let units = units.iter();
            units.for_each(|unit| _ = write!(escaped, "\\u{unit:04x}"));
        }
        before = c;
    }
    Cow::Owned(escaped)
}

/// Whether this is a command behind its first colons: a name, perhaps with properties, and
/// two more colons (GitHub's runner, ActionCommand.cs). An address is none: `::1`,
/// `::ffff:127.0.0.1, then ::`.
fn is_command(after: &str) -> bool {
    let Some((command, _)) = after.split_once("::") else {
        return false;
    };
    let name = command.split(' ').next().unwrap_or_default();
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic() || c == '-')
}

/// Copies a line, with `##` before a bracket spelt out.
fn without_brackets(line: &str, to: &mut String) {
    let mut rest = line;
    while let Some(at) = rest.find("##") {
        let after = &rest[at + 2..];
        let word = after.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        to.push_str(&rest[..at]);
        to.push_str(if word.starts_with('[') {
            "#\\u{23}"
        } else {
            "##"
        });
        rest = after;
    }
    to.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("plain", "plain")]
    #[case("شبكة", "شبكة")]
    #[case("e\u{301} 網路 ✓ …", "e\u{301} 網路 ✓ …")]
    #[case("\"quoted\" \\n 'too'", "\"quoted\" \\n 'too'")]
    #[case("a\u{202e}b\u{2066}", "a\\u{202e}b\\u{2066}")]
    #[case("a\0b\x1b[31m\u{9b}1m\u{7f}", "a\\0b\\u{1b}[31m\\u{9b}1m\\u{7f}")]
    #[case(
        "\u{feff}\u{200b}\u{e0041}\u{ad}",
        "\\u{feff}\\u{200b}\\u{e0041}\\u{ad}"
    )]
    #[case("two\r\nlines\t", "two\\r\nlines\t")]
    fn what_is_not_seen_is_spelt_out(#[case] text: &str, #[case] seen: &str) {
        assert_eq!(visible(text, LIMIT), seen);
    }

    #[rstest]
    #[case("two\nlines\t", "two\\nlines\\t")]
    #[case("plain", "plain")]
    fn a_line_is_one_line(#[case] text: &str, #[case] seen: &str) {
        assert_eq!(line(text, LIMIT), seen);
    }

    #[rstest]
    #[case("0123456789", "0123456789")]
    #[case("0123456789a", "0123456789… (cut after 10 of 11 characters)")]
    #[case("ñandú ñandú", "ñandú ñand… (cut after 10 of 11 characters)")]
    fn what_is_long_is_cut(#[case] text: &str, #[case] seen: &str) {
        assert_eq!(visible(text, 10), seen);
    }

    #[test]
    fn values_are_visible_and_the_layout_is_the_programs() {
        let inner = shown!("{:>4}|", "\t");
        assert_eq!(&*shown!("a\n{}{{}}\n", inner), "a\n  \\t|{}\n");
        assert_eq!(&*shown!("{}!", Lines("a\n::b\x07\n")), "a\n    ::b\\u{7}!");
    }

    #[rstest]
    #[case("::error::x\n", "\\u{3a}:error::x\n")]
    #[case("::warning file=a,line=1::x", "\\u{3a}:warning file=a,line=1::x")]
    #[case(" ::,type=tcp6  ok\n", " ::,type=tcp6  ok\n")]
    #[case("::ffff:127.0.0.1, then ::", "::ffff:127.0.0.1, then ::")]
    #[case("ok\n  ::add-mask::x", "ok\n  \\u{3a}:add-mask::x")]
    #[case("::1\n::ffff:127.0.0.1, ::\n", "::1\n::ffff:127.0.0.1, ::\n")]
    #[case("std::net\n", "std::net\n")]
    #[case("a ##[group]b ##vso[x]", "a #\\u{23}[group]b #\\u{23}vso[x]")]
    #[case("## heading ##", "## heading ##")]
    fn a_log_finds_no_command(#[case] text: &str, #[case] log: &str) {
        assert_eq!(harmless(text), log);
    }

    #[test]
    fn json_keeps_its_values() {
        let value = "a\u{9b}2J \u{202e}b \u{1f980} \u{e0001} é ##[error] ## \u{7f}\n";
        let plain = serde_json::to_string(value).unwrap();
        let escaped = json(&plain);
        assert!(escaped.chars().all(is_seen), "{escaped}");
        assert!(!escaped.contains("##["), "{escaped}");
        assert!(escaped.contains('é'));
        assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), value);
    }
}
