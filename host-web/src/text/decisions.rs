//! Decisions: asking for one, and what was found when certificates in use were judged again.

pub(crate) const NAME: &str = "Decisions";
pub(crate) const PARTS: &str = "Parts of the decisions";
pub(crate) const ASK: &str = "Ask";
pub(crate) const CHECKS: &str = "Checks";
pub(crate) const CONNECTIONS: &str = "Connections";
pub(crate) const WEATHER: &str = "Responders";
pub(crate) const LISTS: &str = "Lists watched";

pub(crate) const QUESTION: &str = "May this certificate be trusted?";
pub(crate) const CERTIFICATE: &str = "Certificate (PEM, or base64; further ones help to build a path)";
pub(crate) const FILE: &str = "Or a file";
pub(crate) const STORE: &str = "Trust store";
pub(crate) const NO_STORE: &str = "The anchors given below";
pub(crate) const ANCHORS: &str = "Trust anchors (PEM), where no store is chosen";
pub(crate) const PURPOSE: &str = "Purpose (such as server-auth; empty: any)";
pub(crate) const NAMES: &str = "Names it must carry one of (separated by spaces)";
pub(crate) const AT: &str = "At (such as 2026-11-22T12:00:00Z; empty: now)";
pub(crate) const MODE: &str = "Mode";
pub(crate) const MODES: [(&str, &str); 2] =
    [("as-written", "As the policy is written"), ("common-criteria", "Common Criteria")];
pub(crate) const ONLINE: &str = "Ask responders and fetch what is missing";
pub(crate) const DECIDE: &str = "Decide";
pub(crate) const VERDICT: &str = "The decision and why";

pub(crate) const STATUS: &str = "Status";
pub(crate) const STATUSES: [(&str, &str); 6] = [
    ("good", "Good"),
    ("revoked", "Revoked"),
    ("unknown", "Unknown"),
    ("undetermined", "Could not be found out"),
    ("not-asked", "Not asked"),
    ("unchecked", "Not looked at yet"),
];
pub(crate) const ROOM: &str = "Where";
pub(crate) const FINGERPRINT: &str = "Certificate";
pub(crate) const DECISION: &str = "Decision";
pub(crate) const DECISIONS: [(&str, &str); 2] = [("allow", "Allow"), ("deny", "Deny")];
pub(crate) const DETAIL: &str = "Because";
pub(crate) const LAST: &str = "Last looked at";
pub(crate) const NEXT: &str = "Next";
pub(crate) const DECIDING: &str =
    "The server decides. Where it may fetch, responders are being asked, which takes a while.";
pub(crate) const CHECK_NOW: &str = "Check everything now";
pub(crate) const CHECKING: &str = "{number} certificates are looked at now";

pub(crate) const PEER: &str = "Other end";
pub(crate) const CLASS: &str = "Class";
pub(crate) const SUBJECT: &str = "Subject";
pub(crate) const STATE: &str = "State";
pub(crate) const CONNECTION_STATES: [(&str, &str); 4] =
    [("good", "Good"), ("cut", "To be cut"), ("ended", "Ended"), ("unjudged", "Not judged yet")];
pub(crate) const SINCE: &str = "Since";

pub(crate) const HOUR: &str = "In the last hour";
pub(crate) const DAY: &str = "In the last day";
pub(crate) const WEEK: &str = "In the last week";
pub(crate) const AUTHORITY: &str = "Responder";
pub(crate) const KIND: &str = "Asked for";
pub(crate) const REQUESTS: &str = "Requests";
pub(crate) const FAILURES: &str = "Failed";
pub(crate) const MEDIAN: &str = "Half took at most";
pub(crate) const SLOW: &str = "99 in 100 took at most";
pub(crate) const MILLISECONDS: &str = "{number} ms";
pub(crate) const FRESH: &str = "Newest answer fresh until";
pub(crate) const REASON: &str = "{reason} ({number})";

pub(crate) const URI: &str = "CRL Distribution Point URI";
pub(crate) const TAKEN: &str = "Taken";
pub(crate) const LIST: &str = "{issuer}, number {number}";
pub(crate) const TROUBLE: &str = "Trouble";
pub(crate) const DOWNLOAD: &str = "Download now";
pub(crate) const DOWNLOADING: &str = "The lists are downloaded now";
pub(crate) const GOOD: &str = "none";
