//! Wording of requests, self-signed certificates, returned certificates and regeneration: what was entered or found,
//! and what would be accepted.

use crate::template::{Row, rows};

/// The wording of every finding about them.
pub const ROWS: &[Row] = rows! {
    // Requests and self-signed certificates
    "issuance.request-not-offered", "No requests for this purpose",
        "No authority is asked for a certificate for {found}, which is always self-signed; requests are made for: {accepted}";
    "issuance.multi-server-not-offered", "Not for many servers",
        "In release {release} a certificate for {purpose} cannot be shared by many servers; choose {accepted}";
    "issuance.field-missing", "A field is missing",
        "The field {field} must be filled in";
    "issuance.field-invalid", "A field is not valid",
        "The field {field} holds \"{found}\"; it must be {accepted}";
    "issuance.field-too-long", "A field is too long",
        "The field {field} holds {found} characters or entries, and at most {maximum} are allowed";
    "issuance.host-name-invalid", "Not a host name",
        "The field {field} holds \"{found}\", which is not a host name[ ({fault})]; what is accepted: {accepted}";
    "issuance.wildcard-requested", "Wildcards are not supported",
        "The field {field} holds \"{found}\", a wildcard, which is not supported; what is accepted: {accepted}";
    "issuance.domains-not-offered", "No host names for this purpose",
        "A self-signed certificate for {purpose} lists no host names; those for the following do: {accepted}";
    "issuance.common-name-not-of-host", "Common name does not fit",
        "The common name \"{found}\" does not fit the server {host} and the key; what is accepted: {accepted}";
    "issuance.key-type-not-of-purpose", "Wrong type of key",
        "A certificate for {purpose} needs a key of type {accepted}, and the type {found} was chosen";
    "issuance.key-length-not-offered", "Key length not offered",
        "There are no {keyType} keys of {found} bits here; what is offered: {accepted}";
    "issuance.key-too-short-for-fips", "Key too short for FIPS",
        "In FIPS and Common Criteria mode a key of {found} bits is too short; what is accepted: {accepted}";
    "issuance.key-length-legacy", "Key is very short",
        "A key of {found} bits can be broken and is only for very old devices; better are: {accepted}";
    "issuance.key-length-phones", "Some phones may not register",
        "Some phone models do not register when the key for CallManager has more than {accepted} bits, and it has {found}";
    "issuance.hash-too-weak", "Hash weaker than key",
        "The hash {found} is weaker than the key of {keyLength} bits; what is accepted: {accepted}";
    "issuance.hash-broken", "Hash is broken",
        "The hash {found} can be forged and is not used for new signatures; what is accepted: {accepted}";
    "issuance.validity-not-offered", "Validity not offered",
        "A self-signed certificate is not made for {found} years; what is offered: {accepted}";
    "issuance.usage-not-for-elliptic-curve", "Usage against the standard",
        "The product's table for {purpose} has the usage {usage}, which RFC 8813 forbids for elliptic-curve keys; asked for under the profile {profile}: {askedFor}";
    "issuance.request-overwritten", "Earlier request overwritten",
        "The request for {purpose} ({distribution}) that waits for its certificate is overwritten; a certificate for it can no longer be used";
    // Returned certificates
    "returned.request-unreadable", "Stored request not readable",
        "The request that waits for this certificate cannot be read[: {problem}][, in the field \"{field}\"][, at octet {offset}]; make a new one";
    "returned.key-differs", "Certificate for another key",
        "The certificate is for another key ({found}, {foundKey}) than the request ({expected}, {expectedKey}), so the server could not use it";
    "returned.name-missing", "Requested name is missing",
        "The certificate lacks names that the request asks for: {name}";
    "returned.name-extra", "Certificate has extra names",
        "The certificate has names that the request does not ask for: {name}";
    "returned.name-added", "Certificate has extra names",
        "The certificate has names that the request does not ask for, which the settings let pass: {name}";
    "returned.common-name-differs", "Common name was changed",
        "The certificate's common name is \"{found}\", and the request asks for \"{expected}\"";
    "returned.unit-removed", "Organisational unit left out",
        "The authority left the organisational unit \"{organizationalUnit}\" out, which is accepted";
    "returned.usage-missing", "Required usage is missing",
        "The certificate lacks the usage {usage}, which {purpose} requires; ask the authority for it again";
    "returned.data-encipherment-removed", "Data encipherment is missing",
        "The certificate lacks the usage {usage}, which {purpose} requires and which an authority must not remove";
    "returned.usage-dropped", "Requested usage is missing",
        "The certificate lacks the usage {usage}, which the request asks for and {purpose} does not require";
    "returned.usage-unwanted", "Usage should be absent",
        "The certificate has the usage {usage}, which must not be asked for with {purpose} and this key";
    "returned.usage-unforeseen", "Usage is not foreseen",
        "The certificate has the usage {usage}, which nothing foresees for {purpose}";
    // Regeneration
    "regeneration.of-trust", "Not an identity certificate",
        "Only a server's own certificate can be made anew, and {found} is a trust store";
    "regeneration.of-nothing", "Nothing to make anew",
        "There is no certificate for {purpose} ({distribution}) that could be made anew";
    "regeneration.key-unknown", "Key cannot be kept alike",
        "The certificate for {purpose} has a key ({found}) of a kind that is not made here; make a self-signed certificate with another key";
    "regeneration.overwrites-issued", "Authority's certificate is overwritten",
        "The certificate for {purpose} that \"{issuer}\" issued is overwritten with a self-signed one";
    "regeneration.reordered", "Order was changed",
        "In the order asked for ({asked}) phones could be left unable to verify what they download; the order is: {order}";
    // What a host gives for signing
    "unsigned.key-malformed", "Public key not readable",
        "The public key that was made cannot be read[: {problem}][, in the field \"{field}\"][, at octet {offset}]";
    "unsigned.key-other", "Another key than planned",
        "A key of {expected} was planned, and one of {found} was made";
    "unsigned.serial", "Unsuitable random number",
        "A serial number is made from {minimum} to {maximum} random octets, and {found} were given";
    "unsigned.validity", "Validity beyond the calendar",
        "The validity would begin or end in a year that a certificate cannot hold";
};
