//! The valid_policy_tree as RFC 5280 has it, node by node, and random paths on which the graph must agree with it.

use super::*;

/// The valid_policy_tree of RFC 5280, word for word and node by node, to compare with.
#[derive(Default)]
struct Tree {
    nodes: Vec<TreeNode>,
}

struct TreeNode {
    parent: usize,
    depth: usize,
    policy: Oid,
    expected: BTreeSet<Oid>,
    alive: bool,
}

impl Tree {
    fn add(&mut self, parent: usize, depth: usize, policy: &Oid, expected: BTreeSet<Oid>) {
        self.nodes.push(TreeNode { parent, depth, policy: policy.clone(), expected, alive: true });
    }

    fn at(&self, depth: usize) -> Vec<usize> {
        (0..self.nodes.len()).filter(|n| self.nodes[*n].alive && self.nodes[*n].depth == depth).collect()
    }

    fn any_at(&self, depth: usize) -> Option<usize> {
        self.at(depth).into_iter().find(|n| self.nodes[*n].policy == oid::ANY_POLICY)
    }

    fn children(&self, parent: usize) -> Vec<usize> {
        let depth = self.nodes[parent].depth + 1;
        self.at(depth).into_iter().filter(|n| self.nodes[*n].parent == parent).collect()
    }

    /// "If there is a node of depth i-1 or less without any child nodes, delete that node. Repeat."
    fn prune(&mut self, depth: usize) {
        for above in (0..depth).rev() {
            for node in self.at(above) {
                self.nodes[node].alive = !self.children(node).is_empty();
            }
        }
    }

    fn is_null(&self) -> bool {
        self.nodes.iter().all(|node| !node.alive)
    }

    /// 6.1.3 (d)
    fn process(&mut self, depth: usize, policies: &[PolicyInformation], any_policy_counts: bool) {
        for PolicyInformation { policy, .. } in policies.iter().filter(|p| p.policy != oid::ANY_POLICY) {
            let parents = self.at(depth - 1).into_iter().filter(|n| self.nodes[*n].expected.contains(policy));
            let mut parents: Vec<usize> = parents.collect();
            if parents.is_empty() {
                parents.extend(self.any_at(depth - 1));
            }
            for parent in parents {
                self.add(parent, depth, policy, BTreeSet::from([policy.clone()]));
            }
        }
        if any_policy_counts && policies.iter().any(|p| p.policy == oid::ANY_POLICY) {
            for parent in self.at(depth - 1) {
                for policy in self.nodes[parent].expected.clone() {
                    if self.children(parent).iter().all(|child| self.nodes[*child].policy != policy) {
                        self.add(parent, depth, &policy, BTreeSet::from([policy.clone()]));
                    }
                }
            }
        }
        self.prune(depth);
    }

    /// 6.1.4 (b)
    fn map(&mut self, depth: usize, mappings: &[PolicyMapping], allowed: bool) {
        for issuer in mappings.iter().map(|mapping| &mapping.issuer_domain) {
            let subjects = mappings.iter().filter(|mapping| mapping.issuer_domain == *issuer);
            let subjects: BTreeSet<Oid> = subjects.map(|mapping| mapping.subject_domain.clone()).collect();
            let nodes: Vec<usize> =
                self.at(depth).into_iter().filter(|n| self.nodes[*n].policy == *issuer).collect();
            for node in &nodes {
                self.nodes[*node].expected = subjects.clone();
                self.nodes[*node].alive = allowed;
            }
            if nodes.is_empty() && allowed && self.any_at(depth).is_some() {
                self.add(self.any_at(depth - 1).unwrap(), depth, issuer, subjects);
            }
        }
        self.prune(depth);
    }

    fn valid_policy_node_set(&self) -> Vec<usize> {
        let below_any = |n: &usize| {
            let node = &self.nodes[*n];
            node.alive && node.depth > 0 && self.nodes[node.parent].policy == oid::ANY_POLICY
        };
        (0..self.nodes.len()).filter(below_any).collect()
    }

    /// 6.1.5 (g), then the valid policies of the valid_policy_node_set that is left.
    fn user_constrained(mut self, depth: usize, initial: &BTreeSet<Oid>) -> BTreeSet<Oid> {
        if !initial.contains(&oid::ANY_POLICY) {
            let set = self.valid_policy_node_set();
            let kept: BTreeSet<Oid> = set.iter().map(|n| self.nodes[*n].policy.clone()).collect();
            for node in set {
                let acceptable = initial.contains(&self.nodes[node].policy);
                self.nodes[node].alive = acceptable || self.nodes[node].policy == oid::ANY_POLICY;
            }
            for level in 1..=depth {
                for node in self.at(level) {
                    self.nodes[node].alive = self.nodes[self.nodes[node].parent].alive;
                }
            }
            if let (Some(any), Some(above)) = (self.any_at(depth), self.any_at(depth - 1)) {
                for policy in initial.difference(&kept) {
                    self.add(above, depth, policy, BTreeSet::new());
                }
                self.nodes[any].alive = false;
            }
            self.prune(depth);
        }
        let leaf_or_named =
            |n: &usize| self.nodes[*n].policy != oid::ANY_POLICY || self.nodes[*n].depth == depth;
        let set = self.valid_policy_node_set().into_iter().filter(leaf_or_named);
        set.map(|n| self.nodes[n].policy.clone()).collect()
    }
}

/// RFC 5280 6.1 for policies, with the tree. `None` where the path is refused.
fn by_tree(case: &Case) -> Option<BTreeSet<Oid>> {
    let n = case.path.len();
    let settings = &case.settings;
    let start = |at_once: bool| if at_once { 0 } else { u32::try_from(n + 1).unwrap() };
    let mut explicit = start(settings.explicit_policy);
    let mut mapping = start(settings.inhibit_policy_mapping);
    let mut any = start(settings.inhibit_any_policy);
    let mut tree = Tree::default();
    tree.add(0, 0, &oid::ANY_POLICY, BTreeSet::from([oid::ANY_POLICY]));
    for (i, sketch) in (1..).zip(&case.path) {
        let extensions = &sketch.extensions;
        match &extensions.certificate_policies {
            Some(policies) => tree.process(i, policies, any > 0 || (i < n && sketch.self_issued)),
            None => tree = Tree::default(),
        }
        if explicit == 0 && tree.is_null() {
            return None;
        }
        let required = extensions.policy_constraints.and_then(|c| c.require_explicit_policy);
        if i == n {
            explicit = if required == Some(0) { 0 } else { explicit.saturating_sub(1) };
            break;
        }
        if let Some(mappings) = &extensions.policy_mappings {
            tree.map(i, mappings, mapping > 0);
        }
        if !sketch.self_issued {
            (explicit, mapping, any) =
                (explicit.saturating_sub(1), mapping.saturating_sub(1), any.saturating_sub(1));
        }
        let inhibited = extensions.policy_constraints.and_then(|c| c.inhibit_policy_mapping);
        explicit = required.map_or(explicit, |limit| explicit.min(limit));
        mapping = inhibited.map_or(mapping, |limit| mapping.min(limit));
        any = extensions.inhibit_any_policy.map_or(any, |limit| any.min(limit));
    }
    let set = tree.user_constrained(n, &settings.initial_policy_set);
    (explicit > 0 || !set.is_empty()).then_some(set)
}

/// xorshift64: the same cases in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn certificate(&mut self) -> String {
        let mut words = vec!["-".to_owned()];
        if !self.one_in(12) {
            let any = if self.one_in(3) { "*," } else { "" };
            let named: Vec<String> = (1..5).filter(|_| !self.one_in(3)).map(|n| n.to_string()).collect();
            words.push(format!("p{any}{}", named.join(",")));
        }
        if self.one_in(2) {
            let maps = (0..=self.below(4)).map(|_| (1 + self.below(4), 1 + self.below(4)));
            words.push(format!("m{}", maps.map(|(a, b)| format!("{a}>{b}")).collect::<Vec<_>>().join(",")));
        }
        for kind in ["e", "i", "a"] {
            if self.one_in(4) {
                words.push(format!("{kind}{}", self.below(4)));
            }
        }
        if self.one_in(4) {
            words.push("s".to_owned());
        }
        words.join(" ")
    }

    fn inputs(&mut self) -> String {
        let any = if self.one_in(2) { "*," } else { "" };
        let set: Vec<String> = (1..5).filter(|_| self.one_in(2)).map(|n| n.to_string()).collect();
        let flags: String = ["e", "i", "a"].into_iter().filter(|_| self.one_in(4)).collect();
        format!("{any}{} {flags}", set.join(","))
    }
}

#[test]
fn the_graph_agrees_with_the_tree_of_rfc_5280() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut refused, mut empty, mut valid) = (0, 0, 0);
    for _ in 0..20_000 {
        let inputs = random.inputs();
        let length = 1 + random.below(5);
        let path = (0..length).map(|_| random.certificate()).collect::<Vec<String>>().join(" / ");
        let case = case(&inputs, &path);
        let by_graph = run(&case, &mut Budget::new(Limits::DEFAULT));
        let by_graph = by_graph.map(|valid| valid.user_constrained).map_err(|refusal| refusal.finding().0);
        let by_tree = by_tree(&case).ok_or(Code::NoValidPolicy);
        assert_eq!(by_graph, by_tree, "{inputs} | {path}");
        match by_tree {
            Err(_) => refused += 1,
            Ok(set) if set.is_empty() => empty += 1,
            Ok(_) => valid += 1,
        }
    }
    assert!(refused > 1000 && empty > 1000 && valid > 1000, "{refused} {empty} {valid}");
}
