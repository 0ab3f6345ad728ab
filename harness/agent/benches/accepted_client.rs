//! The overhead of the harness: "a dual-stack listener accepts an IPv4 client" as a
//! scenario, compared with the same calls made directly through libc.
//!
//! Ends with the ratio of the two, which must not exceed [`ALLOWED`].

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::Criterion;
use dualstack_agent::protocol::{Request, write_line};
use dualstack_agent::{Limits, Rights, run, serve};
use dualstack_scenario::{Observation, Requires, Scenario, Script, SourceFile};

/// The maximum ratio of a case to the bare calls.
const ALLOWED: f64 = 1.5;

const SCENARIO: &str = r#"
title  = "A dual-stack listener accepts an IPv4 client"
ask    = "Which peer does accept return?"
steps = [
  { socket = "listener", type = "tcp6" },
  { setsockopt = "listener", IPV6_V6ONLY = 0 },
  { bind = "listener", to = "[::]:0" },
  { listen = "listener", backlog = 8 },
  { getsockname = "listener" },
  { socket = "client", type = "tcp4" },
  { connect = "client", to = "127.0.0.1:{listener.port}" },
  { accept = "listener", as = "conn" },
]
answer = "{conn.from}"
"#;

fn script() -> Script {
    let scenario = Scenario::parse("bench/accepted-client", SourceFile::new("bench", SCENARIO));
    scenario
        .expect("the scenario is valid")
        .cases
        .remove(0)
        .script
}

fn as_scenario(script: &Script) -> Observation {
    run(script, Limits::default())
}

/// The same calls with the same arguments, with minimal checks.
mod bare {
    use std::mem::{size_of, zeroed};

    use libc::{
        AF_INET, AF_INET6, INADDR_LOOPBACK, IPPROTO_IPV6, IPV6_V6ONLY, SOCK_CLOEXEC, SOCK_STREAM,
        accept4, bind, c_int, close, connect, getsockname, listen, sa_family_t, setsockopt,
        sockaddr_in, sockaddr_in6, socket, socklen_t,
    };

    fn must(returned: c_int) -> c_int {
        assert!(returned >= 0, "{}", std::io::Error::last_os_error());
        returned
    }

    const LENGTH_6: socklen_t = size_of::<sockaddr_in6>() as socklen_t;
    const LENGTH_4: socklen_t = size_of::<sockaddr_in>() as socklen_t;

    pub(super) fn accepted_client() -> [u8; 16] {
        // SAFETY: every pointer is to a local that outlives the call, with its own length; all
        // zeroes is a valid sockaddr_in and sockaddr_in6.
        unsafe {
            let listener = must(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
            let off: c_int = 0;
            let length = size_of::<c_int>() as socklen_t;
            must(setsockopt(
                listener,
                IPPROTO_IPV6,
                IPV6_V6ONLY,
                (&raw const off).cast(),
                length,
            ));
            let mut name: sockaddr_in6 = zeroed();
            name.sin6_family = AF_INET6 as sa_family_t;
            must(bind(listener, (&raw const name).cast(), LENGTH_6));
            must(listen(listener, 8));
            let mut length = LENGTH_6;
            must(getsockname(
                listener,
                (&raw mut name).cast(),
                &raw mut length,
            ));

            let client = must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
            let mut to: sockaddr_in = zeroed();
            to.sin_family = AF_INET as sa_family_t;
            to.sin_addr.s_addr = INADDR_LOOPBACK.to_be();
            to.sin_port = name.sin6_port;
            must(connect(client, (&raw const to).cast(), LENGTH_4));

            let mut peer: sockaddr_in6 = zeroed();
            let mut length = LENGTH_6;
            let conn = accept4(
                listener,
                (&raw mut peer).cast(),
                &raw mut length,
                SOCK_CLOEXEC,
            );
            must(conn);
            for socket in [conn, client, listener] {
                must(close(socket));
            }
            peer.sin6_addr.s6_addr
        }
    }
}

/// The ratio of the two, measured alternately so that other load on the machine affects
/// both equally: the median over many rounds.
fn ratio(script: &Script) -> f64 {
    const ROUNDS: usize = 200;
    const TIMES: u32 = 20;
    let time = |f: &dyn Fn()| {
        let start = Instant::now();
        (0..TIMES).for_each(|_| f());
        start.elapsed() / TIMES
    };
    let mut ratios: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let bare = time(&|| _ = black_box(bare::accepted_client()));
            let scenario = time(&|| _ = black_box(as_scenario(script)));
            scenario.as_secs_f64() / bare.as_secs_f64()
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ROUNDS / 2]
}

/// Moves the process into its own network namespace, in which closed connections are not
/// kept: thousands of them in TIME_WAIT would make each `bind` to port 0 search for a
/// free port for milliseconds.
fn quiet_network() {
    let requires = Requires::default();
    let mut request = Vec::new();
    let mut reply = Vec::new();
    write_line(
        &mut request,
        &Request::Prepare {
            requires,
            isolate: true,
            hosts: Vec::new(),
            host: None,
            allow_network: false,
            allow_programs: false,
        },
    )
    .and_then(|()| {
        serve(
            request.as_slice(),
            &mut reply,
            Limits::default(),
            Rights::default(),
        )
    })
    .expect("an agent answers from memory");
    let ready = String::from_utf8_lossy(&reply).contains("\"ready\"");
    if !ready || std::fs::write("/proc/sys/net/ipv4/tcp_max_tw_buckets", "0").is_err() {
        println!("no network namespace available: TIME_WAIT slows both sides down");
    }
}

fn main() {
    quiet_network();
    let script = script();
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    let mut group = criterion.benchmark_group("a dual-stack listener accepts an IPv4 client");
    group.bench_function("bare calls on libc", |b| b.iter(bare::accepted_client));
    group.bench_function("as a scenario", |b| b.iter(|| as_scenario(&script)));
    group.finish();
    criterion.final_summary();
    let ratio = ratio(&script);
    println!("ratio: {ratio:.2} (at most {ALLOWED})");
    assert!(
        ratio <= ALLOWED,
        "a scenario costs {ratio:.2} times the bare calls"
    );
}
