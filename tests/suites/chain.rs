//! BoringSSL's and Chromium's chain cases. How the last certificate is trusted, the key purpose and the digest
//! policy of a row become settings; the names of that product's errors become ours in one table.

use serde::Deserialize;

use crate::case::{self, Case, Question, Trust};
use crate::outcome::{Measure, Outcome};
use crate::pem;

#[derive(Deserialize)]
struct Chain {
    tests: Vec<Test>,
}

#[derive(Deserialize)]
struct Test {
    id: String,
    chain: Vec<String>,
    last_cert_trust: String,
    time: String,
    key_purpose: String,
    digest_policy: Option<String>,
    expected_user_constrained_policy_set: Vec<String>,
    expected_result: String,
    expected_errors: String,
}

/// That product's errors and the codes of ours that say the same.
const ERRORS: &[(&str, &[&str])] = &[
    ("Time is after notAfter", &["validity.expired"]),
    ("Time is before notBefore", &["validity.not-yet-valid"]),
    ("VerifySignedData failed", &["signature.invalid", "signature.key-mismatch", "path.issuer-not-found"]),
    ("Basic Constraints indicates not a CA", &["basic-constraints.not-ca"]),
    ("Does not have Basic Constraints", &["basic-constraints.missing"]),
    ("max_path_length reached", &["basic-constraints.path-length-exceeded"]),
    ("keyCertSign bit is not set", &["key-usage.cert-sign-missing", "key-usage.anchor-cert-sign-missing"]),
    (
        "The extended key usage does not include",
        &[
            "extended-key-usage.not-for-purpose",
            "extended-key-usage.issuer-not-for-purpose",
            "extended-key-usage.any",
            "extended-key-usage.issuer-any",
            "extended-key-usage.missing",
            "extended-key-usage.missing-in-issuer",
        ],
    ),
    ("Unconsumed critical extension", &["extension.unknown-critical"]),
    (
        "Couldn't parse SubjectPublicKeyInfo",
        &["input.malformed", "path.issuer-not-found", "algorithm.key-not-accepted"],
    ),
    ("Unacceptable signature algorithm", &["algorithm.signature-not-accepted"]),
    ("Unacceptable public key", &["algorithm.key-size", "algorithm.key-not-accepted"]),
    ("Too many name constraints checks", &["path.budget-exceeded"]),
    ("No valid policy", &["certificate-policies.none-valid"]),
    ("Distrusted by trust store", &["trust.distrusted"]),
    ("Certificate is not a trust anchor", &["path.issuer-not-found"]),
    ("Not permitted by name constraints", &["name-constraints.not-permitted", "name-constraints.excluded"]),
    ("indicating it is a CA when it should not be", &["basic-constraints.target-is-ca"]),
    ("Subject does not match issuer", &["path.issuer-not-found"]),
];

/// Reads the suite's file.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Case>, String> {
    let chain: Chain = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    chain.tests.iter().map(read_case).collect()
}

fn read_case(test: &Test) -> Result<Case, String> {
    let certificates: Vec<Vec<u8>> =
        test.chain.iter().map(|text| pem::decode(text)).collect::<Result<_, _>>()?;
    let (target, issuers) = certificates.split_first().ok_or("an empty chain")?;
    let (last, between) = issuers.split_last().unwrap_or((target, &[]));
    let trust = trust(&test.last_cert_trust);
    let mut untrusted = between.to_vec();
    if trust.is_none() {
        untrusted.push(last.clone());
    }
    let expected = test.expected_result == "SUCCESS";
    Ok(Case {
        id: test.id.clone(),
        skip: None,
        policy: policy(test),
        questions: vec![Question {
            anchors: trust.map(|trust| (last.clone(), trust)).into_iter().collect(),
            untrusted,
            target: target.clone(),
            vouched: None,
        }],
        evidence: Vec::new(),
        at: case::seconds(&test.time)?,
        purpose: purpose(&test.key_purpose)?,
        names: Vec::new(),
        measure: Measure::Decision,
        expected: if expected { Outcome::Allow } else { Outcome::Deny },
        request: None,
        may_be_malformed: false,
        policies: (expected && !test.expected_user_constrained_policy_set.is_empty())
            .then(|| test.expected_user_constrained_policy_set.clone()),
        reasons: if expected { Vec::new() } else { reasons(&test.expected_errors) },
    })
}

fn trust(word: &str) -> Option<Trust> {
    match word {
        "DISTRUSTED" => Some(Trust::Distrusted),
        "UNSPECIFIED" => None,
        _ if word.starts_with("TRUSTED_ANCHOR_OR_LEAF") => Some(Trust::IssuerAndLeaf),
        _ if word.starts_with("TRUSTED_LEAF") => Some(Trust::Leaf),
        _ => Some(Trust::Issuer),
    }
}

fn purpose(word: &str) -> Result<Option<&'static str>, String> {
    Ok(Some(match word.trim_end_matches("_LEAF").trim_end_matches("_STRICT") {
        "SERVER_AUTH" => "server-auth",
        "CLIENT_AUTH" => "client-auth",
        "MLS_CLIENT_AUTH" => "mls-client-auth",
        "ANY_EKU" => return Ok(None),
        other => return Err(format!("`{other}` is no key purpose known here")),
    }))
}

fn reasons(errors: &str) -> Vec<&'static str> {
    errors.lines().filter(|line| line.starts_with("ERROR")).flat_map(codes_of).collect()
}

fn codes_of(line: &str) -> Vec<&'static str> {
    ERRORS
        .iter()
        .filter(|(text, _)| line.contains(text))
        .flat_map(|(_, codes)| codes.iter().copied())
        .collect()
}

/// That product's policy, as settings: it enforces of an anchor what the row says, takes keys from 1024 bits and
/// SHA-1 unless the row asks for strong digests, and does not look at how a CA should write certificates.
fn policy(test: &Test) -> String {
    let sha1 = if test.digest_policy.as_deref() == Some("STRONG") {
        ""
    } else {
        ", \"rsa-pkcs1-sha1\", \"ecdsa-sha1\""
    };
    let mut levels: Vec<(&str, &str)> = LENIENT.iter().map(|code| (*code, "ignore")).collect();
    let purpose = test.key_purpose.as_str();
    let strict = purpose.ends_with("_STRICT");
    let strict_leaf = purpose.ends_with("_STRICT_LEAF");
    let required = strict || strict_leaf || purpose.starts_with("MLS");
    let level = |denied: bool| if denied { "deny" } else { "ignore" };
    levels.push(("extended-key-usage.missing", level(required)));
    levels.push(("extended-key-usage.any", level(required)));
    levels.push(("extended-key-usage.issuer-any", level(strict || purpose.starts_with("MLS"))));
    let client_strict = purpose == "CLIENT_AUTH_STRICT";
    levels.push(("extended-key-usage.missing-in-issuer", level(client_strict || purpose.starts_with("MLS"))));
    levels.push(("basic-constraints.target-is-ca", level(strict || strict_leaf)));
    let levels: String = levels.iter().map(|(code, level)| format!("\"{code}\" = \"{level}\"\n")).collect();
    let anchor = &test.last_cert_trust;
    format!(
        r#"profile = "rfc5280"
[anchors]
validity = {validity}
constraints = {constraints}
form = {form}
[algorithms]
signatures = ["rsa-pkcs1-sha256", "rsa-pkcs1-sha384", "rsa-pkcs1-sha512", "rsa-pss-sha256", "rsa-pss-sha384", "rsa-pss-sha512", "ecdsa-sha256", "ecdsa-sha384", "ecdsa-sha512"{sha1}]
keys = ["rsa", "p-256", "p-384", "p-521"]
rsa-minimum-bits = 1024
[levels]
{levels}
[limits]
certificates = 64
certificate-octets = 1048576
name-comparisons = 1048576
[[purposes]]
name = "mls-client-auth"
extended-key-usage = "1.3.6.1.5.5.7.3.36"
key-usage = ["digitalSignature"]
"#,
        validity = anchor.contains("_EXPIRATION"),
        constraints = anchor.contains("AND_CONSTRAINTS") || anchor.contains("WITH_CONSTRAINTS"),
        form = anchor.contains("REQUIRE_BASIC_CONSTRAINTS"),
    )
}

/// Rules on how a CA should write certificates, which that product leaves to linters.
const LENIENT: &[&str] = &[
    "authority-key-identifier.missing",
    "subject-key-identifier.missing",
    "basic-constraints.not-critical",
    "basic-constraints.path-length-without-ca",
    "key-usage.cert-sign-without-ca",
    "key-usage.missing",
    "key-usage.not-for-purpose",
    "name-constraints.not-critical",
    "name-constraints.not-in-ca",
    "policy-constraints.not-critical",
    "inhibit-any-policy.not-critical",
    "subject-alt-name.syntax",
    "certificate.version",
];
