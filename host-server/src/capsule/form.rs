//! The contract's words as those of a capsule, and back. Answers to signature checks are left out on the way in: who
//! decides again verifies every signature.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use engine_capsule::{
    Answer, Decision, Digest, Engine, Evidence, Mode, Name, Octets, Question, Reason, Record, Recording,
    Role, Salt, Trusted, Verdict,
};

use crate::component::Info;
use crate::component::contract::evidence::{Answered, Item, Unavailable, UnavailableReason};
use crate::component::contract::request::{self, ReferenceIdentifier, TrustRole, Validation};
use crate::component::contract::verdict;
use crate::resolve::Resolved;

/// What a decision was made by.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The policy document.
    pub policy: String,
    /// The mode that it was read in.
    pub mode: request::Mode,
    /// Who was believed.
    pub trusted: Vec<Trusted>,
}

/// A decision as a record.
#[must_use]
pub fn record(
    terms: Terms,
    validation: Validation,
    resolved: Resolved<verdict::Verdict>,
    (engine, recording): (&Info, Recording),
) -> Record {
    let evidence = evidence(&resolved);
    let verdict = resolved.verdict;
    Record {
        engine: Engine { sha256: engine_hash(engine), version: engine.version.to_owned() },
        recording: Some(recording),
        question: Question {
            target: Octets(validation.target),
            untrusted: validation.untrusted.into_iter().map(Octets).collect(),
            at: validation.at,
            purpose: validation.purpose,
            names: validation.names.into_iter().map(name).collect(),
            nonce_seed: validation.nonce_seed.map(Octets),
        },
        policy: terms.policy,
        mode: match terms.mode {
            request::Mode::AsWritten => Mode::AsWritten,
            request::Mode::CommonCriteria => Mode::CommonCriteria,
        },
        trusted: terms.trusted,
        evidence,
        verdict: Verdict {
            decision: match verdict.decision {
                verdict::Decision::Allow => Decision::Allow,
                verdict::Decision::Deny => Decision::Deny,
            },
            settings: digest(&verdict.settings_hash),
            trace: digest(&verdict.trace_hash),
        },
        document: verdict.document,
    }
}

/// The hash of an engine as a capsule has it.
#[must_use]
pub fn engine_hash(engine: &Info) -> Digest {
    digest(&HEXLOWER.decode(engine.sha256.as_bytes()).unwrap_or_default())
}

/// A trust anchor that is believed both as an issuer and as itself.
#[must_use]
pub fn anchor(certificate: Vec<u8>) -> Trusted {
    Trusted::Anchor { role: Role::IssuerAndLeaf, certificate: Octets(certificate) }
}

/// Salts that nobody can guess, from the operating system.
///
/// # Errors
/// When the system has none to give.
pub fn salts(count: usize) -> Result<Vec<Salt>, String> {
    let mut octets = vec![0; count.saturating_mul(16)];
    aws_lc_rs::rand::fill(&mut octets).map_err(|_| "no random octets can be had".to_owned())?;
    Ok(octets.chunks_exact(16).filter_map(|salt| salt.try_into().ok().map(Salt)).collect())
}

/// How many parts a record has at most.
#[must_use]
pub fn parts(record: &Record) -> usize {
    let lists = [
        record.question.untrusted.len(),
        record.question.names.len(),
        record.trusted.len(),
        record.evidence.len(),
    ];
    lists.into_iter().fold(16, usize::saturating_add)
}

/// Seals a record with salts of the operating system.
///
/// # Errors
/// One line: there are no salts, or there is more in it than a capsule holds.
pub fn seal(record: Record) -> Result<engine_capsule::Capsule, String> {
    let mut salts = salts(parts(&record))?.into_iter();
    // INVARIANT: there is a salt for each part, so none is all noughts
    let sealed = record.seal(|| salts.next().unwrap_or(Salt([0; 16])));
    sealed.map_err(|unreadable| unreadable.to_string())
}

/// The engine always gives 32 octets.
fn digest(octets: &[u8]) -> Digest {
    Digest(octets.try_into().unwrap_or_default())
}

/// All evidence but answers to signature checks, and that there were none.
fn evidence(resolved: &Resolved<verdict::Verdict>) -> Vec<Evidence> {
    let checks = resolved.asked.iter().filter(|asked| asked.what == "signature-checks");
    let checks: BTreeSet<&str> = checks.map(|asked| asked.id.as_str()).collect();
    let kept = |item: &Item| match item {
        Item::Certificate(certificate) => Some(Evidence::Certificate(Octets(certificate.clone()))),
        Item::IssuerCertificates(answered) => Some(Evidence::IssuerCertificates(answer(answered))),
        Item::OcspResponse(answered) => Some(Evidence::OcspResponse(answer(answered))),
        Item::Crl(answered) => Some(Evidence::Crl(answer(answered))),
        Item::Signature(_) => None,
        Item::Unavailable(one) if checks.contains(one.request_id.as_str()) => None,
        Item::Unavailable(one) => {
            Some(Evidence::Unavailable { request: one.request_id.clone(), reason: reason(one.reason) })
        }
    };
    resolved.evidence.iter().filter_map(kept).collect()
}

fn answer(answered: &Answered) -> Answer {
    Answer { request: answered.request_id.clone(), body: Octets(answered.body.clone()) }
}

fn answered(answer: &Answer) -> Answered {
    Answered { request_id: answer.request.clone(), body: answer.body.0.clone() }
}

/// The evidence of a capsule in the contract's words.
#[must_use]
pub fn items(record: &Record) -> Vec<Item> {
    record.evidence.iter().map(item).collect()
}

/// A piece of evidence in the contract's words.
#[must_use]
pub fn item(evidence: &Evidence) -> Item {
    match evidence {
        Evidence::Certificate(certificate) => Item::Certificate(certificate.0.clone()),
        Evidence::IssuerCertificates(answer) => Item::IssuerCertificates(answered(answer)),
        Evidence::OcspResponse(answer) => Item::OcspResponse(answered(answer)),
        Evidence::Crl(answer) => Item::Crl(answered(answer)),
        Evidence::Unavailable { request, reason } => {
            Item::Unavailable(Unavailable { request_id: request.clone(), reason: unavailable(*reason) })
        }
    }
}

/// The question of a capsule in the contract's words. Nobody offers to answer signature checks unless that is said.
#[must_use]
pub fn validation(record: &Record) -> Validation {
    let question = &record.question;
    Validation {
        target: question.target.0.clone(),
        untrusted: question.untrusted.iter().map(|certificate| certificate.0.clone()).collect(),
        at: question.at,
        purpose: question.purpose.clone(),
        names: question.names.iter().map(reference_identifier).collect(),
        nonce_seed: question.nonce_seed.as_ref().map(|seed| seed.0.clone()),
        answers_signature_checks: false,
    }
}

/// The mode of a capsule in the contract's words.
#[must_use]
pub fn mode(mode: Mode) -> request::Mode {
    match mode {
        Mode::AsWritten => request::Mode::AsWritten,
        Mode::CommonCriteria => request::Mode::CommonCriteria,
    }
}

/// A role in the contract's words.
#[must_use]
pub fn role(role: Role) -> TrustRole {
    match role {
        Role::Issuer => TrustRole::Issuer,
        Role::Leaf => TrustRole::Leaf,
        Role::IssuerAndLeaf => TrustRole::IssuerAndLeaf,
        Role::Distrusted => TrustRole::Distrusted,
    }
}

fn name(name: ReferenceIdentifier) -> Name {
    match name {
        ReferenceIdentifier::Dns(text) => Name::Dns(text),
        ReferenceIdentifier::Ip(octets) => Name::Ip(Octets(octets)),
        ReferenceIdentifier::Mail(text) => Name::Mail(text),
        ReferenceIdentifier::Uri(text) => Name::Uri(text),
    }
}

/// A name in the contract's words.
#[must_use]
pub fn reference_identifier(name: &Name) -> ReferenceIdentifier {
    match name {
        Name::Dns(text) => ReferenceIdentifier::Dns(text.clone()),
        Name::Ip(octets) => ReferenceIdentifier::Ip(octets.0.clone()),
        Name::Mail(text) => ReferenceIdentifier::Mail(text.clone()),
        Name::Uri(text) => ReferenceIdentifier::Uri(text.clone()),
    }
}

macro_rules! reasons {
    ($($reason:ident),+ $(,)?) => {
        fn reason(reason: UnavailableReason) -> Reason {
            match reason { $(UnavailableReason::$reason => Reason::$reason),+ }
        }

        fn unavailable(reason: Reason) -> UnavailableReason {
            match reason { $(Reason::$reason => UnavailableReason::$reason),+ }
        }
    };
}

reasons!(
    Offline,
    ForbiddenAddress,
    UnsupportedUri,
    NameResolution,
    Connection,
    Timeout,
    TooLarge,
    Redirect,
    HttpStatus,
    ContentType,
    CrossOrigin,
);
