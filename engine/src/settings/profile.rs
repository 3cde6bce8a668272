//! The named profiles as ready settings, with the clause behind each difference from plain RFC 5280.

use std::collections::BTreeSet;

use super::algorithm::{KeyKind, SignatureAlgorithm};
use super::revocation::{CrlSettings, OcspSettings, RevocationSettings};
use super::{
    AlgorithmSettings, AnchorSettings, KeyUsageBit, Mode, NameSettings, PathSettings, Purpose, Settings, Wildcards,
};
use crate::budget::Limits;
use crate::finding::{Code, Level, Levels};
use crate::oid::{self, Oid};

/// A named set of settings to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// RFC 5280 as it is written.
    Rfc5280,
    /// RFC 5280 with the CA/Browser Forum baseline requirements that a relying party can check.
    PublicWeb,
}

/// How far form rules are taken that many certificates in use break harmlessly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// As the profile says.
    Standard,
    /// Everything a standard forbids a CA to write is refused.
    Pedantic,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 2] = [Self::Rfc5280, Self::PublicWeb];

    /// The word used in a policy document.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Rfc5280 => "rfc5280",
            Self::PublicWeb => "public-web",
        }
    }
}

impl Strictness {
    /// Every step.
    pub const ALL: [Self; 2] = [Self::Standard, Self::Pedantic];

    /// The word used in a policy document.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Pedantic => "pedantic",
        }
    }
}

impl Settings {
    /// The settings of a profile at one step of strictness, before any document changes them.
    #[must_use]
    pub fn of_profile(profile: Profile, strictness: Strictness) -> Self {
        Self {
            profile,
            mode: Mode::Standard,
            strictness,
            levels: levels(profile, strictness),
            limits: Limits::DEFAULT,
            path: PathSettings {
                maximum_intermediates: 8,
                initial_policy_set: BTreeSet::from([oid::ANY_POLICY]),
                explicit_policy: false,
                inhibit_policy_mapping: false,
                inhibit_any_policy: false,
            },
            anchors: AnchorSettings { validity: true, constraints: true, form: true },
            algorithms: algorithms(profile),
            names: NameSettings { wildcards: Wildcards::LeftmostLabel, common_name_fallback: false },
            revocation: RevocationSettings::shipped(),
            ocsp: OcspSettings::DEFAULT,
            crl: CrlSettings::DEFAULT,
            purposes: purposes(),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::of_profile(Profile::Rfc5280, Strictness::Standard)
    }
}

fn levels(profile: Profile, strictness: Strictness) -> Levels {
    let mut levels = Levels::default();
    let web = if profile == Profile::PublicWeb { PUBLIC_WEB } else { &[] };
    let pedantic = if strictness == Strictness::Pedantic { PEDANTIC } else { &[] };
    for (code, level) in web.iter().chain(pedantic) {
        // None of the two tables names a fixed code; a test holds them to it.
        let _ = levels.set(*code, *level);
    }
    levels
}

/// Differences of the public-web profile. Clauses are those of the CA/Browser Forum baseline requirements.
const PUBLIC_WEB: &[(Code, Level)] = &[
    // 7.1.1: certificates MUST be of type X.509 v3
    (Code::VersionNotThree, Level::Deny),
    // 7.1: serial numbers are greater than zero
    (Code::SerialNegative, Level::Deny),
    (Code::SerialZero, Level::Deny),
    // 7.1.2: unique identifiers MUST NOT be present
    (Code::UniqueIdentifier, Level::Deny),
    // 6.1.5: modulus size divisible by 8
    (Code::RsaModulusNotOctets, Level::Deny),
    // 6.1.6: exponent odd and at least 3
    (Code::RsaExponent, Level::Deny),
    // 7.1.3.2: signature algorithms, in root certificates too
    (Code::AnchorSignatureNotAccepted, Level::Deny),
    // 7.1.2.1.3: keyIdentifier present and identical to the subjectKeyIdentifier
    (Code::AuthorityKeyIdentifierOfRoot, Level::Deny),
    // 7.1.2.11.1: authorityCertIssuer and authorityCertSerialNumber MUST NOT be present
    (Code::AuthorityKeyIdentifierIssuerSerial, Level::Deny),
    // 7.1.2.5.2: nameConstraints MAY be marked non-critical
    (Code::NameConstraintsNotCritical, Level::Ignore),
    // 7.1.2.7.6: extKeyUsage MUST be present, not critical, without anyExtendedKeyUsage; no CA as subscriber
    (Code::ExtendedKeyUsageMissing, Level::Deny),
    (Code::ExtendedKeyUsageCritical, Level::Deny),
    (Code::ExtendedKeyUsageAny, Level::Deny),
    (Code::TargetIsCa, Level::Deny),
    // 7.1.2.1.2: extKeyUsage MUST NOT be in a root certificate
    (Code::ExtendedKeyUsageOfRoot, Level::Deny),
    // 7.1.2.7.12: subjectAltName MUST be present, and critical only without a subject
    (Code::SubjectAltNameMissing, Level::Deny),
    (Code::SubjectAltNameCritical, Level::Deny),
    // 7.1.4.3: the common name is a copy of an alternative name
    (Code::CommonNameNotInSan, Level::Deny),
];

/// Differences of the pedantic step, whatever the profile: what RFC 5280 forbids a CA to write, although it
/// asks a relying party to put up with it.
const PEDANTIC: &[(Code, Level)] = &[
    // RFC 5280 4.1.2.2
    (Code::SerialNegative, Level::Deny),
    (Code::SerialZero, Level::Deny),
    // RFC 5280 4.1.2.5
    (Code::ValidityForm, Level::Deny),
    // RFC 5280 4.1.2.8
    (Code::UniqueIdentifier, Level::Deny),
    // RFC 5280 4.2.1.1
    (Code::AnchorAuthorityKeyIdentifierMissing, Level::Deny),
    // RFC 5280 4.2.1.3
    (Code::KeyUsageMissing, Level::Deny),
];

fn algorithms(profile: Profile) -> AlgorithmSettings {
    use SignatureAlgorithm as A;
    let mut signatures = BTreeSet::from([
        A::RsaPkcs1Sha256,
        A::RsaPkcs1Sha384,
        A::RsaPkcs1Sha512,
        A::RsaPssSha256,
        A::RsaPssSha384,
        A::RsaPssSha512,
        A::EcdsaSha256,
        A::EcdsaSha384,
        A::EcdsaSha512,
    ]);
    let mut keys = BTreeSet::from([KeyKind::Rsa, KeyKind::P256, KeyKind::P384, KeyKind::P521]);
    // The baseline requirements 6.1.5 list RSA and the three NIST curves alone.
    if profile == Profile::Rfc5280 {
        signatures.extend([A::Ed25519, A::Ed448, A::MlDsa44, A::MlDsa65, A::MlDsa87]);
        keys.extend([KeyKind::Ed25519, KeyKind::Ed448, KeyKind::MlDsa44, KeyKind::MlDsa65, KeyKind::MlDsa87]);
    }
    AlgorithmSettings {
        signatures,
        keys,
        rsa_minimum_bits: 2048,
        rsa_maximum_bits: 8192,
        dsa_minimum_bits: 2048,
    }
}

/// The purposes every profile knows. Key usages are those RFC 5280 4.2.1.12 calls consistent.
fn purposes() -> Vec<Purpose> {
    use KeyUsageBit as Bit;
    let handshake = [Bit::DigitalSignature, Bit::KeyEncipherment, Bit::KeyAgreement];
    let purpose = |name: &str, usage: Oid, bits: &[Bit]| Purpose {
        name: name.to_owned(),
        extended_key_usage: Some(usage),
        key_usage_any_of: bits.to_vec(),
    };
    vec![
        purpose("server-auth", oid::KP_SERVER_AUTH, &handshake),
        purpose("client-auth", oid::KP_CLIENT_AUTH, &[Bit::DigitalSignature, Bit::KeyAgreement]),
        purpose("code-signing", oid::KP_CODE_SIGNING, &[Bit::DigitalSignature]),
        purpose(
            "email-protection",
            oid::KP_EMAIL_PROTECTION,
            &[Bit::DigitalSignature, Bit::NonRepudiation, Bit::KeyEncipherment, Bit::KeyAgreement],
        ),
        purpose("time-stamping", oid::KP_TIME_STAMPING, &[Bit::DigitalSignature, Bit::NonRepudiation]),
        purpose("ocsp-signing", oid::KP_OCSP_SIGNING, &[Bit::DigitalSignature, Bit::NonRepudiation]),
        purpose("ipsec", oid::KP_IPSEC_IKE, &[Bit::DigitalSignature, Bit::NonRepudiation]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_profile_loosens_what_a_standard_fixes() {
        for (code, level) in PUBLIC_WEB.iter().chain(PEDANTIC) {
            assert!(!code.is_fixed() || *level == Level::Deny, "{}", code.as_str());
        }
    }

    #[test]
    fn the_pedantic_step_only_ever_raises_a_level() {
        for profile in Profile::ALL {
            let standard = Settings::of_profile(profile, Strictness::Standard);
            let pedantic = Settings::of_profile(profile, Strictness::Pedantic);
            for code in Code::ALL {
                assert!(pedantic.levels.of(*code) >= standard.levels.of(*code), "{}", code.as_str());
            }
        }
    }
}
