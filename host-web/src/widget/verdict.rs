//! A verdict as people read it: first the decision in plain words, then the path as a picture, what was found with its
//! clause and what would flip it, who said what about revocation, every other path and why it was refused, and the work.
//!
//! It judges nothing. Whoever has the document of a verdict, of this page's engine or of the server, reads it as
//! [`Verdict`] and gives it to [`verdict`]; [`decision`] alone is the notice at its head.

use engine_wording::status;
use sycamore::prelude::*;

use super::chain::{self, named};
use super::notice::{Weight, badge, notice};
use super::time;
use crate::document::verdict::{
    Acceptance, Check, Expense, Finding, PathCertificate, RefusedPath, Verdict, values,
};
use crate::text::{self, common, verdict as said};

/// The whole of it.
pub(crate) fn verdict(verdict: &Verdict) -> View {
    let label = if verdict.allows() { said::CHAIN } else { said::CLOSEST };
    let head = decision(verdict);
    let path =
        if verdict.path.is_empty() { View::new() } else { chain::chain(label, &chain::of_verdict(verdict)) };
    let (findings, revocation) = (findings(verdict), revocation(verdict));
    let (refused, particulars) = (refused(verdict), particulars(verdict));
    view! {
        div(class="verdict") {
            (head)
            (path)
            (findings)
            (revocation)
            (refused)
            (particulars)
        }
    }
}

/// The decision in plain words, and the first reason of a refusal.
pub(crate) fn decision(verdict: &Verdict) -> View {
    if verdict.allows() {
        let warnings = verdict.findings.iter().filter(|finding| finding.severity == "warn").count();
        let why = engine_wording::stage::allowed(verdict.path.len(), warnings);
        let weight = if warnings == 0 { Weight::Good } else { Weight::Warning };
        return notice(weight, said::ALLOW, view! { p { (why) } });
    }
    let why = reason(verdict);
    notice(Weight::Bad, said::DENY, view! { p { (why) } })
}

/// The first reason of a refusal, and how many more there are.
pub(crate) fn reason(verdict: &Verdict) -> String {
    let mut refusing = verdict.findings.iter().filter(|finding| finding.severity == "deny");
    let Some(first) = refusing.next() else { return String::new() };
    let mut reason = sentence(first);
    let concerned = first.certificate.as_deref().and_then(|certificate| verdict.certificate(certificate));
    let is_target = concerned == verdict.path.first();
    if let Some(concerned) = concerned.filter(|_| !is_target) {
        let words = [("subject", named(&concerned.subject)), ("reason", reason)];
        let words = words.each_ref().map(|(name, value)| (*name, value.as_str()));
        reason = text::with(said::OF_CERTIFICATE, &words);
    }
    match refusing.count() {
        0 => reason,
        more => text::with(said::MORE_REASONS, &[("reason", &reason), ("number", &more.to_string())]),
    }
}

fn sentence(finding: &Finding) -> String {
    engine_wording::sentence(&finding.code, &values(&finding.details))
}

/// What refuses comes first; otherwise the engine's order.
fn findings(verdict: &Verdict) -> View {
    let of =
        |severity: &'static str| verdict.findings.iter().filter(move |finding| finding.severity == severity);
    let ordered = of("deny").chain(of("warn")).chain(of("inform"));
    let items: Vec<View> = ordered.map(|found| finding(verdict, found)).collect();
    if items.is_empty() {
        return view! { h3 { (said::FINDINGS) } p { (common::NO_FINDINGS) } };
    }
    view! {
        h3 { (said::FINDINGS) }
        ul(class="findings") { (items) }
    }
}

fn finding(verdict: &Verdict, finding: &Finding) -> View {
    let weight = Weight::of_severity(&finding.severity);
    let word = common::SEVERITIES.iter().find(|(known, _)| *known == finding.severity);
    let weight = badge(weight, word.map_or(finding.severity.as_str(), |(_, word)| word));
    let (title, sentence) = (engine_wording::title(&finding.code).to_owned(), sentence(finding));
    let concerned = finding.certificate.as_deref().and_then(|certificate| verdict.certificate(certificate));
    let about = concerned.map(|one| text::with(said::ABOUT, &[("subject", &named(&one.subject))]));
    let flip = finding.counterfactual.as_ref().map(|change| {
        let change = engine_wording::counterfactual(&change.change, &values(&change.details));
        text::with(common::WOULD_FLIP, &[("change", &change)])
    });
    let rests = [about, Some(finding.clause.clone()), Some(finding.code.clone())].into_iter().flatten();
    let rests = rests.chain(finding.rules.iter().cloned()).filter(|part| !part.is_empty());
    let rests = rests.collect::<Vec<_>>().join(" · ");
    let flip = flip.map(|flip| view! { p(class="flip") { (flip) } }).unwrap_or_default();
    view! {
        li {
            (weight) " " strong { (title) }
            p { (sentence) }
            (flip)
            p(class="aside") { (rests) }
        }
    }
}

/// The status of a certificate in a few words; nothing for a trust anchor, about which nobody is asked.
pub(crate) fn status(certificate: &PathCertificate) -> Option<(Weight, String)> {
    let status = certificate.status.status.as_str();
    let weight = match status {
        "good" => Weight::Good,
        "revoked" => Weight::Bad,
        "not-asked" if certificate.anchor => return None,
        "not-asked" => Weight::Note,
        _ => Weight::Warning,
    };
    Some((weight, word(&said::STATUSES, status)))
}

fn word(words: &[(&str, &str)], word: &str) -> String {
    words.iter().find(|(known, _)| *known == word).map_or(word, |(_, said)| said).to_owned()
}

/// Who said what about each certificate, by which model that is believed, and until when (RFC 6960 2.2, 4.2.2).
fn revocation(verdict: &Verdict) -> View {
    if verdict.path.iter().all(|certificate| certificate.status.status == "not-asked") {
        return View::new();
    }
    let items: Vec<View> = verdict.path.iter().map(of_certificate).collect();
    view! {
        details(class="card", open=true) {
            summary { (said::REVOCATION) }
            ul(class="findings") { (items) }
        }
    }
}

fn of_certificate(certificate: &PathCertificate) -> View {
    let subject = named(&certificate.subject);
    let shown = status(certificate).map(|(weight, words)| badge(weight, words)).unwrap_or_default();
    let meaning = meaning(certificate);
    let checks: Vec<View> = certificate.checks.iter().map(check).collect();
    view! {
        li {
            strong { (subject) } " " (shown)
            p { (meaning) }
            ul { (checks) }
        }
    }
}

/// What its status means, in words; empty where the sources say it.
pub(crate) fn meaning(certificate: &PathCertificate) -> String {
    let known = &certificate.status;
    match known.status.as_str() {
        "not-asked" if certificate.anchor => said::ANCHOR_STATUS.to_owned(),
        "revoked" => {
            let reason = match known.reason.as_deref() {
                None => said::NO_REASON.to_owned(),
                Some("certificateHold") => said::ON_HOLD.to_owned(),
                Some(reason) => status::revocation_reason(reason),
            };
            let since =
                text::with(said::REVOKED_SINCE, &[("moment", known.at.as_deref().unwrap_or_default())]);
            format!("{since}: {reason}")
        }
        "unknown" => said::UNKNOWN_MEANS.to_owned(),
        // the sources below say it with their values
        "undetermined" if certificate.checks.is_empty() => {
            status::why(known.reason.as_deref().unwrap_or_default(), &[])
        }
        _ => String::new(),
    }
}

/// A source of revocation status that was looked at: what it says and why that is believed, or why it says nothing.
pub(crate) fn check(check: &Check) -> View {
    let kind = word(&said::SOURCES, &check.source);
    let at = match (&check.uri, &check.evidence) {
        (Some(uri), _) => engine_wording::escape(uri),
        (None, Some(_)) => said::SUPPLIED.to_owned(),
        (None, None) => String::new(),
    };
    let source = [kind, at].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let Some(acceptance) = &check.acceptance else {
        let why = status::why(&check.outcome, &values(&check.details));
        return view! { li { (source) ": " (why) } };
    };
    let words = [("outcome", check.outcome.clone()), ("signer", named(&acceptance.signer_subject))];
    let words = words.each_ref().map(|(name, value)| (*name, value.as_str()));
    let says = text::with(said::SAYS, &words);
    let lines: Vec<View> = believed(acceptance).into_iter().map(|line| view! { p { (line) } }).collect();
    view! { li { (source) " " (says) (lines) } }
}

fn believed(acceptance: &Acceptance) -> Vec<String> {
    let refused = acceptance
        .delegated_refused
        .as_deref()
        .map(|code| text::with(said::NO_DELEGATE, &[("reason", &status::why(code, &[]))]));
    let bound = word(&said::BOUNDS, &acceptance.bounded_by);
    let fresh =
        [("from", acceptance.this_update.as_str()), ("until", &acceptance.fresh_until), ("bound", &bound)];
    let issuance = said::ISSUANCES.iter().find(|(known, _)| *known == acceptance.issuance);
    let lines = [
        Some(word(&said::MODELS, &acceptance.model)),
        refused,
        Some(text::with(said::FRESH, &fresh)),
        issuance.map(|(_, said)| (*said).to_owned()),
    ];
    lines.into_iter().flatten().collect()
}

fn refused(verdict: &Verdict) -> View {
    let unlisted = usize::try_from(verdict.refused_unlisted).unwrap_or(usize::MAX);
    let count = verdict.refused.len().saturating_add(unlisted);
    if count == 0 {
        return View::new();
    }
    let title = text::counted(count, said::REFUSED_ONE, said::REFUSED);
    let items: Vec<View> = verdict.refused.iter().map(|path| refused_path(verdict, path)).collect();
    let rest = (unlisted > 0).then(|| text::with(said::UNLISTED, &[("number", &unlisted.to_string())]));
    let rest = rest.map(|rest| view! { p(class="aside") { (rest) } }).unwrap_or_default();
    view! {
        details(class="card") {
            summary { (title) }
            ul(class="findings") { (items) }
            (rest)
        }
    }
}

fn refused_path(verdict: &Verdict, path: &RefusedPath) -> View {
    let label = |fingerprint: &String| {
        let known = verdict.certificate(fingerprint).map(|known| named(&known.subject));
        known.unwrap_or_else(|| format!("SHA-256 {}…", fingerprint.get(..16).unwrap_or(fingerprint)))
    };
    let names = path.certificates.iter().map(label).collect::<Vec<_>>().join(" → ");
    let reasons: Vec<View> = path.findings.iter().map(|found| finding(verdict, found)).collect();
    view! {
        li {
            strong { (names) }
            ul(class="findings") { (reasons) }
        }
    }
}

fn particulars(verdict: &Verdict) -> View {
    let policies = if verdict.valid_policies.is_empty() {
        common::NONE.to_owned()
    } else {
        verdict.valid_policies.join(", ")
    };
    let moments = [
        (said::AT, Some(&verdict.at)),
        (said::HOLDS_UNTIL, verdict.holds_until.as_ref()),
        (said::ASK_AGAIN, verdict.ask_again.as_ref()),
    ];
    let moments: Vec<View> = moments
        .into_iter()
        .filter_map(|(label, moment)| Some((label, time::moment(moment?))))
        .map(|(label, moment)| view! { dt { (label) } dd { (moment) } })
        .collect();
    let (settings, trace) = (verdict.settings_hash.clone(), verdict.trace_hash.clone());
    let work = work(&verdict.spent);
    view! {
        details(class="card") {
            summary { (said::PARTICULARS) }
            dl(class="values") {
                (moments)
                dt { (said::VALID_POLICIES) } dd { (policies) }
                dt { (said::SETTINGS_HASH) } dd { code { (settings) } }
                dt { (said::TRACE_HASH) } dd { code { (trace) } }
            }
            (work)
        }
    }
}

fn work(spent: &[Expense]) -> View {
    let rows: Vec<View> = spent
        .iter()
        .map(|expense| {
            let (limit, spent, allowed) = (expense.limit.clone(), expense.spent, expense.allowed);
            view! { tr { th(scope="row") { (limit) } td { (spent) } td { (allowed) } } }
        })
        .collect();
    view! {
        table {
            caption { (said::WORK) }
            thead { tr {
                th(scope="col") { (said::LIMIT) }
                th(scope="col") { (said::SPENT) }
                th(scope="col") { (said::ALLOWED) }
            } }
            tbody { (rows) }
        }
    }
}
