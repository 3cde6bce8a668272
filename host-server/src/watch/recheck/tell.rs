//! What follows for people from what a check found: each change is told once, what is over is resolved, and what an
//! upload, a question or a change came to is written down. The sentences are `engine-wording`'s.

use data_encoding::HEXLOWER;

use super::{Judged, Reach};
use crate::alarm::document::of_event;
use crate::audit::{AuditRecord, Details};
use crate::cli::question::shown;
use crate::storage::alarm::Severity;
use crate::storage::connection::CUT;
use crate::storage::{Check, CheckStatus, CheckUsage, Connection, Decided, Entry, NewEvent, Reason};

const REVOKED: &str = "revocation.revoked";
const RESTORED: &str = "revocation.restored";
const UNKNOWN: &str = "revocation.unknown";
const UNDETERMINED: &str = "revocation.undetermined";

/// What is told, and what is over.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) events: Vec<NewEvent>,
    pub(super) resolved: Vec<&'static str>,
}

/// What is told of a certificate that is kept, by the status it has now and the one it had.
fn changes(check: &Check, judged: &Judged) -> (Option<&'static str>, Vec<&'static str>) {
    let (was, is) = (check.status, judged.found.status);
    let has_changed = was != is;
    match is {
        CheckStatus::Good => {
            let restored = was == CheckStatus::Revoked;
            (restored.then_some(RESTORED), vec![REVOKED, UNKNOWN, UNDETERMINED])
        }
        CheckStatus::Revoked if has_changed => (Some(REVOKED), vec![UNKNOWN, UNDETERMINED, RESTORED]),
        // what was on hold is revoked for good, or for another reason
        CheckStatus::Revoked if check.detail != judged.found.detail => (Some(REVOKED), vec![REVOKED]),
        CheckStatus::Unknown if has_changed => (Some(UNKNOWN), vec![UNDETERMINED]),
        // where nothing may be asked, that is no news of any certificate
        CheckStatus::Undetermined if has_changed && judged.reach != Reach::Offline => {
            (Some(UNDETERMINED), Vec::new())
        }
        // the settings ask for it no more; a revocation that was seen stands
        CheckStatus::NotAsked if has_changed => (None, vec![UNKNOWN, UNDETERMINED]),
        _ => (None, Vec::new()),
    }
}

/// Whether anything is told of a certificate that is kept.
pub(super) fn tells(check: &Check, judged: &Judged) -> bool {
    check.usage != CheckUsage::Connection && changes(check, judged).0.is_some()
}

pub(super) fn of_kept(check: &Check, judged: &Judged, places: &[Entry], now: i64) -> Told {
    let (code, resolved) = changes(check, judged);
    let Some(code) = code else { return Told { events: Vec::new(), resolved } };
    let mut values = subject(judged);
    values.push(("fingerprint", HEXLOWER.encode(&check.fingerprint)));
    let mut occurrence = now.to_string();
    match (&judged.revocation, code) {
        (Some(revocation), REVOKED) => {
            values.push(("revokedAt", shown(revocation.at)));
            values.extend(revocation.reason.clone().map(|reason| ("reason", reason)));
            values.extend(revocation.authority.clone().map(|authority| ("authority", authority)));
            occurrence.clone_from(&judged.found.detail);
            // what was restored in between is revoked anew
            occurrence.push_str(
                &check
                    .since
                    .filter(|_| check.status == CheckStatus::Good)
                    .map_or(String::new(), |at| at.to_string()),
            );
        }
        (_, UNDETERMINED) => values.push(("reason", judged.found.detail.clone())),
        _ => {}
    }
    let services = if code == REVOKED { judged.services.clone() } else { Vec::new() };
    let event = NewEvent {
        watched: check.told(),
        occurrence,
        code,
        severity: severity(code),
        subject: judged.subject.0.clone(),
        document: document(code, &values, (places, services)),
    };
    Told { events: vec![event], resolved }
}

/// R-REV-4: whoever owns a connection whose certificate is not to be trusted any more is told once, until it is again, or
/// has ended. R-OCSP-22: an expired one is not either.
pub(super) fn of_connection(check: &Check, connection: &Connection, judged: &Judged, now: i64) -> Told {
    if judged.found.decision == Decided::Allow {
        return Told { events: Vec::new(), resolved: vec![CUT] };
    }
    if check.decision == Some(Decided::Deny) {
        return Told::default();
    }
    let mut values = subject(judged);
    values.extend([
        ("class", connection.class.word().to_uppercase()),
        ("peer", connection.peer.clone()),
        ("owner", connection.registered_by.clone()),
        ("connection", connection.id.clone()),
        ("why", judged.found.detail.clone()),
    ]);
    let event = NewEvent {
        watched: check.told(),
        occurrence: now.to_string(),
        code: CUT,
        severity: severity(CUT),
        subject: format!("{} {}", connection.class.word(), connection.peer),
        document: document(CUT, &values, (&[], Vec::new())),
    };
    Told { events: vec![event], resolved: Vec::new() }
}

/// R-OCSP-8: what an upload came to is written down with its status and the hash of its verdict; and so are answers to
/// those who asked, and changes.
pub(super) fn record(check: &Check, judged: &Judged, now: i64) -> Option<AuditRecord> {
    if check.reason == Reason::Schedule && check.status == judged.found.status {
        return None;
    }
    let subject = match check.usage {
        CheckUsage::Connection => check.connection.clone(),
        CheckUsage::Identity | CheckUsage::Trust => HEXLOWER.encode(&check.fingerprint),
    };
    let details = Details::none()
        .text("status", judged.found.status.word())
        .text("decision", judged.found.decision.word())
        .text("detail", judged.found.detail.clone())
        .text("verdict", HEXLOWER.encode(&judged.found.verdict))
        .text("in", check.room.clone())
        .text("because", check.reason.word());
    Some(AuditRecord::done(now, "server", "certificate.checked", &subject).with_details(details))
}

fn subject(judged: &Judged) -> Vec<(&'static str, String)> {
    let (subject, serial) = judged.subject.clone();
    let serial = Some(serial).filter(|serial| !serial.is_empty());
    [("subject", subject)].into_iter().chain(serial.map(|serial| ("serial", serial))).collect()
}

fn severity(code: &str) -> Severity {
    match code {
        REVOKED | CUT => Severity::Critical,
        UNKNOWN => Severity::Error,
        UNDETERMINED => Severity::Warning,
        _ => Severity::Notice,
    }
}

fn document(
    code: &str,
    values: &[(&'static str, String)],
    (places, services): (&[Entry], Vec<String>),
) -> String {
    serde_json::to_string(&of_event(code, values, places, services)).unwrap_or_default()
}
