//! The tutorial: every command in it prints what it says there.

use std::fs;
use std::net::{Ipv6Addr, UdpSocket};

use trycmd::TestCases;

use crate::{program, root, unshare};

/// The files that the tutorial shows.
const FILES: [&str; 2] = ["sockets/first.toml", "sockets/table.toml"];

#[test]
fn the_tutorial_shows_its_files() {
    let docs = root().join("docs");
    let page = fs::read_to_string(docs.join("tutorial.md")).unwrap();
    for file in FILES {
        let text = fs::read_to_string(docs.join("tutorial.in").join(file)).unwrap();
        assert!(page.contains(&format!("```toml\n{text}```")), "{file}");
    }
}

#[test]
fn the_commands_of_the_tutorial_print_what_it_says() {
    if !has_ipv6_and_namespaces() {
        return;
    }
    // The commands write their results beside the files.
    let folder = tempfile::tempdir().unwrap();
    let docs = root().join("docs");
    let copy = |file: &str| {
        let to = folder.path().join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(docs.join(file), to).unwrap();
    };
    copy("tutorial.md");
    copy("tutorial.in/typo.toml");
    for file in ["first", "table", "wrong"] {
        copy(&format!("tutorial.in/sockets/{file}.toml"));
    }
    let cases = TestCases::new();
    cases.register_bin("dualstack", program());
    cases.case(folder.path().join("tutorial.md"));
    cases.run();
}

/// What the tutorial takes for granted; says so if it is not there.
pub(crate) fn has_ipv6_and_namespaces() -> bool {
    let mut namespace = unshare(&["--net"]);
    let namespaces = namespace.arg("true").status();
    let namespaces = namespaces.is_ok_and(|status| status.success());
    let ipv6 = UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
    let there = namespaces && ipv6;
    let demanded = std::env::var_os("DUALSTACK_DEMAND").is_some_and(|value| value == "1");
    assert!(
        there || !demanded,
        "IPv6 and network namespaces are demanded"
    );
    if !there {
        println!("unsupported here: IPv6 or network namespaces");
    }
    there
}
