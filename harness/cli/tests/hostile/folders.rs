//! Hostile folders and names of files.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::handled::handled;

const SOUND: &str =
    "title = \"t\"\nask = \"a\"\nsteps = [{ socket = \"s\", type = \"udp4\" }]\nanswer = \"ok\"\n";

fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn check(what: &str, path: &str, folder: &Path) -> (Option<i32>, String) {
    let handled = handled(what, &["check", path], folder);
    (handled.code, handled.said)
}

#[test]
fn links_that_lead_back_are_followed_once() {
    let folder = folder_with(&[("own/made.toml", SOUND)]);
    for link in ["one", "two", "three"] {
        symlink(".", folder.path().join("own").join(link)).unwrap();
    }
    let (code, said) = check("links", "own", folder.path());
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("1 scenario with 1 case"), "{said}");
}

/// A link that git carries would show what is in a file of the user.
#[test]
fn links_that_lead_out_of_a_folder_are_not_followed() {
    let folder = folder_with(&[("own/made.toml", SOUND), ("secret.toml", "TOKEN=secret123")]);
    let outside = folder.path().join("secret.toml");
    symlink(&outside, folder.path().join("own/link.toml")).unwrap();
    symlink("/proc/self/environ", folder.path().join("own/environ.toml")).unwrap();
    symlink(&outside, folder.path().join("own/claims.toml")).unwrap();
    symlink("/etc", folder.path().join("own/etc")).unwrap();
    let (code, said) = check("links out", "own", folder.path());
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("this link leads out of own"), "{said}");
    assert!(
        !said.contains("secret123") && !said.contains("PATH="),
        "{said}"
    );
    // The user may.
    let (_, said) = check("a named link", "own/link.toml", folder.path());
    assert!(said.contains("secret123"), "{said}");
}

/// What cannot be read is one mistake beside those of the other files.
#[test]
fn an_unreadable_file_hides_no_mistake() {
    let folder = folder_with(&[("own/wrong.toml", "title = 1")]);
    symlink("nowhere", folder.path().join("own/gone.toml")).unwrap();
    let arguments = ["check", "own", "missing.toml", "own/gone.toml"];
    let handled = handled("unreadable", &arguments, folder.path());
    let said = handled.said;
    assert_eq!(handled.code, Some(2), "{said}");
    for name in ["missing.toml", "own/gone.toml", "own/wrong.toml"] {
        assert!(said.contains(name), "{name}: {said}");
    }
    assert!(said.contains("a string, found a number"), "{said}");
}

#[test]
fn a_pipe_in_a_folder_is_no_scenario() {
    let folder = folder_with(&[("own/made.toml", SOUND)]);
    let pipe = folder.path().join("own/pipe.toml");
    assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
    assert_eq!(check("a pipe", "own", folder.path()).0, Some(0));
}

#[test]
fn an_endless_file_is_not_read_to_its_end() {
    let folder = folder_with(&[]);
    let (code, said) = check("/dev/zero", "/dev/zero", folder.path());
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("at most 1048576 bytes"), "{said}");
}

#[test]
fn two_files_with_one_id_are_named() {
    let folder = folder_with(&[("a/own/made.toml", SOUND), ("b/own/made.toml", SOUND)]);
    let arguments = ["check", "a", "b"];
    let handled = handled("two files", &arguments, folder.path());
    assert_eq!(handled.code, Some(2), "{}", handled.said);
    let both = "two scenarios are called `own/made`: a/own/made.toml and b/own/made.toml";
    assert!(handled.said.contains(both), "{}", handled.said);
}

#[test]
fn a_name_is_shown_as_text() {
    let names = [
        "\x1b]52;c;eA==\x07",
        "\u{202e}b",
        "\n::warning::x",
        "::add-mask::x",
    ];
    for name in names {
        let file = format!("{name}/{name}.toml");
        let folder = folder_with(&[(&file, SOUND), (&format!("wrong/{file}"), "x = 1")]);
        let at = |arguments: &[&str]| handled("a name", arguments, folder.path()).code;
        assert_eq!(at(&["list", name]), Some(0));
        assert_eq!(
            at(&["run", name, "--results", &format!("{name}.json")]),
            Some(0)
        );
        assert_eq!(at(&["check", "wrong"]), Some(2));
        assert_eq!(at(&["check", &format!("{name}-")]), Some(2));
        assert_eq!(at(&["list", "--id", name]), Some(2));
        assert_eq!(at(&[&format!("{name}-")]), Some(2));
        assert_eq!(at(&["run", "--on", name]), Some(2));
    }
}
