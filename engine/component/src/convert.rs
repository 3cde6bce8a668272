//! Types of the contract to types of the engine and back: one function per type, no defaults, no decisions.
//! First what comes in, then what goes out.

use engine::certificate::bundle::{Bundle, Form, Refused};
use engine::certificate::describe::Field;
use engine::comparison::Incomparable;
use engine::der::Malformed;
use engine::finding::counterfactual::Counterfactual;
use engine::finding::{Detail, Severity, Value, trace};
use engine::path::identity::ReferenceIdentifier;
use engine::revocation::crl::CertificateList;
use engine::revocation::crl_difference::{Change, Changes, Difference};
use engine::revocation::freshness::BoundedBy;
use engine::revocation::ocsp_check::{Issuance, SurfacedExtension};
use engine::revocation::record::{Acceptance, StatusCheck, TrustModel};
use engine::revocation::{Revocation, RevocationStatus};
use engine::settings::Mode;
use engine::settings::document::DocumentError;
use engine::settings::periodic::Connection;
use engine::settings::revocation::StatusSource;
use engine::trust::TrustRole;
use engine::trust::stored::StoredAs;
use engine::verdict::{Decision, Expense, PathCertificate, RefusedPath, Reported, Sealed};
use engine::{Outcome, Question, Unusable, evidence};

use crate::bindings::exports::assayer::engine as wit;
use wit::types::Refusal;

// what comes in

pub(crate) fn question(from: &wit::request::Validation) -> Result<Question<'_>, Refusal> {
    Ok(Question {
        target: &from.target,
        untrusted: from.untrusted.iter().map(Vec::as_slice).collect(),
        at: from.at,
        purpose: from.purpose.as_deref(),
        names: from.names.iter().map(reference_identifier).collect::<Result<_, _>>()?,
        nonce_seed: from.nonce_seed.as_deref(),
        answers_signature_checks: from.answers_signature_checks,
    })
}

fn reference_identifier(from: &wit::request::ReferenceIdentifier) -> Result<ReferenceIdentifier, Refusal> {
    use wit::request::ReferenceIdentifier as From;
    let (made, found) = match from {
        From::Dns(name) => (ReferenceIdentifier::dns(name), Value::text(name)),
        From::Ip(octets) => (ReferenceIdentifier::address(octets), Value::Octets(octets.clone())),
        From::Mail(mailbox) => (ReferenceIdentifier::mail(mailbox), Value::text(mailbox)),
        From::Uri(uri) => (ReferenceIdentifier::uri(uri), Value::text(uri)),
    };
    made.map_err(|fault| {
        let problem = Detail { name: "problem", value: Value::text(fault.as_str()) };
        refusal(
            "question.reference-identifier",
            "question",
            vec![Detail { name: "found", value: found }, problem],
        )
    })
}

pub(crate) fn trust_role(from: wit::request::TrustRole) -> TrustRole {
    use wit::request::TrustRole as From;
    match from {
        From::Issuer => TrustRole::Issuer,
        From::Leaf => TrustRole::Leaf,
        From::IssuerAndLeaf => TrustRole::IssuerAndLeaf,
        From::Distrusted => TrustRole::Distrusted,
    }
}

pub(crate) fn stored_as(from: StoredAs) -> wit::evaluate::StoredAs {
    use wit::evaluate::StoredAs as To;
    match from {
        StoredAs::Anchor => To::Anchor,
        StoredAs::Candidate => To::Candidate,
        StoredAs::Itself => To::Itself,
        StoredAs::Waiting => To::Waiting,
    }
}

pub(crate) fn mode(from: wit::request::Mode) -> Mode {
    match from {
        wit::request::Mode::AsWritten => Mode::Standard,
        wit::request::Mode::CommonCriteria => Mode::CommonCriteria,
    }
}

pub(crate) fn connection(from: wit::evaluate::Connection) -> Connection {
    match from {
        wit::evaluate::Connection::Cti => Connection::Cti,
        wit::evaluate::Connection::Ipsec => Connection::Ipsec,
        wit::evaluate::Connection::Ldap => Connection::Ldap,
    }
}

pub(crate) fn item(from: wit::evidence::Item) -> evidence::Item {
    use wit::evidence::Item as From;
    match from {
        From::Certificate(der) => evidence::Item::Certificate(der),
        From::IssuerCertificates(file) => evidence::Item::IssuerCertificates(answered(file)),
        From::OcspResponse(response) => evidence::Item::OcspResponse(answered(response)),
        From::Crl(crl) => evidence::Item::Crl(answered(crl)),
        From::Signature(answer) => evidence::Item::Signature { id: answer.id, verifies: answer.verifies },
        From::Unavailable(tried) => evidence::Item::Unavailable(evidence::Unavailable {
            request_id: tried.request_id,
            reason: unavailable_reason(tried.reason),
        }),
    }
}

fn answered(from: wit::evidence::Answered) -> evidence::Answered {
    evidence::Answered { request_id: from.request_id, body: from.body }
}

fn unavailable_reason(from: wit::evidence::UnavailableReason) -> evidence::UnavailableReason {
    use evidence::UnavailableReason as To;
    use wit::evidence::UnavailableReason as From;
    match from {
        From::Offline => To::Offline,
        From::ForbiddenAddress => To::ForbiddenAddress,
        From::UnsupportedUri => To::UnsupportedUri,
        From::NameResolution => To::NameResolution,
        From::Connection => To::Connection,
        From::Timeout => To::Timeout,
        From::TooLarge => To::TooLarge,
        From::Redirect => To::Redirect,
        From::HttpStatus => To::HttpStatus,
        From::ContentType => To::ContentType,
        From::CrossOrigin => To::CrossOrigin,
    }
}

// what goes out: refusals

pub(crate) fn refusal(code: &str, input: &str, details: Vec<Detail>) -> Refusal {
    Refusal { code: code.to_owned(), input: input.to_owned(), details: list(details, detail) }
}

pub(crate) fn document_error(from: &DocumentError) -> Refusal {
    refusal(from.code(), "settings", from.details())
}

pub(crate) fn malformed(from: &Malformed, input: &str) -> Refusal {
    refusal("input.malformed", input, from.details())
}

pub(crate) fn unusable(from: &Unusable) -> Refusal {
    let input = if matches!(from, Unusable::Target(_)) { "target" } else { "question" };
    refusal(from.code(), input, from.details())
}

pub(crate) fn incomparable(from: &Incomparable) -> Refusal {
    refusal(from.code(), from.input(), from.details())
}

pub(crate) fn refused(from: &Refused) -> Refusal {
    refusal(from.code(), "file", from.details())
}

// what goes out: inspection

pub(crate) fn bundle(from: Bundle) -> wit::inspect::Bundle {
    wit::inspect::Bundle { form: form(from.form), certificates: from.certificates }
}

fn form(from: Form) -> wit::inspect::Form {
    match from {
        Form::Der => wit::inspect::Form::Der,
        Form::Pem => wit::inspect::Form::Pem,
        Form::Pkcs7Der => wit::inspect::Form::Pkcs7Der,
        Form::Pkcs7Pem => wit::inspect::Form::Pkcs7Pem,
    }
}

pub(crate) fn field(from: Field) -> wit::inspect::Field {
    wit::inspect::Field {
        depth: from.depth,
        label: from.label,
        oid: from.oid.map(|oid| oid.to_string()),
        value: from.value,
        critical: from.critical,
    }
}

// what goes out: outcomes

pub(crate) fn outcome(from: Outcome) -> wit::evaluate::Outcome {
    match from {
        Outcome::Decided(sealed) => wit::evaluate::Outcome::Decided(verdict(*sealed)),
        Outcome::Needs(requests) => wit::evaluate::Outcome::Needs(list(requests, need)),
    }
}

fn need(from: evidence::EvidenceRequest) -> wit::evidence::Need {
    wit::evidence::Need { id: from.id, what: wanted(from.wanted), about: from.about.to_vec() }
}

fn wanted(from: evidence::Wanted) -> wit::evidence::Wanted {
    use evidence::Wanted as From;
    use wit::evidence::Wanted as To;
    match from {
        From::OcspResponse(how) => To::OcspResponse(retrieval(how)),
        From::Crl(how) => To::Crl(retrieval(how)),
        From::IssuerCertificate(how) => To::IssuerCertificate(retrieval(how)),
        From::SignatureChecks(checks) => To::SignatureChecks(list(checks, signature_check)),
    }
}

pub(crate) fn retrieval(from: evidence::Retrieval) -> wit::evidence::Retrieval {
    wit::evidence::Retrieval {
        uri: from.uri,
        method: match from.method {
            evidence::HttpMethod::Get => wit::evidence::HttpMethod::Get,
            evidence::HttpMethod::Post => wit::evidence::HttpMethod::Post,
        },
        body: from.body,
        content_type: from.content_type.to_owned(),
        maximum_octets: from.maximum_octets,
    }
}

fn signature_check(from: evidence::SignatureCheck) -> wit::evidence::SignatureCheck {
    wit::evidence::SignatureCheck {
        id: from.id,
        algorithm: from.algorithm.to_owned(),
        key: from.key,
        message: from.message,
        signature: from.signature,
    }
}

fn verdict(from: Sealed) -> wit::verdict::Verdict {
    let verdict = from.verdict;
    wit::verdict::Verdict {
        decision: match verdict.decision {
            Decision::Allow => wit::verdict::Decision::Allow,
            Decision::Deny => wit::verdict::Decision::Deny,
        },
        path: list(verdict.path, path_certificate),
        findings: list(verdict.findings, reported),
        refused: list(verdict.refused, refused_path),
        refused_unlisted: verdict.refused_unlisted,
        valid_policies: verdict.valid_policies,
        spent: list(verdict.spent, expense),
        at: verdict.at.unix(),
        holds_until: verdict.holds_until.map(|instant| instant.unix()),
        ask_again: verdict.ask_again.map(|instant| instant.unix()),
        settings_hash: verdict.settings_hash.to_vec(),
        trace_hash: from.trace_hash.to_vec(),
        document: from.document,
    }
}

fn path_certificate(from: PathCertificate) -> wit::verdict::PathCertificate {
    wit::verdict::PathCertificate {
        fingerprint: from.fingerprint.to_vec(),
        subject: from.subject,
        issuer: from.issuer,
        serial_number: from.serial_number,
        not_before: from.not_before.unix(),
        not_after: from.not_after.unix(),
        key: from.key,
        signed_with: from.signed_with,
        anchor: from.anchor,
        status: revocation_status(from.status),
        checks: list(from.checks, status_check),
    }
}

fn revocation_status(from: RevocationStatus) -> wit::verdict::RevocationStatus {
    use wit::verdict::RevocationStatus as To;
    match from {
        RevocationStatus::Good => To::Good,
        RevocationStatus::Revoked(revocation) => To::Revoked(revoked(revocation)),
        RevocationStatus::Unknown => To::Unknown,
        RevocationStatus::Undetermined(reason) => To::Undetermined(reason.code().to_owned()),
        RevocationStatus::NotAsked => To::NotAsked,
    }
}

fn revoked(from: Revocation) -> wit::verdict::Revoked {
    wit::verdict::Revoked { reason: from.reason.map(|reason| reason.word().to_owned()), at: from.at.unix() }
}

pub(crate) fn status_source(from: StatusSource) -> wit::verdict::StatusSource {
    match from {
        StatusSource::Ocsp => wit::verdict::StatusSource::Ocsp,
        StatusSource::Crl => wit::verdict::StatusSource::Crl,
    }
}

fn status_check(from: StatusCheck) -> wit::verdict::StatusCheck {
    wit::verdict::StatusCheck {
        source: status_source(from.source),
        outcome: from.outcome.code().to_owned(),
        details: list(from.details(), detail),
        evidence: from.evidence.map(|fingerprint| fingerprint.to_vec()),
        acceptance: from.acceptance.map(|acceptance| self::acceptance(*acceptance)),
        uri: from.uri,
        request_id: from.request,
    }
}

pub(crate) fn trust_model(from: TrustModel) -> wit::verdict::TrustModel {
    match from {
        TrustModel::IssuingAuthority => wit::verdict::TrustModel::IssuingAuthority,
        TrustModel::Delegate => wit::verdict::TrustModel::Delegate,
        TrustModel::Designated => wit::verdict::TrustModel::Designated,
        TrustModel::CrlIssuer => wit::verdict::TrustModel::CrlIssuer,
    }
}

fn acceptance(from: Acceptance) -> wit::verdict::Acceptance {
    wit::verdict::Acceptance {
        model: trust_model(from.model),
        delegated_refused: from.delegated_refused.map(str::to_owned),
        signer: from.signer.to_vec(),
        signer_subject: from.signer_subject,
        this_update: from.this_update.unix(),
        produced_at: from.produced_at.map(|instant| instant.unix()),
        fresh_until: from.fresh_until.until.unix(),
        bounded_by: match from.fresh_until.by {
            BoundedBy::NextUpdate => wit::verdict::FreshnessBound::NextUpdate,
            BoundedBy::MaximumAge => wit::verdict::FreshnessBound::MaximumAge,
        },
        issuance: match from.issuance {
            Issuance::Asserted => wit::verdict::Issuance::Asserted,
            Issuance::Denied => wit::verdict::Issuance::Denied,
            Issuance::NotStated => wit::verdict::Issuance::NotStated,
        },
        extensions: list(from.extensions, status_extension),
    }
}

fn status_extension(from: SurfacedExtension) -> wit::verdict::StatusExtension {
    wit::verdict::StatusExtension {
        oid: from.kind.to_string(),
        critical: from.critical,
        claim: from.claim.word().map(str::to_owned),
        value: from.value,
    }
}

// what goes out: differences of CRLs

pub(crate) fn crl_keys(from: &CertificateList) -> wit::inspect::CrlKeys {
    wit::inspect::CrlKeys {
        issuer_key: from.issuer.key().to_vec(),
        issuer: from.issuer.to_string(),
        number: from.extensions.crl_number.map(|number| trace::hexadecimal(number.octets())),
        this_update: from.this_update.unix(),
        next_update: from.next_update.map(|moment| moment.unix()),
    }
}

pub(crate) fn crl_difference(from: &Difference<'_>) -> wit::evaluate::CrlDifference {
    wit::evaluate::CrlDifference {
        succession: from.succession.word().to_owned(),
        added: crl_changes(&from.added),
        removed: crl_changes(&from.removed),
        changed: crl_changes(&from.changed),
    }
}

fn crl_changes(from: &Changes<'_>) -> wit::evaluate::CrlChanges {
    wit::evaluate::CrlChanges {
        count: saturated(from.count),
        first: from.first.iter().map(crl_change).collect(),
    }
}

fn crl_change(from: &Change<'_>) -> wit::evaluate::CrlChange {
    wit::evaluate::CrlChange {
        serial_number: trace::hexadecimal(from.serial_number),
        certificate_issuer: from.certificate_issuer.map(<[u8]>::to_vec),
        reason: from.reason.map(|reason| reason.word().to_owned()),
    }
}

fn reported(from: Reported) -> wit::verdict::Finding {
    let finding = from.finding;
    wit::verdict::Finding {
        code: finding.code.as_str().to_owned(),
        severity: severity(finding.severity),
        position: finding.subject.map(|subject| saturated(subject.position)),
        certificate: finding.subject.map(|subject| subject.fingerprint.to_vec()),
        clause: finding.code.clause().to_owned(),
        rules: finding.rules(),
        details: list(finding.details, detail),
        counterfactual: from.counterfactual.map(counterfactual),
    }
}

pub(crate) fn severity(from: Severity) -> wit::verdict::Severity {
    match from {
        Severity::Inform => wit::verdict::Severity::Inform,
        Severity::Warn => wit::verdict::Severity::Warn,
        Severity::Deny => wit::verdict::Severity::Deny,
    }
}

fn counterfactual(from: Counterfactual) -> wit::verdict::Counterfactual {
    wit::verdict::Counterfactual { change: from.change.to_owned(), details: list(from.details, detail) }
}

fn refused_path(from: RefusedPath) -> wit::verdict::RefusedPath {
    wit::verdict::RefusedPath {
        certificates: list(from.certificates, |fingerprint| fingerprint.to_vec()),
        findings: list(from.findings, reported),
    }
}

fn expense(from: Expense) -> wit::verdict::Expense {
    wit::verdict::Expense { limit: from.limit.to_owned(), spent: from.spent, allowed: from.allowed }
}

pub(crate) fn detail(from: Detail) -> wit::types::Detail {
    wit::types::Detail { name: from.name.to_owned(), value: value(from.value) }
}

fn value(from: Value) -> wit::types::Value {
    match from {
        Value::Number(number) => wit::types::Value::Number(number),
        Value::Octets(octets) => wit::types::Value::Octets(octets),
        Value::Oid(oid) => wit::types::Value::Oid(oid.to_string()),
        Value::Text(text) => wit::types::Value::Text(text),
        Value::Time(instant) => wit::types::Value::Time(instant.unix()),
    }
}

pub(crate) fn list<A, B>(from: Vec<A>, convert: impl Fn(A) -> B) -> Vec<B> {
    from.into_iter().map(convert).collect()
}

pub(crate) fn fingerprint(from: [u8; 32]) -> Vec<u8> {
    from.to_vec()
}

/// Positions and counts of entries are far below the end, so this never saturates.
pub(crate) fn saturated(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
