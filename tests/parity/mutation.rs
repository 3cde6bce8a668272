//! Changed certificates through the component: whatever is given, it answers, and what a signature covers
//! cannot be changed and still be allowed (ND-5, ND-6, ND-7).

use std::path::Path;

use host_server::component::Session;
use pki::scenario::Run;

use crate::change::{Chain, Chance, chains, changes_of, mutated, run, signature_of};
use crate::component::{ask, engine};

/// Certificates as others made them.
struct Real {
    name: String,
    der: Vec<u8>,
    issuer: Vec<u8>,
    anchor: Vec<u8>,
}

/// The certificates in a file; none where there is no such file.
fn certificates(session: &mut Session, path: &Path) -> Vec<Vec<u8>> {
    let Ok(file) = std::fs::read(path) else { return Vec::new() };
    session.read_bundle(&file).unwrap().map(|bundle| bundle.certificates).unwrap_or_default()
}

/// Those of the samples, each with the one that issued it, and some of the system's trust store where there
/// is one, each its own issuer.
fn real(session: &mut Session) -> Vec<Real> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut read = |name: &str| certificates(session, &samples.join(name)).swap_remove(0);
    let (leaf, expired, issuing, root) =
        (read("leaf.pem"), read("expired.pem"), read("issuing.pem"), read("root.pem"));
    let of = |name: &str, der: &[u8], issuer: &[u8]| Real {
        name: name.to_owned(),
        der: der.to_vec(),
        issuer: issuer.to_vec(),
        anchor: root.clone(),
    };
    let mut all = vec![
        of("leaf", &leaf, &issuing),
        of("expired", &expired, &issuing),
        of("issuing", &issuing, &root),
        of("root", &root, &root),
    ];
    let store = certificates(session, Path::new("/etc/ssl/certs/ca-certificates.crt"));
    all.extend(store.into_iter().step_by(12).enumerate().map(|(number, der)| Real {
        name: format!("store {number}"),
        issuer: der.clone(),
        anchor: der.clone(),
        der,
    }));
    all
}

/// Everything that takes a certificate is given this one; only a fault stops the test.
fn everywhere(session: &mut Session, der: &[u8]) {
    // What each says does not matter here, only that it says it.
    let _ = session.read_bundle(der).unwrap();
    let _ = session.read_crls(der).unwrap();
    let _ = session.describe(der).unwrap();
    let _ = session.describe_document(der).unwrap();
}

fn asked(session: &mut Session, run: &Run, untouched: &str) {
    assert!(!ask(session, run).allows(), "{untouched}: a changed certificate was allowed");
}

#[test]
fn twelve_thousand_random_changes_allow_nothing_and_stop_nothing() {
    let engine = engine();
    let mut session = engine.session().unwrap();
    let mut chance = Chance(0x6a09_e667_f3bc_c908);
    let chains = chains();
    let mut first_memory = 0;
    for round in 0..9_000 {
        let Chain { root, ca, leaf } = &chains[round % chains.len()];
        let original = if round % 2 == 0 { leaf } else { ca };
        let changed = mutated(&original.der, &mut chance);
        if changed == original.der {
            continue;
        }
        everywhere(&mut session, &changed);
        let run = match round % 2 {
            0 => run(&changed, &ca.der, &root.der),
            _ => run(&leaf.der, &changed, &root.der),
        };
        asked(&mut session, &run, &original.label);
        if round == 1_000 {
            first_memory = session.memory();
        }
    }
    for round in 0..3_000 {
        let Chain { root, ca, leaf } = &chains[round % chains.len()];
        let changed = mutated(&root.der, &mut chance);
        everywhere(&mut session, &changed);
        // A changed anchor may still be one: nothing vouches for it but whoever named it.
        let _ = ask(&mut session, &run(&leaf.der, &ca.der, &changed));
    }
    assert!(session.memory() <= first_memory * 2, "{first_memory} grew to {}", session.memory());
}

#[test]
fn changes_of_certificates_that_others_made_allow_nothing_and_stop_nothing() {
    let engine = engine();
    let mut session = engine.session().unwrap();
    let mut chance = Chance(0xbb67_ae85_84ca_a73b);
    let all = real(&mut session);
    assert!(all.len() >= 4);
    for round in 0..4_000 {
        let Real { name, der, issuer, anchor } = &all[round % all.len()];
        let changed = mutated(der, &mut chance);
        if changed == *der {
            continue;
        }
        everywhere(&mut session, &changed);
        asked(&mut session, &run(&changed, issuer, anchor), name);
    }
}

/// Files, not certificates: PEM with its armour, base64 and line ends changed.
#[test]
fn changes_of_files_stop_nothing() {
    let engine = engine();
    let mut session = engine.session().unwrap();
    let mut chance = Chance(0x3c6e_f372_fe94_f82b);
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let files = ["chain.pem", "leaf.pem"].map(|name| std::fs::read(samples.join(name)).unwrap());
    for round in 0..3_000 {
        let changed = mutated(&files[round % files.len()], &mut chance);
        let _ = session.read_bundle(&changed).unwrap();
        let _ = session.read_crls(&changed).unwrap();
    }
}

/// ND-5: each other value of each of the first eight octets.
#[test]
fn no_change_of_the_first_eight_octets_is_allowed() {
    let engine = engine();
    let mut session = engine.session().unwrap();
    let Chain { root, ca, leaf } = chains().swap_remove(0);
    for place in 0..8 {
        for value in 0..=u8::MAX {
            let mut changed = leaf.der.clone();
            changed[place] = value;
            let allowed = ask(&mut session, &run(&changed, &ca.der, &root.der)).allows();
            assert_eq!(allowed, value == leaf.der[place], "octet {place} as {value:02x}");
        }
    }
}

/// ND-6 and ND-7: each octet of the signature and of the public key, of the leaf and of the intermediate.
#[test]
fn no_change_of_a_signature_or_a_key_is_allowed() {
    let engine = engine();
    let mut session = engine.session().unwrap();
    for Chain { root, ca, leaf } in chains() {
        assert!(ask(&mut session, &run(&leaf.der, &ca.der, &root.der)).allows());
        for part in [signature_of(&leaf), leaf.key.subject_public_key_info()] {
            for changed in changes_of(&leaf.der, &part) {
                asked(&mut session, &run(&changed, &ca.der, &root.der), "leaf");
            }
        }
        for part in [signature_of(&ca), ca.key.subject_public_key_info()] {
            for changed in changes_of(&ca.der, &part) {
                asked(&mut session, &run(&leaf.der, &changed, &root.der), "ca");
            }
        }
    }
}
