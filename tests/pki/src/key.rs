//! Keys with fixed values and signatures without randomness, so that a fixture has the same bytes every
//! time. These keys are public: never trust a certificate made with them.
//!
//! Elliptic-curve, Ed25519 and ML-DSA keys are derived from a name, so there are as many as anybody needs.
//! ECDSA is RFC 6979; RSASSA-PSS uses a salt of constant octets (RFC 8017 9.1 allows any).

use std::convert::Infallible;

use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::traits::{PublicKeyParts, SignatureScheme};
use rsa::{BoxedUint, Pkcs1v15Sign, Pss, RsaPrivateKey};
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use signature::hazmat::PrehashSigner;
use signature::{Keypair, SignatureEncoding, Signer};

use crate::algorithm::{Algorithm, Hash};
use crate::der;

/// A key pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    P256([u8; 32]),
    P384([u8; 32]),
    P521([u8; 32]),
    Ed25519([u8; 32]),
    MlDsa44([u8; 32]),
    MlDsa65([u8; 32]),
    MlDsa87([u8; 32]),
    Rsa(&'static [u8]),
    Dsa,
}

/// The keys that cannot be derived: made once with `openssl genpkey`, PKCS #8.
const RSA: &[(&str, &[u8])] = &[
    ("rsa-2048-1", include_bytes!("keys/rsa-2048-1.der")),
    ("rsa-2048-2", include_bytes!("keys/rsa-2048-2.der")),
    ("rsa-2048-3", include_bytes!("keys/rsa-2048-3.der")),
    ("rsa-2048-4", include_bytes!("keys/rsa-2048-4.der")),
    ("rsa-2048-e3", include_bytes!("keys/rsa-2048-e3.der")),
    ("rsa-1024", include_bytes!("keys/rsa-1024.der")),
    ("rsa-2047", include_bytes!("keys/rsa-2047.der")),
    ("rsa-3072", include_bytes!("keys/rsa-3072.der")),
    ("rsa-4096", include_bytes!("keys/rsa-4096.der")),
];
const DSA: &[u8] = include_bytes!("keys/dsa-2048.der");

impl Key {
    /// The P-256 key called `name`.
    #[must_use]
    pub fn p256(name: &str) -> Self {
        Self { kind: Kind::P256(seed(name)) }
    }

    /// The P-384 key called `name`.
    #[must_use]
    pub fn p384(name: &str) -> Self {
        Self { kind: Kind::P384(seed(name)) }
    }

    /// The P-521 key called `name`.
    #[must_use]
    pub fn p521(name: &str) -> Self {
        Self { kind: Kind::P521(seed(name)) }
    }

    /// The Ed25519 key called `name`.
    #[must_use]
    pub fn ed25519(name: &str) -> Self {
        Self { kind: Kind::Ed25519(seed(name)) }
    }

    /// The ML-DSA-44 key called `name`.
    #[must_use]
    pub fn ml_dsa_44(name: &str) -> Self {
        Self { kind: Kind::MlDsa44(seed(name)) }
    }

    /// The ML-DSA-65 key called `name`.
    #[must_use]
    pub fn ml_dsa_65(name: &str) -> Self {
        Self { kind: Kind::MlDsa65(seed(name)) }
    }

    /// The ML-DSA-87 key called `name`.
    #[must_use]
    pub fn ml_dsa_87(name: &str) -> Self {
        Self { kind: Kind::MlDsa87(seed(name)) }
    }

    /// One of the embedded RSA keys: `rsa-2048-1` to `rsa-2048-4`, `rsa-2048-e3`, `rsa-1024`, `rsa-2047`,
    /// `rsa-3072`, `rsa-4096`.
    #[must_use]
    pub fn rsa(name: &str) -> Self {
        let found = RSA.iter().find(|(known, _)| *known == name);
        Self { kind: Kind::Rsa(found.unwrap_or_else(|| panic!("no RSA key is called {name}")).1) }
    }

    /// The embedded DSA key, 2048 bits.
    #[must_use]
    pub fn dsa() -> Self {
        Self { kind: Kind::Dsa }
    }

    /// Reads `p-256:name`, `p-384:name`, `p-521:name`, `ed25519:name`, `ml-dsa-44:name` and so on, `dsa-2048`,
    /// or the name of an RSA key.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        match text.split_once(':') {
            Some(("p-256", name)) => Self::p256(name),
            Some(("p-384", name)) => Self::p384(name),
            Some(("p-521", name)) => Self::p521(name),
            Some(("ed25519", name)) => Self::ed25519(name),
            Some(("ml-dsa-44", name)) => Self::ml_dsa_44(name),
            Some(("ml-dsa-65", name)) => Self::ml_dsa_65(name),
            Some(("ml-dsa-87", name)) => Self::ml_dsa_87(name),
            Some(_) => panic!("no kind of key is written {text}"),
            None if text == "dsa-2048" => Self::dsa(),
            None => Self::rsa(text),
        }
    }

    /// The algorithm this key signs with unless told otherwise.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match &self.kind {
            Kind::P256(_) => Algorithm::Ecdsa(Hash::Sha256),
            Kind::P384(_) => Algorithm::Ecdsa(Hash::Sha384),
            Kind::P521(_) => Algorithm::Ecdsa(Hash::Sha512),
            Kind::Ed25519(_) => Algorithm::Ed25519,
            Kind::MlDsa44(_) => Algorithm::MlDsa44,
            Kind::MlDsa65(_) => Algorithm::MlDsa65,
            Kind::MlDsa87(_) => Algorithm::MlDsa87,
            Kind::Rsa(_) => Algorithm::RsaPkcs1(Hash::Sha256),
            Kind::Dsa => Algorithm::Dsa(Hash::Sha256),
        }
    }

    /// The SubjectPublicKeyInfo (RFC 5280 4.1.2.7).
    #[must_use]
    pub fn subject_public_key_info(&self) -> Vec<u8> {
        let identifier = self.key_identifier_algorithm();
        der::sequence(&[identifier, der::bit_string(0, &self.public_octets())])
    }

    fn key_identifier_algorithm(&self) -> Vec<u8> {
        let ec = |curve: &str| der::sequence(&[der::oid("1.2.840.10045.2.1"), der::oid(curve)]);
        let bare = |algorithm: &str| der::sequence(&[der::oid(algorithm)]);
        match &self.kind {
            Kind::P256(_) => ec("1.2.840.10045.3.1.7"),
            Kind::P384(_) => ec("1.3.132.0.34"),
            Kind::P521(_) => ec("1.3.132.0.35"),
            Kind::Ed25519(_) => bare("1.3.101.112"),
            Kind::MlDsa44(_) => bare("2.16.840.1.101.3.4.3.17"),
            Kind::MlDsa65(_) => bare("2.16.840.1.101.3.4.3.18"),
            Kind::MlDsa87(_) => bare("2.16.840.1.101.3.4.3.19"),
            Kind::Rsa(_) => der::sequence(&[der::oid("1.2.840.113549.1.1.1"), der::null()]),
            Kind::Dsa => {
                let key = dsa_key();
                let components = key.verifying_key().components().clone();
                let number = |n: &BoxedUint| der::unsigned(&n.to_be_bytes());
                let parameters = [number(components.p()), number(components.q()), number(components.g())];
                der::sequence(&[der::oid("1.2.840.10040.4.1"), der::sequence(&parameters)])
            }
        }
    }

    /// The octets of subjectPublicKey.
    #[must_use]
    pub fn public_octets(&self) -> Vec<u8> {
        match &self.kind {
            Kind::P256(seed) => p256_key(seed).verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Kind::P384(seed) => p384_key(seed).verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Kind::P521(seed) => p521_key(seed).verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Kind::Ed25519(seed) => ed25519_key(seed).verifying_key().to_bytes().to_vec(),
            Kind::MlDsa44(seed) => ml_dsa_public::<ml_dsa::MlDsa44>(seed),
            Kind::MlDsa65(seed) => ml_dsa_public::<ml_dsa::MlDsa65>(seed),
            Kind::MlDsa87(seed) => ml_dsa_public::<ml_dsa::MlDsa87>(seed),
            Kind::Rsa(encoding) => {
                let key = rsa_key(encoding);
                der::sequence(&[der::unsigned(&key.n_bytes()), der::unsigned(&key.e_bytes())])
            }
            Kind::Dsa => der::unsigned(&dsa_key().verifying_key().y().to_be_bytes()),
        }
    }

    /// The key identifier of RFC 5280 4.2.1.2 method (1): SHA-1 of the octets of subjectPublicKey.
    #[must_use]
    pub fn identifier(&self) -> Vec<u8> {
        Sha1::digest(self.public_octets()).to_vec()
    }

    /// The same public key with the parameters of its curve written out (RFC 5480 2.1.1 forbids that); P-256.
    ///
    /// # Panics
    /// For another kind of key.
    #[must_use]
    pub fn explicit_public_key_info(&self) -> Vec<u8> {
        assert!(matches!(self.kind, Kind::P256(_)), "explicit parameters are written for P-256 alone");
        let identifier = der::sequence(&[der::oid("1.2.840.10045.2.1"), explicit_p256()]);
        der::sequence(&[identifier, der::bit_string(0, &self.public_octets())])
    }

    /// The signature value over `message`.
    ///
    /// # Panics
    /// When this key cannot sign with `algorithm`.
    #[must_use]
    pub fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
        match (&self.kind, algorithm) {
            (Kind::P256(seed), Algorithm::Ecdsa(hash)) => {
                let signed: p256::ecdsa::DerSignature =
                    p256_key(seed).sign_prehash(&padded(hash, message, 32)).expect("signs");
                signed.to_vec()
            }
            (Kind::P384(seed), Algorithm::Ecdsa(hash)) => {
                let signed: p384::ecdsa::DerSignature =
                    p384_key(seed).sign_prehash(&padded(hash, message, 48)).expect("signs");
                signed.to_vec()
            }
            (Kind::P521(seed), Algorithm::Ecdsa(hash)) => {
                let signed: p521::ecdsa::DerSignature =
                    p521_key(seed).sign_prehash(&padded(hash, message, 66)).expect("signs");
                signed.to_vec()
            }
            (Kind::Ed25519(seed), Algorithm::Ed25519) => ed25519_key(seed).sign(message).to_vec(),
            (Kind::MlDsa44(seed), Algorithm::MlDsa44) => ml_dsa_sign::<ml_dsa::MlDsa44>(seed, message),
            (Kind::MlDsa65(seed), Algorithm::MlDsa65) => ml_dsa_sign::<ml_dsa::MlDsa65>(seed, message),
            (Kind::MlDsa87(seed), Algorithm::MlDsa87) => ml_dsa_sign::<ml_dsa::MlDsa87>(seed, message),
            (Kind::Rsa(encoding), Algorithm::RsaPkcs1(hash)) => rsa_pkcs1(&rsa_key(encoding), hash, message),
            (Kind::Rsa(encoding), Algorithm::RsaPss(hash)) => rsa_pss(&rsa_key(encoding), hash, message),
            (Kind::Dsa, Algorithm::Dsa(hash)) => {
                dsa_key().sign_prehash(&digest(hash, message)).expect("signs").to_vec()
            }
            (kind, algorithm) => panic!("{kind:?} cannot sign with {}", algorithm.word()),
        }
    }
}

fn seed(name: &str) -> [u8; 32] {
    Sha256::digest(name).into()
}

// A SHA-256 value is below the order of each curve here except with negligible chance; P-256 is the tightest.
fn p256_key(seed: &[u8; 32]) -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(seed).expect("a scalar")
}

fn p384_key(seed: &[u8; 32]) -> p384::ecdsa::SigningKey {
    p384::ecdsa::SigningKey::from_slice(&[&[0; 16], seed.as_slice()].concat()).expect("a scalar")
}

fn p521_key(seed: &[u8; 32]) -> p521::ecdsa::SigningKey {
    p521::ecdsa::SigningKey::from_slice(&[&[0; 34], seed.as_slice()].concat()).expect("a scalar")
}

fn ed25519_key(seed: &[u8; 32]) -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(seed)
}

fn ml_dsa_public<P: ml_dsa::MlDsaParams>(seed: &[u8; 32]) -> Vec<u8> {
    ml_dsa::SigningKey::<P>::from_seed(&(*seed).into()).verifying_key().encode().to_vec()
}

fn ml_dsa_sign<P: ml_dsa::MlDsaParams>(seed: &[u8; 32], message: &[u8]) -> Vec<u8> {
    let key = ml_dsa::SigningKey::<P>::from_seed(&(*seed).into());
    key.expanded_key().sign_deterministic(message, &[]).expect("signs").encode().to_vec()
}

fn rsa_key(encoding: &[u8]) -> RsaPrivateKey {
    use rsa::pkcs8::DecodePrivateKey;
    RsaPrivateKey::from_pkcs8_der(encoding).expect("an embedded key")
}

fn dsa_key() -> dsa::SigningKey {
    use rsa::pkcs8::DecodePrivateKey;
    dsa::SigningKey::from_pkcs8_der(DSA).expect("an embedded key")
}

fn rsa_pkcs1(key: &RsaPrivateKey, hash: Hash, message: &[u8]) -> Vec<u8> {
    // RFC 8017 9.2: DigestInfo up to and with the length of the digest.
    let digest = digest(hash, message);
    let identifier = der::sequence(&[der::oid(hash.oid()), der::null()]);
    let info = der::sequence(&[identifier, der::octet_string(&digest)]);
    let prefix = info[..info.len() - digest.len()].into();
    key.sign(Pkcs1v15Sign { hash_len: Some(digest.len()), prefix }, &digest).expect("signs")
}

fn rsa_pss(key: &RsaPrivateKey, hash: Hash, message: &[u8]) -> Vec<u8> {
    let digest = digest(hash, message);
    let salt = digest.len();
    match hash {
        Hash::Sha1 => Pss::<Sha1>::new_with_salt(salt).sign(Some(&mut Constant), key, &digest),
        Hash::Sha224 => Pss::<Sha224>::new_with_salt(salt).sign(Some(&mut Constant), key, &digest),
        Hash::Sha256 => Pss::<Sha256>::new_with_salt(salt).sign(Some(&mut Constant), key, &digest),
        Hash::Sha384 => Pss::<Sha384>::new_with_salt(salt).sign(Some(&mut Constant), key, &digest),
        Hash::Sha512 => Pss::<Sha512>::new_with_salt(salt).sign(Some(&mut Constant), key, &digest),
    }
    .expect("signs")
}

/// "Random" octets that are always the same, for the salt of RSASSA-PSS.
struct Constant;

impl TryRng for Constant {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(0x5a5a_5a5a)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(0x5a5a_5a5a_5a5a_5a5a)
    }

    fn try_fill_bytes(&mut self, octets: &mut [u8]) -> Result<(), Infallible> {
        octets.fill(0x5a);
        Ok(())
    }
}

impl TryCryptoRng for Constant {}

/// The digest of `message`.
fn digest(hash: Hash, message: &[u8]) -> Vec<u8> {
    match hash {
        Hash::Sha1 => Sha1::digest(message).to_vec(),
        Hash::Sha224 => Sha224::digest(message).to_vec(),
        Hash::Sha256 => Sha256::digest(message).to_vec(),
        Hash::Sha384 => Sha384::digest(message).to_vec(),
        Hash::Sha512 => Sha512::digest(message).to_vec(),
    }
}

/// The digest as a number of at least `octets` octets: a short digest on a large curve is the same number.
fn padded(hash: Hash, message: &[u8], octets: usize) -> Vec<u8> {
    let digest = digest(hash, message);
    let zeros = vec![0; octets.saturating_sub(digest.len())];
    [zeros, digest].concat()
}

/// ECParameters of P-256 written out (SEC 1 C.2).
fn explicit_p256() -> Vec<u8> {
    let octets = |text: &str| crate::hexadecimal(text);
    let prime = octets("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    let a = octets("ffffffff00000001000000000000000000000000fffffffffffffffffffffffc");
    let b = octets("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
    let base = octets(concat!(
        "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
    ));
    let order = octets("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    der::sequence(&[
        der::number(1),
        der::sequence(&[der::oid("1.2.840.10045.1.1"), der::unsigned(&prime)]),
        der::sequence(&[der::octet_string(&a), der::octet_string(&b)]),
        der::octet_string(&base),
        der::unsigned(&order),
        der::number(1),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gives_the_same_key_and_signature_each_time() {
        for text in ["p-256:a", "p-384:a", "p-521:a", "ed25519:a", "ml-dsa-44:a", "rsa-2048-1", "dsa-2048"] {
            let (one, two) = (Key::from_text(text), Key::from_text(text));
            assert_eq!(one.subject_public_key_info(), two.subject_public_key_info(), "{text}");
            let algorithm = one.algorithm();
            assert_eq!(one.sign(algorithm, b"message"), two.sign(algorithm, b"message"), "{text}");
        }
    }

    #[test]
    fn names_and_kinds_give_different_keys() {
        assert_ne!(Key::p256("a").public_octets(), Key::p256("b").public_octets());
        assert_ne!(Key::rsa("rsa-2048-1").public_octets(), Key::rsa("rsa-2048-2").public_octets());
    }

    #[test]
    fn pss_signatures_are_the_same_each_time() {
        let key = Key::rsa("rsa-2048-1");
        let pss = Algorithm::RsaPss(Hash::Sha384);
        assert_eq!(key.sign(pss, b"message"), key.sign(pss, b"message"));
    }
}
