//! Puts one question twice, under the policy as it is written and in Common Criteria mode, offline, with what was recorded
//! when earlier questions were decided. What comes of it is told to people; nobody is let in by it.
//!
//! A recorded response is given without the request that it answered. The engine then compares no nonce, unless the policy
//! requires one: then a recorded response is refused, and the status is undetermined.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Asked, Believed, Decider, Undecided};
use crate::component::contract::request::Mode;
use crate::component::contract::verdict::{PathCertificate, Verdict};
use crate::fetch::Kind;
use crate::storage::{Fingerprint, KeptCertificate, RecordedEvidence, Storage, StorageFault};
use crate::trusted::Snapshot;

/// How often what was recorded for the certificates of a path may lead to another path.
const ROUNDS: usize = 4;

/// What one certificate comes to.
#[derive(Clone, Debug)]
pub struct Both {
    /// Under the policy as it is written.
    pub as_written: Verdict,
    /// In Common Criteria mode.
    pub in_mode: Verdict,
    /// What there was to decide with.
    pub evidence: Vec<RecordedEvidence>,
}

/// Why it comes to nothing.
#[derive(Clone, Debug)]
pub enum Unjudged {
    /// What was recorded cannot be read.
    Storage(StorageFault),
    /// There is no verdict.
    Undecided(Undecided),
}

/// Who asks.
#[derive(Clone, Debug)]
pub struct Asking {
    /// Where it is recorded.
    pub storage: Storage,
    /// Who decides.
    pub decider: Decider,
    /// What is decided by.
    pub snapshot: Arc<Snapshot>,
    /// The moment, in seconds since 1970.
    pub at: i64,
}

impl Asking {
    /// The verdicts on a certificate that believes in a store; whoever may have it beside itself in that store is asked
    /// first, and it counts as itself only where nobody there issued it.
    ///
    /// # Errors
    /// [`Unjudged`].
    pub async fn judge(
        &self,
        certificate: &KeptCertificate,
        believed: &[Believed],
    ) -> Result<Option<Both>, Unjudged> {
        let mut last = None;
        for believed in believed {
            let both = self.judge_by(certificate, believed).await?;
            let is_vouched_for = both.as_written.path.len() > 1;
            last = Some(both);
            if is_vouched_for {
                break;
            }
        }
        Ok(last)
    }

    async fn judge_by(&self, certificate: &KeptCertificate, believed: &Believed) -> Result<Both, Unjudged> {
        let mut looked = BTreeSet::from([certificate.fingerprint]);
        let mut evidence = self.recorded(&[certificate.fingerprint]).await?;
        let mut round = 1;
        loop {
            let as_written = self.verdict((certificate, believed), &evidence, Mode::AsWritten).await?;
            let in_mode = self.verdict((certificate, believed), &evidence, Mode::CommonCriteria).await?;
            let paths = as_written.path.iter().chain(&in_mode.path).filter_map(fingerprint);
            let further: Vec<Fingerprint> = paths.filter(|one| looked.insert(*one)).collect();
            let more = self.recorded(&further).await?;
            if more.is_empty() || round >= ROUNDS {
                return Ok(Both { as_written, in_mode, evidence });
            }
            evidence.extend(more);
            round = round.saturating_add(1);
        }
    }

    async fn recorded(&self, certificates: &[Fingerprint]) -> Result<Vec<RecordedEvidence>, Unjudged> {
        self.storage.recorded_evidence(certificates).await.map_err(Unjudged::Storage)
    }

    async fn verdict(
        &self,
        (certificate, believed): (&KeptCertificate, &Believed),
        evidence: &[RecordedEvidence],
        mode: Mode,
    ) -> Result<Verdict, Unjudged> {
        let asked = Asked {
            certificate: certificate.der.clone(),
            untrusted: Vec::new(),
            believed: believed.clone(),
            purpose: None,
            names: Vec::new(),
            at: self.at,
            policy: None,
            mode,
            crls: bodies(evidence, Kind::Crl),
            responses: bodies(evidence, Kind::OcspResponse),
            online: false,
        };
        let decided = self.decider.decide(asked, Some(Arc::clone(&self.snapshot)), self.at).await;
        decided.map(|resolved| resolved.verdict).map_err(Unjudged::Undecided)
    }
}

/// Each body once.
fn bodies(evidence: &[RecordedEvidence], kind: Kind) -> Vec<Vec<u8>> {
    let of_kind = evidence.iter().filter(|one| one.kind == kind.name());
    let bodies: BTreeSet<&Vec<u8>> = of_kind.filter_map(|one| one.body.as_ref()).collect();
    bodies.into_iter().cloned().collect()
}

fn fingerprint(certificate: &PathCertificate) -> Option<Fingerprint> {
    certificate.fingerprint.as_slice().try_into().ok()
}
