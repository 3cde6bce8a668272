//! Status information at hand, decoded once for all certificates of a question: what was supplied beforehand,
//! what answers a request, and what was tried in vain. Nothing is judged here.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::crl_index::IndexedCrl;
use crate::budget::Limits;
use crate::der::{Malformed, Problem};
use crate::evidence::{Answered, Item, UnavailableReason};

/// Status information at hand.
#[derive(Debug, Default)]
pub struct StatusEvidence<'a> {
    responses: Vec<Response<'a>>,
    crls: Vec<Crl<'a>>,
    unavailable: BTreeMap<&'a str, UnavailableReason>,
}

/// An OCSP response, undecoded: who is asked about decides what of it is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Response<'a> {
    /// The request it answers; `None` when it was supplied beforehand.
    pub request: Option<&'a str>,
    /// The body.
    pub body: &'a [u8],
    /// SHA-256 of the body.
    pub fingerprint: [u8; 32],
}

/// A CRL.
#[derive(Debug)]
pub struct Crl<'a> {
    /// The request it answers; `None` when it was supplied beforehand or is kept by the validator.
    pub request: Option<&'a str>,
    /// What it decodes to.
    pub list: Result<Held<'a>, Malformed>,
    /// SHA-256 of the body.
    pub fingerprint: [u8; 32],
}

/// A CRL of the validator's, or one that came with the question.
#[derive(Debug)]
pub enum Held<'a> {
    /// Indexed when the validator took it.
    Kept(&'a IndexedCrl),
    /// Indexed now.
    Fresh(Box<IndexedCrl>),
}

impl Held<'_> {
    /// The CRL.
    #[must_use]
    pub fn get(&self) -> &IndexedCrl {
        match self {
            Self::Kept(crl) => crl,
            Self::Fresh(crl) => crl,
        }
    }
}

impl<'a> StatusEvidence<'a> {
    /// Sorts out the evidence of a question, beside the CRLs that its validator keeps.
    #[must_use]
    pub fn new(evidence: &'a [Item], kept: &'a [IndexedCrl], limits: &Limits) -> Self {
        let mut sorted = Self::default();
        for crl in kept {
            let fingerprint = crl.list().fingerprint;
            sorted.crls.push(Crl { request: None, list: Ok(Held::Kept(crl)), fingerprint });
        }
        for item in evidence {
            match item {
                Item::OcspResponse(answered) => sorted.responses.push(response(answered)),
                Item::Crl(answered) => sorted.add_crl(answered, limits.crl_octets),
                Item::Unavailable(tried) => {
                    sorted.unavailable.entry(&tried.request_id).or_insert(tried.reason);
                }
                Item::Certificate(_) | Item::IssuerCertificates(_) | Item::Signature { .. } => {}
            }
        }
        sorted
    }

    /// A list that stands there already is not looked at twice, but it answers every request it came for.
    fn add_crl(&mut self, answered: &'a Answered, most: u32) {
        let fingerprint: [u8; 32] = Sha256::digest(&answered.body).into();
        let request = answered.request_id.as_deref();
        let is_known =
            |crl: &Crl<'_>| crl.fingerprint == fingerprint && (request.is_none() || crl.request == request);
        if self.crls.iter().any(is_known) {
            return;
        }
        let list = check_size(&answered.body, most).and_then(|()| IndexedCrl::decode(answered.body.clone()));
        let list = list.map(|crl| Held::Fresh(Box::new(crl)));
        self.crls.push(Crl { request, list, fingerprint });
    }

    /// OCSP responses that were supplied beforehand.
    pub fn supplied_responses(&self) -> impl Iterator<Item = &Response<'a>> {
        self.responses.iter().filter(|response| response.request.is_none())
    }

    /// Responses to one request.
    pub fn responses_to<'e>(&'e self, request: &'e str) -> impl Iterator<Item = &'e Response<'a>> {
        self.responses.iter().filter(move |response| response.request == Some(request))
    }

    /// Every CRL, in the order it was given.
    #[must_use]
    pub fn crls(&self) -> &[Crl<'a>] {
        &self.crls
    }

    /// CRLs that answer one request.
    pub fn crls_for<'e>(&'e self, request: &'e str) -> impl Iterator<Item = &'e Crl<'a>> {
        self.crls.iter().filter(move |crl| crl.request == Some(request))
    }

    /// Why a request was not answered, where it was tried in vain.
    #[must_use]
    pub fn unavailable(&self, request: &str) -> Option<UnavailableReason> {
        self.unavailable.get(request).copied()
    }
}

/// A CRL is within the size the settings allow.
///
/// # Errors
/// [`Malformed`], with [`Problem::TooLarge`], when it is too large to be looked at.
pub fn check_size(der: &[u8], most: u32) -> Result<(), Malformed> {
    let limit = usize::try_from(most).unwrap_or(usize::MAX);
    if der.len() > limit {
        return Err(Malformed { offset: 0, field: "certificateList", problem: Problem::TooLarge { limit } });
    }
    Ok(())
}

fn response(answered: &Answered) -> Response<'_> {
    let fingerprint = Sha256::digest(&answered.body).into();
    Response { request: answered.request_id.as_deref(), body: &answered.body, fingerprint }
}
