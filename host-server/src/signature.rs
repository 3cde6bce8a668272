//! Answers signature checks that the engine asks for, with aws-lc-rs: AWS-LC, or its validated module where the
//! cargo feature `fips` is on. It computes and decides nothing: which checks are asked for, and what follows from
//! an answer, is the engine's. Keys go to the library as they came; nothing is decoded here.
//!
//! The library is trusted with arithmetic. What it cannot do is left without an answer and never answered with
//! `false`: the engine then verifies it itself.

use aws_lc_rs::signature::{self as aws_lc, ParsedPublicKey, VerificationAlgorithm};

use crate::component::contract::evidence::{
    Item, SignatureAnswer, SignatureCheck, Unavailable, UnavailableReason,
};

/// Answers the checks of one request, in their order. Where one is without an answer, the last item says that
/// the request could not be answered as a whole.
#[must_use]
pub fn answer(request_id: &str, checks: &[SignatureCheck]) -> Vec<Item> {
    let answers = checks.iter().filter_map(|check| {
        let verifies = verifies(check)?;
        Some(Item::Signature(SignatureAnswer { id: check.id.clone(), verifies }))
    });
    let mut items: Vec<Item> = answers.collect();
    if items.len() < checks.len() {
        // Of the contract's reasons this says it best: the host does not do it.
        let reason = UnavailableReason::Offline;
        items.push(Item::Unavailable(Unavailable { request_id: request_id.to_owned(), reason }));
    }
    items
}

/// Whether the signature verifies; `None` where the library knows no such algorithm or cannot read the key.
#[must_use]
pub fn verifies(check: &SignatureCheck) -> Option<bool> {
    let mut candidates = algorithms(&check.algorithm).iter();
    let key = candidates.find_map(|algorithm| ParsedPublicKey::new(*algorithm, &check.key).ok())?;
    Some(key.verify_sig(&check.message, &check.signature).is_ok())
}

/// The library's algorithms for a word of the contract. For ECDSA there is one for each curve, and the library
/// reads a key for its own curve only.
fn algorithms(word: &str) -> &'static [&'static dyn VerificationAlgorithm] {
    match word {
        "rsa-pkcs1-sha256" => &[&aws_lc::RSA_PKCS1_2048_8192_SHA256],
        "rsa-pkcs1-sha384" => &[&aws_lc::RSA_PKCS1_2048_8192_SHA384],
        "rsa-pkcs1-sha512" => &[&aws_lc::RSA_PKCS1_2048_8192_SHA512],
        "rsa-pss-sha256" => &[&aws_lc::RSA_PSS_2048_8192_SHA256],
        "rsa-pss-sha384" => &[&aws_lc::RSA_PSS_2048_8192_SHA384],
        "rsa-pss-sha512" => &[&aws_lc::RSA_PSS_2048_8192_SHA512],
        "ecdsa-sha256" => &[
            &aws_lc::ECDSA_P256_SHA256_ASN1,
            &aws_lc::ECDSA_P384_SHA256_ASN1,
            &aws_lc::ECDSA_P521_SHA256_ASN1,
        ],
        "ecdsa-sha384" => &[
            &aws_lc::ECDSA_P256_SHA384_ASN1,
            &aws_lc::ECDSA_P384_SHA384_ASN1,
            &aws_lc::ECDSA_P521_SHA384_ASN1,
        ],
        "ecdsa-sha512" => &[
            &aws_lc::ECDSA_P256_SHA512_ASN1,
            &aws_lc::ECDSA_P384_SHA512_ASN1,
            &aws_lc::ECDSA_P521_SHA512_ASN1,
        ],
        "ed25519" => &[&aws_lc::ED25519],
        _ => &[],
    }
}

/// The library that answers, for a log: its name, and whether it is the validated module.
#[must_use]
pub fn library() -> &'static str {
    if is_validated() { "aws-lc-rs, FIPS module" } else { "aws-lc-rs" }
}

/// Whether the library is the validated module.
#[must_use]
pub fn is_validated() -> bool {
    aws_lc_rs::try_fips_mode().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(id: &str, algorithm: &str, key: &[u8]) -> SignatureCheck {
        SignatureCheck {
            id: id.to_owned(),
            algorithm: algorithm.to_owned(),
            key: key.to_vec(),
            message: b"message".to_vec(),
            signature: vec![0; 64],
        }
    }

    /// The key of RFC 8032 7.1, test 1, as a SubjectPublicKeyInfo.
    const ED25519: [u8; 44] = [
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00, 0xd7, 0x5a, 0x98, 0x01, 0x82,
        0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6,
        0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
    ];

    #[test]
    fn what_the_library_cannot_do_has_no_answer() {
        assert_eq!(verifies(&check("a", "ed25519", &ED25519)), Some(false));
        for (algorithm, key) in [
            ("ed448", ED25519.as_slice()),
            ("", &ED25519),
            ("Ed25519", &ED25519),
            ("ecdsa-sha256", &ED25519),
            ("rsa-pkcs1-sha256", &ED25519),
            ("ed25519", &ED25519[..43]),
            ("ed25519", &[]),
        ] {
            assert_eq!(verifies(&check("a", algorithm, key)), None, "{algorithm} {}", key.len());
        }
    }

    #[test]
    fn a_request_is_answered_check_by_check_and_what_is_left_is_told() {
        let known = check("known", "ed25519", &ED25519);
        let unknown = check("unknown", "ed448", &ED25519);
        let shape = |checks: &[SignatureCheck]| -> Vec<String> {
            let items = answer("request", checks);
            items
                .iter()
                .map(|item| match item {
                    Item::Signature(answer) => format!("{} {}", answer.id, answer.verifies),
                    Item::Unavailable(tried) => format!("not {}", tried.request_id),
                    other => panic!("{other:?}"),
                })
                .collect()
        };
        assert_eq!(shape(&[]), Vec::<String>::new());
        assert_eq!(shape(std::slice::from_ref(&known)), ["known false"]);
        assert_eq!(shape(&[unknown.clone(), known]), ["known false", "not request"]);
        assert_eq!(shape(&[unknown]), ["not request"]);
    }
}
