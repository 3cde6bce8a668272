//! Puts cases to the component, on every core, and prints what came of them.

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use serde_json::json;

use crate::case::{Case, Question, Trust};
use crate::divergence::{Divergences, Standing};
use crate::outcome::{Measure, Outcome};
use host_server::component::contract::evaluate::Outcome as Progress;
use host_server::component::contract::evidence::{
    Item, Need, SignatureAnswer, Unavailable, UnavailableReason, Wanted,
};
use host_server::component::contract::request::{Mode, ReferenceIdentifier, TrustRole, Validation};
use host_server::component::contract::types::Refusal;
use host_server::component::contract::verdict::{Severity, Verdict};
use host_server::component::{Allocation, Engine, Session, Validator};

/// What the component said.
struct Answer {
    outcome: Outcome,
    codes: Vec<String>,
    policies: Vec<String>,
    /// The OCSP request it would send is the expected one, where one is expected.
    same_request: bool,
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

/// A case that names several peers is asked once for each; all must be allowed. Of several questions the best answer
/// counts.
fn answer(engine: &Engine, case: &Case) -> Result<Answer, String> {
    let mut session = engine.session().map_err(|fault| fault.to_string())?;
    let nothing = Answer {
        outcome: Outcome::refused(case.measure),
        codes: Vec::new(),
        policies: Vec::new(),
        same_request: true,
    };
    let mut best = nothing;
    for question in &case.questions {
        let answer = answer_question(&mut session, case, question)?;
        if answer.outcome >= best.outcome {
            best = answer;
        }
    }
    Ok(best)
}

fn answer_question(session: &mut Session, case: &Case, question: &Question) -> Result<Answer, String> {
    let (last, others) = match case.names.split_last() {
        Some((last, others)) => (vec![last.clone()], others),
        None => (Vec::new(), case.names.as_slice()),
    };
    for name in others {
        let answer = ask(session, case, question, vec![name.clone()])?;
        if answer.outcome != Outcome::Allow {
            return Ok(answer);
        }
    }
    ask(session, case, question, last)
}

fn ask(
    session: &mut Session,
    case: &Case,
    question: &Question,
    names: Vec<ReferenceIdentifier>,
) -> Result<Answer, String> {
    let validator = validator(session, case, question)?;
    let validation = Validation {
        target: question.target.clone(),
        untrusted: question.untrusted.clone(),
        at: case.at,
        purpose: case.purpose.map(str::to_owned),
        names,
        nonce_seed: None,
        answers_signature_checks: question.vouched.is_some(),
    };
    let same_request = match &case.request {
        Some(expected) => sends(session, &validator, &validation)?.as_ref() == Some(expected),
        None => true,
    };
    let decided = decide(session, &validator, &validation, case, question)?;
    Ok(match decided {
        Err(refusal) => Answer {
            outcome: Outcome::refused(case.measure),
            codes: vec![refusal.code],
            policies: Vec::new(),
            same_request,
        },
        Ok(verdict) => Answer {
            outcome: Outcome::of(&verdict, case.measure),
            codes: codes(&verdict, case.measure),
            policies: verdict.valid_policies,
            same_request,
        },
    })
}

/// What refused and, where the row is about a status, what each source said.
fn codes(verdict: &Verdict, measure: Measure) -> Vec<String> {
    let denying = verdict.findings.iter().filter(|finding| finding.severity == Severity::Deny);
    let denying = denying.map(|finding| finding.code.clone());
    let checks = verdict.path.first().map_or(&[][..], |target| &target.checks);
    let said = checks.iter().filter(|_| measure != Measure::Decision).map(|check| check.outcome.clone());
    denying.chain(said).collect()
}

fn validator(session: &mut Session, case: &Case, question: &Question) -> Result<Validator, String> {
    let validator =
        match session.validator(&case.policy, Mode::AsWritten).map_err(|fault| fault.to_string())? {
            Ok(validator) => validator,
            // The runner writes the policy: a refusal is its own mistake, not an answer.
            Err(refusal) => return Err(format!("policy refused: {refusal:?}")),
        };
    for (der, trust) in &question.anchors {
        // A trusted certificate that cannot be read is not trusted, which is all a case can ask for.
        let role = match trust {
            Trust::Issuer => TrustRole::Issuer,
            Trust::Leaf => TrustRole::Leaf,
            Trust::IssuerAndLeaf => TrustRole::IssuerAndLeaf,
            Trust::Distrusted => TrustRole::Distrusted,
        };
        let _ = session.add_anchor(&validator, der, role).map_err(|fault| fault.to_string())?;
    }
    Ok(validator)
}

/// The OCSP request that is sent where nothing is at hand.
fn sends(
    session: &mut Session,
    validator: &Validator,
    question: &Validation,
) -> Result<Option<Vec<u8>>, String> {
    let outcome = session.evaluate(validator, question, &[]).map_err(|fault| fault.to_string())?;
    let Ok(Progress::Needs(needs)) = outcome else { return Ok(None) };
    Ok(needs.into_iter().find_map(|need| match need.what {
        Wanted::OcspResponse(retrieval) => Some(retrieval.body),
        _ => None,
    }))
}

/// Asks until it is decided.
fn decide(
    session: &mut Session,
    validator: &Validator,
    validation: &Validation,
    case: &Case,
    question: &Question,
) -> Result<Result<Verdict, Refusal>, String> {
    const ROUNDS: usize = 64;
    let mut evidence = case.evidence.clone();
    for _ in 0..ROUNDS {
        let outcome =
            session.evaluate(validator, validation, &evidence).map_err(|fault| fault.to_string())?;
        match outcome {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(Progress::Decided(verdict)) => return Ok(Ok(verdict)),
            Ok(Progress::Needs(needs)) => {
                evidence.extend(needs.into_iter().flat_map(|need| supply(need, question)));
            }
        }
    }
    Err(format!("not decided in {ROUNDS} rounds"))
}

/// A runner fetches nothing, so whatever is needed is not to be had. It answers for one signature, where the question
/// says so; every other is the component's to verify.
fn supply(need: Need, question: &Question) -> Vec<Item> {
    let mut items = Vec::new();
    if let Wanted::SignatureChecks(checks) = &need.what {
        let vouched = checks.iter().filter(|check| Some(&check.message) == question.vouched.as_ref());
        items.extend(
            vouched.map(|check| Item::Signature(SignatureAnswer { id: check.id.clone(), verifies: true })),
        );
    }
    items.push(Item::Unavailable(Unavailable { request_id: need.id, reason: UnavailableReason::Offline }));
    items
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
        let expected = case.expected;
        let Some(answer) = answer else {
            self.skipped += 1;
            return json!({ "id": case.id, "expected": expected.word(), "skipped": case.skip });
        };
        let same_policies =
            case.policies.as_ref().is_none_or(|expected| same_set(expected, &answer.policies));
        let as_expected =
            answer.outcome == expected && (same_policies || expected == Outcome::Deny) && answer.same_request;
        let agrees = as_expected || (case.may_be_malformed && answer.codes == ["input.malformed"]);
        match agrees {
            true => self.agree += 1,
            false if answer.outcome > expected => self.false_accept += 1,
            false => self.false_reject += 1,
        }
        let same_reason =
            case.reasons.is_empty() || answer.codes.iter().any(|code| case.reasons.contains(&code.as_str()));
        self.reason_differs += usize::from(!same_reason);
        let standing = divergences.standing(suite, &case.id, answer.outcome, agrees);
        self.listed += usize::from(standing == Standing::Listed);
        self.wrong += usize::from(matches!(standing, Standing::Unlisted | Standing::UnexpectedlyAgrees));
        json!({
            "id": case.id,
            "expected": expected.word(),
            "got": answer.outcome.word(),
            "agree": agrees,
            "listed": standing == Standing::Listed,
            "unexpectedly_agrees": standing == Standing::UnexpectedlyAgrees,
            "same_reason": same_reason,
            "same_policies": same_policies,
            "same_request": answer.same_request,
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

#[cfg(test)]
mod tests;
