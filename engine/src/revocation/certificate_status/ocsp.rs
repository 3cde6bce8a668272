//! OCSP responses about one certificate: judged, and their signers with them. What follows from a status together with
//! other sources is not decided here.

use super::{Inquiry, Reach, Role, State, Subject, inquire};
use crate::budget::BudgetExceeded;
use crate::certificate::Certificate;
use crate::der::{Malformed, Problem};
use crate::finding::{Code, Level};
use crate::oid;
use crate::revocation::RevocationStatus;
use crate::revocation::ocsp_check::{
    AcceptedResponse, OcspAnswer, OcspQuestion, OcspRejected, Rejection, check_response,
};
use crate::revocation::ocsp_request::Nonce;
use crate::revocation::record::{Acceptance, CheckOutcome, StatusCheck, said};
use crate::revocation::responder::ResponderStatus;
use crate::revocation::source::Query;
use crate::revocation::supplied::Response;
use crate::revocation::undetermined::UndeterminedReason;
use crate::settings::revocation::{ResponderCheck, StatusSource};
use crate::trust::TrustRole;

impl<'a> Inquiry<'_, 'a> {
    /// Responses that were supplied, then those that were asked for.
    pub(super) fn look_at_responses(&mut self, state: &mut State<'_, '_, 'a>) -> Result<(), BudgetExceeded> {
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

    /// Judges one response, and its signer where that must be.
    fn judge(
        &mut self,
        response: &Response<'_>,
        query: Option<&Query>,
        state: &mut State<'_, '_, 'a>,
    ) -> Result<(), BudgetExceeded> {
        let nonce = query.and_then(|query| query.nonce.as_ref());
        let (outcome, acceptance) = match self.answer(response, nonce, state)? {
            Err(unused) => (rejected(unused), None),
            Ok(accepted) => match self.check_responder(&accepted, state)? {
                Some(refused) => (CheckOutcome::Nothing(refused), None),
                None if self.waits => return Ok(()),
                None => (said(accepted.status()), Some(Box::new(Acceptance::of_response(&accepted)))),
            },
        };
        let check = StatusCheck::of(StatusSource::Ocsp, outcome).asked(query).about(response.fingerprint);
        self.checks.push(StatusCheck { acceptance, ..check });
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
        // RFC 5280 4.2.1.6, as on a path: nobody reads a responder's names, so that the level may let this pass.
        if signer.has_no_names() && self.inputs.settings.levels.of(Code::NameSyntax) == Level::Deny {
            let malformed = Malformed { offset: 0, field: "subjectAltName", problem: Problem::Empty };
            let refused = OcspRejected::ResponderCertificateMalformed(malformed);
            return Ok(Some(UndeterminedReason::Ocsp(refused)));
        }
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
            Some(revocation) if revocation.is_for_good() => CheckOutcome::RevokedBefore(revocation),
            _ => CheckOutcome::Nothing(UndeterminedReason::Ocsp(reason)),
        },
    }
}

/// The certificate names somebody to ask about itself.
fn names_source(certificate: &Certificate) -> bool {
    let extensions = &certificate.extensions;
    let responder =
        extensions.authority_info_access.iter().flatten().any(|access| access.method == oid::AD_OCSP);
    responder || extensions.crl_distribution_points.is_some()
}
