//! A plan as people read it: what changes, what speaks against it with its rule, and what has to be done afterwards.

use sycamore::prelude::*;

use super::notice::{Weight, badge};
use crate::document::plan::{Advice, Effect, Finding, Plan};
use crate::text::{self, common};

/// A plan that has not been carried out.
pub(crate) fn plan(plan: &Plan) -> View {
    whole(plan, common::EFFECTS)
}

/// A plan that has.
pub(crate) fn done(plan: &Plan) -> View {
    whole(plan, common::EFFECTS_DONE)
}

fn whole(plan: &Plan, heading: &'static str) -> View {
    let findings = section(common::FINDINGS, plan.findings.iter().map(finding).collect());
    let effects = section(heading, plan.effects.iter().map(effect).collect());
    let advice = section(common::ADVICE, plan.advice.iter().map(advice).collect());
    view! {
        (findings)
        (effects)
        (advice)
    }
}

fn section(title: &'static str, items: Vec<View>) -> View {
    if items.is_empty() {
        return View::new();
    }
    view! {
        h3 { (title) }
        ul(class="findings") { (items) }
    }
}

/// A finding of management: what it says, and what it rests on.
fn finding(finding: &Finding) -> View {
    let values: Vec<(&str, String)> =
        finding.details.iter().map(|detail| (detail.name.as_str(), detail.text())).collect();
    let sentence = engine_wording::management_sentence(&finding.code, &values);
    let title = engine_wording::management_title(&finding.code);
    basis(&finding.severity, title, sentence, &finding.clause, &finding.rules)
}

/// What was found, how much it weighs, and the clause and rules it rests on.
pub(crate) fn basis(severity: &str, title: &str, sentence: String, clause: &str, rules: &[String]) -> View {
    let weight = Weight::of_severity(severity);
    let word = common::SEVERITIES.iter().find(|(known, _)| *known == severity).map_or("", |(_, word)| word);
    let rests = [clause.to_owned()].into_iter().chain(rules.iter().cloned()).filter(|part| !part.is_empty());
    let rests = rests.collect::<Vec<_>>().join(" · ");
    let (title, weight) = (title.to_owned(), badge(weight, word));
    view! {
        li {
            (weight) " " strong { (title) }
            p { (sentence) }
            p(class="aside") { (rests) }
        }
    }
}

fn effect(effect: &Effect) -> View {
    let known = common::ACTS.iter().find(|(word, _)| *word == effect.effect);
    let act = known.map_or_else(|| effect.effect.clone(), |(_, said)| (*said).to_owned());
    let weight = if effect.effect.starts_with("remove") { Weight::Warning } else { Weight::Note };
    let node = effect.node.clone().unwrap_or_else(|| common::EVERY_NODE.to_owned());
    let (name, subject) = (effect.name.clone(), effect.subject.clone().unwrap_or_default());
    let act = badge(weight, act);
    view! {
        li { (act) " " strong { (name) } " (" (node) ") " (subject) }
    }
}

fn advice(advice: &Advice) -> View {
    let values: Vec<(&str, String)> =
        advice.concerning.iter().map(|concerning| ("concerning", concerning.clone())).collect();
    let said = engine_wording::advice(&advice.action, &values);
    let need = common::NEEDS.iter().find(|(word, _)| *word == advice.need).map_or("", |(_, said)| said);
    let weight = if advice.need == "required" { Weight::Warning } else { Weight::Note };
    let node =
        advice.node.clone().map(|node| text::with(" ({node})", &[("node", &node)])).unwrap_or_default();
    let need = badge(weight, need);
    // each restart is of a service of one of two kinds, on one node (R-SVC-21)
    let kind = common::SERVICE_KINDS.iter().find(|(word, _)| Some(*word) == advice.service_kind.as_deref());
    let kind = kind.map(|(_, said)| format!(" · {said}")).unwrap_or_default();
    view! { li { (need) " " (said) (node) (kind) } }
}
