//! The handbook's code in C and Python: it is compiled without a warning, run, and checks itself.
//!
//! A machine without the compiler, the interpreter or one of the protocols is reported; with
//! `DUALSTACK_DEMAND=1` it fails.
#![cfg(target_os = "linux")]

use std::env;
use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr, UdpSocket};
use std::path::Path;
use std::process::Command;

use dualstack_handbook::{Language, rules};

/// What the checks of the C code share.
const CHECK_H: &str = include_str!("../code/check.h");

#[test]
fn the_c_code_compiles_and_holds() {
    each(Language::C, &["cc", "--version"], |folder, file| {
        let program = folder.join("program");
        let mut compile = Command::new("cc");
        compile.args(["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-o"]);
        run(compile.arg(&program).arg(file));
        run(&mut Command::new(&program));
    });
}

#[test]
fn the_python_code_holds() {
    each(Language::Python, &["python3", "--version"], |_, file| {
        run(Command::new("python3").args(["-W", "error"]).arg(file));
    });
}

fn each(language: Language, tool: &[&str], check: impl Fn(&Path, &Path)) {
    let found = Command::new(tool[0]).args(&tool[1..]).output();
    let has_tool = found.is_ok_and(|output| output.status.success());
    let is_there = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).is_ok()
        && UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
    if !has_tool || !is_there {
        let why = format!("{}, IPv4 and IPv6 are needed", tool[0]);
        let demanded = env::var_os("DUALSTACK_DEMAND").is_some_and(|value| value == "1");
        assert!(!demanded, "{why}");
        println!("unsupported here: {why}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("check.h"), CHECK_H).unwrap();
    let all = rules().flat_map(|rule| rule.code);
    let all: Vec<_> = all.filter(|code| code.language == language).collect();
    assert!(all.len() >= 8, "{}", all.len());
    for code in all {
        let file = folder.path().join(code.file);
        fs::write(&file, code.whole()).unwrap();
        check(folder.path(), &file);
    }
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{command:?}: {}\n{said}",
        output.status
    );
}
