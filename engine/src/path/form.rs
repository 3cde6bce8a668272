//! The form of one certificate by itself: what RFC 5280 4.1 and 4.2 ask of the one who issued it, whatever
//! path it stands in. Each rule's level says whether breaking it refuses.

use super::{
    Observation, algorithm, basic_constraints, certificate_policies, critical_extension, key_identifier,
};
use super::{name_constraints, usage, validity};
use crate::certificate::general_name::GeneralName;
use crate::certificate::name_syntax::{self, NameFault};
use crate::certificate::{Certificate, Version};
use crate::finding::{Code, Value};
use crate::oid;
use crate::settings::Settings;

/// The place a certificate has in a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The certificate asked about.
    Target,
    /// It issued another certificate of the path and is no anchor.
    Intermediate,
    /// The trust anchor.
    Anchor,
}

/// Every rule on the form of a certificate in this place.
#[must_use]
pub fn check_form(certificate: &Certificate, place: Place, settings: &Settings) -> Vec<Observation> {
    let mut observed = common_rules(certificate, settings);
    observed.extend(match place {
        Place::Target => target_rules(certificate),
        Place::Intermediate => intermediate_rules(certificate),
        Place::Anchor => anchor_rules(certificate, settings),
    });
    observed
}

fn common_rules(certificate: &Certificate, settings: &Settings) -> Vec<Observation> {
    let extensions = &certificate.extensions;
    [
        check_version(certificate),
        check_serial_number(certificate),
        check_algorithm_identifiers(certificate),
        check_issuer(certificate),
        check_unique_identifiers(certificate),
        validity::check_form(certificate),
        algorithm::check_key(certificate, &settings.algorithms),
        critical_extension::check_critical_extensions(certificate),
        key_identifier::check_criticality(certificate),
        key_identifier::check_subject_key_identifier(certificate),
        key_identifier::check_issuer_and_serial(certificate),
        usage::check_key_usage_form(certificate),
        basic_constraints::check_path_length_form(extensions.basic_constraints, extensions.key_usage),
        basic_constraints::check_critical(extensions),
        certificate_policies::check_duplicates(extensions),
        certificate_policies::check_mappings(extensions),
        certificate_policies::check_qualifiers(extensions),
        certificate_policies::check_constraints(extensions),
        certificate_policies::check_inhibit_any_policy(extensions),
        check_name_constraints(certificate),
        check_alternative_names(certificate),
    ]
    .concat()
}

fn target_rules(certificate: &Certificate) -> Vec<Observation> {
    [
        key_identifier::check_authority_key_identifier(certificate),
        check_subject_or_alternative(certificate),
        check_target_is_no_ca(certificate),
        usage::check_extended_key_usage_form(certificate),
        check_alternative_name_presence(certificate),
        check_common_names(certificate),
    ]
    .concat()
}

fn intermediate_rules(certificate: &Certificate) -> Vec<Observation> {
    [
        key_identifier::check_authority_key_identifier(certificate),
        check_ca_subject(certificate),
        basic_constraints::check_issuer(certificate.extensions.basic_constraints),
        usage::check_cert_sign(certificate),
    ]
    .concat()
}

fn anchor_rules(certificate: &Certificate, settings: &Settings) -> Vec<Observation> {
    [
        algorithm::check_anchor_signature(certificate, &settings.algorithms),
        key_identifier::check_anchor_authority_key_identifier(certificate),
        key_identifier::check_root_authority_key_identifier(certificate),
        check_ca_subject(certificate),
        basic_constraints::check_anchor(certificate.extensions.basic_constraints),
        usage::check_root_extended_key_usage(certificate),
    ]
    .concat()
}

/// Version 3. RFC 5280 4.1.2.1.
fn check_version(certificate: &Certificate) -> Vec<Observation> {
    let version = match certificate.version {
        Version::V1 => 1,
        Version::V2 => 2,
        Version::V3 => return Vec::new(),
    };
    vec![(Code::VersionNotThree, vec![("version", Value::Number(version))])]
}

/// Positive, and at most 20 octets. RFC 5280 4.1.2.2.
fn check_serial_number(certificate: &Certificate) -> Vec<Observation> {
    let serial = &certificate.serial_number;
    let mut observed = Vec::new();
    if serial.first().is_some_and(|octet| octet & 0x80 != 0) {
        observed.push((Code::SerialNegative, vec![("serialNumber", Value::Octets(serial.clone()))]));
    }
    if serial.iter().all(|octet| *octet == 0) {
        observed.push((Code::SerialZero, Vec::new()));
    }
    if serial.len() > 20 {
        let sizes = vec![("octets", Value::count(serial.len())), ("maximum", Value::Number(20))];
        observed.push((Code::SerialTooLong, sizes));
    }
    observed
}

/// The signed and the outer identifier are the same, parameters included. RFC 5280 4.1.1.2; attack case D-09.
fn check_algorithm_identifiers(certificate: &Certificate) -> Vec<Observation> {
    if certificate.signed_algorithm == certificate.signature_algorithm {
        return Vec::new();
    }
    let details = vec![
        ("signed", Value::Oid(certificate.signed_algorithm.algorithm.clone())),
        ("outer", Value::Oid(certificate.signature_algorithm.algorithm.clone())),
    ];
    vec![(Code::SignatureAlgorithmMismatch, details)]
}

/// The issuer is not empty. RFC 5280 4.1.2.4.
fn check_issuer(certificate: &Certificate) -> Vec<Observation> {
    if certificate.issuer.is_empty() { vec![(Code::IssuerEmpty, Vec::new())] } else { Vec::new() }
}

/// A CA's subject is not empty. RFC 5280 4.1.2.6.
fn check_ca_subject(certificate: &Certificate) -> Vec<Observation> {
    if certificate.subject.is_empty() { vec![(Code::SubjectEmpty, Vec::new())] } else { Vec::new() }
}

/// Where the subject is empty, subjectAltName names it and is critical. RFC 5280 4.1.2.6.
fn check_subject_or_alternative(certificate: &Certificate) -> Vec<Observation> {
    let is_ca = certificate.extensions.basic_constraints.is_some_and(|constraints| constraints.ca);
    if !certificate.subject.is_empty() {
        Vec::new()
    } else if is_ca {
        check_ca_subject(certificate)
    } else if certificate.extensions.is_critical(&oid::SUBJECT_ALT_NAME) && !certificate.has_no_names() {
        Vec::new()
    } else {
        vec![(Code::SubjectEmptyWithoutSan, Vec::new())]
    }
}

/// issuerUniqueID and subjectUniqueID are absent. RFC 5280 4.1.2.8.
fn check_unique_identifiers(certificate: &Certificate) -> Vec<Observation> {
    let present = [
        ("issuerUniqueID", certificate.has_issuer_unique_id),
        ("subjectUniqueID", certificate.has_subject_unique_id),
    ];
    let found = present.into_iter().filter(|(_, present)| *present);
    found.map(|(field, _)| (Code::UniqueIdentifier, vec![("field", Value::text(field))])).collect()
}

/// nameConstraints is critical, in a CA certificate, and its subtrees can be understood. RFC 5280 4.2.1.10.
fn check_name_constraints(certificate: &Certificate) -> Vec<Observation> {
    let Some(constraints) = &certificate.extensions.name_constraints else { return Vec::new() };
    let mut observed = name_constraints::check_subtrees(constraints);
    if !certificate.extensions.is_critical(&oid::NAME_CONSTRAINTS) {
        observed.push((Code::NameConstraintsNotCritical, Vec::new()));
    }
    if !certificate.extensions.basic_constraints.is_some_and(|constraints| constraints.ca) {
        observed.push((Code::NameConstraintsNotInCa, Vec::new()));
    }
    observed
}

/// There is an alternative name in subjectAltName, and every one has the syntax of its form. RFC 5280 4.2.1.6. The
/// first that has not is told: one is enough to judge by, and a certificate may hold thousands.
fn check_alternative_names(certificate: &Certificate) -> Vec<Observation> {
    if certificate.has_no_names() {
        return vec![(Code::NameSyntax, vec![("fault", Value::text(NameFault::Empty.as_str()))])];
    }
    let names = certificate.extensions.subject_alt_name.as_deref().unwrap_or_default();
    let wrong =
        names.iter().find_map(|name| name_syntax::check_syntax(name).err().map(|fault| (name, fault)));
    wrong.map(|(name, fault)| (Code::NameSyntax, name_details(name, fault))).into_iter().collect()
}

fn name_details(name: &GeneralName, fault: NameFault) -> Vec<(&'static str, Value)> {
    let shown = match name {
        GeneralName::Rfc822Name(text) | GeneralName::DnsName(text) | GeneralName::Uri(text) => {
            text.chars().take(256).collect()
        }
        _ => String::new(),
    };
    vec![
        ("form", Value::text(name.form())),
        ("name", Value::Text(shown)),
        ("fault", Value::text(fault.as_str())),
    ]
}

/// A subscriber is no CA (BR 7.1.2.7.6).
fn check_target_is_no_ca(certificate: &Certificate) -> Vec<Observation> {
    let is_ca = certificate.extensions.basic_constraints.is_some_and(|constraints| constraints.ca);
    if is_ca { vec![(Code::TargetIsCa, Vec::new())] } else { Vec::new() }
}

/// subjectAltName is present, and critical only where the subject is empty (BR 7.1.2.7.12).
fn check_alternative_name_presence(certificate: &Certificate) -> Vec<Observation> {
    if certificate.extensions.subject_alt_name.is_none() {
        return vec![(Code::SubjectAltNameMissing, Vec::new())];
    }
    if certificate.extensions.is_critical(&oid::SUBJECT_ALT_NAME) && !certificate.subject.is_empty() {
        return vec![(Code::SubjectAltNameCritical, Vec::new())];
    }
    Vec::new()
}

/// Each common name is, character for character, one of the alternative names (BR 7.1.4.3). A name beside its own
/// wildcard is let pass: `example.com` with `*.example.com` alone is in use, and it widens nothing, as the common
/// name is never matched.
fn check_common_names(certificate: &Certificate) -> Vec<Observation> {
    let names = certificate.extensions.subject_alt_name.as_deref().unwrap_or_default();
    let attributes = certificate.subject.rdns.iter().flat_map(|rdn| &rdn.attributes);
    let common_names = attributes.filter(|attribute| attribute.kind == oid::COMMON_NAME);
    let shown = |text: Option<&String>| {
        Value::text(text.map_or("", String::as_str).chars().take(256).collect::<String>())
    };
    common_names
        .filter(|attribute| {
            !attribute.text.as_ref().is_some_and(|text| names.iter().any(|name| copies(name, text)))
        })
        .map(|attribute| (Code::CommonNameNotInSan, vec![("commonName", shown(attribute.text.as_ref()))]))
        .take(1)
        .collect()
}

/// `text` is the canonical text of `name`: RFC 3986 3.2.2 for IPv4, RFC 5952 4 for IPv6.
fn copies(name: &GeneralName, text: &str) -> bool {
    match name {
        GeneralName::DnsName(dns) => dns == text || dns.strip_prefix("*.") == Some(text),
        GeneralName::IpAddress(octets) => {
            match (<[u8; 4]>::try_from(octets.as_slice()), <[u8; 16]>::try_from(octets.as_slice())) {
                (Ok(four), _) => std::net::Ipv4Addr::from(four).to_string() == text,
                (_, Ok(sixteen)) => std::net::Ipv6Addr::from(sixteen).to_string() == text,
                _ => false,
            }
        }
        _ => false,
    }
}
