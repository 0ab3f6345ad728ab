//! The handbook's Rust code on every platform of the lab, one test each: it holds in every state
//! that can be set up there.
//!
//! What cannot be used here is ignored; with `DUALSTACK_DEMAND=1` it fails.

use std::env;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use dualstack_lab::{Link, NoStart, Platform, ThisMachine, platforms};
use dualstack_scenario::Requires;
use libtest_mimic::{Arguments, Completion, Failed, Trial};

fn main() -> ExitCode {
    let program = program();
    // SAFETY: this is the only thread.
    unsafe { env::set_var("DUALSTACK_STATIC_AGENT", &program) };
    let names = all(&program)
        .into_iter()
        .map(|platform| platform.name().to_owned());
    let trials = names.map(|name| {
        let program = program.clone();
        let title = format!("the handbook on {name}");
        Trial::ignorable_test(title, move || match name.as_str() {
            "wine" => under_wine(),
            _ => on(&name, &program),
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}

/// The program under test: nextest may have moved it since it was compiled.
fn program() -> PathBuf {
    let moved = env::var_os("NEXTEST_BIN_EXE_dualstack-handbook");
    // A check of the types for another system builds no program.
    let built = option_env!("CARGO_BIN_EXE_dualstack-handbook").map(Into::into);
    moved.or(built).expect("cargo names the program").into()
}

/// Every platform, with the handbook as its agent.
fn all(program: &Path) -> Vec<Box<dyn Platform>> {
    let here = |argument: Option<&str>| {
        let arguments = ["agent"].into_iter().chain(argument).map(Into::into);
        ThisMachine::new(program.to_owned(), arguments.collect())
    };
    let isolated: Box<dyn Platform> = Box::new(here(Some("--isolate")).isolated());
    let mut all = platforms(&here(None));
    all.retain(|platform| platform.name() != "netns");
    if cfg!(target_os = "linux") {
        all.insert(1, isolated);
    } else {
        all.retain(|platform| platform.name() != "wine");
    }
    all
}

/// The states that can be set up on a platform at least, where its cells have answers.
fn least(name: &str) -> usize {
    match name {
        "gvisor" | "gvisor-docker" | "container" => 3,
        "wine" => 1,
        name if name.starts_with("vm-") => 6,
        // A user may lack the right to make namespaces.
        _ => 1,
    }
}

fn on(name: &str, program: &Path) -> Result<Completion, Failed> {
    let platform = all(program)
        .into_iter()
        .find(|platform| platform.name() == name);
    let platform = platform.ok_or("it has gone")?;
    if let Err(unusable) = platform.availability() {
        return unsupported(&unusable.to_string());
    }
    let link = match platform.start(&Requires::default()) {
        Ok(link) => link,
        Err(NoStart::Cannot(cannot)) => return unsupported(&cannot.why),
        Err(NoStart::Broken(broken)) => return Err(broken.to_string().into()),
    };
    let said = what_it_says(link)?;
    platform.rest();
    holds(&said, least(name))
}

/// How long all its checks may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// Everything that the agent has written on standard error before it spoke the protocol.
fn what_it_says(mut link: Link) -> Result<String, Failed> {
    // It says hello when it has checked everything.
    let (sender, hello) = mpsc::channel();
    thread::spawn(move || sender.send(link.output.read(&mut [0])));
    let hello = hello.recv_timeout(PATIENCE);
    // The words of a virtual machine come when it has ended.
    link.running.kill();
    let mut said = Vec::new();
    link.stderr
        .ok_or("it has no standard error")?
        .read_to_end(&mut said)?;
    let said = String::from_utf8_lossy(&said).replace('\r', "");
    match hello {
        Ok(Ok(1..)) => Ok(said),
        Ok(Ok(0)) => Err(format!("it said no hello:\n{said}").into()),
        Ok(Err(error)) => Err(format!("its output cannot be read: {error}\n{said}").into()),
        Err(_) => Err(format!("it said no hello for {PATIENCE:?}:\n{said}").into()),
    }
}

fn under_wine() -> Result<Completion, Failed> {
    let root = root();
    let script = |name: &str| {
        let mut command = Command::new(root.join("fixtures/windows").join(name));
        command.current_dir(&root).stdin(Stdio::null());
        command
    };
    let built = script("build")
        .args(["-p", "dualstack-handbook", "--release"])
        .output()?;
    if !built.status.success() {
        return unsupported(&String::from_utf8_lossy(&built.stderr));
    }
    let program = String::from_utf8(built.stdout)?;
    let ran = script("wine").arg(program.trim()).output()?;
    let said = String::from_utf8_lossy(&ran.stdout).replace('\r', "");
    match ran.status.code() {
        Some(125) => unsupported(&String::from_utf8_lossy(&ran.stderr)),
        Some(0) => holds(&said, least("wine")),
        _ => Err(format!("{}\n{said}", ran.status).into()),
    }
}

/// The folder of the workspace, which may be another one than when this was compiled.
fn root() -> PathBuf {
    let here =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).join("../..")
}

/// Its last line counts the states.
fn holds(said: &str, least: usize) -> Result<Completion, Failed> {
    let lines = said
        .lines()
        .filter_map(|line| line.strip_prefix("handbook: "));
    let mut counts = lines.filter_map(|line| {
        let (held, failed) = line.strip_suffix(" fail")?.split_once(" states hold, ")?;
        Some((held.parse::<usize>().ok()?, failed.parse::<usize>().ok()?))
    });
    match counts.next_back() {
        Some((0, 0)) => unsupported(said),
        Some((held, 0)) if held >= least => Ok(Completion::Completed),
        _ => Err(format!("at least {least} states must hold, and none fail:\n{said}").into()),
    }
}

fn unsupported(why: &str) -> Result<Completion, Failed> {
    if env::var_os("DUALSTACK_DEMAND").is_some_and(|value| value == "1") {
        return Err(why.trim().into());
    }
    Ok(Completion::ignored_with(why.trim()))
}
