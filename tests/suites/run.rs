//! Puts cases to the component, on every core, and prints what came of them.

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use serde_json::json;

use crate::case::{Case, Trust};
use crate::divergence::{Divergences, Standing};
use host_server::component::contract::evaluate::Outcome;
use host_server::component::contract::evidence::{Item, Unavailable, UnavailableReason};
use host_server::component::contract::request::{Mode, TrustRole, Validation};
use host_server::component::contract::types::Refusal;
use host_server::component::contract::verdict::{Decision, Severity, Verdict};
use host_server::component::{Allocation, Engine, Session, Validator};

/// What the component said.
struct Answer {
    allowed: bool,
    codes: Vec<String>,
    policies: Vec<String>,
}

/// Runs a suite; true when every case stands as it should.
pub(crate) fn run(suite: &str, cases: Vec<Case>) -> Result<bool, String> {
    let divergences = Divergences::read()?;
    let engine = Engine::load(Allocation::OnDemand).map_err(|fault| fault.to_string())?;
    let answers = answer_all(&engine, &cases)?;
    let mut summary = Summary::default();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (case, answer) in cases.iter().zip(&answers) {
        let line = summary.add(suite, case, answer.as_ref(), &divergences);
        writeln!(out, "{line}").map_err(|error| error.to_string())?;
    }
    writeln!(out, "{}", summary.line(suite)).map_err(|error| error.to_string())?;
    out.flush().map_err(|error| error.to_string())?;
    Ok(summary.wrong == 0)
}

fn answer_all(engine: &Engine, cases: &[Case]) -> Result<Vec<Option<Answer>>, String> {
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let (send, next) = (send.clone(), &next);
            scope.spawn(move || {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(place) else { break };
                    let answer = if case.skip.is_some() { Ok(None) } else { answer(engine, case).map(Some) };
                    if send.send((place, answer)).is_err() {
                        break;
                    }
                }
            });
        }
    });
    drop(send);
    let mut answers: Vec<Option<Answer>> = cases.iter().map(|_| None).collect();
    for (place, answer) in receive {
        let answer = answer.map_err(|reason| format!("{}: {reason}", cases[place].id))?;
        answers[place] = answer;
    }
    Ok(answers)
}

/// A case that names several peers is asked once for each; all must be allowed.
fn answer(engine: &Engine, case: &Case) -> Result<Answer, String> {
    let mut session = engine.session().map_err(|fault| fault.to_string())?;
    if case.names.len() < 2 {
        return ask(&mut session, case, case.names.clone());
    }
    let mut last = None;
    for name in &case.names {
        let answer = ask(&mut session, case, vec![name.clone()])?;
        if !answer.allowed {
            return Ok(answer);
        }
        last = Some(answer);
    }
    last.ok_or_else(|| "no name".to_owned())
}

fn ask(
    session: &mut Session,
    case: &Case,
    names: Vec<host_server::component::contract::request::ReferenceIdentifier>,
) -> Result<Answer, String> {
    let refused = |code: String| Ok(Answer { allowed: false, codes: vec![code], policies: Vec::new() });
    let validator = match session.validator(&case.policy, Mode::AsWritten).map_err(|fault| fault.to_string())? {
        Ok(validator) => validator,
        // The runner writes the policy: a refusal is its own mistake, not an answer.
        Err(refusal) => return Err(format!("policy refused: {refusal:?}")),
    };
    for (der, trust) in &case.anchors {
        // A trusted certificate that cannot be read is not trusted, which is all a case can ask for.
        let role = match trust {
            Trust::Issuer => TrustRole::Issuer,
            Trust::Leaf => TrustRole::Leaf,
            Trust::IssuerAndLeaf => TrustRole::IssuerAndLeaf,
            Trust::Distrusted => TrustRole::Distrusted,
        };
        let _ = session.add_anchor(&validator, der, role).map_err(|fault| fault.to_string())?;
    }
    let question = Validation {
        target: case.target.clone(),
        untrusted: case.untrusted.clone(),
        at: case.at,
        purpose: case.purpose.map(str::to_owned),
        names,
        nonce_seed: None,
        answers_signature_checks: false,
    };
    match decide(session, &validator, &question, case.evidence.clone())? {
        Err(refusal) => refused(refusal.code),
        Ok(verdict) => Ok(Answer {
            allowed: verdict.decision == Decision::Allow,
            codes: verdict
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Deny)
                .map(|finding| finding.code.clone())
                .collect(),
            policies: verdict.valid_policies,
        }),
    }
}

/// Asks until it is decided. A runner fetches nothing, so whatever is needed is not to be had.
fn decide(
    session: &mut Session,
    validator: &Validator,
    question: &Validation,
    mut evidence: Vec<Item>,
) -> Result<Result<Verdict, Refusal>, String> {
    const ROUNDS: usize = 64;
    for _ in 0..ROUNDS {
        let outcome = session.evaluate(validator, question, &evidence).map_err(|fault| fault.to_string())?;
        match outcome {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(Outcome::Decided(verdict)) => return Ok(Ok(verdict)),
            Ok(Outcome::Needs(needs)) => evidence.extend(needs.into_iter().map(|need| {
                Item::Unavailable(Unavailable {
                    request_id: need.id,
                    reason: UnavailableReason::Offline,
                })
            })),
        }
    }
    Err(format!("not decided in {ROUNDS} rounds"))
}

#[derive(Default)]
struct Summary {
    total: usize,
    agree: usize,
    false_accept: usize,
    false_reject: usize,
    skipped: usize,
    listed: usize,
    wrong: usize,
    reason_differs: usize,
}

impl Summary {
    fn add(
        &mut self,
        suite: &str,
        case: &Case,
        answer: Option<&Answer>,
        divergences: &Divergences,
    ) -> serde_json::Value {
        self.total += 1;
        let word = |allowed: bool| if allowed { "allow" } else { "deny" };
        let Some(answer) = answer else {
            self.skipped += 1;
            return json!({ "id": case.id, "expected": word(case.expected), "skipped": case.skip });
        };
        let same_policies =
            case.policies.as_ref().is_none_or(|expected| same_set(expected, &answer.policies));
        let allowed = if case.expected && answer.allowed { same_policies } else { answer.allowed };
        match (allowed, case.expected) {
            (true, false) => self.false_accept += 1,
            (false, true) => self.false_reject += 1,
            _ => self.agree += 1,
        }
        let same_reason =
            case.reasons.is_empty() || answer.codes.iter().any(|code| case.reasons.contains(&code.as_str()));
        self.reason_differs += usize::from(!same_reason);
        let standing = divergences.standing(suite, &case.id, allowed, case.expected);
        self.listed += usize::from(standing == Standing::Listed);
        self.wrong += usize::from(matches!(standing, Standing::Unlisted | Standing::UnexpectedlyAgrees));
        json!({
            "id": case.id,
            "expected": word(case.expected),
            "got": word(answer.allowed),
            "agree": allowed == case.expected,
            "listed": standing == Standing::Listed,
            "unexpectedly_agrees": standing == Standing::UnexpectedlyAgrees,
            "same_reason": same_reason,
            "same_policies": same_policies,
            "codes": answer.codes,
        })
    }

    fn line(&self, suite: &str) -> serde_json::Value {
        json!({
            "suite": suite,
            "total": self.total,
            "agree": self.agree,
            "false_accept": self.false_accept,
            "false_reject": self.false_reject,
            "skipped": self.skipped,
            "listed_divergences": self.listed,
            "unexpected": self.wrong,
            "other_reason": self.reason_differs,
        })
    }
}

fn same_set(one: &[String], other: &[String]) -> bool {
    let sorted = |list: &[String]| {
        let mut list: Vec<String> = list
            .iter()
            .map(|oid| if oid == "2.5.29.32.0" { "any".to_owned() } else { oid.clone() })
            .collect();
        list.sort();
        list
    };
    sorted(one) == sorted(other)
}
