//! Signature checks between host and engine: the host's answers out of the evidence, and the request for those
//! that are missing. The host is asked about one candidate path at a time, so one request holds all that stands
//! between that path and its verdict.
//!
//! Who answers changes no verdict: the same checks are charged, and their outcome is the same.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::evidence::{EvidenceRequest, Item, SignatureCheck, Wanted};
use crate::finding::trace;
use crate::outsourced::{Check, Outsourced};
use crate::request::{Request, Unusable};

/// How many candidate paths the host is asked about. Each is another round, and each round repeats what came
/// before it; with more paths than this, somebody has made them to be many, and the engine verifies the rest.
pub(super) const PATHS_ASKED_ABOUT: usize = 4;

/// How the identifiers of these requests begin, so that one the host could not answer is told from other things
/// it could not get.
const PREFIX: &str = "signature-checks-";

/// What the host has offered and answered so far. Without the offer its answers count for nothing.
///
/// # Errors
/// [`Unusable::ContradictoryAnswers`] when one check was answered both ways: one of the two is wrong, and which
/// is not for us to guess.
pub(super) fn outsourced(request: &Request, evidence: &[Item]) -> Result<Outsourced, Unusable> {
    if !request.answers_signature_checks {
        return Ok(Outsourced::default());
    }
    let mut answers = BTreeMap::new();
    let mut could_not = false;
    for item in evidence {
        match item {
            Item::Signature { id, verifies } => {
                let before = answers.insert(id.clone(), *verifies);
                if before.is_some_and(|before| before != *verifies) {
                    return Err(Unusable::ContradictoryAnswers { id: id.clone() });
                }
            }
            Item::Unavailable(tried) => could_not |= tried.request_id.starts_with(PREFIX),
            Item::Certificate(_) | Item::Crl(_) | Item::IssuerCertificates(_) | Item::OcspResponse(_) => {}
        }
    }
    let mut outsourced = Outsourced::offered(answers);
    // A host that could not answer once is not asked again, or the rounds might never end.
    if could_not {
        outsourced.ask_no_more();
    }
    Ok(outsourced)
}

/// What the host must answer before anything is decided; `None` when nothing is missing.
pub(super) fn needed(outsourced: &Outsourced, request: &Request) -> Option<EvidenceRequest> {
    let checks = outsourced.wanted();
    (!checks.is_empty()).then(|| EvidenceRequest {
        id: identifier(checks),
        wanted: Wanted::SignatureChecks(checks.iter().map(signature_check).collect()),
        about: request.target.fingerprint,
    })
}

/// The names of the checks have one length, so their concatenation is unambiguous.
fn identifier(checks: &[Check]) -> String {
    let mut hash = Sha256::new();
    checks.iter().for_each(|check| hash.update(&check.id));
    format!("{PREFIX}{}", trace::hexadecimal(&hash.finalize()))
}

fn signature_check(check: &Check) -> SignatureCheck {
    SignatureCheck {
        id: check.id.clone(),
        algorithm: check.algorithm,
        key: check.key.clone(),
        message: check.message.clone(),
        signature: check.signature.clone(),
    }
}

#[cfg(test)]
mod tests;
