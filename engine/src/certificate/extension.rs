//! The extension list and the extensions known here, decoded (RFC 5280 4.2). Whether they may be there, or
//! must be critical, is judged elsewhere.

use super::general_name::GeneralName;
use super::key_usage::KeyUsage;
use crate::oid::Oid;

/// All extensions of a certificate: raw in order, and decoded where the type is known.
/// No extension stands twice (RFC 5280 4.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extensions {
    /// Every extension as it stands.
    pub all: Vec<Extension>,
    /// authorityKeyIdentifier.
    pub authority_key_identifier: Option<AuthorityKeyIdentifier>,
    /// subjectKeyIdentifier.
    pub subject_key_identifier: Option<Vec<u8>>,
    /// keyUsage.
    pub key_usage: Option<KeyUsage>,
    /// certificatePolicies.
    pub certificate_policies: Option<Vec<PolicyInformation>>,
    /// policyMappings.
    pub policy_mappings: Option<Vec<PolicyMapping>>,
    /// subjectAltName; not empty.
    pub subject_alt_name: Option<Vec<GeneralName>>,
    /// issuerAltName; not empty.
    pub issuer_alt_name: Option<Vec<GeneralName>>,
    /// basicConstraints.
    pub basic_constraints: Option<BasicConstraints>,
    /// nameConstraints.
    pub name_constraints: Option<NameConstraints>,
    /// policyConstraints.
    pub policy_constraints: Option<PolicyConstraints>,
    /// extKeyUsage; not empty.
    pub extended_key_usage: Option<Vec<Oid>>,
    /// cRLDistributionPoints.
    pub crl_distribution_points: Option<Vec<DistributionPoint>>,
    /// freshestCRL.
    pub freshest_crl: Option<Vec<DistributionPoint>>,
    /// inhibitAnyPolicy: SkipCerts, saturated at `u32::MAX`.
    pub inhibit_any_policy: Option<u32>,
    /// authorityInfoAccess; not empty.
    pub authority_info_access: Option<Vec<AccessDescription>>,
    /// subjectInfoAccess; not empty.
    pub subject_info_access: Option<Vec<AccessDescription>>,
    /// id-pkix-ocsp-nocheck is present.
    pub ocsp_no_check: bool,
}

/// One extension as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its type.
    pub kind: Oid,
    /// Its criticality.
    pub critical: bool,
    /// The content of extnValue.
    pub value: Vec<u8>,
    /// Offset of `value` in the certificate.
    pub offset: usize,
}

impl Extensions {
    /// The extension of type `kind` as it stands.
    #[must_use]
    pub fn find(&self, kind: &Oid) -> Option<&Extension> {
        self.all.iter().find(|extension| extension.kind == *kind)
    }

    /// Whether the extension of type `kind` is present and critical.
    #[must_use]
    pub fn is_critical(&self, kind: &Oid) -> bool {
        self.find(kind).is_some_and(|extension| extension.critical)
    }
}

/// RFC 5280 4.2.1.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityKeyIdentifier {
    /// keyIdentifier.
    pub key_identifier: Option<Vec<u8>>,
    /// authorityCertIssuer.
    pub issuer: Option<Vec<GeneralName>>,
    /// authorityCertSerialNumber, content octets.
    pub serial_number: Option<Vec<u8>>,
}

/// RFC 5280 4.2.1.9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// cA.
    pub ca: bool,
    /// pathLenConstraint, saturated at `u32::MAX`.
    pub path_length: Option<u32>,
}

/// RFC 5280 4.2.1.4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyInformation {
    /// policyIdentifier.
    pub policy: Oid,
    /// policyQualifiers: type and the encoding of each value.
    pub qualifiers: Vec<(Oid, Vec<u8>)>,
}

/// RFC 5280 4.2.1.5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyMapping {
    /// issuerDomainPolicy.
    pub issuer_domain: Oid,
    /// subjectDomainPolicy.
    pub subject_domain: Oid,
}

/// RFC 5280 4.2.1.11; numbers are saturated at `u32::MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyConstraints {
    /// requireExplicitPolicy.
    pub require_explicit_policy: Option<u32>,
    /// inhibitPolicyMapping.
    pub inhibit_policy_mapping: Option<u32>,
}

/// RFC 5280 4.2.1.10.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameConstraints {
    /// permittedSubtrees; empty when absent.
    pub permitted: Vec<Subtree>,
    /// excludedSubtrees; empty when absent.
    pub excluded: Vec<Subtree>,
}

/// RFC 5280 4.2.1.10 GeneralSubtree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subtree {
    /// The base of the subtree.
    pub base: GeneralName,
    /// minimum is other than 0 or maximum is present, which RFC 5280 does not allow.
    pub has_bounds: bool,
}

/// RFC 5280 4.2.2.1 AccessDescription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessDescription {
    /// accessMethod.
    pub method: Oid,
    /// accessLocation.
    pub location: GeneralName,
}

/// RFC 5280 4.2.1.13 DistributionPoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistributionPoint {
    /// distributionPoint.
    pub name: Option<DistributionPointName>,
    /// reasons: bit 0 is the top bit of the first octet.
    pub reasons: Option<u16>,
    /// cRLIssuer; empty when absent.
    pub crl_issuer: Vec<GeneralName>,
}

/// RFC 5280 4.2.1.13 DistributionPointName.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DistributionPointName {
    /// fullName.
    Full(Vec<GeneralName>),
    /// nameRelativeToCRLIssuer, undecoded.
    RelativeToIssuer(Vec<u8>),
}
