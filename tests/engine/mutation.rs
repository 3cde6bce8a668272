//! Certificates changed at random and in every place of one kind. No change may stop the engine, and no
//! changed certificate below an anchor may be allowed (ND-5, ND-6, ND-7).

use crate::change::{Chain, Chance, chains, changes_of, mutated, run, signature_of};
use crate::edge::{ask, describe};

#[test]
fn the_unchanged_chains_are_allowed() {
    for Chain { root, ca, leaf } in chains() {
        let answer = ask(&run(&leaf.der, &ca.der, &root.der));
        assert_eq!(answer.decision, "allow", "{:?}", answer.deny);
    }
}

#[test]
fn twelve_thousand_random_changes_allow_nothing_and_stop_nothing() {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let chains = chains();
    for round in 0..12_000 {
        let Chain { root, ca, leaf } = &chains[round % chains.len()];
        let changed_leaf = round % 2 == 0;
        let original = if changed_leaf { &leaf.der } else { &ca.der };
        let changed = mutated(original, &mut chance);
        if changed == *original {
            continue;
        }
        describe(&changed);
        let answer = match changed_leaf {
            true => ask(&run(&changed, &ca.der, &root.der)),
            false => ask(&run(&leaf.der, &changed, &root.der)),
        };
        assert_ne!(answer.decision, "allow", "round {round}");
    }
}

/// An anchor is what it is: a changed one may still be an anchor, but must not stop the engine.
#[test]
fn random_changes_of_an_anchor_stop_nothing() {
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    let Chain { root, ca, leaf } = chains().swap_remove(0);
    for _ in 0..1_500 {
        let changed = mutated(&root.der, &mut chance);
        let _ = ask(&run(&leaf.der, &ca.der, &changed));
    }
}

/// ND-5: any other value of any of the first eight octets.
#[test]
fn no_change_of_the_first_eight_octets_is_allowed() {
    let Chain { root, ca, leaf } = chains().swap_remove(0);
    for place in 0..8 {
        for value in 0..=u8::MAX {
            let mut changed = leaf.der.clone();
            changed[place] = value;
            let answer = ask(&run(&changed, &ca.der, &root.der));
            let same = value == leaf.der[place];
            assert_eq!(answer.decision == "allow", same, "octet {place} as {value:02x}");
        }
    }
}

/// ND-6: any octet of the signature, of the leaf and of the intermediate.
#[test]
fn no_change_of_a_signature_is_allowed() {
    for Chain { root, ca, leaf } in chains() {
        for changed in changes_of(&leaf.der, &signature_of(&leaf)) {
            assert_ne!(ask(&run(&changed, &ca.der, &root.der)).decision, "allow");
        }
        for changed in changes_of(&ca.der, &signature_of(&ca)) {
            assert_ne!(ask(&run(&leaf.der, &changed, &root.der)).decision, "allow");
        }
    }
}

/// ND-7: any octet of the public key, of the leaf and of the intermediate.
#[test]
fn no_change_of_a_key_is_allowed() {
    for Chain { root, ca, leaf } in chains() {
        for changed in changes_of(&leaf.der, &leaf.key.subject_public_key_info()) {
            assert_ne!(ask(&run(&changed, &ca.der, &root.der)).decision, "allow");
        }
        for changed in changes_of(&ca.der, &ca.key.subject_public_key_info()) {
            assert_ne!(ask(&run(&leaf.der, &changed, &root.der)).decision, "allow");
        }
    }
}
