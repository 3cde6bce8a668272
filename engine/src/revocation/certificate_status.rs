//! The status of one certificate: what is at hand is judged first, whoever supplied it; then the sources of the
//! settings are asked in their order, until one knows (D-4) or each has been asked. It never decides what a status
//! means for the certificate.
//!
//! The status of a delegated responder is found in the same way, once: nobody asks about the responder of that answer
//! (RFC 6960 4.2.2.2.1; attack case O-30).

use std::collections::BTreeSet;

use super::RevocationStatus;
use super::combination::combine;
use super::crl_check::CrlStatus;
use super::crl_index::IndexedCrl;
use super::crl_issuer::CrlWork;
use super::crl_memory::CrlMemory;
use super::crl_rejected::CrlRejected;
use super::crl_signer::{CrlOutcome, CrlSigners};
use super::freshness::{UpdateWindow, check_freshness};
use super::ocsp_check::{AcceptedResponse, OcspAnswer, OcspQuestion, Rejection, check_response};
use super::ocsp_request::Nonce;
use super::record::{Acceptance, CertificateStatus, CheckOutcome, StatusCheck, said};
use super::responder::{Designated, ResponderStatus};
use super::source::{Asked, Query, crl_queries, ocsp_queries};
use super::supplied::{Response, StatusEvidence};
use super::undetermined::UndeterminedReason;
use super::{Revocation, RevocationReason};
use crate::budget::BudgetExceeded;
use crate::certificate::Certificate;
use crate::evidence::EvidenceRequest;
use crate::finding::{Code, Level};
use crate::settings::Settings;
use crate::settings::revocation::{Ask, ResponderCheck, StatusSource};
use crate::time::Instant;
use crate::trust::TrustRole;
use crate::trust::store::TrustStore;

/// What every certificate of a path is asked with.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// What the administrator chose.
    pub settings: &'a Settings,
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
    let asked =
        Asked { certificate: subject.certificate, issuer: subject.issuer, nonce_seed: inputs.nonce_seed };
    let mut inquiry = Inquiry {
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
    };
    inquiry.look_at_responses(state)?;
    inquiry.look_at_crls(state)?;
    if subject.reach == Reach::Ask {
        inquiry.ask();
    }
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

impl<'a> Inquiry<'_, 'a> {
    /// Responses that were supplied, then those that were asked for.
    fn look_at_responses(&mut self, state: &mut State<'_, '_, 'a>) -> Result<(), BudgetExceeded> {
        let evidence = self.inputs.evidence;
        for response in evidence.supplied_responses() {
            self.judge(response, None, state)?;
        }
        for query in self.responders.clone() {
            for response in evidence.responses_to(&query.request.id) {
                self.judge(response, Some(&query), state)?;
            }
            self.note_unavailable(StatusSource::Ocsp, &query);
        }
        Ok(())
    }

    fn note_unavailable(&mut self, source: StatusSource, query: &Query) {
        if let Some(reason) = self.inputs.evidence.unavailable(&query.request.id) {
            let outcome = CheckOutcome::Nothing(UndeterminedReason::Unavailable(reason));
            let (uri, request) = (Some(query.uri.clone()), Some(query.request.id.clone()));
            self.checks.push(StatusCheck { source, uri, request, evidence: None, outcome, acceptance: None });
        }
    }

    /// Judges one response, and its signer where that must be.
    fn judge(
        &mut self,
        response: &Response<'_>,
        query: Option<&Query>,
        state: &mut State<'_, '_, 'a>,
    ) -> Result<(), BudgetExceeded> {
        let nonce = query.and_then(|query| query.nonce.as_ref());
        let (outcome, acceptance) = match self.answer(response, nonce, state)? {
            Err(rejection) => (rejected(rejection), None),
            Ok(accepted) => match self.check_responder(&accepted, state)? {
                Some(refused) => (CheckOutcome::Nothing(refused), None),
                None if self.waits => return Ok(()),
                None => (said(accepted.status()), Some(Box::new(Acceptance::of_response(&accepted)))),
            },
        };
        self.checks.push(StatusCheck {
            source: StatusSource::Ocsp,
            uri: query.map(|query| query.uri.clone()),
            request: query.map(|query| query.request.id.clone()),
            evidence: Some(response.fingerprint),
            outcome,
            acceptance,
        });
        Ok(())
    }

    fn answer(
        &self,
        response: &Response<'_>,
        nonce: Option<&Nonce>,
        state: &mut State<'_, '_, 'a>,
    ) -> Result<Result<Box<AcceptedResponse>, UnusedResponse>, BudgetExceeded> {
        let settings = self.inputs.settings;
        let limit = usize::try_from(settings.limits.ocsp_octets).unwrap_or(usize::MAX);
        if response.body.len() > limit {
            return Ok(Err(UnusedResponse::TooLarge { octets: response.body.len() }));
        }
        let question = OcspQuestion {
            certificate: self.subject.certificate,
            issuer: self.subject.issuer,
            designated: self.inputs.responders,
            at: self.inputs.at,
            nonce,
            settings: &settings.ocsp,
            algorithms: &settings.algorithms,
        };
        Ok(match check_response(&question, response.body, state.work.budget)? {
            OcspAnswer::Accepted(accepted) => Ok(accepted),
            OcspAnswer::Rejected(rejection) => Err(UnusedResponse::Rejected(rejection)),
        })
    }

    /// Why the signer's own standing forbids to believe the response; `None` where it does not, or where it is
    /// still to be found out.
    fn check_responder(
        &mut self,
        accepted: &AcceptedResponse,
        state: &mut State<'_, '_, 'a>,
    ) -> Result<Option<UndeterminedReason>, BudgetExceeded> {
        let signer = accepted.authorisation().certificate();
        if self.inputs.store.role_of(signer) == Some(TrustRole::Distrusted) {
            return Ok(Some(UndeterminedReason::ResponderDistrusted));
        }
        let ResponderStatus::MustBeChecked { certificate } = accepted.authorisation().responder_status()
        else {
            return Ok(None);
        };
        if self.role == Role::Responder {
            // O-30: nobody vouches for itself, and nobody asks about the responder of this answer.
            let is_itself = certificate.public_key == self.subject.certificate.public_key;
            return Ok(is_itself.then_some(UndeterminedReason::ResponderCircular));
        }
        self.check_delegate(certificate, state)
    }

    /// RFC 6960 4.2.2.2.1: the delegate's own status.
    fn check_delegate(
        &mut self,
        delegate: &Certificate,
        state: &mut State<'_, '_, 'a>,
    ) -> Result<Option<UndeterminedReason>, BudgetExceeded> {
        let settings = self.inputs.settings;
        let asks = settings.ocsp.responder_check != ResponderCheck::Off && self.subject.reach == Reach::Ask;
        let reach = if asks { Reach::Ask } else { Reach::AtHand };
        let subject = Subject { certificate: delegate, issuer: self.subject.issuer, reach };
        let progress = inquire(&subject, Role::Responder, &self.inputs, state)?;
        if !progress.needs.is_empty() {
            self.needs.extend(progress.needs);
            self.waits = true;
            return Ok(None);
        }
        let is_named = names_source(delegate);
        let denies = |code| settings.levels.of(code) == Level::Deny;
        let required = settings.ocsp.responder_check == ResponderCheck::Required;
        let refuses = |code| required || (is_named && asks && denies(code));
        Ok(match progress.status.status {
            RevocationStatus::Good => None,
            RevocationStatus::Revoked(_) => Some(UndeterminedReason::ResponderRevoked),
            RevocationStatus::Unknown if refuses(Code::RevocationUnknown) => {
                Some(UndeterminedReason::ResponderUndetermined)
            }
            RevocationStatus::Undetermined(_) | RevocationStatus::NotAsked
                if refuses(Code::RevocationUndetermined) =>
            {
                Some(UndeterminedReason::ResponderUndetermined)
            }
            _ => {
                self.unchecked = Some(delegate.subject.to_string());
                None
            }
        })
    }

    /// Every CRL at hand, those that were asked for among them.
    fn look_at_crls(&mut self, state: &mut State<'_, '_, 'a>) -> Result<(), BudgetExceeded> {
        let evidence = self.inputs.evidence;
        let readable: Vec<(usize, &'a IndexedCrl)> = evidence
            .crls()
            .iter()
            .enumerate()
            .filter_map(|(number, crl)| Some((number, crl.list.as_ref().ok()?.get())))
            .collect();
        let crls: Vec<&IndexedCrl> = readable.iter().map(|(_, crl)| *crl).collect();
        let settings = &self.inputs.settings.crl;
        let outcome = state.signers.ask(self.subject.certificate, &crls, settings, state.work)?;
        for (place, (number, crl)) in readable.iter().enumerate() {
            self.note_crl(place, *number, crl, &outcome, &state.signers);
        }
        self.note_unreadable_crls();
        for query in self.points.clone().iter().flatten() {
            self.note_unavailable(StatusSource::Crl, query);
        }
        Ok(())
    }

    /// What one CRL, at `place` among those asked and `number` among those at hand, says.
    fn note_crl(
        &mut self,
        place: usize,
        number: usize,
        crl: &IndexedCrl,
        outcome: &CrlOutcome,
        signers: &CrlSigners<'a>,
    ) {
        let answer = &outcome.answer;
        let used = answer.used.iter().position(|used| *used == place);
        let signer = used.and_then(|used| answer.signers.get(used)).and_then(|found| signers.find(found));
        let (outcome, acceptance) = match signer {
            Some(signer) => {
                self.used_crls.insert(crl.list().fingerprint);
                (listed(answer.status), self.crl_acceptance(crl, signer))
            }
            None => {
                let rejected = answer.rejected.iter().find(|(rejected, _)| *rejected == place);
                let known = outcome.set_aside.get(&place).cloned();
                let reason =
                    known.or_else(|| rejected.map(|(_, reason)| UndeterminedReason::Crl(reason.clone())));
                let missing = UndeterminedReason::Crl(CrlRejected::IssuerCertificateMissing);
                (CheckOutcome::Nothing(reason.unwrap_or(missing)), None)
            }
        };
        let evidence = self.inputs.evidence.crls().get(number);
        let query = self.query_of(evidence.and_then(|crl| crl.request));
        self.checks.push(StatusCheck {
            source: StatusSource::Crl,
            uri: query.map(|query| query.uri.clone()),
            request: query.map(|query| query.request.id.clone()),
            evidence: evidence.map(|crl| crl.fingerprint),
            outcome,
            acceptance,
        });
    }

    fn crl_acceptance(&self, crl: &IndexedCrl, signer: &Certificate) -> Option<Box<Acceptance>> {
        let list = crl.list();
        let window = UpdateWindow { this_update: list.this_update, next_update: list.next_update };
        let freshness = &self.inputs.settings.crl.freshness;
        let bound = check_freshness(window, self.inputs.at, freshness).ok()?;
        Some(Box::new(Acceptance::of_crl(signer, self.subject.issuer, list.this_update, bound)))
    }

    /// A CRL that cannot be read says nothing about anybody; it is told where it was asked for, or supplied.
    fn note_unreadable_crls(&mut self) {
        for crl in self.inputs.evidence.crls() {
            let Err(malformed) = &crl.list else { continue };
            let query = self.query_of(crl.request);
            if crl.request.is_some() && query.is_none() {
                continue;
            }
            let check = StatusCheck {
                source: StatusSource::Crl,
                uri: query.map(|query| query.uri.clone()),
                request: query.map(|query| query.request.id.clone()),
                evidence: Some(crl.fingerprint),
                outcome: CheckOutcome::Nothing(UndeterminedReason::CrlMalformed(malformed.clone())),
                acceptance: None,
            };
            self.checks.push(check);
        }
    }

    /// The query of this certificate that a CRL answers.
    fn query_of(&self, request: Option<&str>) -> Option<&Query> {
        let request = request?;
        self.points.iter().flatten().find(|query| query.request.id == request)
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
        let outcome = CheckOutcome::Nothing(reason);
        let check =
            StatusCheck { source, uri: None, request: None, evidence: None, outcome, acceptance: None };
        self.checks.push(check);
    }

    fn combined(&self) -> (RevocationStatus, bool) {
        combine(&self.checks, self.inputs.settings.ocsp.designated_alone)
    }

    fn conclude(mut self) -> Progress {
        let (mut status, conflict) = self.combined();
        let asks = self.subject.reach == Reach::Ask && !self.inputs.settings.revocation.sources.is_empty();
        if !asks && matches!(status, RevocationStatus::Undetermined(_)) {
            status = RevocationStatus::NotAsked;
        }
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

/// A response that is no answer.
enum UnusedResponse {
    Rejected(Rejection),
    TooLarge { octets: usize },
}

fn rejected(unused: UnusedResponse) -> CheckOutcome {
    match unused {
        UnusedResponse::TooLarge { octets } => {
            CheckOutcome::Nothing(UndeterminedReason::OcspTooLarge { octets })
        }
        UnusedResponse::Rejected(Rejection { reason, revoked_before, .. }) => match revoked_before {
            Some(revocation) if is_for_good(revocation) => CheckOutcome::RevokedBefore(revocation),
            _ => CheckOutcome::Nothing(UndeterminedReason::Ocsp(reason)),
        },
    }
}

/// RFC 5280 5.3.1: only a certificate on hold may be released again.
fn is_for_good(revocation: Revocation) -> bool {
    !matches!(revocation.reason, Some(RevocationReason::CertificateHold | RevocationReason::RemoveFromCrl))
}

/// What complete CRLs say, by each of them.
fn listed(status: CrlStatus) -> CheckOutcome {
    match status {
        CrlStatus::Good => CheckOutcome::Good,
        CrlStatus::Revoked(revocation) => CheckOutcome::Revoked(revocation),
        CrlStatus::Undetermined => CheckOutcome::Nothing(UndeterminedReason::CrlReasonsNotCovered),
    }
}

/// The certificate names somebody to ask about itself.
fn names_source(certificate: &Certificate) -> bool {
    let extensions = &certificate.extensions;
    let responder =
        extensions.authority_info_access.iter().flatten().any(|access| access.method == crate::oid::AD_OCSP);
    responder || extensions.crl_distribution_points.is_some()
}
