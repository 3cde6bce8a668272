//! What a revocation list or an OCSP response says of certificates beside it, as far as the engine says so in a verdict: for
//! each certificate whose issuer is among the files too, as if that issuer were trusted (RFC 5280 6.3.3, RFC 6960 3.2). It
//! is a look at what lies there, and no decision about anything.

use std::rc::Rc;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;

use super::file::{Certificate, Content, File};
use super::judge::{self, Question, Reach, Undecided};
use super::take::Taken;
use crate::document::verdict::{Check, PathCertificate, Verdict};
use crate::text::{self, preview};
use crate::widget::{chain, notice, time, verdict};

/// The most certificates that are asked about.
const MOST: usize = 8;

/// What is said of a certificate.
struct Told {
    subject: String,
    issuer: String,
    said: Result<Heard, Undecided>,
}

/// What became of asking.
enum Heard {
    /// The file was looked at: the certificate with its status, and what that rests on.
    Check(Box<(PathCertificate, Check)>),
    /// It was not, because there is no path that holds; why.
    Nothing(String),
}

/// SHA-256 in hexadecimal, by which verdicts name what they rest on.
pub(crate) fn fingerprint(octets: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(octets))
}

/// The part of a file's description; it follows the other files.
pub(crate) fn of(taken: Taken, file: &Rc<File>) -> View {
    let (file, told) = (file.clone(), create_signal(None::<Rc<Vec<Told>>>));
    create_effect(move || {
        let (file, files) = (file.clone(), taken.files.get_clone());
        spawn_local_scoped(async move { told.set(Some(Rc::new(asked(&file, &files).await))) });
    });
    let shown = move || match told.get_clone() {
        None => View::new(),
        Some(told) if told.is_empty() => view! { p(class="aside") { (preview::SAYS_OF_NOBODY) } },
        Some(told) => {
            let items: Vec<View> = told.iter().map(one).collect();
            view! { ul(class="findings") { (items) } }
        }
    };
    view! {
        h3 { (preview::SAYS) }
        p(class="aside") { (preview::SAYS_MEANS) }
        (shown())
    }
}

fn one(told: &Told) -> View {
    let subject = chain::named(&told.subject);
    let by = text::with(preview::ISSUED_BY, &[("issuer", &chain::named(&told.issuer))]);
    let said = match &told.said {
        Ok(Heard::Check(found)) => of_check(&found.0, &found.1),
        Ok(Heard::Nothing(why)) => {
            let why = text::with(preview::SAYS_NOTHING, &[("reason", why)]);
            view! { p { (why) } }
        }
        Err(Undecided::Engine(problem)) => notice::engine_problem(problem),
        Err(Undecided::Server(failure)) => notice::failure(failure),
        Err(Undecided::NoTarget) => View::new(),
    };
    view! {
        li {
            strong { (subject) } " " span(class="aside") { (by) }
            (said)
        }
    }
}

/// A status that is believed comes first, then why, or why nothing is.
fn of_check(certificate: &PathCertificate, check: &Check) -> View {
    let is_believed = check.acceptance.is_some();
    let status = verdict::status(certificate).filter(|_| is_believed);
    let status = status.map(|(weight, words)| notice::badge(weight, words)).unwrap_or_default();
    let meaning = if is_believed { verdict::meaning(certificate) } else { String::new() };
    let check = verdict::check(check);
    view! {
        (status)
        p { (meaning) }
        ul { (check) }
    }
}

/// Asks about every certificate whose issuer is there.
async fn asked(file: &Rc<File>, files: &[Rc<File>]) -> Vec<Told> {
    let (source, evidence) = match &file.content {
        Content::Lists(lists) => ("crl", lists.iter().map(|(list, _)| fingerprint(list)).collect()),
        Content::Response(_) => ("ocsp", vec![fingerprint(&file.octets)]),
        _ => return Vec::new(),
    };
    // nothing but this file says anything
    let mut at_hand: Vec<Rc<File>> =
        files.iter().filter(|other| !other.certificates().is_empty()).cloned().collect();
    let certificates: Vec<Certificate> =
        at_hand.iter().flat_map(|file| file.certificates()).cloned().collect();
    at_hand.push(file.clone());
    let mut told = Vec::new();
    for (target, issuer) in pairs(&certificates) {
        let question = Question {
            files: at_hand.clone(),
            target: target.keys.fingerprint.to_vec(),
            anchors: vec![issuer.keys.fingerprint.to_vec()],
            policy: format!("[revocation]\nsources = [\"{source}\"]\n"),
            store: None,
            purpose: None,
            name: None,
            at: time::now(),
            reach: Reach::Nowhere,
        };
        let said = judge::judge(&question).await.map(|judged| heard(&judged.verdict, &evidence));
        told.push(Told { subject: target.keys.subject.clone(), issuer: issuer.keys.subject.clone(), said });
    }
    told
}

/// What the verdict says of this evidence.
fn heard(verdict: &Verdict, evidence: &[String]) -> Heard {
    let is_this = |check: &&Check| check.evidence.as_ref().is_some_and(|one| evidence.contains(one));
    let found = verdict.path.first().and_then(|certificate| {
        let check = certificate.checks.iter().find(is_this)?;
        Some(Heard::Check(Box::new((certificate.clone(), check.clone()))))
    });
    found.unwrap_or_else(|| Heard::Nothing(verdict::reason(verdict)))
}

/// Certificates with an issuer of theirs by name, each pair once.
fn pairs(certificates: &[Certificate]) -> Vec<(&Certificate, &Certificate)> {
    let mut pairs: Vec<(&Certificate, &Certificate)> = Vec::new();
    for target in certificates {
        for issuer in certificates.iter().filter(|one| one.keys.subject_key == target.keys.issuer_key) {
            let is_known = pairs.iter().any(|(known, its)| {
                known.keys.fingerprint == target.keys.fingerprint
                    && its.keys.fingerprint == issuer.keys.fingerprint
            });
            if issuer.keys.fingerprint != target.keys.fingerprint && !is_known && pairs.len() < MOST {
                pairs.push((target, issuer));
            }
        }
    }
    pairs
}
