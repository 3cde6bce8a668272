//! The outcome as one JSON document.

use serde::Serialize;
use serde_json::{Value, json};

use super::super::check::{self, Problem};
use super::judge::{Judged, Outcome};
use super::page::sentence;
use super::suite::Suite;
use super::{Counts, Round};
use crate::cli::Failure;

#[derive(Serialize)]
struct File<'a> {
    file: &'a str,
    problems: &'a [Problem],
    cases: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Told<'a> {
    name: &'a str,
    note: Option<&'a str>,
    line: usize,
    outcome: &'static str,
    /// The decision, where there is one.
    decision: Option<&'a str>,
    differences: Vec<Value>,
    problem: Option<&'a Problem>,
}

/// Writes a round.
///
/// # Errors
/// When it cannot be written, which is a fault of ours.
pub(super) fn json(round: &Round, counts: Counts) -> Result<String, Failure> {
    let files: Vec<File<'_>> = round.suites.iter().map(|(suite, judged)| file(suite, judged)).collect();
    let Counts { passed, failed, unusable, unreadable } = counts;
    check::json(&json!({
        "policy": round.policy,
        "sha256": round.sha256,
        "total": passed.saturating_add(failed).saturating_add(unusable),
        "passed": passed,
        "failed": failed,
        "not-judged": unusable,
        "unreadable": unreadable,
        "files": files,
        "coverage": { "rules": round.coverage.rules(), "levels": round.coverage.levels() },
    }))
}

fn file<'a>(suite: &'a Suite, judged: &'a [Judged]) -> File<'a> {
    let cases = suite.cases.as_deref().unwrap_or_default();
    let told = cases.iter().zip(judged).map(|(case, judged)| {
        let (outcome, differences, problem) = match &judged.outcome {
            Outcome::Passed => ("passed", [].as_slice(), None),
            Outcome::Failed(differences) => ("failed", differences.as_slice(), None),
            Outcome::Unusable(problem) => ("not-judged", [].as_slice(), Some(problem.as_ref())),
        };
        Told {
            name: &case.name,
            note: case.note.as_deref(),
            line: case.line,
            outcome,
            decision: judged.document.as_ref().and_then(|document| document.get("decision")?.as_str()),
            differences: differences.iter().map(difference).collect(),
            problem,
        }
    });
    let problems = suite.cases.as_ref().err().map(Vec::as_slice).unwrap_or_default();
    File { file: &suite.file, problems, cases: told.collect() }
}

/// A difference, each finding with its sentence.
fn difference(difference: &engine_cases::Difference) -> Value {
    let findings = difference.findings.iter().map(|finding| {
        json!({
            "code": finding.code,
            "severity": finding.severity,
            "certificate": finding.certificate,
            "rule": finding.rule,
            "sentence": sentence(finding),
        })
    });
    json!({
        "field": difference.field,
        "certificate": difference.certificate,
        "expected": difference.expected,
        "found": difference.found,
        "findings": findings.collect::<Vec<_>>(),
    })
}
