//! The command line under test: the same program as `assayer`, built for the tests of this package.

use std::process::ExitCode;

fn main() -> ExitCode {
    host_server::cli::main()
}
