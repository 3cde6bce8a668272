//! Certificate policies along a path: RFC 5280 6.1.2 (a), (d) to (f), 6.1.3 (d) to (f), 6.1.4 (a), (b), (h) to (j)
//! and 6.1.5 (a), (b), (g), with the valid_policy_graph of RFC 9618 for the valid_policy_tree; and the form rules
//! of 4.2.1.4, 4.2.1.5, 4.2.1.11 and 4.2.1.14. This is never about the rules of a deployment.
//!
//! Policy qualifiers stay in the certificate: they are told, never processed.

mod graph;

use std::collections::{BTreeMap, BTreeSet};

use super::basic_constraints::PathRole;
use crate::budget::{Budget, BudgetExceeded};
use crate::certificate::extension::{Extensions, PolicyConstraints, PolicyInformation, PolicyMapping};
use crate::finding::{Code, Value};
use crate::oid::{self, Oid};
use crate::order;
use crate::settings::PathSettings;
use graph::PolicyGraph;

/// How many policies or mappings a finding names; a certificate may hold thousands.
const MAXIMUM_TOLD: usize = 8;

/// The values compared, as a finding reports them.
type Details = Vec<(&'static str, Value)>;

/// The extensions of one certificate that the policy state reads.
#[derive(Clone, Copy, Debug, Default)]
pub struct PolicyExtensions<'a> {
    /// certificatePolicies.
    pub policies: Option<&'a [PolicyInformation]>,
    /// policyMappings.
    pub mappings: Option<&'a [PolicyMapping]>,
    /// policyConstraints.
    pub constraints: Option<PolicyConstraints>,
    /// inhibitAnyPolicy.
    pub inhibit_any_policy: Option<u32>,
}

impl<'a> From<&'a Extensions> for PolicyExtensions<'a> {
    fn from(extensions: &'a Extensions) -> Self {
        Self {
            policies: extensions.certificate_policies.as_deref(),
            mappings: extensions.policy_mappings.as_deref(),
            constraints: extensions.policy_constraints,
            inhibit_any_policy: extensions.inhibit_any_policy,
        }
    }
}

/// What a path is valid for (RFC 5280 6.1.6, RFC 9618 5.6). Either set may hold anyPolicy, and both are empty when
/// no policy is valid and none was required.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValidPolicies {
    /// The policies all issuers agree on, named as the first issuer names them.
    pub authority_constrained: BTreeSet<Oid>,
    /// Those of them that are acceptable to the user.
    pub user_constrained: BTreeSet<Oid>,
}

impl ValidPolicies {
    /// The user-constrained policies in dotted decimal; `any` stands for anyPolicy.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let word =
            |policy: &Oid| if *policy == oid::ANY_POLICY { "any".to_owned() } else { policy.to_string() };
        self.user_constrained.iter().map(word).collect()
    }
}

/// Why the policy state refuses a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyRefusal {
    /// The graph needs more edges than are allowed.
    BudgetExceeded(BudgetExceeded),
    /// certificatePolicies names this policy twice.
    Duplicate(Oid),
    /// A mapping from or to anyPolicy.
    MappingOfAnyPolicy(PolicyMapping),
    /// An explicit policy is required and none is valid.
    NoValidPolicy {
        /// The policies all issuers agree on, none of which is acceptable to the user. Known only at the end.
        authority_constrained: BTreeSet<Oid>,
    },
}

impl PolicyRefusal {
    /// The code of this refusal and the values behind it.
    #[must_use]
    pub fn finding(&self) -> (Code, Details) {
        match self {
            Self::BudgetExceeded(BudgetExceeded { limit, allowed }) => {
                let details =
                    vec![("limit", Value::text(*limit)), ("allowed", Value::Number((*allowed).into()))];
                (Code::BudgetExceeded, details)
            }
            Self::Duplicate(policy) => (Code::PolicyDuplicate, vec![("policy", Value::Oid(policy.clone()))]),
            Self::MappingOfAnyPolicy(mapping) => (Code::MappingOfAnyPolicy, mapping_details(mapping)),
            Self::NoValidPolicy { authority_constrained } => {
                let policies = authority_constrained.iter().take(MAXIMUM_TOLD).cloned();
                (
                    Code::NoValidPolicy,
                    policies.map(|policy| ("authority-constrained", Value::Oid(policy))).collect(),
                )
            }
        }
    }
}

/// The state variables of RFC 5280 6.1.2 (a), (d), (e) and (f). For each certificate of a path, from the anchor's
/// side, call [`process`](Self::process); then [`prepare_next`](Self::prepare_next) for all but the target and
/// [`finish`](Self::finish) for the target. After a refusal the path is refused: the state must not be used again.
#[derive(Clone, Debug)]
pub struct PolicyState<'a> {
    initial_policy_set: &'a BTreeSet<Oid>,
    /// valid_policy_graph; `None` is the RFC's NULL.
    graph: Option<PolicyGraph<'a>>,
    explicit_policy: u32,
    policy_mapping: u32,
    inhibit_any_policy: u32,
}

impl<'a> PolicyState<'a> {
    /// RFC 5280 6.1.2, for a path of `path_length` certificates: anchor not counted, target counted.
    #[must_use]
    pub fn new(settings: &'a PathSettings, path_length: usize) -> Self {
        let unlimited = u32::try_from(path_length).unwrap_or(u32::MAX).saturating_add(1);
        let counter = |zero_at_once: bool| if zero_at_once { 0 } else { unlimited };
        Self {
            initial_policy_set: &settings.initial_policy_set,
            graph: Some(PolicyGraph::initial()),
            explicit_policy: counter(settings.explicit_policy),
            policy_mapping: counter(settings.inhibit_policy_mapping),
            inhibit_any_policy: counter(settings.inhibit_any_policy),
        }
    }

    /// Lets the anchor's certificate tighten the inputs (RFC 5937 3.2), before the first certificate of the path.
    /// Its policies limit the initial set, its mappings rename them, and its numbers count from itself. It is read
    /// as a self-issued certificate ahead of the path, because it is none of the certificates those numbers skip;
    /// an anchor without certificatePolicies limits nothing, where 6.1.3 (e) would end the graph.
    ///
    /// # Errors
    /// [`PolicyRefusal`].
    pub fn constrain_by_anchor(
        &mut self,
        anchor: &PolicyExtensions<'a>,
        budget: &mut Budget,
    ) -> Result<(), PolicyRefusal> {
        if anchor.policies.is_some() {
            self.process(anchor, PathRole::SelfIssuedIntermediate, budget)?;
        }
        self.prepare_next(anchor, PathRole::SelfIssuedIntermediate, budget)
    }

    /// RFC 5280 6.1.3 (d) to (f).
    ///
    /// # Errors
    /// [`PolicyRefusal`].
    pub fn process(
        &mut self,
        certificate: &PolicyExtensions<'a>,
        role: PathRole,
        budget: &mut Budget,
    ) -> Result<(), PolicyRefusal> {
        let policies = certificate.policies.map(distinct_policies).transpose()?;
        // (d) extends the graph; (e) ends it where the extension is absent
        self.graph = match (self.graph.take(), policies) {
            (Some(graph), Some(mut policies)) => {
                // (d)(2) looks at anyPolicy only within this limit
                if self.inhibit_any_policy == 0 && role != PathRole::SelfIssuedIntermediate {
                    order::keep(&mut policies, |policy| *policy != oid::ANY_POLICY);
                }
                graph.deepen(policies, budget).map_err(PolicyRefusal::BudgetExceeded)?
            }
            (None, _) | (_, None) => None,
        };
        // (f)
        if self.explicit_policy == 0 && self.graph.is_none() {
            return Err(PolicyRefusal::NoValidPolicy { authority_constrained: BTreeSet::new() });
        }
        Ok(())
    }

    /// RFC 5280 6.1.4 (a), (b), (h), (i) and (j).
    ///
    /// # Errors
    /// [`PolicyRefusal`].
    pub fn prepare_next(
        &mut self,
        certificate: &PolicyExtensions<'a>,
        role: PathRole,
        budget: &mut Budget,
    ) -> Result<(), PolicyRefusal> {
        if let Some(mappings) = certificate.mappings {
            self.process_mappings(mappings, budget)?;
        }
        // (h)
        if role != PathRole::SelfIssuedIntermediate {
            self.explicit_policy = self.explicit_policy.saturating_sub(1);
            self.policy_mapping = self.policy_mapping.saturating_sub(1);
            self.inhibit_any_policy = self.inhibit_any_policy.saturating_sub(1);
        }
        // (i)
        if let Some(constraints) = certificate.constraints {
            tighten(&mut self.explicit_policy, constraints.require_explicit_policy);
            tighten(&mut self.policy_mapping, constraints.inhibit_policy_mapping);
        }
        // (j)
        tighten(&mut self.inhibit_any_policy, certificate.inhibit_any_policy);
        Ok(())
    }

    /// RFC 5280 6.1.4 (a) and (b).
    fn process_mappings(
        &mut self,
        list: &'a [PolicyMapping],
        budget: &mut Budget,
    ) -> Result<(), PolicyRefusal> {
        if let Some(mapping) = list.iter().find(|mapping| is_of_any_policy(mapping)) {
            return Err(PolicyRefusal::MappingOfAnyPolicy(mapping.clone()));
        }
        budget.policy_edges(saturated(list.len())).map_err(PolicyRefusal::BudgetExceeded)?;
        let mut mappings: BTreeMap<&Oid, BTreeSet<&Oid>> = BTreeMap::new();
        for mapping in list {
            mappings.entry(&mapping.issuer_domain).or_default().insert(&mapping.subject_domain);
        }
        self.graph = match self.graph.take() {
            Some(graph) if self.policy_mapping > 0 => Some(graph.map(mappings)),
            Some(graph) => graph.without(&mappings),
            None => None,
        };
        Ok(())
    }

    /// RFC 5280 6.1.5 (a), (b) and (g), for the target, after [`process`](Self::process) has seen it.
    ///
    /// # Errors
    /// [`PolicyRefusal::NoValidPolicy`].
    pub fn finish(mut self, target: &PolicyExtensions<'a>) -> Result<ValidPolicies, PolicyRefusal> {
        // (a)
        self.explicit_policy = self.explicit_policy.saturating_sub(1);
        // (b)
        if target.constraints.and_then(|constraints| constraints.require_explicit_policy) == Some(0) {
            self.explicit_policy = 0;
        }
        // (g)
        let authority_constrained =
            self.graph.map_or_else(BTreeSet::new, |graph| graph.authority_constrained());
        let user_constrained = user_constrained(&authority_constrained, self.initial_policy_set);
        if self.explicit_policy == 0 && user_constrained.is_empty() {
            return Err(PolicyRefusal::NoValidPolicy { authority_constrained });
        }
        Ok(ValidPolicies { authority_constrained, user_constrained })
    }
}

fn tighten(counter: &mut u32, limit: Option<u32>) {
    *counter = limit.map_or(*counter, |limit| limit.min(*counter));
}

fn saturated(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The policies of an extension, each standing once (RFC 5280 4.2.1.4).
fn distinct_policies(list: &[PolicyInformation]) -> Result<BTreeSet<&Oid>, PolicyRefusal> {
    let mut policies = BTreeSet::new();
    for PolicyInformation { policy, .. } in list {
        if !policies.insert(policy) {
            return Err(PolicyRefusal::Duplicate(policy.clone()));
        }
    }
    Ok(policies)
}

/// RFC 9618 5.5, updating RFC 5280 6.1.5 (g): the valid policies that are acceptable to the user.
fn user_constrained(authority_constrained: &BTreeSet<Oid>, initial: &BTreeSet<Oid>) -> BTreeSet<Oid> {
    if initial.contains(&oid::ANY_POLICY) {
        authority_constrained.clone()
    } else if authority_constrained.contains(&oid::ANY_POLICY) {
        initial.clone()
    } else {
        order::set(authority_constrained.intersection(initial).cloned())
    }
}

fn is_of_any_policy(mapping: &PolicyMapping) -> bool {
    mapping.issuer_domain == oid::ANY_POLICY || mapping.subject_domain == oid::ANY_POLICY
}

fn mapping_details(mapping: &PolicyMapping) -> Details {
    vec![
        ("issuerDomainPolicy", Value::Oid(mapping.issuer_domain.clone())),
        ("subjectDomainPolicy", Value::Oid(mapping.subject_domain.clone())),
    ]
}

/// No policy stands twice in certificatePolicies (RFC 5280 4.2.1.4). [`PolicyState`] refuses the same: this is for
/// certificates it does not see.
#[must_use]
pub fn check_duplicates(extensions: &Extensions) -> Vec<(Code, Details)> {
    let policies = extensions.certificate_policies.as_deref().unwrap_or_default();
    distinct_policies(policies).err().iter().map(PolicyRefusal::finding).collect()
}

/// anyPolicy is never mapped, neither from nor to (RFC 5280 4.2.1.5, 6.1.4 (a)). [`PolicyState`] refuses the same
/// in every certificate that issued another.
#[must_use]
pub fn check_mappings(extensions: &Extensions) -> Vec<(Code, Details)> {
    let mappings = extensions.policy_mappings.iter().flatten().filter(|mapping| is_of_any_policy(mapping));
    mappings.take(MAXIMUM_TOLD).map(|mapping| (Code::MappingOfAnyPolicy, mapping_details(mapping))).collect()
}

/// Where certificatePolicies is critical, its qualifiers must be understood too: those of 4.2.1.4 are, no others
/// (RFC 5280 4.2.1.4). The first that is not is told.
#[must_use]
pub fn check_qualifiers(extensions: &Extensions) -> Vec<(Code, Details)> {
    if !extensions.is_critical(&oid::CERTIFICATE_POLICIES) {
        return vec![];
    }
    let qualifiers = extensions.certificate_policies.iter().flatten().flat_map(|policy| &policy.qualifiers);
    let unknown =
        qualifiers.map(|(kind, _)| kind).find(|kind| ![oid::QT_CPS, oid::QT_USER_NOTICE].contains(kind));
    let details =
        unknown.map(|kind| (Code::PolicyQualifierUnknown, vec![("qualifier", Value::Oid(kind.clone()))]));
    details.into_iter().collect()
}

/// policyConstraints has at least one of its fields, and is critical (RFC 5280 4.2.1.11).
#[must_use]
pub fn check_constraints(extensions: &Extensions) -> Vec<(Code, Details)> {
    let Some(constraints) = extensions.policy_constraints else {
        return vec![];
    };
    let mut findings = Vec::new();
    if constraints.require_explicit_policy.is_none() && constraints.inhibit_policy_mapping.is_none() {
        findings.push((Code::PolicyConstraintsEmpty, vec![]));
    }
    if !extensions.is_critical(&oid::POLICY_CONSTRAINTS) {
        findings.push((Code::PolicyConstraintsNotCritical, vec![]));
    }
    findings
}

/// inhibitAnyPolicy is critical (RFC 5280 4.2.1.14).
#[must_use]
pub fn check_inhibit_any_policy(extensions: &Extensions) -> Vec<(Code, Details)> {
    if extensions.inhibit_any_policy.is_some() && !extensions.is_critical(&oid::INHIBIT_ANY_POLICY) {
        return vec![(Code::InhibitAnyPolicyNotCritical, vec![])];
    }
    vec![]
}

#[cfg(test)]
mod tests;
