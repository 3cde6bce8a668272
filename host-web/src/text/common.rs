//! Words that many pages share.

pub(crate) const LOADING: &str = "Loading …";
pub(crate) const UNDER_WAY: &str = "It is under way. You can go to another page meanwhile: it goes on.";
pub(crate) const UNREACHABLE: &str =
    "The server cannot be reached. What is shown may be old; nothing was changed.";
pub(crate) const UNREADABLE: &str = "The server's answer could not be read: {reason}";
pub(crate) const ENGINE_FAULT: &str =
    "The engine in this page failed; the fault is ours, not your file's. Nothing was changed. ({reason})";
pub(crate) const AT_PLACE: &str = "line {line}, column {column}";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const APPLY: &str = "Apply";
pub(crate) const ALL: &str = "All";
pub(crate) const NONE: &str = "None";
pub(crate) const MORE: &str = "Show more";
pub(crate) const NOTHING_FOUND: &str = "Nothing found";
pub(crate) const SORTED_BY: &str = "Sort by {name}";
pub(crate) const EVERY_NODE: &str = "every node";
pub(crate) const WOULD_FLIP: &str = "What would change it: {change}";

pub(crate) const SEVERITIES: [(&str, &str); 4] =
    [("deny", "Refuses"), ("warn", "Warning"), ("inform", "Note"), ("info", "Note")];
pub(crate) const FINDINGS: &str = "What was found";
pub(crate) const NO_FINDINGS: &str = "Nothing speaks against it";
pub(crate) const EFFECTS: &str = "What would change";
pub(crate) const EFFECTS_DONE: &str = "What was changed";
pub(crate) const ADVICE: &str = "What to do afterwards";
pub(crate) const NEEDS: [(&str, &str); 3] =
    [("required", "Required"), ("recommended", "Recommended"), ("automatic", "Happens by itself")];
pub(crate) const ACTS: [(&str, &str); 7] = [
    ("store", "Put in"),
    ("remove", "Taken out"),
    ("revive", "Allowed again"),
    ("drop-request", "Request dropped"),
    ("remove-node", "Node removed"),
    ("make-publisher", "Becomes publisher"),
    ("make-subscriber", "Becomes subscriber"),
];
pub(crate) const SERVICE_KINDS: [(&str, &str); 2] =
    [("feature", "feature service"), ("network", "network service")];
