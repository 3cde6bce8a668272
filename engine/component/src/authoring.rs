//! What policy authors ask: converts, and calls the engine.

use engine::policy::custom::row::OwnRules;
use engine::policy::table::{Answer, Row, decision_table};
use engine::revocation::RevocationStatus;
use engine::settings::document::difference::{self, Difference};
use engine::settings::document::{parse, parse_in_mode, problems};

use crate::bindings::exports::assayer::engine::{policy, request, types};
use crate::{Component, convert};

impl policy::Guest for Component {
    fn problems(document: String, mode: request::Mode) -> Vec<types::Refusal> {
        problems(&document, convert::mode(mode)).iter().map(convert::document_error).collect()
    }

    fn differences(before: String, after: String) -> Result<Vec<policy::Difference>, types::Refusal> {
        let read = |text: &str, input: &str| {
            parse(text).map_err(|error| types::Refusal {
                input: input.to_owned(),
                ..convert::document_error(&error)
            })
        };
        let (before, after) = (read(&before, "before")?, read(&after, "after")?);
        Ok(convert::list(difference::differences(&before, &after), difference))
    }

    fn decision_table(
        document: String,
        mode: request::Mode,
        purpose: Option<String>,
    ) -> Result<Vec<policy::Decision>, types::Refusal> {
        let settings =
            parse_in_mode(&document, convert::mode(mode)).map_err(|error| convert::document_error(&error))?;
        Ok(convert::list(decision_table(&settings, purpose.as_deref()), decision))
    }
}

fn difference(from: Difference) -> policy::Difference {
    use difference::Effect as From;
    let effect = match from.effect {
        From::Stricter => policy::Effect::Stricter,
        From::Looser => policy::Effect::Looser,
        From::Other => policy::Effect::Other,
    };
    policy::Difference { key: from.key, before: from.before, after: from.after, effect }
}

fn decision(from: Row) -> policy::Decision {
    let answer = match from.answer {
        Answer::Good => policy::StatusAnswer::Good,
        Answer::Revoked => policy::StatusAnswer::Revoked,
        Answer::OnHold => policy::StatusAnswer::OnHold,
        Answer::Unknown => policy::StatusAnswer::Unknown,
        Answer::Nothing => policy::StatusAnswer::Nothing,
    };
    let status = match from.status {
        RevocationStatus::Good => "good",
        RevocationStatus::Revoked(_) => "revoked",
        RevocationStatus::Unknown => "unknown",
        RevocationStatus::Undetermined(_) => "undetermined",
        RevocationStatus::NotAsked => "not-asked",
    };
    let rules = match from.rules {
        OwnRules::Deny => policy::OwnRules::Deny,
        OwnRules::MayDeny => policy::OwnRules::MayDeny,
        OwnRules::Pass => policy::OwnRules::Pass,
    };
    policy::Decision {
        about_issuer: from.position > 0,
        source: convert::status_source(from.source),
        model: convert::trust_model(from.model),
        answer,
        asked: from.is_asked,
        status: status.to_owned(),
        allowed: from.is_allowed(),
        findings: convert::list(from.findings, |(code, severity)| {
            (code.as_str().to_owned(), convert::severity(severity))
        }),
        rules,
    }
}
