//! The `assayer` program: hands over to the command line, which says how it ended.

use std::process::ExitCode;

fn main() -> ExitCode {
    host_server::cli::main()
}
