//! The status of one certificate: what is at hand is judged first, whoever supplied it; then the sources of the
//! settings are asked in their order, until one knows (D-4) or each has been asked. It never decides what a status
//! means for the certificate.
//!
//! The status of a delegated responder is found in the same way, once: nobody asks about the responder of that answer
//! (RFC 6960 4.2.2.2.1; attack case O-30).

mod ocsp;
mod crl;
mod hearing;

use std::collections::BTreeSet;

use super::RevocationStatus;
use super::combination::combine;
use super::crl_issuer::CrlWork;
use super::crl_memory::CrlMemory;
use super::crl_signer::CrlSigners;
use super::record::{CertificateStatus, CheckOutcome, StatusCheck};
use super::responder::Designated;
use super::source::{Asked, Query, crl_queries, ocsp_queries};
use super::supplied::StatusEvidence;
use super::undetermined::UndeterminedReason;
use crate::budget::BudgetExceeded;
use crate::certificate::Certificate;
use crate::evidence::EvidenceRequest;
use crate::settings::Settings;
use crate::settings::revocation::{Ask, Depth, RevocationSettings, StatusSource};
use crate::time::Instant;
use crate::trust::store::TrustStore;

/// What every certificate of a path is asked with.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// What the administrator chose.
    pub settings: &'a Settings,
    /// How what a mode silences is heard against a certificate; `None` where no mode silences anything.
    pub hearing: Option<&'a Settings>,
    /// The moment of the question.
    pub at: Instant,
    /// Status information at hand.
    pub evidence: &'a StatusEvidence<'a>,
    /// What is known about the signatures of CRLs that are kept.
    pub memory: &'a CrlMemory,
    /// Designated responders.
    pub responders: &'a [Designated<'a>],
    /// Whom we believe, and whom we do not.
    pub store: &'a TrustStore,
    /// What nonces are made from.
    pub nonce_seed: Option<&'a [u8]>,
}

/// A certificate, and how far its status is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'s> {
    /// The certificate.
    pub certificate: &'s Certificate,
    /// The authority that issued it, as the validated path has it.
    pub issuer: &'s Certificate,
    /// How far.
    pub reach: Reach,
}

/// How far a status is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Sources are asked.
    Ask,
    /// What is at hand is looked at.
    AtHand,
}

impl Reach {
    /// How far the settings look for the status of the certificate at this place of a path (D-7): of the target, or of
    /// every certificate but the anchor.
    #[must_use]
    pub fn of(position: usize, settings: &RevocationSettings) -> Self {
        if position == 0 || settings.depth == Depth::All { Self::Ask } else { Self::AtHand }
    }
}

/// The status by what the sources said of a certificate that was looked at so far, and whether they contradict each
/// other.
#[must_use]
pub fn status_of(checks: &[StatusCheck], reach: Reach, settings: &Settings) -> (RevocationStatus, bool) {
    let (status, conflict) = combine(checks, settings.ocsp.designated_alone);
    let asks = reach == Reach::Ask && !settings.revocation.sources.is_empty();
    if !asks && matches!(status, RevocationStatus::Undetermined(_)) {
        return (RevocationStatus::NotAsked, conflict);
    }
    (status, conflict)
}

/// Whose status it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// A certificate of the path.
    OnPath,
    /// A delegated responder that answered about one.
    Responder,
}

/// What is known of a certificate, and what would have to be asked to know more.
#[derive(Debug)]
pub struct Progress {
    /// The status by what is at hand.
    pub status: CertificateStatus,
    /// What to ask next; empty when the status is final.
    pub needs: Vec<EvidenceRequest>,
}

/// What changes while the certificates of a path are looked at.
#[derive(Debug)]
pub struct State<'w, 'b, 'a> {
    /// Who may have signed CRLs.
    pub signers: CrlSigners<'a>,
    /// The same, where CRLs are heard against a certificate.
    pub hearing: Option<CrlSigners<'a>>,
    /// Signatures verified so far, and the budget.
    pub work: &'w mut CrlWork<'b>,
}

/// Finds the status of one certificate.
///
/// # Errors
/// [`BudgetExceeded`].
pub fn check_certificate<'a>(
    subject: &Subject<'_>,
    inputs: &Inputs<'a>,
    state: &mut State<'_, '_, 'a>,
) -> Result<Progress, BudgetExceeded> {
    inquire(subject, Role::OnPath, inputs, state)
}

fn inquire<'a>(
    subject: &Subject<'_>,
    role: Role,
    inputs: &Inputs<'a>,
    state: &mut State<'_, '_, 'a>,
) -> Result<Progress, BudgetExceeded> {
    let mut inquiry = Inquiry::new(subject, role, inputs);
    inquiry.look_at_responses(state)?;
    inquiry.look_at_crls(state)?;
    if subject.reach == Reach::Ask {
        inquiry.ask();
    }
    inquiry.hear_against(state)?;
    Ok(inquiry.conclude())
}

struct Inquiry<'s, 'a> {
    subject: Subject<'s>,
    role: Role,
    inputs: Inputs<'a>,
    responders: Vec<Query>,
    points: Vec<Vec<Query>>,
    checks: Vec<StatusCheck>,
    needs: Vec<EvidenceRequest>,
    /// An answer is there, and what its signer's status needs comes first.
    waits: bool,
    unchecked: Option<String>,
    /// Fingerprints of the CRLs that were believed.
    used_crls: BTreeSet<[u8; 32]>,
}

impl<'s, 'a> Inquiry<'s, 'a> {
    fn new(subject: &Subject<'s>, role: Role, inputs: &Inputs<'a>) -> Self {
        let asked =
            Asked { certificate: subject.certificate, issuer: subject.issuer, nonce_seed: inputs.nonce_seed };
        Self {
            subject: *subject,
            role,
            inputs: *inputs,
            responders: ocsp_queries(&asked, inputs.settings),
            points: crl_queries(&asked, inputs.settings),
            checks: Vec::new(),
            needs: Vec::new(),
            waits: false,
            unchecked: None,
            used_crls: BTreeSet::new(),
        }
    }

    fn note_unavailable(&mut self, source: StatusSource, query: &Query) {
        if let Some(reason) = self.inputs.evidence.unavailable(&query.request.id) {
            let outcome = CheckOutcome::Nothing(UndeterminedReason::Unavailable(reason));
            self.checks.push(StatusCheck::of(source, outcome).asked(Some(query)));
        }
    }

    /// What to ask next.
    fn ask(&mut self) {
        let settings = &self.inputs.settings.revocation;
        for source in &settings.sources {
            if self.waits || self.is_settled() {
                return;
            }
            let needs = match source {
                _ if self.is_known_by(*source) => continue,
                StatusSource::Ocsp => self.ask_responders(),
                StatusSource::Crl => self.ask_points(),
            };
            let goes_on = needs.is_empty() || settings.ask == Ask::EverySource;
            self.needs.extend(needs);
            if !goes_on {
                return;
            }
        }
    }

    /// DT-5: a revocation is final. Good is, where the settings ask no further.
    fn is_settled(&self) -> bool {
        match self.combined().0 {
            RevocationStatus::Revoked(_) => true,
            RevocationStatus::Good => self.inputs.settings.revocation.ask == Ask::UntilKnown,
            _ => false,
        }
    }

    /// A source of this kind gave a usable answer.
    fn is_known_by(&self, source: StatusSource) -> bool {
        let answers = self.checks.iter().filter(|check| check.source == source && check.acceptance.is_some());
        answers.into_iter().any(|check| !matches!(check.outcome, CheckOutcome::Nothing(_)))
    }

    fn ask_responders(&mut self) -> Vec<EvidenceRequest> {
        if self.responders.is_empty() {
            self.note_absent(StatusSource::Ocsp, UndeterminedReason::NoResponderUri);
        }
        let evidence = self.inputs.evidence;
        let is_open = |query: &&Query| {
            let id = &query.request.id;
            evidence.unavailable(id).is_none() && evidence.responses_to(id).next().is_none()
        };
        self.responders.iter().find(is_open).map(|query| query.request.clone()).into_iter().collect()
    }

    /// One CRL of each distribution point, as each may speak for other reasons.
    fn ask_points(&mut self) -> Vec<EvidenceRequest> {
        if self.points.is_empty() {
            self.note_absent(StatusSource::Crl, UndeterminedReason::NoDistributionPoint);
        }
        let evidence = self.inputs.evidence;
        let is_used = |query: &Query| {
            evidence.crls_for(&query.request.id).any(|crl| self.used_crls.contains(&crl.fingerprint))
        };
        let is_open = |query: &&Query| {
            let id = &query.request.id;
            evidence.unavailable(id).is_none() && evidence.crls_for(id).next().is_none()
        };
        let groups = self.points.iter().filter(|group| !group.iter().any(is_used));
        groups.filter_map(|group| group.iter().find(is_open)).map(|query| query.request.clone()).collect()
    }

    fn note_absent(&mut self, source: StatusSource, reason: UndeterminedReason) {
        self.checks.push(StatusCheck::of(source, CheckOutcome::Nothing(reason)));
    }

    fn combined(&self) -> (RevocationStatus, bool) {
        combine(&self.checks, self.inputs.settings.ocsp.designated_alone)
    }

    fn conclude(mut self) -> Progress {
        let (status, conflict) = status_of(&self.checks, self.subject.reach, self.inputs.settings);
        // What is at hand about other certificates is worth telling only where nothing else was found.
        let is_known = matches!(
            status,
            RevocationStatus::Good | RevocationStatus::Revoked(_) | RevocationStatus::Unknown
        );
        if is_known || status == RevocationStatus::NotAsked {
            self.checks.retain(
                |check| !matches!(&check.outcome, CheckOutcome::Nothing(reason) if reason.is_about_others()),
            );
        }
        let fresh = self.checks.iter().filter_map(|check| check.acceptance.as_ref());
        let fresh_until = fresh.map(|acceptance| acceptance.fresh_until.until).min();
        let status = CertificateStatus {
            status,
            checks: self.checks,
            conflict,
            responder_unchecked: self.unchecked,
            fresh_until,
        };
        Progress { status, needs: self.needs }
    }
}
