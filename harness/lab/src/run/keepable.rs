//! What of an agent's line cannot be kept: a results file with it could not be read again, and
//! the answers of all other platforms in it would be lost.

use dualstack_agent::protocol::Reply;

/// The longest text, in bytes of JSON. A results file may have twice as long ones, and some
/// texts are put together.
const TEXT: usize = 512 << 10;

/// The most ways in which a state was set up, calls that show it, and settings.
const LIST: usize = 1_000;

/// What there is too much of in a line, and in what it says.
pub(crate) fn too_much(line: &str, reply: &Reply) -> Option<String> {
    let text = longest_text(line);
    if text > TEXT {
        let (text, most) = (text >> 10, TEXT >> 10);
        return Some(format!(
            "a text of {text} KiB; the longest may have {most} KiB"
        ));
    }
    let list = match reply {
        Reply::Ready(ready) => ready
            .means
            .len()
            .max(ready.probes.len())
            .max(ready.settings.len()),
        Reply::Cannot(cannot) => cannot.probes.len(),
        Reply::Hello(_)
        | Reply::Observed { .. }
        | Reply::Stepped { .. }
        | Reply::Finished
        | Reply::Done { .. }
        | Reply::Refused { .. } => 0,
    };
    (list > LIST).then(|| format!("a list of {list} entries; a state has at most {LIST}"))
}

/// How long the longest text of a line of JSON is.
fn longest_text(line: &str) -> usize {
    let (mut longest, mut length, mut inside, mut escaped) = (0, 0, false, false);
    for byte in line.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = inside,
            b'"' => {
                longest = longest.max(length);
                (inside, length) = (!inside, 0);
                continue;
            }
            _ => {}
        }
        length += usize::from(inside);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::longest_text;
    use rstest::rstest;

    #[rstest]
    #[case("", 0)]
    #[case(r#"{"a": 1234567}"#, 1)]
    #[case(r#"{"a": "four", "b": ["seven77"]}"#, 7)]
    #[case(r#"["a\"b"]"#, 4)]
    #[case(r#"["\\", "x"]"#, 2)]
    fn texts_are_measured_as_they_are_written(#[case] line: &str, #[case] longest: usize) {
        assert_eq!(longest_text(line), longest);
    }
}
