//! Makes the README's pictures of the matrix, light and dark, from a page written by
//! `dualstack report`:
//!
//! ```text
//! cargo run -p dualstack-report --example picture -- reports/page docs/matrix.png
//! ```

#[path = "../tests/browser/mod.rs"]
mod browser;

use std::path::PathBuf;
use std::process::ExitCode;

use browser::{Browser, DESKTOP, Screen};

/// The part of the page in the picture: a topic in which the platforms differ.
const VIEW: &str = "#topic=packet-information";

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(page), Some(picture)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: picture PAGE-FOLDER PICTURE.png");
        return ExitCode::from(2);
    };
    let Some(mut browser) = Browser::start(DESKTOP) else {
        return ExitCode::FAILURE;
    };
    for (dark, ending) in [(false, ".png"), (true, "-dark.png")] {
        browser.look_at(Screen {
            height: 760,
            sharpness: 2,
            dark,
            ..DESKTOP
        });
        browser.open(&page.join("index.html"), VIEW);
        browser.wait("document.documentElement.dataset.ready");
        browser.assert_quiet();
        let stem = picture.with_extension("");
        let file = format!("{}{ending}", stem.display());
        if let Err(error) = std::fs::write(&file, browser.picture()) {
            eprintln!("failed to write {file}: {error}");
            return ExitCode::FAILURE;
        }
        println!("{file}");
    }
    ExitCode::SUCCESS
}
