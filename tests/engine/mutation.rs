//! Certificates changed at random and in every place of one kind. No change may stop the engine, and no
//! changed certificate below an anchor may be allowed (ND-5, ND-6, ND-7).

use engine::certificate::Certificate;
use pki::certificate::{AT, Issued, Sketch};
use pki::key::Key;
use pki::scenario::{Expected, Run};
use pki::time;

use crate::edge::{ask, describe};

/// A generator with a fixed start (xorshift64*), so that every run makes the same changes.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() >> 11).unwrap_or_default() % bound.max(1)
    }

    fn octet(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }
}

struct Chain {
    root: Issued,
    ca: Issued,
    leaf: Issued,
}

/// A chain that is allowed, with as many extensions as it can have.
fn chain(root: Key, ca: Key) -> Chain {
    let root = Sketch::ca("root").key(root).issue();
    let ca = Sketch::ca("ca").key(ca).issued_by(&root).path_length(1).policies(&["1.2.3", "1.2.4"]);
    let ca = ca.policy_mappings(&[("1.2.4", "1.2.5")]).policy_constraints(Some(3), Some(3)).inhibit_any(4);
    let ca = ca.permitted_dns("example").excluded_dns("bad.example").permitted("ip:10.0.0.0/8").issue();
    let leaf = Sketch::leaf("leaf").issued_by(&ca).dns("a.example").dns("*.b.example").ip("10.0.0.1");
    let leaf = leaf.mail("a@b.example").uri("https://c.example/").eku(&["serverAuth", "clientAuth"]);
    let access = pki::extension::information_access("1.3.6.1.5.5.7.48.1", "http://o.example/");
    let leaf = leaf.policies(&["1.2.3"]).extension("authorityInfoAccess", false, access).issue();
    Chain { root, ca, leaf }
}

fn chains() -> Vec<Chain> {
    vec![
        chain(Key::p256("root"), Key::p384("ca")),
        chain(Key::rsa("rsa-2048-1"), Key::rsa("rsa-2048-2")),
        chain(Key::ed25519("root"), Key::p256("ca")),
    ]
}

fn run(target: &[u8], untrusted: &[u8], anchor: &[u8]) -> Run {
    Run {
        title: "mutation".to_owned(),
        target: target.to_vec(),
        anchors: vec![anchor.to_vec()],
        trusted_leaves: Vec::new(),
        distrusted: Vec::new(),
        untrusted: vec![untrusted.to_vec()],
        at: time::seconds(AT),
        purpose: Some("server-auth".to_owned()),
        names: vec!["dns:a.example".to_owned()],
        settings: String::new(),
        expected: Expected {
            decision: String::new(),
            deny: Vec::new(),
            warn: None,
            inform: None,
            path: None,
            policies: None,
        },
        wrong_today: None,
        labels: Vec::new(),
    }
}

fn mutated(original: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut octets = original.to_vec();
    for _ in 0..=chance.below(3) {
        let at = chance.below(octets.len());
        match chance.below(7) {
            0 => octets[at] ^= 1 << chance.below(8),
            1 => octets[at] = chance.octet(),
            2 => octets.truncate(at.max(1)),
            3 => octets.insert(at, chance.octet()),
            4 => {
                octets.remove(at);
                octets.push(0);
            }
            5 => {
                let other = chance.below(octets.len());
                octets.swap(at, other);
            }
            _ => {
                let end = (at + chance.below(40)).min(octets.len());
                let piece = octets[at..end].to_vec();
                let place = chance.below(octets.len());
                octets.splice(place..place, piece);
            }
        }
    }
    octets
}

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

/// Three changes of each octet of `part`, which stands in `whole`.
fn changes_of(whole: &[u8], part: &[u8]) -> Vec<Vec<u8>> {
    let start = whole.windows(part.len()).position(|window| window == part).expect("the part is in there");
    let places = start..start + part.len();
    let change = |place: usize, with: u8| {
        let mut changed = whole.to_vec();
        changed[place] ^= with;
        changed
    };
    places.flat_map(|place| [0x01, 0x80, 0xff].map(|with| change(place, with))).collect()
}

/// ND-6: any octet of the signature, of the leaf and of the intermediate.
#[test]
fn no_change_of_a_signature_is_allowed() {
    for Chain { root, ca, leaf } in chains() {
        let signature = |issued: &Issued| Certificate::decode(&issued.der).unwrap().signature;
        for changed in changes_of(&leaf.der, &signature(&leaf)) {
            assert_ne!(ask(&run(&changed, &ca.der, &root.der)).decision, "allow");
        }
        for changed in changes_of(&ca.der, &signature(&ca)) {
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
