//! A candidate policy as a person reads it: what came of it by purpose, and the decisions that would be others.

use crate::cli::page::{Ink, Page, Span};
use crate::client::candidate::{Candidate, Counts, Flip, Flips, Promoted, Proposed, Standing};

/// The column in which values stand.
const COLUMN: usize = 14;
/// That of counts.
const COUNTS: usize = 28;
const MARGIN: &str = "              ";

/// How the candidate stands.
pub(super) fn standing(page: &mut Page, standing: &Standing) {
    let Some(candidate) = &standing.candidate else {
        page.line(("", ""), &[Ink::Plain.span("there is no candidate")]);
        return;
    };
    let title = format!("Candidate {}", candidate.version);
    page.line(("", ""), &[Ink::Bold.span(title)]);
    page.gap();
    let mut entry = |label: &str, value: Span| page.entry((2, COLUMN), &[Ink::Dim.span(label)], &[value]);
    let proposed = format!("{} by {}", candidate.proposed_at, candidate.proposed_by);
    entry("proposed", Ink::Plain.span(proposed));
    entry("against", Ink::Plain.span(policy(candidate.against)));
    if candidate.active_changed {
        let now = format!("{} by now: compared with both", policy(standing.active));
        entry("in force", Ink::Doubtful.span(now));
    }
    entry("compared", Ink::Plain.span(format!("{} decisions", candidate.total.compared)));
    by_purpose(page, candidate);
}

fn policy(number: Option<i64>) -> String {
    number.map_or_else(|| "the defaults".to_owned(), |number| format!("policy {number}"))
}

fn by_purpose(page: &mut Page, candidate: &Candidate) {
    for one in &candidate.purposes {
        page.heading(one.purpose.as_deref().unwrap_or("no purpose"));
        counts(page, &one.counts);
    }
}

fn counts(page: &mut Page, counts: &Counts) {
    let rows = [
        ("compared", counts.compared, Ink::Plain),
        ("allow becomes deny", counts.allow_to_deny, Ink::Bad),
        ("deny becomes allow", counts.deny_to_allow, Ink::Bad),
        ("another in something else", counts.otherwise, Ink::Doubtful),
        ("asks for more evidence", counts.asks_for_more, Ink::Doubtful),
        ("cannot be asked", counts.cannot_be_asked, Ink::Bad),
        ("could not be judged", counts.undecided, Ink::Doubtful),
        ("not compared", counts.dropped, Ink::Doubtful),
    ];
    for (label, count, ink) in rows {
        let ink = if count == 0 { Ink::Dim } else { ink };
        page.entry((2, COUNTS), &[Ink::Dim.span(label)], &[ink.span(count.to_string())]);
    }
}

/// The decisions that would be others.
pub(super) fn flips(page: &mut Page, flips: &Flips) {
    if flips.items.is_empty() {
        page.line(("", ""), &[Ink::Plain.span("no decision would be another")]);
    }
    for flip in &flips.items {
        one(page, flip);
    }
    if let Some(next) = &flips.next {
        page.gap();
        page.line(("", ""), &[Ink::Dim.span(format!("there are more: --after {next}"))]);
    }
}

fn one(page: &mut Page, flip: &Flip) {
    let would_be = flip.candidate.as_deref().unwrap_or("none");
    let change = Ink::Bad.span(format!("{} > {would_be}", flip.decision));
    let subject = if flip.subject.is_empty() { &flip.fingerprint } else { &flip.subject };
    page.entry((0, COLUMN), &[change], &[Ink::Bold.span(subject)]);
    let purpose = flip.purpose.as_deref().unwrap_or("no purpose");
    let more = if flip.asks_for_more { ", asks for more evidence" } else { "" };
    let line = format!("{}, {}, {purpose}{more}", flip.decided_at, flip.node);
    page.line((MARGIN, MARGIN), &[Ink::Plain.span(line)]);
    for cause in &flip.causes {
        page.line((MARGIN, MARGIN), &[Ink::Plain.span(&cause.sentence)]);
        let rules = cause.rules.join(", ");
        let code = if rules.is_empty() { cause.code.clone() } else { format!("{} ({rules})", cause.code) };
        page.line((MARGIN, MARGIN), &[Ink::Dim.span(code)]);
    }
    if let Some(capsule) = &flip.capsule {
        page.line((MARGIN, MARGIN), &[Ink::Dim.span(format!("capsule {capsule}"))]);
    }
}

/// What became of a proposal.
pub(super) fn proposed(page: &mut Page, proposed: &Proposed) {
    match proposed.version.filter(|_| proposed.applied) {
        Some(version) => {
            let said = format!("  it is the candidate, version {version}, and decides nothing");
            page.line(("", ""), &[Ink::Good.span("DONE"), Ink::Plain.span(said)]);
        }
        None => {
            page.line(("", ""), &[Ink::Doubtful.span("DRY RUN"), Ink::Plain.span("  nothing was changed")])
        }
    }
}

/// The candidate is in force.
pub(super) fn promoted(page: &mut Page, _: &Promoted) {
    page.line(("", ""), &[Ink::Good.span("DONE"), Ink::Plain.span("  it is in force")]);
}

/// The candidate is gone.
pub(super) fn dropped(page: &mut Page, _: &Standing) {
    page.line(("", ""), &[Ink::Good.span("DONE"), Ink::Plain.span("  there is no candidate any more")]);
}
