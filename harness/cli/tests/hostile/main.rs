//! Files from anywhere: whatever a scenario or a results file contains, the command ends
//! soon, needs little memory, and nothing in the file reaches the terminal, a log or a
//! spreadsheet as anything but text.

mod folders;
mod handled;
#[path = "../program/mod.rs"]
mod program;
mod results;
mod scenarios;

/// Texts that do something where they are shown as they are, as the TOML and JSON escapes
/// of a string.
const ACTIVE: [(&str, &str); 7] = [
    ("the clipboard", r"\u001b]52;c;cm0gLXJmIH4=\u0007"),
    ("a cleared screen", r"\u001b[2J\u001b[H"),
    ("a C1 sequence", r"\u009b2J"),
    ("reversed text", r"a\u202eb\u2066c"),
    ("invisible text", r"a\u200bb\ufeffc\u0000"),
    ("a command of a workflow", r"x\n::warning::it is nothing"),
    ("a command in a line", r"::add-mask::e ##[error]x\r"),
];
