//! Cases of the author's: a file as it is typed, each case judged under the document in force, and what of the document no
//! case exercises. What a case is, what it expects and what it is answered, `engine-cases` says.

use std::cell::RefCell;
use std::rc::Rc;

use engine_capsule::{Evidence, Question};
use engine_cases::{Case, Content, Coverage, Difference, Given, Known, Level, Prepared, Problem, Sought};
use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;

use super::board::{Accepted, Board, Progress};
use super::check::Mistake;
use super::judge::{Asked, Judged, judge};
use super::recorded::Inputs;
use super::run::Slices;
use crate::engine::contract::{Need, Wanted};
use crate::engine::kept::Trust;
use crate::engine::{self, Answer, Engine, said};
use crate::server::changes;
use crate::text::{self, playground};

/// Whoever types is not interrupted.
const PAUSE: i32 = 150;
/// What somebody begins with.
const BEGIN: &str = "at = 2026-11-22T12:00:00Z
ocsp = \"good\"
chain = [{ name = \"root\" }, { name = \"leaf\" }]

[[cases]]
name = \"a leaf\"
expect = \"allow\"

[[cases]]
name = \"a leaf that is revoked\"
ocsp = \"revoked\"
expect = \"deny\"
";

/// What is known of the file of cases.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Reading {
    /// What is wrong with it; nothing where it is a file of cases.
    pub(crate) mistakes: Vec<Mistake>,
    /// It was read.
    pub(crate) is_read: bool,
}

/// The cases as they are typed.
#[derive(Clone, Copy)]
pub(crate) struct Cases {
    /// The file.
    pub(crate) text: Signal<String>,
    /// What is known of it.
    pub(crate) reading: Signal<Reading>,
    /// What became of each case.
    pub(crate) results: Signal<Vec<Rc<Tried>>>,
    /// What of the document no case exercises: rules, then codes.
    pub(crate) lacking: Signal<Vec<String>>,
    /// Cases that are judged.
    pub(crate) judging: Signal<Progress>,
}

/// A case that was judged.
pub(crate) struct Tried {
    /// The case.
    pub(crate) case: Case,
    /// How the verdict differs from what is expected, or why there is none.
    pub(crate) outcome: Result<Vec<Difference>, String>,
    /// The verdict with what it rests on.
    pub(crate) judged: Option<OfCase>,
}

/// The verdict about a case.
pub(crate) struct OfCase {
    /// The document that it was judged by.
    pub(crate) policy: Rc<str>,
    /// The question.
    pub(crate) question: Question,
    /// What it rests on.
    pub(crate) inputs: Inputs,
    /// The verdict.
    pub(crate) verdict: Judged,
}

impl Tried {
    /// Nothing differs.
    pub(crate) fn has_passed(&self) -> bool {
        self.outcome.as_ref().is_ok_and(Vec::is_empty)
    }
}

thread_local! {
    /// The file while other pages are shown.
    static HELD: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The cases of this visit, judged whenever they or the document in force change.
pub(crate) fn begin(board: Board) -> Cases {
    let cases = Cases {
        text: create_signal(HELD.take().unwrap_or_else(|| BEGIN.to_owned())),
        reading: create_signal(Reading::default()),
        results: create_signal(Vec::new()),
        lacking: create_signal(Vec::new()),
        judging: create_signal(None),
    };
    create_effect(move || {
        let (text, accepted) = (cases.text.get_clone(), board.accepted.get_clone());
        // what is typed meanwhile ends this
        spawn_local_scoped(async move {
            changes::wait(PAUSE).await;
            if let Some(accepted) = accepted {
                as_typed(cases, &text, &accepted).await;
            }
            cases.judging.set(None);
        });
    });
    on_cleanup(move || HELD.set(Some(cases.text.get_clone_untracked())));
    cases
}

async fn as_typed(cases: Cases, text: &str, accepted: &Accepted) {
    let engine = match engine::engine().await {
        Ok(engine) => engine,
        Err(problem) => return refused(cases, vec![fault(&problem)]),
    };
    let settings = engine.validator(&accepted.document).and_then(|validator| validator.settings());
    let known = settings.ok().map(|settings| Known::of(&settings, engine_wording::known_codes()));
    let read = match engine_cases::read(text, known.as_ref()) {
        Ok(read) => read,
        Err(problems) => return refused(cases, problems.iter().map(mistake).collect()),
    };
    cases.reading.set(Reading { mistakes: Vec::new(), is_read: true });
    let (mut results, mut slices, total) = (Vec::new(), Slices::begin(), read.len());
    let mut coverage = Coverage::of(&accepted.document);
    for case in read {
        let tried = tried(&engine, case, accepted).await;
        if let Some(document) = tried.judged.as_ref().and_then(document) {
            coverage.count(tried.case.purpose.as_deref(), &document);
        }
        results.push(Rc::new(tried));
        if slices.is_picture() {
            cases.judging.set(Some((results.len(), total)));
        }
        slices.rest().await;
    }
    cases.results.set(results);
    cases.lacking.set(lacking(&coverage));
}

/// The cases that were read last stay on show.
fn refused(cases: Cases, mistakes: Vec<Mistake>) {
    cases.reading.set(Reading { mistakes, is_read: true });
}

fn fault(problem: &engine::Problem) -> Mistake {
    Mistake { line: 1, column: 1, sentence: reason(problem), ..Mistake::default() }
}

fn mistake(problem: &Problem) -> Mistake {
    Mistake {
        line: problem.line,
        column: problem.column,
        sentence: problem.message.clone(),
        about: [problem.key.clone(), problem.code.to_owned()]
            .into_iter()
            .filter(|one| !one.is_empty())
            .collect(),
        nearest: None,
        found: None,
    }
}

fn reason(problem: &engine::Problem) -> String {
    match problem {
        engine::Problem::Refused(refusal) => said::refusal(refusal),
        engine::Problem::Fault(reason) => text::with(playground::FAULT, &[("reason", reason)]),
    }
}

fn document(judged: &OfCase) -> Option<serde_json::Value> {
    serde_json::from_str(&judged.verdict.document).ok()
}

async fn tried(engine: &Engine, case: Case, accepted: &Accepted) -> Tried {
    let prepared = match case.prepare(&accepted.document, |given| read(engine, given)) {
        Ok(prepared) => prepared,
        Err(problem) => return Tried { case, outcome: Err(problem.to_string()), judged: None },
    };
    match of_case(&prepared, accepted).await {
        Ok(judged) => {
            let outcome = document(&judged).map(|document| case.differences(&prepared, &document));
            let outcome = outcome.ok_or_else(|| playground::UNDECIDED.to_owned());
            Tried { case, outcome, judged: Some(judged) }
        }
        Err(problem) => Tried { case, outcome: Err(reason(&problem)), judged: None },
    }
}

async fn of_case(prepared: &Prepared, accepted: &Accepted) -> Answer<OfCase> {
    let given = &prepared.inputs;
    let inputs = Inputs {
        trust: Rc::new(Trust::new(given.trusted.clone())),
        evidence: Rc::new(given.evidence.clone()),
    };
    let policy = Rc::clone(&accepted.document);
    let asked = Asked { policy: &policy, mode: given.mode, question: &given.question, inputs: &inputs };
    let verdict = judge(asked, |_| true, |need| answer(prepared, need)).await?;
    Ok(OfCase { question: given.question.clone(), policy, inputs, verdict })
}

/// What the case answers; signature checks are never asked for.
fn answer(prepared: &Prepared, need: &Need) -> Option<Evidence> {
    let what = match &need.what {
        Wanted::OcspResponse(from) => Sought::OcspResponse { uri: &from.uri, body: &from.body },
        Wanted::Crl(_) => Sought::Crl,
        Wanted::IssuerCertificate(_) => Sought::IssuerCertificate,
        Wanted::SignatureChecks(_) => return None,
    };
    Some(prepared.answer(&engine_cases::Need { id: &need.id, about: &need.about, what }))
}

/// What stands in the file itself; a page opens no other files.
fn read(engine: &Engine, given: &Given) -> Result<Vec<Vec<u8>>, String> {
    if !given.is_text() {
        return Err(text::with(playground::NO_FILES, &[("name", &engine_wording::escape(&given.text))]));
    }
    let octets = given.text.as_bytes();
    let read = match given.content {
        Content::Certificates => engine
            .read_bundle(octets)
            .map(|bundle| bundle.certificates.into_iter().map(serde_bytes::ByteBuf::into_vec).collect()),
        Content::Crls => engine.read_crls(octets),
        Content::OcspResponse => return Err(playground::NO_RESPONSE.to_owned()),
    };
    read.map_err(|problem| reason(&problem))
}

fn lacking(coverage: &Coverage) -> Vec<String> {
    let rules = coverage.rules().iter().filter(|rule| rule.is_lacking()).map(|rule| {
        let sentence = match (rule.spoke, rule.silent) {
            (0, 0) => playground::NEVER_ASKED,
            (0, _) => playground::NEVER_SPOKE,
            _ => playground::NEVER_SILENT,
        };
        text::with(sentence, &[("rule", &engine_wording::escape(&rule.id))])
    });
    let levels: Vec<_> = coverage.levels().iter().filter(|level| level.is_lacking()).collect();
    let levels = if levels.len() > MOST_LEVELS {
        vec![text::with(playground::NEVER_FOUND_MANY, &[("count", &levels.len().to_string())])]
    } else {
        let found = |level: &&Level| text::with(playground::NEVER_FOUND, &[("code", &level.code)]);
        levels.iter().map(found).collect()
    };
    rules.chain(levels).collect()
}

/// Levels that are listed one by one; a document that is written out in full has more.
const MOST_LEVELS: usize = 5;
