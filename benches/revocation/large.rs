//! The largest CRL that is accepted: how long it takes to take in, how much memory it holds, how long a question is.

use std::time::{Duration, Instant};

use host_server::component::limits::Ceilings;
use host_server::component::{Allocation, Engine};
use openssl::x509::{CrlStatus, X509, X509Crl};
use pki::crl::{CrlSketch, entry};
use serde::Serialize;

use super::answer::{Chain, Ours, chain};
use crate::measure::least;

/// Just under 32 MiB.
const ENTRIES: u32 = 860_000;

/// The figures.
#[derive(Serialize)]
pub(crate) struct Large {
    octets: usize,
    entries: u32,
    ours_index_ms: f64,
    ours_first_ms: f64,
    ours_question_us: f64,
    ours_mebibytes: f64,
    plain_question_us: f64,
    openssl_index_ms: f64,
    openssl_lookup_us: f64,
    openssl_mebibytes: f64,
}

impl Large {
    pub(crate) fn print(&self) {
        println!("a CRL of {} octets with {} entries\n", self.octets, self.entries);
        println!("{:<44} {:>10} {:>10}", "", "ours", "OpenSSL");
        let line = |what: &str, ours: f64, peer: f64| println!("{what:<44} {ours:>10.1} {peer:>10.1}");
        line(
            "taken in, verified and sorted, ms",
            self.ours_index_ms + self.ours_first_ms,
            self.openssl_index_ms,
        );
        line("memory it holds, MiB", self.ours_mebibytes, self.openssl_mebibytes);
        line("one question with the list kept, µs", self.ours_question_us, self.openssl_lookup_us);
        println!(
            "\nours judges a chain of three for each question, which takes {:.1} µs with a list of one entry; OpenSSL \
             looks up one serial number\n",
            self.plain_question_us
        );
    }
}

/// Measures both.
pub(crate) fn measure() -> Result<Large, String> {
    let chain = chain();
    let crl = list(&chain);
    let engine = Engine::load(Allocation::OnDemand).map_err(|fault| fault.to_string())?;
    let ceilings = Ceilings { memory: 192 * 1024 * 1024, time: Duration::from_secs(60) };
    let session = engine.session_within(ceilings).map_err(|fault| fault.to_string())?;
    let mut ours = Ours::new(session, &chain, Vec::new(), false)?;
    let (ours_index_ms, ()) = timed(|| ours.keep(&crl))?;
    let (ours_first_ms, ()) = timed(|| ours.judge())?;
    let ours_question_us = least(|| ours.judge())? / 1e3;
    let ours_mebibytes = mebibytes(ours.memory());
    let session = engine.session().map_err(|fault| fault.to_string())?;
    let mut plain = Ours::new(session, &chain, Vec::new(), false)?;
    plain.keep(&CrlSketch::by(&chain.ca).number(1).revoke(&[0x55]).issue())?;
    let plain_question_us = least(|| plain.judge())? / 1e3;
    let before = resident()?;
    let (openssl_index_ms, (peer, leaf)) = timed(|| through_openssl(&chain, &crl))?;
    let openssl_mebibytes = resident()? - before;
    let openssl_lookup_us = least(|| match peer.get_by_cert(&leaf) {
        CrlStatus::NotRevoked => Ok(()),
        _ => Err("OpenSSL: revoked".to_owned()),
    })? / 1e3;
    Ok(Large {
        octets: crl.len(),
        entries: ENTRIES,
        ours_index_ms,
        ours_first_ms,
        ours_question_us,
        ours_mebibytes,
        plain_question_us,
        openssl_index_ms,
        openssl_lookup_us,
        openssl_mebibytes,
    })
}

/// Serial numbers of 16 octets in no order.
fn list(chain: &Chain) -> Vec<u8> {
    let mut entries = Vec::new();
    for number in 0..ENTRIES {
        let mixed = u128::from(number.wrapping_mul(2_654_435_761)) << 90 | u128::from(number) | 1 << 124;
        entries.extend(entry(&mixed.to_be_bytes(), b"\x17\x0d250101000000Z", &[]));
    }
    CrlSketch::by(&chain.ca).number(1).entries_raw(&entries).issue()
}

/// Decodes, verifies and looks up once, after which OpenSSL has sorted the list.
fn through_openssl(chain: &Chain, crl: &[u8]) -> Result<(X509Crl, X509), String> {
    let judge = || -> Result<(X509Crl, X509, bool), openssl::error::ErrorStack> {
        let (leaf, ca) = (X509::from_der(&chain.leaf.der)?, X509::from_der(&chain.ca.der)?);
        let crl = X509Crl::from_der(crl)?;
        let genuine = crl.verify(&*ca.public_key()?)?;
        let listed = !matches!(crl.get_by_cert(&leaf), CrlStatus::NotRevoked);
        Ok((crl, leaf, genuine && !listed))
    };
    match judge() {
        Ok((crl, leaf, true)) => Ok((crl, leaf)),
        Ok((_, _, false)) => Err("OpenSSL: not good".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn timed<T>(work: impl FnOnce() -> Result<T, String>) -> Result<(f64, T), String> {
    let start = Instant::now();
    let done = work()?;
    Ok((start.elapsed().as_secs_f64() * 1e3, done))
}

fn mebibytes(octets: usize) -> f64 {
    octets as f64 / (1024.0 * 1024.0)
}

/// Memory of this process that is in use, in MiB.
fn resident() -> Result<f64, String> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kibibytes: f64 =
        line.trim().trim_end_matches("kB").trim().parse().map_err(|_| "VmRSS is no number".to_owned())?;
    Ok(kibibytes / 1024.0)
}
