//! Programs under test: the batteries say of servers whose behaviour is known what they are,
//! and programs that misbehave are ended.
//!
//! Without Python or a network namespace the tests are ignored. With `DUALSTACK_DEMAND=1`
//! they fail.

#[cfg(target_os = "linux")]
#[path = "left/processes.rs"]
mod processes;
#[cfg(target_os = "linux")]
mod program;
use std::process::ExitCode;

use libtest_mimic::Arguments;

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    libtest_mimic::run(&Arguments::from_args(), Vec::new()).exit_code()
}

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    linux::main(&Arguments::from_args())
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;
    use std::fs;
    use std::io::{BufRead, BufReader};
    use std::path::{Path, PathBuf};
    use std::process::{Command, ExitCode, Output, Stdio};
    use std::time::{Duration, Instant};

    use libtest_mimic::{Arguments, Trial};

    use crate::processes::{names_in, processes};
    use crate::program::program;
    use dualstack_test::ignored::{Started, demanded};

    const PYTHON: &str = "/usr/bin/python3";

    /// How long everything may take to end after its command was killed.
    const MOMENT: Duration = Duration::from_secs(20);

    /// A server, and what is found to be wrong with it, by the case.
    type Known = (&'static str, &'static [(&'static str, &'static str)]);

    const TCP: &[Known] = &[
        ("good", &[]),
        (
            "ipv4_only",
            &[
                ("opens/both families", "tcp4 0.0.0.0"),
                ("opens/net.ipv6.bindv6only = 1", "tcp4 0.0.0.0"),
                ("opens/IPv4 refused (EAFNOSUPPORT)", "ended: exit 1"),
                ("opens/no IPv4 address", "tcp4 0.0.0.0"),
                ("port-taken/[::] with IPV6_V6ONLY", "runs with tcp4 0.0.0.0"),
                ("ipv6-client", "ECONNREFUSED"),
            ],
        ),
        (
            "ipv6_only",
            &[
                ("opens/both families", "tcp6 :: (IPV6_V6ONLY)"),
                ("opens/net.ipv6.bindv6only = 1", "tcp6 :: (IPV6_V6ONLY)"),
                ("opens/IPv6 refused (EAFNOSUPPORT)", "ended: exit 1"),
                ("opens/IPv6 off (disable_ipv6 = 1)", "tcp6 :: (IPV6_V6ONLY)"),
                ("port-taken/0.0.0.0", "runs with tcp6 :: (IPV6_V6ONLY)"),
                ("ipv4-client", "ECONNREFUSED"),
            ],
        ),
        ("two_sockets", &[]),
        ("tries_again", &[]),
        (
            "logs_mapped",
            &[("ipv4-client", "taken, logged as ::ffff:127.0.0.2")],
        ),
        (
            "follows_bindv6only",
            &[
                ("opens/net.ipv6.bindv6only = 1", "tcp6 :: (IPV6_V6ONLY)"),
                ("opens/IPv6 refused (EAFNOSUPPORT)", "ended: exit 1"),
            ],
        ),
        (
            "needs_ipv6",
            &[("opens/IPv6 refused (EAFNOSUPPORT)", "ended: exit 1")],
        ),
        (
            "half_is_enough",
            &[
                ("port-taken/0.0.0.0", "runs with tcp6 :: (IPV6_V6ONLY)"),
                ("port-taken/[::] with IPV6_V6ONLY", "runs with tcp4 0.0.0.0"),
            ],
        ),
        (
            "crashes_if_taken",
            &[
                ("port-taken/0.0.0.0", "ended: SIGSEGV"),
                ("port-taken/[::] with IPV6_V6ONLY", "ended: SIGSEGV"),
                ("port-taken/[::] in both families", "ended: SIGSEGV"),
            ],
        ),
        (
            "runs_without",
            &[
                ("port-taken/0.0.0.0", "runs without a socket"),
                ("port-taken/[::] with IPV6_V6ONLY", "runs without a socket"),
                ("port-taken/[::] in both families", "runs without a socket"),
            ],
        ),
        (
            "long_addresses",
            &[(
                "ipv6-client",
                "taken, logged as 2001:0db8:0000:0000:0000:0000:0000:0002",
            )],
        ),
        ("daemonizes", &[]),
    ];

    /// Servers with a list of clients.
    const LISTS: &[Known] = &[
        ("list_of_values", &[]),
        (
            "list_of_texts",
            &[("allow-list", "refuses the client in the list")],
        ),
        (
            "list_that_is_ignored",
            &[("allow-list", "takes a client that is not in the list")],
        ),
    ];

    const UDP: &[Known] = &[
        ("udp_good", &[]),
        (
            "udp_wrong",
            &[
                ("udp-reply/IPv4", "from 198.51.100.1"),
                ("udp-reply/IPv6", "from 2001:db8::1"),
            ],
        ),
        (
            "udp_silent",
            &[
                ("udp-reply/IPv4", "no reply"),
                ("udp-reply/IPv6", "no reply"),
            ],
        ),
    ];

    const NO_FALLBACK: (&str, &str) = ("way/IPv6 is lost on the way", "not in 5 s: 2001:db8::2");

    const CLIENTS: &[Known] = &[
        ("happy", &[]),
        ("in_turn", &[NO_FALLBACK]),
        (
            "first_only",
            &[
                ("way/server with IPv4 alone", "not in 5 s: 2001:db8::2"),
                NO_FALLBACK,
                ("names/AAAA leads elsewhere", "not in 5 s: 2001:db8::12"),
                (
                    "names/the first of two AAAA leads elsewhere",
                    "not in 5 s: 2001:db8::2",
                ),
                ("localhost/127.0.0.1 alone", "not in 5 s: ::1"),
            ],
        ),
        (
            "prefers_ipv4",
            &[
                ("way/server with both families", "over IPv4: 198.51.100.2"),
                ("way/IPv4 is lost on the way", "not in 5 s: 198.51.100.2"),
                (
                    "way/IPv4 refused (EAFNOSUPPORT)",
                    "not in 5 s, without an attempt",
                ),
            ],
        ),
        (
            "ipv4_only",
            &[
                ("way/server with both families", "over IPv4: 198.51.100.2"),
                ("way/server with IPv6 alone", "not in 5 s: 198.51.100.2"),
                ("way/IPv4 is lost on the way", "not in 5 s: 198.51.100.2"),
                (
                    "way/IPv4 refused (EAFNOSUPPORT)",
                    "not in 5 s, without an attempt",
                ),
                ("names/AAAA alone", "not in 5 s, without an attempt"),
                ("names/A leads elsewhere", "not in 5 s: 198.51.100.12"),
                (
                    "names/the first of two AAAA leads elsewhere",
                    "not in 5 s, without an attempt",
                ),
                ("literals/2001:db8::2", "not in 3 s, without an attempt"),
                (
                    "literals/2001:DB8:0:0:0:0:0:2",
                    "not in 3 s, without an attempt",
                ),
                (
                    "literals/2001:db8::0.0.0.2",
                    "not in 3 s, without an attempt",
                ),
                ("literals/fe80::5:2%link", "not in 3 s, without an attempt"),
                // glibc takes `::1 localhost` for 127.0.0.1 too.
                ("localhost/[::1] alone", "not in 5 s: 127.0.0.1 + 127.0.0.1"),
            ],
        ),
        (
            "refuses_zones",
            &[
                NO_FALLBACK,
                ("literals/fe80::5:2%link", "not in 3 s, without an attempt"),
            ],
        ),
        (
            "confused_by_mapped",
            &[
                NO_FALLBACK,
                (
                    "names/AAAA: an IPv4-mapped address",
                    "not in 5 s, without an attempt",
                ),
                (
                    "literals/::ffff:198.51.100.2",
                    "not in 3 s, without an attempt",
                ),
            ],
        ),
        (
            "wants_both",
            &[
                NO_FALLBACK,
                (
                    "way/IPv6 refused (EAFNOSUPPORT)",
                    "not in 5 s, without an attempt",
                ),
                ("names/AAAA alone", "not in 5 s, without an attempt"),
                ("names/A alone", "not in 5 s, without an attempt"),
                (
                    "names/AAAA is never answered",
                    "not in 5 s, without an attempt",
                ),
                ("names/AAAA: SERVFAIL", "not in 5 s, without an attempt"),
                (
                    "names/the first of two AAAA leads elsewhere",
                    "not in 5 s, without an attempt",
                ),
            ],
        ),
    ];

    /// Programs that misbehave, and how their case ends.
    const HOSTILE: &[(&str, &str)] = &[
        ("daemonizes", "1 open, exit 0"),
        ("ignores_sigterm", "1 open, hangs"),
        ("forks", "0 open, SIGKILL"),
        ("floods", "0 open, SIGKILL"),
        ("takes_memory", "0 open, SIGKILL"),
        ("never_ready", "0 open, hangs"),
        ("crashes", "0 open, SIGSEGV"),
        ("exits", "0 open, exit 0"),
        ("late", "1 open, hangs"),
    ];

    pub(super) fn main(arguments: &Arguments) -> ExitCode {
        let started = Started::with(arguments);
        let unsupported = missing();
        let ignored = started.ignored && !demanded() && unsupported.is_some();
        let known: [(&str, fn()); 4] = [
            ("clients are told for what they are", || {
                programs_are(&CLIENT, CLIENTS, &[], &[]);
            }),
            ("servers over TCP are told for what they are", || {
                programs_are(&SERVER, TCP, &[], &[]);
            }),
            (
                "servers with a list of clients are told for what they are",
                || {
                    programs_are(&SERVER, LISTS, &[], &["{allow}"]);
                },
            ),
            ("servers over UDP are told for what they are", || {
                programs_are(&SERVER, UDP, &["--udp"], &[]);
            }),
        ];
        let hostile = HOSTILE.iter().map(|(kind, end)| {
            let name = format!("a program that misbehaves is ended: {kind}");
            (
                name,
                Box::new(|| misbehaves(kind, end)) as Box<dyn FnOnce() + Send>,
            )
        });
        let others: [(&str, fn()); 5] = [
            ("a case has names of its own", names_are_its_own),
            (
                "nothing is left when the command is killed",
                nothing_is_left,
            ),
            ("programs are started only if allowed", only_if_allowed),
            ("a program that is not there is not supported", not_there),
            (
                "a program starts in the folder that is named",
                in_its_folder,
            ),
        ];
        let others = known
            .into_iter()
            .chain(others)
            .map(|(name, test)| (name.to_owned(), Box::new(test) as Box<dyn FnOnce() + Send>));
        let trials = hostile.chain(others).map(|(name, test)| {
            let why = unsupported.clone();
            let trial = Trial::ignorable_test(name, move || match why {
                None => {
                    test();
                    Ok(libtest_mimic::Completion::Completed)
                }
                Some(why) => started.ignore(&why, demanded()),
            });
            trial.with_ignored_flag(ignored)
        });
        libtest_mimic::run(arguments, trials.collect()).exit_code()
    }

    /// The call of the agent itself asks the lab's server too, and no other name is asked for.
    fn names_are_its_own() {
        const NAMES: &str = r#"
title = "Names"
ask = "What do they mean?"
rows = [
  { name = "both", of = "both.test" },
  { name = "IPv6", of = "six.test" },
  { name = "failed", of = "failed.test" },
  { name = "none", of = "none.test" },
  { name = "localhost", of = "localhost" },
  { name = "another", of = "example.com" },
]
steps = [
  { getaddrinfo = "{of}", type = "SOCK_STREAM", result = "any", save = "found" },
]
answer = "{found}"
[dns."both.test"]
a = ["192.0.2.1", "192.0.2.2"]
aaaa = "2001:db8::1"
[dns."six.test"]
aaaa = "2001:db8::6"
a_after = 100
[dns."failed.test"]
a = "SERVFAIL"
aaaa = "SERVFAIL"
[dns."none.test"]
"#;
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("own")).unwrap();
        fs::write(folder.path().join("own/names.toml"), NAMES).unwrap();
        for on in ["netns", "host"] {
            let output = dualstack(
                folder.path(),
                &["run", "own", "--on", on, "--format", "jsonl"],
            );
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            let answers = String::from_utf8(output.stdout).unwrap();
            let cell = |row: &str| {
                let mut lines = answers.lines().map(|line| {
                    let cell: serde_json::Value = serde_json::from_str(line).unwrap();
                    cell
                });
                let case = format!("own/names/{row}");
                let cell = lines.find(|cell| cell["case"] == case.as_str()).unwrap();
                let text = |key: &str| cell[key].as_str().unwrap_or_default().to_owned();
                text("answer") + &text("why")
            };
            // In which order addresses of one family come is nobody's promise.
            let both = cell("both");
            for address in ["2001:db8::1", "192.0.2.1", "192.0.2.2"] {
                assert!(
                    both.split(" + ").any(|found| found == address),
                    "{both}: {told}"
                );
            }
            assert_eq!(cell("IPv6"), "2001:db8::6");
            assert_eq!(cell("failed"), "EAI_AGAIN");
            assert_eq!(cell("none"), "EAI_NODATA");
            assert_eq!(cell("localhost"), "::1 + 127.0.0.1");
            assert!(
                cell("another").contains("example.com"),
                "{}",
                cell("another")
            );
        }
    }

    /// What these tests need and this machine does not have.
    fn missing() -> Option<String> {
        let root = nix::unistd::geteuid().is_root();
        let mut unshare = Command::new("unshare");
        unshare.args((!root).then_some("--map-root-user"));
        unshare.args(["--net", "true"]).stderr(Stdio::null());
        if !unshare.status().is_ok_and(|status| status.success()) {
            return Some("a network namespace".to_owned());
        }
        let python = Path::new(PYTHON).exists();
        (!python).then(|| PYTHON.to_owned())
    }

    /// The programs whose behaviour is known.
    fn fixture(name: &str) -> PathBuf {
        let package = std::env::var_os("CARGO_MANIFEST_DIR")
            .unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let fixtures = Path::new(&package).join("../../fixtures/programs");
        fs::canonicalize(fixtures).unwrap().join(name)
    }

    fn dualstack(folder: &Path, arguments: &[&str]) -> Output {
        let mut command = Command::new(program());
        command.args(arguments).current_dir(folder);
        // Where the programs have their folders.
        command.env("TMPDIR", folder).output().unwrap()
    }

    /// What is put to the test: the command for it, the file with the kinds, and where their
    /// target goes.
    struct Role {
        name: &'static str,
        file: &'static str,
        target: &'static [&'static str],
    }

    const SERVER: Role = Role {
        name: "server",
        file: "server.py",
        target: &["{port}"],
    };
    const CLIENT: Role = Role {
        name: "client",
        file: "client.py",
        target: &["{host}", "{port}"],
    };

    /// Most of the time a battery waits, so several programs are asked at once.
    fn programs_are(role: &Role, known: &[Known], options: &[&str], more: &[&str]) {
        for together in known.chunks(8) {
            std::thread::scope(|scope| {
                for known in together {
                    scope.spawn(move || a_program(role, known, options, more));
                }
            });
        }
    }

    fn a_program(role: &Role, (kind, wrong): &Known, options: &[&str], more: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        let file = fixture(role.file);
        let mut arguments = vec!["test", role.name, "--format", "jsonl"];
        arguments.extend(options);
        arguments.extend(["--", PYTHON, file.to_str().unwrap(), kind]);
        arguments.extend(role.target);
        arguments.extend(more);
        let output = dualstack(folder.path(), &arguments);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        let answers = String::from_utf8(output.stdout).unwrap();
        let mut found = BTreeMap::new();
        let mut asked = 0;
        for line in answers.lines() {
            let cell: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| cell[key].as_str().unwrap_or_default().to_owned();
            asked += 1;
            if text("verdict") != "as_expected" {
                let case = text("case").replacen(&format!("{}/", role.name), "", 1);
                found.insert(case, text("answer") + &text("why"));
            }
        }
        let wrong = wrong.iter();
        let wrong = wrong.map(|(case, answer)| ((*case).to_owned(), (*answer).to_owned()));
        assert_eq!(found, wrong.collect(), "{kind}: {told}");
        assert!(asked > 10, "{answers}{told}");
        assert_eq!(
            output.status.code(),
            Some(i32::from(!found.is_empty())),
            "{told}"
        );
        nothing_left(folder.path(), kind);
    }

    /// Neither a folder of a program, nor a process.
    fn nothing_left(folder: &Path, kind: &str) {
        let mut names = names_in(folder);
        names.retain(|name| name.starts_with("dualstack-program"));
        assert_eq!(names.len(), 0, "{names:?}");
        // Its folder is in the environment of all of them.
        let left = processes(&format!("TMPDIR={}", folder.display()));
        assert!(left.is_empty(), "{kind}: {left:?}");
    }

    /// A case about a program that misbehaves.
    fn case_of(folder: &Path, kind: &str, within: Option<u32>) -> PathBuf {
        let servers = fixture("server.py");
        let within = within.map(|within| format!("within = {within}, "));
        let within = within.unwrap_or_default();
        let text = format!(
            r#"
title = "t"
ask = "?"
steps = [
  {{ start = "server" }},
  {{ sockets = "server", within = 3000, save = "open" }},
  {{ wait = "server", {within}result = "any", save = "end" }},
]
answer = "{{open.count}} open, {{end}}"

[programs.server]
command = [{PYTHON:?}, {servers:?}, "{kind}", "8080"]
"#
        );
        let file = folder.join("case.toml");
        fs::write(&file, text).unwrap();
        file
    }

    fn run_allowed(folder: &Path, file: &Path) -> String {
        let arguments = [
            "run",
            "--on",
            "netns",
            "--allow-programs",
            file.to_str().unwrap(),
        ];
        let output = dualstack(folder, &arguments);
        String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr)
    }

    fn misbehaves(kind: &str, end: &str) {
        let folder = tempfile::tempdir().unwrap();
        // Only one that does not end is waited for in vain: on a busy machine, 2 GiB of memory
        // take their time.
        let within = end.ends_with("hangs").then_some(1000);
        let said = run_allowed(folder.path(), &case_of(folder.path(), kind, within));
        assert!(said.contains(&format!("· {end}\n")), "{said}");
        nothing_left(folder.path(), kind);
    }

    fn nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let file = case_of(folder.path(), "daemonizes", None);
        // The daemon is the case's; the case waits for a program that never ends.
        let text = fs::read_to_string(&file).unwrap();
        let text = text.replace("\"daemonizes\"", "\"ignores_sigterm\"");
        fs::write(&file, text).unwrap();
        let mut command = Command::new(program());
        command
            .args(["run", "--verbose", "--on", "netns", "--allow-programs"])
            .arg(&file)
            .current_dir(folder.path())
            .env("TMPDIR", folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut run = command.spawn().unwrap();
        let mut said = BufReader::new(run.stderr.take().unwrap()).lines();
        said.next();
        let since = Instant::now();
        while processes("server.py ignores_sigterm").is_empty() && since.elapsed() < MOMENT {
            std::thread::sleep(Duration::from_millis(20));
        }
        run.kill().unwrap();
        run.wait().unwrap();
        let mark = format!("TMPDIR={}", folder.path().display());
        let since = Instant::now();
        while !processes(&mark).is_empty() && since.elapsed() < MOMENT {
            std::thread::sleep(Duration::from_millis(20));
        }
        nothing_left(folder.path(), "a killed run");
    }

    fn only_if_allowed() {
        let folder = tempfile::tempdir().unwrap();
        let file = case_of(folder.path(), "exits", None);
        let output = dualstack(folder.path(), &["run", file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(3));
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.contains("--allow-programs"), "{said}");
        assert!(!names_in(folder.path()).contains("dualstack-program"));
    }

    /// A number in its command need not be written as a text.
    fn in_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("conf")).unwrap();
        let named = "folder = \"conf\"";
        for (named, answer) in [("", "7 dualstack-program-"), (named, "7 conf\n")] {
            let text = format!(
                r#"
title = "t"
ask = "?"
parameters = {{ number = [7] }}
steps = [{{ start = "sh" }}, {{ output = "sh", save = "said" }}]
answer = "{{said}}"
[programs.sh]
command = ["sh", "-c", "echo $0 $(basename $PWD)", "{{number}}"]
{named}
"#
            );
            let file = folder.path().join("case.toml");
            fs::write(&file, text).unwrap();
            let said = run_allowed(folder.path(), &file);
            assert!(said.contains(&format!("· {answer}")), "{said}");
        }
    }

    fn not_there() {
        let folder = tempfile::tempdir().unwrap();
        let file = case_of(folder.path(), "exits", None);
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replace(PYTHON, "no-such-program")).unwrap();
        let said = run_allowed(folder.path(), &file);
        assert!(said.contains("program `no-such-program`"), "{said}");

        let arguments = ["test", "server", "--", "no-such-program", "{port}"];
        let output = dualstack(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(3), "{output:?}");
    }
}
