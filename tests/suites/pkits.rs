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
    openssl_error_code: Option<u32>,
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
        evidence: Vec::new(),
        target: file(&test.target)?,
        at: case::seconds(&test.validation_time)?,
        purpose: None,
        names: Vec::new(),
        expected,
        policies: expected.then(|| test.expected_user_constrained_policy_set.clone()),
        reasons: Vec::new(),
    })
}

/// Errors of OpenSSL that are about a CRL: none found, not genuine, not current, revoked, out of scope.
const CRL_ERRORS: [u32; 9] = [3, 8, 11, 12, 23, 33, 35, 36, 44];

/// The row needs a CRL, or the error it names is about one.
fn hangs_on_crl(test: &Test) -> bool {
    test.needs.iter().any(|need| need.contains("crl"))
        || test.openssl_error_code.is_some_and(|code| CRL_ERRORS.contains(&code))
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
