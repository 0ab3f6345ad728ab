//! How the command handles a file.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use wait_timeout::ChildExt;

use crate::program::program;

/// How long a command may take: all of them, one after another, take a few seconds.
const TIME: Duration = Duration::from_secs(10);
/// How much memory it may need, in KiB.
#[cfg(target_os = "linux")]
const MEMORY: i64 = 200 * 1024;

/// The exit code of a command, and all that it printed.
pub(crate) struct Handled {
    pub(crate) code: Option<i32>,
    pub(crate) said: String,
}

/// Runs the command, and checks what holds for any file: it ends in time, does not crash,
/// and prints nothing but text.
pub(crate) fn handled(what: &str, arguments: &[&str], folder: &Path) -> Handled {
    let file = tempfile::tempfile_in(folder).unwrap();
    let mut child = Command::new(program())
        .args(arguments)
        .current_dir(folder)
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .stdout(file.try_clone().unwrap())
        .stderr(file.try_clone().unwrap())
        .spawn()
        .unwrap();
    let Some(status) = child.wait_timeout(TIME).unwrap() else {
        child.kill().unwrap();
        child.wait().unwrap();
        panic!("{what}: {arguments:?} takes more than {TIME:?}");
    };
    let said = written(file);
    let code = status.code();
    assert!(
        matches!(code, Some(0..=3)),
        "{what}: {arguments:?} ends with {status}: {}",
        said.escape_debug()
    );
    within_memory(what, arguments);
    is_text(what, &said);
    is_no_command(what, &said);
    Handled { code, said }
}

fn written(mut file: File) -> String {
    use std::io::{Seek, SeekFrom};
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0)).unwrap();
    file.read_to_end(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// The most that any child of this process needed so far, so the first that needs too
/// much is named.
#[cfg(target_os = "linux")]
fn within_memory(what: &str, arguments: &[&str]) {
    use nix::sys::resource::{UsageWho, getrusage};
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    assert!(
        usage.max_rss() < MEMORY,
        "{what}: {arguments:?} needs {} MiB",
        usage.max_rss() / 1024
    );
}

#[cfg(not(target_os = "linux"))]
fn within_memory(_: &str, _: &[&str]) {}

/// Checks that a text steers no terminal.
pub(crate) fn is_text(what: &str, text: &str) {
    let wrong = text.chars().find(|c| !"\n\t".contains(*c) && is_active(*c));
    assert_eq!(wrong, None, "{what}: {}", text.escape_debug());
}

/// Checks that no line is a command in a job's log.
fn is_no_command(what: &str, text: &str) {
    for line in text.lines() {
        let start = line.trim();
        let command = ["::warning::", "::add-mask::"]
            .iter()
            .any(|command| start.starts_with(command));
        assert!(
            !command && !line.contains("##["),
            "{what}: a command in a log: {line}"
        );
    }
}

/// Controls, and what is not seen or reorders text.
fn is_active(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
