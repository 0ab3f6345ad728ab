//! `dualstack test`: the questions that any program can be asked, without a scenario.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use dualstack_battery::{Client, Server, Transport};
use dualstack_scenario::Scenario;

use super::lab::On;
use super::run::{self, Asking, Programs};
use crate::corpus::{self, Corpus};
use crate::failure::Failure;

/// The arguments of `test`.
#[derive(Clone, Debug, Args)]
pub(super) struct TestArguments {
    #[command(subcommand)]
    role: Role,
}

#[derive(Clone, Debug, Subcommand)]
enum Role {
    /// Test a server: what it opens, whom it takes, and what it does without a family
    Server(ServerArguments),
    /// Test a client: which addresses it tries, in which order, after how long, and whether it
    /// gets through when a family or a record is missing
    Client(ClientArguments),
}

#[derive(Clone, Debug, Args)]
struct ServerArguments {
    /// Test it over UDP; default: over TCP
    #[arg(long)]
    udp: bool,
    /// What a client sends; default: an HTTP request
    #[arg(long, value_name = "TEXT")]
    say: Option<String>,
    /// The server and its arguments. `{port}` is replaced by the port that it shall have, and
    /// `{allow}` by the address of the only client that it shall take, if it has a list
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<String>,
    #[command(flatten)]
    asking: Asking,
}

#[derive(Clone, Debug, Args)]
struct ClientArguments {
    /// What the server sends to it, and then no more; default: a response of HTTP
    #[arg(long, value_name = "TEXT")]
    reply: Option<String>,
    /// The client and its arguments. `{url}` is replaced by what it shall get over HTTP;
    /// `{host}` and `{port}` by what it shall connect to
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<String>,
    #[command(flatten)]
    asking: Asking,
}

pub(super) fn test(arguments: &TestArguments) -> Result<ExitCode, Failure> {
    match &arguments.role {
        Role::Server(arguments) => server(arguments),
        Role::Client(arguments) => client(arguments),
    }
}

fn client(arguments: &ClientArguments) -> Result<ExitCode, Failure> {
    let mut client = Client::new(arguments.command.iter().cloned());
    if let Some(reply) = &arguments.reply {
        client = client.reply(reply);
    }
    if !client.takes_a_target() {
        return Err(Failure::usage_hint(
            "the command does not say where its target goes".to_owned(),
            "write {url}, or {host} and {port}, where they belong: dualstack test client -- curl {url}"
                .to_owned(),
        ));
    }
    ask(client.questions(), &arguments.asking)
}

fn server(arguments: &ServerArguments) -> Result<ExitCode, Failure> {
    let mut server = Server::new(arguments.command.iter().cloned());
    if arguments.udp {
        server = server.over(Transport::Udp);
    }
    if let Some(say) = &arguments.say {
        server = server.say(say);
    }
    if !server.takes_a_port() {
        return Err(Failure::usage_hint(
            "the command does not say where its port goes".to_owned(),
            "write {port} where it belongs: dualstack test server -- ./server --port {port}"
                .to_owned(),
        ));
    }
    ask(server.questions(), &arguments.asking)
}

fn ask(scenarios: Vec<Scenario>, asking: &Asking) -> Result<ExitCode, Failure> {
    let claims = corpus::catalogue();
    let corpus = Corpus { scenarios, claims };
    run::ask(&corpus, &On::one("netns"), Programs::Demanded, asking)
}
