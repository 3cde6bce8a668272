//! The one place that touches the engine's API. Cases are data; [`ask`] puts one and gives the answer in
//! words, with certificates by the name of their sketch. (The oracle compares decoded fields itself.)

use std::collections::BTreeMap;
use std::net::IpAddr;

use engine::certificate::Certificate;
use engine::evidence::{Answered, Item, Unavailable, UnavailableReason};
use engine::finding::Severity;
use engine::path::identity::ReferenceIdentifier;
use engine::settings::Mode;
use engine::trust::TrustRole;
use engine::verdict::{Decision, Sealed};
use engine::{Outcome, Question, Request, Validator, evaluate};
use pki::scenario::Run;
use sha2::{Digest, Sha256};

/// Codes with the certificate each is about.
pub(crate) type Codes = Vec<(String, String)>;

/// What the engine said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// `allow`, `deny` or `refuse`.
    pub(crate) decision: &'static str,
    /// What refuses, sorted, each once; of a refusal its code and the input.
    pub(crate) deny: Codes,
    /// What to look at, sorted, each once.
    pub(crate) warn: Codes,
    /// What is worth knowing, sorted, each once.
    pub(crate) inform: Codes,
    /// The path, the target first.
    pub(crate) path: Vec<String>,
    /// The valid policies.
    pub(crate) policies: Vec<String>,
    /// Work done, by the limit's name.
    pub(crate) spent: BTreeMap<&'static str, u32>,
    /// The whole answer as a document; empty for a refusal.
    pub(crate) document: String,
    /// The hash over its trace; nothing for a refusal.
    pub(crate) trace_hash: Vec<u8>,
}

/// Puts the question to the engine.
pub(crate) fn ask(run: &Run) -> Answer {
    match question(run) {
        Ok(answer) => answer,
        Err((code, input)) => Answer {
            decision: "refuse",
            deny: vec![(code, input.to_owned())],
            warn: Vec::new(),
            inform: Vec::new(),
            path: Vec::new(),
            policies: Vec::new(),
            spent: BTreeMap::new(),
            document: String::new(),
            trace_hash: Vec::new(),
        },
    }
}

fn question(run: &Run) -> Result<Answer, (String, &'static str)> {
    let mut validator = Validator::new(&run.settings, Mode::Standard)
        .map_err(|error| (error.code().to_owned(), "settings"))?;
    let roles = [
        (&run.anchors, TrustRole::Issuer),
        (&run.trusted_leaves, TrustRole::Leaf),
        (&run.distrusted, TrustRole::Distrusted),
    ];
    for (list, role) in roles {
        for der in list {
            validator.add_anchor(der, role).map_err(|_| ("input.malformed".to_owned(), "anchor"))?;
        }
    }
    for (responder, issuer) in &run.responders {
        let designated = validator.designate_responder(responder, issuer.as_deref());
        designated.map_err(|_| ("input.malformed".to_owned(), "responder"))?;
    }
    let question = Question {
        target: &run.target,
        untrusted: run.untrusted.iter().map(Vec::as_slice).collect(),
        at: run.at,
        purpose: run.purpose.as_deref(),
        names: run.names.iter().map(|text| reference(text)).collect(),
        nonce_seed: None,
        answers_signature_checks: false,
    };
    let unusable = |error: engine::Unusable| {
        let input = if error.code() == "input.malformed" { "target" } else { "question" };
        (error.code().to_owned(), input)
    };
    let request = Request::new(&question, validator.settings()).map_err(unusable)?;
    // Offline: whatever is needed is not to be had.
    let supplied = |body: &Vec<u8>| Answered { request_id: None, body: body.clone() };
    let responses = run.responses.iter().map(supplied).map(Item::OcspResponse);
    let mut evidence: Vec<Item> = responses.chain(run.crls.iter().map(supplied).map(Item::Crl)).collect();
    loop {
        match evaluate(&validator, &request, &evidence).map_err(unusable)? {
            Outcome::Decided(sealed) => return Ok(answer(&sealed, run)),
            Outcome::Needs(requests) => evidence.extend(requests.into_iter().map(|request| {
                let reason = UnavailableReason::Offline;
                Item::Unavailable(Unavailable { request_id: request.id, reason })
            })),
        }
    }
}

/// Describes a certificate in both forms, for what happens while doing so; one that is malformed has none.
pub(crate) fn describe(der: &[u8]) {
    if let Ok(certificate) = Certificate::decode(der) {
        let fields = engine::certificate::describe::describe(&certificate);
        let document = engine::certificate::describe::describe_document(&certificate);
        assert!(!fields.is_empty() && !document.is_empty());
    }
}

fn reference(text: &str) -> ReferenceIdentifier {
    let (kind, rest) = text.split_once(':').expect("a kind of name");
    match kind {
        "dns" => ReferenceIdentifier::dns(rest),
        "mail" => ReferenceIdentifier::mail(rest),
        "uri" => ReferenceIdentifier::uri(rest),
        "ip" => match rest.parse().expect("an address") {
            IpAddr::V4(address) => ReferenceIdentifier::address(&address.octets()),
            IpAddr::V6(address) => ReferenceIdentifier::address(&address.octets()),
        },
        _ => panic!("no kind of name is called {kind}"),
    }
    .expect("a reference identifier")
}

fn answer(sealed: &Sealed, run: &Run) -> Answer {
    let verdict = &sealed.verdict;
    let names: BTreeMap<[u8; 32], &str> =
        run.labels.iter().map(|(der, label)| (Sha256::digest(der).into(), label.as_str())).collect();
    let name = |fingerprint: &[u8; 32]| (*names.get(fingerprint).unwrap_or(&"unnamed")).to_owned();
    let of = |severity: Severity| {
        let found = verdict.findings.iter().filter(|one| one.finding.severity == severity);
        let code = |one: &engine::verdict::Reported| {
            let about = one.finding.subject.map(|subject| name(&subject.fingerprint));
            (one.finding.code.as_str().to_owned(), about.unwrap_or_else(|| "question".to_owned()))
        };
        let mut codes: Codes = found.map(code).collect();
        codes.sort();
        codes.dedup();
        codes
    };
    Answer {
        decision: match verdict.decision {
            Decision::Allow => "allow",
            Decision::Deny => "deny",
        },
        deny: of(Severity::Deny),
        warn: of(Severity::Warn),
        inform: of(Severity::Inform),
        path: verdict.path.iter().map(|certificate| name(&certificate.fingerprint)).collect(),
        policies: verdict.valid_policies.clone(),
        spent: verdict.spent.iter().map(|expense| (expense.limit, expense.spent)).collect(),
        document: sealed.document.clone(),
        trace_hash: sealed.trace_hash.to_vec(),
    }
}
