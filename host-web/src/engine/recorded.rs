//! The words of a capsule as those of the contract: what was asked, whom it believed, and the evidence. Nobody here
//! answers signature checks: the engine verifies every signature again.

use engine_capsule::{Answer, Digest, Evidence, Mode, Name, Question, Reason, Role, Trusted};
use serde_bytes::ByteBuf;

use super::contract::{Answered, Item, ReferenceIdentifier, Unavailable, Validation};
use super::{Answer as Said, Validator};

/// A mode in the contract's word.
pub(crate) const fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::AsWritten => "as-written",
        Mode::CommonCriteria => "common-criteria",
    }
}

const fn role(role: Role) -> &'static str {
    match role {
        Role::Issuer => "issuer",
        Role::Leaf => "leaf",
        Role::IssuerAndLeaf => "issuer-and-leaf",
        Role::Distrusted => "distrusted",
    }
}

const fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Offline => "offline",
        Reason::ForbiddenAddress => "forbidden-address",
        Reason::UnsupportedUri => "unsupported-uri",
        Reason::NameResolution => "name-resolution",
        Reason::Connection => "connection",
        Reason::Timeout => "timeout",
        Reason::TooLarge => "too-large",
        Reason::Redirect => "redirect",
        Reason::HttpStatus => "http-status",
        Reason::ContentType => "content-type",
        Reason::CrossOrigin => "cross-origin",
    }
}

/// Tells a validator whom a decision believed, in the same order.
pub(crate) fn believe(validator: &Validator, trusted: &[Trusted]) -> Said<()> {
    for one in trusted {
        match one {
            Trusted::Anchor { role: as_what, certificate } => {
                validator.add_anchor_as(&certificate.0, role(*as_what))?;
            }
            Trusted::Stored { active_from, at, certificate } => {
                validator.add_stored(&certificate.0, *active_from, *at)?;
            }
            Trusted::Responder { issuer, certificate } => {
                let issuer = issuer.as_ref().map(|issuer| issuer.0.as_slice());
                validator.designate_responder(&certificate.0, issuer)?;
            }
        }
    }
    Ok(())
}

/// The question.
pub(crate) fn validation(question: &Question) -> Validation {
    Validation {
        target: ByteBuf::from(question.target.0.clone()),
        untrusted: question.untrusted.iter().map(|one| ByteBuf::from(one.0.clone())).collect(),
        at: question.at,
        purpose: question.purpose.clone(),
        names: question.names.iter().map(name).collect(),
        nonce_seed: question.nonce_seed.as_ref().map(|seed| ByteBuf::from(seed.0.clone())),
        answers_signature_checks: false,
    }
}

fn name(name: &Name) -> ReferenceIdentifier {
    match name {
        Name::Dns(text) => ReferenceIdentifier::Dns(text.clone()),
        Name::Ip(octets) => ReferenceIdentifier::Ip(ByteBuf::from(octets.0.clone())),
        Name::Mail(text) => ReferenceIdentifier::Mail(text.clone()),
        Name::Uri(text) => ReferenceIdentifier::Uri(text.clone()),
    }
}

/// A piece of evidence.
pub(crate) fn item(evidence: &Evidence) -> Item {
    let answered = |answer: &Answer| Answered {
        request_id: answer.request.clone(),
        body: ByteBuf::from(answer.body.0.clone()),
    };
    match evidence {
        Evidence::Certificate(certificate) => Item::Certificate(ByteBuf::from(certificate.0.clone())),
        Evidence::IssuerCertificates(answer) => Item::IssuerCertificates(answered(answer)),
        Evidence::OcspResponse(answer) => Item::OcspResponse(answered(answer)),
        Evidence::Crl(answer) => Item::Crl(answered(answer)),
        Evidence::Unavailable { request, reason: why } => {
            Item::Unavailable(Unavailable { request_id: request.clone(), reason: reason(*why).to_owned() })
        }
    }
}

/// A hash of the engine's, which always has 32 octets.
pub(crate) fn digest(octets: &[u8]) -> Digest {
    Digest(octets.try_into().unwrap_or_default())
}
