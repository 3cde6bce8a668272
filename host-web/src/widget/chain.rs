//! A chain as a picture: a list from the target upwards, each certificate with its role and status, and between two of
//! them what ties them together. The list is the text alternative too: nothing is in the picture that is not in words.

use engine_wording::escape;
use sycamore::prelude::*;

use super::notice::{Weight, badge};
use super::time;
use crate::document::verdict::Verdict;
use crate::text::{self, verdict};

/// A certificate in the picture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Link {
    /// Its subject.
    pub(crate) subject: String,
    /// Target, issuer, anchor.
    pub(crate) role: &'static str,
    /// notBefore and notAfter, RFC 3339.
    pub(crate) validity: (String, String),
    /// What is known of it, with its weight.
    pub(crate) status: Vec<(Weight, String)>,
    /// How it is tied to the next one above.
    pub(crate) tie: Tie,
}

/// How a certificate is tied to the one above it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tie {
    /// It is the last.
    End,
    /// That one issued it.
    Issued,
    /// Its issuer, of this name, is not there.
    Missing(String),
}

/// Draws a chain; the target comes first.
pub(crate) fn chain(label: &'static str, links: &[Link]) -> View {
    let items: Vec<View> = links.iter().map(link).collect();
    view! { ol(class="chain", aria-label=label) { (items) } }
}

/// The path of a verdict as links.
pub(crate) fn of_verdict(verdict: &Verdict) -> Vec<Link> {
    let last = verdict.path.len().saturating_sub(1);
    let links = verdict.path.iter().enumerate().map(|(place, certificate)| {
        let role = match (certificate.anchor, place) {
            (true, _) => verdict::ANCHOR,
            (false, 0) => verdict::TARGET,
            _ => verdict::ISSUER,
        };
        let tie = match (place == last, certificate.anchor) {
            (true, true) => Tie::End,
            (true, false) if certificate.issuer == certificate.subject => Tie::End,
            (true, false) => Tie::Missing(certificate.issuer.clone()),
            (false, _) => Tie::Issued,
        };
        Link {
            subject: certificate.subject.clone(),
            role,
            validity: (certificate.not_before.clone(), certificate.not_after.clone()),
            status: super::verdict::status(certificate).into_iter().collect(),
            tie,
        }
    });
    links.collect()
}

/// A subject as it is shown: what could mislead is escaped, and an empty one is named.
pub(crate) fn named(subject: &str) -> String {
    if subject.is_empty() { verdict::EMPTY_NAME.to_owned() } else { escape(subject) }
}

fn link(link: &Link) -> View {
    let (subject, role) = (named(&link.subject), link.role);
    let (begin, end) = &link.validity;
    let left = time::left(begin, end);
    let status: Vec<View> = link.status.iter().map(|(weight, words)| badge(*weight, words.clone())).collect();
    let tie = tie(&link.tie);
    view! {
        li {
            div(class="link") {
                span(class="role") { (role) }
                strong { (subject) }
                span(class="standings") { (left) " " (status) }
            }
            (tie)
        }
    }
}

fn tie(tie: &Tie) -> View {
    match tie {
        Tie::End => View::new(),
        Tie::Issued => drawn("tie", verdict::ISSUED_BY.to_owned(), "M6 0v22m-4-6 4 7 4-7"),
        Tie::Missing(issuer) => {
            let said = text::with(verdict::ISSUED_BY_MISSING, &[("issuer", &named(issuer))]);
            drawn("tie broken", said, "M6 0v7M1 8l10 6M1 14l10-6")
        }
    }
}

fn drawn(class: &'static str, said: String, path: &'static str) -> View {
    view! {
        div(class=class) {
            svg(viewBox="0 0 12 24", width="12", height="24", aria-hidden="true") {
                path(d=path, fill="none", stroke="currentColor", stroke-width="2")
            }
            span { (said) }
        }
    }
}
