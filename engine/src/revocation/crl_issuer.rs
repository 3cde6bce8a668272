//! Who signed a CRL: RFC 5280 6.3.3 (f) and (g). [`VerifiedCrl`] is the proof that somebody who may did.
//!
//! A CRL issuer needs a certification path of its own, to the same trust anchor as the certificate's (6.3.3 (f)).
//! Paths are not built here: the caller says which certificates have one, and is told which other needs one.

use std::collections::BTreeMap;

use super::crl_index::IndexedCrl;
use super::crl_memory::CrlMemory;
use super::crl_rejected::CrlRejected;
use crate::budget::{Budget, BudgetExceeded};
use crate::certificate::Certificate;
use crate::certificate::public_key::DsaParameters;
use crate::order;
use crate::settings::{AlgorithmSettings, KeyUsageBit};
use crate::signature::{self, SignatureError, SignedData};

/// A certificate that may be that of a CRL issuer.
#[derive(Clone, Copy, Debug)]
pub struct CrlIssuer<'a> {
    /// The certificate.
    pub certificate: &'a Certificate,
    /// Whether it has a valid path.
    pub standing: IssuerStanding,
    /// The working public key parameters of RFC 5280 6.1.4 (f), for a DSA key without its own.
    pub inherited: Option<&'a DsaParameters>,
}

/// Whether a CRL issuer's certificate has a valid path to the trust anchor of the certificate asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuerStanding {
    /// It has: it is on the certificate's own path, that path's anchor, or was validated apart.
    Validated,
    /// Nobody has looked.
    Unvalidated,
}

/// A CRL whose signature was verified with the key of a validated certificate that may sign CRLs.
#[derive(Clone, Copy, Debug)]
pub struct VerifiedCrl<'a> {
    crl: &'a IndexedCrl,
    issuer: &'a Certificate,
}

impl<'a> VerifiedCrl<'a> {
    /// The CRL.
    #[must_use]
    pub fn crl(&self) -> &'a IndexedCrl {
        self.crl
    }

    /// The certificate of its issuer.
    #[must_use]
    pub fn issuer(&self) -> &'a Certificate {
        self.issuer
    }

    /// Both are by one issuer under one key, and for the same certificates and reasons (RFC 5280 6.3.3 (c)).
    #[must_use]
    pub fn has_scope_of(&self, other: &VerifiedCrl<'_>) -> bool {
        let (one, two) = (self.crl.list(), other.crl.list());
        one.issuer == two.issuer
            && self.issuer.public_key == other.issuer.public_key
            && one.extensions.issuing_distribution_point == two.extensions.issuing_distribution_point
    }
}

/// What the signatures of one evaluation are checked with: each CRL is verified once for each key.
#[derive(Debug)]
pub struct CrlWork<'a> {
    pub(super) budget: &'a mut Budget,
    /// By the fingerprints of CRL and issuer.
    known: BTreeMap<([u8; 32], [u8; 32]), Result<(), CrlRejected>>,
    /// What earlier evaluations found out about the CRLs that the validator keeps.
    memory: Option<&'a CrlMemory>,
}

impl<'a> CrlWork<'a> {
    /// Nothing verified yet.
    #[must_use]
    pub fn new(budget: &'a mut Budget) -> Self {
        Self { budget, known: BTreeMap::new(), memory: None }
    }

    /// The same, where some CRLs were verified by earlier evaluations.
    #[must_use]
    pub fn remembering(budget: &'a mut Budget, memory: &'a CrlMemory) -> Self {
        Self { budget, known: BTreeMap::new(), memory: Some(memory) }
    }

    /// This certificate's key was found to have signed this CRL.
    #[must_use]
    pub fn has_verified(&self, crl: &IndexedCrl, issuer: &Certificate) -> bool {
        self.known.get(&(crl.list().fingerprint, issuer.fingerprint)) == Some(&Ok(()))
    }
}

/// Who may have signed a CRL.
#[derive(Clone, Copy, Debug)]
pub struct Signers<'c, 'a> {
    /// The candidates.
    pub issuers: &'c [CrlIssuer<'a>],
    /// The certificate that the CRL is asked about, whose key vouches for nothing about itself; `None` where the
    /// list is looked at for its own sake.
    pub subject: Option<&'c Certificate>,
}

/// The outcome of the search for a CRL's issuer.
#[derive(Debug)]
pub enum Found<'a> {
    /// The CRL is authentic.
    Verified(VerifiedCrl<'a>),
    /// The signature is that of this candidate, which has no path yet.
    NeedsPath(usize),
    /// No candidate signed it, or none that may.
    Rejected(CrlRejected),
}

/// Finds the certificate whose key signed `crl`: validated candidates first, and those that
/// authorityKeyIdentifier names before others (RFC 5280 5.2.1).
///
/// # Errors
/// [`BudgetExceeded`].
pub fn find_issuer<'a>(
    crl: &'a IndexedCrl,
    signers: &Signers<'_, 'a>,
    algorithms: &AlgorithmSettings,
    work: &mut CrlWork<'_>,
) -> Result<Found<'a>, BudgetExceeded> {
    if let Err(rejected) = check_algorithm(crl, algorithms) {
        return Ok(Found::Rejected(rejected));
    }
    let named = signers.issuers.iter().enumerate();
    let mut candidates: Vec<(usize, &CrlIssuer<'a>)> =
        named.filter(|(_, issuer)| issuer.certificate.subject == crl.list().issuer).collect();
    order::sort_by_key(&mut candidates, |(_, issuer)| {
        (issuer.standing == IssuerStanding::Unvalidated, !is_identified(crl, issuer.certificate))
    });
    let mut refused = None;
    for (number, candidate) in candidates {
        let is_subject = |subject: &Certificate| subject.public_key == candidate.certificate.public_key;
        if signers.subject.is_some_and(is_subject) {
            refused = refused.or(Some(CrlRejected::IssuerIsSubject));
            continue;
        }
        match check_signature(crl, candidate, work)? {
            Ok(()) if candidate.standing == IssuerStanding::Unvalidated => {
                return Ok(Found::NeedsPath(number));
            }
            Ok(()) => return Ok(Found::Verified(VerifiedCrl { crl, issuer: candidate.certificate })),
            Err(rejected) => refused = refused.or(Some(rejected)),
        }
    }
    Ok(Found::Rejected(refused.unwrap_or(CrlRejected::IssuerCertificateMissing)))
}

/// The algorithm is the same inside and outside (RFC 5280 5.1.1.2), known, and accepted by the settings.
fn check_algorithm(crl: &IndexedCrl, algorithms: &AlgorithmSettings) -> Result<(), CrlRejected> {
    let list = crl.list();
    if list.signed_algorithm != list.signature_algorithm {
        return Err(CrlRejected::AlgorithmMismatch);
    }
    let algorithm =
        signature::identify(&list.signature_algorithm).map_err(|_| CrlRejected::AlgorithmUnsupported)?;
    if algorithms.signatures.contains(&algorithm) {
        Ok(())
    } else {
        Err(CrlRejected::AlgorithmNotAccepted(algorithm))
    }
}

/// The CRL's keyIdentifier is the certificate's.
fn is_identified(crl: &IndexedCrl, certificate: &Certificate) -> bool {
    let named = crl.list().extensions.authority_key_identifier.as_ref();
    let named = named.and_then(|identifier| identifier.key_identifier.as_ref());
    named.is_some() && named == certificate.extensions.subject_key_identifier.as_ref()
}

/// RFC 5280 6.3.3 (f): where keyUsage is present, it asserts cRLSign. (g): the signature is by this key.
fn check_signature(
    crl: &IndexedCrl,
    issuer: &CrlIssuer<'_>,
    work: &mut CrlWork<'_>,
) -> Result<Result<(), CrlRejected>, BudgetExceeded> {
    let key_usage = issuer.certificate.extensions.key_usage;
    if key_usage.is_some_and(|usage| !usage.has(KeyUsageBit::CrlSign)) {
        return Ok(Err(CrlRejected::IssuerWithoutCrlSign));
    }
    let pair = (crl.list().fingerprint, issuer.certificate.fingerprint);
    // Inherited parameters are part of the key, so what is known without them is not known with them.
    if let Some(known) = work.known.get(&pair).filter(|_| issuer.inherited.is_none()) {
        return Ok(known.clone());
    }
    let memory = work.memory.filter(|_| issuer.inherited.is_none());
    let outcome = if memory.is_some_and(|memory| memory.knows(pair.0, pair.1)) {
        // The same charge, so that a verdict does not depend on what was asked before.
        work.budget.signature(signature::cost(&issuer.certificate.public_key, None))?;
        Ok(())
    } else {
        verify(crl, issuer, work.budget)?
    };
    // Nor is a signature known that was only assumed to be valid until the host answers.
    if issuer.inherited.is_none() && !work.budget.outsourced().awaits() {
        work.known.insert(pair, outcome.clone());
        if let Some(memory) = memory.filter(|_| outcome.is_ok()) {
            memory.remember(pair.0, pair.1);
        }
    }
    Ok(outcome)
}

fn verify(
    crl: &IndexedCrl,
    issuer: &CrlIssuer<'_>,
    budget: &mut Budget,
) -> Result<Result<(), CrlRejected>, BudgetExceeded> {
    let list = crl.list();
    let signed = SignedData {
        message: list.signed_part(),
        algorithm: &list.signature_algorithm,
        signature: &list.signature,
    };
    Ok(match signature::verify(&signed, &issuer.certificate.public_key, issuer.inherited, budget) {
        Ok(_) => Ok(()),
        Err(SignatureError::BudgetExceeded(exceeded)) => return Err(exceeded),
        Err(SignatureError::AlgorithmUnsupported) => Err(CrlRejected::AlgorithmUnsupported),
        Err(SignatureError::Invalid) => Err(CrlRejected::SignatureInvalid),
        Err(SignatureError::KeyMismatch) => Err(CrlRejected::SignatureKeyMismatch),
        Err(SignatureError::KeyUnusable) => Err(CrlRejected::SignatureKeyUnusable),
    })
}
