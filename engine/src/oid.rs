//! Object identifiers: the value type, and every identifier the engine knows beside the document that
//! defines it. No behaviour hangs on an identifier here.
//!
//! An [`Oid`] keeps its content octets, so arcs of any size compare exactly and none is ever truncated
//! into a known one (X.690 8.19).

use std::borrow::Cow;
use std::fmt;

/// Longest accepted encoding, in octets. 128-bit arcs (2.25 UUIDs) need 19; real identifiers stay below 40.
/// The bound keeps printing linear.
pub const MAXIMUM_OCTETS: usize = 128;

/// An object identifier, held as its DER content octets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Oid(Cow<'static, [u8]>);

impl Oid {
    const fn known(octets: &'static [u8]) -> Self {
        Self(Cow::Borrowed(octets))
    }

    /// Takes content octets; `None` when they are not a minimal, complete X.690 8.19 encoding or are
    /// longer than [`MAXIMUM_OCTETS`].
    #[must_use]
    pub fn from_content(octets: &[u8]) -> Option<Self> {
        let complete = octets.last().is_some_and(|last| last & 0x80 == 0);
        let mut at_start = true;
        for octet in octets {
            if at_start && *octet == 0x80 {
                return None;
            }
            at_start = octet & 0x80 == 0;
        }
        (complete && octets.len() <= MAXIMUM_OCTETS).then(|| Self(Cow::Owned(octets.to_vec())))
    }

    /// Reads dotted decimal such as `2.5.29.17`; `None` when it is not that.
    #[must_use]
    pub fn from_dotted(text: &str) -> Option<Self> {
        let mut arcs = text.split('.').map(decimal_arc);
        let (first, second) = (arcs.next()??, arcs.next()??);
        if first > 2 || (first < 2 && second > 39) {
            return None;
        }
        let mut octets = Vec::new();
        push_arc(&mut octets, first.checked_mul(40)?.checked_add(second)?);
        for arc in arcs {
            push_arc(&mut octets, arc?);
        }
        Self::from_content(&octets)
    }

    /// The DER content octets.
    #[must_use]
    pub fn content(&self) -> &[u8] {
        &self.0
    }
}

fn decimal_arc(text: &str) -> Option<u128> {
    let canonical = text == "0" || !text.starts_with('0');
    (canonical && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn push_arc(octets: &mut Vec<u8>, arc: u128) {
    let bits = 128_u32.saturating_sub(arc.leading_zeros()).max(1);
    let groups = bits.div_ceil(7);
    for group in (0..groups).rev() {
        let seven = u8::try_from((arc >> group.saturating_mul(7)) & 0x7f).unwrap_or_default();
        octets.push(if group == 0 { seven } else { seven | 0x80 });
    }
}

impl fmt::Display for Oid {
    /// Dotted decimal. An arc beyond 128 bits is printed as `0x` and its base-128 octets, never shortened.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, octets) in self.0.split_inclusive(|octet| octet & 0x80 == 0).enumerate() {
            if position > 0 {
                f.write_str(".")?;
            }
            match (position, arc_value(octets)) {
                (0, Some(joint)) => {
                    let first = (joint / 40).min(2);
                    write!(f, "{first}.{}", joint.saturating_sub(first.saturating_mul(40)))?;
                }
                (_, Some(arc)) => write!(f, "{arc}")?,
                (_, None) => {
                    f.write_str("0x")?;
                    octets.iter().try_for_each(|octet| write!(f, "{octet:02x}"))?;
                }
            }
        }
        Ok(())
    }
}

fn arc_value(octets: &[u8]) -> Option<u128> {
    octets.iter().try_fold(0_u128, |value, octet| {
        let shifted = value.checked_mul(128)?;
        shifted.checked_add(u128::from(octet & 0x7f))
    })
}

macro_rules! known {
    ($($(#[doc = $doc:literal])+ $name:ident = $octets:expr, $label:literal;)*) => {
        $($(#[doc = $doc])+ pub const $name: Oid = Oid::known(&$octets);)*

        /// The short name the defining document uses, for display. `None` for an identifier not known here.
        #[must_use]
        pub fn label(oid: &Oid) -> Option<&'static str> {
            const NAMES: &[(&[u8], &str)] = &[$((&$octets, $label)),*];
            NAMES.iter().find(|(octets, _)| *octets == oid.content()).map(|(_, label)| *label)
        }
    };
}

known! {
    // Attribute types: X.520, RFC 4519, RFC 2985, RFC 5280 appendix A
    /// X.520 commonName.
    COMMON_NAME = [0x55, 4, 3], "CN";
    /// X.520 surname.
    SURNAME = [0x55, 4, 4], "SN";
    /// X.520 serialNumber (of a device or person, not of a certificate).
    SERIAL_NUMBER = [0x55, 4, 5], "serialNumber";
    /// X.520 countryName.
    COUNTRY_NAME = [0x55, 4, 6], "C";
    /// X.520 localityName.
    LOCALITY_NAME = [0x55, 4, 7], "L";
    /// X.520 stateOrProvinceName.
    STATE_OR_PROVINCE_NAME = [0x55, 4, 8], "ST";
    /// X.520 streetAddress.
    STREET_ADDRESS = [0x55, 4, 9], "STREET";
    /// X.520 organizationName.
    ORGANIZATION_NAME = [0x55, 4, 10], "O";
    /// X.520 organizationalUnitName.
    ORGANIZATIONAL_UNIT_NAME = [0x55, 4, 11], "OU";
    /// X.520 title.
    TITLE = [0x55, 4, 12], "title";
    /// X.520 name.
    NAME = [0x55, 4, 41], "name";
    /// X.520 givenName.
    GIVEN_NAME = [0x55, 4, 42], "GN";
    /// X.520 initials.
    INITIALS = [0x55, 4, 43], "initials";
    /// X.520 generationQualifier.
    GENERATION_QUALIFIER = [0x55, 4, 44], "generationQualifier";
    /// X.520 dnQualifier.
    DN_QUALIFIER = [0x55, 4, 46], "dnQualifier";
    /// X.520 pseudonym.
    PSEUDONYM = [0x55, 4, 65], "pseudonym";
    /// RFC 2985 emailAddress, obsolete in names but constrained by RFC 5280 4.2.1.10.
    EMAIL_ADDRESS = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1], "emailAddress";
    /// RFC 4519 domainComponent.
    DOMAIN_COMPONENT = [0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25], "DC";
    /// RFC 4519 uid.
    USER_ID = [0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1], "UID";

    // Extensions: RFC 5280 4.2, 5.2
    /// RFC 5280 4.2.1.2.
    SUBJECT_KEY_IDENTIFIER = [0x55, 0x1d, 14], "subjectKeyIdentifier";
    /// RFC 5280 4.2.1.3.
    KEY_USAGE = [0x55, 0x1d, 15], "keyUsage";
    /// RFC 5280 4.2.1.6.
    SUBJECT_ALT_NAME = [0x55, 0x1d, 17], "subjectAltName";
    /// RFC 5280 4.2.1.7.
    ISSUER_ALT_NAME = [0x55, 0x1d, 18], "issuerAltName";
    /// RFC 5280 4.2.1.8.
    SUBJECT_DIRECTORY_ATTRIBUTES = [0x55, 0x1d, 9], "subjectDirectoryAttributes";
    /// RFC 3280 4.2.1.4, dropped by RFC 5280.
    PRIVATE_KEY_USAGE_PERIOD = [0x55, 0x1d, 16], "privateKeyUsagePeriod";
    /// RFC 5280 4.2.1.9.
    BASIC_CONSTRAINTS = [0x55, 0x1d, 19], "basicConstraints";
    /// RFC 5280 5.2.3.
    CRL_NUMBER = [0x55, 0x1d, 20], "cRLNumber";
    /// RFC 5280 5.3.1.
    CRL_REASON = [0x55, 0x1d, 21], "cRLReason";
    /// RFC 5280 5.3.2.
    INVALIDITY_DATE = [0x55, 0x1d, 24], "invalidityDate";
    /// RFC 5280 5.2.4.
    DELTA_CRL_INDICATOR = [0x55, 0x1d, 27], "deltaCRLIndicator";
    /// RFC 5280 5.2.5.
    ISSUING_DISTRIBUTION_POINT = [0x55, 0x1d, 28], "issuingDistributionPoint";
    /// RFC 5280 5.3.3.
    CERTIFICATE_ISSUER = [0x55, 0x1d, 29], "certificateIssuer";
    /// RFC 5280 4.2.1.10.
    NAME_CONSTRAINTS = [0x55, 0x1d, 30], "nameConstraints";
    /// RFC 5280 4.2.1.13.
    CRL_DISTRIBUTION_POINTS = [0x55, 0x1d, 31], "cRLDistributionPoints";
    /// RFC 5280 4.2.1.4.
    CERTIFICATE_POLICIES = [0x55, 0x1d, 32], "certificatePolicies";
    /// RFC 5280 4.2.1.5.
    POLICY_MAPPINGS = [0x55, 0x1d, 33], "policyMappings";
    /// RFC 5280 4.2.1.1.
    AUTHORITY_KEY_IDENTIFIER = [0x55, 0x1d, 35], "authorityKeyIdentifier";
    /// RFC 5280 4.2.1.11.
    POLICY_CONSTRAINTS = [0x55, 0x1d, 36], "policyConstraints";
    /// RFC 5280 4.2.1.12.
    EXTENDED_KEY_USAGE = [0x55, 0x1d, 37], "extKeyUsage";
    /// RFC 5280 4.2.1.15.
    FRESHEST_CRL = [0x55, 0x1d, 46], "freshestCRL";
    /// RFC 5280 4.2.1.14.
    INHIBIT_ANY_POLICY = [0x55, 0x1d, 54], "inhibitAnyPolicy";
    /// RFC 5280 4.2.2.1.
    AUTHORITY_INFO_ACCESS = [0x2b, 6, 1, 5, 5, 7, 1, 1], "authorityInfoAccess";
    /// RFC 5280 4.2.2.2.
    SUBJECT_INFO_ACCESS = [0x2b, 6, 1, 5, 5, 7, 1, 11], "subjectInfoAccess";
    /// RFC 7633 4.
    TLS_FEATURE = [0x2b, 6, 1, 5, 5, 7, 1, 24], "tlsFeature";
    /// RFC 6960 4.2.2.2.1.
    OCSP_NO_CHECK = [0x2b, 6, 1, 5, 5, 7, 48, 1, 5], "ocspNoCheck";
    /// id-pkix-ocsp-basic, RFC 6960 4.2.1.
    OCSP_BASIC = [0x2b, 6, 1, 5, 5, 7, 48, 1, 1], "ocspBasic";
    /// id-pkix-ocsp-nonce, RFC 9654 2.1.
    OCSP_NONCE = [0x2b, 6, 1, 5, 5, 7, 48, 1, 2], "ocspNonce";
    /// id-pkix-ocsp-crl, RFC 6960 4.4.2.
    OCSP_CRL_REFERENCE = [0x2b, 6, 1, 5, 5, 7, 48, 1, 3], "ocspCrlReference";
    /// id-pkix-ocsp-archive-cutoff, RFC 6960 4.4.4.
    OCSP_ARCHIVE_CUTOFF = [0x2b, 6, 1, 5, 5, 7, 48, 1, 6], "ocspArchiveCutoff";
    /// id-pkix-ocsp-extended-revoke, RFC 6960 4.4.8.
    OCSP_EXTENDED_REVOKE = [0x2b, 6, 1, 5, 5, 7, 48, 1, 9], "ocspExtendedRevoke";
    /// id-commonpki-at-certHash, Common PKI 2.0 part 4.
    CERTIFICATE_HASH = [0x2b, 36, 8, 3, 13], "certHash";
    /// Signed certificate timestamps in an OCSP response, RFC 6962 3.3.
    OCSP_CERTIFICATE_TIMESTAMPS = [0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 4, 5], "ocspCertificateTimestamps";
    /// RFC 6962 3.3, the embedded list of signed certificate timestamps.
    SIGNED_CERTIFICATE_TIMESTAMPS = [0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 4, 2], "signedCertificateTimestamps";
    /// RFC 6962 3.1, the poison of a precertificate.
    PRECERTIFICATE_POISON = [0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 4, 3], "precertificatePoison";
    /// Microsoft application policies, [MS-WCCE] 2.2.2.7.7.3.
    MICROSOFT_APPLICATION_POLICIES = [0x2b, 6, 1, 4, 1, 0x82, 0x37, 21, 10], "applicationPolicies";
    /// PKCS #9 extensionRequest, RFC 2985 5.4.2.
    EXTENSION_REQUEST = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 14], "extensionRequest";

    // Access methods and qualifiers: RFC 5280 4.2.2.1, 4.2.1.4
    /// id-ad-ocsp.
    AD_OCSP = [0x2b, 6, 1, 5, 5, 7, 48, 1], "ocsp";
    /// id-ad-caIssuers.
    AD_CA_ISSUERS = [0x2b, 6, 1, 5, 5, 7, 48, 2], "caIssuers";
    /// id-qt-cps.
    QT_CPS = [0x2b, 6, 1, 5, 5, 7, 2, 1], "cps";
    /// id-qt-unotice.
    QT_USER_NOTICE = [0x2b, 6, 1, 5, 5, 7, 2, 2], "userNotice";
    /// anyPolicy, RFC 5280 4.2.1.4.
    ANY_POLICY = [0x55, 0x1d, 32, 0], "anyPolicy";

    // Types of otherName
    /// RFC 9598 id-on-SmtpUTF8Mailbox.
    SMTP_UTF8_MAILBOX = [0x2b, 6, 1, 5, 5, 7, 8, 9], "SmtpUTF8Mailbox";

    // Extended key usages: RFC 5280 4.2.1.12 and others
    /// anyExtendedKeyUsage.
    ANY_EXTENDED_KEY_USAGE = [0x55, 0x1d, 37, 0], "anyExtendedKeyUsage";
    /// id-kp-serverAuth.
    KP_SERVER_AUTH = [0x2b, 6, 1, 5, 5, 7, 3, 1], "serverAuth";
    /// id-kp-clientAuth.
    KP_CLIENT_AUTH = [0x2b, 6, 1, 5, 5, 7, 3, 2], "clientAuth";
    /// id-kp-codeSigning.
    KP_CODE_SIGNING = [0x2b, 6, 1, 5, 5, 7, 3, 3], "codeSigning";
    /// id-kp-emailProtection.
    KP_EMAIL_PROTECTION = [0x2b, 6, 1, 5, 5, 7, 3, 4], "emailProtection";
    /// id-kp-ipsecEndSystem, obsolete since RFC 4945 but asked for by deployments.
    KP_IPSEC_END_SYSTEM = [0x2b, 6, 1, 5, 5, 7, 3, 5], "ipsecEndSystem";
    /// id-kp-timeStamping.
    KP_TIME_STAMPING = [0x2b, 6, 1, 5, 5, 7, 3, 8], "timeStamping";
    /// id-kp-OCSPSigning, RFC 6960 4.2.2.2.
    KP_OCSP_SIGNING = [0x2b, 6, 1, 5, 5, 7, 3, 9], "OCSPSigning";
    /// id-kp-ipsecIKE, RFC 4945 5.1.3.12.
    KP_IPSEC_IKE = [0x2b, 6, 1, 5, 5, 7, 3, 17], "ipsecIKE";
    /// id-kp-cmcRA, RFC 6402.
    KP_CMC_RA = [0x2b, 6, 1, 5, 5, 7, 3, 28], "cmcRA";

    // Key and signature algorithms
    /// RFC 3279 2.3.1.
    RSA_ENCRYPTION = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1], "rsaEncryption";
    /// RFC 3279 2.2.1, broken.
    MD5_WITH_RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4], "md5WithRSAEncryption";
    /// RFC 3279 2.2.1.
    SHA1_WITH_RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5], "sha1WithRSAEncryption";
    /// RFC 8017 A.2.4.
    MGF1 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 8], "mgf1";
    /// RFC 4055 3.
    RSASSA_PSS = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10], "rsassaPss";
    /// RFC 4055 5.
    SHA256_WITH_RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11], "sha256WithRSAEncryption";
    /// RFC 4055 5.
    SHA384_WITH_RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12], "sha384WithRSAEncryption";
    /// RFC 4055 5.
    SHA512_WITH_RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13], "sha512WithRSAEncryption";
    /// RFC 4055 5.
    SHA224_WITH_RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 14], "sha224WithRSAEncryption";
    /// RFC 5480 2.1.1.
    EC_PUBLIC_KEY = [0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1], "ecPublicKey";
    /// RFC 5480 2.1.1.1, P-192.
    SECP192R1 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 1], "secp192r1";
    /// RFC 5480 2.1.1.1, P-224.
    SECP224R1 = [0x2b, 0x81, 0x04, 0, 33], "secp224r1";
    /// RFC 5480 2.1.1.1, P-256.
    SECP256R1 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7], "secp256r1";
    /// RFC 5480 2.1.1.1, P-384.
    SECP384R1 = [0x2b, 0x81, 0x04, 0, 34], "secp384r1";
    /// RFC 5480 2.1.1.1, P-521.
    SECP521R1 = [0x2b, 0x81, 0x04, 0, 35], "secp521r1";
    /// SEC 2 2.4.1, not accepted for certificates.
    SECP256K1 = [0x2b, 0x81, 0x04, 0, 10], "secp256k1";
    /// RFC 3279 2.2.3.
    ECDSA_WITH_SHA1 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1], "ecdsaWithSHA1";
    /// RFC 5758 3.2.
    ECDSA_WITH_SHA224 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1], "ecdsaWithSHA224";
    /// RFC 5758 3.2.
    ECDSA_WITH_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2], "ecdsaWithSHA256";
    /// RFC 5758 3.2.
    ECDSA_WITH_SHA384 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3], "ecdsaWithSHA384";
    /// RFC 5758 3.2.
    ECDSA_WITH_SHA512 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4], "ecdsaWithSHA512";
    /// RFC 8410 3.
    X25519 = [0x2b, 0x65, 110], "X25519";
    /// RFC 8410 3.
    X448 = [0x2b, 0x65, 111], "X448";
    /// RFC 8410 3.
    ED25519 = [0x2b, 0x65, 112], "Ed25519";
    /// RFC 8410 3.
    ED448 = [0x2b, 0x65, 113], "Ed448";
    /// RFC 3279 2.3.2.
    DSA = [0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1], "DSA";
    /// RFC 3279 2.2.2.
    DSA_WITH_SHA1 = [0x2a, 0x86, 0x48, 0xce, 0x38, 4, 3], "dsaWithSHA1";
    /// RFC 5758 3.1.
    DSA_WITH_SHA224 = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 1], "dsaWithSHA224";
    /// RFC 5758 3.1.
    DSA_WITH_SHA256 = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 2], "dsaWithSHA256";
    /// RFC 9881 2.
    ML_DSA_44 = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 17], "ML-DSA-44";
    /// RFC 9881 2.
    ML_DSA_65 = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 18], "ML-DSA-65";
    /// RFC 9881 2.
    ML_DSA_87 = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 19], "ML-DSA-87";
    /// RFC 3279 2.1.3.
    SHA1 = [0x2b, 14, 3, 2, 26], "SHA-1";
    /// RFC 4055 2.1.
    SHA224 = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4], "SHA-224";
    /// RFC 4055 2.1.
    SHA256 = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1], "SHA-256";
    /// RFC 4055 2.1.
    SHA384 = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2], "SHA-384";
    /// RFC 4055 2.1.
    SHA512 = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3], "SHA-512";

    // Containers: RFC 5652
    /// id-signedData, the content type of a PKCS #7 certificate bundle.
    SIGNED_DATA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2], "signedData";
    /// id-data, the content type that opens a PKCS #12 file.
    PKCS7_DATA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1], "data";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_text_round_trips() {
        for text in [
            "2.5.29.17",
            "1.3.6.1.5.5.7.3.9",
            "0.9.2342.19200300.100.1.25",
            "2.999.1",
            "1.2.840.113549.1.9.1",
        ] {
            assert_eq!(Oid::from_dotted(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn an_arc_of_128_bits_is_kept_and_a_longer_one_is_not_shortened() {
        let uuid = "2.25.340282366920938463463374607431768211455";
        assert_eq!(Oid::from_dotted(uuid).unwrap().to_string(), uuid);
        let mut octets = vec![0x2a];
        octets.extend([0xff; 19]);
        octets.push(0x7f);
        assert!(Oid::from_content(&octets).unwrap().to_string().starts_with("1.2.0xffff"));
    }

    #[test]
    fn padded_and_unfinished_arcs_are_refused() {
        assert_eq!(Oid::from_content(&[]), None);
        assert_eq!(Oid::from_content(&[0x55, 0x80, 0x01]), None);
        assert_eq!(Oid::from_content(&[0x55, 0x1d, 0x91]), None);
        assert_eq!(Oid::from_content(&[1; MAXIMUM_OCTETS + 1]), None);
    }

    #[test]
    fn text_that_is_no_identifier_is_refused() {
        for text in ["", "1", "3.1", "1.40", "1.02", "1..2", "a.b", "1.2.+3"] {
            assert_eq!(Oid::from_dotted(text), None, "{text}");
        }
    }
}
