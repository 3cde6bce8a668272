//! The command line: one file for each command, which parses, asks the engine and prints. No rule is here.
//!
//! | exit status | |
//! |---|---|
//! | 0 | allow, or the command did its work |
//! | 1 | deny, or the server's engine refused |
//! | 2 | the question could not be asked: a file or an option is wrong |
//! | 3 | a fault of ours |

pub mod audit;
pub mod bulk;
pub mod capsule;
pub mod capsule_page;
pub mod cert;
pub mod completions;
pub mod console;
pub mod csr;
pub mod demo;
pub mod engine;
pub mod failure;
pub mod fields;
pub mod file;
pub mod inspect;
pub mod listing;
pub mod monitor;
pub mod node;
pub mod page;
pub mod plan_page;
pub mod policy;
pub mod question;
pub mod remote;
pub mod revocation;
pub mod said;
pub mod serve;
pub mod status_page;
pub mod storage;
pub mod trust;
pub mod verdict_page;
pub mod verify;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

pub use console::{Console, Looks};
pub use failure::{Exit, Failure};

/// Decides whether a certificate may be trusted, and says why.
#[derive(Debug, Parser)]
#[command(name = "assayer", version, arg_required_else_help = true, after_help = AFTER_HELP)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "Exit status: 0 allow or done, 1 deny or refused, 2 the question could not be asked (bad file, bad option), \
                          3 a fault of ours.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Decide whether a certificate may be trusted.
    Verify(Box<verify::Arguments>),
    /// Show every field and extension of the certificates in a file.
    Inspect(inspect::Arguments),
    /// Show what is decided about revocation, with a throw-away PKI of its own.
    Demo(demo::Arguments),
    /// Show decisions that were saved as files, and decide them again.
    #[command(subcommand)]
    Capsule(capsule::CapsuleCommand),
    /// Write, check, compare and try policy documents.
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    /// Show or export the engine that decides.
    #[command(subcommand)]
    Engine(engine::EngineCommand),
    /// Serve over HTTP: decisions, and the management of certificates and trust stores.
    Serve(Box<serve::Arguments>),
    /// Look after the certificates that a server keeps.
    Cert(Box<cert::Arguments>),
    /// Look after signing requests that a server makes.
    Csr(Box<csr::Arguments>),
    /// Look after a server's trust stores.
    Trust(Box<trust::Arguments>),
    /// Look after the nodes of a cluster.
    Node(Box<node::Arguments>),
    /// Look after what expires, and the alarms about it.
    Monitor(Box<monitor::Arguments>),
    /// Print what a shell needs to complete commands and options.
    Completions(completions::Arguments),
    /// Check, or copy, the record of who did what.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Copy what is kept, while a server uses it.
    Backup(storage::BackupArguments),
    /// Put a copy back, while no server uses it.
    Restore(storage::RestoreArguments),
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A page for people.
    Text,
    /// One JSON document for programs.
    Json,
}

/// The program: runs on the process's own arguments, streams, environment and clock.
#[must_use]
pub fn main() -> ExitCode {
    let (mut input, mut output, mut errors) = (io::stdin(), io::stdout(), io::stderr());
    let mut console = Console {
        input: &mut input,
        output: &mut output,
        errors: &mut errors,
        looks: Looks::of_process(),
        now: console::clock(),
    };
    ExitCode::from(run(std::env::args_os(), &mut console).status())
}

/// Runs one command; the first argument is the program's name.
pub fn run(arguments: impl IntoIterator<Item = OsString>, console: &mut Console<'_>) -> Exit {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error, console),
    };
    let answer = match arguments.command {
        Command::Verify(arguments) => verify::run(&arguments, console),
        Command::Inspect(arguments) => inspect::run(&arguments, console),
        Command::Demo(arguments) => demo::run(&arguments, console),
        Command::Capsule(command) => capsule::run(&command, console),
        Command::Policy(command) => policy::run(&command, console),
        Command::Engine(command) => engine::run(&command, console),
        Command::Serve(arguments) => serve::run(&arguments, console),
        Command::Cert(arguments) => cert::run(&arguments, console),
        Command::Csr(arguments) => csr::run(&arguments, console),
        Command::Trust(arguments) => trust::run(&arguments, console),
        Command::Node(arguments) => node::run(&arguments, console),
        Command::Monitor(arguments) => monitor::run(&arguments, console),
        Command::Completions(arguments) => completions::run(&arguments, Arguments::command(), console),
        Command::Audit(command) => audit::run(&command, console),
        Command::Backup(arguments) => storage::backup(&arguments, console),
        Command::Restore(arguments) => storage::put_back(&arguments, console),
    };
    answer.unwrap_or_else(|failure| {
        console.complain(&format!("assayer: {failure}"));
        failure.exit()
    })
}

/// Help and version go to standard output and are an answer; anything else is a wrong option.
fn usage(error: &clap::Error, console: &mut Console<'_>) -> Exit {
    let text = error.render().ansi().to_string();
    if error.use_stderr() {
        console.complain(text.trim_end());
        return Exit::Question;
    }
    written(console.page(&text), Exit::Allow).unwrap_or_else(|failure| failure.exit())
}

/// What became of the output. A reader that went away has what it wanted: the answer stands.
///
/// # Errors
/// When the output cannot be written for another reason.
fn written(output: io::Result<()>, exit: Exit) -> Result<Exit, Failure> {
    match output {
        Ok(()) => Ok(exit),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(exit),
        Err(error) => Err(Failure::Fault(format!("standard output cannot be written ({error})"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(arguments: &[&str], input: &[u8]) -> (u8, String, String) {
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let mut input = input;
        let mut console = Console {
            input: &mut input,
            output: &mut output,
            errors: &mut errors,
            looks: Looks::PLAIN,
            now: 1_795_262_400,
        };
        let arguments = ["assayer"].iter().chain(arguments).map(OsString::from);
        let exit = run(arguments, &mut console);
        (exit.status(), String::from_utf8(output).unwrap(), String::from_utf8(errors).unwrap())
    }

    fn refused(arguments: &[&str], input: &[u8], line: &str) {
        assert_eq!(answer(arguments, input), (2, String::new(), format!("{line}\n")), "{arguments:?}");
    }

    #[test]
    fn without_anchors_nothing_is_asked() {
        refused(
            &["verify", "-"],
            b"x",
            "assayer: --anchors: no trust anchor was given, and none is built in; \
             name a file or a directory, such as --anchors /etc/ssl/certs/ca-certificates.crt",
        );
    }

    #[test]
    fn a_file_of_no_use_is_one_clear_line() {
        let forms = "expected certificates as PEM, DER or PKCS #7";
        refused(
            &["inspect", "/no/such.pem"],
            b"",
            &format!("assayer: /no/such.pem: there is no such file; {forms}"),
        );
        refused(
            &["verify", "/no/such.pem", "--anchors", "/"],
            b"",
            &format!("assayer: /no/such.pem: there is no such file; {forms}"),
        );
        refused(&["inspect", "-"], b"", &format!("assayer: standard input: is empty; {forms}"));
        refused(
            &["inspect", "/"],
            b"",
            &format!(
                "assayer: /: is a directory; {forms} in one file (--anchors, --untrusted and --crl alone take a directory)"
            ),
        );
        refused(
            &["inspect", "-"],
            &vec![0; 4 * 1024 * 1024 + 1],
            &format!(
                "assayer: standard input: is larger than 4194304 octets, the most that is read; {forms}"
            ),
        );
        refused(
            &["verify", "-", "--anchors", "a.pem", "--policy", "/no/such.toml"],
            b"x",
            "assayer: /no/such.toml: there is no such file; expected a policy document (TOML)",
        );
    }

    #[test]
    fn wrong_options_end_with_two_and_help_with_zero() {
        for arguments in [
            &["verify"][..],
            &["frobnicate"],
            &["inspect", "a", "--format", "xml"],
            &["verify", "a", "--at", "yesterday"],
            &["verify", "a", "--name", ""],
            &["verify", "a", "--allow", "10.0.0.0/8"],
            &["verify", "a", "--online", "--allow", "10.0.0.1/8"],
            &["verify", "a", "--online", "--allow-port", "0"],
            &["verify", "a", "--online", "--allow-port", "http"],
            &["trust", "delete", "tomcat-trust"],
            &["node", "role", "a", "king"],
            &["cert", "list", "--limit", "501"],
            &[],
        ] {
            let (status, output, errors) = answer(arguments, b"");
            assert_eq!((status, output.as_str()), (2, ""), "{arguments:?}");
            assert!(!errors.is_empty());
        }
        let (status, output, errors) = answer(&["verify", "--help"], b"");
        assert_eq!((status, errors.as_str()), (0, ""));
        assert!(output.contains("--anchors <FILE>"));
    }

    #[test]
    fn a_reader_that_went_away_changes_no_answer() {
        let broken = || Err(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(written(broken(), Exit::Deny), Ok(Exit::Deny));
        assert_eq!(written(Ok(()), Exit::Allow), Ok(Exit::Allow));
        let full = written(Err(io::Error::from(io::ErrorKind::StorageFull)), Exit::Allow);
        assert_eq!(full.unwrap_err().exit(), Exit::Fault);
    }
}
