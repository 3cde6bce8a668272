//! What a case answers about revocation: a word for each source, or files. What a word means is written here once.

use std::collections::BTreeMap;

use engine_capsule::Reason;

use crate::certificate::{Holds, Signature, Status};
use crate::moment::DAY;

/// What a source says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Says {
    /// A status, in an answer or a list that is signed.
    Signed(Signed),
    /// Octets that are none.
    Malformed,
    /// Nothing could be had.
    Unavailable(Reason),
}

/// A status, in an answer or a list that is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    pub(crate) standing: Standing,
    pub(crate) freshness: Freshness,
    pub(crate) signer: Signer,
    pub(crate) signature: Signature,
}

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Good,
    OnHold,
    Revoked,
    Unknown,
}

/// Whether it holds at the moment of the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    Expired,
    Fresh,
    Future,
}

/// Who signs an OCSP response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signer {
    /// The authority that issued the certificate.
    Authority,
    /// Somebody that it delegated to (RFC 6960 4.2.2.2).
    Delegate,
    /// A designated responder, which is nobody's delegate.
    Designated,
    /// Somebody who may not.
    Stranger,
}

/// The words of what is said.
const SAYINGS: &[(&str, Standing, Freshness, Signature)] = &[
    ("good", Standing::Good, Freshness::Fresh, Signature::True),
    ("revoked", Standing::Revoked, Freshness::Fresh, Signature::True),
    ("on-hold", Standing::OnHold, Freshness::Fresh, Signature::True),
    ("unknown", Standing::Unknown, Freshness::Fresh, Signature::True),
    ("expired", Standing::Good, Freshness::Expired, Signature::True),
    ("future", Standing::Good, Freshness::Future, Signature::True),
    ("forged", Standing::Good, Freshness::Fresh, Signature::Broken),
];

/// The words of who signs an OCSP response, after `by`.
const SIGNERS: &[(&str, Signer)] = &[
    ("authority", Signer::Authority),
    ("delegate", Signer::Delegate),
    ("designated", Signer::Designated),
    ("stranger", Signer::Stranger),
];

/// The words of why something could not be had.
pub(crate) const REASONS: &[(&str, Reason)] = &[
    ("offline", Reason::Offline),
    ("forbidden-address", Reason::ForbiddenAddress),
    ("unsupported-uri", Reason::UnsupportedUri),
    ("name-resolution", Reason::NameResolution),
    ("connection", Reason::Connection),
    ("timeout", Reason::Timeout),
    ("too-large", Reason::TooLarge),
    ("redirect", Reason::Redirect),
    ("http-status", Reason::HttpStatus),
    ("content-type", Reason::ContentType),
    ("cross-origin", Reason::CrossOrigin),
];

/// Which of the sources a word is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Crl,
    Ocsp,
}

/// What a word means; `None` where it means nothing.
pub(crate) fn says(word: &str, source: Source) -> Option<Says> {
    if word == "malformed" {
        return Some(Says::Malformed);
    }
    if let Some((_, reason)) = REASONS.iter().find(|(known, _)| *known == word) {
        return Some(Says::Unavailable(*reason));
    }
    let (word, signer) = match word.split_once(" by ") {
        Some((word, signer)) if source == Source::Ocsp => (word, signer),
        Some(_) => return None,
        None => (word, "authority"),
    };
    let (_, signer) = SIGNERS.iter().find(|(known, _)| *known == signer)?;
    let (_, standing, freshness, signature) = SAYINGS.iter().find(|(known, ..)| *known == word)?;
    // a list says nothing of who is not in it but that it is good
    let is_said = source == Source::Ocsp || *standing != Standing::Unknown;
    let signed =
        Signed { standing: *standing, freshness: *freshness, signer: *signer, signature: *signature };
    is_said.then_some(Says::Signed(signed))
}

/// The words that a source has, each signer after one of them.
pub(crate) fn words(source: Source) -> Vec<String> {
    let said = SAYINGS.iter().map(|(word, ..)| (*word).to_owned());
    let mut words: Vec<String> = said.filter(|word| source == Source::Ocsp || word != "unknown").collect();
    if source == Source::Ocsp {
        let by = SIGNERS.iter().filter(|(_, signer)| *signer != Signer::Authority);
        words.extend(by.map(|(signer, _)| format!("good by {signer}")));
    }
    words.push("malformed".to_owned());
    words.extend(REASONS.iter().map(|(word, _)| (*word).to_owned()));
    words.push(NOTHING.to_owned());
    words
}

/// The word that takes back what the file says for all its cases.
pub(crate) const NOTHING: &str = "nothing";

/// What a case answers from one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answers {
    /// About certificates that have no word of their own.
    pub(crate) all: Option<Says>,
    /// About these.
    pub(crate) each: BTreeMap<String, Says>,
    /// Where it is written.
    pub(crate) at: usize,
}

impl Answers {
    /// What is said of a certificate.
    pub(crate) fn about(&self, name: &str) -> Option<Says> {
        self.each.get(name).copied().or(self.all)
    }

    /// Whether anything has to be signed.
    pub(crate) fn is_signed(&self) -> bool {
        let is_signed = |says: &Says| !matches!(says, Says::Unavailable(_));
        self.all.iter().chain(self.each.values()).any(is_signed)
    }

    /// Whether a designated responder answers.
    pub(crate) fn is_designated(&self) -> bool {
        let is_designated =
            |says: &Says| matches!(says, Says::Signed(signed) if signed.signer == Signer::Designated);
        self.all.iter().chain(self.each.values()).any(is_designated)
    }
}

impl Signed {
    /// As the answer or the entry of a list has it. What is revoked was a day before.
    pub(crate) fn status(self, at: i64) -> Status {
        let revoked = |reason| Status::Revoked { at: at.saturating_sub(DAY), reason };
        match self.standing {
            Standing::Good => Status::Good,
            Standing::Revoked => revoked(1),
            Standing::OnHold => revoked(6),
            Standing::Unknown => Status::Unknown,
        }
    }

    /// What is fresh holds from the moment of the question for a day, what is expired until a week before, what is of the
    /// future from a week after: far from every skew of clocks that a policy may put up with.
    pub(crate) fn holds(self, at: i64) -> Holds {
        let from = |days: i64| at.saturating_add(days.saturating_mul(DAY));
        match self.freshness {
            Freshness::Fresh => Holds { from: at, until: from(1) },
            Freshness::Expired => Holds { from: from(-14), until: from(-7) },
            Freshness::Future => Holds { from: from(7), until: from(14) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_that_is_told_means_something() {
        for source in [Source::Crl, Source::Ocsp] {
            for word in words(source).iter().filter(|word| *word != NOTHING) {
                assert!(says(word, source).is_some(), "{word}");
            }
        }
        for (word, source) in [
            ("unknown", Source::Crl),
            ("good by delegate", Source::Crl),
            ("good by nobody", Source::Ocsp),
            ("", Source::Ocsp),
        ] {
            assert_eq!(says(word, source), None, "{word}");
        }
    }
}
