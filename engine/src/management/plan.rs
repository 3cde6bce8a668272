//! A plan: what an operation would do, what speaks against it, and what a person has to do afterwards.

use std::borrow::Cow;

use super::cluster::{Node, Origin, Place};
use super::code::ManagementCode;
use crate::certificate::Certificate;
use crate::finding::{Detail, Severity, Value};
use crate::time::Instant;

/// The outcome of planning an operation. Effects are empty where anything denies: an operation is done whole or
/// not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What a host applies, in this order and in one transaction.
    pub effects: Vec<Effect>,
    /// What was found, in the order of the input.
    pub findings: Vec<ManagementFinding>,
    /// What a person or another system has to do afterwards, in this order.
    pub advice: Vec<Advice>,
}

/// One change of the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A certificate is put into its place; on every node where the place names none.
    Store {
        /// Where.
        place: Place,
        /// The certificate.
        certificate: Box<Certificate>,
        /// How it came.
        origin: Origin,
        /// It is not in use before this moment.
        active_from: Option<Instant>,
    },
    /// A certificate is taken out of its place, wherever it lies where the place names no node. In a trust store it
    /// leaves a tombstone at that very place, in an identity slot none.
    Remove {
        /// Where from.
        place: Place,
        /// SHA-256 of its encoding.
        fingerprint: [u8; 32],
    },
    /// A tombstone is lifted, because an administrator brings the certificate back.
    Revive {
        /// Where.
        place: Place,
        /// SHA-256 of its encoding.
        fingerprint: [u8; 32],
    },
    /// A pending request is dropped.
    DropRequest {
        /// The identity purpose.
        purpose: String,
        /// The node; `None` for a multi-server request.
        node: Option<String>,
    },
    /// A node is taken out of the cluster, with every certificate and request that is its alone. Its tombstones stay,
    /// so that nothing that was deleted comes back with it (D-21).
    RemoveNode(String),
    /// A node has this role from now on.
    SetRole(Node),
}

/// A rule that was, or was not, met by an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagementFinding {
    /// Which rule.
    pub code: ManagementCode,
    /// How much it weighs.
    pub severity: Severity,
    /// Place of the certificate concerned in the input, from 0; `None` when it is the operation as a whole.
    pub position: Option<usize>,
    /// SHA-256 of the certificate concerned.
    pub certificate: Option<[u8; 32]>,
    /// The values compared: what was found, and what would be accepted.
    pub details: Vec<Detail>,
}

/// Something to be done outside the state: told, never done by a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// What.
    pub action: Action,
    /// The node it is to be done on; `None` where it is the cluster's.
    pub node: Option<String>,
    /// How urgent.
    pub need: Need,
    /// Identifiers in the rule catalogue.
    pub rules: &'static [&'static str],
}

/// How urgent an advice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// The product does it by itself; it is shown so that nobody wonders.
    Automatic,
    /// Worth doing.
    Recommended,
    /// The change has no, or a harmful, effect without it.
    Required,
}

/// An act outside the state.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Make the certificate of a purpose anew, before what follows.
    Regenerate(String),
    /// Restart a service.
    RestartService(Service),
    /// Make sure that the identity trust list (ITL) is valid and that all phones trust it.
    VerifyItl,
    /// Make sure that the certificate trust list (CTL) is valid.
    VerifyCtl,
    /// Have the ITL signed with the CallManager certificate.
    SignItl,
    /// Have the CTL signed with the CallManager certificate.
    SignCtl,
    /// Update the certificate trust list (CTL).
    UpdateCtl,
    /// The new CTL reaches the TFTP servers and the phones.
    DistributeCtl,
    /// Make a system backup.
    Backup,
    /// Reset the phones.
    ResetPhones,
    /// Wait until all phones have restarted.
    AwaitPhones,
    /// Repeat bulk provisioning.
    RepeatBulkProvisioning,
    /// Provision the service provider's metadata anew on the identity provider.
    ReprovisionSaml,
    /// Make a new multi-server certificate for a purpose.
    RenewMultiServer(String),
}

/// A service of a node, as the documents call it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Service {
    /// Its name.
    pub name: Cow<'static, str>,
    /// Under which heading of the control centre it stands.
    pub kind: ServiceKind,
}

/// The two kinds of services (R-SVC-21).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServiceKind {
    /// Activated where it is wanted.
    Feature,
    /// Always running.
    Network,
}

impl ServiceKind {
    /// The word used in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Feature => "feature",
            Self::Network => "network",
        }
    }
}

impl Plan {
    /// Whether anything refuses the operation.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Deny)
    }

    /// Reports that a rule was not met, at its own severity.
    pub fn report(&mut self, code: ManagementCode, about: About, details: Vec<(&'static str, Value)>) {
        let details = details.into_iter().map(|(name, value)| Detail { name, value: value.cut() }).collect();
        let About { position, certificate } = about;
        let finding = ManagementFinding { code, severity: code.severity(), position, certificate, details };
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// The plan as it is given out: a refused one changes nothing and advises nothing.
    #[must_use]
    pub fn concluded(mut self) -> Self {
        if self.is_refused() {
            self.effects.clear();
            self.advice.clear();
        }
        self
    }
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Place in the input.
    pub position: Option<usize>,
    /// SHA-256 of the certificate.
    pub certificate: Option<[u8; 32]>,
}

impl About {
    /// The operation as a whole.
    pub const OPERATION: Self = Self { position: None, certificate: None };

    /// The certificate at `position` of the input.
    #[must_use]
    pub fn input(position: usize, certificate: &Certificate) -> Self {
        Self { position: Some(position), certificate: Some(certificate.fingerprint) }
    }

    /// A certificate of the state.
    #[must_use]
    pub fn stored(certificate: &Certificate) -> Self {
        Self { position: None, certificate: Some(certificate.fingerprint) }
    }
}
