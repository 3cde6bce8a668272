//! The engine's codes and values in the words of `engine-wording`, the only place with wording for people.

use std::fmt;

use super::{Failure, question};
use crate::component::contract::management::ManagementFinding;
use crate::component::contract::types::{Detail, Refusal, Value};
use crate::component::contract::verdict::{Counterfactual, Finding};

/// What a rule observed, in one sentence.
#[must_use]
pub fn finding(finding: &Finding) -> String {
    engine_wording::sentence(&finding.code, &values(&finding.details))
}

/// What would flip a finding.
#[must_use]
pub fn change(change: &Counterfactual) -> String {
    engine_wording::counterfactual(&change.change, &values(&change.details))
}

/// What a rule of management observed, in one sentence.
#[must_use]
pub fn management(finding: &ManagementFinding) -> String {
    engine_wording::management_sentence(&finding.code, &values(&finding.details))
}

/// Why a source of revocation status says nothing.
#[must_use]
pub fn silence(code: &str, details: &[Detail]) -> String {
    engine_wording::status::why(code, &values(details))
}

/// Why an input cannot be used, after the name of the file or option it came from.
#[must_use]
pub fn refusal(name: &str, refusal: &Refusal) -> Failure {
    Failure::Question(engine_wording::refusal(&refusal.code, name, &values(&refusal.details)))
}

/// What is wrong with an input, without the input and the place in it.
#[must_use]
pub fn problem(refusal: &Refusal) -> String {
    engine_wording::refusal_sentence(&refusal.code, &values(&refusal.details))
}

/// The values of one name that a refusal carries.
#[must_use]
pub fn details(refusal: &Refusal, name: &str) -> Vec<String> {
    refusal.details.iter().filter(|detail| detail.name == name).map(|detail| value(&detail.value)).collect()
}

/// Something of ours failed.
pub fn fault(error: impl fmt::Display) -> Failure {
    Failure::Fault(error.to_string())
}

fn values(details: &[Detail]) -> Vec<(&str, String)> {
    details.iter().map(|detail| (detail.name.as_str(), value(&detail.value))).collect()
}

fn value(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Octets(octets) => octets.iter().map(|octet| format!("{octet:02x}")).collect(),
        Value::Oid(text) | Value::Text(text) => text.clone(),
        Value::Time(instant) => question::shown(*instant),
    }
}
