//! Input made to be slow, through the component: time, memory and counted work of each, against the bounds of
//! 250 ms and 64 MiB. The bounds hold for the shipped limits; inputs that need a limit raised say so.

mod encodings;
mod floods;
mod meshes;
mod names;
mod plans;

use host_server::component::contract::evaluate::Outcome;
use host_server::component::contract::management::{Cluster, Operation};
use host_server::component::contract::request::{Mode, ReferenceIdentifier, TrustRole, Validation};
use host_server::component::contract::verdict::Decision;
use host_server::component::limits::Ceilings;
use host_server::component::{Allocation, Engine, Session};
use pki::certificate::{AT, Issued};
use serde::Serialize;

use crate::measure::once;

/// Longest time, in milliseconds.
const TIME: f64 = 250.0;
/// Most linear memory, in MiB.
const MEMORY: f64 = 64.0;
/// How often each is run; the least time counts.
const RUNS: usize = 3;

/// What the component is given.
pub(crate) enum Work {
    /// A question.
    Judge(Box<Case>),
    /// A certificate to describe.
    Describe(Vec<u8>),
    /// A file to find certificates in.
    Read(Vec<u8>),
    /// An operation on a cluster.
    Plan(Box<(Cluster, Operation)>),
}

/// A question with what it is asked under.
#[derive(Default)]
pub(crate) struct Case {
    pub(crate) target: Vec<u8>,
    pub(crate) anchors: Vec<Vec<u8>>,
    pub(crate) untrusted: Vec<Vec<u8>>,
    pub(crate) policy: String,
    pub(crate) names: Vec<String>,
}

impl Case {
    pub(crate) fn of(target: &Issued, anchor: &Issued, untrusted: &[Issued]) -> Self {
        Self {
            target: target.der.clone(),
            anchors: vec![anchor.der.clone()],
            untrusted: untrusted.iter().map(|issued| issued.der.clone()).collect(),
            ..Self::default()
        }
    }

    pub(crate) fn under(self, policy: &str) -> Self {
        Self { policy: policy.to_owned(), ..self }
    }

    pub(crate) fn named(self, name: &str) -> Self {
        Self { names: vec![name.to_owned()], ..self }
    }
}

/// One hostile input.
pub(crate) struct Input {
    pub(crate) label: String,
    pub(crate) work: Work,
}

pub(crate) fn judge(label: impl Into<String>, case: Case) -> Input {
    Input { label: label.into(), work: Work::Judge(Box::new(case)) }
}

#[derive(Serialize)]
struct Row {
    input: String,
    answer: String,
    milliseconds: f64,
    mebibytes: f64,
    within: bool,
    spent: Vec<(String, u32)>,
}

/// Measures and prints.
pub(crate) fn run() -> Result<(), String> {
    let engine = Engine::load(Allocation::OnDemand).map_err(|fault| fault.to_string())?;
    let inputs = [meshes::inputs, names::inputs, floods::inputs, encodings::inputs, plans::inputs];
    println!(
        "hostile input through the component: least of {RUNS} runs, bounds {TIME} ms and {MEMORY} MiB\n"
    );
    println!("{:<58} {:>9} {:>7}  {:<7} answer and work", "input", "ms", "MiB", "within");
    let mut rows = Vec::new();
    // A second word on the command line chooses among the inputs.
    let chosen = std::env::args().nth(2).unwrap_or_default();
    let inputs = inputs.iter().flat_map(|inputs| inputs());
    for input in inputs.filter(|input| input.label.contains(&chosen)) {
        let row = measure(&engine, &input)?;
        let within = if row.within { "yes" } else { "NO" };
        let spent: Vec<String> = row.spent.iter().map(|(limit, spent)| format!("{limit} {spent}")).collect();
        println!(
            "{:<58} {:>9.1} {:>7.1}  {:<7} {}; {}",
            row.input,
            row.milliseconds,
            row.mebibytes,
            within,
            row.answer,
            spent.join(", ")
        );
        rows.push(row);
    }
    let beyond = rows.iter().filter(|row| !row.within).count();
    println!("\n{} inputs, {beyond} beyond the bounds", rows.len());
    println!("\n{}", serde_json::json!({ "bench": "hostile", "rows": rows }));
    Ok(())
}

fn measure(engine: &Engine, input: &Input) -> Result<Row, String> {
    // Four times the bound, so that what is beyond it can be measured.
    let ceilings = Ceilings { memory: 256 * 1024 * 1024, ..Ceilings::DEFAULT };
    let mut session = engine.session_within(ceilings).map_err(|fault| fault.to_string())?;
    let mut least = f64::INFINITY;
    let mut said = (String::new(), Vec::new());
    for _ in 0..RUNS {
        let took = once(|| {
            said = answer(&mut session, &input.work).unwrap_or_else(|fault| (fault, Vec::new()));
        });
        least = least.min(took / 1e6);
        if session.is_broken() {
            break;
        }
    }
    let mebibytes = f64::from(u32::try_from(session.memory() / 1024).unwrap_or(u32::MAX)) / 1024.0;
    let within = least <= TIME && mebibytes <= MEMORY && !session.is_broken();
    let (answer, spent) = said;
    Ok(Row { input: input.label.clone(), answer, milliseconds: least, mebibytes, within, spent })
}

/// The answer in a few words, and the counters that are not zero.
fn answer(session: &mut Session, work: &Work) -> Result<(String, Vec<(String, u32)>), String> {
    let plain = |words: String| Ok((words, Vec::new()));
    match work {
        Work::Judge(case) => judged(session, case),
        Work::Read(file) => match session.read_bundle(file).map_err(|fault| fault.to_string())? {
            Ok(bundle) => plain(format!("{} certificates", bundle.certificates.len())),
            Err(refusal) => plain(format!("refused, {}", refusal.code)),
        },
        Work::Plan(asked) => planned(session, asked).map(|words| (words, Vec::new())),
        Work::Describe(der) => match session.describe_document(der).map_err(|fault| fault.to_string())? {
            Ok(document) => plain(format!("document {} octets", document.len())),
            Err(refusal) => plain(format!("refused, {}", refusal.code)),
        },
    }
}

fn planned(session: &mut Session, asked: &(Cluster, Operation)) -> Result<String, String> {
    let said = |fault: host_server::component::Fault| fault.to_string();
    let refused = |refusal: host_server::component::contract::types::Refusal| format!("{refusal:?}");
    let validator = session.validator("", Mode::AsWritten).map_err(said)?.map_err(refused)?;
    let (cluster, operation) = asked;
    let plan = session.plan(&validator, cluster, operation, pki::time::seconds(AT)).map_err(said)?;
    session.close(validator).map_err(said)?;
    Ok(match plan {
        Ok(plan) => format!("{} findings, document {} octets", plan.findings.len(), plan.document.len()),
        Err(refusal) => format!("refused, {}", refusal.code),
    })
}

fn judged(session: &mut Session, case: &Case) -> Result<(String, Vec<(String, u32)>), String> {
    let said = |fault: host_server::component::Fault| fault.to_string();
    let refused = |refusal: host_server::component::contract::types::Refusal| format!("{refusal:?}");
    let validator = session.validator(&case.policy, Mode::AsWritten).map_err(said)?.map_err(refused)?;
    for anchor in &case.anchors {
        session.add_anchor(&validator, anchor, TrustRole::Issuer).map_err(said)?.map_err(refused)?;
    }
    let question = Validation {
        target: case.target.clone(),
        untrusted: case.untrusted.clone(),
        at: pki::time::seconds(AT),
        purpose: None,
        names: case.names.iter().map(|name| ReferenceIdentifier::Dns(name.clone())).collect(),
        nonce_seed: None,
        answers_signature_checks: false,
    };
    let outcome = session.evaluate(&validator, &question, &[]).map_err(said)?;
    session.close(validator).map_err(said)?;
    match outcome {
        Err(refusal) => Ok((format!("refused, {}", refusal.code), Vec::new())),
        Ok(Outcome::Needs(_)) => Err("asked for evidence".to_owned()),
        Ok(Outcome::Decided(verdict)) => {
            let codes = verdict.findings.iter().filter(|finding| {
                finding.severity == host_server::component::contract::verdict::Severity::Deny
            });
            let mut codes: Vec<&str> = codes.map(|finding| finding.code.as_str()).collect();
            codes.dedup();
            let words = match verdict.decision {
                Decision::Allow => "allow".to_owned(),
                Decision::Deny => format!("deny {}", codes.join(" ")),
            };
            let words = format!("{words}, document {} octets", verdict.document.len());
            let spent = verdict.spent.into_iter().filter(|expense| expense.spent > 0);
            Ok((words, spent.map(|expense| (expense.limit, expense.spent)).collect()))
        }
    }
}
