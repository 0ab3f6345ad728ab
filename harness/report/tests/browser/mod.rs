//! A browser for tests, driven through the DevTools protocol.
//!
//! Debian's chromium is enough; nothing is downloaded. Nothing here sleeps: a test waits
//! for a condition in the page, or for a reply of the browser.

#![allow(
    dead_code,
    reason = "each of the programs that include this uses a part of it"
)]

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::{Message, WebSocket};

/// How long the browser may take for one reply.
const PATIENCE: Duration = Duration::from_secs(30);

/// A browser with one page.
pub(crate) struct Browser {
    child: Child,
    socket: WebSocket<TcpStream>,
    session: String,
    last: u64,
    /// Errors of the page: exceptions, console errors, refused loads.
    pub(crate) problems: Vec<String>,
    /// Every address that the page requested.
    pub(crate) requests: Vec<String>,
    profile: TempDir,
}

/// Where the page is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) dark: bool,
    pub(crate) phone: bool,
    /// How many screen pixels make a pixel of the page.
    pub(crate) sharpness: u32,
}

pub(crate) const DESKTOP: Screen = Screen {
    width: 1280,
    height: 800,
    dark: false,
    phone: false,
    sharpness: 1,
};
pub(crate) const PHONE: Screen = Screen {
    width: 390,
    height: 844,
    dark: false,
    phone: true,
    sharpness: 2,
};

impl Screen {
    pub(crate) fn dark(self) -> Self {
        Self { dark: true, ..self }
    }
}

/// Reports that something is missing here, and fails if it is demanded.
pub(crate) fn missing(what: &str) {
    eprintln!("NOT TESTED: {what}");
    let demanded = std::env::var_os("DUALSTACK_DEMAND").is_some_and(|value| value == "1");
    assert!(!demanded, "{what}, and DUALSTACK_DEMAND=1 demands it");
}

fn program() -> Option<PathBuf> {
    // The first starts in a third of the time.
    let names = [
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
    ];
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|program| program.is_file())
}

impl Browser {
    /// Starts a browser, if there is one.
    pub(crate) fn start(screen: Screen) -> Option<Self> {
        let Some(program) = program() else {
            missing("there is no chromium on this machine");
            return None;
        };
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let mut command = Command::new(program);
        // Debian starts it from a shell, whose end is not its end.
        #[cfg(target_os = "linux")]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .args(["--headless=new", "--no-sandbox", "--disable-gpu"])
            .args(["--remote-debugging-port=0", "--no-first-run"])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
            ])
            .args(["--enable-precise-memory-info", "--hide-scrollbars"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("chromium starts");
        let socket = connect(&mut child);
        let mut browser = Self {
            child,
            socket,
            session: String::new(),
            last: 0,
            problems: Vec::new(),
            requests: Vec::new(),
            profile,
        };
        browser.attach();
        browser.look_at(screen);
        Some(browser)
    }

    /// The folder that is in the arguments of all its processes.
    pub(crate) fn folder(&self) -> PathBuf {
        self.profile.path().to_owned()
    }

    fn attach(&mut self) {
        let target = self.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attached = self.call(
            "Target.attachToTarget",
            json!({ "targetId": target["targetId"], "flatten": true }),
        );
        attached["sessionId"]
            .as_str()
            .expect("a session")
            .clone_into(&mut self.session);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(&format!("{domain}.enable"), json!({}));
        }
    }

    /// Sets the size of the window and the user's preferred colours.
    pub(crate) fn look_at(&mut self, screen: Screen) {
        self.call(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": screen.width, "height": screen.height, "deviceScaleFactor": screen.sharpness, "mobile": screen.phone }),
        );
        let scheme = if screen.dark { "dark" } else { "light" };
        self.call(
            "Emulation.setEmulatedMedia",
            json!({ "features": [
                { "name": "prefers-color-scheme", "value": scheme },
                { "name": "prefers-reduced-motion", "value": "reduce" },
            ] }),
        );
    }

    /// Opens a file, with an optional fragment, and waits until it is loaded.
    pub(crate) fn open(&mut self, file: &Path, fragment: &str) {
        let path = file.canonicalize().expect("a file that is there");
        let url = format!("file://{}{fragment}", path.display());
        self.call("Page.navigate", json!({ "url": "about:blank" }));
        self.wait("location.href === 'about:blank'");
        self.call("Page.navigate", json!({ "url": url }));
        self.wait("location.protocol === 'file:' && document.readyState === 'complete'");
    }

    /// The result of a script in the page.
    pub(crate) fn eval(&mut self, script: &str) -> Value {
        let returned = self.call(
            "Runtime.evaluate",
            json!({ "expression": script, "awaitPromise": true, "returnByValue": true }),
        );
        assert!(
            returned["exceptionDetails"].is_null(),
            "{script}: {:#}",
            returned["exceptionDetails"]
        );
        returned["result"]["value"].clone()
    }

    pub(crate) fn text(&mut self, script: &str) -> String {
        match self.eval(script) {
            Value::String(text) => text,
            other => other.to_string(),
        }
    }

    /// Prints the page, as the browser does it.
    pub(crate) fn print(&mut self) {
        let pdf = self.call("Page.printToPDF", json!({ "landscape": true }));
        assert!(pdf["data"].is_string(), "{pdf:#}");
    }

    /// Waits until a condition holds in the page.
    pub(crate) fn wait(&mut self, condition: &str) {
        let limit = PATIENCE.as_millis() / 2;
        let script = format!(
            "new Promise((resolve) => {{
                const end = performance.now() + {limit};
                const look = () => {{
                    let holds = false;
                    try {{ holds = Boolean({condition}); }} catch {{}}
                    if (holds || performance.now() > end) resolve(holds);
                    else setTimeout(look, 5);
                }};
                look();
            }})"
        );
        // A navigation removes the page and the script: then it is sent again.
        for _ in 0..20 {
            let asked =
                json!({ "expression": script, "awaitPromise": true, "returnByValue": true });
            let returned = self.call_raw("Runtime.evaluate", &asked);
            match returned {
                Ok(returned) if returned["result"]["value"] == json!(true) => return,
                Ok(returned) => panic!("in vain: {condition} ({returned})"),
                Err(_) => {}
            }
        }
        panic!("the page never stayed long enough for: {condition}");
    }

    /// Clicks on the middle of an element.
    pub(crate) fn click(&mut self, selector: &str) {
        let place = format!(
            "(() => {{
                const element = document.querySelector({selector:?});
                element.scrollIntoView({{ block: 'nearest', inline: 'nearest' }});
                const box = element.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2];
            }})()"
        );
        let place = self.eval(&place);
        for kind in ["mousePressed", "mouseReleased"] {
            self.call(
                "Input.dispatchMouseEvent",
                json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 }),
            );
        }
    }

    /// Presses a key, and types its text if it has one.
    pub(crate) fn press(&mut self, key: &str) {
        let (key, code, text) = match key {
            "Enter" => ("Enter", 13, "\r"),
            "Tab" => ("Tab", 9, ""),
            "Escape" => ("Escape", 27, ""),
            "ArrowLeft" => ("ArrowLeft", 37, ""),
            "ArrowUp" => ("ArrowUp", 38, ""),
            "ArrowRight" => ("ArrowRight", 39, ""),
            "ArrowDown" => ("ArrowDown", 40, ""),
            "PageDown" => ("PageDown", 34, ""),
            "End" => ("End", 35, ""),
            "Home" => ("Home", 36, ""),
            " " => (" ", 32, " "),
            other => panic!("no such key here: {other}"),
        };
        let event = |kind: &str, text: &str| json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text });
        self.call("Input.dispatchKeyEvent", event("keyDown", text));
        self.call("Input.dispatchKeyEvent", event("keyUp", ""));
    }

    /// Types into whatever has the focus.
    pub(crate) fn write(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text }));
    }

    /// Takes a picture of the visible part, as a PNG.
    pub(crate) fn picture(&mut self) -> Vec<u8> {
        let taken = self.call("Page.captureScreenshot", json!({ "format": "png" }));
        base64(taken["data"].as_str().expect("a picture"))
    }

    /// From now on, counts how often each block of the page's scripts runs. That is the
    /// same on any machine, however busy.
    pub(crate) fn count_work(&mut self) {
        self.call("Profiler.enable", json!({}));
        let each = json!({ "callCount": true, "detailed": true });
        self.call("Profiler.startPreciseCoverage", each);
    }

    /// How many blocks of the report's script ran since this was last asked.
    pub(crate) fn work(&mut self) -> u64 {
        let taken = self.call("Profiler.takePreciseCoverage", json!({}));
        let scripts = taken["result"].as_array().into_iter().flatten();
        let report = scripts.filter(|script| {
            let url = script["url"].as_str();
            url.is_some_and(|url| url.ends_with("/report.js"))
        });
        let functions = report.flat_map(|script| script["functions"].as_array());
        let blocks = functions
            .flatten()
            .flat_map(|function| function["ranges"].as_array());
        let counts = blocks.flatten().map(|block| block["count"].as_u64());
        counts.map(|count| count.expect("a count")).sum()
    }

    /// The bytes that the page's process holds, and the number of nodes in the page.
    pub(crate) fn memory(&mut self) -> (u64, u64) {
        let nodes = self.eval("document.querySelectorAll('*').length");
        let largest = renderers(self.child.id()).into_iter().max();
        (
            largest.expect("a process that draws the page"),
            nodes.as_u64().unwrap_or(0),
        )
    }

    /// Fails if anything went wrong in the page, or if it requested anything that is not
    /// a file.
    pub(crate) fn assert_quiet(&mut self) {
        self.eval("0"); // takes in what the browser has said until now
        assert!(self.problems.is_empty(), "{:#?}", self.problems);
        let outside = |url: &&String| {
            !["file:", "data:", "about:"]
                .iter()
                .any(|scheme| url.starts_with(scheme))
        };
        let outside: Vec<&String> = self.requests.iter().filter(outside).collect();
        assert!(outside.is_empty(), "requests to {outside:#?}");
    }

    #[allow(clippy::needless_pass_by_value, reason = "so that a call reads as one")]
    fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.call_raw(method, &parameters)
            .unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    fn call_raw(&mut self, method: &str, parameters: &Value) -> Result<Value, String> {
        self.last += 1;
        let id = self.last;
        let mut message = json!({ "id": id, "method": method, "params": parameters });
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        self.socket
            .send(Message::text(message.to_string()))
            .expect("the browser listens");
        loop {
            let message = self.socket.read().expect("the browser answers");
            let Message::Text(text) = message else {
                continue;
            };
            let mut message: Value = serde_json::from_str(&text).expect("JSON");
            if message["id"] == json!(id) {
                let error = &message["error"];
                return match error.is_null() {
                    true => Ok(message["result"].take()),
                    false => Err(error.to_string()),
                };
            }
            self.note(&message);
        }
    }

    fn note(&mut self, event: &Value) {
        let what = &event["params"];
        match event["method"].as_str().unwrap_or_default() {
            "Network.requestWillBeSent" => {
                let url = what["request"]["url"].as_str().unwrap_or_default();
                self.requests.push(url.to_owned());
            }
            "Runtime.exceptionThrown" => self.problems.push(what["exceptionDetails"].to_string()),
            "Runtime.consoleAPICalled" => self.problems.push(what["args"].to_string()),
            "Log.entryAdded" => self.problems.push(what["entry"].to_string()),
            _ => {}
        }
    }
}

/// The resident bytes of the processes below `root` that draw pages.
fn renderers(root: u32) -> Vec<u64> {
    let read = |process: u32, file: &str| {
        std::fs::read_to_string(format!("/proc/{process}/{file}")).unwrap_or_default()
    };
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let processes = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let field = |process: u32, name: &str| -> Option<u64> {
        let status = read(process, "status");
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse().ok()
    };
    let below = |mut process: u32| {
        while process > 1 && process != root {
            process = field(process, "PPid:").map_or(0, |parent| parent as u32);
        }
        process == root
    };
    processes
        .filter(|process| read(*process, "cmdline").contains("--type=renderer") && below(*process))
        .filter_map(|process| Some(field(process, "VmRSS:")? << 10))
        .collect()
}

/// Waits until the browser reports its address, and connects.
fn connect(child: &mut Child) -> WebSocket<TcpStream> {
    const SIGN: &str = "DevTools listening on ws://";
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let place = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix(SIGN).map(ToOwned::to_owned))
        .expect("chromium tells where it listens");
    // Further output must not fill the pipe.
    std::thread::spawn(move || lines.for_each(drop));
    let (host, _) = place.split_once('/').expect("a host and a path");
    let stream = TcpStream::connect(host).expect("a connection to the browser");
    stream.set_read_timeout(Some(PATIENCE)).expect("a deadline");
    let (socket, _) =
        tungstenite::client(format!("ws://{place}"), stream).expect("a WebSocket to the browser");
    socket
}

impl Drop for Browser {
    fn drop(&mut self) {
        #[cfg(target_os = "linux")]
        {
            use nix::sys::signal::{Signal, killpg};
            let group = nix::unistd::Pid::from_raw(self.child.id().cast_signed());
            _ = killpg(group, Signal::SIGKILL);
        }
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// Decodes base64 without spaces, as the browser writes it.
fn base64(text: &str) -> Vec<u8> {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let value = |digit: u8| digits.iter().position(|known| *known == digit);
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_usize, 0_u32);
    for digit in text.bytes().filter_map(value) {
        bits = bits << 6 | digit;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xff) as u8);
        }
    }
    bytes
}
