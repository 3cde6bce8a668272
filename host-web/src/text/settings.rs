//! The settings, under the names that the documents give them (R-OCSP-10 to R-OCSP-24, R-CRL-12, R-CRL-13, R-REV-1 to
//! R-REV-10, R-MON-9 to R-MON-16).

pub(crate) const NAME: &str = "Settings";
pub(crate) const PARTS: &str = "Parts of the settings";
pub(crate) const FORM: &str = "Form";
pub(crate) const DOCUMENT: &str = "Whole document";
pub(crate) const VERSIONS: &str = "Versions";
pub(crate) const NODES: &str = "Nodes' own";
pub(crate) const PRODUCTS: [(&str, &str); 2] = [
    ("ucm", "Cisco Unified OS Administration: these settings are those of Unified CM"),
    ("imp", "IM and Presence Administration: these settings are those of the IM and Presence Service"),
];

pub(crate) const MONITOR: &str = "Certificate Monitor";
pub(crate) const ENABLE_MONITOR: &str = "Certificate Expiry Monitor";
pub(crate) const START: &str = "Notification Start Time (days before the end)";
pub(crate) const FREQUENCY: &str = "Notification Frequency";
pub(crate) const FREQUENCY_UNIT: &str = "Unit of the Notification Frequency";
pub(crate) const E_MAIL: &str = "Enable E-mail notification";
pub(crate) const ADDRESSES: &str = "E-mail IDs (separated by semicolons)";
pub(crate) const LSC: &str = "Enable LSC Monitoring";

pub(crate) const OCSP: &str = "Online Certificate Status Protocol";
pub(crate) const ENABLE_OCSP: &str = "Enable OCSP";
pub(crate) const OCSP_FROM: &str = "OCSP URI";
pub(crate) const OCSP_URIS: [(&str, &str); 3] = [
    ("certificate", "Use OCSP URI from Certificate"),
    ("configured", "Use Configured OCSP URI"),
    (
        "certificate-else-configured",
        "Use OCSP URI from Certificate, and the configured one where it names none",
    ),
];
pub(crate) const OCSP_CONFIGURED: &str = "OCSP Configured URI (one a line)";
pub(crate) const CRL: &str = "Certificate Revocation List";
pub(crate) const ENABLE_CRL: &str = "Enable CRL";
pub(crate) const CRL_FROM: &str = "CRL Distribution Point";
pub(crate) const CRL_URIS: [(&str, &str); 3] = [
    ("certificate", "Use the CRL Distribution Point from Certificate"),
    ("configured", "Use Configured CRL Distribution Point URI"),
    (
        "certificate-else-configured",
        "Use the one from Certificate, and the configured one where it names none",
    ),
];
pub(crate) const CRL_CONFIGURED: &str = "CRL Distribution Point URI (one a line)";

pub(crate) const EXPIRY: &str = "Certificate Revocation and Expiry";
pub(crate) const ENABLE_CHECK: &str = "Enable Revocation Check";
pub(crate) const EVERY: &str = "Check Every";
pub(crate) const EVERY_UNIT: &str = "Unit of Check Every";
pub(crate) const UNITS: [(&str, &str); 2] = [("hours", "Hours"), ("days", "Days")];
pub(crate) const VALIDITY_CHECK: &str = "Certificate Validity Check";
pub(crate) const VALIDITY_HOURS: &str = "Validity Check Frequency (hours)";
pub(crate) const PRECEDENCE: &str =
    "Where the revocation check is enabled, Check Every takes precedence over the Validity Check Frequency.";

pub(crate) const MODES: &str = "Common Criteria";
pub(crate) const COMMON_CRITERIA: &str = "Common Criteria mode";
pub(crate) const FIPS: &str = "FIPS mode";
pub(crate) const MODES_MEAN: &str =
    "Common Criteria mode only ever tightens what is set elsewhere, and needs FIPS mode.";

pub(crate) const REVIEW: &str = "Review the changes";
pub(crate) const KEPT: &str =
    "Only what you change is written: the author's comments and every other key stay.";
pub(crate) const READ_ONLY: &str =
    "You may read the settings. Changing them needs the permission policy.manage.";
pub(crate) const NOTHING_CHANGED: &str = "Nothing would change";
pub(crate) const FORM_UNREADABLE: &str =
    "The document in force could not be taken apart for the form; edit it as a whole: {why}";

pub(crate) const PROPOSAL: &str = "What would change";
pub(crate) const SETTING: &str = "Setting";
pub(crate) const BEFORE: &str = "Now";
pub(crate) const AFTER: &str = "Then";
pub(crate) const NO_EFFECT: &str =
    "What is in force stays the same; only the wording of the document changes.";
pub(crate) const RESTART: &str = "Restart these services, so that realtime OCSP is enabled in them";
pub(crate) const SERVICE: &str = "Service";
pub(crate) const KIND: &str = "Kind";
pub(crate) const ON_NODES: &str = "On";
pub(crate) const KINDS: [(&str, &str); 2] = [("feature", "Feature service"), ("network", "Network service")];
pub(crate) const WRITTEN: &str = "The document as it would be written";
pub(crate) const SAVE: &str = "Save";
pub(crate) const SAVED: &str = "The settings are saved and in force";
pub(crate) const SAVED_TITLE: &str = "Saved";

pub(crate) const TEXT: &str = "Policy document (TOML)";
pub(crate) const NODE_TEXT: &str = "What {node} has of its own (TOML)";
pub(crate) const NODE_HINT: &str =
    "A section [crl] with enabled, uri and configured; empty: the node has nothing of its own.";
pub(crate) const NUMBER: &str = "Version";
pub(crate) const ACTIVE: &str = "in force";
pub(crate) const SAVED_AT: &str = "Saved";
pub(crate) const SAVED_BY: &str = "By";
pub(crate) const SHOW_DOCUMENT: &str = "Show the document";
pub(crate) const NO_VERSIONS: &str = "No document was ever saved: the defaults hold";
pub(crate) const EFFECTIVE: &str = "Everything in force, defaults included";
