//! Agents that break, each in another way: the current case is reported as lost, with the
//! evidence, and the other cases are still run.
#![cfg(unix)]

use std::io::{BufReader, PipeReader, PipeWriter, Read};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use dualstack_agent::{Limits, Rights, serve};
use dualstack_lab::{
    BadEnd, Broken, CaseResult, Link, NoStart, Platform, Run, Running, Terms, run,
};
use dualstack_scenario::{Case, Requires, Scenario, SourceFile};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use rstest::rstest;

/// Short, for something that never comes.
const IMPATIENT: Terms = Terms {
    start: Duration::from_millis(300),
    case: Duration::from_millis(300),
    end: Duration::from_millis(300),
    until: None,
    allow_network: false,
    allow_programs: false,
};

fn cases() -> Vec<Case> {
    let text = r#"
title = "t"
ask = "?"
requires = { ipv4 = "any", ipv6 = "any" }
parameters = { number = [1, 2, 3, 4, 5, 6, 7, 8] }
steps = [{ socket = "s", type = "udp4", result = "any", save = "made" }, { close = "s", when = { number = 0 } }]
answer = "{number}: {made}"
"#;
    Scenario::parse("topic/file", SourceFile::new("file.toml", text))
        .unwrap()
        .cases
}

fn carry_out(platform: &dyn Platform, cases: &[Case]) -> Run {
    carry_out_within(Terms::default(), platform, cases)
}

fn carry_out_within(terms: Terms, platform: &dyn Platform, cases: &[Case]) -> Run {
    run(platform, &cases.iter().collect::<Vec<_>>(), terms, |_| {})
}

fn lost(run: &Run) -> Vec<&Broken> {
    let lost = run.ran.iter().filter_map(|ran| match &ran.result {
        CaseResult::Lost(broken) => Some(broken),
        _ => None,
    });
    lost.collect()
}

/// An agent that is a shell script.
struct Script<T>(T);

impl<T: AsRef<str> + Sync> Platform for Script<T> {
    fn name(&self) -> &str {
        "script"
    }

    fn start(&self, _: &Requires) -> Result<Link, NoStart> {
        let mut command = Command::new("sh");
        command.args(["-c", self.0.as_ref()]);
        Ok(Link::spawn(command)?)
    }
}

const HELLO: &str = concat!(
    r#"{"hello":{"protocol":5,"agent":"0","machine":{"system":{"os":"linux","version":"0"},"edition":"","build":""}}}"#,
    "\n"
);

#[rstest]
#[case::ends_at_once(
    "echo 'no such library' >&2; exit 3",
    "the agent ended before it was done",
    "no such library"
)]
#[case::is_killed("kill -9 $$", "signal: 9", "")]
#[case::says_nonsense("echo Segmentation fault; sleep 5", "not part of the protocol", "")]
#[case::is_newer(r#"echo '{"hello":{"protocol":99,"agent":"9","machine":{"system":{"os":"x","version":"0"},"edition":"","build":""}}}'; exec sleep 5"#, "speaks version 99", "")]
#[case::begins_in_the_middle(
    r#"echo '{"done":{"cases":0}}'; exec sleep 5"#,
    "an unexpected line",
    ""
)]
#[case::begins_with_an_empty_line("echo; exec sleep 5", "not part of the protocol", "")]
#[case::begins_with_a_byte_order_mark(
    r#"printf '\357\273\277{}\n'; exec sleep 5"#,
    "not part of the protocol",
    ""
)]
#[case::speaks_utf_16(
    r#"printf '\377\376{\000\n'; exec sleep 5"#,
    "a line that is not UTF-8",
    ""
)]
#[case::has_a_number_that_is_too_large(
    r#"echo '{"hello":{"protocol":4294967299}}'; exec sleep 5"#,
    "not part of the protocol",
    ""
)]
#[case::says_two_things_at_once(
    r#"echo '{"finished":null,"done":{"cases":0}}'; exec sleep 5"#,
    "not part of the protocol",
    ""
)]
#[case::closes_its_output("exec >&-; exec sleep 60", "the agent ended before it was done", "")]
#[case::floods_its_errors(
    "head -c 50000000 /dev/zero | tr '\\0' e >&2; echo last >&2; exit 3",
    "the agent ended before it was done",
    "eee"
)]
fn every_case_is_lost_with_the_evidence(
    #[case] script: &'static str,
    #[case] what: &str,
    #[case] stderr: &str,
) {
    let cases = cases();
    let run = carry_out(&Script(script), &cases);
    let lost = lost(&run);
    assert_eq!(lost.len(), cases.len());
    assert!(lost[0].what.contains(what), "{}", lost[0].what);
    assert!(lost[0].stderr.contains(stderr), "{}", lost[0].stderr);
}

#[test]
fn a_program_that_is_not_there_is_named() {
    struct Missing;
    impl Platform for Missing {
        fn name(&self) -> &str {
            "missing"
        }
        fn start(&self, _: &Requires) -> Result<Link, NoStart> {
            Ok(Link::spawn(Command::new("no-such-agent"))?)
        }
    }
    let run = carry_out(&Missing, &cases());
    assert!(
        lost(&run)[0]
            .what
            .contains("failed to start `no-such-agent`")
    );
    assert!(run.machine.is_none());
}

/// An agent that hangs after this output, and how often it was started.
struct Hanging {
    said: &'static str,
    starts: AtomicUsize,
}

impl Platform for Hanging {
    fn name(&self) -> &str {
        "hanging"
    }

    fn start(&self, _: &Requires) -> Result<Link, NoStart> {
        self.starts.fetch_add(1, Ordering::Relaxed);
        let mut command = Command::new("sh");
        command.args(["-c", "printf %s \"$0\"; exec sleep 60", self.said]);
        Ok(Link::spawn(command)?)
    }
}

/// An agent that says these lines, each time it is started, and reads nothing.
const READY: &str = r#"echo '{"ready":{"means":[],"probes":[],"settings":{}}}'"#;

/// Each is handled within a bound of time and memory: the case at hand is lost, the
/// evidence is short, and nothing hangs.
#[rstest]
#[case::an_endless_line("tr '\\0' x </dev/zero", "a line of more than 4 MiB")]
#[case::endless_lines("yes ''", "not part of the protocol")]
#[case::endless_replies(r#"yes '"finished"'"#, "an unexpected line")]
#[case::deep_nesting(
    "yes '[' | tr -d '\\n' | head -c 1000000; echo",
    "not part of the protocol"
)]
#[case::no_text(r"printf '\377\n'; exec sleep 60", "a line that is not UTF-8")]
#[case::more_steps_than_were_sent(
    r#"step='{"call":"x","outcome":"not_called"}'; echo '{"observed":{"case":"CASE","observation":{"steps":['$step,$step,$step']}}}'; exec sleep 60"#,
    "answered 3 steps of a case that has 2"
)]
#[case::a_long_list(
    r#"printf '{"observed":{"case":"CASE","observation":{"steps":[{"call":"x","outcome":{"returned":{"ready":{"events":[""'; yes ',""' | head -n 1100000 | tr -d '\n'; echo ']}}}}]}}}'; exec sleep 60"#,
    "answered a list of 1100001 entries"
)]
#[case::a_long_text(
    r#"printf '{"observed":{"case":"CASE","observation":{"steps":[{"call":"'; head -c 1000000 /dev/zero | tr '\0' x; echo '","outcome":"not_called"}]}}}'; exec sleep 60"#,
    "a text of 976 KiB"
)]
#[case::another_case(
    r#"echo '{"observed":{"case":"another","observation":{"steps":[]}}}'; exec sleep 60"#,
    "an unexpected line"
)]
#[case::silence("exec sleep 60", "said nothing for")]
#[case::its_end("exit 7", "exit status: 7")]
#[case::a_good_end_too_early("exit 0", "the agent ended before it was done")]
#[case::done_too_early(r#"echo '{"done":{"cases":1}}'; exec sleep 60"#, "an unexpected line")]
#[case::ready_twice(
    r#"echo '{"ready":{"means":[],"probes":[],"settings":{}}}'; exec sleep 60"#,
    "an unexpected line"
)]
#[case::a_step_that_was_not_sent(
    r#"echo '{"stepped":{"number":0,"record":{"call":"x","outcome":"not_called"}}}'; exec sleep 60"#,
    "an unexpected line"
)]
#[case::a_refusal(
    r#"echo '{"cannot":{"why":"no","probes":[]}}'; exec sleep 60"#,
    "an unexpected line"
)]
#[case::a_line_that_breaks_off(
    r#"printf '{"observed":{"case":"CASE"'; exit 0"#,
    "not part of the protocol"
)]
#[case::an_unknown_kind_of_result(
    r#"echo '{"observed":{"case":"CASE","observation":{"steps":[{"call":"x","outcome":{"magic":1}}]}}}'; exec sleep 60"#,
    "not part of the protocol"
)]
#[case::a_result_of_another_type(
    r#"echo '{"observed":{"case":"CASE","observation":{"steps":{"0":"x"}}}}'; exec sleep 60"#,
    "not part of the protocol"
)]
#[case::the_same_key_twice(
    r#"echo '{"observed":{"case":"CASE","case":"CASE","observation":{"steps":[]}}}'; exec sleep 60"#,
    "not part of the protocol"
)]
#[case::a_line_a_letter_at_a_time("while printf x; do sleep 0.05; done", "said nothing for")]
#[case::its_own_death("kill -SEGV $$", "signal: 11")]
#[case::its_own_stop("kill -STOP $$", "said nothing for")]
#[case::silence_in_spite_of_signals(
    "trap '' TERM INT HUP PIPE; while :; do sleep 0.1; done",
    "said nothing for"
)]
#[case::a_child_that_holds_its_output("sleep 61 & exit 5", "exit status: 5")]
#[case::control_characters(
    r#"printf '\033]52;c;eA==\007\n'; exec sleep 60"#,
    "not part of the protocol"
)]
fn a_hostile_agent_costs_the_case_at_hand(#[case] then: &str, #[case] what: &str) {
    let cases = cases();
    let then = then.replace("CASE", &cases[0].id);
    let script = format!("printf '%s' '{HELLO}'; {READY}; {then}");
    let run = carry_out_within(IMPATIENT, &Script(script), &cases[..1]);
    let lost = lost(&run);
    assert_eq!(lost.len(), 1);
    assert!(lost[0].what.contains(what), "{}", lost[0].what);
    assert!(lost[0].what.len() < 1000);
    little_was_needed();
}

/// What this process took so far: processor time in seconds, and memory in MiB.
fn little_was_needed() {
    let used = getrusage(UsageWho::RUSAGE_SELF).unwrap();
    let time = used.user_time() + used.system_time();
    // macOS counts bytes, the others KiB (getrusage(2)).
    let memory = used.max_rss()
        / if cfg!(target_vendor = "apple") {
            1 << 20
        } else {
            1 << 10
        };
    assert!(time.num_seconds() < 10, "{time}");
    assert!(memory < 200, "{memory} MiB");
}

/// Each line is allowed, and together they would fill the memory: what all agents of a run may
/// send is limited too.
#[test]
fn large_answers_are_limited_together() {
    let script = format!(
        r#"printf '%s' '{HELLO}'; x=$(head -c 500000 /dev/zero | tr '\0' x); large='"'$x'","'$x'","'$x'","'$x'","'$x'","'$x'"'
        while read -r request; do
          case=$(printf '%s' "$request" | sed -n 's/.*"case":"\([^"]*\)".*/\1/p')
          case $request in
            *prepare*) {READY} ;;
            *) printf '{{"observed":{{"case":"%s","observation":{{"steps":[{{"call":"x","outcome":"not_called"}}],"programs":[{{"name":"p","command":[%s],"output":"","left_out":0,"end":""}}]}}}}}}\n' "$case" "$large" ;;
          esac
        done"#
    );
    let cases = cases();
    let run = carry_out(&Script(script), &cases);
    let lost = lost(&run);
    let kept = cases.len() - lost.len();
    assert_eq!(kept, 5, "of 3 MB each: {lost:?}");
    for broken in lost {
        assert!(
            broken.what.contains("the agents sent more than"),
            "{}",
            broken.what
        );
    }
    little_was_needed();
}

/// A pipe holds 64 KiB (pipe(7)): these cases do not fit into it.
#[test]
fn an_agent_that_never_reads_does_not_hold_up_the_harness() {
    let data = format!("{}\\\n", "x".repeat(15_000)).repeat(4);
    let send = format!("{{ send = \"s\", data = \"\"\"\n{data}\"\"\" }},\n");
    let text = format!(
        "title = \"t\"\nask = \"?\"\nrequires = {{ ipv4 = \"any\", ipv6 = \"any\" }}\n\
         parameters = {{ number = [\"1\"] }}\n\
         steps = [\n{{ socket = \"s\", type = \"udp4\" }},\n{}]\n\
         answer = \"{{number}}\"\n",
        send.repeat(2)
    );
    let scenario = Scenario::parse("topic/file", SourceFile::new("file.toml", text)).unwrap();
    let deaf = Script(concat!(
        r#"echo '{"hello":{"protocol":5,"agent":"0","machine":{"system":{"os":"linux","version":"0"},"edition":"","build":""}}}';"#,
        r#"echo '{"ready":{"means":[],"probes":[],"settings":{}}}'; exec sleep 600"#
    ));
    let run = carry_out_within(IMPATIENT, &deaf, &scenario.cases);
    let lost = lost(&run);
    assert_eq!(lost.len(), 1);
    assert!(
        lost[0].what.starts_with("the agent said nothing for"),
        "{}",
        lost[0].what
    );
}

/// One that dies before it is ready costs one case, like one that dies later.
#[test]
fn a_start_that_breaks_once_costs_one_case() {
    struct FirstBreaks {
        starts: AtomicUsize,
        well: HardOfHearing,
    }
    impl Platform for FirstBreaks {
        fn name(&self) -> &str {
            "first breaks"
        }
        fn start(&self, requires: &Requires) -> Result<Link, NoStart> {
            match self.starts.fetch_add(1, Ordering::Relaxed) {
                0 => Script("exit 3").start(requires),
                _ => self.well.start(requires),
            }
        }
    }
    let run = carry_out(
        &FirstBreaks {
            starts: AtomicUsize::new(0),
            well: HardOfHearing {
                requests: usize::MAX,
                ill: false,
            },
        },
        &cases(),
    );
    assert_eq!(lost(&run).len(), 1);
}

#[test]
fn a_run_ends_when_its_time_is_up() {
    let terms = Terms {
        until: Some(Instant::now() + Duration::from_millis(200)),
        ..Terms::default()
    };
    let hanging = Hanging {
        said: HELLO,
        starts: AtomicUsize::new(0),
    };
    let run = carry_out_within(terms, &hanging, &cases());
    let lost = lost(&run);
    assert_eq!(lost.len(), 8);
    assert!(
        lost.iter().all(|broken| broken.what.contains("--timeout")),
        "{lost:?}"
    );
    assert_eq!(hanging.starts.into_inner(), 1);
}

/// If the harness had waited for its end, it would have ended, not said nothing; if it
/// had waited case by case, it would have been started eight times. After the first start
/// only one case is lost.
#[rstest]
#[case::at_once("")]
#[case::greeted(HELLO)]
fn an_agent_that_always_hangs_costs_its_deadline_twice(#[case] said: &'static str) {
    let starts = AtomicUsize::new(0);
    let hanging = Hanging { said, starts };
    let run = carry_out_within(IMPATIENT, &hanging, &cases());
    let lost = lost(&run);
    assert_eq!(lost.len(), 8);
    let silent = |broken: &&Broken| broken.what.starts_with("the agent said nothing for");
    assert!(lost.iter().all(silent), "{lost:?}");
    assert_eq!(hanging.starts.into_inner(), 2);
}

/// A real agent in a thread that reads only this many requests.
struct HardOfHearing {
    requests: usize,
    /// Whether it ends with an error.
    ill: bool,
}

impl Platform for HardOfHearing {
    fn name(&self) -> &str {
        "hard of hearing"
    }

    fn start(&self, _: &Requires) -> Result<Link, NoStart> {
        let pipe = || std::io::pipe().map_err(|error| Broken::silent(error.to_string()));
        let (from_harness, input) = pipe()?;
        let (output, to_harness) = pipe()?;
        let requests = self.requests;
        let thread = std::thread::spawn(move || hear(from_harness, to_harness, requests));
        let running = Box::new(Thread {
            thread: Some(thread),
            ill: self.ill,
        });
        Ok(Link {
            input: Box::new(input),
            output: Box::new(output),
            stderr: None,
            running,
        })
    }
}

fn hear(from_harness: PipeReader, to_harness: PipeWriter, requests: usize) {
    let heard = BufReader::new(Lines {
        from: from_harness,
        left: requests,
    });
    serve(heard, to_harness, Limits::default(), Rights::default()).unwrap();
}

/// A stream that ends after this many lines.
struct Lines {
    from: PipeReader,
    left: usize,
}

impl Read for Lines {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            return Ok(0);
        }
        let read = self.from.read(&mut into[..1])?;
        self.left -= usize::from(into[..read] == *b"\n");
        Ok(read)
    }
}

struct Thread {
    thread: Option<JoinHandle<()>>,
    ill: bool,
}

impl Running for Thread {
    fn wait(&mut self) -> Result<(), BadEnd> {
        let ended = self.thread.take().map(JoinHandle::join);
        match ended {
            Some(Err(_)) => Err(BadEnd("the agent panicked".to_owned())),
            _ if self.ill => Err(BadEnd("the agent ended with exit status: 1".to_owned())),
            _ => Ok(()),
        }
    }

    fn kill(&mut self) -> Option<String> {
        None
    }
}

/// The state to be in, and two cases.
const THREE: usize = 3;

#[test]
fn what_an_agent_got_through_counts_and_a_new_one_goes_on_behind_the_case_it_broke_at() {
    let run = carry_out(
        &HardOfHearing {
            requests: THREE,
            ill: false,
        },
        &cases(),
    );
    let observed = |index: usize| matches!(run.ran[index].result, CaseResult::Observed(_));
    let whole: Vec<bool> = (0..8).map(observed).collect();
    assert_eq!(whole, [true, true, false, true, true, false, true, true]);
    assert!(
        run.ran
            .iter()
            .enumerate()
            .all(|(index, ran)| ran.case == index)
    );
    assert!(run.machine.is_some());
}

#[rstest]
#[case::well(false, 0)]
#[case::ill(true, 1)]
fn an_agent_that_ends_ill_is_trouble_but_takes_no_answer_away(
    #[case] ill: bool,
    #[case] troubles: usize,
) {
    let run = carry_out(
        &HardOfHearing {
            requests: usize::MAX,
            ill,
        },
        &cases(),
    );
    assert_eq!((lost(&run).len(), run.troubles.len()), (0, troubles));
}
