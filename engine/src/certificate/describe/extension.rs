//! The extensions of a description: known ones value by value, any other as octets.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Field, Lines, cut, octets, text};
use crate::certificate::extension::{
    AccessDescription, AuthorityKeyIdentifier, DistributionPoint, DistributionPointName, Extension,
    Extensions, NameConstraints, PolicyInformation, Subtree,
};
use crate::certificate::general_name::GeneralName;
use crate::der::{self, Reader};
use crate::oid::{self, Oid};
use crate::settings::KeyUsageBit;

/// Extensions and the names administrators know them by.
const LABELS: [(Oid, &str); 21] = [
    (oid::AUTHORITY_INFO_ACCESS, "Authority Information Access"),
    (oid::AUTHORITY_KEY_IDENTIFIER, "Authority Key Identifier"),
    (oid::BASIC_CONSTRAINTS, "Basic Constraints"),
    (oid::CERTIFICATE_POLICIES, "Certificate Policies"),
    (oid::CRL_DISTRIBUTION_POINTS, "CRL Distribution Points"),
    (oid::EXTENDED_KEY_USAGE, "Extended Key Usage"),
    (oid::FRESHEST_CRL, "Freshest CRL"),
    (oid::INHIBIT_ANY_POLICY, "Inhibit Any Policy"),
    (oid::ISSUER_ALT_NAME, "Issuer Alternative Name"),
    (oid::KEY_USAGE, "Key Usage"),
    (oid::NAME_CONSTRAINTS, "Name Constraints"),
    (oid::OCSP_NO_CHECK, "OCSP No Check"),
    (oid::POLICY_CONSTRAINTS, "Policy Constraints"),
    (oid::POLICY_MAPPINGS, "Policy Mappings"),
    (oid::PRECERTIFICATE_POISON, "Precertificate Poison"),
    (oid::PRIVATE_KEY_USAGE_PERIOD, "Private Key Usage Period"),
    (oid::SIGNED_CERTIFICATE_TIMESTAMPS, "Signed Certificate Timestamps"),
    (oid::SUBJECT_ALT_NAME, "Subject Alternative Name"),
    (oid::SUBJECT_INFO_ACCESS, "Subject Information Access"),
    (oid::SUBJECT_KEY_IDENTIFIER, "Subject Key Identifier"),
    (oid::TLS_FEATURE, "TLS Feature"),
];

/// A heading, and below it every extension in the order of the certificate.
pub(super) fn describe(extensions: &Extensions, lines: &mut Lines) {
    if extensions.all.is_empty() {
        return;
    }
    lines.plain(0, "Extensions", "");
    for extension in &extensions.all {
        let known = LABELS.iter().find(|(kind, _)| *kind == extension.kind).map(|(_, label)| *label);
        let label = known.or_else(|| oid::label(&extension.kind));
        let label = label.map_or_else(|| extension.kind.to_string(), str::to_owned);
        let value = one_value(extensions, &extension.kind);
        let nested = value.is_none();
        lines.push(Field {
            depth: 1,
            label,
            oid: Some(extension.kind.clone()),
            value: value.unwrap_or_default(),
            critical: Some(extension.critical),
        });
        if nested {
            many_values(extensions, extension, lines);
        }
    }
}

/// The value of an extension that is one line.
fn one_value(extensions: &Extensions, kind: &Oid) -> Option<String> {
    if *kind == oid::SUBJECT_KEY_IDENTIFIER {
        extensions.subject_key_identifier.as_deref().map(octets)
    } else if *kind == oid::KEY_USAGE {
        let usage = extensions.key_usage?;
        Some(usage.bits().map(KeyUsageBit::word).collect::<Vec<_>>().join(", "))
    } else if *kind == oid::INHIBIT_ANY_POLICY {
        extensions.inhibit_any_policy.map(|skip| skip.to_string())
    } else if *kind == oid::OCSP_NO_CHECK {
        extensions.ocsp_no_check.then(|| "present".to_owned())
    } else {
        None
    }
}

/// The lines of an extension that has several, or its octets.
fn many_values(extensions: &Extensions, extension: &Extension, lines: &mut Lines) {
    match oid::label(&extension.kind).unwrap_or_default() {
        "authorityInfoAccess" => access(extensions.authority_info_access.as_deref(), lines),
        "authorityKeyIdentifier" => {
            authority_key_identifier(extensions.authority_key_identifier.as_ref(), lines)
        }
        "basicConstraints" => basic_constraints(extensions, lines),
        "certificatePolicies" => policies(extensions.certificate_policies.as_deref(), lines),
        "cRLDistributionPoints" => distribution_points(extensions.crl_distribution_points.as_deref(), lines),
        "extKeyUsage" => {
            let purposes = extensions.extended_key_usage.iter().flatten();
            purposes.for_each(|purpose| lines.identifier(2, "Purpose", purpose));
        }
        "freshestCRL" => distribution_points(extensions.freshest_crl.as_deref(), lines),
        "issuerAltName" => names(extensions.issuer_alt_name.as_deref(), 2, lines),
        "nameConstraints" => name_constraints(extensions.name_constraints.as_ref(), lines),
        "policyConstraints" => policy_constraints(extensions, lines),
        "policyMappings" => {
            for mapping in extensions.policy_mappings.iter().flatten() {
                lines.identifier(2, "Issuer Domain Policy", &mapping.issuer_domain);
                lines.identifier(3, "Subject Domain Policy", &mapping.subject_domain);
            }
        }
        "signedCertificateTimestamps" => timestamps(&extension.value, lines),
        "subjectAltName" => names(extensions.subject_alt_name.as_deref(), 2, lines),
        "subjectInfoAccess" => access(extensions.subject_info_access.as_deref(), lines),
        _ => lines.plain(2, "Value", octets(&extension.value)),
    }
}

fn access(descriptions: Option<&[AccessDescription]>, lines: &mut Lines) {
    for description in descriptions.unwrap_or_default() {
        lines.identifier(2, "Access Method", &description.method);
        name(&description.location, 3, lines);
    }
}

fn authority_key_identifier(identifier: Option<&AuthorityKeyIdentifier>, lines: &mut Lines) {
    let Some(identifier) = identifier else { return };
    if let Some(key) = &identifier.key_identifier {
        lines.plain(2, "Key Identifier", octets(key));
    }
    if let Some(serial_number) = &identifier.serial_number {
        lines.plain(2, "Issuer", "");
        names(identifier.issuer.as_deref(), 3, lines);
        lines.plain(2, "Serial Number", octets(serial_number));
    }
}

fn basic_constraints(extensions: &Extensions, lines: &mut Lines) {
    let Some(constraints) = extensions.basic_constraints else { return };
    lines.plain(2, "CA", constraints.ca.to_string());
    if let Some(length) = constraints.path_length {
        lines.plain(2, "Path Length", length.to_string());
    }
}

fn policies(policies: Option<&[PolicyInformation]>, lines: &mut Lines) {
    for policy in policies.unwrap_or_default() {
        lines.identifier(2, "Policy", &policy.policy);
        for (kind, value) in &policy.qualifiers {
            let uri = Reader::new(value).element(der::IA5_STRING, "").ok().filter(|_| *kind == oid::QT_CPS);
            let uri = uri.and_then(|element| std::str::from_utf8(element.content).ok());
            let value = uri.map_or_else(|| octets(value), text);
            let label = oid::label(kind).map_or_else(|| kind.to_string(), str::to_owned);
            lines.push(Field { depth: 3, label, oid: Some(kind.clone()), value, critical: None });
        }
    }
}

fn policy_constraints(extensions: &Extensions, lines: &mut Lines) {
    let Some(constraints) = extensions.policy_constraints else { return };
    let require = ("Require Explicit Policy", constraints.require_explicit_policy);
    for (label, skip) in [require, ("Inhibit Policy Mapping", constraints.inhibit_policy_mapping)] {
        if let Some(skip) = skip {
            lines.plain(2, label, skip.to_string());
        }
    }
}

fn distribution_points(points: Option<&[DistributionPoint]>, lines: &mut Lines) {
    for point in points.unwrap_or_default() {
        lines.plain(2, "Distribution Point", "");
        match &point.name {
            Some(DistributionPointName::Full(full)) => names(Some(full), 3, lines),
            Some(DistributionPointName::RelativeToIssuer(relative)) => {
                lines.plain(3, "Name Relative To CRL Issuer", octets(relative));
            }
            None => {}
        }
        if let Some(reasons) = point.reasons {
            lines.plain(3, "Reasons", reason_words(reasons));
        }
        if !point.crl_issuer.is_empty() {
            lines.plain(3, "CRL Issuer", "");
            names(Some(&point.crl_issuer), 4, lines);
        }
    }
}

/// The words of ReasonFlags, RFC 5280 4.2.1.13.
fn reason_words(reasons: u16) -> String {
    const WORDS: [&str; 9] = [
        "unused",
        "keyCompromise",
        "cACompromise",
        "affiliationChanged",
        "superseded",
        "cessationOfOperation",
        "certificateHold",
        "privilegeWithdrawn",
        "aACompromise",
    ];
    let bits = reasons.reverse_bits();
    let named = WORDS.iter().enumerate().filter(|(bit, _)| (bits >> bit) & 1 == 1);
    named.map(|(_, word)| *word).collect::<Vec<_>>().join(", ")
}

fn name_constraints(constraints: Option<&NameConstraints>, lines: &mut Lines) {
    let Some(constraints) = constraints else { return };
    for (label, subtrees) in [("Permitted", &constraints.permitted), ("Excluded", &constraints.excluded)] {
        for Subtree { base, has_bounds } in subtrees {
            lines.plain(2, label, if *has_bounds { "minimum or maximum present" } else { "" });
            name(base, 3, lines);
        }
    }
}

/// RFC 6962 3.3: how many there are, and the list as it stands.
fn timestamps(value: &[u8], lines: &mut Lines) {
    let list = Reader::new(value).element(der::OCTET_STRING, "").map(|element| element.content);
    let count = list.ok().and_then(count_timestamps);
    if let Some(count) = count {
        lines.plain(2, "Count", count.to_string());
    }
    lines.plain(2, "Value", octets(value));
}

fn count_timestamps(list: &[u8]) -> Option<usize> {
    let (mut rest, after) = split_counted(list)?;
    let mut count = 0_usize;
    while !rest.is_empty() {
        rest = split_counted(rest)?.1;
        count = count.checked_add(1)?;
    }
    after.is_empty().then_some(count)
}

/// What a length of two octets counts, and what follows.
fn split_counted(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = input.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

fn names(list: Option<&[GeneralName]>, depth: u8, lines: &mut Lines) {
    list.unwrap_or_default().iter().for_each(|one| name(one, depth, lines));
}

fn name(name: &GeneralName, depth: u8, lines: &mut Lines) {
    let oid = match name {
        GeneralName::OtherName(kind, _) => Some(kind.clone()),
        _ => None,
    };
    let value = match name {
        GeneralName::OtherName(_, raw) | GeneralName::X400Address(raw) | GeneralName::EdiPartyName(raw) => {
            octets(raw)
        }
        GeneralName::Rfc822Name(value) | GeneralName::DnsName(value) | GeneralName::Uri(value) => text(value),
        GeneralName::DirectoryName(name) => cut(&name.to_string()),
        GeneralName::IpAddress(address) => ip_address(address),
        GeneralName::RegisteredId(id) => id.to_string(),
    };
    lines.push(Field { depth, label: name.form().to_owned(), oid, value, critical: None });
}

/// An address, or an address and its mask; the decoder let no other length through.
fn ip_address(address: &[u8]) -> String {
    let one = |part: &[u8]| match (<[u8; 4]>::try_from(part), <[u8; 16]>::try_from(part)) {
        (Ok(v4), _) => Ipv4Addr::from(v4).to_string(),
        (_, Ok(v6)) => Ipv6Addr::from(v6).to_string(),
        _ => octets(part),
    };
    match address.len() {
        8 | 32 => {
            let (base, mask) = address.split_at_checked(address.len().div_euclid(2)).unwrap_or_default();
            format!("{}/{}", one(base), one(mask))
        }
        _ => one(address),
    }
}
