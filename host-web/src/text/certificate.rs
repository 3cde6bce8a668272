//! One certificate.

pub(crate) const BACK: &str = "All certificates";
pub(crate) const IN_ROOM: &str = "In {room} ({node})";
pub(crate) const ORIGIN: &str = "Origin";
pub(crate) const ORIGINS: [(&str, &str); 4] = [
    ("copied", "Copied from another store"),
    ("issued", "Issued by an authority on our request"),
    ("self-signed", "Made and signed here"),
    ("uploaded", "Uploaded"),
];
pub(crate) const SINCE: &str = "Since";
pub(crate) const BY: &str = "by";
pub(crate) const ACTIVE_FROM: &str = "Not in use before";
pub(crate) const DESCRIPTION: &str = "Description";
pub(crate) const SAVE: &str = "Save";
pub(crate) const SAVED: &str = "Saved";
pub(crate) const REGENERATE: &str = "Regenerate";
pub(crate) const ISSUED_BY: &str = "Issued by";
pub(crate) const BY_ITSELF: &str = "Issued by itself";
pub(crate) const ISSUER_NOT_HERE: &str = "No certificate with this name is in the slots and stores.";
pub(crate) const BY_NAME: &str = "Found by name.";
pub(crate) const CHECKS: &str = "Revocation";
pub(crate) const NOT_CHECKED: &str = "It has not been looked at yet.";
pub(crate) const CHECK_NOW: &str = "Check now";
pub(crate) const DUE: &str = "{number} places are being looked at";
pub(crate) const DUE_ONE: &str = "It is being looked at";
pub(crate) const LAST_CHECKED: &str = "Last checked";
pub(crate) const NEXT_CHECK: &str = "Next check";
pub(crate) const ALLOWED: &str = "allowed";
pub(crate) const DENIED: &str = "denied";
pub(crate) const STATUSES: [(&str, &str); 6] = [
    ("good", "good"),
    ("not-asked", "not asked"),
    ("revoked", "revoked"),
    ("unchecked", "not looked at yet"),
    ("undetermined", "could not be found out"),
    ("unknown", "unknown to its responder"),
];
pub(crate) const KEEP: &str = "Download";
pub(crate) const FILE_NAME: &str = "File name";
pub(crate) const FILE_NAME_HINT: &str = "The ending is added.";
/// Where no name was entered.
pub(crate) const FILE: &str = "certificate";
pub(crate) const AS_PEM: &str = "Download PEM";
pub(crate) const AS_DER: &str = "Download DER";
pub(crate) const FIELDS: &str = "Fields";

/// Labels of the engine's description, by which fields are found.
pub(crate) const ISSUER_DN: &str = "IssuerDN";
/// The subject.
pub(crate) const SUBJECT_DN: &str = "SubjectDN";
/// The common name.
pub(crate) const CN: &str = "CN";
