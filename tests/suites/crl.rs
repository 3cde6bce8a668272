//! Chromium's CRL cases: a CRL, the certificate it is to speak about, and its issuer, which is trusted as a key. Where a
//! row has a second issuer, another key of the same authority, both hang from an anchor of the runner's own: RFC 5280
//! 6.3.3 (f) asks for one anchor over certificate and CRL.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::case::{self, Case, Question, Trust};
use crate::outcome::{Measure, Outcome};
use crate::{pem, stand_in};

#[derive(Deserialize)]
struct Crls {
    tests: Vec<Test>,
    files: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Test {
    id: String,
    crl: String,
    issuer: String,
    issuer2: Option<String>,
    cert: String,
    time_unix: i64,
    max_age_seconds: u32,
    expected: String,
}

/// Reads the suite's file.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Case>, String> {
    let crls: Crls = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    crls.tests.iter().map(|test| read_case(test, &crls.files)).collect()
}

fn read_case(test: &Test, files: &BTreeMap<String, String>) -> Result<Case, String> {
    let file = |name: &String| pem::file(files, name);
    let issuer = file(&test.issuer)?;
    let (anchor, untrusted) = match &test.issuer2 {
        Some(second) => {
            let root = pki::certificate::Sketch::ca("anchor of the runner").issue();
            let certify = |issuer| stand_in::certified_by(&root, issuer).ok_or("an issuer of another shape");
            let issuers = vec![certify(&issuer)?, certify(&file(second)?)?];
            (root.der, issuers)
        }
        None => (issuer, Vec::new()),
    };
    let question = Question {
        anchors: vec![(anchor, Trust::Issuer)],
        untrusted,
        target: file(&test.cert)?,
        vouched: None,
    };
    Ok(Case {
        id: test.id.clone(),
        skip: None,
        policy: policy(test.max_age_seconds),
        questions: vec![question],
        evidence: vec![case::crl(file(&test.crl)?)],
        at: test.time_unix,
        purpose: None,
        names: Vec::new(),
        measure: Measure::Status,
        expected: status(&test.expected)?,
        policies: None,
        reasons: Vec::new(),
        request: None,
        may_be_malformed: false,
    })
}

/// A status in the words of these suites, where UNKNOWN means that there is no usable answer.
pub(crate) fn status(word: &str) -> Result<Outcome, String> {
    Ok(match word {
        "GOOD" => Outcome::Good,
        "REVOKED" => Outcome::Revoked,
        "UNKNOWN" => Outcome::Unknown,
        other => return Err(format!("`{other}` is no status known here")),
    })
}

/// What these authorities leave out is no matter of the rows: neither in certificates nor, as that product does not
/// ask for it, in CRLs.
fn policy(maximum_age: u32) -> String {
    format!(
        r#"{BARE}
[revocation]
sources = ["crl"]
undetermined = "deny"
[crl]
maximum-age-seconds = {maximum_age}
clock-skew-seconds = 0
missing-next-update = "accept"
missing-number = "accept"
missing-authority-key-identifier = "accept"
"#
    )
}

/// Settings of a run that is about status information: issuers are trusted as keys, old algorithms are accepted, and
/// how certificates should be written is left aside.
pub(crate) const BARE: &str = r#"profile = "rfc5280"
[anchors]
validity = false
constraints = false
form = false
[algorithms]
signatures = ["rsa-pkcs1-sha1", "rsa-pkcs1-sha256", "rsa-pkcs1-sha384", "rsa-pkcs1-sha512", "rsa-pss-sha256", "rsa-pss-sha384", "rsa-pss-sha512", "ecdsa-sha1", "ecdsa-sha256", "ecdsa-sha384", "ecdsa-sha512"]
keys = ["rsa", "p-256", "p-384", "p-521"]
rsa-minimum-bits = 512
[levels]
"authority-key-identifier.missing" = "ignore"
"subject-key-identifier.missing" = "ignore"
"basic-constraints.not-critical" = "ignore"
"key-usage.missing" = "ignore"
"subject-alt-name.syntax" = "ignore"
"revocation.unknown" = "deny"
"#;
