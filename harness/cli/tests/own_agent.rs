//! The command as its own agent, if there is no other: with its shared libraries, or as a
//! static program.
#![cfg(target_os = "linux")]

mod program;

use std::env;
use std::path::Path;
use std::process::{Command, Output};

use program::program;
use rstest::rstest;

const SCENARIO: &str = r#"
title = "t"
ask = "?"
steps = [
  { socket = "s", type = "udp6" },
  { setsockopt = "s", IPV6_V6ONLY = 0 },
  { bind = "s", to = "[::ffff:127.0.0.1]:0" },
  { getsockname = "s", save = "bound" },
]
answer = "{bound.family} {bound.address}"
[expect]
any = { answer = "AF_INET6 ::ffff:127.0.0.1", source = "RFC 4291, 2.5.5.2" }
"#;

fn run(folder: &Path, platform: &str) -> Output {
    std::fs::create_dir(folder.join("own")).unwrap();
    std::fs::write(folder.join("own/bound.toml"), SCENARIO).unwrap();
    Command::new(program())
        .args(["run", "own", "--on", platform])
        .env("DUALSTACK_STATIC_AGENT", program())
        .current_dir(folder)
        .output()
        .unwrap()
}

#[rstest]
#[case::container("container")]
#[case::gvisor("gvisor")]
#[case::virtual_machine("vm-5.10")]
fn it_answers_where_there_is_nothing_but_a_kernel(#[case] platform: &str) {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), platform);
    let shown = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("cannot be used here") {
        let demanded = env::var_os("DUALSTACK_DEMAND").is_some_and(|value| value == "1");
        assert!(!demanded, "{said}");
        println!("{said}");
        return;
    }
    assert!(output.status.success(), "{shown}{said}");
    assert!(shown.contains("✓ AF_INET6 ::ffff:127.0.0.1"), "{shown}");
}
