//! RFC 5280 6.3 and RFC 6960: what an authority says about a certificate after it was issued. It sees finished
//! paths, and validates one itself only for a CRL's issuer; it fetches nothing; what a status means for a decision is
//! not decided here.
//!
//! [`check_path`] finds the status of every certificate of a path, [`certificate_status`] of one: from what is at
//! hand ([`supplied`]), and by asking for more ([`source`]). [`combination`] says what follows where several sources
//! answer, [`record`] keeps who said what, and [`undetermined`] why somebody said nothing.
//!
//! [`freshness`] is shared by both sources. [`ocsp_request`] writes a question, [`ocsp`] reads an answer,
//! [`responder`] says who may give it, and [`ocsp_check`] whether it is to be believed. [`crl`] reads a list and
//! [`crl_index`] its entries; [`crl_issuer`] says who signed it, [`crl_scope`] for which certificates it speaks, and
//! [`crl_check`] what it says about one; [`crl_rejected`] lists why it may say nothing. [`crl_difference`] compares a
//! list with its successor.

pub mod freshness;
pub mod ocsp_request;
pub mod ocsp;
pub mod responder;
pub mod ocsp_check;
pub mod crl;
pub mod crl_index;
pub mod crl_rejected;
pub mod crl_memory;
pub mod crl_issuer;
pub mod crl_scope;
pub mod crl_check;
pub mod crl_difference;
pub mod crl_signer;
pub mod source;
pub mod supplied;
pub mod undetermined;
pub mod record;
pub mod combination;
pub mod certificate_status;

use crate::budget::{Budget, BudgetExceeded};
use crate::evidence::EvidenceRequest;
use crate::path::validate::{Context, ValidatedPath};
use crate::time::Instant;
use certificate_status::{Inputs, Reach, State, Subject, check_certificate};
use crl_issuer::CrlWork;
use crl_signer::CrlSigners;
use record::CertificateStatus;
use undetermined::UndeterminedReason;

/// What an authentic, fresh and matching answer, or the lack of one, says about a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevocationStatus {
    /// Not revoked. It says neither that the certificate was issued nor that it is valid now.
    Good,
    /// Revoked, for good or for a time.
    Revoked(Revocation),
    /// An authority said that it does not know the certificate.
    Unknown,
    /// Nobody usable answered.
    Undetermined(UndeterminedReason),
    /// The settings do not ask for it, and nothing that was supplied says anything.
    NotAsked,
}

/// When and why a certificate was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// revocationTime or revocationDate.
    pub at: Instant,
    /// The reason; `None` when none, or none that is defined, was given.
    pub reason: Option<RevocationReason>,
}

impl Revocation {
    /// It is never undone: only a certificate on hold may be released again (RFC 5280 5.3.1).
    #[must_use]
    pub fn is_for_good(&self) -> bool {
        let reason = self.reason;
        !matches!(reason, Some(RevocationReason::CertificateHold | RevocationReason::RemoveFromCrl))
    }
}

/// CRLReason, RFC 5280 5.3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RevocationReason {
    /// unspecified (0).
    Unspecified,
    /// keyCompromise (1).
    KeyCompromise,
    /// cACompromise (2).
    CaCompromise,
    /// affiliationChanged (3).
    AffiliationChanged,
    /// superseded (4).
    Superseded,
    /// cessationOfOperation (5).
    CessationOfOperation,
    /// certificateHold (6).
    CertificateHold,
    /// removeFromCRL (8).
    RemoveFromCrl,
    /// privilegeWithdrawn (9).
    PrivilegeWithdrawn,
    /// aACompromise (10).
    AaCompromise,
}

impl RevocationReason {
    /// The RFC's word for this reason.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::RemoveFromCrl => "removeFromCRL",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
        }
    }

    /// The reason of this number; 7 and numbers beyond 10 are not defined (RFC 5280 5.3.1).
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        Some(match number {
            0 => Self::Unspecified,
            1 => Self::KeyCompromise,
            2 => Self::CaCompromise,
            3 => Self::AffiliationChanged,
            4 => Self::Superseded,
            5 => Self::CessationOfOperation,
            6 => Self::CertificateHold,
            8 => Self::RemoveFromCrl,
            9 => Self::PrivilegeWithdrawn,
            10 => Self::AaCompromise,
            _ => return None,
        })
    }
}

/// A validated path, every certificate of which but the anchor has a status. Only [`check_path`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedPath {
    path: ValidatedPath,
    statuses: Vec<CertificateStatus>,
}

impl CheckedPath {
    /// The path.
    #[must_use]
    pub fn path(&self) -> &ValidatedPath {
        &self.path
    }

    /// The status of each certificate in path order; the anchor has none.
    #[must_use]
    pub fn statuses(&self) -> &[CertificateStatus] {
        &self.statuses
    }
}

/// What became of the search for the statuses of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// They are as far known as they can be.
    Path(Box<CheckedPath>),
    /// These are needed first, each once.
    Needs(Vec<EvidenceRequest>),
}

/// Finds the status of every certificate of a validated path but its anchor. Nothing is ever asked for another path
/// (attack case F-01). Where one is revoked, nothing is asked about the others.
///
/// # Errors
/// [`BudgetExceeded`].
pub fn check_path<'a>(
    path: ValidatedPath,
    context: &Context<'a>,
    inputs: &Inputs<'a>,
    budget: &mut Budget,
) -> Result<Checked, BudgetExceeded> {
    let certificates = path.candidate().certificates(context.pool);
    let signers =
        |settings| CrlSigners::new(path.candidate(), Context { settings, ..*context }, inputs.store);
    let mut state = State {
        signers: signers(inputs.settings),
        hearing: inputs.hearing.map(signers),
        work: &mut CrlWork::remembering(budget, inputs.memory),
    };
    let mut statuses = Vec::new();
    let mut needs: Vec<EvidenceRequest> = Vec::new();
    for (position, pair) in certificates.windows(2).enumerate() {
        let [certificate, issuer] = pair else { continue };
        let reach = Reach::of(position, &inputs.settings.revocation);
        let progress = check_certificate(&Subject { certificate, issuer, reach }, inputs, &mut state)?;
        for need in progress.needs {
            if !needs.iter().any(|known| known.id == need.id) {
                needs.push(need);
            }
        }
        statuses.push(progress.status);
    }
    let revoked = statuses.iter().any(|one| matches!(one.status, RevocationStatus::Revoked(_)));
    if needs.is_empty() || revoked {
        return Ok(Checked::Path(Box::new(CheckedPath { path, statuses })));
    }
    Ok(Checked::Needs(needs))
}
