//! The named profiles as ready settings, with the clause behind each difference from plain RFC 5280.

pub(super) mod ndcpp;
mod uc_legacy;

use super::algorithm::{KeyKind, SignatureAlgorithm};
use super::management::ManagementSettings;
use super::monitoring::MonitoringSettings;
use super::periodic::PeriodicSettings;
use super::revocation::{CrlSettings, OcspSettings, RevocationSettings};
use super::{
    AlgorithmSettings, AnchorSettings, Fips, KeyUsageBit, MissingIssuer, Mode, NameSettings, PathSettings,
    Purpose, Settings, Wildcards, common_criteria,
};
use crate::budget::Limits;
use crate::finding::{Code, Level, Levels};
use crate::oid::{self, Oid};
use crate::order;

/// A named set of settings to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// RFC 5280 as it is written.
    Rfc5280,
    /// RFC 5280 with the CA/Browser Forum baseline requirements that a relying party can check.
    PublicWeb,
    /// The unified communications product of the reference documents.
    UcLegacy,
    /// The protection profile for network devices, edition 2.2e; Common Criteria mode is on.
    Ndcpp22e,
    /// Its edition 3.0e; Common Criteria mode is on.
    Ndcpp30e,
    /// Its edition 4.0 with the functional package for X.509; Common Criteria mode is on.
    Ndcpp40,
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
    pub const ALL: [Self; 6] =
        [Self::Rfc5280, Self::PublicWeb, Self::UcLegacy, Self::Ndcpp22e, Self::Ndcpp30e, Self::Ndcpp40];

    /// The word used in a policy document.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Rfc5280 => "rfc5280",
            Self::PublicWeb => "public-web",
            Self::UcLegacy => "uc-legacy",
            Self::Ndcpp22e => "ndcpp-2.2e",
            Self::Ndcpp30e => "ndcpp-3.0e",
            Self::Ndcpp40 => "ndcpp-4.0",
        }
    }

    /// The mode that is part of the profile; any profile can be used with Common Criteria mode on.
    #[must_use]
    pub fn mode(self) -> Mode {
        match self {
            Self::Rfc5280 | Self::PublicWeb | Self::UcLegacy => Mode::Standard,
            Self::Ndcpp22e | Self::Ndcpp30e | Self::Ndcpp40 => Mode::CommonCriteria,
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
        let mut settings = Self {
            profile,
            mode: Mode::Standard,
            fips: Fips::Off,
            strictness,
            levels: levels(profile, strictness),
            limits: Limits::DEFAULT,
            path: PathSettings {
                missing_issuer: MissingIssuer::Refuse,
                maximum_intermediates: 8,
                initial_policy_set: order::set([oid::ANY_POLICY]),
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
            periodic: PeriodicSettings::shipped(),
            management: ManagementSettings::default(),
            monitoring: MonitoringSettings::shipped(),
            purposes: purposes(),
            rules: Vec::new(),
        };
        if profile == Profile::UcLegacy {
            uc_legacy::apply(&mut settings);
        }
        if profile.mode() == Mode::CommonCriteria {
            common_criteria::apply(&mut settings);
        }
        settings
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

/// What a profile accepts. Common Criteria mode holds every document to it.
pub(super) fn algorithms(profile: Profile) -> AlgorithmSettings {
    use SignatureAlgorithm as A;
    let mut algorithms = AlgorithmSettings {
        signatures: order::set([
            A::RsaPkcs1Sha256,
            A::RsaPkcs1Sha384,
            A::RsaPkcs1Sha512,
            A::RsaPssSha256,
            A::RsaPssSha384,
            A::RsaPssSha512,
            A::EcdsaSha256,
            A::EcdsaSha384,
            A::EcdsaSha512,
        ]),
        keys: order::set([KeyKind::Rsa, KeyKind::P256, KeyKind::P384, KeyKind::P521]),
        rsa_minimum_bits: 2048,
        rsa_maximum_bits: 8192,
        dsa_minimum_bits: 2048,
    };
    let (signatures, keys) = (&mut algorithms.signatures, &mut algorithms.keys);
    match profile {
        Profile::Rfc5280 => {
            signatures.extend([A::Ed25519, A::Ed448, A::MlDsa44, A::MlDsa65, A::MlDsa87]);
            keys.extend([KeyKind::Ed25519, KeyKind::Ed448]);
            keys.extend([KeyKind::MlDsa44, KeyKind::MlDsa65, KeyKind::MlDsa87]);
        }
        // The baseline requirements 6.1.5 list RSA and the three NIST curves alone.
        Profile::PublicWeb => {}
        Profile::UcLegacy => uc_legacy::narrow_algorithms(&mut algorithms),
        Profile::Ndcpp22e | Profile::Ndcpp30e | Profile::Ndcpp40 => {
            ndcpp::extend_algorithms(profile, signatures, keys);
        }
    }
    algorithms
}

/// The purposes every profile knows. Key usages are those RFC 5280 4.2.1.12 calls consistent.
pub(super) fn purposes() -> Vec<Purpose> {
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
    use std::collections::BTreeSet;

    use super::*;
    use crate::settings::revocation::{Ask, Depth, DesignatedAlone, DesignatedUsage, StatusSource};

    #[test]
    fn no_profile_loosens_what_a_standard_fixes() {
        for (code, level) in PUBLIC_WEB.iter().chain(PEDANTIC) {
            assert!(!code.is_fixed() || *level == Level::Deny, "{}", code.as_str());
        }
    }

    fn of(profile: Profile) -> Settings {
        Settings::of_profile(profile, Strictness::Standard)
    }

    #[test]
    fn the_profiles_for_network_devices_have_the_mode_and_no_other_has() {
        for profile in Profile::ALL {
            let is_for_network_devices = profile.word().starts_with("ndcpp-");
            let expected = if is_for_network_devices {
                (Mode::CommonCriteria, Fips::On)
            } else {
                (Mode::Standard, Fips::Off)
            };
            assert_eq!((of(profile).mode, of(profile).fips), expected, "{}", profile.word());
            assert_eq!(profile.mode(), expected.0);
        }
    }

    /// R-TS-7, R-TS-8, R-OCSP-19, R-CC-4, D-3, D-4, D-7.
    #[test]
    fn the_product_of_the_reference_documents() {
        let settings = of(Profile::UcLegacy);
        assert_eq!(settings.revocation, RevocationSettings::shipped());
        assert_eq!(settings.revocation.depth, Depth::Leaf);
        assert_eq!(settings.revocation.sources, [StatusSource::Ocsp, StatusSource::Crl]);
        assert_eq!(settings.levels.of(Code::RevocationUndetermined), Level::Warn);
        assert_eq!(settings.levels.of(Code::RevocationUnknown), Level::Warn);
        assert_eq!(
            settings.names,
            NameSettings { wildcards: Wildcards::Refuse, common_name_fallback: false }
        );
        assert_eq!(settings.algorithms.keys, BTreeSet::from([KeyKind::Rsa, KeyKind::P256, KeyKind::P384]));
        let (minimum, maximum) = (settings.algorithms.rsa_minimum_bits, settings.algorithms.rsa_maximum_bits);
        assert_eq!((minimum, maximum), (2048, 4096));
    }

    /// FP-9, DT-7.
    #[test]
    fn what_each_edition_for_network_devices_has_of_its_own() {
        let older = of(Profile::Ndcpp22e);
        assert_eq!(of(Profile::Ndcpp30e), Settings { profile: Profile::Ndcpp30e, ..older.clone() });
        assert_eq!(older.algorithms, algorithms(Profile::PublicWeb));
        let newest = of(Profile::Ndcpp40);
        let added: Vec<_> = newest.algorithms.signatures.difference(&older.algorithms.signatures).collect();
        assert_eq!(added, [&SignatureAlgorithm::MlDsa87]);
        let added: Vec<_> = newest.algorithms.keys.difference(&older.algorithms.keys).collect();
        assert_eq!(added, [&KeyKind::MlDsa87]);
        assert_eq!(
            (older.ocsp.designated_alone, older.revocation.ask),
            (DesignatedAlone::Accept, Ask::UntilKnown)
        );
        assert_eq!(
            (newest.ocsp.designated_alone, newest.revocation.ask),
            (DesignatedAlone::Refuse, Ask::EverySource)
        );
        for settings in [&older, &newest] {
            assert_eq!(settings.ocsp.designated_usage, DesignatedUsage::OcspSigningWherePresent);
            assert_eq!(settings.revocation.depth, Depth::All);
            assert!(
                !settings.algorithms.signatures.iter().any(|algorithm| algorithm.word().ends_with("sha1"))
            );
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
