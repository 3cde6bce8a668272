//! What comes of cases: each is judged as a capsule is, from its inputs and what it answers to the engine's needs. Sessions,
//! and validators that are the same for many cases, are made once; what this host's library verifies, the engine need not.

use std::path::Path;

use engine_capsule::{Mode, Record, Trusted};
use engine_cases::{Case, Content, Difference, Given, Need, Prepared, Sought};
use serde_json::Value;

use super::super::check::Problem;
use super::suite::{Suite, problem};
use crate::capsule::form;
use crate::cli::{Failure, file, said};
use crate::component::contract::evaluate::Outcome as Evaluated;
use crate::component::contract::evidence::Wanted;
use crate::component::contract::types::Refusal;
use crate::component::{Answer, Engine, Session, Validator};
use crate::decide::ONLINE;
use crate::signature;

/// Validators that are kept.
const KEPT: usize = 16;
/// Memory of a session from which on it is let go.
const MOST_MEMORY: usize = 256 * 1024 * 1024;
/// Rounds in which something is answered: checks of signatures of a few paths, and each certificate's sources.
const ROUNDS: usize = 64;

/// What came of a case.
pub(super) struct Judged {
    pub(super) outcome: Outcome,
    /// The purpose that was asked for.
    pub(super) purpose: Option<String>,
    /// The verdict's document, where there is one.
    pub(super) document: Option<Value>,
}

/// How a case came out.
pub(super) enum Outcome {
    /// As was expected.
    Passed,
    /// Otherwise.
    Failed(Vec<Difference>),
    /// It could not be judged.
    Unusable(Box<Problem>),
}

/// Judges the cases of all files, as many at once as there are processors; what comes of each, in their order.
///
/// # Errors
/// When the engine fails.
pub(super) fn all(engine: &Engine, policy: &str, suites: &[Suite]) -> Result<Vec<Vec<Judged>>, Failure> {
    let cases: Vec<(usize, &Case)> = suites.iter().enumerate().flat_map(listed).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let size = cases.len().div_ceil(threads).max(1);
    let lanes: Vec<Result<Vec<(usize, Judged)>, Failure>> = std::thread::scope(|scope| {
        let lanes: Vec<_> = cases
            .chunks(size)
            .map(|lane| {
                scope.spawn(move || {
                    let mut judge = Judge::new(engine, policy)?;
                    let one = |(place, case): &(usize, &Case)| {
                        let suite = suites.get(*place);
                        let directory = suite.map(Suite::directory).unwrap_or_default();
                        Ok((*place, judge.case(case, &directory)?))
                    };
                    lane.iter().map(one).collect()
                })
            })
            .collect();
        let failed = || Err(Failure::Fault("the program failed while it judged cases".to_owned()));
        lanes.into_iter().map(|lane| lane.join().unwrap_or_else(|_| failed())).collect()
    });
    let mut all: Vec<Vec<Judged>> = suites.iter().map(|_| Vec::new()).collect();
    for lane in lanes {
        for (place, judged) in lane? {
            if let Some(suite) = all.get_mut(place) {
                suite.push(judged);
            }
        }
    }
    Ok(all)
}

/// The cases of a file, each with the file's place.
fn listed((place, suite): (usize, &Suite)) -> Vec<(usize, &Case)> {
    suite.cases.iter().flatten().map(|case| (place, case)).collect()
}

/// Judges one case after another.
struct Judge<'e> {
    engine: &'e Engine,
    policy: &'e str,
    session: Session,
    kept: Vec<(Mode, Vec<Trusted>, Validator)>,
}

impl<'e> Judge<'e> {
    fn new(engine: &'e Engine, policy: &'e str) -> Result<Self, Failure> {
        let session = engine.session_within(ONLINE).map_err(said::fault)?;
        Ok(Self { engine, policy, session, kept: Vec::new() })
    }

    fn case(&mut self, case: &Case, directory: &Path) -> Result<Judged, Failure> {
        if self.session.is_broken() || self.session.memory() > MOST_MEMORY {
            *self = Self::new(self.engine, self.policy)?;
        }
        let unusable = |problem: Problem| Judged {
            outcome: Outcome::Unusable(Box::new(problem)),
            purpose: case.purpose.clone(),
            document: None,
        };
        let mut fault = None;
        let prepared = case.prepare(self.policy, |given| {
            read(&mut self.session, directory, given).map_err(|failure| match failure {
                Failure::Question(line) => line,
                ours @ Failure::Fault(_) => {
                    let line = ours.to_string();
                    fault = Some(ours);
                    line
                }
            })
        });
        if let Some(fault) = fault {
            return Err(fault);
        }
        let prepared = match prepared {
            Ok(prepared) => prepared,
            Err(wrong) => return Ok(unusable(problem(*wrong))),
        };
        let document = match self.document(&prepared).map_err(said::fault)? {
            Ok(document) => serde_json::from_str(&document).map_err(said::fault)?,
            Err(refusal) => return Ok(unusable(refused(case, &refusal))),
        };
        let differences = case.differences(&prepared, &document);
        let outcome = if differences.is_empty() { Outcome::Passed } else { Outcome::Failed(differences) };
        Ok(Judged { outcome, purpose: case.purpose.clone(), document: Some(document) })
    }

    /// The verdict's document.
    fn document(&mut self, prepared: &Prepared) -> Answer<String> {
        let mut record = prepared.inputs.clone().undecided();
        let place = match self.validator(&record)? {
            Ok(place) => place,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some((_, _, validator)) = self.kept.get(place) else { return Ok(Err(asks_on())) };
        let mut validation = form::validation(&record);
        validation.answers_signature_checks = true;
        let mut signatures = Vec::new();
        for _ in 0..ROUNDS {
            let mut evidence = form::items(&record);
            evidence.extend(signatures.iter().cloned());
            let needs = match self.session.evaluate(validator, &validation, &evidence)? {
                Ok(Evaluated::Decided(verdict)) => return Ok(Ok(verdict.document)),
                Ok(Evaluated::Needs(needs)) => needs,
                Err(refusal) => return Ok(Err(refusal)),
            };
            for need in &needs {
                let what = match &need.what {
                    Wanted::SignatureChecks(checks) => {
                        signatures.extend(signature::answer(&need.id, checks));
                        continue;
                    }
                    Wanted::OcspResponse(how) => Sought::OcspResponse { uri: &how.uri, body: &how.body },
                    Wanted::Crl(_) => Sought::Crl,
                    Wanted::IssuerCertificate(_) => Sought::IssuerCertificate,
                };
                record.evidence.push(prepared.answer(&Need { id: &need.id, about: &need.about, what }));
            }
        }
        Ok(Err(asks_on()))
    }

    /// The place of the validator with the mode and the trust of a record; it is made where there is none.
    fn validator(&mut self, record: &Record) -> Answer<usize> {
        let is_its = |(mode, trusted, _): &(Mode, Vec<Trusted>, Validator)| {
            *mode == record.mode && *trusted == record.trusted
        };
        if let Some(place) = self.kept.iter().position(is_its) {
            return Ok(Ok(place));
        }
        if self.kept.len() >= KEPT {
            let (_, _, oldest) = self.kept.remove(0);
            self.session.close(oldest)?;
        }
        let validator = match self.session.validator(self.policy, form::mode(record.mode))? {
            Ok(validator) => validator,
            Err(refusal) => return Ok(Err(refusal)),
        };
        for trusted in &record.trusted {
            if let Err(refusal) = believe(&mut self.session, &validator, trusted)? {
                self.session.close(validator)?;
                return Ok(Err(refusal));
            }
        }
        self.kept.push((record.mode, record.trusted.clone(), validator));
        Ok(Ok(self.kept.len().saturating_sub(1)))
    }
}

fn believe(session: &mut Session, validator: &Validator, trusted: &Trusted) -> Answer<()> {
    match trusted {
        Trusted::Anchor { role, certificate } => {
            session.add_anchor(validator, &certificate.0, form::role(*role))
        }
        Trusted::Stored { active_from, at, certificate } => {
            let told = session.add_stored(validator, &certificate.0, *active_from, *at)?;
            Ok(told.map(drop))
        }
        Trusted::Responder { issuer, certificate } => {
            let issuer = issuer.as_ref().map(|issuer| issuer.0.as_slice());
            session.designate_responder(validator, &certificate.0, issuer)
        }
    }
}

/// The engine asks once for each thing; this is told where it does not.
fn asks_on() -> Refusal {
    Refusal { code: "question.asks-on".to_owned(), input: "question".to_owned(), details: Vec::new() }
}

/// A question that the engine refuses, at the line of its case.
fn refused(case: &Case, refusal: &Refusal) -> Problem {
    Problem {
        code: refusal.code.clone(),
        line: case.line,
        column: 1,
        key: String::new(),
        message: format!("{}: {}", refusal.input, said::problem(refusal)),
        nearest: None,
        expected: Vec::new(),
        other: None,
    }
}

/// What is in a file that a case names, or in its PEM.
fn read(session: &mut Session, directory: &Path, given: &Given) -> Result<Vec<Vec<u8>>, Failure> {
    let expected = match given.content {
        Content::Certificates => &file::CERTIFICATES,
        Content::Crls => &file::CRLS,
        Content::OcspResponse => &file::OCSP_RESPONSE,
    };
    let file::File { name, octets } = if given.is_text() {
        file::File { name: "PEM".to_owned(), octets: given.text.clone().into_bytes() }
    } else {
        file::read_named(&directory.join(&given.text), expected)?
    };
    let found = match given.content {
        Content::OcspResponse => return Ok(vec![octets]),
        Content::Certificates => {
            session.read_bundle(&octets).map(|answer| answer.map(|bundle| bundle.certificates))
        }
        Content::Crls => session.read_crls(&octets),
    };
    found.map_err(said::fault)?.map_err(|refusal| said::refusal(&name, &refusal))
}
