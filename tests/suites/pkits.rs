//! NIST PKITS. Its certificates are of 2011: the run accepts SHA-1, DSA and 1024-bit keys, and leaves room for
//! what RFC 5280 asks a relying party to put up with. Every certificate must be known to be good by the CRLs of its row,
//! some of which are of RFC 3280 and without a number.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::case::{self, Case, Question, Trust};
use crate::outcome::{Measure, Outcome};
use crate::pem;

#[derive(Deserialize)]
struct Pkits {
    tests: Vec<Test>,
    files: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Test {
    id: String,
    trust_anchor: String,
    target: String,
    intermediates: Vec<String>,
    validation_time: String,
    initial_policy_set: Vec<String>,
    initial_explicit_policy: bool,
    initial_policy_mapping_inhibit: bool,
    initial_inhibit_any_policy: bool,
    expected_result: String,
    expected_user_constrained_policy_set: Vec<String>,
    crls: Vec<String>,
}

const SETTINGS: &str = r#"
[algorithms]
signatures = ["rsa-pkcs1-sha1", "rsa-pkcs1-sha256", "dsa-sha1", "dsa-sha224", "dsa-sha256"]
keys = ["rsa", "dsa"]
rsa-minimum-bits = 1024
dsa-minimum-bits = 1024
[limits]
certificates = 64
# RFC 3280, which these certificates follow, let both be not critical.
[levels]
"policy-constraints.not-critical" = "ignore"
"inhibit-any-policy.not-critical" = "ignore"
[revocation]
sources = ["crl"]
depth = "all"
undetermined = "deny"
# These lists stand for twenty years: nextUpdate alone decides.
[crl]
maximum-age-seconds = 4294967295
clock-skew-seconds = 0
missing-next-update = "accept"
missing-number = "accept"
"#;

/// Reads the suite's file.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Case>, String> {
    let pkits: Pkits = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let files = &pkits.files;
    pkits.tests.iter().map(|test| read_case(test, files)).collect()
}

fn read_case(test: &Test, files: &BTreeMap<String, String>) -> Result<Case, String> {
    let file = |name: &String| pem::file(files, name);
    let crls: Result<Vec<Vec<u8>>, String> = test.crls.iter().map(file).collect();
    let expected = test.expected_result == "SUCCESS";
    Ok(Case {
        id: test.id.clone(),
        skip: None,
        policy: policy(test),
        questions: vec![Question {
            anchors: vec![(file(&test.trust_anchor)?, Trust::Issuer)],
            untrusted: test.intermediates.iter().map(file).collect::<Result<_, _>>()?,
            target: file(&test.target)?,
            vouched: None,
        }],
        evidence: crls?.into_iter().map(case::crl).collect(),
        at: case::seconds(&test.validation_time)?,
        purpose: None,
        names: Vec::new(),
        measure: Measure::Decision,
        expected: if expected { Outcome::Allow } else { Outcome::Deny },
        request: None,
        may_be_malformed: false,
        policies: expected.then(|| test.expected_user_constrained_policy_set.clone()),
        reasons: Vec::new(),
    })
}

fn policy(test: &Test) -> String {
    let set = test.initial_policy_set.iter().map(|oid| match oid.as_str() {
        "2.5.29.32.0" => "\"any\"".to_owned(),
        oid => format!("\"{oid}\""),
    });
    format!(
        "profile = \"rfc5280\"\n[path]\ninitial-policy-set = [{}]\nexplicit-policy = {}\ninhibit-policy-mapping = {}\ninhibit-any-policy = {}\n{SETTINGS}",
        set.collect::<Vec<_>>().join(", "),
        test.initial_explicit_policy,
        test.initial_policy_mapping_inhibit,
        test.initial_inhibit_any_policy,
    )
}
