//! Which sources are to be asked about one certificate, where, and with which octets (R-OCSP-10 to R-OCSP-16,
//! R-CRL-12, R-CRL-13; D-4, D-6). It asks nobody and judges no answer.

use sha2::{Digest, Sha256};

use super::ocsp_request::{Nonce, OcspRequest, REQUEST_MEDIA_TYPE, RESPONSE_MEDIA_TYPE};
use crate::certificate::Certificate;
use crate::certificate::extension::{DistributionPoint, DistributionPointName};
use crate::certificate::general_name::GeneralName;
use crate::evidence::{EvidenceRequest, HttpMethod, Retrieval, Wanted};
use crate::oid;
use crate::settings::Settings;
use crate::settings::revocation::{NoncePolicy, OcspMethod, StatusSource, UriChoice};

/// Most URIs that are asked for one certificate and kind of source. Ours: real certificates name one or two, and a
/// hostile one could name hundreds.
pub const MAXIMUM_URIS: usize = 4;

/// The media type of a CRL, RFC 5280 4.2.1.13 and RFC 2585 4.2.
pub const CRL_MEDIA_TYPE: &str = "application/pkix-crl";

/// One question to one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The URI, as the certificate or the settings have it.
    pub uri: String,
    /// The nonce that goes with it.
    pub nonce: Option<Nonce>,
    /// What the host is asked for.
    pub request: EvidenceRequest,
}

/// The certificate that is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The certificate.
    pub certificate: &'a Certificate,
    /// The authority that issued it.
    pub issuer: &'a Certificate,
    /// What nonces are made from; `None` sends none.
    pub nonce_seed: Option<&'a [u8]>,
}

/// The responders to ask, the next where the one before gave no usable answer.
#[must_use]
pub fn ocsp_queries(asked: &Asked<'_>, settings: &Settings) -> Vec<Query> {
    let named = asked.certificate.extensions.authority_info_access.iter().flatten();
    let named =
        named.filter(|access| access.method == oid::AD_OCSP).filter_map(|access| access.location.http_uri());
    let choice = settings.ocsp.uri;
    let uris = choose(choice, named, &settings.ocsp.configured);
    uris.into_iter().map(|uri| ocsp_query(asked, uri, settings)).collect()
}

/// The CRLs to ask for: one group for each distribution point, and within a group the next where the one before
/// could not be had. Configured ones are alternatives to each other.
#[must_use]
pub fn crl_queries(asked: &Asked<'_>, settings: &Settings) -> Vec<Vec<Query>> {
    let limit = settings.limits.crl_octets;
    let query = |uri: String| crl_query(asked, uri, limit);
    let extensions = &asked.certificate.extensions;
    let points = extensions.crl_distribution_points.iter().chain(&extensions.freshest_crl).flatten();
    let groups = crl_uris(points, settings).into_iter();
    groups.map(|group| group.into_iter().map(query).collect()).collect()
}

/// The CRLs to watch because of a certificate that is kept, or, without one, because they are configured; none where
/// CRLs are no source (R-CRL-12, R-CRL-13). Delta CRLs are left aside: what one lists depends on its base, and the complete
/// list says the same.
#[must_use]
pub fn watched_crls(certificate: Option<&Certificate>, settings: &Settings) -> Vec<Retrieval> {
    let configured = || vec![settings.crl.configured.clone()];
    let groups = match (certificate, settings.crl.uri) {
        _ if !settings.revocation.sources.contains(&StatusSource::Crl) => Vec::new(),
        (Some(certificate), _) => {
            crl_uris(certificate.extensions.crl_distribution_points.iter().flatten(), settings)
        }
        (None, UriChoice::Certificate) => Vec::new(),
        (None, UriChoice::CertificateElseConfigured | UriChoice::Configured) => configured(),
    };
    let limit = settings.limits.crl_octets;
    groups.into_iter().flatten().map(|uri| Retrieval::get(uri, CRL_MEDIA_TYPE, limit)).collect()
}

fn crl_uris<'a>(
    points: impl Iterator<Item = &'a DistributionPoint>,
    settings: &Settings,
) -> Vec<Vec<String>> {
    let groups: Vec<Vec<String>> = points.map(point_uris).filter(|uris| !uris.is_empty()).collect();
    let groups = match settings.crl.uri {
        UriChoice::Certificate => groups,
        UriChoice::CertificateElseConfigured if !groups.is_empty() => groups,
        UriChoice::CertificateElseConfigured | UriChoice::Configured => vec![settings.crl.configured.clone()],
    };
    let groups = groups.into_iter().filter(|group| !group.is_empty()).take(MAXIMUM_URIS);
    groups.map(|group| group.into_iter().take(MAXIMUM_URIS).collect()).collect()
}

fn choose<'a>(choice: UriChoice, named: impl Iterator<Item = &'a str>, configured: &[String]) -> Vec<String> {
    let named: Vec<String> = named.map(str::to_owned).take(MAXIMUM_URIS).collect();
    match choice {
        UriChoice::Certificate => named,
        UriChoice::CertificateElseConfigured if !named.is_empty() => named,
        UriChoice::CertificateElseConfigured | UriChoice::Configured => {
            configured.iter().take(MAXIMUM_URIS).cloned().collect()
        }
    }
}

fn point_uris(point: &DistributionPoint) -> Vec<String> {
    match &point.name {
        Some(DistributionPointName::Full(names)) => {
            names.iter().filter_map(GeneralName::http_uri).map(str::to_owned).collect()
        }
        Some(DistributionPointName::RelativeToIssuer(_)) | None => Vec::new(),
    }
}

fn ocsp_query(asked: &Asked<'_>, uri: String, settings: &Settings) -> Query {
    let wants_nonce = settings.ocsp.nonce != NoncePolicy::Off;
    let nonce = asked.nonce_seed.filter(|_| wants_nonce).map(|seed| nonce(seed, asked.certificate, &uri));
    let request =
        OcspRequest::new(asked.certificate, asked.issuer, settings.ocsp.request_hash, nonce.as_ref());
    let address = match settings.ocsp.method {
        OcspMethod::Get => request.get_address(&uri),
        OcspMethod::Post => None,
    };
    let maximum_octets = settings.limits.ocsp_octets;
    let how = match address {
        Some(address) => Retrieval::get(address, RESPONSE_MEDIA_TYPE, maximum_octets),
        None => Retrieval {
            uri: uri.clone(),
            method: HttpMethod::Post,
            body: request.body().to_vec(),
            content_type: REQUEST_MEDIA_TYPE,
            maximum_octets,
        },
    };
    let request = EvidenceRequest::retrieval(Wanted::OcspResponse, how, asked.certificate.fingerprint);
    Query { uri, nonce, request }
}

fn crl_query(asked: &Asked<'_>, uri: String, maximum_octets: u32) -> Query {
    let how = Retrieval::get(uri.clone(), CRL_MEDIA_TYPE, maximum_octets);
    let request = EvidenceRequest::retrieval(Wanted::Crl, how, asked.certificate.fingerprint);
    Query { uri, nonce: None, request }
}

/// A nonce of its own for each certificate and responder, from what nobody can guess (RFC 9654 2.1).
fn nonce(seed: &[u8], certificate: &Certificate, uri: &str) -> Nonce {
    let digest = Sha256::new().chain_update(b"OCSP nonce").chain_update(Sha256::digest(seed));
    digest.chain_update(certificate.fingerprint).chain_update(uri).finalize().into()
}

#[cfg(test)]
mod tests;
