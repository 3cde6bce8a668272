//! Certificates signed with the host's keys, judged by the engine in its component: the key is read as what it is,
//! and the signature holds.

use host_server::component::contract::evaluate::Outcome;
use host_server::component::contract::request::{Mode, TrustRole, Validation};
use host_server::component::contract::verdict::Decision;
use host_server::component::{Allocation, Engine};
use host_server::keys::generate::generate_blocking;
use host_server::keys::{Approval, KeyKind, PrivateKey, SignatureAlgorithmWord};
use pki::algorithm::{Algorithm, Hash};
use pki::certificate::Sketch;

/// 2026-01-01T00:00:00Z, when sketches are valid.
const AT: i64 = 1_767_225_600;

/// An authority with our key, and a certificate that our key signs for it. The fixtures sign first; then the signature
/// is exchanged.
fn chain(key: &PrivateKey, word: SignatureAlgorithmWord, algorithm: Algorithm) -> (Vec<u8>, Vec<u8>) {
    let public = key.subject_public_key_info().unwrap();
    let root = Sketch::ca("ours").public_key_info(&public).issue();
    let leaf = || Sketch::leaf("leaf").issued_by(&root).signature_algorithm(algorithm);
    let unsigned = leaf().signature(&[0; 4]).issue().der;
    let signature = key.sign(word, to_be_signed(&unsigned), Approval::Any).unwrap();
    (root.der.clone(), leaf().signature(&signature).issue().der)
}

/// The first element of a certificate, of whatever length.
fn to_be_signed(certificate: &[u8]) -> &[u8] {
    let content = &certificate[header(certificate)..];
    let length = header(content);
    let octets = &content[2..length];
    let size = octets.iter().fold(0, |size, octet| size * 256 + usize::from(*octet));
    &content[..length + size]
}

/// The length of a header whose content is longer than 127 octets.
fn header(element: &[u8]) -> usize {
    2 + usize::from(element[1] & 0x7f)
}

#[test]
fn the_engine_reads_our_keys_and_verifies_our_signatures() {
    let engine = Engine::load(Allocation::OnDemand).unwrap();
    for (kind, word, algorithm, described) in [
        (KeyKind::P256, SignatureAlgorithmWord::EcdsaSha256, Algorithm::Ecdsa(Hash::Sha256), "p-256"),
        (KeyKind::P384, SignatureAlgorithmWord::EcdsaSha384, Algorithm::Ecdsa(Hash::Sha384), "p-384"),
        // R-CSR-21: hashes that are not the ones of the curves' strength
        (KeyKind::P256, SignatureAlgorithmWord::EcdsaSha384, Algorithm::Ecdsa(Hash::Sha384), "p-256"),
        (KeyKind::P256, SignatureAlgorithmWord::EcdsaSha512, Algorithm::Ecdsa(Hash::Sha512), "p-256"),
        (KeyKind::P384, SignatureAlgorithmWord::EcdsaSha512, Algorithm::Ecdsa(Hash::Sha512), "p-384"),
        (
            KeyKind::Rsa2048,
            SignatureAlgorithmWord::RsaPkcs1Sha256,
            Algorithm::RsaPkcs1(Hash::Sha256),
            "rsa 2048",
        ),
        (
            KeyKind::Rsa3072,
            SignatureAlgorithmWord::RsaPkcs1Sha512,
            Algorithm::RsaPkcs1(Hash::Sha512),
            "rsa 3072",
        ),
    ] {
        let key = generate_blocking(kind).unwrap();
        let (root, leaf) = chain(&key, word, algorithm);
        assert_eq!(decision(&engine, &root, &leaf), (Decision::Allow, described.to_owned()), "{kind:?}");
        assert_eq!(kind.name(), described);
        // the last octet belongs to the signature
        let mut altered = leaf.clone();
        *altered.last_mut().unwrap() ^= 1;
        assert_eq!(decision(&engine, &root, &altered).0, Decision::Deny, "{kind:?}");
    }
}

/// What the engine decides, and what it calls the key of the authority.
fn decision(engine: &Engine, root: &[u8], leaf: &[u8]) -> (Decision, String) {
    let mut session = engine.session().unwrap();
    let validator = session.validator("[revocation]\nsources = []\n", Mode::AsWritten).unwrap().unwrap();
    session.add_anchor(&validator, root, TrustRole::Issuer).unwrap().unwrap();
    let question = Validation {
        target: leaf.to_vec(),
        untrusted: Vec::new(),
        at: AT,
        purpose: None,
        names: Vec::new(),
        nonce_seed: None,
        answers_signature_checks: false,
    };
    let Ok(Outcome::Decided(verdict)) = session.evaluate(&validator, &question, &[]).unwrap() else {
        panic!("not decided");
    };
    let described = verdict.path.get(1).map(|certificate| certificate.key.clone());
    (verdict.decision, described.unwrap_or_default())
}
