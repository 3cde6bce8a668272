//! Puts the question about one certificate that is in use: by the trust store that it lies in, that belongs to its slot,
//! or that its connection was registered with; under the policy in force, with whatever may be fetched. Nothing that was
//! fetched for questions of ten minutes ago is used again: an answer that is still fresh may be overtaken by now.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::{Judge, Judged, Reach, Revocation};
use crate::api::management::cluster::{self, Uses};
use crate::app::App;
use crate::cli::question::shown;
use crate::component::contract::evidence::UnavailableReason;
use crate::component::contract::request::Mode;
use crate::component::contract::verdict::{Decision, PathCertificate, RevocationStatus, Severity, Verdict};
use crate::decide::{Asked, Believed, Decider};
use crate::resolve::{Resolved, Reuse};
use crate::storage::{Check, CheckStatus, CheckUsage, Decided, Found, Version};
use crate::trusted::Snapshot;

/// How long what was fetched is used again for questions about other certificates, in seconds.
const PERIOD: i64 = 600;

/// Asks with what a server has.
pub struct OfServer {
    app: Arc<App>,
    decider: Decider,
    uses: Mutex<Option<(Version, Arc<Uses>)>>,
}

impl std::fmt::Debug for OfServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OfServer").finish_non_exhaustive()
    }
}

/// A certificate, and how it is asked about.
struct Subject {
    certificate: Vec<u8>,
    chain: Vec<Vec<u8>>,
    purpose: Option<String>,
    /// The first that gives it a status is the answer; where none does, the last.
    believed: Vec<Believed>,
    services: Vec<String>,
}

impl OfServer {
    /// Asks with what `app` has, without holding up those who wait for answers.
    #[must_use]
    pub fn new(app: &Arc<App>) -> Self {
        let decider = app.decider();
        let decider = Decider { pool: decider.pool.in_background(), ..decider };
        Self { app: Arc::clone(app), decider, uses: Mutex::new(None) }
    }

    async fn subject(&self, check: &Check, snapshot: &Snapshot) -> Result<Option<Subject>, String> {
        let told = |fault: crate::storage::StorageFault| fault.to_string();
        if check.usage == CheckUsage::Connection {
            let found = self.app.storage.connection(&check.connection).await.map_err(told)?;
            return Ok(found.map(|connection| Subject {
                certificate: connection.der,
                chain: connection.chain,
                purpose: Some(connection.purpose).filter(|purpose| !purpose.is_empty()),
                believed: vec![Believed::Store(connection.store)],
                services: Vec::new(),
            }));
        }
        let certificate = self.app.storage.certificate(&check.fingerprint).await.map_err(told)?;
        let Some(certificate) = certificate else { return Ok(None) };
        let uses = self.uses(snapshot.version).await?;
        let (believed, services) = match check.usage {
            CheckUsage::Identity => {
                let store = uses.store_of(&check.room).unwrap_or_default().to_owned();
                (vec![Believed::Store(store)], uses.of_slot(&check.room))
            }
            // what is believed as itself has a status by whoever issued it, where that lies in the store
            CheckUsage::Trust | CheckUsage::Connection => {
                let store = || check.room.clone();
                (vec![Believed::StoreBeside(store()), Believed::Store(store())], uses.of_store(&check.room))
            }
        };
        Ok(Some(Subject { certificate, chain: Vec::new(), purpose: None, believed, services }))
    }

    /// What slots and stores are used by, read once for each version of the state.
    async fn uses(&self, version: Version) -> Result<Arc<Uses>, String> {
        let mut kept = self.uses.lock().await;
        if let Some((known, uses)) = kept.as_ref()
            && *known == version
        {
            return Ok(Arc::clone(uses));
        }
        let uses = cluster::uses(&self.app).await.map_err(|error| error.to_string())?;
        let uses = Arc::new(uses);
        *kept = Some((version, Arc::clone(&uses)));
        Ok(uses)
    }

    async fn ask(
        &self,
        subject: &Subject,
        (believed, snapshot): (&Believed, &Arc<Snapshot>),
        now: i64,
    ) -> Result<Judged, String> {
        let asked = Asked {
            certificate: subject.certificate.clone(),
            untrusted: subject.chain.clone(),
            believed: believed.clone(),
            purpose: subject.purpose.clone(),
            names: Vec::new(),
            at: now,
            policy: None,
            mode: Mode::AsWritten,
            crls: Vec::new(),
            responses: Vec::new(),
            online: self.decider.fetcher.is_some(),
        };
        if let Some(store) = asked.store()
            && !snapshot.has(store)
        {
            return Err(format!("the trust store `{store}` cannot be decided by"));
        }
        let is_online = asked.online;
        let decider = Decider { reuse: Reuse::SamePeriod(now.div_euclid(PERIOD)), ..self.decider.clone() };
        let resolved = decider.decide(asked, Some(Arc::clone(snapshot)), now).await;
        let resolved = resolved.map_err(|undecided| undecided.to_string())?;
        Ok(Judged { services: subject.services.clone(), ..Judged::of(&resolved, is_online) })
    }
}

impl Judge for OfServer {
    async fn judge(&self, check: Check, now: i64) -> Result<Judged, String> {
        let known = *self.app.storage.watch().borrow();
        let snapshot = self.app.trusted.current(known).await;
        let snapshot = snapshot.ok_or("the state could not be loaded, so nothing can be decided by it")?;
        let Some(subject) = self.subject(&check, &snapshot).await? else {
            return Err("it is not kept any more".to_owned());
        };
        let mut last = Err("nobody is believed".to_owned());
        for believed in &subject.believed {
            last = self.ask(&subject, (believed, &snapshot), now).await;
            if last.as_ref().is_ok_and(|judged| judged.found.status != CheckStatus::NotAsked) {
                break;
            }
        }
        last
    }
}

impl Judged {
    /// What a verdict comes to for somebody who looks after the certificate.
    #[must_use]
    pub fn of(resolved: &Resolved<Verdict>, is_online: bool) -> Self {
        let verdict = &resolved.verdict;
        let (status, said, revocation) = status(&verdict.path);
        let decision = match verdict.decision {
            Decision::Allow => Decided::Allow,
            Decision::Deny => Decided::Deny,
        };
        // why it is not to be trusted, where the status alone does not say it
        let detail = match (said, decision) {
            (said, _) if !said.is_empty() => said,
            (_, Decided::Deny) => refusals(verdict),
            (said, Decided::Allow) => said,
        };
        let target = verdict.path.first();
        let found = Found { status, decision, detail, verdict: verdict.trace_hash.clone() };
        let subject = target.map(|target| (target.subject.clone(), target.serial_number.clone()));
        Self {
            found,
            subject: subject.unwrap_or_default(),
            revocation,
            ask_again: verdict.ask_again,
            reach: if is_online { reach(resolved) } else { Reach::Offline },
            services: Vec::new(),
        }
    }
}

/// The certificate's own status, with details; and where it or one above it is revoked, that.
fn status(path: &[PathCertificate]) -> (CheckStatus, String, Option<Revocation>) {
    for (place, certificate) in path.iter().enumerate() {
        if let RevocationStatus::Revoked(revoked) = &certificate.status {
            let authority = (place > 0).then(|| certificate.subject.clone());
            let reason = revoked.reason.clone();
            let words = reason.clone().unwrap_or_else(|| "without reason".to_owned());
            let detail = format!("revoked at {}: {words}, {}", shown(revoked.at), certificate.serial_number);
            return (CheckStatus::Revoked, detail, Some(Revocation { at: revoked.at, reason, authority }));
        }
    }
    let (status, said) = match path.first().map(|target| &target.status) {
        Some(RevocationStatus::Good) => (CheckStatus::Good, ""),
        Some(RevocationStatus::Unknown) => (CheckStatus::Unknown, "revocation.unknown"),
        Some(RevocationStatus::Undetermined(reason)) => (CheckStatus::Undetermined, reason.as_str()),
        Some(RevocationStatus::Revoked(_) | RevocationStatus::NotAsked) | None => (CheckStatus::NotAsked, ""),
    };
    (status, said.to_owned(), None)
}

/// The codes of what refuses.
fn refusals(verdict: &Verdict) -> String {
    let mut codes: Vec<&str> = Vec::new();
    for finding in verdict.findings.iter().filter(|finding| finding.severity == Severity::Deny) {
        if !codes.contains(&finding.code.as_str()) {
            codes.push(&finding.code);
        }
    }
    codes.join(", ")
}

/// Whether somebody who was asked was silent.
fn reach(resolved: &Resolved<Verdict>) -> Reach {
    use UnavailableReason as Why;
    let is_silent = |why: &Why| matches!(why, Why::NameResolution | Why::Connection | Why::Timeout);
    let silent = resolved.asked.iter().any(|asked| asked.outcome.as_ref().is_err_and(is_silent));
    if silent { Reach::Silent } else { Reach::Answered }
}
