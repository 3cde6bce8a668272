//! `assayer completions`: what a shell needs to complete commands and options, from the same description as the
//! arguments.

use clap::Args;
use clap_complete::{Shell, generate};

use super::{Console, Exit, Failure, written};

/// The options of `completions`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The shell.
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Runs `completions` for the whole command.
///
/// # Errors
/// When the output cannot be written.
pub fn run(
    arguments: &Arguments,
    mut whole: clap::Command,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    generate(arguments.shell, &mut whole, "assayer", &mut script);
    let output = console.output.write_all(&script).and_then(|()| console.output.flush());
    written(output, Exit::Allow)
}
