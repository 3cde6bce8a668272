//! Figures, each as a ratio against a peer in the same run or against a stated bound.
//!
//! ```text
//! benches peers    chains of three: ours through the component, alone and with signature checks answered by
//!                  the host, OpenSSL, rustls-webpki; a status by OCSP and by CRL, and the largest CRL,
//!                  beside OpenSSL
//! benches live     whole verdicts against a live `openssl ocsp`, and where the time goes
//! benches store    100,000 certificates in store: pages of the list and uploads, against the bound of 50 ms
//! benches recheck  2,000 certificates judged again, with 20 % of the responders dead beside none
//! benches year     a simulated year of 100,000 certificates: nothing missed, nothing done twice; `expiry` or `checks` for
//!                  one half of it
//! benches load     decisions for other servers under load, cached and live, at ten times what can be answered
//! benches replay   decisions that were saved, decided again: capsules a minute, beside deciding afresh
//! benches rules    what ten rules of a deployment's own add to a verdict, beside none
//! benches hostile  input made to be slow: time and counted work, against the bound of 250 ms
//! ```
//!
//! Each prints a table for people, then one JSON document.

mod chains;
mod hostile;
mod load;
mod measure;
mod peers;
mod recheck;
mod replay;
mod revocation;
mod rules;
mod store;
mod year;
#[path = "../tests/peers/authority.rs"]
#[expect(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "shared with the tests; a bench that cannot begin stops"
)]
mod authority;
#[path = "../tests/peers/responder.rs"]
#[expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "shared with the tests; a bench that cannot begin stops"
)]
mod responder;

use std::process::ExitCode;

fn main() -> ExitCode {
    let outcome = match std::env::args().nth(1).as_deref() {
        Some("peers") => peers::run().and_then(|()| revocation::beside_openssl()),
        Some("live") => revocation::live(),
        Some("store") => store::run(),
        Some("recheck") => recheck::run(),
        Some("year") => year::run(std::env::args().nth(2).as_deref()),
        Some("load") => load::run(),
        Some("replay") => replay::run(),
        Some("rules") => rules::run(),
        Some("hostile") => hostile::run(),
        _ => Err("one argument is needed: peers, live, store, recheck, year, load, replay, rules or hostile"
            .to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("benches: {reason}");
            ExitCode::from(2)
        }
    }
}
