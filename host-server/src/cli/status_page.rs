//! Revocation on a page for people: the status of a certificate, who says so and until when, why any other source
//! says nothing, and what was asked over the network. It judges nothing; reasons come from `engine-wording`.

use engine_wording::status::revocation_reason;

use super::page::{Ink, Page, Span};
use super::{question, said};
use crate::component::contract::verdict::{
    Acceptance, FreshnessBound, Issuance, PathCertificate, RevocationStatus, Revoked, StatusCheck,
    StatusExtension, StatusSource, TrustModel,
};
use crate::fetch::Source;
use crate::fetch::failure::reason_name;
use crate::resolve::Asked;

/// The code of what was not fetched because nothing is.
const OFFLINE: &str = "unavailable.offline";

/// Draws the status of one certificate and what it rests on, after `margin`.
pub fn lines(page: &mut Page, margin: &str, certificate: &PathCertificate) {
    let (deeper, wrapped) = (format!("{margin}  "), format!("{margin}    "));
    match status(certificate) {
        Some(status) => page.line((margin, &wrapped), &[status]),
        None => return,
    }
    for check in told_apart(certificate) {
        check_lines(page, &deeper, check);
    }
}

/// The status in words; nothing for a trust anchor, whose revocation nobody could be asked about.
fn status(certificate: &PathCertificate) -> Option<Span> {
    Some(match &certificate.status {
        RevocationStatus::NotAsked if certificate.anchor => return None,
        RevocationStatus::NotAsked => Ink::Dim.span("revocation not asked"),
        RevocationStatus::Good => Ink::Good.span("not revoked"),
        RevocationStatus::Revoked(revoked) => Ink::Bad.span(revocation(revoked)),
        RevocationStatus::Unknown => Ink::Doubtful
            .span("unknown: the responder does not know this certificate; perhaps it was never issued"),
        RevocationStatus::Undetermined(code) => {
            let check = certificate.checks.iter().find(|check| check.outcome == *code);
            let why = match check {
                // The source says it itself, below.
                Some(check) if !is_bare(check) => String::new(),
                _ => format!(": {}", said::silence(code, &[])),
            };
            Ink::Doubtful.span(format!("revocation could not be determined{why}"))
        }
    })
}

fn revocation(revoked: &Revoked) -> String {
    let since = question::shown(revoked.at);
    match revoked.reason.as_deref() {
        None => format!("revoked on {since}, no reason given"),
        Some("certificateHold") => format!("on hold since {since} (certificateHold): not to be used for now"),
        Some(reason) => format!("revoked on {since} because {}", revocation_reason(reason)),
    }
}

/// The checks that say more than the status itself: one whose whole content it repeats is left out.
fn told_apart(certificate: &PathCertificate) -> impl Iterator<Item = &StatusCheck> {
    let reason = match &certificate.status {
        RevocationStatus::Undetermined(code) => Some(code),
        _ => None,
    };
    let is_repeated = move |check: &StatusCheck| reason == Some(&check.outcome) && is_bare(check);
    certificate.checks.iter().filter(move |check| !is_repeated(check))
}

/// There was nobody to ask.
fn is_bare(check: &StatusCheck) -> bool {
    check.uri.is_none() && check.evidence.is_none()
}

fn check_lines(page: &mut Page, margin: &str, check: &StatusCheck) {
    let (deeper, wrapped) = (format!("{margin}  "), format!("{margin}    "));
    let source = source(check);
    let Some(acceptance) = &check.acceptance else {
        let hint = if check.outcome == OFFLINE { " (--online fetches it)" } else { "" };
        let why = format!("{}{hint}", said::silence(&check.outcome, &check.details));
        page.line((margin, &wrapped), &[Ink::Plain.span(source), Ink::Dim.span(format!(": {why}"))]);
        return;
    };
    let signed = format!(" says {}: {}", check.outcome, signer(acceptance));
    page.line((margin, &wrapped), &[Ink::Plain.span(source), Ink::Plain.span(signed)]);
    page.line((&deeper, &wrapped), &[Ink::Dim.span(freshness(acceptance))]);
    let claims = claims(acceptance);
    if !claims.is_empty() {
        page.line((&deeper, &wrapped), &[Ink::Dim.span(claims.join(", "))]);
    }
}

fn source(check: &StatusCheck) -> String {
    let kind = match check.source {
        StatusSource::Ocsp => "OCSP",
        StatusSource::Crl => "CRL",
    };
    match (&check.uri, &check.evidence) {
        (Some(uri), _) => format!("{kind} {uri}"),
        (None, Some(_)) => format!("{kind} as supplied"),
        (None, None) => kind.to_owned(),
    }
}

/// Who said so, and by which model that is believed.
fn signer(acceptance: &Acceptance) -> String {
    let name = if acceptance.signer_subject.is_empty() { "(empty name)" } else { &acceptance.signer_subject };
    let model = match acceptance.model {
        TrustModel::IssuingAuthority => "the authority that issued the certificate".to_owned(),
        TrustModel::Delegate => "a delegate of the authority that issued the certificate".to_owned(),
        TrustModel::Designated => match &acceptance.delegated_refused {
            Some(code) => {
                format!("designated as a trusted responder; it is no delegate: {}", said::silence(code, &[]))
            }
            None => "designated as a trusted responder".to_owned(),
        },
        TrustModel::CrlIssuer => "a CRL issuer under the same trust anchor".to_owned(),
    };
    format!("signed by {name}, {model}")
}

fn freshness(acceptance: &Acceptance) -> String {
    let (from, until) = (question::shown(acceptance.this_update), question::shown(acceptance.fresh_until));
    let bound = match acceptance.bounded_by {
        FreshnessBound::NextUpdate => "its own nextUpdate",
        FreshnessBound::MaximumAge => "the policy's maximum age",
    };
    format!("of {from}, fresh until {until} ({bound})")
}

/// What the answer claims beyond the status.
fn claims(acceptance: &Acceptance) -> Vec<String> {
    let issuance = match acceptance.issuance {
        Issuance::Asserted => Some("the certificate is known to have been issued".to_owned()),
        Issuance::Denied => Some("the certificate was never issued".to_owned()),
        Issuance::NotStated => None,
    };
    issuance.into_iter().chain(acceptance.extensions.iter().map(claim)).collect()
}

fn claim(extension: &StatusExtension) -> String {
    match extension.claim.as_deref() {
        Some("nonce") => "carries a nonce".to_owned(),
        Some("archive-cutoff") => "keeps revocations on record after certificates expire".to_owned(),
        Some("certificate-hash") => "names the certificate's hash".to_owned(),
        Some("extended-revoke") => "would tell a certificate that was never issued as revoked".to_owned(),
        Some(other) => other.to_owned(),
        None => format!("extension {}, not understood", extension.oid),
    }
}

/// Draws what was asked for over the network and what came, in order.
pub fn fetched(page: &mut Page, asked: &[Asked]) {
    page.heading("Asked over the network, in order");
    if asked.is_empty() {
        page.line(("  ", "  "), &[Ink::Plain.span("nothing: the verdict needed no more than was given")]);
    }
    asked_lines(page, "  ", asked);
}

/// The list alone, after `margin`.
pub fn asked_lines(page: &mut Page, margin: &str, asked: &[Asked]) {
    let deeper = format!("{margin}   ");
    for (number, one) in asked.iter().enumerate() {
        let head = format!("{}. {} {}", number.saturating_add(1), wanted(one.what), one.uri);
        page.line((margin, &deeper), &[Ink::Plain.span(head)]);
        page.line((&deeper, &deeper), &[Ink::Dim.span(came(one))]);
    }
}

fn wanted(what: &str) -> &str {
    match what {
        "ocsp-response" => "OCSP response from",
        "crl" => "CRL from",
        "issuer-certificate" => "issuer certificate from",
        other => other,
    }
}

fn came(asked: &Asked) -> String {
    let time = asked.duration.as_millis();
    match asked.outcome {
        Ok(octets) if asked.source == Some(Source::Cache) => {
            format!("{octets} octets, from answers accepted before")
        }
        Ok(octets) => format!("{octets} octets in {time} ms"),
        Err(reason) => {
            let why = said::silence(&format!("unavailable.{}", reason_name(reason)), &[]);
            let detail = if asked.detail.is_empty() { String::new() } else { format!(" ({})", asked.detail) };
            format!("nothing: {why}{detail}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::page::Drawing;
    use crate::component::contract::evidence::UnavailableReason;

    const NOON: i64 = 1_795_262_400;

    fn certificate(status: RevocationStatus, checks: Vec<StatusCheck>) -> PathCertificate {
        PathCertificate {
            fingerprint: vec![0; 32],
            subject: "CN=leaf".to_owned(),
            issuer: "CN=CA".to_owned(),
            serial_number: "2a".to_owned(),
            not_before: 0,
            not_after: NOON,
            key: "p-256".to_owned(),
            signed_with: "ecdsa-sha256".to_owned(),
            anchor: false,
            status,
            checks,
        }
    }

    fn acceptance(model: TrustModel) -> Acceptance {
        Acceptance {
            model,
            delegated_refused: (model == TrustModel::Designated).then(|| "delegate.other-issuer".to_owned()),
            signer: vec![1; 32],
            signer_subject: "CN=Responder".to_owned(),
            this_update: NOON,
            produced_at: Some(NOON),
            fresh_until: NOON + 3600,
            bounded_by: FreshnessBound::MaximumAge,
            issuance: Issuance::Asserted,
            extensions: vec![StatusExtension {
                oid: "1.2.3".to_owned(),
                critical: true,
                value: vec![],
                claim: None,
            }],
        }
    }

    fn check(outcome: &str, uri: Option<&str>, acceptance: Option<Acceptance>) -> StatusCheck {
        StatusCheck {
            source: StatusSource::Ocsp,
            uri: uri.map(str::to_owned),
            request_id: uri.map(str::to_owned),
            evidence: acceptance.as_ref().map(|_| vec![2; 32]),
            outcome: outcome.to_owned(),
            details: Vec::new(),
            acceptance,
        }
    }

    fn drawn(certificate: &PathCertificate) -> String {
        let mut page = Page::new(Drawing::Unicode);
        lines(&mut page, "", certificate);
        anstream::adapter::strip_str(&page.into_text()).to_string()
    }

    #[test]
    fn good_says_who_said_so_and_until_when() {
        let said = check("good", Some("http://r.example"), Some(acceptance(TrustModel::Delegate)));
        let expected = "not revoked\n  OCSP http://r.example says good: signed by CN=Responder, a delegate of the \
                        authority that issued\n      the certificate\n    of 2026-11-21T12:00:00Z, fresh until \
                        2026-11-21T13:00:00Z (the policy's maximum age)\n    the certificate is known to have been \
                        issued, extension 1.2.3, not understood\n";
        assert_eq!(drawn(&certificate(RevocationStatus::Good, vec![said])), expected);
    }

    #[test]
    fn a_designated_responder_is_told_with_why_it_is_no_delegate() {
        let said = check("good", None, Some(acceptance(TrustModel::Designated)));
        let text = drawn(&certificate(RevocationStatus::Good, vec![said])).replace("\n      ", " ");
        assert!(
            text.contains("it is no delegate: the authority that issued the certificate did not issue"),
            "{text}"
        );
    }

    #[test]
    fn revoked_and_on_hold_are_told_apart() {
        let status = |reason: Option<&str>| {
            let revoked = Revoked { reason: reason.map(str::to_owned), at: NOON };
            drawn(&certificate(RevocationStatus::Revoked(revoked), Vec::new()))
        };
        assert_eq!(status(None), "revoked on 2026-11-21T12:00:00Z, no reason given\n");
        assert_eq!(
            status(Some("superseded")),
            "revoked on 2026-11-21T12:00:00Z because it has been replaced (superseded)\n"
        );
        assert!(status(Some("certificateHold")).starts_with("on hold since 2026-11-21T12:00:00Z"));
    }

    #[test]
    fn an_undetermined_status_is_told_once_and_other_sources_beside_it() {
        let undetermined = RevocationStatus::Undetermined("ocsp.no-responder-uri".to_owned());
        let tried = check("unavailable.timeout", Some("http://r.example"), None);
        let text = drawn(&certificate(undetermined, vec![check("ocsp.no-responder-uri", None, None), tried]));
        let expected = "revocation could not be determined: the certificate names no OCSP responder, and the policy\n    \
                        configures none\n  OCSP http://r.example: nothing came in time\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn whoever_is_offline_is_told_what_would_fetch() {
        let offline = RevocationStatus::Undetermined(OFFLINE.to_owned());
        let text = drawn(&certificate(offline, vec![check(OFFLINE, Some("http://r.example"), None)]));
        let expected = "revocation could not be determined\n  OCSP http://r.example: nothing was fetched, because this \
                        host stays offline (--online fetches it)\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn an_anchor_says_nothing_and_another_that_it_was_not_asked() {
        let mut shown = certificate(RevocationStatus::NotAsked, Vec::new());
        assert_eq!(drawn(&shown), "revocation not asked\n");
        shown.anchor = true;
        assert_eq!(drawn(&shown), "");
    }

    #[test]
    fn what_was_asked_is_told_in_order_with_what_came() {
        let asked = |outcome, detail: &str| Asked {
            round: 1,
            id: "1".to_owned(),
            what: "ocsp-response",
            uri: "http://r.example/\u{1b}".to_owned(),
            outcome,
            detail: detail.to_owned(),
            source: Some(Source::Network),
            duration: std::time::Duration::from_millis(5),
        };
        let mut page = Page::new(Drawing::Unicode);
        fetched(&mut page, &[asked(Ok(12), ""), asked(Err(UnavailableReason::Timeout), "4 s")]);
        let text = anstream::adapter::strip_str(&page.into_text()).to_string();
        let expected = "\nAsked over the network, in order\n  1. OCSP response from http://r.example/\\u{1b}\n     12 \
                        octets in 5 ms\n  2. OCSP response from http://r.example/\\u{1b}\n     nothing: nothing came \
                        in time (4 s)\n";
        assert_eq!(text, expected);
        let mut page = Page::new(Drawing::Unicode);
        fetched(&mut page, &[]);
        assert!(page.into_text().contains("nothing: the verdict needed no more than was given"));
    }
}
