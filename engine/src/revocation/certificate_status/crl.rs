//! CRLs about one certificate: every one at hand is asked, and what each says is kept. What follows from it together
//! with other sources is not decided here.

use super::{Inquiry, State};
use crate::budget::BudgetExceeded;
use crate::certificate::Certificate;
use crate::revocation::crl_check::CrlStatus;
use crate::revocation::crl_index::IndexedCrl;
use crate::revocation::crl_rejected::CrlRejected;
use crate::revocation::crl_signer::{CrlOutcome, CrlSigners};
use crate::revocation::freshness::{UpdateWindow, check_freshness};
use crate::revocation::record::{Acceptance, CheckOutcome, StatusCheck};
use crate::revocation::source::Query;
use crate::revocation::undetermined::UndeterminedReason;
use crate::settings::revocation::StatusSource;

impl<'a> Inquiry<'_, 'a> {
    /// Every CRL at hand, those that were asked for among them.
    pub(super) fn look_at_crls(&mut self, state: &mut State<'_, '_, 'a>) -> Result<(), BudgetExceeded> {
        let every: Vec<usize> = (0..self.inputs.evidence.crls().len()).collect();
        self.ask_crls(&every, state)?;
        self.note_unreadable_crls();
        for query in self.points.clone().iter().flatten() {
            self.note_unavailable(StatusSource::Crl, query);
        }
        Ok(())
    }

    /// What the readable ones among the CRLs of these numbers say together.
    pub(super) fn ask_crls(
        &mut self,
        numbers: &[usize],
        state: &mut State<'_, '_, 'a>,
    ) -> Result<(), BudgetExceeded> {
        let all = self.inputs.evidence.crls();
        let readable: Vec<(usize, &'a IndexedCrl)> = numbers
            .iter()
            .filter_map(|number| Some((*number, all.get(*number)?.list.as_ref().ok()?.get())))
            .collect();
        let crls: Vec<&IndexedCrl> = readable.iter().map(|(_, crl)| *crl).collect();
        let settings = &self.inputs.settings.crl;
        let outcome = state.signers.ask(self.subject.certificate, &crls, settings, state.work)?;
        for (place, (number, crl)) in readable.iter().enumerate() {
            self.note_crl((place, *number), crl, &outcome, &state.signers);
        }
        Ok(())
    }

    /// What one CRL, at `place` among those asked and `number` among those at hand, says.
    fn note_crl(
        &mut self,
        (place, number): (usize, usize),
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
        let check = StatusCheck::of(StatusSource::Crl, outcome).asked(query);
        let evidence = evidence.map(|crl| crl.fingerprint);
        self.checks.push(StatusCheck { evidence, acceptance, ..check });
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
            let outcome = CheckOutcome::Nothing(UndeterminedReason::CrlMalformed(malformed.clone()));
            self.checks.push(StatusCheck::of(StatusSource::Crl, outcome).asked(query).about(crl.fingerprint));
        }
    }

    /// The query of this certificate that a CRL answers.
    fn query_of(&self, request: Option<&str>) -> Option<&Query> {
        let request = request?;
        self.points.iter().flatten().find(|query| query.request.id == request)
    }
}

/// What complete CRLs say, by each of them.
fn listed(status: CrlStatus) -> CheckOutcome {
    match status {
        CrlStatus::Good => CheckOutcome::Good,
        CrlStatus::Revoked(revocation) => CheckOutcome::Revoked(revocation),
        CrlStatus::Undetermined => CheckOutcome::Nothing(UndeterminedReason::CrlReasonsNotCovered),
    }
}
