//! Voices that only a mode keeps from being believed, heard against the certificate (DT-6): what they say proves nothing
//! good, but a revocation or an unknown from them counts as it would without the mode (ND-4a). What is asked for, and
//! what is believed, is not decided here.

use super::{Inputs, Inquiry, Reach, State, Subject};
use crate::budget::BudgetExceeded;
use crate::revocation::RevocationStatus;
use crate::revocation::crl_rejected::CrlRejected;
use crate::revocation::record::{CheckOutcome, StatusCheck};
use crate::revocation::undetermined::UndeterminedReason;
use crate::settings::revocation::StatusSource;

impl<'a> Inquiry<'_, 'a> {
    /// Judges what said nothing once more, as widely as any settings could; where it then speaks against the
    /// certificate, that is its outcome.
    pub(super) fn hear_against(&mut self, state: &mut State<'_, '_, 'a>) -> Result<(), BudgetExceeded> {
        let silent = self.checks.iter().any(is_silenced);
        let revoked = matches!(self.combined().0, RevocationStatus::Revoked(_));
        let (Some(settings), true) = (self.inputs.hearing, silent && !revoked && self.needs.is_empty())
        else {
            return Ok(());
        };
        let Some(signers) = state.hearing.take() else { return Ok(()) };
        let strict = std::mem::replace(&mut state.signers, signers);
        let heard = self.hear(&Inputs { settings, hearing: None, ..self.inputs }, state);
        state.hearing = Some(std::mem::replace(&mut state.signers, strict));
        for voice in heard? {
            let same = |check: &&mut StatusCheck| is_silenced(check) && is_same(check, &voice);
            self.checks.iter_mut().filter(same).for_each(|check| check.outcome = voice.outcome.clone());
        }
        Ok(())
    }

    /// What speaks against the certificate under these inputs: responses one by one; CRLs together, as a delta CRL
    /// needs its base, and each that the mode silences alone, as a newer one takes the word of an older.
    fn hear(
        &self,
        inputs: &Inputs<'a>,
        state: &mut State<'_, '_, 'a>,
    ) -> Result<Vec<StatusCheck>, BudgetExceeded> {
        let subject = Subject { reach: Reach::AtHand, ..self.subject };
        let mut wide = Inquiry::new(&subject, self.role, inputs);
        wide.look_at_responses(state)?;
        wide.look_at_crls(state)?;
        for (number, crl) in inputs.evidence.crls().iter().enumerate() {
            let silenced =
                |check: &StatusCheck| is_silenced_list(check) && check.evidence == Some(crl.fingerprint);
            if self.checks.iter().any(silenced) {
                wide.ask_crls(&[number], state)?;
            }
        }
        wide.checks.retain(|check| speaks_against(&check.outcome));
        Ok(wide.checks)
    }
}

/// It is at hand and says nothing.
fn is_silenced(check: &StatusCheck) -> bool {
    check.evidence.is_some() && matches!(check.outcome, CheckOutcome::Nothing(_))
}

/// A CRL that may well be believed without the mode: of other reasons none comes from a mode.
fn is_silenced_list(check: &StatusCheck) -> bool {
    use UndeterminedReason as Reason;
    let CheckOutcome::Nothing(reason) = &check.outcome else { return false };
    let algorithm = matches!(reason, Reason::Crl(CrlRejected::AlgorithmNotAccepted(_)));
    check.source == StatusSource::Crl && (algorithm || *reason == Reason::CrlIssuerPath)
}

fn speaks_against(outcome: &CheckOutcome) -> bool {
    matches!(outcome, CheckOutcome::Revoked(_) | CheckOutcome::RevokedBefore(_) | CheckOutcome::Unknown)
}

/// Both are about the same piece of evidence.
fn is_same(one: &StatusCheck, other: &StatusCheck) -> bool {
    one.source == other.source && one.evidence == other.evidence
}
