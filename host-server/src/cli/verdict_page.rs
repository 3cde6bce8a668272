//! A verdict as a page for people: the decision and why, the path from its anchor down, what was checked, what
//! was found and what would change it. It judges nothing; every sentence comes from `engine-wording`.

use engine_wording::stage::{self, STAGES, Stage};

use super::page::{Drawing, Ink, Page, Span};
use super::verify::Asked;
use super::{question, said};
use crate::component::contract::verdict::{
    Decision, Finding, PathCertificate, RefusedPath, RevocationStatus, Severity, Verdict,
};

const SECONDS_A_DAY: i64 = 86_400;
/// Octets of a fingerprint that are shown: enough to tell certificates apart, too few to rely on.
const FINGERPRINT_OCTETS: usize = 8;
/// The column in which values stand.
const COLUMN: usize = 20;

/// Draws a verdict.
#[must_use]
pub fn draw(verdict: &Verdict, asked: &Asked, drawing: Drawing) -> String {
    let mut page = Page::new(drawing);
    decision(&mut page, verdict);
    path(&mut page, verdict);
    if matches!(verdict.decision, Decision::Allow) {
        checks(&mut page, verdict, asked);
    }
    findings(&mut page, verdict);
    refused(&mut page, verdict);
    particulars(&mut page, verdict, asked);
    page.into_text()
}

fn decision(page: &mut Page, verdict: &Verdict) {
    let subject = verdict.path.first().map_or("", |target| target.subject.as_str());
    let (word, why) = match verdict.decision {
        Decision::Allow => {
            let warnings =
                verdict.findings.iter().filter(|finding| finding.severity == Severity::Warn).count();
            (Ink::Good.span("ALLOW"), stage::allowed(verdict.path.len(), warnings))
        }
        Decision::Deny => (Ink::Bad.span("DENY "), reason(verdict)),
    };
    page.line(("", "       "), &[word, Ink::Plain.span("  "), Ink::Bold.span(named(subject))]);
    page.line(("       ", "       "), &[Ink::Plain.span(why)]);
}

/// The first finding that refuses, and how many more there are; with the certificate where it is not the target.
fn reason(verdict: &Verdict) -> String {
    let mut findings = refusing(&verdict.findings);
    let Some(first) = findings.next() else { return String::new() };
    let about = concerned(verdict, first).filter(|_| first.position != Some(0));
    let about = about.map_or(String::new(), |certificate| format!("{}: ", named(&certificate.subject)));
    let more = match findings.count() {
        0 => String::new(),
        1 => " (and one more reason)".to_owned(),
        more => format!(" (and {more} more reasons)"),
    };
    format!("{about}{}{more}", said::finding(first))
}

fn refusing(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings.iter().filter(|finding| finding.severity == Severity::Deny)
}

fn path(page: &mut Page, verdict: &Verdict) {
    if verdict.path.is_empty() {
        return;
    }
    page.heading(match verdict.decision {
        Decision::Allow => "Path, from the trust anchor down",
        Decision::Deny => "Path that came closest, from the top down",
    });
    let count = verdict.path.len();
    for (place, certificate) in verdict.path.iter().rev().enumerate() {
        let indent = "   ".repeat(place.saturating_sub(1));
        let last = place.saturating_add(1) == count;
        let (head, below) = match (place, last) {
            (0, false) => ("  ".to_owned(), "  │  ".to_owned()),
            (0, true) => ("  ".to_owned(), "     ".to_owned()),
            (_, false) => (format!("  {indent}└─ "), format!("  {indent}   │  ")),
            (_, true) => (format!("  {indent}└─ "), format!("  {indent}      ")),
        };
        certificate_lines(page, (&head, &below), certificate, verdict.at);
    }
}

fn certificate_lines(page: &mut Page, (head, below): (&str, &str), certificate: &PathCertificate, at: i64) {
    let mut name = vec![Ink::Bold.span(named(&certificate.subject))];
    if certificate.anchor {
        name.push(Ink::Good.span("  trust anchor"));
    }
    page.line((head, below), &name);
    let signed = format!("{}, signed with {}", certificate.key, certificate.signed_with);
    page.line((below, below), &[Ink::Plain.span(signed)]);
    page.line((below, below), &validity(certificate, at));
    let identity =
        format!("serial {} · sha256 {}", certificate.serial_number, short(&certificate.fingerprint));
    page.line((below, below), &[Ink::Dim.span(identity), status(&certificate.status)]);
}

fn validity(certificate: &PathCertificate, at: i64) -> [Span; 2] {
    let (from, to) = (question::shown(certificate.not_before), question::shown(certificate.not_after));
    let left = if at > certificate.not_after {
        Ink::Bad.span(format!("  expired for {}", days(at.saturating_sub(certificate.not_after))))
    } else if at < certificate.not_before {
        Ink::Bad.span(format!("  not valid for another {}", days(certificate.not_before.saturating_sub(at))))
    } else {
        Ink::Dim.span(format!("  {} left", days(certificate.not_after.saturating_sub(at))))
    };
    [Ink::Plain.span(format!("valid {from} to {to}")), left]
}

fn days(seconds: i64) -> String {
    match seconds.div_euclid(SECONDS_A_DAY) {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        more => format!("{more} days"),
    }
}

/// Nothing where revocation was not asked for: the list of checks says so once.
fn status(status: &RevocationStatus) -> Span {
    match status {
        RevocationStatus::NotAsked => Ink::Plain.span(""),
        RevocationStatus::Good => Ink::Good.span(" · not revoked"),
        RevocationStatus::Revoked(revoked) => {
            let reason = revoked.reason.as_deref().map_or(String::new(), |reason| format!(" ({reason})"));
            Ink::Bad.span(format!(" · revoked since {}{reason}", question::shown(revoked.at)))
        }
        RevocationStatus::Unknown => Ink::Doubtful.span(" · unknown to its responder"),
        RevocationStatus::Undetermined(reason) => Ink::Doubtful.span(format!(" · undetermined: {reason}")),
    }
}

/// What became of one check on the way to an allow.
enum Outcome {
    /// It passed, and this holds.
    Passed(String),
    /// It left something to look at.
    Doubtful(String),
    /// It was no part of the question.
    NotAsked,
    /// The certificate is itself the trust anchor.
    NothingToCheck,
}

fn checks(page: &mut Page, verdict: &Verdict, asked: &Asked) {
    page.heading("Checked");
    for stage in STAGES {
        let (mark, text) = match outcome(stage, verdict, asked) {
            Outcome::Passed(text) => (Ink::Good.span("ok    "), text),
            Outcome::Doubtful(text) => (Ink::Doubtful.span("warn  "), text),
            Outcome::NotAsked => (Ink::Dim.span("--    "), "not asked".to_owned()),
            Outcome::NothingToCheck => (Ink::Dim.span("--    "), stage::TRUSTED_AS_IT_IS.to_owned()),
        };
        let label = [mark, Ink::Plain.span(stage.name)];
        let column = COLUMN.saturating_add(6);
        let value = [Ink::Plain.span(text), Ink::Dim.span(format!("  {}", stage.clause))];
        page.entry_closed((2, column), &label, &value);
    }
}

fn outcome(stage: &Stage, verdict: &Verdict, asked: &Asked) -> Outcome {
    if stage.asked == stage::Asked::WithRevocation {
        return revocation(stage.established, verdict);
    }
    let alone = verdict.path.len() <= 1;
    let Some(established) = (if alone { stage.established_alone } else { Some(stage.established) }) else {
        return Outcome::NothingToCheck;
    };
    let text = match (stage.asked, &asked.purpose, asked.names.as_slice()) {
        (stage::Asked::Always, _, _) => established.to_owned(),
        (stage::Asked::WithPurpose, Some(purpose), _) => format!("{established} {purpose}"),
        (stage::Asked::WithName, _, [name]) => format!("{established} {}", question::name_shown(name)),
        (stage::Asked::WithName, _, [_, _, ..]) => {
            let names: Vec<String> = asked.names.iter().map(question::name_shown).collect();
            format!("{established} one of {}", names.join(", "))
        }
        _ => return Outcome::NotAsked,
    };
    let reported = |finding: &&Finding| {
        let subject = finding.code.split('.').next().unwrap_or_default();
        finding.severity == Severity::Warn && stage.subjects.contains(&subject)
    };
    if verdict.findings.iter().any(|finding| reported(&finding)) {
        Outcome::Doubtful(text)
    } else {
        Outcome::Passed(text)
    }
}

fn revocation(established: &str, verdict: &Verdict) -> Outcome {
    let mut below_anchor = verdict.path.iter().filter(|certificate| !certificate.anchor).map(|c| &c.status);
    if verdict.path.iter().all(|certificate| matches!(certificate.status, RevocationStatus::NotAsked)) {
        Outcome::NotAsked
    } else if below_anchor.all(|status| matches!(status, RevocationStatus::Good)) {
        Outcome::Passed(established.to_owned())
    } else {
        Outcome::Doubtful("see the status of each certificate above".to_owned())
    }
}

fn findings(page: &mut Page, verdict: &Verdict) {
    if verdict.findings.is_empty() {
        return;
    }
    page.heading("Findings");
    // What refuses comes first; otherwise the engine's order.
    for severity in [Severity::Deny, Severity::Warn, Severity::Inform] {
        for finding in verdict.findings.iter().filter(|finding| finding.severity == severity) {
            finding_lines(page, verdict, finding);
        }
    }
}

fn finding_lines(page: &mut Page, verdict: &Verdict, finding: &Finding) {
    let word = match finding.severity {
        Severity::Deny => Ink::Bad.span("deny    "),
        Severity::Warn => Ink::Doubtful.span("warn    "),
        Severity::Inform => Ink::Dim.span("inform  "),
    };
    let below = "          ";
    page.line(("  ", below), &[word, Ink::Plain.span(said::finding(finding))]);
    if let Some(certificate) = concerned(verdict, finding) {
        page.line((below, below), &[Ink::Dim.span("about "), Ink::Plain.span(named(&certificate.subject))]);
    }
    let mut basis = format!("{} · {}", finding.clause, finding.code);
    if !finding.rules.is_empty() {
        basis = format!("{basis} · {}", finding.rules.join(", "));
    }
    page.line((below, below), &[Ink::Dim.span(basis)]);
    if let Some(change) = &finding.counterfactual {
        page.line(
            (below, below),
            &[Ink::Bold.span("to change this: "), Ink::Plain.span(said::change(change))],
        );
    }
}

fn concerned<'a>(verdict: &'a Verdict, finding: &Finding) -> Option<&'a PathCertificate> {
    let fingerprint = finding.certificate.as_ref()?;
    verdict.path.iter().find(|certificate| certificate.fingerprint == *fingerprint)
}

fn refused(page: &mut Page, verdict: &Verdict) {
    let unlisted = usize::try_from(verdict.refused_unlisted).unwrap_or(usize::MAX);
    match verdict.refused.len().saturating_add(unlisted) {
        0 => return,
        1 => page.heading("1 other path was tried"),
        more => page.heading(&format!("{more} other paths were tried")),
    }
    for refused in &verdict.refused {
        let path = refused_path(verdict, refused);
        let why = refusing(&refused.findings).next().map_or(String::new(), said::finding);
        page.line(("  ", "    "), &[Ink::Plain.span(format!("{path}: {why}"))]);
    }
    if unlisted > 0 {
        page.line(("  ", "  "), &[Ink::Dim.span(format!("{unlisted} more are not listed"))]);
    }
}

/// From the top down, by subject where the certificate is known from the path above.
fn refused_path(verdict: &Verdict, refused: &RefusedPath) -> String {
    let label = |fingerprint: &Vec<u8>| {
        let known = verdict.path.iter().find(|certificate| certificate.fingerprint == *fingerprint);
        known.map_or_else(|| format!("sha256 {}", short(fingerprint)), |known| named(&known.subject))
    };
    refused.certificates.iter().rev().map(label).collect::<Vec<_>>().join(" → ")
}

fn particulars(page: &mut Page, verdict: &Verdict, asked: &Asked) {
    page.gap();
    let mut entry = |label: &str, value: String| {
        page.entry((0, COLUMN), &[Ink::Plain.span(label)], &[Ink::Plain.span(value)]);
    };
    entry("decided for", question::shown(verdict.at));
    if let Some(until) = verdict.holds_until {
        entry("holds until", question::shown(until));
    }
    if matches!(verdict.decision, Decision::Allow) {
        entry("valid policies", listed(&verdict.valid_policies));
    }
    entry("work", work(verdict));
    let hashes = format!(
        "policy {} · trace {} · engine {}",
        short(&verdict.settings_hash),
        short(&verdict.trace_hash),
        asked.engine_hash.chars().take(2 * FINGERPRINT_OCTETS).collect::<String>()
    );
    page.entry((0, COLUMN), &[Ink::Dim.span("sha256")], &[Ink::Dim.span(hashes)]);
}

fn work(verdict: &Verdict) -> String {
    let of = |limit: &str| verdict.spent.iter().find(|expense| expense.limit == limit);
    let shown = [("signatures", "signatures"), ("candidate-paths", "paths"), ("build-steps", "steps")];
    let parts = shown.into_iter().filter_map(|(limit, word)| {
        of(limit).map(|expense| format!("{} of {} {word}", expense.spent, expense.allowed))
    });
    parts.collect::<Vec<_>>().join(", ")
}

fn listed(policies: &[String]) -> String {
    if policies.is_empty() { "none".to_owned() } else { policies.join(", ") }
}

fn named(subject: &str) -> String {
    if subject.is_empty() { "(empty name)".to_owned() } else { subject.to_owned() }
}

fn short(octets: &[u8]) -> String {
    octets.iter().take(FINGERPRINT_OCTETS).map(|octet| format!("{octet:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::contract::request::ReferenceIdentifier;
    use crate::component::contract::verdict::Expense;

    const NOON: i64 = 1_795_262_400;

    fn certificate(octet: u8, subject: &str) -> PathCertificate {
        PathCertificate {
            fingerprint: vec![octet; 32],
            subject: subject.to_owned(),
            issuer: "CN=Root".to_owned(),
            serial_number: "2a".to_owned(),
            not_before: 0,
            not_after: NOON + 10 * SECONDS_A_DAY,
            key: "p-256".to_owned(),
            signed_with: "ecdsa-sha256".to_owned(),
            anchor: octet == 2,
            status: RevocationStatus::NotAsked,
            checks: Vec::new(),
        }
    }

    fn finding(code: &str, severity: Severity) -> Finding {
        Finding {
            code: code.to_owned(),
            severity,
            position: Some(0),
            certificate: Some(vec![0; 32]),
            clause: "RFC 5280 6.1.3 (a)(2)".to_owned(),
            rules: vec!["R-CC-9".to_owned()],
            details: Vec::new(),
            counterfactual: None,
        }
    }

    fn verdict(decision: Decision, findings: Vec<Finding>) -> Verdict {
        Verdict {
            decision,
            path: vec![certificate(0, "CN=leaf"), certificate(1, "CN=Issuing CA"), certificate(2, "CN=Root")],
            findings,
            refused: Vec::new(),
            refused_unlisted: 0,
            valid_policies: vec!["any".to_owned()],
            spent: vec![Expense { limit: "signatures".to_owned(), spent: 2, allowed: 100 }],
            at: NOON,
            holds_until: None,
            ask_again: None,
            settings_hash: vec![0xaa; 32],
            trace_hash: vec![0xbb; 32],
            document: String::new(),
        }
    }

    fn drawn(verdict: &Verdict, drawing: Drawing) -> String {
        let asked = Asked {
            purpose: None,
            names: vec![ReferenceIdentifier::Dns("leaf.example".to_owned())],
            engine_hash: "cc".repeat(32),
        };
        anstream::adapter::strip_str(&draw(verdict, &asked, drawing)).to_string()
    }

    #[test]
    fn an_allow_shows_its_path_from_the_anchor_down_and_every_check() {
        let text = drawn(&verdict(Decision::Allow, Vec::new()), Drawing::Unicode);
        assert!(text.starts_with("ALLOW  CN=leaf\n"), "{text}");
        let places = ["  CN=Root  trust anchor\n", "  └─ CN=Issuing CA\n", "     └─ CN=leaf\n"]
            .map(|line| text.find(line));
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{text}");
        assert!(
            text.contains("ok    identity          the certificate carries leaf.example  RFC 9525 6\n"),
            "{text}"
        );
        assert!(text.contains("--    purpose           not asked  RFC 5280 4.2.1.12\n"), "{text}");
        assert!(text.contains("--    revocation        not asked  RFC 5280 6.1.3 (a)(3)\n"), "{text}");
        assert!(text.contains("10 days left"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= super::super::page::WIDTH), "{text}");
    }

    #[test]
    fn a_deny_claims_no_check_and_puts_what_refuses_first() {
        let findings = vec![
            finding("certificate.version", Severity::Inform),
            finding("validity.expired", Severity::Deny),
        ];
        let text = drawn(&verdict(Decision::Deny, findings), Drawing::Unicode);
        assert!(text.starts_with("DENY   CN=leaf\n"), "{text}");
        assert!(!text.contains("Checked") && !text.contains("valid policies"), "{text}");
        assert!(text.find("  deny    ") < text.find("  inform  "), "{text}");
        assert!(text.contains("RFC 5280 6.1.3 (a)(2) · validity.expired · R-CC-9"), "{text}");
    }

    #[test]
    fn a_warning_marks_the_check_that_reported_it() {
        let text = drawn(
            &verdict(Decision::Allow, vec![finding("key-usage.missing", Severity::Warn)]),
            Drawing::Unicode,
        );
        assert!(text.contains("  warn  issuers "), "{text}");
        assert!(text.contains("with one warning"), "{text}");
        let expired = finding("validity.expired", Severity::Warn);
        assert!(
            !drawn(&verdict(Decision::Allow, vec![expired]), Drawing::Unicode).contains("  ok    validity")
        );
    }

    #[test]
    fn nothing_outside_ascii_is_drawn_for_a_terminal_that_has_none() {
        let mut shown = verdict(Decision::Deny, vec![finding("validity.expired", Severity::Deny)]);
        shown.path[0].subject = "CN=Zürich\u{202e}".to_owned();
        let text = drawn(&shown, Drawing::Ascii);
        assert!(text.is_ascii() && text.contains("CN=Z\\u{fc}rich\\u{202e}"), "{text}");
    }

    #[test]
    fn refused_paths_are_counted_and_each_told_in_a_line() {
        let mut shown = verdict(Decision::Deny, vec![finding("validity.expired", Severity::Deny)]);
        shown.refused = vec![RefusedPath {
            certificates: vec![vec![0; 32], vec![9; 32]],
            findings: vec![finding("signature.invalid", Severity::Deny)],
        }];
        shown.refused_unlisted = 3;
        let text = drawn(&shown, Drawing::Unicode);
        assert!(text.contains("4 other paths were tried\n  sha256 0909090909090909 → CN=leaf: "), "{text}");
        assert!(text.contains("  3 more are not listed\n"), "{text}");
    }
}
