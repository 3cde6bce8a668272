//! Notes what verdicts rested on that was fetched for them, until it is recorded: nobody who decides waits for a database.
//! Within bounds; what finds no room is noted the next time it is accepted. No decision is made by it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};
use tokio::sync::Notify;

use crate::component::contract::evidence::Item;
use crate::component::contract::verdict::{StatusCheck, Verdict};
use crate::fetch::Kind;
use crate::resolve::Resolved;
use crate::storage::{EvidenceNote, Fingerprint};

/// The largest body that is kept. Lists of public authorities are larger by far, and would take the place of everything
/// else.
const LARGEST: usize = 1024 * 1024;
/// The longest URI, in octets: databases find rows by it.
const LONGEST_URI: usize = 1_000;
/// Notes that wait at most, and octets of their bodies.
const NOTES: usize = 10_000;
const OCTETS: usize = 16 * 1024 * 1024;

/// What waits to be recorded.
#[derive(Debug, Default)]
pub struct Ledger {
    waiting: Mutex<Waiting>,
    noted: Notify,
}

/// Notes, and the bodies that they are about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    notes: BTreeMap<(Fingerprint, &'static str, String), EvidenceNote>,
    /// Bodies by their SHA-256.
    pub bodies: BTreeMap<Fingerprint, Vec<u8>>,
    octets: usize,
}

impl Waiting {
    /// The notes, in an order that is the same everywhere.
    #[must_use]
    pub fn notes(&self) -> Vec<EvidenceNote> {
        self.notes.values().cloned().collect()
    }

    fn add(&mut self, note: EvidenceNote, body: Option<&[u8]>) {
        let key = (note.certificate, note.kind, note.uri.clone());
        if self.notes.len() >= NOTES && !self.notes.contains_key(&key) {
            return;
        }
        if let (Some(sha256), Some(body)) = (note.sha256, body)
            && !self.bodies.contains_key(&sha256)
        {
            let octets = self.octets.saturating_add(body.len());
            if octets > OCTETS {
                return;
            }
            self.octets = octets;
            self.bodies.insert(sha256, body.to_vec());
        }
        self.notes.insert(key, note);
    }
}

impl Ledger {
    /// Notes what a verdict of `now` rested on and was fetched for it.
    pub fn note(&self, resolved: &Resolved<Verdict>, now: i64) {
        let found = pieces(resolved, now);
        if found.is_empty() {
            return;
        }
        let mut waiting = self.waiting();
        for (note, body) in found {
            waiting.add(note, body);
        }
        drop(waiting);
        self.noted.notify_one();
    }

    /// Waits until something was noted.
    pub async fn noted(&self) {
        self.noted.notified().await;
    }

    /// Takes away what waits.
    #[must_use]
    pub fn take(&self) -> Waiting {
        std::mem::take(&mut *self.waiting())
    }

    /// Gives back what could not be recorded; what was noted since then stands.
    pub fn give_back(&self, before: Waiting) {
        let mut waiting = self.waiting();
        let since = std::mem::replace(&mut *waiting, before);
        for note in since.notes.into_values() {
            let body = note.sha256.and_then(|sha256| since.bodies.get(&sha256));
            waiting.add(note, body.map(Vec::as_slice));
        }
        drop(waiting);
        self.noted.notify_one();
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What came and was accepted for each certificate of the path; and for the first, what came and was for none of them: that
/// is about the certificates of responders.
fn pieces(resolved: &Resolved<Verdict>, now: i64) -> Vec<(EvidenceNote, Option<&[u8]>)> {
    let came: BTreeMap<&str, (Kind, &[u8])> = resolved.evidence.iter().filter_map(answered).collect();
    let path = &resolved.verdict.path;
    let mut found = Vec::new();
    let mut claimed = BTreeSet::new();
    for certificate in path {
        for check in &certificate.checks {
            let Some(id) = check.request_id.as_deref() else { continue };
            claimed.insert(id);
            if check.acceptance.is_none() {
                continue;
            }
            let Some(&(kind, body)) = came.get(id) else { continue };
            found.extend(piece((&certificate.fingerprint, kind), (body, uri(check)), (Some(check), now)));
        }
    }
    let Some(target) = path.first() else { return found };
    for asked in resolved.asked.iter().filter(|asked| !claimed.contains(asked.id.as_str())) {
        if let Some(&(kind, body)) = came.get(asked.id.as_str()) {
            found.extend(piece((&target.fingerprint, kind), (body, &asked.uri), (None, now)));
        }
    }
    found
}

fn uri(check: &StatusCheck) -> &str {
    check.uri.as_deref().unwrap_or_default()
}

/// What answers a request of ours about revocation.
fn answered(item: &Item) -> Option<(&str, (Kind, &[u8]))> {
    match item {
        Item::OcspResponse(one) => Some((one.request_id.as_deref()?, (Kind::OcspResponse, &one.body))),
        Item::Crl(one) => Some((one.request_id.as_deref()?, (Kind::Crl, &one.body))),
        _ => None,
    }
}

fn piece<'a>(
    (certificate, kind): (&[u8], Kind),
    (body, uri): (&'a [u8], &str),
    (check, now): (Option<&StatusCheck>, i64),
) -> Option<(EvidenceNote, Option<&'a [u8]>)> {
    if uri.len() > LONGEST_URI {
        return None;
    }
    let acceptance = check.and_then(|check| check.acceptance.as_ref());
    let body_kept = Some(body).filter(|body| body.len() <= LARGEST);
    let note = EvidenceNote {
        certificate: certificate.try_into().ok()?,
        kind: kind.name(),
        uri: uri.to_owned(),
        sha256: body_kept.map(|body| Sha256::digest(body).into()),
        octets: i64::try_from(body.len()).unwrap_or(i64::MAX),
        this_update: acceptance.map(|acceptance| acceptance.this_update),
        fresh_until: acceptance.map(|acceptance| acceptance.fresh_until),
        recorded_at: now,
    };
    Some((note, body_kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(uri: &str, body: &[u8]) -> EvidenceNote {
        EvidenceNote {
            certificate: [1; 32],
            kind: "crl",
            uri: uri.to_owned(),
            sha256: Some(Sha256::digest(body).into()),
            octets: 1,
            this_update: Some(1),
            fresh_until: Some(2),
            recorded_at: 3,
        }
    }

    #[test]
    fn one_body_waits_once_and_what_finds_no_room_is_left_out() {
        let mut waiting = Waiting::default();
        waiting.add(note("a", b"x"), Some(b"x"));
        waiting.add(note("b", b"x"), Some(b"x"));
        assert_eq!((waiting.notes().len(), waiting.bodies.len(), waiting.octets), (2, 1, 1));
        let large = vec![0; OCTETS];
        waiting.add(note("c", &large), Some(&large));
        assert_eq!((waiting.notes().len(), waiting.bodies.len()), (2, 1));
        for number in 0..NOTES {
            waiting.add(note(&number.to_string(), b"x"), Some(b"x"));
        }
        assert_eq!(waiting.notes().len(), NOTES);
    }

    #[test]
    fn what_is_given_back_gives_way_to_what_was_noted_since() {
        let ledger = Ledger::default();
        ledger.waiting().add(note("a", b"old"), Some(b"old"));
        ledger.waiting().add(note("b", b"old"), Some(b"old"));
        let before = ledger.take();
        ledger.waiting().add(note("a", b"new"), Some(b"new"));
        ledger.give_back(before);
        let now = ledger.take();
        assert_eq!(now.notes(), [note("a", b"new"), note("b", b"old")]);
        assert_eq!((now.bodies.len(), ledger.take()), (2, Waiting::default()));
    }
}
