//! Rules of a deployment's own, asked about a path that every built-in check accepts (RFC 5280 6.2: what a deployment
//! demands beyond the algorithm). A rule whose expression is true has its effect. There is none that accepts, and what
//! comes out here is only ever added to what others found, so no rule turns a refusal into an acceptance.
//!
//! An expression that fails says nothing, and nothing is no acceptance: a rule that would refuse refuses. Files: `facts`
//! where the facts come from, [`row`] what rules say where little more than statuses is known.

mod facts;
pub mod row;

use crate::budget::Budget;
use crate::expression::Reason;
use crate::expression::fact::Scope;
use crate::expression::value::Failure;
use crate::finding::{Code, Finding, Findings, Level, Severity, Subject, Value};
use crate::path::subject_at;
use crate::path::validate::Context;
use crate::revocation::CheckedPath;
use crate::settings::Settings;
use crate::settings::custom::CustomRule;
use facts::PathFacts;

/// What the rules of the settings say of `path`, in the order of the document and of the path.
#[must_use]
pub fn check(path: &CheckedPath, context: &Context<'_>, budget: &mut Budget) -> Vec<Finding> {
    let mut findings = Findings::new(&context.settings.levels);
    let certificates = path.path().candidate().certificates(context.pool);
    let mut facts = PathFacts { certificates, statuses: path.statuses(), context, position: 0 };
    let concerned = context.settings.rules.iter().filter(|rule| is_asked(rule, context));
    for rule in concerned {
        let places = match rule.each {
            Scope::Certificate => facts.certificates.len(),
            Scope::Path => 1,
        };
        for position in 0..places {
            facts.position = position;
            let Some((code, details)) = ask(rule, &facts, context.settings, budget) else { continue };
            let turn = (code == Code::CustomDenied && !findings.denies()).then(|| turned(rule, &facts));
            let details = details.into_iter().chain(turn.into_iter().flatten()).collect();
            findings.report(code, subject(rule, &facts), details);
        }
    }
    findings.into_list()
}

/// Whether a rule that is asked may say something else at another moment: what it was not asked about then is no promise.
#[must_use]
pub fn reads_time(context: &Context<'_>) -> bool {
    context.settings.rules.iter().any(|rule| rule.when.reads_time() && is_asked(rule, context))
}

/// A rule for purposes is asked where one of them is; one for none in particular, always.
fn is_asked(rule: &CustomRule, context: &Context<'_>) -> bool {
    is_for(rule, context.purpose.map(|purpose| purpose.name.as_str()))
}

fn is_for(rule: &CustomRule, purpose: Option<&str>) -> bool {
    rule.purposes.is_empty() || rule.purposes.iter().any(|name| purpose == Some(name))
}

/// The certificate that a rule was asked about; the path as a whole is the question's.
fn subject(rule: &CustomRule, facts: &PathFacts<'_>) -> Option<Subject> {
    let certificate = facts.certificates.get(facts.position).filter(|_| rule.each == Scope::Certificate)?;
    subject_at(facts.position, certificate)
}

type Told = (Code, Vec<(&'static str, Value)>);

fn ask(rule: &CustomRule, facts: &PathFacts<'_>, settings: &Settings, budget: &mut Budget) -> Option<Told> {
    let outcome = rule.when.holds(facts, budget);
    let (code, failure) = match outcome {
        Ok(false) => return None,
        Ok(true) => (code_of(rule.effect), None),
        Err(failure) => (code_of_failure(rule.effect, settings), Some(failure)),
    };
    let reasons = rule.when.explain(facts, budget);
    Some((code, told(rule, failure, reasons)))
}

fn code_of(effect: Severity) -> Code {
    match effect {
        Severity::Deny => Code::CustomDenied,
        Severity::Inform => Code::CustomNoticed,
        Severity::Warn => Code::CustomWarned,
    }
}

/// Fail closed: what would refuse, by its effect or by the level of its code, does.
fn code_of_failure(effect: Severity, settings: &Settings) -> Code {
    match settings.levels.of(code_of(effect)) {
        Level::Deny => Code::CustomFailed,
        Level::Ignore | Level::Inform | Level::Warn => Code::CustomUnevaluated,
    }
}

fn told(rule: &CustomRule, failure: Option<Failure>, reasons: Vec<Reason>) -> Vec<(&'static str, Value)> {
    let mut details = vec![
        ("rule", Value::text(&rule.id)),
        ("effect", Value::text(rule.effect.word())),
        ("message", Value::text(&rule.message)),
        ("expression", Value::text(rule.when.to_string())),
    ];
    details.extend(failure.map(|failure| ("failure", Value::text(failure.word()))));
    let because = |reason: Reason| ("because", Value::text(format!("{} is {}", reason.part, reason.value)));
    details.extend(reasons.into_iter().map(because));
    details
}

/// What would have turned the first refusal, as a change of one fact; others are told once this one is mended.
fn turned(rule: &CustomRule, facts: &PathFacts<'_>) -> Vec<(&'static str, Value)> {
    let turn = rule.when.turn(facts).into_iter();
    turn.flat_map(|turn| {
        [("turnedPart", turn.part), ("turnedFrom", turn.from), ("turnedTo", turn.to)]
            .map(|(name, text)| (name, Value::text(text)))
    })
    .collect()
}

#[cfg(test)]
mod tests;
