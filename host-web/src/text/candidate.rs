//! The candidate policy.

pub(crate) const NAME: &str = "Candidate";
pub(crate) const MEANS: &str = "A candidate decides nothing. Every decision is made by the policy in force, and judged by \
                                the candidate afterwards; what would be another is counted here.";
pub(crate) const NO_CANDIDATE: &str = "There is no candidate policy";
pub(crate) const STANDING: &str = "How it stands";
pub(crate) const VERSION: &str = "Version";
pub(crate) const PROPOSED: &str = "Proposed";
pub(crate) const BY: &str = "By";
pub(crate) const AGAINST: &str = "Compared with";
pub(crate) const POLICY: &str = "policy {number}";
pub(crate) const DEFAULTS: &str = "the defaults";
pub(crate) const COMPARED: &str = "Decisions compared";
pub(crate) const NOTED: &str = "Last counted";
pub(crate) const ACTIVE_CHANGED: &str = "Another policy came into force since";
pub(crate) const ACTIVE_CHANGED_MEANS: &str = "Decisions were compared with both. Propose the document again to begin \
                                               anew; promoting it replaces policy {number}.";
pub(crate) const NOTHING_YET: &str = "No decision was compared yet";
pub(crate) const NO_FLIPS: &str = "No decision compared so far would be another";
pub(crate) const SOME_FLIPS: &str = "Decisions would be others: {number}";
pub(crate) const DROPPED: &str = "Not every decision was compared";
pub(crate) const DROPPED_MEANS: &str = "{dropped} found no room to wait in, {undecided} could not be judged: nothing is \
                                        known of them.";

pub(crate) const BY_PURPOSE: &str = "What came of it, by purpose";
pub(crate) const PURPOSE: &str = "Purpose";
pub(crate) const NO_PURPOSE: &str = "no purpose";
pub(crate) const ALL_PURPOSES: &str = "All";
pub(crate) const COUNTED: &str = "Compared";
pub(crate) const ALLOW_TO_DENY: &str = "Allow becomes deny";
pub(crate) const DENY_TO_ALLOW: &str = "Deny becomes allow";
pub(crate) const OTHERWISE: &str = "Other findings";
pub(crate) const ASKS: &str = "Asks for more evidence";
pub(crate) const CANNOT: &str = "Cannot be asked";
pub(crate) const UNKNOWN: &str = "Not compared";

pub(crate) const FLIPS: &str = "The newest decisions that would be others";
pub(crate) const NO_FLIPS_LISTED: &str = "There is none";
pub(crate) const MAY_NOT_READ: &str =
    "Which decisions these are, and why, may be read with the permission reasons.read.";
pub(crate) const CERTIFICATE: &str = "Certificate";
pub(crate) const CHANGE: &str = "Becomes";
pub(crate) const WHY: &str = "Because";
pub(crate) const WHEN: &str = "Decided";
pub(crate) const DECISION: &str = "Decision as a file";
pub(crate) const SAVE_CAPSULE: &str = "Save";
pub(crate) const SAVE_CAPSULE_OF: &str = "Save the decision of {moment} as a file";
pub(crate) const OLDER: &str = "Older ones";
pub(crate) const NEWEST: &str = "The newest";
pub(crate) const BECOMES: [(&str, &str); 3] =
    [("allow", "allow becomes deny"), ("deny", "deny becomes allow"), ("none", "no answer")];
pub(crate) const ASKED_MORE: &str = "asks for more evidence";

pub(crate) const DOCUMENT: &str = "The candidate's document";
pub(crate) const PROPOSE: &str = "Propose";
pub(crate) const PROPOSE_TITLE: &str = "Propose a policy";
pub(crate) const REPLACES_CANDIDATE: &str =
    "It takes the place of the candidate there is, and what was counted begins anew.";
pub(crate) const TEXT: &str = "Policy document (TOML)";
pub(crate) const FILE: &str = "Take it from a file";
pub(crate) const WAS_PROPOSED: &str = "It is the candidate, and decides nothing";
pub(crate) const PROMOTE: &str = "Promote";
pub(crate) const PROMOTE_ASKED: &str = "Candidate {version} comes into force, and every decision is made by it. Compared: \
                                        {compared}; allow becomes deny: {denied}; deny becomes allow: {allowed}; asks for \
                                        more evidence: {asks}.";
pub(crate) const PROMOTED: &str = "The candidate is in force";
pub(crate) const DROP: &str = "Drop";
pub(crate) const DROP_ASKED: &str =
    "Candidate {version} and what was counted for it are dropped; the policy in force stays.";
pub(crate) const WAS_DROPPED: &str = "The candidate is dropped";
