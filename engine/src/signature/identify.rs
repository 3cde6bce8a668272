//! Algorithm identifiers: which algorithm an identifier and its parameters name. Parameters are read
//! strictly, because two readers that disagree about them disagree about what was signed.
//!
//! RFC 3279 2.2, RFC 4055 3.1 and 5, RFC 5758 3, RFC 8410 3, RFC 9881 2. Identifiers of MD2 and MD5 are
//! unknown here on purpose, and so is every composition that none of these documents defines.

use super::Hash;
use crate::certificate::AlgorithmIdentifier;
use crate::der::{self, Decoded, Reader};
use crate::oid::{self, Oid};
use crate::settings::algorithm::SignatureAlgorithm;

/// Why an algorithm identifier names no algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unidentified {
    /// The object identifier is not one of a supported signature algorithm.
    Algorithm,
    /// The parameters are not those the algorithm must have, or name a combination that is not supported.
    Parameters,
}

/// What an algorithm's definition says about its parameters.
enum Parameters {
    /// They must be NULL.
    Null,
    /// They must be NULL, and absence must be accepted.
    NullOrAbsent,
    /// They must be absent.
    Absent,
}

const NULL: [u8; 2] = [der::NULL, 0];

/// Says which algorithm an identifier and its parameters name.
///
/// # Errors
/// [`Unidentified`].
pub fn identify(identifier: &AlgorithmIdentifier) -> Result<SignatureAlgorithm, Unidentified> {
    if identifier.algorithm == oid::RSASSA_PSS {
        return identify_pss(identifier);
    }
    let (algorithm, expected) = plain(&identifier.algorithm).ok_or(Unidentified::Algorithm)?;
    let sound = match (expected, identifier.parameters.as_deref()) {
        (Parameters::Null | Parameters::NullOrAbsent, Some(parameters)) => parameters == NULL,
        (Parameters::NullOrAbsent | Parameters::Absent, None) => true,
        (Parameters::Null, None) | (Parameters::Absent, Some(_)) => false,
    };
    if sound { Ok(algorithm) } else { Err(Unidentified::Parameters) }
}

/// The algorithms whose parameters say nothing.
fn plain(algorithm: &Oid) -> Option<(SignatureAlgorithm, Parameters)> {
    use SignatureAlgorithm as Name;
    let known = [
        // RFC 3279 2.2.1: NULL. RFC 4055 5: NULL, "implementations MUST accept the parameters being absent".
        (oid::SHA1_WITH_RSA, Name::RsaPkcs1Sha1, Parameters::Null),
        (oid::SHA224_WITH_RSA, Name::RsaPkcs1Sha224, Parameters::NullOrAbsent),
        (oid::SHA256_WITH_RSA, Name::RsaPkcs1Sha256, Parameters::NullOrAbsent),
        (oid::SHA384_WITH_RSA, Name::RsaPkcs1Sha384, Parameters::NullOrAbsent),
        (oid::SHA512_WITH_RSA, Name::RsaPkcs1Sha512, Parameters::NullOrAbsent),
        // RFC 3279 2.2.3, RFC 5758 3.2
        (oid::ECDSA_WITH_SHA1, Name::EcdsaSha1, Parameters::Absent),
        (oid::ECDSA_WITH_SHA224, Name::EcdsaSha224, Parameters::Absent),
        (oid::ECDSA_WITH_SHA256, Name::EcdsaSha256, Parameters::Absent),
        (oid::ECDSA_WITH_SHA384, Name::EcdsaSha384, Parameters::Absent),
        (oid::ECDSA_WITH_SHA512, Name::EcdsaSha512, Parameters::Absent),
        // RFC 8410 3
        (oid::ED25519, Name::Ed25519, Parameters::Absent),
        (oid::ED448, Name::Ed448, Parameters::Absent),
        // RFC 9881 2
        (oid::ML_DSA_44, Name::MlDsa44, Parameters::Absent),
        (oid::ML_DSA_65, Name::MlDsa65, Parameters::Absent),
        (oid::ML_DSA_87, Name::MlDsa87, Parameters::Absent),
        // RFC 3279 2.2.2, RFC 5758 3.1
        (oid::DSA_WITH_SHA1, Name::DsaSha1, Parameters::Absent),
        (oid::DSA_WITH_SHA224, Name::DsaSha224, Parameters::Absent),
        (oid::DSA_WITH_SHA256, Name::DsaSha256, Parameters::Absent),
    ];
    known.into_iter().find(|(known, ..)| known == algorithm).map(|(_, name, parameters)| (name, parameters))
}

/// RSASSA-PSS, RFC 4055 3.1. Of all combinations those with one hash and a salt as long as its output are
/// supported: the ones RFC 8017 9.1 recommends and the public web allows (CA/Browser Forum BR 7.1.3.2.1).
/// Other salts verify in theory but would be a parameter that an attacker chooses.
fn identify_pss(identifier: &AlgorithmIdentifier) -> Result<SignatureAlgorithm, Unidentified> {
    let encoded = identifier.parameters.as_deref().ok_or(Unidentified::Parameters)?;
    let named = decode_pss(encoded).map_err(|_| Unidentified::Parameters)?;
    match named {
        Pss { hash: Some(Hash::Sha256), mgf_hash: Some(Hash::Sha256), salt_length: 32 } => {
            Ok(SignatureAlgorithm::RsaPssSha256)
        }
        Pss { hash: Some(Hash::Sha384), mgf_hash: Some(Hash::Sha384), salt_length: 48 } => {
            Ok(SignatureAlgorithm::RsaPssSha384)
        }
        Pss { hash: Some(Hash::Sha512), mgf_hash: Some(Hash::Sha512), salt_length: 64 } => {
            Ok(SignatureAlgorithm::RsaPssSha512)
        }
        _ => Err(Unidentified::Parameters),
    }
}

/// Whether a key of id-RSASSA-PSS allows PSS with `hash`, RFC 4055 3.3: without parameters it allows all;
/// with parameters the hash and its mask must be the same, and the salt no shorter.
pub(super) fn key_allows_pss(key: &AlgorithmIdentifier, hash: Hash) -> bool {
    let salt_length = match hash {
        Hash::Sha256 => 32,
        Hash::Sha384 => 48,
        Hash::Sha512 => 64,
        Hash::Sha1 | Hash::Sha224 => return false,
    };
    key.parameters.as_deref().is_none_or(|encoded| {
        decode_pss(encoded).is_ok_and(|bound| {
            bound.hash == Some(hash) && bound.mgf_hash == Some(hash) && bound.salt_length <= salt_length
        })
    })
}

/// RSASSA-PSS-params; a hash is `None` when it is not one that is supported with PSS.
struct Pss {
    hash: Option<Hash>,
    mgf_hash: Option<Hash>,
    salt_length: u32,
}

fn decode_pss(encoded: &[u8]) -> Decoded<Pss> {
    let mut outer = Reader::new(encoded);
    let mut fields = outer.nested(der::SEQUENCE, "RSASSA-PSS-params")?;
    outer.finish("RSASSA-PSS-params")?;
    let hash = tagged(&mut fields, 0, "hashAlgorithm", hash_identifier)?.flatten();
    let mgf_hash = tagged(&mut fields, 1, "maskGenAlgorithm", mask_generation)?.flatten();
    let salt_length =
        tagged(&mut fields, 2, "saltLength", |reader| reader.small_integer(der::INTEGER, "saltLength"))?;
    // RFC 4055 3.1: validation "MUST recognize both a present trailerField field with value 1 and an absent
    // trailerField field", although DER would leave the default out.
    let trailer = tagged(&mut fields, 3, "trailerField", |reader| {
        let at = reader.clone();
        match reader.small_integer(der::INTEGER, "trailerField")? {
            1 => Ok(()),
            _ => Err(at.malformed("trailerField", der::Problem::OutOfRange)),
        }
    })?;
    let _: Option<()> = trailer;
    fields.finish("RSASSA-PSS-params")?;
    Ok(Pss { hash, mgf_hash, salt_length: salt_length.unwrap_or(20) })
}

fn tagged<'a, T>(
    fields: &mut Reader<'a>,
    number: u8,
    field: &'static str,
    read: impl FnOnce(&mut Reader<'a>) -> Decoded<T>,
) -> Decoded<Option<T>> {
    let Some(element) = fields.optional(der::context_constructed(number), field)? else { return Ok(None) };
    let mut inside = Reader::inside(&element);
    let value = read(&mut inside)?;
    inside.finish(field)?;
    Ok(Some(value))
}

/// HashAlgorithm, RFC 4055 2.1: parameters NULL or absent, both of which must be accepted.
fn hash_identifier(reader: &mut Reader<'_>) -> Decoded<Option<Hash>> {
    let mut fields = reader.nested(der::SEQUENCE, "hashAlgorithm")?;
    let algorithm = fields.oid("hashAlgorithm")?;
    let parameters = fields.optional(der::NULL, "hashAlgorithm")?;
    fields.finish("hashAlgorithm")?;
    let known = [(oid::SHA256, Hash::Sha256), (oid::SHA384, Hash::Sha384), (oid::SHA512, Hash::Sha512)];
    let hash = known.into_iter().find(|(known, _)| *known == algorithm).map(|(_, hash)| hash);
    Ok(hash.filter(|_| parameters.is_none_or(|null| null.content.is_empty())))
}

/// MaskGenAlgorithm, RFC 4055 2.2: MGF1 over a hash.
fn mask_generation(reader: &mut Reader<'_>) -> Decoded<Option<Hash>> {
    let mut fields = reader.nested(der::SEQUENCE, "maskGenAlgorithm")?;
    let is_mgf1 = fields.oid("maskGenAlgorithm")? == oid::MGF1;
    if !is_mgf1 {
        return Ok(None);
    }
    let hash = hash_identifier(&mut fields)?;
    fields.finish("maskGenAlgorithm")?;
    Ok(hash)
}
