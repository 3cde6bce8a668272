//! Something people have to know: a heading, a sentence and a weight.

use sycamore::prelude::*;

use crate::engine::Problem as EngineProblem;
use crate::server::{Failure, Problem};
use crate::text::{self, common};

/// How much a notice weighs. Colour never says it alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// All is well.
    Good,
    /// Worth knowing.
    Note,
    /// Somebody should look.
    Warning,
    /// It does not work, or must not.
    Bad,
}

impl Weight {
    /// The style's class.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Bad => "bad",
        }
    }

    const fn sign(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Note => "i",
            Self::Warning => "!",
            Self::Bad => "✕",
        }
    }

    /// The weight of a finding's severity.
    pub(crate) fn of_severity(severity: &str) -> Self {
        match severity {
            "deny" => Self::Bad,
            "warn" => Self::Warning,
            _ => Self::Note,
        }
    }
}

/// A notice. A bad one is announced at once.
pub(crate) fn notice(weight: Weight, title: impl Into<String>, body: View) -> View {
    let role = if weight == Weight::Bad { "alert" } else { "status" };
    let (class, title) = (format!("notice {}", weight.class()), title.into());
    let sign = weight.sign();
    view! {
        div(class=class, role=role) {
            span(class="sign", aria-hidden="true") { (sign) }
            div(class="said") {
                strong { (title) }
                (body)
            }
        }
    }
}

/// A few words in a coloured frame.
pub(crate) fn badge(weight: Weight, words: impl Into<String>) -> View {
    let (class, words, sign) = (format!("badge {}", weight.class()), words.into(), weight.sign());
    view! {
        span(class=class) {
            span(aria-hidden="true") { (sign) " " }
            (words)
        }
    }
}

/// Why the server gave no answer.
pub(crate) fn failure(failure: &Failure) -> View {
    match failure {
        Failure::Refused(problem) => refused(problem),
        Failure::Unreachable => notice(Weight::Bad, common::UNREACHABLE, View::new()),
        Failure::Unreadable(reason) => {
            notice(Weight::Bad, text::with(common::UNREADABLE, &[("reason", reason)]), View::new())
        }
    }
}

fn refused(problem: &Problem) -> View {
    let place = problem.line.zip(problem.column).map(|(line, column)| {
        text::with(common::AT_PLACE, &[("line", &line.to_string()), ("column", &column.to_string())])
    });
    let about = problem.input.clone().into_iter().chain(place).collect::<Vec<_>>().join(", ");
    let (detail, code) = (problem.detail.clone(), problem.code.clone());
    let plan = problem.plan.as_ref().map(super::plan::plan).unwrap_or_default();
    notice(
        Weight::Bad,
        problem.title.clone(),
        view! {
            p { (detail) }
            p(class="aside") { (about) " " code { (code) } }
            (plan)
        },
    )
}

/// Why the engine in this page gave no answer.
pub(crate) fn engine_problem(problem: &EngineProblem) -> View {
    match problem {
        EngineProblem::Refused(refusal) => {
            let sentence = crate::engine::said::refusal(refusal);
            let code = refusal.code.clone();
            notice(Weight::Bad, sentence, view! { p(class="aside") { code { (code) } } })
        }
        EngineProblem::Fault(reason) => {
            notice(Weight::Bad, text::with(common::ENGINE_FAULT, &[("reason", reason)]), View::new())
        }
    }
}
