//! `fixtures/windows/wine`, with scripts in place of Wine: what it says when a program fails.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use rstest::rstest;

use crate::{root, stderr};

/// Makes a prefix, and fails as a program that lost its wineserver does.
const WINE: &str = "#!/bin/sh
system=$WINEPREFIX/drive_c/windows/system32
case $1 in
  --version) echo wine-8.0 ;;
  wineboot) mkdir -p \"$system\" && touch \"$system/bcryptprimitives.dll\" ;;
  cmd) ;;
  *) exit 1 ;;
esac
";

/// Answers whether it runs.
const WINESERVER: &str = "#!/bin/sh
case $1 in
  -p*) echo the server crashed ;;
  -k0) exit \"$GONE\" ;;
esac
";

#[rstest]
#[case::gone("1", true)]
#[case::there("0", false)]
fn the_end_of_wineserver_is_told(#[case] gone: &str, #[case] told: bool) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("wine64", WINE),
        ("wineserver", WINESERVER),
        ("program.exe", ""),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = std::env::var("PATH").unwrap();
    let output = Command::new(root().join("fixtures/windows/wine"))
        .arg(folder.path().join("program.exe"))
        .env("PATH", format!("{}:{path}", folder.path().display()))
        .env("DUALSTACK_CACHE", folder.path().join("cache"))
        .env("GONE", gone)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let said = stderr(&output);
    let tells = said.contains("wineserver has ended") && said.contains("the server crashed");
    assert_eq!(tells, told, "{said}");
}
