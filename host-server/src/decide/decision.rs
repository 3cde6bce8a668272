//! `Decision`: what another server is told, taken from a verdict, and until when it may be told again.

use data_encoding::HEXLOWER;

use super::class::{Answers, Class};
use crate::cli::said;
use crate::component::contract::verdict::{Decision as Judged, Finding, RevocationStatus, Severity, Verdict};

/// An answer about a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The client may be let in.
    pub allows: bool,
    /// The revocation status of the client's certificate, in one word.
    pub status: &'static str,
    /// What refuses it first, then what somebody should look at.
    pub reasons: Vec<Reason>,
    /// The certificate's subject, as text (RFC 4514); empty where no path was tried.
    pub subject: String,
    /// SHA-256 of the certificate, in hexadecimal; empty where no path was tried.
    pub fingerprint: String,
    /// SHA-256 of the settings it was decided under, in hexadecimal.
    pub policy: String,
    /// SHA-256 over the canonical trace, in hexadecimal.
    pub trace: String,
    /// The version of the state it was decided on.
    pub version: i64,
    /// When it was decided, in seconds since 1970.
    pub decided_at: i64,
    /// The last moment at which it may be told again.
    pub fresh_until: i64,
    /// The engine's document, where it was wanted.
    pub document: Option<String>,
}

/// Why, in a code and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Stable machine code.
    pub code: String,
    /// The same for people.
    pub sentence: String,
}

/// The longest that a deny is told again. It may rest on what could not be fetched for a moment, or on a status that is
/// lifted again; asking once more costs work, and shutting out somebody who is right costs more.
pub const DENY_SECONDS: i64 = 5;

/// The most reasons that are told; the document has all.
const MOST_REASONS: usize = 32;

impl Decision {
    /// What a verdict comes to for a class. With `full` its document is kept beside it.
    #[must_use]
    pub fn of(class: &Class, verdict: Verdict, version: i64, keeping: Keeping) -> Self {
        let allows = verdict.decision == Judged::Allow;
        let target = verdict.path.first();
        Self {
            allows,
            status: target.map_or("undetermined", |target| word(&target.status)),
            reasons: reasons(&verdict.findings),
            subject: target.map(|target| target.subject.clone()).unwrap_or_default(),
            fingerprint: target.map(|target| HEXLOWER.encode(&target.fingerprint)).unwrap_or_default(),
            policy: HEXLOWER.encode(&verdict.settings_hash),
            trace: HEXLOWER.encode(&verdict.trace_hash),
            version,
            decided_at: verdict.at,
            fresh_until: fresh_until(class, &verdict),
            document: (keeping == Keeping::Document).then_some(verdict.document),
        }
    }

    /// The codes of the reasons, in their order.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.reasons.iter().map(|reason| reason.code.as_str())
    }

    /// In one word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        if self.allows { "allow" } else { "deny" }
    }
}

/// Whether the engine's document is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keeping {
    /// The summary alone.
    Summary,
    /// The document too.
    Document,
}

/// Whether a live class was promised something that the policy did not do: nobody was asked about the certificate of a
/// client that is not believed by itself (R-OCSP-19).
#[must_use]
pub fn breaks_promise(answers: Answers, verdict: &Verdict) -> bool {
    let unasked = |target: &&crate::component::contract::verdict::PathCertificate| {
        !target.anchor && matches!(target.status, RevocationStatus::NotAsked)
    };
    answers == Answers::Live
        && verdict.decision == Judged::Allow
        && verdict.path.first().filter(unasked).is_some()
}

/// Until when it may be told again: as long as the class says and no longer than anything it rests on holds. An allow whose
/// end the verdict does not name is never told again.
fn fresh_until(class: &Class, verdict: &Verdict) -> i64 {
    let chosen = verdict.at.saturating_add(class.cache_seconds);
    let again = verdict.ask_again.unwrap_or(i64::MAX);
    let bound = match verdict.decision {
        Judged::Allow => verdict.holds_until.unwrap_or(verdict.at),
        Judged::Deny => verdict.at.saturating_add(DENY_SECONDS),
    };
    chosen.min(again).min(bound).max(verdict.at)
}

fn reasons(findings: &[Finding]) -> Vec<Reason> {
    let with = |severity: Severity| findings.iter().filter(move |finding| finding.severity == severity);
    let mut reasons: Vec<Reason> = Vec::new();
    for finding in with(Severity::Deny).chain(with(Severity::Warn)) {
        if reasons.len() < MOST_REASONS && !reasons.iter().any(|known| known.code == finding.code) {
            reasons.push(Reason { code: finding.code.clone(), sentence: said::finding(finding) });
        }
    }
    reasons
}

fn word(status: &RevocationStatus) -> &'static str {
    match status {
        RevocationStatus::Good => "good",
        RevocationStatus::Revoked(_) => "revoked",
        RevocationStatus::Unknown => "unknown",
        RevocationStatus::Undetermined(_) => "undetermined",
        RevocationStatus::NotAsked => "not-asked",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::contract::request::Mode;
    use crate::component::contract::verdict::PathCertificate;

    const AT: i64 = 1_000;

    fn class(answers: Answers, cache_seconds: i64) -> Class {
        Class {
            name: "sip".to_owned(),
            store: "store".to_owned(),
            purpose: "client-auth".to_owned(),
            policy: None,
            mode: Mode::AsWritten,
            answers,
            cache_seconds,
            names: Vec::new(),
        }
    }

    fn finding(code: &str, severity: Severity) -> Finding {
        Finding {
            code: code.to_owned(),
            severity,
            position: Some(0),
            certificate: None,
            clause: String::new(),
            rules: Vec::new(),
            details: Vec::new(),
            counterfactual: None,
        }
    }

    fn target(status: RevocationStatus) -> PathCertificate {
        PathCertificate {
            fingerprint: vec![0xab; 32],
            subject: "CN=leaf".to_owned(),
            issuer: String::new(),
            serial_number: String::new(),
            not_before: 0,
            not_after: 9_999,
            key: String::new(),
            signed_with: String::new(),
            anchor: false,
            status,
            checks: Vec::new(),
        }
    }

    fn verdict(decision: Judged, holds_until: Option<i64>, ask_again: Option<i64>) -> Verdict {
        Verdict {
            decision,
            path: vec![target(RevocationStatus::Good)],
            findings: Vec::new(),
            refused: Vec::new(),
            refused_unlisted: 0,
            valid_policies: Vec::new(),
            spent: Vec::new(),
            at: AT,
            holds_until,
            ask_again,
            settings_hash: vec![1],
            trace_hash: vec![2],
            document: "{}".to_owned(),
        }
    }

    // R-OCSP-23
    #[test]
    fn an_allow_is_told_again_no_longer_than_anything_it_rests_on() {
        let until = |seconds, holds, again| {
            let verdict = verdict(Judged::Allow, holds, again);
            Decision::of(&class(Answers::Cached, seconds), verdict, 1, Keeping::Summary).fresh_until
        };
        assert_eq!(until(60, Some(AT + 3_600), None), AT + 60);
        assert_eq!(until(60, Some(AT + 59), None), AT + 59);
        assert_eq!(until(60, Some(AT + 3_600), Some(AT + 7)), AT + 7);
        assert_eq!(until(60, None, None), AT);
        // a time that is over, as a skew lets it be, is no time at all
        assert_eq!(until(60, Some(AT - 10), None), AT);
        assert_eq!(until(0, Some(AT + 3_600), None), AT);
    }

    #[test]
    fn a_deny_is_told_again_for_moments_only() {
        let until = |seconds, again| {
            let verdict = verdict(Judged::Deny, None, again);
            Decision::of(&class(Answers::Cached, seconds), verdict, 1, Keeping::Summary).fresh_until
        };
        assert_eq!(until(3_600, None), AT + DENY_SECONDS);
        assert_eq!(until(4, None), AT + 4);
        assert_eq!(until(3_600, Some(AT + 1)), AT + 1);
    }

    #[test]
    fn what_refuses_comes_first_and_once() {
        let mut verdict = verdict(Judged::Deny, None, None);
        let found = [
            ("a.inform", Severity::Inform),
            ("b.warn", Severity::Warn),
            ("c.deny", Severity::Deny),
            ("c.deny", Severity::Deny),
        ];
        verdict.findings = found.iter().map(|(code, severity)| finding(code, *severity)).collect();
        let decision = Decision::of(&class(Answers::Live, 0), verdict, 7, Keeping::Document);
        assert_eq!(decision.codes().collect::<Vec<_>>(), ["c.deny", "b.warn"]);
        assert_eq!((decision.word(), decision.status, decision.version), ("deny", "good", 7));
        assert_eq!((decision.policy.as_str(), decision.trace.as_str()), ("01", "02"));
        assert_eq!(decision.document.as_deref(), Some("{}"));
    }

    // R-OCSP-19
    #[test]
    fn a_live_class_allows_nobody_whom_no_responder_was_asked_about() {
        let breaks = |answers, status, anchor| {
            let mut verdict = verdict(Judged::Allow, None, None);
            verdict.path = vec![PathCertificate { anchor, ..target(status) }];
            breaks_promise(answers, &verdict)
        };
        assert!(breaks(Answers::Live, RevocationStatus::NotAsked, false));
        assert!(!breaks(Answers::Live, RevocationStatus::Good, false));
        // who is believed by itself has no authority that could be asked
        assert!(!breaks(Answers::Live, RevocationStatus::NotAsked, true));
        assert!(!breaks(Answers::Cached, RevocationStatus::NotAsked, false));
        let denied =
            Verdict { path: vec![target(RevocationStatus::NotAsked)], ..verdict(Judged::Deny, None, None) };
        assert!(!breaks_promise(Answers::Live, &denied));
    }
}
