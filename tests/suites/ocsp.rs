//! OpenSSL's and Chromium's OCSP cases. Chromium's ask for the status of a certificate. OpenSSL's ask whether a
//! response is to be believed and name no certificate: each certificate that could have issued the one the response is
//! about is asked with, through a stand-in for that one.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::case::{self, Case, Question, Trust};
use crate::crl::{BARE, status};
use crate::outcome::{Measure, Outcome};
use crate::{pem, stand_in};

/// What a row's note says where its certificate is not DER.
const STRICT: &str = "a strict parser may refuse it";

#[derive(Deserialize)]
struct Ocsp {
    tests: Vec<Test>,
    files: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Test {
    id: String,
    response: String,
    time_unix: i64,
    expected: String,
    policy_note: Option<String>,
    #[serde(flatten)]
    kind: Kind,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Kind {
    ResponseVerify { trusted: String, untrusted: Option<String> },
    CertStatus { issuer: String, cert: String, max_age_seconds: u32, expected_request: Option<String> },
}

/// Reads the suite's file.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Case>, String> {
    let ocsp: Ocsp = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    ocsp.tests.iter().map(|test| read_case(test, &ocsp.files)).collect()
}

fn read_case(test: &Test, files: &BTreeMap<String, String>) -> Result<Case, String> {
    let file = |name: &String| pem::file(files, name);
    let response = file(&test.response)?;
    let (policy, questions, measure, expected, request) = match &test.kind {
        Kind::CertStatus { issuer, cert, max_age_seconds, expected_request } => {
            let anchors = vec![(file(issuer)?, Trust::Issuer)];
            let question = Question { anchors, target: file(cert)?, ..Question::default() };
            let request = expected_request.as_ref().map(file).transpose()?;
            (
                status_policy(*max_age_seconds),
                vec![question],
                Measure::Status,
                status(&test.expected)?,
                request,
            )
        }
        Kind::ResponseVerify { trusted, untrusted } => {
            let trusted = pem::certificates(&file(trusted)?)?;
            let untrusted = untrusted.as_ref().map(file).transpose()?;
            let untrusted =
                untrusted.map(|bundle| pem::certificates(&bundle)).transpose()?.unwrap_or_default();
            let questions = stand_ins(&response, &trusted, &untrusted, test.time_unix);
            (response_policy(), questions, Measure::Response, believed(&test.expected)?, None)
        }
    };
    Ok(Case {
        id: test.id.clone(),
        skip: None,
        policy,
        questions,
        evidence: vec![case::response(response)],
        at: test.time_unix,
        purpose: None,
        names: Vec::new(),
        measure,
        expected,
        policies: None,
        reasons: Vec::new(),
        request,
        may_be_malformed: test.policy_note.as_ref().is_some_and(|note| note.contains(STRICT)),
    })
}

fn believed(word: &str) -> Result<Outcome, String> {
    match word {
        "SUCCESS" => Ok(Outcome::Believed),
        "FAILURE" => Ok(Outcome::Disbelieved),
        other => Err(format!("`{other}` is no result known here")),
    }
}

/// One question for each certificate that could be the issuer. The others of its name are left out, so that it is the
/// one that the path goes through.
fn stand_ins(response: &[u8], trusted: &[Vec<u8>], untrusted: &[Vec<u8>], at: i64) -> Vec<Question> {
    let mut candidates: Vec<&Vec<u8>> = trusted.iter().chain(untrusted).collect();
    candidates.sort();
    candidates.dedup();
    let stand_in = |issuer: &Vec<u8>| {
        let stand_in = stand_in::issued_by(issuer, response, at)?;
        let subject = stand_in::subject(issuer);
        let stays = |other: &&Vec<u8>| *other == issuer || stand_in::subject(other) != subject;
        Some(Question {
            anchors: trusted.iter().filter(stays).map(|der| (der.clone(), Trust::Issuer)).collect(),
            untrusted: untrusted.iter().filter(stays).cloned().collect(),
            target: stand_in.certificate,
            vouched: Some(stand_in.signed_part),
        })
    };
    candidates.into_iter().filter_map(stand_in).collect()
}

/// Chromium's policy: producedAt lies in the validity of the certificate, and no skew is put up with. A responder is
/// configured for its request to be seen; nobody is asked.
fn status_policy(maximum_age: u32) -> String {
    format!(
        r#"{BARE}
[revocation]
sources = ["ocsp"]
undetermined = "deny"
[ocsp]
uri = "configured"
configured = ["http://ocsp.example/"]
nonce = "off"
responder-check = "off"
maximum-age-seconds = {maximum_age}
clock-skew-seconds = 0
produced-at = "within-certificate-validity"
"#
    )
}

/// OpenSSL's: the status of the responder's own certificate is not asked for.
fn response_policy() -> String {
    format!(
        r#"{BARE}
[revocation]
sources = ["ocsp"]
undetermined = "deny"
[ocsp]
responder-check = "off"
maximum-age-seconds = 31622400
"#
    )
}
