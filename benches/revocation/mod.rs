//! Revocation: one status by OCSP and by CRL beside OpenSSL on the same octets, the largest CRL that is accepted, and
//! whole verdicts against a live `openssl ocsp`.

mod answer;
mod large;
mod live;

/// Beside OpenSSL: answers at hand, and the largest CRL.
pub(crate) fn beside_openssl() -> Result<(), String> {
    let answers = answer::rows()?;
    println!(
        "\none status from an answer at hand, in microseconds (least of 15 batches); chain of three, P-256\n"
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
    println!("{}", serde_json::json!({ "bench": "status", "answers": answers, "large_crl": large }));
    Ok(())
}

/// Whole verdicts against a live responder.
pub(crate) fn live() -> Result<(), String> {
    let live = live::measure()?;
    live.print();
    println!("\n{}", serde_json::json!({ "bench": "live", "live": live }));
    Ok(())
}
