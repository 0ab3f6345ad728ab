//! Texts of a results file as parts of a page, a path, a URL, a command.
//!
//! A results file may contain anything. What is shown of it is text: markup is escaped,
//! and [`mod@dualstack_scenario::shown`] spells out what would control the display.

use std::borrow::Cow;
use std::fmt::{self, Write};

pub use dualstack_scenario::shown::{LIMIT, line, visible};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The escaper of the page's templates.
#[derive(Clone, Copy, Debug, Default)]
pub struct Visible;

impl askama::filters::Escaper for Visible {
    fn write_escaped_str<W: Write>(&self, dest: W, string: &str) -> fmt::Result {
        askama::filters::Html.write_escaped_str(dest, &visible(string, LIMIT))
    }

    fn write_escaped_char<W: Write>(&self, dest: W, c: char) -> fmt::Result {
        self.write_escaped_str(dest, c.encode_utf8(&mut [0; 4]))
    }
}

/// A name that is safe in a path and in a URL, and unique for each text: if something had
/// to be replaced, a hash is added at its end.
pub fn slug(text: &str) -> String {
    const LONGEST: usize = 80;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    let mut slug: String = text
        .chars()
        .take(LONGEST)
        .map(|c| c.to_ascii_lowercase())
        .map(|c| if plain(c) { c } else { '-' })
        .collect();
    if slug != text || slug.is_empty() || is_device(&slug) {
        _ = write!(slug, "-{:08x}", fnv(text));
    }
    slug
}

/// Whether Windows takes a file with this name for a device.
fn is_device(name: &str) -> bool {
    match name.as_bytes() {
        b"con" | b"prn" | b"aux" | b"nul" => true,
        [b'c', b'o', b'm', digit] | [b'l', b'p', b't', digit] => digit.is_ascii_digit(),
        _ => false,
    }
}

/// FNV-1a: small, and the same on every machine and in every version.
fn fnv(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// The name of a case or column in a URL's fragment: itself, unless it contains
/// unsuitable characters.
pub fn key(id: &str) -> Cow<'_, str> {
    const LONGEST: usize = 200;
    if id.len() <= LONGEST && visible(id, LONGEST) == id {
        Cow::Borrowed(id)
    } else {
        Cow::Owned(slug(id))
    }
}

/// A text as a value in a URL's query or fragment.
pub fn percent(text: &str) -> String {
    const REST: AsciiSet = NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'~')
        .remove(b'/')
        .remove(b':');
    utf8_percent_encode(text, &REST).to_string()
}

/// A text as one word of a POSIX shell.
pub fn shell(text: &str) -> Cow<'_, str> {
    let quoted = shlex::Quoter::new().allow_nul(true).quote(text);
    quoted.expect("only a NUL can be refused")
}

/// A topic as a heading: `mapped-peer` is "Mapped peer".
pub(crate) fn heading(topic: &str) -> String {
    let words = topic.split('-').map(|word| match word {
        "ipv4" => "IPv4",
        "ipv6" => "IPv6",
        "tcp" => "TCP",
        "udp" => "UDP",
        "v6only" => "IPV6_V6ONLY",
        word => word,
    });
    let heading = words.collect::<Vec<_>>().join(" ");
    let mut rest = heading.chars();
    match rest.next() {
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => "Other".to_owned(),
    }
}

/// A number with its noun.
pub fn count(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

#[cfg(test)]
mod tests {
    use super::{key, percent, shell, slug};
    use rstest::rstest;

    #[rstest]
    #[case("mapped-peer", "mapped-peer")]
    #[case("A", "a-c40bf6cc")]
    #[case("../../etc/passwd", "------etc-passwd-6fadc99a")]
    #[case("", "-811c9dc5")]
    #[case::a_device_of_windows("con", "con-f08dd14b")]
    #[case::no_device("com", "com")]
    fn slugs_stay_in_their_folder(#[case] text: &str, #[case] name: &str) {
        assert_eq!(slug(text), name);
        assert_eq!(slug(name), name, "a slug is its own");
    }

    #[test]
    fn long_texts_have_short_names_of_their_own() {
        let (a, b) = ("x".repeat(100_000), "x".repeat(100_001));
        assert!(slug(&a).len() < 100);
        assert_ne!(key(&a), key(&b));
    }

    #[rstest]
    #[case("a b&c=d#é", "a%20b%26c%3Dd%23%C3%A9")]
    fn urls_hold_any_text(#[case] text: &str, #[case] encoded: &str) {
        assert_eq!(percent(text), encoded);
    }

    #[rstest]
    #[case("v6only-option/default", "v6only-option/default")]
    #[case("a b", "'a b'")]
    #[case("$(reboot)'", r#"'$(reboot)'"'""#)]
    #[case("=ls", "'=ls'")]
    #[case("", "''")]
    fn shells_hold_any_text(#[case] text: &str, #[case] word: &str) {
        assert_eq!(shell(text), word);
    }
}
