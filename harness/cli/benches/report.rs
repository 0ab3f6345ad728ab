//! The time and peak memory of `dualstack report` for 5,000 cases on 30 platforms, read
//! from one file per platform.
//!
//! The report's own benchmark measures its parts.

#[path = "../../report/tests/sample/mod.rs"]
mod sample;

use std::fs::{self, File};
use std::io::BufWriter;
use std::process::Command;
use std::time::{Duration, Instant};

const CASES: usize = 5_000;
const PLATFORMS: usize = 30;
const LONGEST: Duration = Duration::from_secs(5);
/// In megabytes.
const LARGEST: i64 = 500;

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut all = sample::large(CASES, PLATFORMS);
    let (columns, cells) = (
        std::mem::take(&mut all.columns),
        std::mem::take(&mut all.cells),
    );
    let mut files = Vec::new();
    for column in columns {
        let own = cells.iter().filter(|cell| cell.column == column.id);
        all.cells = own.cloned().collect();
        let path = folder.path().join(format!("{}.json", column.id));
        all.columns = vec![column];
        let file = BufWriter::new(File::create(&path).expect("a file"));
        serde_json::to_writer(file, &all).expect("results are written");
        files.push(path);
    }
    let started = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_dualstack"))
        .arg("report")
        .args(&files)
        .arg("--out")
        .arg(folder.path().join("report"))
        .output()
        .expect("the command is started");
    let took = started.elapsed();
    assert!(output.status.success(), "{output:?}");
    let peak = peak();
    let size: u64 = files
        .iter()
        .map(|file| fs::metadata(file).map_or(0, |file| file.len()))
        .sum();
    println!(
        "{CASES} cases on {PLATFORMS} platforms from {} MB: {took:.1?} (at most {LONGEST:?}), {peak} MB (at most {LARGEST})",
        size >> 20
    );
    assert!(took <= LONGEST && peak <= LARGEST);
}

/// The memory of the largest child process, which Linux reports in kilobytes
/// (getrusage(2)); 0 if it is not reported.
fn peak() -> i64 {
    #[cfg(target_os = "linux")]
    {
        use nix::sys::resource::{UsageWho, getrusage};
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("getrusage(2)");
        usage.max_rss() / 1024
    }
    #[cfg(not(target_os = "linux"))]
    0
}
