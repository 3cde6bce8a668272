//! Wording of findings: for each code a title and a sentence that somebody understands who never read
//! RFC 5280. Terms are explained by what they mean for the reader, not by their names in the standard.

use crate::template::{Row, rows};

/// The wording of every finding.
pub const ROWS: &[Row] = rows! {
    // The question as a whole
    "path.issuer-not-found", "Issuer not found",
        "No trusted certificate of the issuer \"{issuer}\"[ with key identifier {keyIdentifier}] was found, so nothing vouches for this certificate";
    "path.budget-exceeded", "Too much work to decide",
        "Checking stopped at the work limit \"{limit}\" of {allowed} before anything could be accepted";
    "path.too-long", "Too many intermediate certificates",
        "There are {intermediates} intermediate certificates between this certificate and a trusted one, and at most {maximum} are allowed";
    "trust.distrusted", "Certificate is distrusted",
        "This certificate is marked as distrusted, so nothing that depends on it is accepted";
    "evidence.certificate-malformed", "Supplied certificate not readable",
        "A supplied certificate[ (number {place})] could not be read and was left aside[: {problem}][, in the field \"{field}\"][, at octet {offset}]";
    // Rules of the deployment's own
    "custom.denied", "Refused by your own rule",
        "The rule \"{rule}\" of the policy refuses this: {message}[, because {because}]";
    "custom.failed", "Your own rule failed",
        "The rule \"{rule}\" of the policy could not be evaluated ({failure}), so this is refused: {message}[; what was found: {because}]";
    "custom.warned", "Warning by your own rule",
        "The rule \"{rule}\" of the policy warns: {message}[, because {because}]";
    "custom.unevaluated", "Your own rule not evaluated",
        "The rule \"{rule}\" of the policy, which refuses nothing, could not be evaluated ({failure}): {message}[; what was found: {because}]";
    "custom.noticed", "Notice by your own rule",
        "The rule \"{rule}\" of the policy says: {message}[, because {because}]";
    // Revocation
    "revocation.revoked", "Certificate has been revoked",
        "The certificate was revoked on {at}[, reason: {reason}][, as {source} says], and must not be used any more";
    "revocation.unknown", "Certificate unknown to responder",
        "The authority's responder says that it does not know this certificate[ ({uri})]";
    "revocation.undetermined", "Revocation could not be checked",
        "Nobody could be asked, or nobody usable answered, whether the certificate has been revoked[ ({reason})][, asked at {uri}]";
    "revocation.conflict", "Revocation sources disagree",
        "Sources that may be believed contradict each other about this certificate: {answers}";
    "revocation.evidence-refused", "Revocation answer not genuine",
        "An answer about revocation was set aside because it cannot be believed ({reason}); other answers decided";
    "revocation.responder-unchecked", "Responder itself not checked",
        "Nothing says whether the certificate of the responder that answered, \"{responder}\", has itself been revoked";
    "revocation.not-checked", "Revocation was not checked",
        "Nobody was asked whether the certificate has been revoked";
    // Signatures
    "signature.invalid", "Signature is not genuine",
        "The signature[ (algorithm {algorithm})] was not made with the issuer's key[ ({key})], or the certificate was changed after it was signed";
    "signature.algorithm-mismatch", "Signature algorithms disagree",
        "The certificate names two different signature algorithms: {signed} in its signed part and {outer} outside it";
    "signature.algorithm-unsupported", "Signature algorithm not supported",
        "The signature cannot be checked, because its algorithm {algorithm} is not supported";
    "signature.key-mismatch", "Signature and key disagree",
        "The signature algorithm {algorithm} does not go with the issuer's key[ ({key})]";
    "signature.key-unusable", "Issuer's key not usable",
        "The issuer's key[ ({key})] cannot be used to check the signature";
    "algorithm.signature-not-accepted", "Signature algorithm not accepted",
        "The certificate is signed with \"{algorithm}\", which the policy does not accept";
    "algorithm.anchor-signature-not-accepted", "Root's signature not accepted",
        "The trusted certificate itself is signed with {algorithm}, which the settings do not accept";
    "algorithm.key-not-accepted", "Kind of key not accepted",
        "The certificate's key ({key}) is of a kind that the policy does not accept";
    "algorithm.key-size", "Key size not accepted",
        "The certificate's key has {bits} bits; the policy accepts {minimum} to {maximum}";
    "algorithm.rsa-modulus-not-octets", "Odd RSA key size",
        "The RSA key has {bits} bits, which is not a multiple of 8";
    "algorithm.rsa-exponent", "Unsuitable RSA exponent",
        "The RSA key has the public exponent {exponent}, which is even or too small to be safe";
    "algorithm.explicit-curve", "Elliptic curve not named",
        "The elliptic curve of the key is written out instead of named, which is not accepted";
    // Validity
    "validity.expired", "Certificate has expired",
        "The certificate expired on {notAfter} and was checked for {at}";
    "validity.not-yet-valid", "Certificate not yet valid",
        "The certificate is valid only from {notBefore} and was checked for {at}";
    "validity.reversed", "Validity ends before it begins",
        "The certificate's validity ends on {notAfter}, before it begins on {notBefore}";
    "validity.form", "Unusual form of a date",
        "A date of the certificate[, notBefore {notBefore},][, notAfter {notAfter},] is not written in the form that its year requires";
    // The certificate's own form
    "certificate.version", "Not a version 3 certificate",
        "The certificate is of version {version} instead of 3";
    "certificate.serial-negative", "Negative serial number",
        "The serial number {serialNumber} is negative, and must be positive";
    "certificate.serial-zero", "Serial number is zero",
        "The serial number is zero, and must be positive";
    "certificate.serial-too-long", "Serial number too long",
        "The serial number has {octets} octets, and may have {maximum}";
    "certificate.issuer-empty", "Issuer has no name",
        "The certificate does not name its issuer";
    "certificate.subject-empty", "Authority has no name",
        "The certificate of a certificate authority does not say whose it is";
    "certificate.subject-empty-without-san", "Certificate has no name",
        "The certificate has neither a subject name nor an alternative name that is marked as critical";
    "certificate.unique-identifier", "Obsolete unique identifier",
        "The certificate holds the obsolete field {field}, which must not be used";
    "extension.unknown-critical", "Unknown critical extension",
        "The certificate holds the extension {extension}, which is marked as critical and is not understood here";
    // Key identifiers and information access
    "authority-key-identifier.critical", "Issuer key identifier critical",
        "The identifier of the issuer's key is marked as critical, and must not be";
    "authority-key-identifier.missing", "Issuer key identifier missing",
        "The certificate does not identify the key of its issuer";
    "authority-key-identifier.missing-in-anchor", "Issuer key identifier missing",
        "The trusted certificate was signed by another authority and does not identify that authority's key";
    "authority-key-identifier.of-root", "Root names another key",
        "The self-signed certificate identifies its issuer's key as {presented} instead of its own, {expected}";
    "authority-key-identifier.issuer-and-serial", "Issuer identified by serial number",
        "The certificate identifies its issuer by name and serial number, which must not be used";
    "authority-key-identifier.mismatch", "Key identifiers disagree",
        "The certificate says that its issuer's key is {expected}, and the issuer says that its key is {presented}";
    "subject-key-identifier.critical", "Key identifier is critical",
        "The identifier of the certificate's key is marked as critical, and must not be";
    "subject-key-identifier.missing", "Key identifier is missing",
        "The certificate of a certificate authority does not identify its own key";
    "information-access.critical", "Information access is critical",
        "The extension {extension} is marked as critical, and must not be";
    // Basic constraints and usages
    "basic-constraints.missing", "Issuer is no authority",
        "The certificate issued another one but does not say that it belongs to a certificate authority";
    "basic-constraints.not-ca", "Issuer is no authority",
        "The certificate issued another one but says that it does not belong to a certificate authority";
    "basic-constraints.anchor-not-ca", "Trusted certificate no authority",
        "The trusted certificate issued another one but does not say that it belongs to a certificate authority";
    "basic-constraints.not-critical", "Basic constraints not critical",
        "The certificate belongs to a certificate authority but does not mark the extension that says so as critical";
    "basic-constraints.path-length-without-ca", "Path length without authority",
        "The certificate limits the length of paths[ (to {pathLenConstraint})] although it does not belong to a certificate authority that may issue";
    "basic-constraints.path-length-exceeded", "Too many authorities in between",
        "More certificate authorities follow than an authority above allows[ (at most {max_path_length} here)][ (at most {pathLenConstraint})]";
    "basic-constraints.target-is-ca", "Certificate of an authority",
        "The certificate belongs to a certificate authority, and one for a server, client or person was expected";
    "key-usage.cert-sign-missing", "Key may not issue certificates",
        "The certificate issued another one although its key may not be used for that; it may be used for: {presented}";
    "key-usage.anchor-cert-sign-missing", "Key may not issue certificates",
        "The trusted certificate issued another one although its key may not be used for that; it may be used for: {presented}";
    "key-usage.cert-sign-without-ca", "Issuing key without authority",
        "The key may be used to issue certificates although the certificate does not belong to a certificate authority[; its usages are: {presented}]";
    "key-usage.missing", "Key usage is missing",
        "The certificate of a certificate authority does not say what its key may be used for";
    "key-usage.empty", "Key usage is empty",
        "The certificate says that its key may be used for nothing at all";
    "key-usage.not-for-purpose", "Key not usable for purpose",
        "The purpose needs one of the key usages {needed}; the certificate allows: {presented}";
    "extended-key-usage.not-for-purpose", "Certificate not for this purpose",
        "The purpose needs the usage {needed}; the certificate is made for: {presented}";
    "extended-key-usage.issuer-not-for-purpose", "Issuer not for this purpose",
        "The purpose needs the usage {needed}; this issuer may only issue certificates for: {presented}";
    "extended-key-usage.missing", "Purpose is not stated",
        "The certificate does not say which purposes it is made for[; the usage asked about is {needed}]";
    "extended-key-usage.missing-in-issuer", "Issuer states no purpose",
        "The issuer does not say for which purposes it may issue[; the usage asked about is {needed}]";
    "extended-key-usage.any", "Made for any purpose",
        "The certificate is made for any purpose instead of naming {needed}[; it names: {presented}]";
    "extended-key-usage.issuer-any", "Issuer for any purpose",
        "The issuer may issue for any purpose instead of naming {needed}[; it names: {presented}]";
    "extended-key-usage.critical", "Purposes marked as critical",
        "The list of purposes is marked as critical, and should not be";
    "extended-key-usage.of-root", "Purposes in a root certificate",
        "The trusted certificate lists purposes ({presented}), and a root certificate should not";
    // Names
    "subject-alt-name.syntax", "Malformed alternative name",
        "The {form}[ \"{name}\"] among the alternative names is not written as such a name must be";
    "subject-alt-name.missing", "Alternative name is missing",
        "The certificate has no alternative names, where today's names of servers, persons and devices belong";
    "subject-alt-name.critical-with-subject", "Alternative names marked critical",
        "The alternative names are marked as critical although the certificate also has a subject name";
    "common-name.not-in-subject-alt-name", "Common name stands alone",
        "The common name \"{commonName}\" is not repeated among the alternative names";
    "identity.mismatch", "Certificate is for another name",
        "The certificate is not for \"{expected}\"; it is for: {presented}";
    // Name constraints
    "name-constraints.not-permitted", "Name is not permitted",
        "The {form}[ \"{name}\"] is not among the names that an authority above may issue certificates for[; it may issue for: {subtree}]";
    "name-constraints.excluded", "Name is excluded",
        "The {form}[ \"{name}\"] is among the names that an authority above must not issue certificates for[: {base}][: {subtree}]";
    "name-constraints.unsupported", "Name constraint not supported",
        "An authority above constrains names of the form \"{form}\", which cannot be checked here";
    "name-constraints.syntax", "Malformed name constraint",
        "A name constraint[ (form {form})][ \"{base}\"] is not written as it must be[: {fault}]";
    "name-constraints.not-critical", "Name constraints not critical",
        "The authority's name constraints are not marked as critical, so other software may overlook them";
    "name-constraints.not-in-ca", "Name constraints without authority",
        "The certificate constrains names although it does not belong to a certificate authority";
    // Certificate policies
    "certificate-policies.none-valid", "No acceptable certificate policy",
        "A certificate policy is required, and none that is acceptable holds for the whole path";
    "certificate-policies.duplicate", "Certificate policy given twice",
        "The certificate names the policy {policy} twice";
    "certificate-policies.unknown-qualifier", "Policy note not understood",
        "A policy carries a note of an unknown kind ({qualifier}), and the certificate demands that it be understood";
    "policy-mappings.any-policy", "Any policy is mapped",
        "The certificate maps a policy from or to \"any policy\", which is forbidden";
    "policy-constraints.not-critical", "Policy constraints not critical",
        "The authority's policy constraints are not marked as critical, so other software may overlook them";
    "policy-constraints.empty", "Policy constraints are empty",
        "The certificate holds policy constraints that constrain nothing";
    "inhibit-any-policy.not-critical", "Any-policy limit not critical",
        "The authority's limit on \"any policy\" is not marked as critical, so other software may overlook it";
};
