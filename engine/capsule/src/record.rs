//! What the parts of a capsule say together: the question, whom it believed, the evidence, and what was decided.

use std::fmt;

use crate::capsule::Capsule;
use crate::content::{Content, Engine, Evidence, Mode, Name, Recording, Trusted, Verdict};
use crate::octets::{Octets, Salt};
use crate::read::Unreadable;

/// One decision, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Who decided.
    pub engine: Engine,
    /// When and where it was recorded; `None` where that was left out.
    pub recording: Option<Recording>,
    /// What was asked.
    pub question: Question,
    /// The policy document.
    pub policy: String,
    /// The mode that it was read in.
    pub mode: Mode,
    /// Who was believed, in the order in which the engine was told.
    pub trusted: Vec<Trusted>,
    /// The evidence, in the order in which it was given.
    pub evidence: Vec<Evidence>,
    /// What was decided, in short.
    pub verdict: Verdict,
    /// The verdict document.
    pub document: String,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The certificate, DER.
    pub target: Octets,
    /// Certificates that might help to build a path, DER.
    pub untrusted: Vec<Octets>,
    /// The moment of validation, in seconds since 1970.
    pub at: i64,
    /// The purpose.
    pub purpose: Option<String>,
    /// Names of which the certificate had to carry one.
    pub names: Vec<Name>,
    /// What nonces were made from.
    pub nonce_seed: Option<Octets>,
}

/// Why a capsule is no whole decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incomplete {
    /// Parts that are needed were left out.
    Redacted(Vec<String>),
    /// A part that every decision has is not there.
    Missing(&'static str),
    /// A part says something that a part of this name does not say, or no part has this name.
    Other(String),
}

impl fmt::Display for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Redacted(names) => write!(
                f,
                "cannot be decided again: left out were {}; it can be shown, and what is there was verified",
                names.join(", ")
            ),
            Self::Missing(name) => write!(f, "is no decision: there is no part `{name}`"),
            Self::Other(name) => {
                write!(f, "is no decision: part `{name}` is none, or not what its name says")
            }
        }
    }
}

impl std::error::Error for Incomplete {}

/// Names of parts that stand once.
const ENGINE: &str = "about/engine";
const RECORDING: &str = "about/recording";
const TARGET: &str = "question/target";
const MOMENT: &str = "question/moment";
const PURPOSE: &str = "question/purpose";
const NONCE_SEED: &str = "question/nonce-seed";
const POLICY: &str = "policy/document";
const MODE: &str = "policy/mode";
const VERDICT: &str = "verdict/summary";
const DOCUMENT: &str = "verdict/document";
/// What stands before the number of parts of which there are several.
const UNTRUSTED: &str = "question/untrusted/";
const NAMES: &str = "question/names/";
const TRUST: &str = "trust/";
const EVIDENCE: &str = "evidence/";

impl Record {
    /// Seals it under a root, with a salt for each part.
    ///
    /// # Errors
    /// [`Unreadable`] where there is more in it than a capsule may hold.
    pub fn seal(self, salt: impl FnMut() -> Salt) -> Result<Capsule, Unreadable> {
        let mut parts = vec![
            (ENGINE.to_owned(), Content::Engine(self.engine)),
            (TARGET.to_owned(), Content::Certificate(self.question.target)),
            (MOMENT.to_owned(), Content::Moment(self.question.at)),
            (POLICY.to_owned(), Content::Policy(self.policy)),
            (MODE.to_owned(), Content::Mode(self.mode)),
            (VERDICT.to_owned(), Content::Verdict(self.verdict)),
            (DOCUMENT.to_owned(), Content::Document(self.document)),
        ];
        let once = [
            (RECORDING, self.recording.map(Content::Recording)),
            (PURPOSE, self.question.purpose.map(Content::Purpose)),
            (NONCE_SEED, self.question.nonce_seed.map(Content::NonceSeed)),
        ];
        parts.extend(once.into_iter().filter_map(|(name, content)| Some((name.to_owned(), content?))));
        parts.extend(numbered(UNTRUSTED, self.question.untrusted.into_iter().map(Content::Certificate)));
        parts.extend(numbered(NAMES, self.question.names.into_iter().map(Content::Name)));
        parts.extend(numbered(TRUST, self.trusted.into_iter().map(Content::Trusted)));
        parts.extend(numbered(EVIDENCE, self.evidence.into_iter().map(Content::Evidence)));
        Capsule::seal(parts, salt)
    }

    /// The decision that a capsule holds.
    ///
    /// # Errors
    /// [`Incomplete`] where anything that deciding again needs was left out, or was never there.
    pub fn of(capsule: &Capsule) -> Result<Self, Incomplete> {
        let mut redacted = capsule.state().redacted;
        // who recorded it when plays no role in the decision
        redacted.retain(|name| name != RECORDING);
        if !redacted.is_empty() {
            return Err(Incomplete::Redacted(redacted));
        }
        let mut draft = Draft::default();
        for (name, part) in capsule.parts() {
            let Some(content) = part.content() else { continue };
            draft.take(name, content.clone()).ok_or_else(|| Incomplete::Other(name.to_owned()))?;
        }
        draft.finish()
    }
}

fn numbered(
    prefix: &'static str,
    contents: impl Iterator<Item = Content>,
) -> impl Iterator<Item = (String, Content)> {
    // five digits, so that they are in the order of their names
    contents
        .enumerate()
        .map(move |(place, content)| (format!("{prefix}{:05}", place.saturating_add(1)), content))
}

/// A decision of which not all parts were seen.
#[derive(Default)]
struct Draft {
    engine: Option<Engine>,
    recording: Option<Recording>,
    target: Option<Octets>,
    untrusted: Vec<Octets>,
    at: Option<i64>,
    purpose: Option<String>,
    names: Vec<Name>,
    nonce_seed: Option<Octets>,
    policy: Option<String>,
    mode: Option<Mode>,
    trusted: Vec<Trusted>,
    evidence: Vec<Evidence>,
    verdict: Option<Verdict>,
    document: Option<String>,
}

impl Draft {
    /// Takes a part; `None` where its name and what it says do not belong together.
    fn take(&mut self, name: &str, content: Content) -> Option<()> {
        match (name, content) {
            (ENGINE, Content::Engine(engine)) => self.engine = Some(engine),
            (RECORDING, Content::Recording(recording)) => self.recording = Some(recording),
            (TARGET, Content::Certificate(target)) => self.target = Some(target),
            (MOMENT, Content::Moment(at)) => self.at = Some(at),
            (PURPOSE, Content::Purpose(purpose)) => self.purpose = Some(purpose),
            (NONCE_SEED, Content::NonceSeed(seed)) => self.nonce_seed = Some(seed),
            (POLICY, Content::Policy(policy)) => self.policy = Some(policy),
            (MODE, Content::Mode(mode)) => self.mode = Some(mode),
            (VERDICT, Content::Verdict(verdict)) => self.verdict = Some(verdict),
            (DOCUMENT, Content::Document(document)) => self.document = Some(document),
            (name, Content::Certificate(one)) => next(&mut self.untrusted, UNTRUSTED, name, one)?,
            (name, Content::Name(one)) => next(&mut self.names, NAMES, name, one)?,
            (name, Content::Trusted(one)) => next(&mut self.trusted, TRUST, name, one)?,
            (name, Content::Evidence(one)) => next(&mut self.evidence, EVIDENCE, name, one)?,
            _ => return None,
        }
        Some(())
    }

    fn finish(self) -> Result<Record, Incomplete> {
        Ok(Record {
            engine: self.engine.ok_or(Incomplete::Missing(ENGINE))?,
            recording: self.recording,
            question: Question {
                target: self.target.ok_or(Incomplete::Missing(TARGET))?,
                untrusted: self.untrusted,
                at: self.at.ok_or(Incomplete::Missing(MOMENT))?,
                purpose: self.purpose,
                names: self.names,
                nonce_seed: self.nonce_seed,
            },
            policy: self.policy.ok_or(Incomplete::Missing(POLICY))?,
            mode: self.mode.ok_or(Incomplete::Missing(MODE))?,
            trusted: self.trusted,
            evidence: self.evidence,
            verdict: self.verdict.ok_or(Incomplete::Missing(VERDICT))?,
            document: self.document.ok_or(Incomplete::Missing(DOCUMENT))?,
        })
    }
}

/// Takes the next one of several: numbers leave none out.
fn next<T>(list: &mut Vec<T>, prefix: &str, name: &str, one: T) -> Option<()> {
    let expected = format!("{prefix}{:05}", list.len().saturating_add(1));
    (name == expected).then(|| list.push(one))
}
