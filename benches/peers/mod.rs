//! Ours and other validators in turn on the same work: path building and validation of a chain of three for a
//! TLS server by name, trust store ready, certificates as DER. No revocation anywhere.

mod ours;
mod through_openssl;
mod through_webpki;

use serde::Serialize;

use crate::chains::{self, Chain};
use crate::measure::least;

#[derive(Serialize)]
struct Row {
    chain: &'static str,
    ours_us: f64,
    answered_us: f64,
    openssl_us: f64,
    webpki_us: f64,
    ours_to_openssl: f64,
    ours_to_webpki: f64,
    answered_to_openssl: f64,
    answered_to_webpki: f64,
}

/// Measures and prints.
pub(crate) fn run() -> Result<(), String> {
    let rows = chains::all().iter().map(measure).collect::<Result<Vec<_>, _>>()?;
    println!("one validation of a chain of three, in microseconds (least of 15 batches)\n");
    println!(
        "{:<10} {:>9} {:>9} {:>9} {:>9}   {:^19}  {:^19}",
        "", "", "", "", "", "to OpenSSL", "to webpki"
    );
    println!(
        "{:<10} {:>9} {:>9} {:>9} {:>9}   {:>9} {:>9}  {:>9} {:>9}",
        "chain", "ours", "answered", "OpenSSL", "webpki", "ours", "answered", "ours", "answered"
    );
    for row in &rows {
        println!(
            "{:<10} {:>9.1} {:>9.1} {:>9.1} {:>9.1}   {:>9.1} {:>9.1}  {:>9.1} {:>9.1}",
            row.chain,
            row.ours_us,
            row.answered_us,
            row.openssl_us,
            row.webpki_us,
            row.ours_to_openssl,
            row.answered_to_openssl,
            row.ours_to_webpki,
            row.answered_to_webpki
        );
    }
    println!(
        "\nours runs in the component with its own arithmetic; answered is the same with signature checks answered \
         by the host\nwith {}, in two rounds; OpenSSL is {}",
        host_server::signature::library(),
        openssl::version::version()
    );
    println!("\n{}", serde_json::json!({ "bench": "peers", "rows": rows }));
    Ok(())
}

fn measure(chain: &Chain) -> Result<Row, String> {
    let mut ours = ours::Ours::alone(chain)?;
    let mut answered = ours::Ours::answered(chain)?;
    let openssl = through_openssl::Peer::new(chain)?;
    let webpki = through_webpki::Peer::new(chain)?;
    let ours_us = least(|| ours.judge())? / 1e3;
    let answered_us = least(|| answered.judge())? / 1e3;
    let openssl_us = least(|| openssl.judge())? / 1e3;
    let webpki_us = least(|| webpki.judge())? / 1e3;
    Ok(Row {
        chain: chain.label,
        ours_us,
        answered_us,
        openssl_us,
        webpki_us,
        ours_to_openssl: ours_us / openssl_us,
        ours_to_webpki: ours_us / webpki_us,
        answered_to_openssl: answered_us / openssl_us,
        answered_to_webpki: answered_us / webpki_us,
    })
}
