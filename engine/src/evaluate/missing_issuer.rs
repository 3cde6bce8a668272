//! Where the search ends for want of an issuer, and the settings allow to ask for one: the next place to ask. The
//! certificate that names it is not verified yet, which is why this is off by default (RFC 5280 4.2.2.1; attack case
//! F-01); what comes is one more certificate among others, and is believed no more than they are.

use crate::certificate::Certificate;
use crate::certificate::bundle::read_bundle;
use crate::der::{Malformed, Problem};
use crate::evidence::{Answered, EvidenceRequest, Item, Retrieval, Wanted};
use crate::finding::Code;
use crate::oid;
use crate::path::CandidatePath;
use crate::path::validate::Context;
use crate::request::decode;
use crate::revocation::source::MAXIMUM_URIS;
use crate::settings::{MissingIssuer, Settings};

/// The media type of one certificate, RFC 2585 4.1; servers of PKCS #7 use another, and a host knows it.
const MEDIA_TYPE: &str = "application/pkix-cert";

/// Most certificates that one answer adds. Ours: cross-certificates of one authority are two or three.
const MAXIMUM_TAKEN: usize = 4;

/// Asks for the issuer of the last certificate of a path that leads nowhere, at the first of its URIs that has not been
/// tried. Nothing more is asked for once as many certificates are there as the settings allow.
pub(super) fn needed(
    dead_end: Option<&(CandidatePath, Code)>,
    context: &Context<'_>,
    evidence: &[Item],
) -> Option<EvidenceRequest> {
    let settings = context.settings;
    let (path, code) = dead_end?;
    let has_room = u32::try_from(context.pool.len()).is_ok_and(|count| count < settings.limits.certificates);
    if settings.path.missing_issuer != MissingIssuer::Ask || *code != Code::IssuerNotFound || !has_room {
        return None;
    }
    let certificates = path.certificates(context.pool);
    let last = certificates.last().filter(|last| !last.is_self_issued())?;
    uris(last).map(|uri| request(uri, last, settings)).find(|request| !is_tried(&request.id, evidence))
}

fn uris(certificate: &Certificate) -> impl Iterator<Item = &str> {
    let accesses = certificate.extensions.authority_info_access.iter().flatten();
    let issuers = accesses.filter(|access| access.method == oid::AD_CA_ISSUERS);
    issuers.filter_map(|access| access.location.http_uri()).take(MAXIMUM_URIS)
}

fn request(uri: &str, about: &Certificate, settings: &Settings) -> EvidenceRequest {
    let how = Retrieval::get(uri.to_owned(), MEDIA_TYPE, settings.limits.certificate_octets);
    EvidenceRequest::retrieval(Wanted::IssuerCertificate, how, about.fingerprint)
}

fn is_tried(id: &str, evidence: &[Item]) -> bool {
    evidence.iter().any(|item| match item {
        Item::IssuerCertificates(answered) => answered.request_id.as_deref() == Some(id),
        Item::Unavailable(unavailable) => unavailable.request_id == id,
        Item::Certificate(_) | Item::Crl(_) | Item::OcspResponse(_) | Item::Signature { .. } => false,
    })
}

/// The certificates in what came, `room` at most; one that cannot be read is told.
pub(super) fn read(
    answered: &Answered,
    room: usize,
    settings: &Settings,
) -> Vec<Result<Certificate, Malformed>> {
    let limit = usize::try_from(settings.limits.certificate_octets).unwrap_or(usize::MAX);
    let unreadable = |problem| vec![Err(Malformed { offset: 0, field: "issuerCertificate", problem })];
    if answered.body.len() > limit {
        return unreadable(Problem::TooLarge { limit });
    }
    match read_bundle(&answered.body) {
        Ok(bundle) => {
            let taken = bundle.certificates.iter().take(MAXIMUM_TAKEN.min(room));
            taken.map(|der| decode(der, settings)).collect()
        }
        Err(_) => unreadable(Problem::OutOfRange),
    }
}

#[cfg(test)]
mod tests;
