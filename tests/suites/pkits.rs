//! NIST PKITS. Its certificates are of 2011: the run accepts SHA-1, DSA and 1024-bit keys, and leaves room for
//! what RFC 5280 asks a relying party to put up with. Rows whose result hangs on a CRL are skipped.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::case::{self, Case, Trust};
use crate::pem;

#[derive(Deserialize)]
struct Pkits {
    tests: Vec<Test>,
    files: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Test {
    id: String,
    title: String,
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
    needs: Vec<String>,
}

const SETTINGS: &str = r#"
[algorithms]
signatures = ["rsa-pkcs1-sha1", "rsa-pkcs1-sha256", "dsa-sha1", "dsa-sha224", "dsa-sha256"]
keys = ["rsa", "dsa"]
rsa-minimum-bits = 1024
dsa-minimum-bits = 1024
[limits]
certificates = 64
"#;

/// Reads the suite's file.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Case>, String> {
    let pkits: Pkits = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let files = &pkits.files;
    pkits.tests.iter().map(|test| read_case(test, files)).collect()
}

fn read_case(test: &Test, files: &BTreeMap<String, String>) -> Result<Case, String> {
    let file = |name: &String| {
        files.get(name).ok_or_else(|| format!("no file `{name}`")).and_then(|text| pem::base64(text))
    };
    let expected = test.expected_result == "SUCCESS";
    Ok(Case {
        id: test.id.clone(),
        skip: hangs_on_crl(test).then_some("hangs on a CRL"),
        policy: policy(test),
        anchors: vec![(file(&test.trust_anchor)?, Trust::Issuer)],
        untrusted: test.intermediates.iter().map(file).collect::<Result<_, _>>()?,
        target: file(&test.target)?,
        at: case::seconds(&test.validation_time)?,
        purpose: None,
        names: Vec::new(),
        expected,
        policies: expected.then(|| test.expected_user_constrained_policy_set.clone()),
        reasons: Vec::new(),
    })
}

/// The row says so, or its title does: the CRL signing keys of 4.5 and the cRLSign bits of 4.7.
fn hangs_on_crl(test: &Test) -> bool {
    test.needs.iter().any(|need| need.contains("crl")) || test.title.to_lowercase().contains("crl")
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
