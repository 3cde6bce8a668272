//! Keys at rest: EncryptedPrivateKeyInfo (RFC 5958 3) under PBES2 (RFC 8018 6.2), which OpenSSL and others read and
//! write too. There is no way to get an unencrypted key out of this module.
//!
//! What is written is always PBKDF2-HMAC-SHA256 with AES-256-CBC, both approved and both computed by AWS-LC; what
//! others wrote with scrypt or another hash is opened unless FIPS mode is on, within bounds on its cost.

use std::num::NonZeroU32;

use aws_lc_rs::cipher::{
    AES_256, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey,
    UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::{pbkdf2, rand};
use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::{Decode, Encode};
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::{EncryptionScheme as Cipher, Kdf, Parameters, Pbkdf2Params, Pbkdf2Prf};
use zeroize::Zeroizing;

use super::passphrase::Passphrase;
use super::{Approval, KeyFault, PrivateKey};

/// Rounds of PBKDF2-HMAC-SHA256: the number of OWASP's Password Storage Cheat Sheet (2023, still so in 2026), and
/// far above the 1,000 that NIST SP 800-132 5.2 asks for at least.
pub const ITERATIONS: NonZeroU32 = match NonZeroU32::new(600_000) {
    Some(iterations) => iterations,
    None => NonZeroU32::MIN,
};
/// Salt: NIST SP 800-132 5.1 asks for 128 bits.
const SALT: usize = 16;
/// One block of AES.
const BLOCK: usize = 16;
/// Rounds beyond which a file is refused, so that it cannot hold a thread for minutes.
const MOST_ITERATIONS: u32 = 10_000_000;
/// The most memory that scrypt may ask for, in octets; OpenSSL stops at the same.
const MOST_SCRYPT_MEMORY: u64 = 32 * 1024 * 1024;
/// The most that scrypt may be repeated.
const MOST_SCRYPT_PARALLELIZATION: u16 = 16;
/// Larger than any key of these kinds, encrypted.
const LARGEST: usize = 16 * 1024;

/// Encrypts a key. It computes for some tenths of a second: call it from a thread that may.
///
/// # Errors
/// [`KeyFault::Seal`] when the library fails.
pub fn seal(key: &PrivateKey, passphrase: &Passphrase) -> Result<Vec<u8>, KeyFault> {
    let mut salt = [0; SALT];
    let mut vector = [0; BLOCK];
    rand::fill(&mut salt).map_err(|_| KeyFault::Seal)?;
    rand::fill(&mut vector).map_err(|_| KeyFault::Seal)?;
    let parameters = Parameters::generate_pbkdf2_sha256_aes256cbc(ITERATIONS.get(), &salt, vector);
    let parameters = parameters.map_err(|_| KeyFault::Seal)?;
    let cipher = PaddedBlockEncryptingKey::cbc_pkcs7(derive(passphrase, ITERATIONS, &salt)?);
    let mut octets = key.encoded()?;
    // room for the padding, so that no copy of the key is left behind by growing
    let mut sealed = Zeroizing::new(Vec::with_capacity(octets.len().saturating_add(BLOCK)));
    sealed.append(&mut octets);
    cipher
        .and_then(|cipher| {
            let vector = EncryptionContext::Iv128(FixedLength::from(vector));
            cipher.less_safe_encrypt(&mut *sealed, vector)
        })
        .map_err(|_| KeyFault::Seal)?;
    encode(parameters, &sealed).ok_or(KeyFault::Seal)
}

fn encode(parameters: Parameters, sealed: &[u8]) -> Option<Vec<u8>> {
    let encrypted_data = OctetStringRef::new(sealed).ok()?;
    let encryption_algorithm = EncryptionScheme::Pbes2(parameters);
    EncryptedPrivateKeyInfoRef { encryption_algorithm, encrypted_data }.to_der().ok()
}

/// Opens an encrypted key. It computes for some tenths of a second.
///
/// # Errors
/// Which of the two is wrong, the passphrase or the file, as far as that can be told: see [`KeyFault`].
pub fn open(sealed: &[u8], passphrase: &Passphrase, approval: Approval) -> Result<PrivateKey, KeyFault> {
    if sealed.len() > LARGEST {
        return Err(KeyFault::Damaged);
    }
    let sealed = EncryptedPrivateKeyInfoRef::from_der(sealed).map_err(|_| KeyFault::Damaged)?;
    let EncryptionScheme::Pbes2(parameters) = &sealed.encryption_algorithm else {
        return Err(KeyFault::UnsupportedEncryption);
    };
    let octets = sealed.encrypted_data.as_bytes();
    let opened = match (&parameters.kdf, parameters.encryption) {
        (Kdf::Pbkdf2(kdf), Cipher::Aes256Cbc { iv }) if approved(kdf) => {
            open_approved(octets, passphrase, kdf, iv)?
        }
        _ if approval == Approval::Fips => return Err(KeyFault::NotApproved),
        _ => open_other(octets, passphrase, parameters)?,
    };
    PrivateKey::decode(&opened).map_err(|fault| {
        // one wrong passphrase in 256 leaves padding that looks right around octets that are nothing
        if pkcs8::PrivateKeyInfoRef::from_der(&opened).is_ok() { fault } else { KeyFault::WrongPassphrase }
    })
}

/// What [`seal`] writes, whoever wrote it.
fn approved(kdf: &Pbkdf2Params) -> bool {
    kdf.prf == Pbkdf2Prf::HmacWithSha256
        && kdf.key_length.is_none_or(|length| length == 32)
        && (1000..=MOST_ITERATIONS).contains(&kdf.iteration_count)
        && kdf.salt.as_ref().len() >= SALT
}

fn open_approved(
    octets: &[u8],
    passphrase: &Passphrase,
    kdf: &Pbkdf2Params,
    vector: [u8; BLOCK],
) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
    if octets.is_empty() || !octets.len().is_multiple_of(BLOCK) {
        return Err(KeyFault::Damaged);
    }
    let iterations = NonZeroU32::new(kdf.iteration_count).ok_or(KeyFault::UnsupportedEncryption)?;
    let key = derive(passphrase, iterations, kdf.salt.as_ref())?;
    let cipher = PaddedBlockDecryptingKey::cbc_pkcs7(key).map_err(|_| KeyFault::UnsupportedEncryption)?;
    let mut opened = Zeroizing::new(octets.to_vec());
    let vector = DecryptionContext::Iv128(FixedLength::from(vector));
    let length = cipher.decrypt(&mut opened, vector).map_err(|_| KeyFault::WrongPassphrase)?.len();
    opened.truncate(length);
    Ok(opened)
}

/// What others write: scrypt, or PBKDF2 with another hash, and another strength of AES.
fn open_other(
    octets: &[u8],
    passphrase: &Passphrase,
    parameters: &Parameters,
) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
    use pkcs8::pkcs5::Error;
    let affordable = match &parameters.kdf {
        Kdf::Pbkdf2(kdf) => (1..=MOST_ITERATIONS).contains(&kdf.iteration_count),
        Kdf::Scrypt(kdf) => {
            let memory = kdf.cost_parameter.saturating_mul(u64::from(kdf.block_size)).saturating_mul(128);
            memory <= MOST_SCRYPT_MEMORY && kdf.parallelization <= MOST_SCRYPT_PARALLELIZATION
        }
        _ => false,
    };
    if !affordable {
        return Err(KeyFault::UnsupportedEncryption);
    }
    let opened = parameters.decrypt(passphrase.octets(), octets).map(Zeroizing::new);
    opened.map_err(|error| match error {
        Error::DecryptFailed if octets.is_empty() => KeyFault::Damaged,
        Error::DecryptFailed => KeyFault::WrongPassphrase,
        _ => KeyFault::UnsupportedEncryption,
    })
}

fn derive(
    passphrase: &Passphrase,
    iterations: NonZeroU32,
    salt: &[u8],
) -> Result<UnboundCipherKey, KeyFault> {
    let mut key = Zeroizing::new([0; 32]);
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, iterations, salt, passphrase.octets(), &mut *key);
    UnboundCipherKey::new(&AES_256, &*key).map_err(|_| KeyFault::Seal)
}
