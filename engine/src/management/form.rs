//! A plan as one JSON document: fields in the order of the contract, octets in hexadecimal, times as in RFC 3339. The
//! same plan always has the same text.

use serde::Serialize;

use super::cluster::{NodeRole, Origin, Place, Room};
use super::encode::{Form, Unsigned};
use super::operation::Planned;
use super::plan::{Action, Advice, Effect, ManagementFinding, Need};
use crate::finding::trace::hexadecimal;
use crate::verdict::form::DetailFields;

/// The canonical document of a plan.
#[must_use]
pub fn document(planned: &Planned) -> String {
    let plan = &planned.plan;
    let fields = PlanFields {
        refused: plan.is_refused(),
        effects: plan.effects.iter().map(EffectFields::of).collect(),
        findings: plan.findings.iter().map(FindingFields::of).collect(),
        advice: plan.advice.iter().map(AdviceFields::of).collect(),
        unsigned: planned.unsigned.iter().map(UnsignedFields::of).collect(),
    };
    // Serialising these types cannot fail: no map has other keys than text, and no writer is involved.
    serde_json::to_string(&fields).unwrap_or_default()
}

#[derive(Serialize)]
struct PlanFields<'a> {
    refused: bool,
    effects: Vec<EffectFields<'a>>,
    findings: Vec<FindingFields>,
    advice: Vec<AdviceFields<'a>>,
    unsigned: Vec<UnsignedFields<'a>>,
}

/// Every kind of effect has the same fields; what does not apply is null.
#[derive(Default, Serialize)]
#[serde(rename_all = "kebab-case")]
struct EffectFields<'a> {
    effect: &'static str,
    room: &'static str,
    name: &'a str,
    node: Option<&'a str>,
    certificate: Option<String>,
    subject: Option<String>,
    origin: Option<&'static str>,
    active_from: Option<String>,
}

impl<'a> EffectFields<'a> {
    fn of(effect: &'a Effect) -> Self {
        let at = |effect, place: &'a Place, fingerprint: &[u8; 32]| Self {
            effect,
            room: place.room.word(),
            name: place.room.name(),
            node: place.node.as_deref(),
            certificate: Some(hexadecimal(fingerprint)),
            ..Self::default()
        };
        match effect {
            Effect::Store { place, certificate, origin, active_from } => Self {
                subject: Some(certificate.subject.to_string()),
                origin: Some(origin.word()),
                active_from: active_from.map(|moment| moment.to_string()),
                ..at("store", place, &certificate.fingerprint)
            },
            Effect::Remove { place, fingerprint } => at("remove", place, fingerprint),
            Effect::Revive { place, fingerprint } => at("revive", place, fingerprint),
            Effect::DropRequest { purpose, node } => Self {
                effect: "drop-request",
                room: "identity",
                name: purpose,
                node: node.as_deref(),
                ..Self::default()
            },
            Effect::RemoveNode(name) => Self::of_node("remove-node", name),
            Effect::SetRole(node) => match node.role {
                NodeRole::Publisher => Self::of_node("make-publisher", &node.name),
                NodeRole::Subscriber => Self::of_node("make-subscriber", &node.name),
            },
        }
    }
}

impl<'a> EffectFields<'a> {
    fn of_node(effect: &'static str, name: &'a str) -> Self {
        Self { effect, room: "node", name, node: Some(name), ..Self::default() }
    }
}

#[derive(Serialize)]
struct FindingFields {
    code: &'static str,
    severity: &'static str,
    position: Option<usize>,
    certificate: Option<String>,
    clause: &'static str,
    rules: &'static [&'static str],
    details: Vec<DetailFields>,
}

impl FindingFields {
    fn of(finding: &ManagementFinding) -> Self {
        Self {
            code: finding.code.as_str(),
            severity: finding.severity.word(),
            position: finding.position,
            certificate: finding.certificate.map(|fingerprint| hexadecimal(&fingerprint)),
            clause: finding.code.clause(),
            rules: finding.code.rules(),
            details: finding.details.iter().map(DetailFields::of).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct AdviceFields<'a> {
    action: &'static str,
    concerning: Option<&'a str>,
    service_kind: Option<&'static str>,
    node: Option<&'a str>,
    need: &'static str,
    rules: &'static [&'static str],
}

impl<'a> AdviceFields<'a> {
    fn of(advice: &'a Advice) -> Self {
        Self {
            action: advice.action.word(),
            concerning: advice.action.concerning(),
            service_kind: advice.action.service().map(|service| service.kind.word()),
            node: advice.node.as_deref(),
            need: advice.need.word(),
            rules: advice.rules,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct UnsignedFields<'a> {
    purpose: &'a str,
    node: Option<&'a str>,
    key_type: &'static str,
    bits: u16,
    hash: &'static str,
    algorithm: &'static str,
    years: Option<u8>,
}

impl<'a> UnsignedFields<'a> {
    fn of(unsigned: &'a Unsigned) -> Self {
        Self {
            purpose: &unsigned.purpose,
            node: unsigned.node.as_deref(),
            key_type: unsigned.key.key_type.word(),
            bits: unsigned.key.bits,
            hash: unsigned.key.hash.word(),
            algorithm: unsigned.algorithm.word(),
            years: unsigned.form.years(),
        }
    }
}

impl Form {
    /// The years of a certificate; `None` for a request.
    #[must_use]
    pub fn years(self) -> Option<u8> {
        match self {
            Self::Request => None,
            Self::SelfSigned { years } => Some(years),
        }
    }
}

impl Room {
    /// The word for its kind in documents.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Identity(_) => "identity",
            Self::Trust(_) => "trust",
        }
    }
}

impl NodeRole {
    /// The word used in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Publisher => "publisher",
            Self::Subscriber => "subscriber",
        }
    }
}

impl Origin {
    /// The word used in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::SelfSigned => "self-signed",
            Self::Issued => "issued",
            Self::Uploaded => "uploaded",
            Self::Copied => "copied",
        }
    }
}

impl Need {
    /// The word used in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Recommended => "recommended",
            Self::Required => "required",
        }
    }
}

impl Action {
    /// The word used in documents.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Regenerate(_) => "regenerate",
            Self::RestartService(_) => "restart-service",
            Self::VerifyItl => "verify-itl",
            Self::VerifyCtl => "verify-ctl",
            Self::SignItl => "sign-itl",
            Self::SignCtl => "sign-ctl",
            Self::UpdateCtl => "update-ctl",
            Self::DistributeCtl => "distribute-ctl",
            Self::Backup => "backup",
            Self::ResetPhones => "reset-phones",
            Self::AwaitPhones => "await-phones",
            Self::RepeatBulkProvisioning => "repeat-bulk-provisioning",
            Self::ReprovisionSaml => "reprovision-saml",
            Self::RenewMultiServer(_) => "renew-multi-server",
        }
    }

    /// The purpose or the service concerned.
    #[must_use]
    pub fn concerning(&self) -> Option<&str> {
        match self {
            Self::Regenerate(purpose) | Self::RenewMultiServer(purpose) => Some(purpose),
            _ => self.service().map(|service| service.name.as_ref()),
        }
    }

    /// The service concerned.
    #[must_use]
    pub fn service(&self) -> Option<&super::plan::Service> {
        match self {
            Self::RestartService(service) => Some(service),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
