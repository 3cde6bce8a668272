//! A verdict, and the chain it is about. What was found is said by `engine-wording`.

pub(crate) const ALLOW: &str = "Allow: it may be trusted";
pub(crate) const DENY: &str = "Deny: it may not be trusted";
pub(crate) const MORE_REASONS: &str = "{reason} (and {number} more)";
pub(crate) const OF_CERTIFICATE: &str = "{subject}: {reason}";
pub(crate) const ABOUT: &str = "About {subject}";
pub(crate) const EMPTY_NAME: &str = "(empty name)";
pub(crate) const CHAIN: &str = "Certification path, from the target to its trust anchor";
pub(crate) const CLOSEST: &str = "The path that came closest, from the target upwards";
pub(crate) const OF_FILES: &str = "How the certificates belong together, from the target upwards";
pub(crate) const TARGET: &str = "Target";
pub(crate) const ISSUER: &str = "Issuer";
pub(crate) const ANCHOR: &str = "Trust anchor";
pub(crate) const SELF_ISSUED: &str = "Self-issued";
pub(crate) const ISSUED_BY: &str = "issued by";
pub(crate) const ISSUED_BY_MISSING: &str = "issued by {issuer}, which is not among these certificates";
pub(crate) const FINDINGS: &str = "What was found";
pub(crate) const REVOCATION: &str = "Revocation, certificate by certificate";
pub(crate) const ANCHOR_STATUS: &str = "a trust anchor is not asked about";
pub(crate) const STATUSES: [(&str, &str); 5] = [
    ("good", "not revoked"),
    ("revoked", "revoked"),
    ("unknown", "unknown to its responder"),
    ("undetermined", "could not be determined"),
    ("not-asked", "revocation not asked"),
];
pub(crate) const REVOKED_SINCE: &str = "since {moment}";
pub(crate) const ON_HOLD: &str = "on hold: not to be used for now (certificateHold)";
pub(crate) const NO_REASON: &str = "no reason given";
pub(crate) const UNKNOWN_MEANS: &str =
    "the responder does not know this certificate; perhaps it was never issued";
pub(crate) const SOURCES: [(&str, &str); 2] = [("ocsp", "OCSP"), ("crl", "CRL")];
pub(crate) const SUPPLIED: &str = "as supplied";
pub(crate) const SAYS: &str = "says {outcome}, signed by {signer}";
pub(crate) const MODELS: [(&str, &str); 4] = [
    ("issuing-authority", "Delegated trust model: the authority that issued the certificate"),
    ("delegate", "Delegated trust model: a delegate of the authority that issued the certificate"),
    ("designated", "Trusted responder model: designated in the settings"),
    ("crl-issuer", "A CRL issuer under the same trust anchor"),
];
pub(crate) const NO_DELEGATE: &str = "It is no delegate: {reason}";
pub(crate) const FRESH: &str = "Of {from}, fresh until {until} ({bound})";
pub(crate) const BOUNDS: [(&str, &str); 2] =
    [("next-update", "its own nextUpdate"), ("maximum-age", "the policy's maximum age")];
pub(crate) const ISSUANCES: [(&str, &str); 2] = [
    ("asserted", "The certificate is known to have been issued"),
    ("denied", "The certificate was never issued"),
];
pub(crate) const REFUSED_ONE: &str = "One other path was tried and refused";
pub(crate) const REFUSED: &str = "{number} other paths were tried and refused";
pub(crate) const UNLISTED: &str = "{number} more are not listed";
pub(crate) const PARTICULARS: &str = "Times, work and hashes";
pub(crate) const AT: &str = "Decided for";
pub(crate) const HOLDS_UNTIL: &str = "Holds until";
pub(crate) const ASK_AGAIN: &str = "Ask again at";
pub(crate) const VALID_POLICIES: &str = "Valid policies";
pub(crate) const SETTINGS_HASH: &str = "SHA-256 of the policy";
pub(crate) const TRACE_HASH: &str = "SHA-256 of the trace";
pub(crate) const WORK: &str = "Work";
pub(crate) const LIMIT: &str = "Limit";
pub(crate) const SPENT: &str = "Spent";
pub(crate) const ALLOWED: &str = "Allowed";
