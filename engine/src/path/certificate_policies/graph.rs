//! The valid_policy_graph of RFC 9618 5.2: the steps of RFC 5280 6.1.2 to 6.1.5 that touch it. When a step applies is
//! decided by the policy state.
//!
//! The graph has one node for each depth and policy, where the tree has one for each way of getting there, so that
//! mappings that double at every depth add to the work and do not multiply it (RFC 9618 3.2). Every edge is charged
//! before it is drawn.
//!
//! Nodes without children are not pruned as they arise (6.1.3 (d)(3)). Only the deepest level is ever extended, and
//! the end looks back from it alone, so a node that would have been pruned is never met again.

use std::collections::{BTreeMap, BTreeSet};

use super::saturated;
use crate::budget::{Budget, BudgetExceeded};
use crate::oid::{self, Oid};
use crate::order;

/// anyPolicy, in one place in memory so that nodes can refer to it.
static ANY_POLICY: Oid = oid::ANY_POLICY;

/// The nodes of one depth by their valid_policy.
type Level<'a> = BTreeMap<&'a Oid, Node<'a>>;

/// A node of the graph; its depth and valid_policy are where it stands.
#[derive(Clone, Debug)]
struct Node<'a> {
    /// The valid_policy of each parent. anyPolicy, as a parent, is always the only one.
    parents: Vec<&'a Oid>,
    /// expected_policy_set.
    expected: BTreeSet<&'a Oid>,
}

/// The valid_policy_graph of RFC 9618. Its deepest level is never empty.
#[derive(Clone, Debug)]
pub(super) struct PolicyGraph<'a> {
    /// The levels that are complete, depth 0 first.
    above: Vec<Level<'a>>,
    deepest: Level<'a>,
}

impl<'a> PolicyGraph<'a> {
    /// RFC 5280 6.1.2 (a).
    pub(super) fn initial() -> Self {
        let root = Node { parents: vec![], expected: order::set([&ANY_POLICY]) };
        let mut deepest = Level::new();
        deepest.insert(&ANY_POLICY, root);
        Self { above: vec![], deepest }
    }

    fn has_any_policy(&self) -> bool {
        self.deepest.contains_key(&ANY_POLICY)
    }

    /// RFC 5280 6.1.3 (d) for the policies of one certificate, anyPolicy among them only where it counts.
    pub(super) fn deepen(
        mut self,
        policies: BTreeSet<&'a Oid>,
        budget: &mut Budget,
    ) -> Result<Option<Self>, BudgetExceeded> {
        // An edge needs an entry of an expected_policy_set, or a policy of the certificate below anyPolicy.
        let entries =
            self.deepest.values().fold(0_usize, |sum, node| sum.saturating_add(node.expected.len()));
        budget.policy_edges(saturated(entries.saturating_add(policies.len())))?;
        let mut expecting = self.expecting();
        let mut next = Level::new();
        for policy in policies.iter().copied().filter(|policy| **policy != ANY_POLICY) {
            // (d)(1)(i), else (ii)
            let expected = expecting.get_mut(policy).map(std::mem::take);
            let parents = expected.or_else(|| self.has_any_policy().then(|| vec![&ANY_POLICY]));
            if let Some(parents) = parents {
                next.insert(policy, Node::below(parents, policy));
            }
        }
        // (d)(2): whatever else is expected, anyPolicy included
        if policies.contains(&ANY_POLICY) {
            // what is expected has a parent, until it was taken above
            let left = expecting.into_iter().filter(|(_, parents)| !parents.is_empty());
            next.extend(left.map(|(policy, parents)| (policy, Node::below(parents, policy))));
        }
        // (d)(3)
        if next.is_empty() {
            return Ok(None);
        }
        self.above.push(std::mem::replace(&mut self.deepest, next));
        Ok(Some(self))
    }

    /// The nodes of the deepest level by each policy they expect.
    fn expecting(&self) -> BTreeMap<&'a Oid, Vec<&'a Oid>> {
        let mut expecting: BTreeMap<&Oid, Vec<&Oid>> = BTreeMap::new();
        for (valid_policy, node) in &self.deepest {
            for policy in &node.expected {
                expecting.entry(policy).or_default().push(valid_policy);
            }
        }
        expecting
    }

    /// RFC 5280 6.1.4 (b)(1).
    pub(super) fn map(mut self, mappings: BTreeMap<&'a Oid, BTreeSet<&'a Oid>>) -> Self {
        let has_any_policy = self.has_any_policy();
        for (issuer_domain, expected) in mappings {
            if let Some(node) = self.deepest.get_mut(issuer_domain) {
                node.expected = expected;
            } else if has_any_policy {
                self.deepest.insert(issuer_domain, Node { parents: vec![&ANY_POLICY], expected });
            }
        }
        self
    }

    /// RFC 5280 6.1.4 (b)(2): mapped policies end here. `None` when nothing is left.
    pub(super) fn without(mut self, mappings: &BTreeMap<&'a Oid, BTreeSet<&'a Oid>>) -> Option<Self> {
        let mut unmapped = Level::new();
        unmapped.extend(self.deepest.into_iter().filter(|(policy, _)| !mappings.contains_key(policy)));
        self.deepest = unmapped;
        (!self.deepest.is_empty()).then_some(self)
    }

    /// RFC 9618 5.5: the policies that stand below anyPolicy and lead to the deepest level. anyPolicy is one of
    /// them where it stands there itself: no other node has it both as policy and as parent.
    pub(super) fn authority_constrained(&self) -> BTreeSet<Oid> {
        let mut found: BTreeSet<&Oid> = BTreeSet::new();
        let mut reached = order::set(self.deepest.keys().copied());
        for level in std::iter::once(&self.deepest).chain(self.above.iter().rev()) {
            let mut parents = BTreeSet::new();
            for (policy, node) in reached.iter().filter_map(|policy| level.get_key_value(policy)) {
                if node.parents.contains(&&ANY_POLICY) {
                    found.insert(policy);
                } else {
                    parents.extend(node.parents.iter().copied());
                }
            }
            reached = parents;
        }
        order::set(found.into_iter().cloned())
    }
}

impl<'a> Node<'a> {
    /// A node that expects its own policy.
    fn below(parents: Vec<&'a Oid>, valid_policy: &'a Oid) -> Self {
        Self { parents, expected: order::set([valid_policy]) }
    }
}
