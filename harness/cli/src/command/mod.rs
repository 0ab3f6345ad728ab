//! The command line: one file per command.

mod accept;
mod against;
mod agent;
mod answers;
mod check;
mod clean;
mod completions;
mod conditions;
mod diff;
mod explain;
mod failed;
mod handbook;
mod init;
mod lab;
mod list;
mod machine;
mod man;
mod page;
mod pick;
mod platforms;
mod progress;
mod reap;
mod reference;
mod report;
mod resume;
mod run;
mod schema;
mod select;
mod setup;
mod show;
mod test;
mod wrap;

use std::fmt;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use dualstack_scenario::shown::{Lines, Shown, harmless};
use dualstack_scenario::{Problem, shown};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use crate::failure::{Failure, exit};

pub use run::{host_of, run_cases};

/// Shows what dual-stack (IPv4 and IPv6) sockets do, with evidence.
///
/// Without a command, it runs the corpus, or what is named, as `run` does.
///
/// Exit codes: 0, everything is as expected; 1, an answer differs from what is expected;
/// 2, a scenario or the command line is invalid; 3, something broke, so an answer is
/// missing or was not written.
#[derive(Debug, Parser)]
#[command(
    name = "dualstack",
    version,
    about,
    long_about,
    args_conflicts_with_subcommands = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: run::RunArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run scenarios on this machine, or on other platforms, and print the matrix
    Run(run::RunArguments),
    /// Put a program of yours to the test: what its sockets do with IPv4 and IPv6
    Test(test::TestArguments),
    /// Make scenarios tests of a crate: writes what it needs, and overwrites nothing
    Init(init::InitArguments),
    /// List the cases with their questions
    List(list::ListArguments),
    /// Check scenario files, and report all mistakes
    Check(check::CheckArguments),
    /// Show everything about a case: the question, the calls, the answers
    Explain(explain::ExplainArguments),
    /// Make a report from results files: the page, Markdown, JUnit XML, CSV
    Report(report::ReportArguments),
    /// Approve the answers of a run, change by change, for `run --against`
    Accept(accept::AcceptArguments),
    /// Show what changed between two results files, or two platforms
    Diff(diff::DiffArguments),
    /// Show which platforms can be used here, and what the others lack
    Platforms(platforms::PlatformsArguments),
    /// Set up what platforms need, on Debian
    Setup(setup::SetupArguments),
    /// Remove what killed runs left behind, and end background processes of Wine
    Clean,
    /// Print the JSON Schema of scenario files, or of results files
    Schema(schema::SchemaArguments),
    /// Print the reference page of the language
    Reference,
    /// Print the handbook of portable dual-stack code: rules by task, with answers and code
    Handbook,
    /// Print the completions of the command line for a shell
    Completions(completions::CompletionsArguments),
    /// Write the manual pages
    Man(man::ManArguments),
    /// Run cases for another process, over standard input and output
    Agent(agent::AgentArguments),
    /// Remove what another process leaves behind when it is killed
    #[command(hide = true)]
    Reap,
}

/// Carries out the command line of this process.
pub fn main() -> ExitCode {
    let result = match Arguments::try_parse() {
        Ok(Arguments { command, run }) => command.unwrap_or(Command::Run(run)).carry_out(),
        Err(error) => misread(&error),
    };
    result.unwrap_or_else(|failure| {
        report(&failure);
        failure.exit_code()
    })
}

/// The names of the commands.
fn commands() -> Vec<String> {
    let arguments = <Arguments as clap::CommandFactory>::command();
    let commands = arguments.get_subcommands();
    commands
        .map(|command| command.get_name().to_owned())
        .collect()
}

/// Prints what is wrong with the command line, or the help that it asks for.
fn misread(error: &clap::Error) -> Result<ExitCode, Failure> {
    if error.use_stderr() {
        // It repeats what was written, which may be the name of any file.
        tell(&error.render().to_string());
    } else {
        arrived(error.print().and_then(|()| io::stdout().flush()))?;
    }
    let code = u8::try_from(error.exit_code()).unwrap_or(exit::BAD_INPUT);
    Ok(code.into())
}

impl Command {
    /// Runs it, and waits until everything that it started has ended.
    fn carry_out(self) -> Result<ExitCode, Failure> {
        if self.starts_processes() {
            lab::watch_over_processes()?;
            dualstack_lab::notice::listen(|text| tell(shown!("{}\n", text)));
        }
        let result = match self {
            Self::Run(arguments) => run::run(&arguments),
            Self::Test(arguments) => test::test(&arguments),
            Self::Init(arguments) => init::init(&arguments),
            Self::List(arguments) => list::list(&arguments),
            Self::Check(arguments) => check::check(&arguments),
            Self::Explain(arguments) => explain::explain(&arguments),
            Self::Report(arguments) => report::report(&arguments),
            Self::Accept(arguments) => accept::accept(&arguments),
            Self::Diff(arguments) => diff::diff(&arguments),
            Self::Platforms(arguments) => platforms::platforms(&arguments),
            Self::Clean => clean::clean(),
            Self::Schema(arguments) => schema::schema(&arguments),
            Self::Reference => reference::reference(),
            Self::Handbook => handbook::handbook(),
            Self::Completions(arguments) => completions::completions(&arguments),
            Self::Man(arguments) => man::man(&arguments),
            Self::Setup(arguments) => setup::setup(&arguments),
            Self::Agent(_) => Ok(agent::agent()),
            Self::Reap => Ok(reap::reap()),
        };
        lab::settle();
        result
    }

    /// Whether it starts what must end with it. The others end by a signal itself.
    fn starts_processes(&self) -> bool {
        match self {
            Self::Run(_) | Self::Test(_) | Self::Platforms(_) | Self::Setup(_) | Self::Clean => {
                true
            }
            Self::Init(_)
            | Self::List(_)
            | Self::Check(_)
            | Self::Explain(_)
            | Self::Report(_)
            | Self::Accept(_)
            | Self::Diff(_)
            | Self::Schema(_)
            | Self::Reference
            | Self::Handbook
            | Self::Completions(_)
            | Self::Man(_)
            | Self::Agent(_)
            | Self::Reap => false,
        }
    }
}

/// Reports a failure on standard error; a mistake in a file with an excerpt.
fn report(failure: &Failure) {
    if let Failure::Scenarios(problems) = failure {
        let colour =
            anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
        let theme = if colour {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(width().into());
        for problem in problems {
            let mut text = String::new();
            if handler
                .render_report(&mut text, &WithExcerpt(problem))
                .is_ok()
            {
                // Everything in a problem is visible; the colours are those of the theme.
                tell(Shown::trusted(text + "\n"));
            }
        }
    }
    tell(shown!("dualstack: {}\n", Lines(failure)));
}

/// A problem whose excerpt shows its place and its fix, so that its message does not.
#[derive(Debug)]
struct WithExcerpt<'a>(&'a Problem);

impl fmt::Display for WithExcerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

impl std::error::Error for WithExcerpt<'_> {}

impl Diagnostic for WithExcerpt<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.0.help()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.0.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.0.labels()
    }
}

/// The width that `COLUMNS` names, or that of the terminal, or 80 columns if there is none.
fn width() -> u16 {
    let named = std::env::var("COLUMNS").ok();
    let named = named.and_then(|columns| columns.parse().ok());
    let terminal = || Some(terminal_size::terminal_size()?.0.0);
    named
        .filter(|width| *width > 0)
        .or_else(terminal)
        .unwrap_or(80)
}

/// Prints text, wrapped if the output is a terminal.
fn print_wrapped(text: impl Into<Shown>) -> Result<(), Failure> {
    let text = text.into();
    if io::stdout().is_terminal() {
        print(Shown::trusted(wrap::wrap(&text, width())))
    } else {
        print(text)
    }
}

/// Prints on standard output.
///
/// Whatever is printed is a [`Shown`]: nothing that came from outside can steer the
/// terminal, or is a command in a job's log.
fn print(text: impl Into<Shown>) -> Result<(), Failure> {
    let mut stdout = anstream::stdout();
    let written = stdout.write_all(harmless(&text.into()).as_bytes());
    arrived(written.and_then(|()| stdout.flush()))
}

/// A reader that has closed the output has seen enough; any other error loses text.
fn arrived(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Output(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Prints on standard error. If that cannot be written, there is no better place.
fn tell(text: impl Into<Shown>) {
    _ = anstream::stderr().write_all(harmless(&text.into()).as_bytes());
}
