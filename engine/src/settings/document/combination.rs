//! Choices that cannot stand together. Looked at once every value is sound by itself; the error stands at
//! the later of the two, or at the one that is written when the other is the profile's.

use super::problem::DocumentProblem;
use super::reader::{Entry, Reader};
use crate::settings::Settings;
use crate::settings::algorithm::{KeyKind, SignatureAlgorithm};

/// What the document itself says of the choices below.
#[derive(Debug, Default)]
pub(super) struct Written<'d> {
    /// `algorithms.signatures`, one by one.
    pub(super) signatures: Vec<(SignatureAlgorithm, Entry<'d>)>,
    /// `algorithms.keys`.
    pub(super) keys: Option<Entry<'d>>,
    /// `algorithms.rsa-minimum-bits`.
    pub(super) rsa_minimum_bits: Option<Entry<'d>>,
    /// `algorithms.rsa-maximum-bits`.
    pub(super) rsa_maximum_bits: Option<Entry<'d>>,
}

/// Every rule of this file.
pub(super) fn check<'d>(reader: &mut Reader<'d>, settings: &Settings, written: &Written<'d>) {
    rsa_range(reader, settings, written);
    signatures_without_key(reader, settings, written);
}

/// No RSA key could ever be accepted.
fn rsa_range<'d>(reader: &mut Reader<'d>, settings: &Settings, written: &Written<'d>) {
    let (minimum, maximum) = (settings.algorithms.rsa_minimum_bits, settings.algorithms.rsa_maximum_bits);
    if minimum <= maximum {
        return;
    }
    let minimum_is_later = match (&written.rsa_minimum_bits, &written.rsa_maximum_bits) {
        (Some(minimum), Some(maximum)) => minimum.at > maximum.at,
        (minimum, _) => minimum.is_some(),
    };
    let (entry, with, value) = if minimum_is_later {
        (&written.rsa_minimum_bits, "algorithms.rsa-maximum-bits", maximum)
    } else {
        (&written.rsa_maximum_bits, "algorithms.rsa-minimum-bits", minimum)
    };
    contradiction(reader, entry.as_ref(), with, value.to_string());
}

/// A signature algorithm that no accepted kind of key can make. Whoever lists it expects it to work.
fn signatures_without_key<'d>(reader: &mut Reader<'d>, settings: &Settings, written: &Written<'d>) {
    let keys = &settings.algorithms.keys;
    let has_key = |algorithm: SignatureAlgorithm| key_kinds(algorithm).iter().any(|kind| keys.contains(kind));
    for (algorithm, entry) in &written.signatures {
        if !has_key(*algorithm) {
            let kinds: Vec<_> = key_kinds(*algorithm).iter().map(|kind| kind.word()).collect();
            contradiction(reader, Some(entry), "algorithms.keys", kinds.join(", "));
        }
    }
    if written.signatures.is_empty() {
        let lost = settings.algorithms.signatures.iter().find(|algorithm| !has_key(**algorithm));
        if let Some(algorithm) = lost {
            let word = algorithm.word().to_owned();
            contradiction(reader, written.keys.as_ref(), "algorithms.signatures", word);
        }
    }
}

fn contradiction<'d>(reader: &mut Reader<'d>, entry: Option<&Entry<'d>>, with: &'static str, value: String) {
    let (at, key) = entry.map_or((0, ""), |entry| (entry.at, entry.key.as_str()));
    reader.refuse(at, key, || DocumentProblem::Contradiction { with, value });
}

/// The kinds of key that make signatures of this algorithm.
fn key_kinds(algorithm: SignatureAlgorithm) -> &'static [KeyKind] {
    use SignatureAlgorithm as A;
    match algorithm {
        A::RsaPkcs1Sha1
        | A::RsaPkcs1Sha224
        | A::RsaPkcs1Sha256
        | A::RsaPkcs1Sha384
        | A::RsaPkcs1Sha512
        | A::RsaPssSha256
        | A::RsaPssSha384
        | A::RsaPssSha512 => &[KeyKind::Rsa],
        // RFC 5480: any curve goes with any hash.
        A::EcdsaSha1 | A::EcdsaSha224 | A::EcdsaSha256 | A::EcdsaSha384 | A::EcdsaSha512 => {
            &[KeyKind::P256, KeyKind::P384, KeyKind::P521]
        }
        A::Ed25519 => &[KeyKind::Ed25519],
        A::Ed448 => &[KeyKind::Ed448],
        A::MlDsa44 => &[KeyKind::MlDsa44],
        A::MlDsa65 => &[KeyKind::MlDsa65],
        A::MlDsa87 => &[KeyKind::MlDsa87],
        A::DsaSha1 | A::DsaSha224 | A::DsaSha256 => &[KeyKind::Dsa],
    }
}
