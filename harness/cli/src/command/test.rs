//! `dualstack test`: the questions that any program can be asked, without a scenario.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use dualstack_battery::{Server, Transport};

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

pub(super) fn test(arguments: &TestArguments) -> Result<ExitCode, Failure> {
    let Role::Server(arguments) = &arguments.role;
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
    let corpus = Corpus {
        scenarios: server.questions(),
        claims: corpus::catalogue(),
    };
    run::ask(
        &corpus,
        &On::one("netns"),
        Programs::Demanded,
        &arguments.asking,
    )
}
