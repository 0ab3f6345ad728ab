//! `dualstack reference`: the reference page, of the language and of the command.

use std::fmt::Write;
use std::process::ExitCode;
use std::time::Duration;

use dualstack_agent::Limits;
use dualstack_lab::Terms;
use dualstack_scenario::shown::Shown;

use crate::failure::{Failure, exit};

/// What each exit code means.
const EXIT_CODES: [(u8, &str); 4] = [
    (
        exit::AS_EXPECTED,
        "every answer is as expected, known, observed or not supported; or there was nothing to compare",
    ),
    (
        exit::DIFFERS,
        "an answer differs from what is expected, or from what was approved (`--against`); for `diff`, an answer changed; for `accept`, a change was left",
    ),
    (
        exit::BAD_INPUT,
        "a scenario, a results file or the command line is invalid",
    ),
    (
        exit::HARNESS_FAILED,
        "something broke: an answer is missing, a platform did not start, a file or the output could not be written, or the run was interrupted",
    ),
];

/// Every environment variable that the command, its tests and its scripts read or set.
const VARIABLES: [(&str, &str); 13] = [
    (
        "`COLUMNS`",
        "the width of the output; default: that of the terminal, or 80",
    ),
    (
        "`NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE`",
        "colour, as <https://no-color.org> and <https://bixense.com/clicolors> define them; default: colour in a terminal",
    ),
    (
        "`DUALSTACK_CACHE`",
        "the directory for kernels, Wine's prefix and the records of what a run has made; default: `dualstack` in `XDG_CACHE_HOME` or `~/.cache`",
    ),
    (
        "`DUALSTACK_STATIC_AGENT`",
        "the agent for containers, gVisor and virtual machines; default: see [the agent](platforms.md#the-agent)",
    ),
    (
        "`DUALSTACK_WINDOWS_AGENT`",
        "the agent for Wine; default: built in a clone",
    ),
    (
        "`DUALSTACK_WINE_TIMEOUT`",
        "how long a program may run under Wine, in seconds; default: 60, and in a run the deadlines of the harness alone",
    ),
    (
        "`DUALSTACK_DEBIAN_MIRROR`",
        "for `setup vm`, the mirror that kernels come from; default: the one that apt uses",
    ),
    (
        "`DUALSTACK_DEBIAN_KEYRING`",
        "for `setup vm`, the keys that the mirror's index is signed with; default: those of Debian's package",
    ),
    (
        "`DUALSTACK_ACCEPT`",
        "`1`: the tests of a crate with `dualstack-test` write their answers to `approved.json`",
    ),
    (
        "`DUALSTACK_STARTED_BY`",
        "set by a run for what it starts, so that it is found if the run is killed",
    ),
    (
        "`DUALSTACK_WATCHES`",
        "set by a command for its reaper: the process that it watches",
    ),
    (
        "`DUALSTACK_DEMAND`",
        "for the tests: with `1`, what is not set up here fails instead of being ignored",
    ),
    (
        "`TMPDIR`",
        "where sockets, disks and sandboxes of a run are; gVisor must be able to enter it as another user",
    ),
];

pub(super) fn reference() -> Result<ExitCode, Failure> {
    let mut page = dualstack_scenario::reference::page();
    exit_codes(&mut page);
    variables(&mut page);
    deadlines(&mut page);
    super::print(Shown::trusted(page))?;
    Ok(ExitCode::SUCCESS)
}

fn exit_codes(page: &mut String) {
    page.push_str("\n## Exit codes\n\n| code | means |\n| --- | --- |\n");
    for (code, means) in EXIT_CODES {
        _ = writeln!(page, "| {code} | {means} |");
    }
    page.push_str("\nIf a run has both, 3 goes before 1.\n");
}

fn variables(page: &mut String) {
    page.push_str("\n## Environment variables\n\n| variable | means |\n| --- | --- |\n");
    for (names, means) in VARIABLES {
        _ = writeln!(page, "| {names} | {means} |");
    }
}

fn deadlines(page: &mut String) {
    let (terms, limits) = (Terms::default(), Limits::default());
    let seconds = |time: Duration| format!("{} s", time.as_secs());
    let (start, answer, end) = (
        seconds(terms.start),
        format!("{} and the time of its calls", seconds(terms.case)),
        seconds(terms.end),
    );
    let case = seconds(limits.case);
    let rows = [
        (
            "a call that may wait",
            "2 s, on Windows 6 s",
            "`within` of the step, up to 5 s",
        ),
        ("`poll`", "0", "`timeout` of the step, up to 5 s"),
        ("the calls of a case together", &case, "no"),
        ("an agent's start", &start, "no"),
        ("an agent's answer to a case", &answer, "no"),
        ("an agent's end", &end, "no"),
        ("a run", "none", "`--timeout`"),
    ];
    page.push_str(
        "
## Deadlines

On an idle machine; on a busy one the harness waits up to ten times as long for an agent, and says so.

| of | deadline | can be changed |
| --- | --- | --- |
",
    );
    for (of, deadline, changed) in rows {
        _ = writeln!(page, "| {of} | {deadline} | {changed} |");
    }
    page.push_str("\nThe bounds of agents and results files are in [security](security.md).\n");
}
