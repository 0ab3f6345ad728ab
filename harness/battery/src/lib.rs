//! The questions about IPv4 and IPv6 that `dualstack test` asks of any program.
//!
//! They are scenarios, with the program left open.
//!
//! ```
//! use dualstack_battery::Server;
//!
//! let server = Server::new(["./server", "--port", "{port}"].map(str::to_owned));
//! let questions = server.questions();
//! assert_eq!(questions[0].title, "What it opens");
//! assert_eq!(questions[0].cases[0].script.programs[0].0, "server");
//! ```
//!
//! [`Client`] is asked in the same way.

use dualstack_scenario::{GivenParameters, Scenario, SourceFile, literal};

/// The port that a program is given. It runs in a network namespace, where nothing else has
/// one.
const PORT: u16 = 8080;

/// The client that a server with a list of clients shall take.
const ALLOWED: &str = "127.0.0.2";

/// What a client sends, unless the user chooses something else.
const REQUEST: &str = "GET / HTTP/1.0\r\n\r\n";

/// What a server answers, unless the user chooses something else.
const REPLY: &str = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n";

/// A question of a battery: its file, and the text of that.
type Question = (&'static str, &'static str);

/// The file of a question.
macro_rules! question {
    ($path:literal) => {
        ($path, include_str!(concat!("../", $path)))
    };
}

/// Lists the files of a battery in the order of its report.
macro_rules! questions {
    ($($path:literal),+ $(,)?) => {
        &[$( question!($path) ),+]
    };
}

/// What is asked over both transports, and over one of them.
const OF_BOTH: &[Question] = questions!["server/opens.toml", "server/port-taken.toml"];
const OF_TCP: &[Question] = questions!["server/ipv4-client.toml", "server/ipv6-client.toml"];
const OF_UDP: &[Question] = questions!["server/udp-reply.toml"];

/// What is asked of a server over TCP that takes a list of clients.
const OF_LISTS: &[Question] = questions!["server/allow-list.toml"];

/// What is asked of a client, with the target that its command is given. Where the target is
/// a parameter of the question, each of its rows has another.
const OF_CLIENTS: &[(Question, Target)] = &[
    (question!("client/way.toml"), Target::Name("server.test")),
    (question!("client/names.toml"), Target::Name("server.test")),
    (question!("client/literals.toml"), Target::OfRow),
    (
        question!("client/localhost.toml"),
        Target::Name("localhost"),
    ),
];

/// What a client shall connect to.
#[derive(Clone, Copy, Debug)]
enum Target {
    /// A name.
    Name(&'static str),
    /// What the row says.
    OfRow,
}

impl Target {
    /// The host, and the URL of it.
    fn host_and_url(self) -> (String, String) {
        match self {
            Self::Name(name) => (name.to_owned(), format!("http://{name}:{PORT}/")),
            Self::OfRow => ("{host}".to_owned(), "{url}".to_owned()),
        }
    }
}

/// What a server speaks over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// TCP.
    #[default]
    Tcp,
    /// UDP.
    Udp,
}

/// A server that is put to the test.
#[derive(Clone, Debug)]
pub struct Server {
    command: Vec<String>,
    transport: Transport,
    say: String,
}

impl Server {
    /// A server by its command: the program and its arguments, with `{port}` where its port
    /// goes, and `{allow}` where the address of the one client goes that it shall take, if it
    /// has a list of them.
    pub fn new(command: impl IntoIterator<Item = String>) -> Self {
        Self {
            command: command.into_iter().collect(),
            transport: Transport::Tcp,
            say: REQUEST.to_owned(),
        }
    }

    /// The same over another transport; default: TCP.
    #[must_use]
    pub fn over(self, transport: Transport) -> Self {
        Self { transport, ..self }
    }

    /// The same with another text that clients send; default: an HTTP request.
    #[must_use]
    pub fn say(self, text: &str) -> Self {
        Self {
            say: text.to_owned(),
            ..self
        }
    }

    /// Whether its command says where the port goes.
    pub fn takes_a_port(&self) -> bool {
        self.command.iter().any(|word| word.contains("{port}"))
    }

    /// Whether its command says where a client goes that it shall take.
    fn takes_a_list(&self) -> bool {
        self.command.iter().any(|word| word.contains("{allow}"))
    }

    /// The questions, as scenarios that start it.
    pub fn questions(&self) -> Vec<Scenario> {
        let kind = match self.transport {
            Transport::Tcp => "tcp",
            Transport::Udp => "udp",
        };
        let given = GivenParameters::default()
            .list("command", self.command.iter().map(|word| filled(word)))
            .text("port", PORT.to_string())
            .text("allow", ALLOWED)
            .literal("say", &self.say)
            .text("kind", kind);
        let of_one = match self.transport {
            Transport::Tcp => OF_TCP,
            Transport::Udp => OF_UDP,
        };
        let of_lists = match self.transport {
            Transport::Tcp if self.takes_a_list() => OF_LISTS,
            Transport::Tcp | Transport::Udp => &[],
        };
        let questions = OF_BOTH.iter().chain(of_one).chain(of_lists);
        questions.map(|question| read(question, &given)).collect()
    }
}

/// A client that is put to the test.
#[derive(Clone, Debug)]
pub struct Client {
    command: Vec<String>,
    reply: String,
}

impl Client {
    /// A client by its command: the program and its arguments, with `{url}` where the URL goes
    /// that it shall get, or `{host}` and `{port}` where these go that it shall connect to.
    pub fn new(command: impl IntoIterator<Item = String>) -> Self {
        Self {
            command: command.into_iter().collect(),
            reply: REPLY.to_owned(),
        }
    }

    /// The same with another text that the server sends to it, and then no more; default: a
    /// response of HTTP.
    #[must_use]
    pub fn reply(self, text: &str) -> Self {
        Self {
            reply: text.to_owned(),
            ..self
        }
    }

    /// Whether its command says where its target goes.
    pub fn takes_a_target(&self) -> bool {
        let has = |word: &String| word.contains("{url}") || word.contains("{host}");
        self.command.iter().any(has)
    }

    /// The questions, as scenarios that start it.
    pub fn questions(&self) -> Vec<Scenario> {
        let questions = OF_CLIENTS.iter().map(|(question, target)| {
            let (host, url) = target.host_and_url();
            let words = self.command.iter().map(|word| {
                let word = literal(word).replace("{{port}}", &PORT.to_string());
                word.replace("{{host}}", &host).replace("{{url}}", &url)
            });
            let given = GivenParameters::default()
                .list("command", words)
                .text("port", PORT.to_string())
                .literal("reply", &self.reply);
            read(question, &given)
        });
        questions.collect()
    }
}

/// Reads a question, with what it is given.
fn read((path, text): &Question, given: &GivenParameters) -> Scenario {
    let id = path.strip_suffix(".toml").unwrap_or(path);
    Scenario::parse_with(id, SourceFile::new(*path, *text), given)
        .unwrap_or_else(|problems| panic!("a test reads every question: {problems:?}"))
}

/// A word of the command, with what is put in for it.
fn filled(word: &str) -> String {
    literal(word)
        .replace("{{port}}", &PORT.to_string())
        .replace("{{allow}}", ALLOWED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dualstack_scenario::Case;
    use rstest::rstest;

    /// The command of the program of a case.
    fn words(case: &Case) -> Vec<String> {
        let (_, program) = &case.script.programs[0];
        let words = program.command.iter();
        words.map(|word| word.0.to_string()).collect()
    }

    #[rstest]
    #[case(Transport::Tcp)]
    #[case(Transport::Udp)]
    fn every_question_can_be_read(#[case] transport: Transport) {
        let command = ["./server", "{port}", "{not a value}", "{allow}"].map(str::to_owned);
        let questions = Server::new(command).over(transport).questions();
        for question in questions {
            for case in &question.cases {
                let words = words(case);
                assert_eq!(words, ["./server", "8080", "{{not a value}}", "127.0.0.2"]);
                assert!(!case.expect.is_empty(), "{}", case.id);
            }
            assert!(question.advice.is_some(), "{}", question.id);
        }
    }

    #[test]
    fn every_question_to_a_client_can_be_read() {
        let command = ["./client", "{url}", "{host}", "{port}", "{not a value}"];
        let questions = Client::new(command.map(str::to_owned)).questions();
        for question in questions {
            for case in &question.cases {
                let words = words(case);
                let (url, host) = match question.id.as_str() {
                    "client/literals" => ("{url}", "{host}"),
                    "client/localhost" => ("http://localhost:8080/", "localhost"),
                    _ => ("http://server.test:8080/", "server.test"),
                };
                let wanted = ["./client", url, host, "8080", "{{not a value}}"];
                assert_eq!(words, wanted, "{}", case.id);
                assert!(!case.expect.is_empty(), "{}", case.id);
            }
            assert!(question.advice.is_some(), "{}", question.id);
        }
    }
}
