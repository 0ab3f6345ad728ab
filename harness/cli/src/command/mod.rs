//! The command line: one file per command.

mod agent;
mod check;
mod clean;
mod diff;
mod explain;
mod lab;
mod list;
mod platforms;
mod reference;
mod report;
mod run;
mod schema;
mod select;
mod setup;
mod wrap;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use dualstack_scenario::shown;
use dualstack_scenario::shown::{Lines, Shown, harmless};
use miette::{GraphicalReportHandler, GraphicalTheme};

use crate::failure::Failure;

pub use run::{host_of, run_cases};

/// Shows what dual-stack (IPv4 and IPv6) sockets do, with evidence.
///
/// Without a command, it runs the corpus on this machine and prints the matrix.
///
/// Exit codes: 0, everything is as expected; 1, an answer differs from what is expected;
/// 2, a scenario or the command line is invalid; 3, something broke, so an answer is
/// missing.
#[derive(Debug, Parser)]
#[command(name = "dualstack", version, about, long_about)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run scenarios on this machine, or on other platforms, and print the matrix
    Run(run::RunArguments),
    /// List the cases with their questions
    List(list::ListArguments),
    /// Check scenario files, and report all mistakes
    Check(check::CheckArguments),
    /// Show everything about a case: the question, the calls, the answers
    Explain(explain::ExplainArguments),
    /// Make a report from results files: the page, Markdown, JUnit XML, CSV
    Report(report::ReportArguments),
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
    /// Run cases for another process, over standard input and output
    Agent(agent::AgentArguments),
}

impl Arguments {
    /// Reads the command line. If it is invalid, says why and ends the process.
    pub fn read() -> Self {
        Self::try_parse().unwrap_or_else(|error| {
            if !error.use_stderr() {
                error.exit();
            }
            // It repeats what was written, which may be the name of any file.
            tell(&error.render().to_string());
            std::process::exit(error.exit_code());
        })
    }

    /// Runs the command.
    pub fn carry_out(self) -> ExitCode {
        let result = match self.command {
            None => run::run(&run::RunArguments::default()),
            Some(Command::Run(arguments)) => run::run(&arguments),
            Some(Command::List(arguments)) => list::list(&arguments),
            Some(Command::Check(arguments)) => check::check(&arguments),
            Some(Command::Explain(arguments)) => explain::explain(&arguments),
            Some(Command::Report(arguments)) => report::report(&arguments),
            Some(Command::Diff(arguments)) => diff::diff(&arguments),
            Some(Command::Platforms(arguments)) => platforms::platforms(&arguments),
            Some(Command::Clean) => clean::clean(),
            Some(Command::Schema(arguments)) => schema::schema(&arguments),
            Some(Command::Reference) => reference::reference(),
            Some(Command::Setup(arguments)) => setup::setup(&arguments),
            Some(Command::Agent(_)) => Ok(agent::agent()),
        };
        lab::settle();
        result.unwrap_or_else(|failure| {
            report(&failure);
            failure.exit_code()
        })
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
            if handler.render_report(&mut text, problem).is_ok() {
                // Everything in a problem is visible; the colours are those of the theme.
                tell(Shown::trusted(text + "\n"));
            }
        }
    }
    tell(shown!("dualstack: {}\n", Lines(failure)));
}

/// The width of the terminal, or 80 columns if there is none.
fn width() -> u16 {
    terminal_size::terminal_size().map_or(80, |(width, _)| width.0)
}

/// Prints text, wrapped if the output is a terminal.
fn print_wrapped(text: impl Into<Shown>) {
    let text = text.into();
    if std::io::stdout().is_terminal() {
        print(Shown::trusted(wrap::wrap(&text, width())));
    } else {
        print(text);
    }
}

/// Prints on standard output; does nothing more once the reader has closed it.
///
/// Whatever is printed is a [`Shown`]: nothing that came from outside can steer the
/// terminal, or is a command in a job's log.
fn print(text: impl Into<Shown>) {
    let written = anstream::stdout().write_all(harmless(&text.into()).as_bytes());
    if written.is_err_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe) {
        std::process::exit(0);
    }
}

/// Prints on standard error.
fn tell(text: impl Into<Shown>) {
    // There is nowhere left to report a failure to.
    _ = anstream::stderr().write_all(harmless(&text.into()).as_bytes());
}
