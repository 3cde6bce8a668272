//! The conformance runner: third-party suites through the component, one JSON line a case and a summary line
//! last. `rules` reads no suite: it says which rules of the catalogue are exercised, and where.
//!
//!     conformance limbo|chain|pkits|ocsp|crl FILE
//!     conformance rules
//!
//! Exit status: 0 when every case agrees or is a listed divergence, 1 when one does not (a listed divergence
//! that has come to agree included), 2 when the file cannot be read.

mod case;
mod chain;
mod crl;
mod divergence;
mod limbo;
mod ocsp;
mod outcome;
mod pem;
mod pkits;
mod rules;
mod run;
mod stand_in;

use std::path::Path;
use std::process::ExitCode;

use case::Case;

/// A suite: its name on the command line, and how its file is read.
type Suite = (&'static str, fn(&[u8]) -> Result<Vec<Case>, String>);

const SUITES: [Suite; 5] = [
    ("limbo", limbo::read),
    ("chain", chain::read),
    ("pkits", pkits::read),
    ("ocsp", ocsp::read),
    ("crl", crl::read),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments == ["rules"] {
        return rules::print().map_or_else(|reason| refuse(&reason), |()| ExitCode::SUCCESS);
    }
    let [suite, file] = arguments.as_slice() else {
        return refuse(
            "two arguments are needed: the suite (limbo, chain, pkits, ocsp or crl) and its file; or `rules` alone",
        );
    };
    let Some((name, read)) = SUITES.iter().find(|(name, _)| name == suite) else {
        return refuse(&format!("`{suite}` is no suite; there are limbo, chain, pkits, ocsp and crl"));
    };
    let bytes = match std::fs::read(Path::new(file)) {
        Ok(bytes) => bytes,
        Err(error) => {
            return refuse(&format!("{file}: {error}; the third-party vectors are not part of this project"));
        }
    };
    match read(&bytes).and_then(|cases| run::run(name, cases)) {
        Ok(agreed) => ExitCode::from(u8::from(!agreed)),
        Err(reason) => refuse(&format!("{file}: {reason}")),
    }
}

fn refuse(reason: &str) -> ExitCode {
    eprintln!("conformance: {reason}");
    ExitCode::from(2)
}
