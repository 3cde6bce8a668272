//! A plan as a person reads it: what is changed, what speaks against it with its rule, which chains break, and what has
//! to be done afterwards (R-SVC-21, R-DEL-3). Every sentence is the engine's.

use super::page::{Ink, Page, Span};
use crate::client::document::{Advice, Effect, Finding, Outcome, Plan, Unsigned};

/// Where what is said of a finding stands.
const COLUMN: usize = 10;
/// Where what is said of a change stands.
const CHANGE_COLUMN: usize = 14;

/// What became of a write, or would.
pub fn outcome(page: &mut Page, outcome: &Outcome) {
    let heading = if outcome.applied {
        [Ink::Good.span("DONE"), Ink::Plain.span("  it is in effect")]
    } else {
        [Ink::Doubtful.span("DRY RUN"), Ink::Plain.span("  nothing was changed")]
    };
    page.line(("", ""), &heading);
    all(page, &outcome.plan, if outcome.applied { "Changed" } else { "To be changed" });
    for made in &outcome.made {
        page.gap();
        for line in made.pem.lines() {
            page.line(("", ""), &[Ink::Plain.span(line)]);
        }
    }
}

/// What became of a write whose plan was shown before.
pub fn done(page: &mut Page, _: &Outcome) {
    page.line(("", ""), &[Ink::Good.span("DONE"), Ink::Plain.span("  it is in effect")]);
}

/// A plan that the engine refused.
pub fn refused(page: &mut Page, plan: &Plan) {
    page.line(("", ""), &[Ink::Bad.span("REFUSED"), Ink::Plain.span("  nothing was changed")]);
    all(page, plan, "To be changed");
}

/// What was looked for, where nothing is changed.
pub fn found(page: &mut Page, plan: &Plan) {
    if plan.findings.is_empty() {
        page.line(("", ""), &[Ink::Good.span("COMPLETE"), Ink::Plain.span("  nothing is missing")]);
    } else {
        let number = plan.findings.len();
        page.line(
            ("", ""),
            &[Ink::Doubtful.span("INCOMPLETE"), Ink::Plain.span(format!("  {number} found"))],
        );
    }
    all(page, plan, "To be changed");
}

fn all(page: &mut Page, plan: &Plan, changes: &str) {
    if !plan.effects.is_empty() || !plan.unsigned.is_empty() {
        page.heading(changes);
        plan.unsigned.iter().for_each(|unsigned| draw_unsigned(page, unsigned));
        plan.effects.iter().for_each(|effect| draw_effect(page, effect));
    }
    let breaks = |finding: &&Finding| finding.code.ends_with(".breaks-chain");
    let is_denied = |finding: &&Finding| finding.severity == "deny";
    section(page, "Refused", plan.findings.iter().filter(is_denied));
    section(page, "Chains that break", plan.findings.iter().filter(breaks));
    let others = plan.findings.iter().filter(|finding| !is_denied(finding) && !breaks(finding));
    section(page, "Findings", others);
    if !plan.advice.is_empty() {
        page.heading("Afterwards");
        plan.advice.iter().for_each(|advice| draw_advice(page, advice));
    }
}

fn section<'f>(page: &mut Page, heading: &str, findings: impl Iterator<Item = &'f Finding>) {
    for (number, finding) in findings.enumerate() {
        if number == 0 {
            page.heading(heading);
        }
        draw_finding(page, finding);
    }
}

fn draw_finding(page: &mut Page, finding: &Finding) {
    let ink = match finding.severity.as_str() {
        "deny" => Ink::Bad,
        "warn" => Ink::Doubtful,
        _ => Ink::Dim,
    };
    let sentence = [Ink::Plain.span(finding.sentence.as_str())];
    page.entry((2, COLUMN), &[ink.span(finding.severity.as_str())], &sentence);
    let margin = " ".repeat(COLUMN);
    let position =
        finding.position.map(|place| format!("certificate {} of the file", place.saturating_add(1)));
    let certificate = finding.certificate.as_deref().map(short);
    let about: Vec<String> = position.into_iter().chain(certificate).collect();
    if !about.is_empty() {
        page.line((&margin, &margin), &[Ink::Dim.span(about.join(" · "))]);
    }
    let source = [finding.clause.clone(), finding.code.clone(), finding.rules.join(", ")];
    let source: Vec<String> = source.into_iter().filter(|part| !part.is_empty()).collect();
    page.line((&margin, &margin), &[Ink::Dim.span(source.join(" · "))]);
}

fn short(fingerprint: &str) -> String {
    format!("sha256 {}", fingerprint.get(..16).unwrap_or(fingerprint))
}

fn draw_effect(page: &mut Page, effect: &Effect) {
    let at = format!("{} on {}", effect.name, node(effect.node.as_deref()));
    let (verb, ink, place) = match effect.effect.as_str() {
        "store" => ("put in", Ink::Good, at),
        "remove" => ("taken out", Ink::Bad, at),
        "revive" => ("wanted back", Ink::Doubtful, at),
        "drop-request" => ("request ends", Ink::Plain, at),
        "remove-node" => ("node leaves", Ink::Bad, effect.name.clone()),
        "make-publisher" => ("publisher", Ink::Good, effect.name.clone()),
        "make-subscriber" => ("subscriber", Ink::Plain, effect.name.clone()),
        other => (other, Ink::Plain, at),
    };
    page.entry((2, CHANGE_COLUMN.saturating_add(2)), &[ink.span(verb)], &[Ink::Plain.span(place)]);
    let margin = " ".repeat(CHANGE_COLUMN.saturating_add(2));
    if let Some(subject) = &effect.subject {
        page.line((&margin, &margin), &[Ink::Plain.span(subject.as_str())]);
    }
    let active = effect.active_from.as_deref().map(|moment| format!("in use from {moment}"));
    let facts =
        effect.certificate.as_deref().map(short).into_iter().chain(effect.origin.clone()).chain(active);
    let facts: Vec<String> = facts.collect();
    if !facts.is_empty() {
        page.line((&margin, &margin), &[Ink::Dim.span(facts.join(" · "))]);
    }
}

fn draw_unsigned(page: &mut Page, unsigned: &Unsigned) {
    let what = match unsigned.years {
        None => "a signing request".to_owned(),
        Some(1) => "a certificate for one year".to_owned(),
        Some(years) => format!("a certificate for {years} years"),
    };
    let Unsigned { purpose, key_type, bits, hash, .. } = unsigned;
    let place = format!("{purpose} on {}", node(unsigned.node.as_deref()));
    let value = [Ink::Plain.span(place), Ink::Dim.span(format!("  {what}, {key_type}-{bits} with {hash}"))];
    page.entry((2, CHANGE_COLUMN.saturating_add(2)), &[Ink::Good.span("made")], &value);
}

fn draw_advice(page: &mut Page, advice: &Advice) {
    let ink = match advice.need.as_str() {
        "required" => Ink::Bad,
        "recommended" => Ink::Doubtful,
        _ => Ink::Dim,
    };
    let details = [
        ("concerning", advice.concerning.clone().unwrap_or_default()),
        ("serviceKind", advice.service_kind.clone().unwrap_or_default()),
    ];
    let place = advice.node.as_deref().map(|node| format!(" on {node}")).unwrap_or_default();
    let text = format!("{}{place}", engine_wording::advice(&advice.action, &details));
    let value: [Span; 2] = [Ink::Plain.span(text), Ink::Dim.span(format!("  {}", advice.rules.join(", ")))];
    page.entry((2, CHANGE_COLUMN.saturating_add(2)), &[ink.span(advice.need.as_str())], &value);
}

/// A node, or every one.
#[must_use]
pub fn node(name: Option<&str>) -> &str {
    name.unwrap_or("every node")
}
