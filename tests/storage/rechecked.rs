//! What the tests of periodic checks share: a judge that says what it is told to and keeps what it was asked, and a clock
//! that is set.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use host_server::storage::{
    Change, Check, CheckStatus, Class, Decided, Fingerprint, Found, NewConnection, Storage,
};
use host_server::watch::recheck::{Judge, Judged, Reach, Rechecks, Revocation, Step};

use crate::sample::{NOW, act, der, fingerprint};
use crate::watched::pool;

/// A clock that is set.
#[derive(Clone)]
pub(crate) struct Hand(Arc<AtomicI64>);

impl Hand {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(NOW)))
    }

    pub(crate) fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    pub(crate) fn set(&self, now: i64) {
        self.0.store(now, Ordering::SeqCst);
    }
}

/// Says what it is told to, good where it is told nothing.
#[derive(Clone, Default)]
pub(crate) struct Stub {
    answers: Arc<Mutex<BTreeMap<Fingerprint, Result<Judged, String>>>>,
    asked: Arc<Mutex<Vec<(Fingerprint, i64)>>>,
}

impl Stub {
    pub(crate) fn says(&self, name: &str, answer: Result<Judged, String>) {
        self.answers.lock().unwrap().insert(fingerprint(name), answer);
    }

    /// When it was asked about a certificate, in seconds from [`NOW`].
    pub(crate) fn asked(&self, name: &str) -> Vec<i64> {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|(found, _)| *found == fingerprint(name)).map(|(_, at)| at - NOW).collect()
    }

    /// How often it was asked about each.
    pub(crate) fn counts(&self) -> BTreeMap<Fingerprint, usize> {
        let mut counts = BTreeMap::new();
        for (found, _) in self.asked.lock().unwrap().iter() {
            *counts.entry(*found).or_default() += 1;
        }
        counts
    }
}

impl Judge for Stub {
    async fn judge(&self, check: Check, now: i64) -> Result<Judged, String> {
        self.asked.lock().unwrap().push((check.fingerprint, now));
        let answer = self.answers.lock().unwrap().get(&check.fingerprint).cloned();
        answer.unwrap_or_else(|| Ok(judged(CheckStatus::Good, Decided::Allow, "")))
    }
}

pub(crate) fn judged(status: CheckStatus, decision: Decided, detail: &str) -> Judged {
    Judged {
        found: Found { status, decision, detail: detail.to_owned(), verdict: vec![7; 32] },
        subject: ("CN=a".to_owned(), "0a".to_owned()),
        revocation: None,
        ask_again: None,
        reach: Reach::Answered,
        services: vec!["Cisco Tomcat".to_owned()],
    }
}

pub(crate) fn revoked(reason: &str) -> Judged {
    let at = NOW - 5;
    let revocation = Revocation { at, reason: Some(reason.to_owned()), authority: None };
    Judged { revocation: Some(revocation), ..judged(CheckStatus::Revoked, Decided::Deny, reason) }
}

pub(crate) fn rechecks(storage: &Storage, owner: &str, stub: &Stub, hand: &Hand) -> Rechecks<Stub> {
    let hand = hand.clone();
    let clock = Arc::new(move || hand.now());
    Rechecks::of((storage, &pool()), stub.clone(), owner, vec!["syslog".to_owned()], clock)
}

/// Steps whenever something is due, until a moment in seconds from [`NOW`]. How much was done.
pub(crate) async fn drive(
    rechecks: &mut Rechecks<Stub>,
    storage: &Storage,
    hand: &Hand,
    until: i64,
) -> Vec<Step> {
    let mut steps = Vec::new();
    loop {
        steps.push(rechecks.step().await.unwrap());
        let next = storage.check_counts(hand.now()).await.unwrap().next;
        match next {
            Some(next) if next <= NOW + until => hand.set(next),
            _ => break,
        }
    }
    hand.set(hand.now().max(NOW + until));
    steps
}

pub(crate) fn policy(text: &str) -> Change {
    Change::PutPolicy { scope: String::new(), document: format!("[periodic]\n{text}") }
}

pub(crate) async fn register(storage: &Storage, id: &str, class: Class, name: &str, now: i64) {
    let new = NewConnection {
        id: id.to_owned(),
        class,
        peer: "ldap.example".to_owned(),
        der: der(name),
        fingerprint: fingerprint(name),
        subject: format!("CN={name}"),
        serial: "0a".to_owned(),
        issuer: "issuer".to_owned(),
        chain: vec![vec![1, 2]],
        store: "tomcat-trust".to_owned(),
        purpose: String::new(),
    };
    let record = host_server::audit::AuditRecord { time: now, ..act("connection.registered") };
    storage.register(&new, record).await.unwrap();
}
