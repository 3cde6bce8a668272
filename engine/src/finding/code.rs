//! Stable machine codes, one line each, never renamed: dotted by subject, with the clause each rests on, the
//! rules of the catalogue it implements, and what it does by default. The text shown to people lives in
//! `engine-wording`.

use super::Level;
use super::codes::codes;

macro_rules! levels {
    ($($name:ident $level:ident $fixed:ident;)*) => {
        impl Code {
            /// The level under the plain RFC 5280 profile.
            #[must_use]
            pub fn default_level(self) -> Level {
                match self { $(Self::$name => Level::$level),* }
            }

            /// The standard leaves no room: the level is always deny.
            #[must_use]
            pub fn is_fixed(self) -> bool {
                match self { $(Self::$name => levels!(@fixed $fixed)),* }
            }
        }
    };
    (@fixed fixed) => { true };
    (@fixed adjustable) => { false };
}

impl Code {
    /// Another path to the same target may meet this rule.
    #[must_use]
    pub fn depends_on_path(self) -> bool {
        matches!(
            self,
            Self::SignatureInvalid
                | Self::SignatureKeyMismatch
                | Self::SignatureKeyUnusable
                | Self::SignatureAlgorithmUnsupported
                | Self::ExplicitCurve
                | Self::AuthorityKeyIdentifierMismatch
                | Self::NotPermitted
                | Self::Excluded
                | Self::NameConstraintUnsupported
                | Self::NoValidPolicy
                | Self::MappingOfAnyPolicy
                | Self::PathLengthExceeded
                | Self::PathTooLong
                | Self::IssuerNotFound
                | Self::RevocationUnknown
                | Self::RevocationUndetermined
                | Self::RevocationConflict
                | Self::StatusEvidenceRefused
                | Self::ResponderUnchecked
                | Self::CustomDenied
                | Self::CustomFailed
                | Self::CustomWarned
                | Self::CustomUnevaluated
                | Self::CustomNoticed
        )
    }

    /// It is about a rule of the deployment's own.
    #[must_use]
    pub fn is_custom(self) -> bool {
        self.as_str().starts_with("custom.")
    }

    /// Reads the stable text of a code.
    #[must_use]
    pub fn from_code(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
}

codes! {
    /// Which rule a finding is about.
    Code weighs levels;

    // The question as a whole
    /// No certificate in hand and no anchor has the issuer's name.
    IssuerNotFound = "path.issuer-not-found", "RFC 5280 6.1.3 (a)(4)", ["R-TS-1", "R-TS-2", "R-TS-3"], Deny fixed;
    /// A work limit was reached before any path was accepted.
    BudgetExceeded = "path.budget-exceeded", "RFC 4158 5.2", [], Deny fixed;
    /// More intermediate certificates than the settings allow; self-issued ones are not counted.
    PathTooLong = "path.too-long", "RFC 5280 6.1", [], Deny fixed;
    /// The path ends in a certificate that is marked as distrusted.
    Distrusted = "trust.distrusted", "RFC 5280 6.1.1 (d)", [], Deny fixed;
    /// A certificate given as evidence could not be decoded and was left aside.
    EvidenceMalformed = "evidence.certificate-malformed", "RFC 5280 4.1", [], Inform adjustable;

    // Revocation
    /// A signed, authorised and fresh answer says that the certificate is revoked, or on hold.
    Revoked = "revocation.revoked", "RFC 5280 6.1.3 (a)(3)", ["R-CC-1", "R-CC-5", "R-CC-6", "R-CC-11", "R-CC-12", "R-CRL-2", "R-CRL-15"], Deny fixed;
    /// Such an answer says that the responder does not know the certificate.
    RevocationUnknown = "revocation.unknown", "RFC 6960 2.2", ["R-CC-2", "R-CC-4", "R-CC-6", "R-CC-13"], Warn adjustable;
    /// Nobody usable answered whether the certificate is revoked.
    RevocationUndetermined = "revocation.undetermined", "RFC 6960 3.2, RFC 5280 6.3", ["R-OCSP-7", "R-OCSP-14", "R-OCSP-16"], Warn adjustable;
    /// Usable answers contradict each other; the worse one counts where it says revoked.
    RevocationConflict = "revocation.conflict", "RFC 6960 2.7, RFC 5280 6.3", [], Warn adjustable;
    /// Status information was set aside because it is not authentic, while other information decided.
    StatusEvidenceRefused = "revocation.evidence-refused", "RFC 6960 3.2, RFC 5280 6.3.3", ["R-OCSP-5"], Inform adjustable;
    /// Nothing says whether the delegated responder that answered is itself revoked.
    ResponderUnchecked = "revocation.responder-unchecked", "RFC 6960 4.2.2.2.1", [], Inform adjustable;
    /// Revocation was not asked about under these settings.
    RevocationNotChecked = "revocation.not-checked", "RFC 5280 6.1.3 (a)(3)", ["R-OCSP-10", "R-CRL-12"], Inform adjustable;

    // Signatures
    /// The signature does not verify under the issuer's key.
    SignatureInvalid = "signature.invalid", "RFC 5280 6.1.3 (a)(1)", [], Deny fixed;
    /// The outer and the signed algorithm identifiers differ.
    SignatureAlgorithmMismatch = "signature.algorithm-mismatch", "RFC 5280 4.1.1.2", [], Deny fixed;
    /// No verification is known for this algorithm identifier and its parameters.
    SignatureAlgorithmUnsupported = "signature.algorithm-unsupported", "RFC 5280 6.1.3 (a)(1)", [], Deny fixed;
    /// The algorithm does not go with the issuer's key.
    SignatureKeyMismatch = "signature.key-mismatch", "RFC 5280 6.1.3 (a)(1)", [], Deny fixed;
    /// The issuer's key cannot be used: undecodable, unknown, or explicit curve parameters.
    SignatureKeyUnusable = "signature.key-unusable", "RFC 5480 2.1.1", [], Deny fixed;
    /// The settings do not accept this signature algorithm.
    SignatureAlgorithmNotAccepted = "algorithm.signature-not-accepted", "NIST SP 800-131A 3", [], Deny fixed;
    /// The settings do not accept the algorithm that the trust anchor's own certificate is signed with.
    AnchorSignatureNotAccepted = "algorithm.anchor-signature-not-accepted", "CA/Browser Forum BR 7.1.3.2", [], Ignore adjustable;
    /// The settings do not accept this kind of key or curve.
    KeyNotAccepted = "algorithm.key-not-accepted", "NIST SP 800-131A 3", [], Deny fixed;
    /// The key is shorter or longer than the settings accept.
    KeySize = "algorithm.key-size", "NIST SP 800-131A 3", [], Deny fixed;
    /// An RSA modulus whose length is no multiple of 8 bits.
    RsaModulusNotOctets = "algorithm.rsa-modulus-not-octets", "CA/Browser Forum BR 6.1.5", [], Ignore adjustable;
    /// An RSA public exponent that is even or below 3; below 65537 under stricter profiles.
    RsaExponent = "algorithm.rsa-exponent", "CA/Browser Forum BR 6.1.6", [], Warn adjustable;
    /// The elliptic curve is given by its parameters, not by name.
    ExplicitCurve = "algorithm.explicit-curve", "RFC 5480 2.1.1", [], Deny fixed;

    // Validity
    /// The validation time is after notAfter.
    Expired = "validity.expired", "RFC 5280 6.1.3 (a)(2)", ["R-CC-9", "R-OCSP-22"], Deny fixed;
    /// The validation time is before notBefore.
    NotYetValid = "validity.not-yet-valid", "RFC 5280 6.1.3 (a)(2)", [], Deny fixed;
    /// notAfter is before notBefore.
    ValidityReversed = "validity.reversed", "RFC 5280 4.1.2.5", [], Deny fixed;
    /// A time is in UTCTime where GeneralizedTime belongs, or the reverse.
    ValidityForm = "validity.form", "RFC 5280 4.1.2.5", [], Inform adjustable;

    // The certificate's own form
    /// Not version 3.
    VersionNotThree = "certificate.version", "RFC 5280 4.1.2.1", [], Warn adjustable;
    /// The serial number is negative.
    SerialNegative = "certificate.serial-negative", "RFC 5280 4.1.2.2", [], Warn adjustable;
    /// The serial number is zero.
    SerialZero = "certificate.serial-zero", "RFC 5280 4.1.2.2", [], Warn adjustable;
    /// The serial number is longer than 20 octets.
    SerialTooLong = "certificate.serial-too-long", "RFC 5280 4.1.2.2", [], Deny adjustable;
    /// The issuer name is empty.
    IssuerEmpty = "certificate.issuer-empty", "RFC 5280 4.1.2.4", [], Deny fixed;
    /// A CA certificate's subject name is empty.
    SubjectEmpty = "certificate.subject-empty", "RFC 5280 4.1.2.6", [], Deny fixed;
    /// The subject is empty and subjectAltName is absent or not critical.
    SubjectEmptyWithoutSan = "certificate.subject-empty-without-san", "RFC 5280 4.1.2.6", [], Deny adjustable;
    /// issuerUniqueID or subjectUniqueID is present.
    UniqueIdentifier = "certificate.unique-identifier", "RFC 5280 4.1.2.8", [], Ignore adjustable;
    /// A critical extension that is not processed here.
    UnknownCriticalExtension = "extension.unknown-critical", "RFC 5280 6.1.4 (o), 6.1.5 (f)", [], Deny fixed;

    // Key identifiers and information access
    /// authorityKeyIdentifier is critical.
    AuthorityKeyIdentifierCritical = "authority-key-identifier.critical", "RFC 5280 4.2.1.1", [], Deny adjustable;
    /// authorityKeyIdentifier, or its keyIdentifier, is missing from a certificate that is not self-signed.
    AuthorityKeyIdentifierMissing = "authority-key-identifier.missing", "RFC 5280 4.2.1.1", [], Deny adjustable;
    /// authorityKeyIdentifier is missing from an anchor that is not self-signed.
    AnchorAuthorityKeyIdentifierMissing = "authority-key-identifier.missing-in-anchor", "RFC 5280 4.2.1.1", [], Inform adjustable;
    /// A self-signed certificate's authorityKeyIdentifier has no keyIdentifier or not its own.
    AuthorityKeyIdentifierOfRoot = "authority-key-identifier.of-root", "CA/Browser Forum BR 7.1.2.1.3", [], Inform adjustable;
    /// authorityCertIssuer or authorityCertSerialNumber is present.
    AuthorityKeyIdentifierIssuerSerial = "authority-key-identifier.issuer-and-serial", "CA/Browser Forum BR 7.1.2.11.1", [], Ignore adjustable;
    /// keyIdentifier is not the issuer's subjectKeyIdentifier.
    AuthorityKeyIdentifierMismatch = "authority-key-identifier.mismatch", "RFC 5280 4.2.1.1", [], Inform adjustable;
    /// subjectKeyIdentifier is critical.
    SubjectKeyIdentifierCritical = "subject-key-identifier.critical", "RFC 5280 4.2.1.2", [], Deny adjustable;
    /// A CA certificate has no subjectKeyIdentifier.
    SubjectKeyIdentifierMissing = "subject-key-identifier.missing", "RFC 5280 4.2.1.2", [], Deny adjustable;
    /// authorityInfoAccess or subjectInfoAccess is critical.
    InformationAccessCritical = "information-access.critical", "RFC 5280 4.2.2.1", [], Deny adjustable;

    // Basic constraints and usages
    /// A certificate that issued another has no basicConstraints.
    BasicConstraintsMissing = "basic-constraints.missing", "RFC 5280 6.1.4 (k)", [], Deny fixed;
    /// A certificate that issued another does not assert cA.
    NotCa = "basic-constraints.not-ca", "RFC 5280 6.1.4 (k)", [], Deny fixed;
    /// The trust anchor's certificate has no basicConstraints, or does not assert cA.
    AnchorNotCa = "basic-constraints.anchor-not-ca", "RFC 5280 4.2.1.9", [], Deny adjustable;
    /// basicConstraints of a CA is not critical.
    BasicConstraintsNotCritical = "basic-constraints.not-critical", "RFC 5280 4.2.1.9", [], Deny adjustable;
    /// pathLenConstraint without cA and keyCertSign.
    PathLengthWithoutCa = "basic-constraints.path-length-without-ca", "RFC 5280 4.2.1.9", [], Deny adjustable;
    /// More certificates follow than a pathLenConstraint allows.
    PathLengthExceeded = "basic-constraints.path-length-exceeded", "RFC 5280 6.1.4 (l), (m)", [], Deny fixed;
    /// The target is a CA certificate.
    TargetIsCa = "basic-constraints.target-is-ca", "CA/Browser Forum BR 7.1.2.7.6", [], Ignore adjustable;
    /// A certificate that issued another has keyUsage without keyCertSign.
    CertSignMissing = "key-usage.cert-sign-missing", "RFC 5280 6.1.4 (n)", [], Deny fixed;
    /// The trust anchor's certificate has keyUsage without keyCertSign.
    AnchorCertSignMissing = "key-usage.anchor-cert-sign-missing", "RFC 5280 4.2.1.3", [], Deny adjustable;
    /// keyCertSign without cA.
    CertSignWithoutCa = "key-usage.cert-sign-without-ca", "RFC 5280 4.2.1.3", [], Deny adjustable;
    /// A CA certificate has no keyUsage.
    KeyUsageMissing = "key-usage.missing", "RFC 5280 4.2.1.3", [], Warn adjustable;
    /// keyUsage asserts no bit.
    KeyUsageEmpty = "key-usage.empty", "RFC 5280 4.2.1.3", [], Deny adjustable;
    /// keyUsage allows none of the uses that the purpose needs.
    KeyUsageNotForPurpose = "key-usage.not-for-purpose", "RFC 5280 4.2.1.12", [], Deny adjustable;
    /// The target's extKeyUsage does not name the purpose.
    ExtendedKeyUsageNotForPurpose = "extended-key-usage.not-for-purpose", "RFC 5280 4.2.1.12", [], Deny fixed;
    /// An issuer's extKeyUsage does not name the purpose.
    ExtendedKeyUsageOfIssuer = "extended-key-usage.issuer-not-for-purpose", "RFC 5280 4.2.1.12", [], Deny adjustable;
    /// The target has no extKeyUsage although the purpose needs one.
    ExtendedKeyUsageMissing = "extended-key-usage.missing", "RFC 5280 4.2.1.12", [], Ignore adjustable;
    /// An intermediate has no extKeyUsage although the purpose needs one.
    ExtendedKeyUsageMissingInIssuer = "extended-key-usage.missing-in-issuer", "CA/Browser Forum BR 7.1.2.10.6", [], Ignore adjustable;
    /// The target meets the purpose by anyExtendedKeyUsage alone.
    ExtendedKeyUsageAny = "extended-key-usage.any", "RFC 5280 4.2.1.12", [], Inform adjustable;
    /// An issuer meets the purpose by anyExtendedKeyUsage alone.
    ExtendedKeyUsageAnyOfIssuer = "extended-key-usage.issuer-any", "RFC 5280 4.2.1.12", [], Ignore adjustable;
    /// extKeyUsage of the target is critical.
    ExtendedKeyUsageCritical = "extended-key-usage.critical", "CA/Browser Forum BR 7.1.2.7.6", [], Ignore adjustable;
    /// The trust anchor's certificate has extKeyUsage.
    ExtendedKeyUsageOfRoot = "extended-key-usage.of-root", "CA/Browser Forum BR 7.1.2.1.2", [], Ignore adjustable;

    // Names
    /// A subjectAltName entry does not have the syntax of its kind.
    NameSyntax = "subject-alt-name.syntax", "RFC 5280 4.2.1.6", [], Deny adjustable;
    /// The target has no subjectAltName.
    SubjectAltNameMissing = "subject-alt-name.missing", "CA/Browser Forum BR 7.1.2.7.12", [], Ignore adjustable;
    /// subjectAltName is critical although there is a subject.
    SubjectAltNameCritical = "subject-alt-name.critical-with-subject", "CA/Browser Forum BR 7.1.2.7.12", [], Ignore adjustable;
    /// The subject's common name is not, character for character, one of the alternative names.
    CommonNameNotInSan = "common-name.not-in-subject-alt-name", "CA/Browser Forum BR 7.1.4.3", [], Ignore adjustable;
    /// No presented identifier matches the reference identifier.
    IdentityMismatch = "identity.mismatch", "RFC 9525 6.1", ["R-UP-22"], Deny fixed;

    // Name constraints
    /// A name is in no permitted subtree.
    NotPermitted = "name-constraints.not-permitted", "RFC 5280 6.1.3 (b)", [], Deny fixed;
    /// A name is in an excluded subtree.
    Excluded = "name-constraints.excluded", "RFC 5280 6.1.3 (c)", [], Deny fixed;
    /// A constraint is of a name form that is not processed here, and such a name follows.
    NameConstraintUnsupported = "name-constraints.unsupported", "RFC 5280 4.2.1.10", [], Deny fixed;
    /// A subtree's base has not the syntax of its form, or uses minimum or maximum.
    NameConstraintSyntax = "name-constraints.syntax", "RFC 5280 4.2.1.10", [], Deny fixed;
    /// nameConstraints is not critical.
    NameConstraintsNotCritical = "name-constraints.not-critical", "RFC 5280 4.2.1.10", [], Deny adjustable;
    /// nameConstraints in a certificate that is no CA certificate.
    NameConstraintsNotInCa = "name-constraints.not-in-ca", "RFC 5280 4.2.1.10", [], Deny adjustable;

    // Certificate policies
    /// An explicit policy is required and none is valid.
    NoValidPolicy = "certificate-policies.none-valid", "RFC 5280 6.1.3 (f), 6.1.5 (g)", [], Deny fixed;
    /// The same policy stands twice.
    PolicyDuplicate = "certificate-policies.duplicate", "RFC 5280 4.2.1.4", [], Deny fixed;
    /// certificatePolicies is critical and holds a qualifier that is not understood.
    PolicyQualifierUnknown = "certificate-policies.unknown-qualifier", "RFC 5280 4.2.1.4", [], Deny fixed;
    /// A mapping from or to anyPolicy.
    MappingOfAnyPolicy = "policy-mappings.any-policy", "RFC 5280 6.1.4 (a)", [], Deny fixed;
    /// policyConstraints is not critical.
    PolicyConstraintsNotCritical = "policy-constraints.not-critical", "RFC 5280 4.2.1.11", [], Deny adjustable;
    /// policyConstraints with neither field.
    PolicyConstraintsEmpty = "policy-constraints.empty", "RFC 5280 4.2.1.11", [], Deny adjustable;
    /// inhibitAnyPolicy is not critical.
    InhibitAnyPolicyNotCritical = "inhibit-any-policy.not-critical", "RFC 5280 4.2.1.14", [], Deny adjustable;

    // Rules of the deployment's own, which RFC 5280 6.2 lets limit the valid paths further
    /// A rule of the deployment's own refuses the path.
    CustomDenied = "custom.denied", "RFC 5280 6.2", [], Deny fixed;
    /// A rule that refuses could not be evaluated, so that nobody knows whether it does.
    CustomFailed = "custom.failed", "RFC 5280 6.2", [], Deny fixed;
    /// A rule of the deployment's own warns.
    CustomWarned = "custom.warned", "RFC 5280 6.2", [], Warn adjustable;
    /// A rule that refuses nothing could not be evaluated.
    CustomUnevaluated = "custom.unevaluated", "RFC 5280 6.2", [], Warn adjustable;
    /// A rule of the deployment's own informs.
    CustomNoticed = "custom.noticed", "RFC 5280 6.2", [], Inform adjustable;
}
