//! x509-limbo with BetterTLS. Settings follow from a case's namespace and features, never from its identifier:
//! `webpki::` runs under the public-web profile, everything else under the plain one, and a feature called
//! pedantic asks for the pedantic step. A case that brings CRLs asks for the status of every certificate by them, and
//! of a CRL the number that RFC 5280 5.2.3 asks its issuer to write.

use host_server::component::contract::request::ReferenceIdentifier;
use serde::Deserialize;

use crate::case::{self, Case, Question, Trust};
use crate::outcome::{Measure, Outcome};
use crate::pem;

#[derive(Deserialize)]
struct Limbo {
    testcases: Vec<Testcase>,
}

#[derive(Deserialize)]
struct Testcase {
    id: String,
    features: Vec<String>,
    validation_kind: String,
    trusted_certs: Vec<String>,
    untrusted_intermediates: Vec<String>,
    peer_certificate: String,
    validation_time: Option<String>,
    expected_result: String,
    expected_peer_name: Option<PeerName>,
    expected_peer_names: Vec<PeerName>,
    max_chain_depth: Option<u32>,
    #[serde(default)]
    crls: Vec<String>,
    key_usage: Vec<String>,
}

#[derive(Deserialize)]
struct PeerName {
    kind: String,
    value: String,
}

/// Reads the suite's file.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Case>, String> {
    let limbo: Limbo = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    limbo.testcases.into_iter().map(read_case).collect()
}

fn read_case(test: Testcase) -> Result<Case, String> {
    let server = test.validation_kind == "SERVER";
    let names = test.expected_peer_name.iter().chain(&test.expected_peer_names);
    Ok(Case {
        skip: None,
        policy: policy(&test),
        questions: vec![Question {
            anchors: decode_all(&test.trusted_certs)?.into_iter().map(|der| (der, Trust::Issuer)).collect(),
            untrusted: decode_all(&test.untrusted_intermediates)?,
            target: pem::decode(&test.peer_certificate)?,
            vouched: None,
        }],
        evidence: decode_all(&test.crls)?.into_iter().map(case::crl).collect(),
        at: test.validation_time.as_deref().map_or_else(|| Ok(case::now()), case::seconds)?,
        purpose: Some(if server { "server-auth" } else { "client-auth" }),
        names: names.map(identifier).collect::<Result<_, _>>()?,
        measure: Measure::Decision,
        expected: if test.expected_result == "SUCCESS" { Outcome::Allow } else { Outcome::Deny },
        policies: None,
        reasons: Vec::new(),
        request: None,
        may_be_malformed: false,
        id: test.id,
    })
}

fn decode_all(certificates: &[String]) -> Result<Vec<Vec<u8>>, String> {
    certificates.iter().map(|text| pem::decode(text)).collect()
}

fn identifier(name: &PeerName) -> Result<ReferenceIdentifier, String> {
    Ok(match name.kind.as_str() {
        "DNS" => ReferenceIdentifier::Dns(name.value.clone()),
        "RFC822" => ReferenceIdentifier::Mail(name.value.clone()),
        "IP" => ReferenceIdentifier::Ip(match name.value.parse::<std::net::IpAddr>() {
            Ok(std::net::IpAddr::V4(address)) => address.octets().to_vec(),
            Ok(std::net::IpAddr::V6(address)) => address.octets().to_vec(),
            Err(error) => return Err(format!("`{}`: {error}", name.value)),
        }),
        other => return Err(format!("`{other}` is no kind of peer name")),
    })
}

fn policy(test: &Testcase) -> String {
    let web = test.id.starts_with("webpki::");
    let pedantic = test.features.iter().any(|feature| feature.starts_with("pedantic-"));
    let mut policy = format!(
        "profile = \"{}\"\nstrictness = \"{}\"\n[limits]\ncertificates = 256\n",
        if web { "public-web" } else { "rfc5280" },
        if pedantic { "pedantic" } else { "standard" },
    );
    // A case that lists no key usage asks for none: some of its leaves are CA certificates.
    if test.key_usage.is_empty() {
        policy.push_str("[levels]\n\"key-usage.not-for-purpose\" = \"ignore\"\n");
    }
    if let Some(depth) = test.max_chain_depth {
        policy.push_str(&format!("[path]\nmaximum-intermediates = {depth}\n"));
    }
    if !test.crls.is_empty() {
        policy.push_str(CRLS);
    }
    policy
}

const CRLS: &str = r#"[revocation]
sources = ["crl"]
depth = "all"
undetermined = "deny"
# These lists stand for a thousand years: nextUpdate alone decides.
[crl]
maximum-age-seconds = 4294967295
missing-number = "refuse"
"#;
