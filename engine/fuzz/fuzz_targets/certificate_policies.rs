//! Any paths through the certificate policy state: four octets per certificate choose what its extensions say. It
//! ends without panic, within its budget, and a valid policy is one the user accepts.
#![no_main]

use std::collections::BTreeSet;

use engine::budget::{Budget, Limits};
use engine::certificate::extension::{PolicyConstraints, PolicyInformation, PolicyMapping};
use engine::oid::{self, Oid};
use engine::path::basic_constraints::PathRole;
use engine::path::certificate_policies::{PolicyExtensions, PolicyRefusal, PolicyState, ValidPolicies};
use engine::settings::PathSettings;
use libfuzzer_sys::fuzz_target;

/// What one certificate says, owned.
struct Sketch {
    policies: Vec<PolicyInformation>,
    mappings: Vec<PolicyMapping>,
    flags: u8,
}

fuzz_target!(|octets: &[u8]| {
    let Some((inputs, path)) = octets.split_first_chunk::<2>() else { return };
    let settings = PathSettings {
        maximum_intermediates: 8,
        initial_policy_set: chosen(inputs[0]).collect(),
        explicit_policy: inputs[1] & 1 != 0,
        inhibit_policy_mapping: inputs[1] & 2 != 0,
        inhibit_any_policy: inputs[1] & 4 != 0,
    };
    let path: Vec<Sketch> = path.as_chunks::<4>().0.iter().map(sketch).collect();
    let mut budget = Budget::new(Limits::DEFAULT);
    if let Ok(valid) = run(&settings, &path, &mut budget) {
        let any = settings.initial_policy_set.contains(&oid::ANY_POLICY);
        assert!(any || valid.user_constrained.is_subset(&settings.initial_policy_set));
        assert!(!settings.explicit_policy || !valid.user_constrained.is_empty());
    }
    assert!(budget.spent().policy_edges <= Limits::DEFAULT.policy_edges);
});

fn run(
    settings: &PathSettings,
    path: &[Sketch],
    budget: &mut Budget,
) -> Result<ValidPolicies, PolicyRefusal> {
    let mut state = PolicyState::new(settings, path.len());
    let Some((target, intermediates)) = path.split_last() else {
        return state.finish(&PolicyExtensions::default());
    };
    for sketch in intermediates {
        let self_issued = sketch.flags & 1 != 0;
        let role = if self_issued { PathRole::SelfIssuedIntermediate } else { PathRole::Intermediate };
        state.process(&extensions(sketch), role, budget)?;
        state.prepare_next(&extensions(sketch), role, budget)?;
    }
    state.process(&extensions(target), PathRole::Target, budget)?;
    state.finish(&extensions(target))
}

fn extensions(sketch: &Sketch) -> PolicyExtensions<'_> {
    let flag = |bit: u8| sketch.flags & bit != 0;
    let limit = u32::from(sketch.flags >> 6);
    PolicyExtensions {
        policies: flag(2).then_some(&sketch.policies),
        mappings: flag(4).then_some(&sketch.mappings),
        constraints: flag(8).then_some(PolicyConstraints {
            require_explicit_policy: flag(16).then_some(limit),
            inhibit_policy_mapping: flag(32).then_some(limit),
        }),
        inhibit_any_policy: flag(32).then_some(limit),
    }
}

fn sketch(octets: &[u8; 4]) -> Sketch {
    let [flags, policies, issuers, subjects] = *octets;
    let information = |policy| PolicyInformation { policy, qualifiers: vec![] };
    let from = |issuer_domain: Oid| {
        chosen(subjects)
            .map(move |subject_domain| PolicyMapping { issuer_domain: issuer_domain.clone(), subject_domain })
    };
    Sketch {
        policies: chosen(policies).map(information).collect(),
        mappings: chosen(issuers).flat_map(from).collect(),
        flags,
    }
}

/// One policy per bit, anyPolicy first.
fn chosen(bits: u8) -> impl Iterator<Item = Oid> {
    let policy = |bit: u8| if bit == 0 { Some(oid::ANY_POLICY) } else { Oid::from_content(&[0x2a, bit]) };
    let all: BTreeSet<Oid> = (0..8).filter(|bit| bits >> bit & 1 != 0).filter_map(policy).collect();
    all.into_iter()
}
