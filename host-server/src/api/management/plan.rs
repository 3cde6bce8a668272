//! A plan: asked for, and shown as the engine's own document with a sentence beside each finding.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::Order;
use super::change;
use super::make::MadeDocument;
use super::situation::Situation;
use crate::api::Shared;
use crate::api::document;
use crate::api::error::ApiError;
use crate::cli::console;
use crate::cli::said;
use crate::component::contract::management::{Effect, ManagementFinding, Plan};
use crate::component::contract::request::Mode;
use crate::component::contract::verdict::Severity;
use crate::component::{Answer, Session};
use crate::storage::Change;

/// What was planned, and what a host would change for it.
pub(super) struct Planned {
    pub(super) plan: Plan,
    pub(super) changes: Vec<Change>,
    pub(super) document: Value,
}

/// What became of a write.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct WriteOutcome {
    /// It was done; false for a dry run.
    applied: bool,
    /// What was, or would be, done.
    #[schema(value_type = PlanDocument)]
    plan: Value,
    /// What was made and signed.
    made: Vec<MadeDocument>,
}

/// A plan: the engine's own document, with a sentence beside each finding.
#[derive(ToSchema)]
#[schema(rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its description is used")]
pub struct PlanDocument {
    /// A finding refuses the operation; then nothing is done.
    refused: bool,
    /// What is changed, in this order.
    effects: Vec<PlanEffect>,
    /// What was found, in the order of the input.
    findings: Vec<PlanFinding>,
    /// What a person has to do afterwards, in this order.
    advice: Vec<PlanAdvice>,
    /// What keys are made for, and what is signed with them.
    unsigned: Vec<PlanUnsigned>,
}

#[derive(ToSchema)]
#[schema(rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its description is used")]
struct PlanEffect {
    /// `store`, `remove`, `revive`, `drop-request`, `remove-node`, `make-publisher` or `make-subscriber`.
    effect: String,
    /// `identity`, `trust` or `node`.
    room: String,
    /// The slot, store or node.
    name: String,
    /// The node; null for every one.
    node: Option<String>,
    /// SHA-256 of the certificate, in hexadecimal.
    certificate: Option<String>,
    /// Its subject.
    subject: Option<String>,
    /// How it came.
    origin: Option<String>,
    /// It is not in use before this moment.
    active_from: Option<String>,
}

#[derive(ToSchema)]
#[schema(rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its description is used")]
struct PlanFinding {
    /// Stable machine code.
    code: String,
    /// The finding as a sentence.
    sentence: String,
    /// `deny`, `warn` or `info`.
    severity: String,
    /// Place of the certificate in the file, from 0.
    position: Option<u32>,
    /// SHA-256 of the certificate, in hexadecimal.
    certificate: Option<String>,
    /// The clause or decision the rule rests on.
    clause: String,
    /// Identifiers in the rule catalogue.
    rules: Vec<String>,
    /// The values compared: what was found, and what would be accepted.
    details: Vec<PlanDetail>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "only its description is used")]
struct PlanDetail {
    /// What the value is.
    name: String,
    /// `number`, `octets`, `oid`, `text` or `time`.
    r#type: String,
    /// The value.
    #[schema(value_type = Value)]
    value: Value,
}

#[derive(ToSchema)]
#[schema(rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its description is used")]
struct PlanAdvice {
    /// A stable word, such as `restart-service`.
    action: String,
    /// The service or the purpose.
    concerning: Option<String>,
    /// `feature` or `network`.
    service_kind: Option<String>,
    /// The node; null where it is the cluster's.
    node: Option<String>,
    /// `automatic`, `recommended` or `required`.
    need: String,
    /// Identifiers in the rule catalogue.
    rules: Vec<String>,
}

#[derive(ToSchema)]
#[schema(rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its description is used")]
struct PlanUnsigned {
    /// The identity purpose.
    purpose: String,
    /// The node; null for many servers.
    node: Option<String>,
    /// `rsa` or `ec`.
    key_type: String,
    /// The key's length.
    bits: u16,
    /// The hash it signs with.
    hash: String,
    /// The algorithm it signs with.
    algorithm: String,
    /// A certificate, valid for so many years; null for a request.
    years: Option<u8>,
}

impl Planned {
    pub(super) fn is_refused(&self) -> bool {
        self.denials().next().is_some()
    }

    pub(super) fn denials(&self) -> impl Iterator<Item = &ManagementFinding> {
        self.plan.findings.iter().filter(|finding| finding.severity == Severity::Deny)
    }

    /// The code and the sentence of the first finding that refuses.
    pub(super) fn first_denial(&self) -> (String, String) {
        let first = self.denials().next();
        first.map(|first| (first.code.clone(), said::management(first))).unwrap_or_default()
    }

    pub(super) fn outcome(&self, applied: bool, made: Vec<MadeDocument>) -> WriteOutcome {
        WriteOutcome { applied, plan: self.document.clone(), made }
    }
}

/// Asks the engine what an order would do in a situation now.
///
/// # Errors
/// An input that the engine cannot use, and no answer.
pub(super) async fn plan(app: &Shared, situation: &Situation, order: &Order) -> Result<Planned, ApiError> {
    let (cluster, operation) = (situation.cluster(), Arc::clone(&order.operation));
    let (policy, description) = (situation.policy.clone(), order.description.clone());
    let planned = app.pool.ask(move |session| {
        let validator = match session.validator(&policy, Mode::AsWritten)? {
            Ok(validator) => validator,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let plan = match session.plan(&validator, &cluster, &operation, console::clock())? {
            Ok(plan) => plan,
            Err(refusal) => return Ok(Err(refusal)),
        };
        Ok(changes(session, &plan.effects, &description)?.map(|changes| (plan, changes)))
    });
    let (plan, changes) = planned.await?.map_err(|refusal| document::refused(&refusal.input, &refusal))?;
    let document = shown(&plan);
    Ok(Planned { plan, changes, document })
}

/// What a host changes for effects.
pub(super) fn changes(session: &mut Session, effects: &[Effect], description: &str) -> Answer<Vec<Change>> {
    let mut changes = Vec::with_capacity(effects.len());
    for effect in effects {
        match change::of_effect(session, effect, description)? {
            Ok(change) => changes.push(change),
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
    Ok(Ok(changes))
}

/// The engine's document, with a sentence beside each finding.
fn shown(plan: &Plan) -> Value {
    let mut document: Value = serde_json::from_str(&plan.document).unwrap_or_default();
    let findings = document.get_mut("findings").and_then(Value::as_array_mut);
    for (shown, finding) in findings.into_iter().flatten().zip(&plan.findings) {
        if let Some(shown) = shown.as_object_mut() {
            shown.insert("sentence".to_owned(), json!(said::management(finding)));
        }
    }
    document
}
