//! Figures, each as a ratio against a peer in the same run or against a stated bound.
//!
//!     benches peers      chains of three: ours through the component, alone and with signature checks
//!                        answered by the host, OpenSSL, rustls-webpki
//!     benches hostile    input made to be slow: time and counted work, against the bound of 250 ms
//!
//! Both print a table for people, then one JSON document.

mod chains;
mod hostile;
mod measure;
mod peers;

use std::process::ExitCode;

fn main() -> ExitCode {
    let outcome = match std::env::args().nth(1).as_deref() {
        Some("peers") => peers::run(),
        Some("hostile") => hostile::run(),
        _ => Err("one argument is needed: peers or hostile".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("benches: {reason}");
            ExitCode::from(2)
        }
    }
}
