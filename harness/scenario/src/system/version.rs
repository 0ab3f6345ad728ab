//! Versions of systems, and the bounds of a selector.
//!
//! Only as many numbers of a version as the bound has are compared: 6.18.44 is `<= 6.18`.

use std::ops::Range;

use semver::{Comparator, Op, Version};

/// Reads the numbers at the start of a version: `6.1.0-13-amd64` is 6.1.0. Missing ones
/// are 0, and everything after the third is ignored.
pub(super) fn parse(text: &str) -> Option<Version> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let mut numbers = text[..end].trim_end_matches('.').split('.');
    let mut next = || numbers.next().unwrap_or("0").parse().ok();
    Some(Version::new(next()?, next()?, next()?))
}

/// Reads a bound: `>= 3.18`. Other operators, and versions with anything but numbers, are
/// invalid.
pub(super) fn bound(text: &str) -> Option<Comparator> {
    let numbers = text.trim_start_matches(['<', '>', '=']);
    let plain = |c: char| c.is_ascii_digit() || " .".contains(c);
    let is_bound = numbers != text && numbers.chars().all(plain);
    Comparator::parse(text).ok().filter(|_| is_bound)
}

/// The bound as written in a scenario, with a space after its operator.
pub(super) fn written(bound: &Comparator) -> String {
    let text = bound.to_string();
    let sign = text.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    format!("{sign} {}", &text[sign.len()..])
}

/// The versions that fit all of these bounds; empty if it ends before it starts.
pub(super) fn range(bounds: &[Comparator]) -> Range<Version> {
    let everything = Version::new(0, 0, 0)..Version::new(u64::MAX, u64::MAX, u64::MAX);
    bounds.iter().fold(everything, |range, bound| {
        let (first, after) = meant(bound);
        match bound.op {
            Op::Less => range.start..range.end.min(first),
            Op::LessEq => range.start..range.end.min(after),
            Op::GreaterEq => range.start.max(first)..range.end,
            Op::Greater => range.start.max(after)..range.end,
            _ => range.start.max(first)..range.end.min(after),
        }
    })
}

/// The first version that a bound's numbers mean, and the first after those: 6.18.0 and
/// 6.19.0 for 6.18.
fn meant(bound: &Comparator) -> (Version, Version) {
    let first = |major, minor, patch| Version::new(major, minor, patch);
    let next = |number: u64| number.saturating_add(1);
    let major = bound.major;
    match (bound.minor, bound.patch) {
        (None, _) => (first(major, 0, 0), first(next(major), 0, 0)),
        (Some(minor), None) => (first(major, minor, 0), first(major, next(minor), 0)),
        (Some(minor), Some(patch)) => {
            (first(major, minor, patch), first(major, minor, next(patch)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{bound, parse, written};
    use rstest::rstest;

    #[rstest]
    #[case("6.18.44-cloud-amd64", "6.18.44")]
    #[case("14.1-RELEASE", "14.1.0")]
    #[case("8", "8.0.0")]
    #[case("20260101.0", "20260101.0.0")]
    #[case("10.0.26100.1742", "10.0.26100")]
    #[case("5.15.", "5.15.0")]
    fn versions_begin_with_numbers(#[case] text: &str, #[case] version: &str) {
        assert_eq!(parse(text).unwrap().to_string(), version);
    }

    #[rstest]
    fn a_text_without_numbers_is_no_version(#[values("", "rolling", ".1", "6..1")] text: &str) {
        assert_eq!(parse(text), None);
    }

    #[rstest]
    #[case("< 6", "< 6")]
    #[case("<=6.18", "<= 6.18")]
    #[case(">=  10.0.26100", ">= 10.0.26100")]
    #[case("= 14", "= 14")]
    fn bounds_are_written_as_they_are_read(#[case] text: &str, #[case] again: &str) {
        assert_eq!(written(&bound(text).unwrap()), again);
    }

    #[rstest]
    fn other_requirements_are_no_bounds(
        #[values(
            "6",
            "~ 6",
            "^6",
            "=> 6",
            "= 6.*",
            ">= 6.1.0-rc1",
            ">= 10.0.26100.1",
            ">= 6 5"
        )]
        text: &str,
    ) {
        assert_eq!(bound(text), None);
    }
}
