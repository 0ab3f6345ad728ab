//! Claims of one's own, in a `claims.toml` beside the scenarios.

use rstest::rstest;

use crate::{dualstack, folder_with, scenario, stderr, stdout};

const CLAIMS: &str = r#"
[document]
id = "handbook"
title = "Our handbook"
publisher = "us"
url = "https://example.org/handbook"
date = "2026-01-01"

[[claim]]
id = "HB-1"
title = "A socket can be made"
text = "Any program can make an IPv4 socket."
document = "handbook"
section = "1"
"#;

fn with_claim(id: &str) -> String {
    scenario(&format!("[claims]\n{id} = \"ok\"\n"))
}

#[test]
fn a_folder_can_have_its_own_claims() {
    let folder = folder_with(&[
        ("own/claims.toml", CLAIMS.to_owned()),
        ("own/made.toml", with_claim("HB-1")),
    ]);
    let output = dualstack(&["run", "own", "--full"], folder.path());
    let shown = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{shown}{}", stderr(&output));
    assert!(shown.contains("HB-1"), "{shown}");
    assert!(!shown.contains("DS-01"), "{shown}");
}

#[rstest]
#[case::unknown(&[("own/made.toml", with_claim("DS-99"))], "no claim is called `DS-99`")]
#[case::misspelled(
    &[("own/claims.toml", CLAIMS.to_owned()), ("own/made.toml", with_claim("HB-2"))],
    "did you mean `HB-1`?"
)]
#[case::a_mistake_in_the_catalogue(
    &[("own/claims.toml", CLAIMS.replace("section", "sction")), ("own/made.toml", with_claim("HB-1"))],
    "unknown field `sction`"
)]
#[case::two_catalogues(
    &[
        ("own/claims.toml", CLAIMS.to_owned()),
        ("own/more/claims.toml", CLAIMS.to_owned()),
        ("own/made.toml", with_claim("HB-1")),
    ],
    "two catalogues"
)]
fn a_claim_must_be_in_the_catalogue(#[case] files: &[(&str, String)], #[case] said: &str) {
    let folder = folder_with(files);
    let output = dualstack(&["check", "own"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains(said), "{}", stderr(&output));
}

/// A file that is not text hides no mistake in another.
#[test]
fn every_file_is_checked() {
    let folder = folder_with(&[("own/wrong.toml", with_claim("DS-99"))]);
    std::fs::write(folder.path().join("own/binary.toml"), b"title = \"\xff\"\n").unwrap();
    let said = stderr(&dualstack(&["check", "own"], folder.path()));
    for part in ["this byte is not UTF-8", "DS-99", "2 problems"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}
