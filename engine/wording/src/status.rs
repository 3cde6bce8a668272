//! Wording of revocation status: for each reason why a source says nothing, or why a signer was refused, a title and
//! what that means to somebody who never read RFC 6960. Each text goes on after a colon, so it begins small.

use crate::template::{self, Row, rows};
use crate::{Details, escape};

/// Why a source of revocation status says nothing, or why a model refused a signer.
#[must_use]
pub fn why(code: &str, details: Details<'_>) -> String {
    template::render(template::find(ROWS, code), code, details)
}

/// A reason for a revocation (RFC 5280 5.3.1) in the words of people.
#[must_use]
pub fn revocation_reason(word: &str) -> String {
    let told = match word {
        "unspecified" => "no reason given",
        "keyCompromise" => "its private key is no longer secret",
        "cACompromise" => "the authority's private key is no longer secret",
        "affiliationChanged" => "a name or other information in it has changed",
        "superseded" => "it has been replaced",
        "cessationOfOperation" => "it is no longer needed",
        "certificateHold" => "it is on hold, for now",
        "privilegeWithdrawn" => "a privilege in it was withdrawn",
        "aACompromise" => "the attribute authority's private key is no longer secret",
        other => return escape(other),
    };
    format!("{told} ({word})")
}

/// Who says so, by the stable word of a source.
pub(crate) fn source(word: &str) -> Option<&'static str> {
    match word {
        "crl" => Some("the CRL"),
        "ocsp" => Some("the OCSP responder"),
        _ => None,
    }
}

/// A reason inside another sentence: its text, or its title where the text needs values.
pub(crate) fn bare(code: &str) -> Option<&'static str> {
    let has_places = |row: &&Row| row.text.contains(['{', '[']);
    template::find(ROWS, code).map(|row| if has_places(&row) { row.title } else { row.text })
}

/// The wording of every reason.
pub const ROWS: &[Row] = rows! {
    // Nobody to ask
    "crl.no-distribution-point", "No CRL is named",
        "the certificate names no revocation list (CRL), and the policy configures none";
    "ocsp.no-responder-uri", "No responder is named",
        "the certificate names no OCSP responder, and the policy configures none";
    "revocation.nothing-at-hand", "Nothing at hand",
        "nothing was asked and nothing was supplied";
    // Tried in vain
    "unavailable.offline", "Host is offline",
        "nothing was fetched, because this host stays offline";
    "unavailable.forbidden-address", "Address may not be reached",
        "the address or its port is not one that may be reached";
    "unavailable.unsupported-uri", "URI cannot be fetched",
        "the URI is not one that can be fetched";
    "unavailable.name-resolution", "Host name not found",
        "the host name could not be resolved";
    "unavailable.connection", "No connection",
        "the connection was refused or lost";
    "unavailable.timeout", "No answer in time",
        "nothing came in time";
    "unavailable.too-large", "Answer too large",
        "the answer was larger than the policy allows";
    "unavailable.redirect", "Redirect not followed",
        "the server sent us elsewhere, too often or to where we may not go";
    "unavailable.http-status", "HTTP error",
        "the server answered with an HTTP error";
    "unavailable.content-type", "Something else came",
        "the server sent something else than was asked for";
    "unavailable.cross-origin", "Forbidden by browser",
        "the browser's origin rules forbid it";
    // OCSP: the answer
    "ocsp.certificate-hash-mismatch", "Answer about another certificate",
        "the answer is about another certificate with the same number";
    "ocsp.malformed", "OCSP response not readable",
        "what came is no readable OCSP response[: {problem}][, in the field \"{field}\"][, at octet {offset}]";
    "ocsp.no-matching-entry", "Answer about others",
        "the answer says nothing about this certificate[ (it has {entries} other entries)]";
    "ocsp.other-issuer", "Answer about another issuer",
        "the question named another authority than the certificate's issuer";
    "ocsp.other-type", "Unknown kind of response",
        "the OCSP response is of an unknown kind[ ({type})]";
    "ocsp.too-large", "OCSP response too large",
        "the OCSP response is larger than the policy allows[ ({octets} octets)]";
    "ocsp.unknown-critical-extension", "Extension not understood",
        "the answer holds an extension[ ({extension})] that must be understood and is not";
    "ocsp.without-bytes", "Empty OCSP response",
        "the responder said \"successful\" and sent no answer";
    "ocsp.designated-alone", "Designated responder alone",
        "a designated responder said good, and the policy does not let it settle a status alone";
    // OCSP: the nonce
    "ocsp.nonce.length", "Nonce of odd length",
        "the nonce in the answer has {octets} octets, and may have 1 to 128";
    "ocsp.nonce.mismatch", "Another nonce than sent",
        "the answer does not carry the nonce that was sent, so it may be an old answer played again";
    "ocsp.nonce.missing", "Nonce is missing",
        "the answer carries no nonce, and the policy asks for one";
    // OCSP: time
    "ocsp.update-reversed", "Times are reversed",
        "the answer ends[ ({nextUpdate})] before it begins[ ({thisUpdate})]";
    "ocsp.stale", "Answer is too old",
        "the answer was to be replaced by {nextUpdate}, and it is {at}";
    "ocsp.too-old", "Answer is too old",
        "the answer is of {thisUpdate}, older than the policy allows[ ({maximumAgeSeconds} seconds)] at {at}";
    "ocsp.too-soon", "Answer from the future",
        "the answer holds only from {thisUpdate}, and it is {at}";
    "ocsp.produced-in-future", "Answer from the future",
        "the answer claims to be made at {producedAt}, and it is {at}";
    "ocsp.produced-outside-validity", "Made outside the validity",
        "the answer was made at {producedAt}, when the certificate was not valid";
    // OCSP: the responder
    "ocsp.failed.malformed-request", "Responder refused the request",
        "the responder says that it could not read the request";
    "ocsp.failed.internal-error", "Responder failed",
        "the responder says that it has an internal error";
    "ocsp.failed.try-later", "Responder is busy",
        "the responder says to try again later";
    "ocsp.failed.signature-required", "Responder wants a signature",
        "the responder wants the request to be signed";
    "ocsp.failed.unauthorized", "Responder does not answer",
        "the responder says that it may not answer about this certificate";
    "ocsp.failed.undefined", "Responder failed",
        "the responder answered with an error that no standard defines";
    "ocsp.responder.not-authorised", "Signer may not answer",
        "the signer of the answer may not speak for the issuer[: {delegated}][; and as a trusted responder: {designated}]";
    "ocsp.responder.malformed", "Responder certificate not readable",
        "the responder's certificate could not be read[: {problem}][, in the field \"{field}\"][, at octet {offset}]";
    "ocsp.responder.unknown", "Signer not found",
        "nobody at hand carries the name or key that signed the answer";
    "ocsp.responder.circular", "Responder vouches for itself",
        "only the responder itself says that it is not revoked";
    "ocsp.responder.distrusted", "Responder is distrusted",
        "the responder's certificate is marked as distrusted";
    "ocsp.responder.revoked", "Responder is revoked",
        "the responder's own certificate has been revoked";
    "ocsp.responder.undetermined", "Responder not checked",
        "it could not be found out whether the responder's own certificate has been revoked";
    "ocsp.signature.invalid", "Signature is not genuine",
        "the signature of the answer is not genuine";
    "ocsp.signature.not-accepted", "Signature algorithm not accepted",
        "the answer is signed with[ {algorithm},] an algorithm that the policy does not accept";
    "ocsp.signature.unsupported", "Signature algorithm not supported",
        "the answer is signed with an algorithm that is not supported";
    "ocsp.signature.key-mismatch", "Signature and key disagree",
        "the signature of the answer does not go with the signer's key";
    "ocsp.signature.key-unusable", "Signer's key not usable",
        "the signer's key cannot be used";
    // CRLs: the list
    "crl.malformed", "CRL not readable",
        "what came is no readable revocation list (CRL)[: {problem}][, in the field \"{field}\"][, at octet {offset}]";
    "crl.issuer-mismatch", "CRL of another issuer",
        "the revocation list is of another issuer";
    "crl.distribution-point-mismatch", "CRL for other certificates",
        "the revocation list is for certificates that name another distribution point";
    "crl.only-attribute-certificates", "CRL for attribute certificates",
        "the revocation list is about attribute certificates only";
    "crl.only-ca-certificates", "CRL for authorities",
        "the revocation list is about certificates of authorities only";
    "crl.only-user-certificates", "CRL for end entities",
        "the revocation list is about end-entity certificates only";
    "crl.no-reasons", "CRL adds no reason",
        "the revocation list speaks for no reason that is still open";
    "crl.reasons-not-covered", "Not every reason covered",
        "the revocation lists at hand do not list the certificate, and do not speak for every reason";
    "crl.not-indirect", "CRL for its issuer only",
        "the revocation list is by somebody else than the certificate's issuer, and does not say that it speaks for others";
    "crl.certificate-issuer-not-indirect", "CRL contradicts itself",
        "an entry of the revocation list names another issuer, and the list does not say that it may";
    "crl.scope-contradictory", "CRL contradicts itself",
        "the revocation list says that it is for several kinds of certificates only, which exclude each other";
    "crl.critical-entry-extension", "Extension not understood",
        "an entry of the revocation list holds an extension[ ({extension})] that must be understood and is not";
    "crl.critical-extension", "Extension not understood",
        "the revocation list holds an extension[ ({extension})] that must be understood and is not";
    "crl.number-missing", "CRL number is missing",
        "the revocation list has no number";
    "crl.authority-key-identifier-missing", "Issuer key identifier missing",
        "the revocation list does not identify the key of its issuer";
    "crl.superseded", "Newer CRL at hand",
        "a newer revocation list is at hand";
    "crl.delta-base-mismatch", "Delta without its base",
        "the list of changes does not go with the complete revocation list[ (it needs number {base})]";
    "crl.delta-not-newer", "Delta is not newer",
        "the list of changes is not newer than the complete revocation list";
    "crl.delta-without-complete", "Delta alone",
        "there is a list of changes, and no complete revocation list that it changes";
    // CRLs: time
    "crl.expired", "CRL has expired",
        "the revocation list was to be replaced by {nextUpdate}, and it is {at}";
    "crl.not-yet-valid", "CRL from the future",
        "the revocation list holds only from {thisUpdate}, and it is {at}";
    "crl.too-old", "CRL is too old",
        "the revocation list is of {thisUpdate}, older than the policy allows[ ({maximumAgeSeconds} seconds)] at {at}";
    "crl.times-reversed", "Times are reversed",
        "the revocation list ends before it begins";
    "crl.next-update-missing", "CRL without an end",
        "the revocation list does not say until when it holds";
    // CRLs: the issuer
    "crl.issuer-certificate-missing", "CRL issuer not found",
        "the certificate of whoever signed the revocation list is not at hand";
    "crl.issuer-is-subject", "CRL vouches for its issuer",
        "the revocation list is signed by the very certificate that is asked about";
    "crl.issuer-without-crl-sign", "Issuer may not sign CRLs",
        "the key that signed the revocation list may not be used to sign revocation lists";
    "crl.issuer-path-invalid", "CRL issuer not trusted",
        "the issuer of the revocation list does not lead to the same trust anchor";
    "crl.issuer-revoked", "CRL issuer is revoked",
        "the issuer of the revocation list has itself been revoked";
    "crl.algorithm-mismatch", "Signature algorithms disagree",
        "the revocation list names two different signature algorithms";
    "crl.algorithm-not-accepted", "Signature algorithm not accepted",
        "the revocation list is signed with[ {algorithm},] an algorithm that the policy does not accept";
    "crl.algorithm-unsupported", "Signature algorithm not supported",
        "the revocation list is signed with an algorithm that is not supported";
    "crl.signature-invalid", "Signature is not genuine",
        "the signature of the revocation list is not genuine";
    "crl.signature-key-mismatch", "Signature and key disagree",
        "the signature of the revocation list does not go with its issuer's key";
    "crl.signature-key-unusable", "CRL issuer's key unusable",
        "the key of the revocation list's issuer cannot be used";
    // Why a model refused a signer
    "delegate.other-issuer", "Not of this authority",
        "the authority that issued the certificate did not issue the signer's";
    "delegate.ocsp-signing-missing", "Not made for OCSP",
        "the signer's certificate is not made for signing OCSP responses (id-kp-OCSPSigning)";
    "delegate.signature", "Delegation is not genuine",
        "the signer's certificate was not signed with the authority's key";
    "designated.none", "Not designated",
        "it is not designated";
    "designated.other-issuer", "Designated for another issuer",
        "it is designated for another issuer only";
    "designated.not-for-this-issuer", "Not designated for this issuer",
        "it is not designated for this very authority, which issued it without making it for OCSP";
    "designated.ocsp-signing-missing", "Not made for OCSP",
        "its certificate names purposes, and signing OCSP responses is none of them";
    "responder.not-valid", "Signer's certificate not valid",
        "the signer's certificate has expired or is not valid yet";
    "responder.digital-signature-missing", "Signer may not sign",
        "the signer's key may not be used for signatures";
    "responder.unknown-critical-extension", "Extension not understood",
        "the signer's certificate holds an extension that must be understood and is not";
    "responder.key-not-accepted", "Signer's key not accepted",
        "the policy does not accept the signer's key";
    "responder.algorithms-differ", "Signature algorithms disagree",
        "the signer's certificate names two different signature algorithms";
};
