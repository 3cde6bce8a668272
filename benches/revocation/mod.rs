//! Revocation: one status by OCSP and by CRL beside OpenSSL on the same octets, the largest CRL that is accepted, and
//! whole verdicts against a live `openssl ocsp`.

mod answer;
mod large;
mod live;

/// Measures and prints.
pub(crate) fn run() -> Result<(), String> {
    let answers = answer::rows()?;
    println!(
        "one status from an answer at hand, in microseconds (least of 15 batches); chain of three, P-256\n"
    );
    println!("{:<34} {:>9} {:>9} {:>9}   {:>9}", "", "ours", "answered", "OpenSSL", "to OpenSSL");
    for row in &answers {
        println!(
            "{:<34} {:>9.1} {:>9.1} {:>9.1}   {:>9.1}",
            row.work, row.ours_us, row.answered_us, row.openssl_us, row.ours_to_openssl
        );
    }
    println!(
        "\nours judges the whole chain and its status; OpenSSL judges the status alone (decode, verify, look up)\n"
    );
    let large = large::measure()?;
    large.print();
    let live = live::measure()?;
    live.print();
    println!(
        "\n{}",
        serde_json::json!({ "bench": "revocation", "answers": answers, "large_crl": large, "live": live })
    );
    Ok(())
}
