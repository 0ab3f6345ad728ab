//! Texts about sources, with links to the issues and the RFCs that they name.
//!
//! A file of source code is named with its function, and is no link: a link must lead to the
//! version that was read, and a text does not say which that was.

use std::fmt;

use askama::filters::Escaper;

use crate::text::Visible;

/// A piece of a text, with the address that it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    pub(crate) text: &'a str,
    pub(crate) link: Option<String>,
}

/// A text in pieces: together they are the text.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut plain, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        let start = rest.find(|c: char| !is_between(c)).unwrap_or(rest.len());
        at += start;
        let Some((length, link)) = link(&text[at..]) else {
            at += word(&text[at..]).len().max(1).min(text.len() - at);
            continue;
        };
        if plain < at {
            let text = &text[plain..at];
            pieces.push(Piece { text, link: None });
        }
        let named = &text[at..at + length];
        pieces.push(Piece {
            text: named,
            link: Some(link),
        });
        at += length;
        plain = at;
    }
    if plain < text.len() {
        let text = &text[plain..];
        pieces.push(Piece { text, link: None });
    }
    pieces
}

/// Every issue that a text names, with its address.
pub(crate) fn issues(text: &str) -> Vec<Piece<'_>> {
    let mut found = pieces(text);
    found.retain(|piece| piece.link.is_some() && piece.text.contains('#'));
    found
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || "(),;:".contains(c)
}

fn word(text: &str) -> &str {
    let end = text.find(is_between).unwrap_or(text.len());
    &text[..end]
}

/// The link that a text begins with: how long its name is, and where it leads.
fn link(text: &str) -> Option<(usize, String)> {
    let whole = word(text);
    if whole == "RFC" {
        return rfc(text);
    }
    let name = whole.trim_end_matches(['.', '?', '!']);
    Some((name.len(), issue(name)?))
}

/// `owner/repository#number`.
fn issue(name: &str) -> Option<String> {
    let (repository, number) = name.split_once('#')?;
    let (owner, name) = repository.split_once('/')?;
    let is_name = |text: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        !text.is_empty() && text.len() < 100 && text.chars().all(plain)
    };
    let is_number = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    (is_name(owner) && is_name(name) && is_number)
        .then(|| format!("https://github.com/{owner}/{name}/issues/{number}"))
}

/// `RFC 3493`, with its section if it names one.
fn rfc(text: &str) -> Option<(usize, String)> {
    let number = word(text.strip_prefix("RFC ")?).trim_end_matches('.');
    if number.is_empty() || !number.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let end = "RFC ".len() + number.len();
    let address = format!("https://www.rfc-editor.org/rfc/rfc{number}");
    let section = text[end..].strip_prefix(" section ").map(word);
    let section = section.map(|section| section.trim_end_matches('.'));
    match section.filter(|section| section.starts_with(|c: char| c.is_ascii_digit())) {
        Some(section) => Some((
            end + " section ".len() + section.len(),
            format!("{address}#section-{section}"),
        )),
        None => Some((end, address)),
    }
}

/// The HTML of a text with its links, everything else in it escaped: templates take it as
/// `safe`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Linked<'a>(pub(crate) &'a str);

impl fmt::Display for Linked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Piece { text, link } in pieces(self.0) {
            match link {
                None => Visible.write_escaped_str(&mut *f, text)?,
                Some(link) => {
                    f.write_str("<a href=\"")?;
                    Visible.write_escaped_str(&mut *f, &link)?;
                    f.write_str("\" rel=\"noreferrer\">")?;
                    Visible.write_escaped_str(&mut *f, text)?;
                    f.write_str("</a>")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Linked, pieces};
    use rstest::rstest;

    #[rstest]
    #[case::an_issue(
        "as in cilium/tetragon#4618.",
        &[("cilium/tetragon#4618", "https://github.com/cilium/tetragon/issues/4618")]
    )]
    #[case::an_rfc("RFC 4291", &[("RFC 4291", "https://www.rfc-editor.org/rfc/rfc4291")])]
    #[case::a_section(
        "RFC 3493 section 5.3 wants it",
        &[("RFC 3493 section 5.3", "https://www.rfc-editor.org/rfc/rfc3493#section-5.3")]
    )]
    #[case::a_file("Linux net/ipv6/udp.c, udpv6_sendmsg()", &[])]
    #[case::no_number("a/b#c, RFC x, RFC", &[])]
    #[case::any_text("é, ü: \u{202e}", &[])]
    fn what_texts_name_is_linked(#[case] text: &str, #[case] links: &[(&str, &str)]) {
        let pieces = pieces(text);
        let whole: String = pieces.iter().map(|piece| piece.text).collect();
        assert_eq!(whole, text);
        let found = pieces.iter();
        let found = found.filter_map(|piece| Some((piece.text, piece.link.as_deref()?)));
        assert_eq!(found.collect::<Vec<_>>(), links);
    }

    #[test]
    fn the_rest_is_escaped() {
        let shown = Linked("<b>\u{202e} a/b#1").to_string();
        assert_eq!(
            shown,
            "&#60;b&#62;\\u{202e} <a href=\"https://github.com/a/b/issues/1\" rel=\"noreferrer\">a/b#1</a>"
        );
    }
}
