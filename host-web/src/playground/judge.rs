//! One question under one document: asked of the engine in rounds, with the evidence that was recorded and no other. What
//! was fetched another document is given once it asks for it; what else it asks for is answered as unavailable, and told.

use std::rc::Rc;

use engine_capsule::{
    Compared, Concerned, Decision as Decided, Difference, Evidence, Mode, Outcome, Question, Reason, Verdict,
};

use super::board::Accepted;
use super::recorded::{Decision, Inputs};
use crate::engine::contract::{Item, Need, Outcome as Answered, Wanted};
use crate::engine::kept::{self, Terms};
use crate::engine::{Answer, Problem, recorded, said};
use crate::text::{self, judge, playground};

/// How often the engine may ask for more before it is told that there is none: more than the engine ever asks.
const ROUNDS: usize = 40;

/// A verdict, with what was asked for on the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judged {
    /// In short.
    pub(crate) verdict: Verdict,
    /// The document, as the engine wrote it.
    pub(crate) document: String,
    /// What was brought along, and then what was answered to the engine's requests, in its order.
    pub(crate) evidence: Vec<Evidence>,
    /// What nobody had an answer to, in words; it was said to be unavailable.
    pub(crate) unanswered: Vec<String>,
}

/// What is judged: a question, and all it rests on.
pub(crate) struct Asked<'a> {
    /// The policy document.
    pub(crate) policy: &'a Rc<str>,
    /// The mode that it is read in.
    pub(crate) mode: Mode,
    /// The question.
    pub(crate) question: &'a Question,
    /// Whom it believes, and the evidence.
    pub(crate) inputs: &'a Inputs,
}

/// Judges. The engine is given what `is_brought` of the evidence; `answer` has the answers to what it asks for beyond that,
/// and what it does not have is unavailable.
///
/// # Errors
/// [`Problem`]: the question is none under this document, or the engine failed.
pub(crate) async fn judge(
    asked: Asked<'_>,
    is_brought: impl Fn(&Evidence) -> bool,
    answer: impl Fn(&Need) -> Option<Evidence>,
) -> Answer<Judged> {
    let Asked { policy, mode, question, inputs } = asked;
    let terms = Terms { policy: Rc::clone(policy), mode, trust: Rc::clone(&inputs.trust) };
    let validator = kept::validator(&terms).await?;
    let question = recorded::validation(question);
    let mut given: Vec<Evidence> = inputs.evidence.iter().filter(|one| is_brought(one)).cloned().collect();
    let mut evidence: Vec<Item> = given.iter().map(recorded::item).collect();
    let mut unanswered = Vec::new();
    for _ in 0..ROUNDS {
        let needs = match validator.evaluate(&question, &evidence)? {
            Answered::Decided(verdict) => {
                let decision = if verdict.decision == "allow" { Decided::Allow } else { Decided::Deny };
                let (settings, trace) =
                    (recorded::digest(&verdict.settings_hash), recorded::digest(&verdict.trace_hash));
                let short = Verdict { decision, settings, trace };
                return Ok(Judged {
                    verdict: short,
                    document: verdict.document,
                    evidence: given,
                    unanswered,
                });
            }
            Answered::Needs(needs) => needs,
        };
        for need in needs {
            let one = answer(&need).unwrap_or_else(|| {
                unanswered.push(wanted(&need.what));
                Evidence::Unavailable { request: need.id.clone(), reason: Reason::Offline }
            });
            evidence.push(recorded::item(&one));
            given.push(one);
        }
    }
    Err(Problem::Fault(judge::NO_END.to_owned()))
}

/// A recorded question under a policy, with the evidence that was recorded and no other. Under the policy that was
/// recorded all of it is given at once, as when it was decided; any other is given what was fetched once it asks for it:
/// what it does not ask for it would not have, and a revocation that nobody asks about stops nobody.
async fn again(decision: &Decision, policy: &Rc<str>) -> Answer<Judged> {
    let record = &decision.record;
    // the node's mode is the host's and not the document's: what was decided in it stays in it
    let asked = Asked { policy, mode: record.mode, question: &record.question, inputs: &decision.inputs };
    let is_own = is_same(&decision.policy, policy);
    let came = |need: &Need| {
        let mut evidence = decision.inputs.evidence.iter();
        evidence.find(|one| !is_own && one.request() == Some(need.id.as_str())).cloned()
    };
    judge(asked, |one| is_own || one.request().is_none(), came).await
}

fn wanted(what: &Wanted) -> String {
    let (sentence, uri) = match what {
        Wanted::OcspResponse(from) => (playground::WANTED_OCSP, from.uri.as_str()),
        Wanted::Crl(from) => (playground::WANTED_CRL, from.uri.as_str()),
        Wanted::IssuerCertificate(from) => (playground::WANTED_ISSUER, from.uri.as_str()),
        Wanted::SignatureChecks(_) => (playground::WANTED_CHECKS, ""),
    };
    text::with(sentence, &[("uri", &engine_wording::escape(uri))])
}

/// A decision under the document.
pub(crate) struct Judgement {
    /// The number of the document.
    pub(crate) edition: u32,
    /// What became of it.
    pub(crate) outcome: Result<Outcome, String>,
    /// The verdict, where there is one.
    pub(crate) judged: Option<Judged>,
    /// How the verdict stands to the recorded one.
    pub(crate) sameness: Sameness,
}

/// What is shown of two is the same: whoever looks at one is not disturbed where only the document has another number.
impl PartialEq for Judgement {
    fn eq(&self, other: &Self) -> bool {
        self.outcome == other.outcome && self.judged == other.judged && self.sameness == other.sameness
    }
}

/// How a verdict stands to the recorded one, octet by octet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sameness {
    /// The same document, to the octet.
    Octets,
    /// It was recorded under this very document, and is another now: in this.
    Other(Vec<String>),
    /// It was recorded under another document: nothing is expected.
    Unexpected,
}

/// Judges a decision under a document, and compares. A flip is told only where this engine, under the policy that was
/// recorded, decides as was recorded: what another engine or a forged record would make flip is never laid to a document.
pub(crate) async fn of_decision(decision: &Decision, accepted: &Accepted) -> Judgement {
    let judged = again(decision, &accepted.document).await;
    let (mut outcome, sameness) = match &judged {
        Ok(judged) => (compared(decision, judged), sameness(decision, accepted, judged)),
        Err(Problem::Refused(refusal)) => {
            (cannot_be_asked(decision, said::refusal(refusal)), Sameness::Unexpected)
        }
        Err(Problem::Fault(reason)) => {
            (Err(text::with(playground::FAULT, &[("reason", reason)])), Sameness::Unexpected)
        }
    };
    if outcome.as_ref().is_ok_and(Outcome::is_flip)
        && let Err(why) = confirmed(decision).await
    {
        outcome = Err(why);
    }
    Judgement { edition: accepted.edition, outcome, judged: judged.ok(), sameness }
}

fn compared(decision: &Decision, judged: &Judged) -> Result<Outcome, String> {
    let then = Compared::of(&decision.record, &judged.document).map_err(|why| why.to_string())?;
    let asked = judged.unanswered.clone();
    Ok(if asked.is_empty() { Outcome::Decided(then) } else { Outcome::AsksForMore { asked, then } })
}

/// Whether this engine decides as was recorded, under the policy that was recorded; it is looked at once.
async fn confirmed(decision: &Decision) -> Result<(), String> {
    if let Some(known) = decision.confirmed.borrow().clone() {
        return known;
    }
    let why = match again(decision, &decision.policy).await {
        Ok(judged) => match judged.unanswered.first() {
            Some(what) => Some(what.clone()),
            None => {
                let now = judged.verdict.decision;
                (now != decision.decided()).then(|| format!("{} → {}", decision.decided().word(), now.word()))
            }
        },
        Err(Problem::Refused(refusal)) => Some(said::refusal(&refusal)),
        // a fault is no answer, and is asked about again
        Err(Problem::Fault(reason)) => return Err(text::with(playground::FAULT, &[("reason", &reason)])),
    };
    let known = match why {
        None => Ok(()),
        Some(why) => Err(text::with(playground::UNCONFIRMED, &[("why", &why)])),
    };
    *decision.confirmed.borrow_mut() = Some(known.clone());
    known
}

/// Whether two texts are one document. A field of a page has its own ends of lines.
fn is_same(one: &str, other: &str) -> bool {
    one.lines().eq(other.lines())
}

fn cannot_be_asked(decision: &Decision, reason: String) -> Result<Outcome, String> {
    let certificate = Concerned::of(&decision.record).map_err(|why| why.to_string())?;
    Ok(Outcome::CannotBeAsked { certificate, before: decision.decided(), reason })
}

fn sameness(decision: &Decision, accepted: &Accepted, judged: &Judged) -> Sameness {
    if judged.document == decision.record.document {
        return Sameness::Octets;
    }
    if is_same(&decision.policy, &accepted.document) {
        return Sameness::Other(Difference::between(&decision.record, &judged.document).lines());
    }
    Sameness::Unexpected
}
