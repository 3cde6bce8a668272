//! The extension list and the extensions known here, decoded (RFC 5280 4.2). Whether they may be there, or
//! must be critical, is judged elsewhere.

use std::collections::BTreeSet;

use super::general_name::GeneralName;
use super::key_usage::{KeyUsage, decode_named_bits};
use super::name::RelativeDistinguishedName;
use crate::der::{self, Decoded, Problem, Reader};
use crate::oid::{self, Oid};

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
    /// subjectAltName. Without a name it is wrong, and the form of a certificate that somebody else has to judge:
    /// `path::form` refuses it on a path, and whoever takes an OCSP response does for its signer.
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
    /// nameRelativeToCRLIssuer: the content of its SET, checked but undecoded.
    RelativeToIssuer(Vec<u8>),
}

impl Extensions {
    /// Reads the extensions of a certificate (RFC 5280 4.1.2.9).
    pub(crate) fn decode(reader: &mut Reader<'_>) -> Decoded<Self> {
        let mut extensions = Self::default();
        let all =
            Extension::decode_list(reader, "extensions", |kind, value| extensions.decode_known(kind, value))?;
        extensions.all = all;
        Ok(extensions)
    }

    /// Decodes the value of an extension whose type is known here; leaves any other as it stands.
    fn decode_known(&mut self, kind: &Oid, mut value: Reader<'_>) -> Decoded<()> {
        let reader = &mut value;
        let field = oid::label(kind).unwrap_or_default();
        match field {
            "authorityInfoAccess" => {
                self.authority_info_access = Some(AccessDescription::decode_list(reader, field)?)
            }
            "authorityKeyIdentifier" => {
                self.authority_key_identifier = Some(AuthorityKeyIdentifier::decode(reader)?)
            }
            "basicConstraints" => self.basic_constraints = Some(BasicConstraints::decode(reader)?),
            "certificatePolicies" => {
                self.certificate_policies =
                    Some(reader.list_of(der::SEQUENCE, field, PolicyInformation::decode)?);
            }
            "cRLDistributionPoints" => {
                self.crl_distribution_points = Some(DistributionPoint::decode_list(reader, field)?);
            }
            "extKeyUsage" => {
                self.extended_key_usage =
                    Some(reader.list_of(der::SEQUENCE, field, |inner| inner.oid(field))?);
            }
            "freshestCRL" => self.freshest_crl = Some(DistributionPoint::decode_list(reader, field)?),
            "inhibitAnyPolicy" => {
                self.inhibit_any_policy = Some(reader.saturated_integer(der::INTEGER, field)?)
            }
            "issuerAltName" => {
                self.issuer_alt_name = Some(GeneralName::decode_list(reader, der::SEQUENCE, field)?);
            }
            "keyUsage" => self.key_usage = Some(KeyUsage::decode(reader)?),
            "nameConstraints" => self.name_constraints = Some(NameConstraints::decode(reader)?),
            "ocspNoCheck" => self.ocsp_no_check = decode_null(reader, field)?,
            "policyConstraints" => self.policy_constraints = Some(PolicyConstraints::decode(reader)?),
            "policyMappings" => {
                self.policy_mappings = Some(reader.list_of(der::SEQUENCE, field, PolicyMapping::decode)?);
            }
            "subjectAltName" => {
                let names =
                    reader.sequence_of(der::SEQUENCE, field, |inner| GeneralName::decode(inner, field));
                self.subject_alt_name = Some(names?);
            }
            "subjectInfoAccess" => {
                self.subject_info_access = Some(AccessDescription::decode_list(reader, field)?)
            }
            "subjectKeyIdentifier" => {
                self.subject_key_identifier =
                    Some(reader.element(der::OCTET_STRING, field)?.content.to_vec());
            }
            _ => return Ok(()),
        }
        value.finish(field)
    }
}

/// RFC 6960 4.2.2.2.1: the value is NULL.
fn decode_null(reader: &mut Reader<'_>, field: &'static str) -> Decoded<bool> {
    let null = reader.element(der::NULL, field)?;
    if null.content.is_empty() { Ok(true) } else { Err(null.malformed(field, Problem::TrailingData)) }
}

impl Extension {
    /// Reads `Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension`, and hands each value to `known`. Certificates, CRLs,
    /// their entries and responses have it. An extension that stands twice is refused (RFC 5280 4.2).
    pub(crate) fn decode_list(
        reader: &mut Reader<'_>,
        field: &'static str,
        mut known: impl FnMut(&Oid, Reader<'_>) -> Decoded<()>,
    ) -> Decoded<Vec<Self>> {
        let mut seen = BTreeSet::new();
        reader.list_of(der::SEQUENCE, field, |inner| {
            let at = inner.clone();
            let (extension, value) = Self::decode(inner)?;
            if !seen.insert(extension.kind.clone()) {
                return Err(at.malformed(field, Problem::Duplicate));
            }
            known(&extension.kind, value)?;
            Ok(extension)
        })
    }

    /// Reads one extension, and yields a reader of its value.
    pub(crate) fn decode<'a>(reader: &mut Reader<'a>) -> Decoded<(Self, Reader<'a>)> {
        let mut inner = reader.nested(der::SEQUENCE, "extensions.extension")?;
        let kind = inner.oid("extensions.extnID")?;
        let critical = inner.default_false(der::BOOLEAN, "extensions.critical")?;
        let value = inner.element(der::OCTET_STRING, "extensions.extnValue")?;
        inner.finish("extensions.extension")?;
        let extension =
            Self { kind, critical, value: value.content.to_vec(), offset: value.content_offset() };
        Ok((extension, Reader::inside(&value)))
    }
}

impl AuthorityKeyIdentifier {
    /// authorityCertIssuer and authorityCertSerialNumber come together or not at all (RFC 5280 4.2.1.1).
    pub(crate) fn decode(reader: &mut Reader<'_>) -> Decoded<Self> {
        let at = reader.clone();
        let mut inner = reader.nested(der::SEQUENCE, "authorityKeyIdentifier")?;
        let key_identifier = inner.optional(der::context(0), "authorityKeyIdentifier.keyIdentifier")?;
        let issuer = if inner.peek() == Some(der::context_constructed(1)) {
            let field = "authorityKeyIdentifier.authorityCertIssuer";
            Some(GeneralName::decode_list(&mut inner, der::context_constructed(1), field)?)
        } else {
            None
        };
        let field = "authorityKeyIdentifier.authorityCertSerialNumber";
        let serial_number = inner.optional_integer(der::context(2), field)?.map(<[u8]>::to_vec);
        inner.finish("authorityKeyIdentifier")?;
        if issuer.is_some() != serial_number.is_some() {
            return Err(at.malformed("authorityKeyIdentifier", Problem::Incomplete));
        }
        let key_identifier = key_identifier.map(|element| element.content.to_vec());
        Ok(Self { key_identifier, issuer, serial_number })
    }
}

impl BasicConstraints {
    fn decode(reader: &mut Reader<'_>) -> Decoded<Self> {
        let mut inner = reader.nested(der::SEQUENCE, "basicConstraints")?;
        let ca = inner.default_false(der::BOOLEAN, "basicConstraints.cA")?;
        let field = "basicConstraints.pathLenConstraint";
        let path_length = optional_count(&mut inner, der::INTEGER, field)?;
        inner.finish("basicConstraints")?;
        Ok(Self { ca, path_length })
    }
}

fn optional_count(reader: &mut Reader<'_>, tag: der::Tag, field: &'static str) -> Decoded<Option<u32>> {
    if reader.peek() == Some(tag) { reader.saturated_integer(tag, field).map(Some) } else { Ok(None) }
}

impl PolicyInformation {
    fn decode(reader: &mut Reader<'_>) -> Decoded<Self> {
        let mut inner = reader.nested(der::SEQUENCE, "certificatePolicies.policyInformation")?;
        let policy = inner.oid("certificatePolicies.policyIdentifier")?;
        let field = "certificatePolicies.policyQualifiers";
        let qualifiers = if inner.is_empty() {
            Vec::new()
        } else {
            inner.list_of(der::SEQUENCE, field, |list| {
                let mut qualifier = list.nested(der::SEQUENCE, field)?;
                let kind = qualifier.oid(field)?;
                let value = qualifier.any(field)?.encoded.to_vec();
                qualifier.finish(field)?;
                Ok((kind, value))
            })?
        };
        inner.finish("certificatePolicies.policyInformation")?;
        Ok(Self { policy, qualifiers })
    }
}

impl PolicyMapping {
    fn decode(reader: &mut Reader<'_>) -> Decoded<Self> {
        let mut inner = reader.nested(der::SEQUENCE, "policyMappings")?;
        let issuer_domain = inner.oid("policyMappings.issuerDomainPolicy")?;
        let subject_domain = inner.oid("policyMappings.subjectDomainPolicy")?;
        inner.finish("policyMappings")?;
        Ok(Self { issuer_domain, subject_domain })
    }
}

impl PolicyConstraints {
    fn decode(reader: &mut Reader<'_>) -> Decoded<Self> {
        let mut inner = reader.nested(der::SEQUENCE, "policyConstraints")?;
        let require_explicit_policy =
            optional_count(&mut inner, der::context(0), "policyConstraints.requireExplicitPolicy")?;
        let inhibit_policy_mapping =
            optional_count(&mut inner, der::context(1), "policyConstraints.inhibitPolicyMapping")?;
        inner.finish("policyConstraints")?;
        Ok(Self { require_explicit_policy, inhibit_policy_mapping })
    }
}

impl NameConstraints {
    fn decode(reader: &mut Reader<'_>) -> Decoded<Self> {
        let mut inner = reader.nested(der::SEQUENCE, "nameConstraints")?;
        let permitted = Subtree::decode_list(&mut inner, 0, "nameConstraints.permittedSubtrees.base")?;
        let excluded = Subtree::decode_list(&mut inner, 1, "nameConstraints.excludedSubtrees.base")?;
        inner.finish("nameConstraints")?;
        Ok(Self { permitted, excluded })
    }
}

impl Subtree {
    /// `[number] GeneralSubtrees OPTIONAL`; where it stands, it has an element.
    fn decode_list(reader: &mut Reader<'_>, number: u8, field: &'static str) -> Decoded<Vec<Self>> {
        let tag = der::context_constructed(number);
        if reader.peek() != Some(tag) {
            return Ok(Vec::new());
        }
        reader.list_of(tag, field, |list| Self::decode(list, field))
    }

    fn decode(reader: &mut Reader<'_>, field: &'static str) -> Decoded<Self> {
        let mut inner = reader.nested(der::SEQUENCE, field)?;
        let base = GeneralName::decode_base(&mut inner, field)?;
        let at = inner.clone();
        let minimum = inner.optional_integer(der::context(0), "nameConstraints.minimum")?;
        let maximum = inner.optional_integer(der::context(1), "nameConstraints.maximum")?;
        inner.finish(field)?;
        // minimum is DEFAULT 0, so 0 is never written (X.690 11.5).
        if minimum == Some(&[0]) {
            return Err(at.malformed("nameConstraints.minimum", Problem::EncodedDefault));
        }
        Ok(Self { base, has_bounds: minimum.is_some() || maximum.is_some() })
    }
}

impl AccessDescription {
    fn decode_list(reader: &mut Reader<'_>, field: &'static str) -> Decoded<Vec<Self>> {
        reader.list_of(der::SEQUENCE, field, |list| {
            let mut inner = list.nested(der::SEQUENCE, field)?;
            let method = inner.oid(field)?;
            let location = GeneralName::decode(&mut inner, field)?;
            inner.finish(field)?;
            Ok(Self { method, location })
        })
    }
}

impl DistributionPoint {
    /// Reads `CRLDistributionPoints`, which freshestCRL is as well (RFC 5280 4.2.1.13, 4.2.1.15).
    pub(crate) fn decode_list(reader: &mut Reader<'_>, field: &'static str) -> Decoded<Vec<Self>> {
        reader.list_of(der::SEQUENCE, field, |list| {
            let mut inner = list.nested(der::SEQUENCE, field)?;
            let name = DistributionPointName::decode(&mut inner, field)?;
            let reasons = decode_reasons(&mut inner, 1, field)?;
            let issuers = der::context_constructed(2);
            let crl_issuer = if inner.peek() == Some(issuers) {
                GeneralName::decode_list(&mut inner, issuers, field)?
            } else {
                Vec::new()
            };
            inner.finish(field)?;
            Ok(Self { name, reasons, crl_issuer })
        })
    }
}

/// Reads `[number] ReasonFlags OPTIONAL`; bit 0 is the top bit of the result.
pub(crate) fn decode_reasons(
    reader: &mut Reader<'_>,
    number: u8,
    field: &'static str,
) -> Decoded<Option<u16>> {
    let tag = der::context(number);
    if reader.peek() == Some(tag) { decode_named_bits(reader, tag, field).map(Some) } else { Ok(None) }
}

impl DistributionPointName {
    /// Reads `[0] DistributionPointName OPTIONAL`, as issuingDistributionPoint has it too (RFC 5280 5.2.5).
    /// It is a CHOICE, so its tag is explicit.
    pub(crate) fn decode(reader: &mut Reader<'_>, field: &'static str) -> Decoded<Option<Self>> {
        let Some(explicit) = reader.optional(der::context_constructed(0), field)? else {
            return Ok(None);
        };
        let mut inner = Reader::inside(&explicit);
        let relative = der::context_constructed(1);
        let name = if inner.peek() == Some(relative) {
            let at = inner.clone().element(relative, field)?;
            RelativeDistinguishedName::decode(&mut inner, relative, field)?;
            Self::RelativeToIssuer(at.content.to_vec())
        } else {
            Self::Full(GeneralName::decode_list(&mut inner, der::context_constructed(0), field)?)
        };
        inner.finish(field)?;
        Ok(Some(name))
    }
}

#[cfg(test)]
mod tests;
