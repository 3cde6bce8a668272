//! A hundred issuers of the right name, none of which signed the target, and nothing that tells them apart
//! before a signature is verified.

use pki::algorithm::{Algorithm, Hash};
use pki::certificate::{Issued, Sketch};
use pki::der;
use pki::key::Key;

use super::{Case, Input, judge};

const POOL: &str = "[limits]\ncertificates = 1024\n";
const DSA: &str = "[limits]\ncertificates = 1024\n[algorithms]\nsignatures = [\"dsa-sha256\", \"ecdsa-sha256\"]\nkeys = [\"dsa\", \"p-256\"]\n";

/// The public key of RFC 8032 7.4, first test.
const ED448: &str = "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778\
                     edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180";

/// A kind of key, and how one of a name is made.
type KeyMaker = (&'static str, fn(&str) -> Key);

pub(crate) fn inputs() -> Vec<Input> {
    let keys: [KeyMaker; 7] = [
        ("P-256", Key::p256),
        ("P-384", Key::p384),
        ("P-521", Key::p521),
        ("Ed25519", Key::ed25519),
        ("ML-DSA-44", Key::ml_dsa_44),
        ("ML-DSA-65", Key::ml_dsa_65),
        ("ML-DSA-87", Key::ml_dsa_87),
    ];
    let mut all: Vec<Input> = keys.iter().map(|(kind, key)| signed(kind, *key, 0)).collect();
    all.push(signed("Ed25519 (target of 64 KiB)", Key::ed25519, 64_000));
    all.push(signed("P-256 (target of 64 KiB)", Key::p256, 64_000));
    all.extend([one_key("RSA-2048", "rsa-2048-1"), one_key("RSA-4096", "rsa-4096")]);
    all.push(rsa(8192, &[1, 0xff, 0xff, 0xff, 0xff], "RSA-8192, exponent of 33 bits"));
    all.push(rsa(8192, &[1, 0, 1], "RSA-8192, exponent 65537"));
    all.push(ed448());
    all.push(dsa_2048());
    all.push(shipped());
    all
}

/// Of the same name and key identifier as every other.
fn alike(sketch: Sketch) -> Sketch {
    sketch.subject("CN=ca").extension("subjectKeyIdentifier", false, der::octet_string(&[7; 20]))
}

fn candidates(number: usize, sketch: impl Fn(&str) -> Sketch) -> (Issued, Vec<Issued>) {
    let root = Sketch::ca("root").issue();
    let candidate = |number: usize| {
        let sketch = alike(sketch(&format!("ca{number}")));
        // Never verified, because the link below does not hold.
        sketch.issued_by(&root).signature(&der::sequence(&[der::number(1), der::number(1)])).issue()
    };
    let pool = (0..number).map(candidate).collect();
    (root, pool)
}

fn question(label: &str, (root, pool): &(Issued, Vec<Issued>), leaf: Sketch) -> Input {
    let leaf = leaf.issue();
    let label = format!("{} issuers, {label}", pool.len());
    let policy = if pool.len() < 32 { "" } else { POOL };
    judge(label, Case::of(&leaf, root, pool).under(policy))
}

/// Truly signed by somebody of that name, who is not among the candidates.
fn signed(kind: &str, key: fn(&str) -> Key, padding: usize) -> Input {
    let pool = candidates(120, |name| Sketch::ca(name).key(key(name)));
    let signer = alike(Sketch::ca("signer").key(key("signer"))).authority();
    let leaf = Sketch::leaf("leaf").issued_by(&signer).extension("1.2.3.4", false, vec![0; padding]);
    question(kind, &pool, leaf)
}

/// The shipped limits, and the key that costs most for what it is charged.
fn shipped() -> Input {
    let pool = candidates(31, |name| Sketch::ca(name).key(Key::p521(name)));
    let signer = alike(Sketch::ca("signer").key(Key::p521("signer"))).authority();
    question("P-521, shipped limits", &pool, Sketch::leaf("leaf").issued_by(&signer))
}

/// All candidates have the signer's key, but the signature is tampered with.
fn one_key(kind: &str, key: &str) -> Input {
    let pool = candidates(120, |name| Sketch::ca(name).key(Key::rsa(key)));
    let signer = alike(Sketch::ca("signer").key(Key::rsa(key))).authority();
    question(kind, &pool, Sketch::leaf("leaf").issued_by(&signer).tamper_signature())
}

/// Nobody has these keys: the modulus is any odd number.
fn rsa(bits: usize, exponent: &[u8], label: &str) -> Input {
    let key = |name: &str| {
        let seed = name.bytes().fold(1_u8, |sum, octet| sum.wrapping_mul(31).wrapping_add(octet));
        let mut modulus: Vec<u8> = (0..bits / 8).map(|place| place.to_le_bytes()[0] ^ seed).collect();
        modulus[0] = 0xff;
        if let Some(last) = modulus.last_mut() {
            *last |= 1;
        }
        let key = der::sequence(&[der::unsigned(&modulus), der::unsigned(exponent)]);
        let algorithm = der::sequence(&[der::oid("1.2.840.113549.1.1.1"), der::null()]);
        der::sequence(&[algorithm, der::bit_string(0, &key)])
    };
    let pool = candidates(120, |name| Sketch::ca(name).public_key_info(&key(name)));
    let identifier = Algorithm::RsaPkcs1(Hash::Sha256).identifier();
    let leaf = pretended(&identifier, &vec![0x55; bits / 8]);
    question(label, &pool, leaf)
}

fn pretended(identifier: &[u8], signature: &[u8]) -> Sketch {
    let ca = alike(Sketch::ca("signer")).authority();
    let leaf = Sketch::leaf("leaf").issued_by(&ca).signature(signature);
    leaf.inner_algorithm(identifier).outer_algorithm(identifier)
}

fn ed448() -> Input {
    let point = pki::hexadecimal(ED448);
    let identifier = der::sequence(&[der::oid("1.3.101.113")]);
    let key = der::sequence(&[identifier.clone(), der::bit_string(0, &point)]);
    let pool = candidates(120, |name| Sketch::ca(name).public_key_info(&key));
    let signature = [point, vec![0x11; 55], vec![0, 0]].concat();
    question("Ed448", &pool, pretended(&identifier, &signature))
}

fn dsa_2048() -> Input {
    let (root, pool) = candidates(120, |name| Sketch::ca(name).key(Key::dsa()));
    let signer = alike(Sketch::ca("signer").key(Key::dsa())).authority();
    let leaf = Sketch::leaf("leaf").issued_by(&signer).tamper_signature();
    judge("120 issuers, DSA-2048, accepted by settings", Case::of(&leaf.issue(), &root, &pool).under(DSA))
}
