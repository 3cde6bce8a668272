//! A policy as it is typed, and what it decides.

pub(crate) const NAME: &str = "Playground";
pub(crate) const INTRODUCTION: &str = "Try a policy before it is in force. Everything is judged by the engine in this page, as you type: nothing is uploaded, and it works with the network unplugged.";
pub(crate) const UNCONFIRMED: &str =
    "this engine does not decide as was recorded under the recorded policy: {why}";
pub(crate) const OTHER_ENGINE: &str = "this page was loaded in pieces of different releases; load it again";
pub(crate) const FAULT: &str = "the engine in this page failed; the fault is ours ({reason})";

pub(crate) const POLICY: &str = "Policy";
pub(crate) const DOCUMENT: &str = "Policy document (TOML)";
pub(crate) const BEGIN: &str = "profile = \"rfc5280\"\n";
pub(crate) const START_FROM: &str = "Start from";
pub(crate) const IN_FORCE: &str = "The policy in force";
pub(crate) const PROFILE: &str = "Profile {name}";
pub(crate) const LOAD: &str = "Load";
pub(crate) const OPEN: &str = "Open a policy document";
pub(crate) const BRING_BACK: &str = "Bring back what was there before";
pub(crate) const WRITE_OUT: &str = "Write out every key";
pub(crate) const DOWNLOAD: &str = "Download";
pub(crate) const FILE: &str = "policy.toml";

pub(crate) const READING: &str = "Reading …";
pub(crate) const ACCEPTED: &str = "Accepted: what is decided follows this text";
pub(crate) const REFUSED_ONE: &str = "One thing is wrong";
pub(crate) const REFUSED: &str = "{number} things are wrong";
pub(crate) const STALE: &str = "Verdicts are those of the last text that was accepted.";
pub(crate) const NONE_YET: &str = "Nothing is judged until a text is accepted.";
pub(crate) const GO_TO: &str = "Line {line}, column {column}";
pub(crate) const REPLACE: &str = "Write {word} instead";

pub(crate) const DECISIONS: &str = "Recorded decisions";
pub(crate) const DROP: &str =
    "Drop capsules here, as many as you like: what was decided is decided again under the policy.";
pub(crate) const CHOOSE: &str = "Choose capsules";
pub(crate) const FETCH: &str = "Fetch from the server";
pub(crate) const NEWEST: &str = "The newest";
pub(crate) const CLEAR: &str = "Clear away";
pub(crate) const TAKING: &str = "Read: {done} of {all}";
pub(crate) const JUDGING: &str = "Judged: {done} of {all}";
pub(crate) const ONE: &str = "One decision";
pub(crate) const MANY: &str = "{number} decisions";
pub(crate) const FLIPS_ONE: &str = "one flips";
pub(crate) const FLIPS: &str = "{number} flip";
pub(crate) const NO_FLIPS: &str = "none flips";
pub(crate) const NOTHING_RECORDED: &str =
    "The server has recorded nothing. Its configuration says whether it does: [capsules] record.";
pub(crate) const NO_SUBJECT: &str = "(capsule {root})";
pub(crate) const NO_ROOM: &str = "a page holds {most} decisions; assayer policy replay takes any number";
pub(crate) const REST: &str = "The rest";
pub(crate) const TOO_LARGE: &str = "it is larger than any capsule that is read here";
pub(crate) const UNUSABLE_ONE: &str = "One file could not be used";
pub(crate) const UNUSABLE: &str = "{number} files could not be used";

pub(crate) const BY_PURPOSE: &str = "Counts by purpose";
pub(crate) const PURPOSE: &str = "Purpose";
pub(crate) const NO_PURPOSE: &str = "none in particular";
pub(crate) const ALL: &str = "All";
pub(crate) const CLASSES: [(&str, &str); 7] = [
    ("same", "The same"),
    ("otherwise", "Same decision, not the same reasons"),
    ("allow-to-deny", "Allow becomes deny"),
    ("deny-to-allow", "Deny becomes allow"),
    ("asks-for-more", "Asks for more"),
    ("cannot-be-asked", "Cannot be asked"),
    ("undecided", "Could not be judged"),
];
pub(crate) const SHOW: &str = "Show";
pub(crate) const EVERYTHING: &str = "Everything";
pub(crate) const ONLY_FLIPS: &str = "What flips";
pub(crate) const CERTIFICATE: &str = "Certificate";
pub(crate) const RECORDED: &str = "Recorded";
pub(crate) const NOW: &str = "Under this policy";
pub(crate) const DECISIONS_SHORT: [(&str, &str); 2] = [("allow", "Allow"), ("deny", "Deny")];
pub(crate) const FLIP: &str = "Flips";
pub(crate) const WAITING: &str = "Not judged yet";
pub(crate) const SAME_OCTETS: &str = "as recorded, to the byte";
pub(crate) const SAME_DECISION: &str = "the same decision for the same reasons";
pub(crate) const OTHER_REASONS: &str = "the same decision, and something else is another";
pub(crate) const OTHER_OCTETS: &str = "recorded under this very policy, and not the same now";
pub(crate) const OWN_RULE: &str = "rule {rule}: {message}";
pub(crate) const GONE: &str = "no longer refuses: {cause}";
pub(crate) const NEW: &str = "refuses: {cause}";
pub(crate) const ASKS_FOR_MORE: &str = "Asks for more";
pub(crate) const CANNOT_BE_ASKED: &str = "Cannot be asked";
pub(crate) const UNDECIDED: &str = "Could not be judged";
pub(crate) const MORE_ROWS: &str = "Show more rows";

pub(crate) const WANTED_OCSP: &str = "an OCSP response from {uri}";
pub(crate) const WANTED_CRL: &str = "a CRL from {uri}";
pub(crate) const WANTED_ISSUER: &str = "an issuer's certificate from {uri}";
pub(crate) const WANTED_CHECKS: &str = "signature checks";

pub(crate) const CHOSEN: &str = "What is decided about {subject}";
pub(crate) const FLIPPED: [(&str, &str); 2] = [
    ("allow", "This was denied, and is allowed under this policy"),
    ("deny", "This was allowed, and is denied under this policy"),
];
pub(crate) const KEPT: [(&str, &str); 2] = [
    ("allow", "This was allowed, and is allowed under this policy"),
    ("deny", "This was denied, and is denied under this policy"),
];
pub(crate) const OF_RULE: &str = "{clause} · {code} {rules}";
pub(crate) const OF_EXPRESSION: &str = "rule {rule}: {expression}";
pub(crate) const MORE_TITLE: &str = "This policy asks for what was not recorded";
pub(crate) const MORE_MEANS: &str =
    "It is answered as unavailable here; with an answer the decision might be another.";
pub(crate) const NOT_ASKED_TITLE: &str = "This cannot be asked under this policy";
pub(crate) const AS_RECORDED: &str = "As it was recorded";
pub(crate) const RECORDED_WHEN: &str = "Recorded {moment} by {by}, decided by engine {version}";
pub(crate) const SHARE: &str = "Download as a capsule";
pub(crate) const SHARED: &str = "Downloaded: assayer capsule replay decides it again";
pub(crate) const NOT_READY: &str = "it is being judged under the text as it is now; try again";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const CAPSULE_FILE: &str = "{name}.capsule";
pub(crate) const RECORDED_BY: &str = "assayer playground";
pub(crate) const NO_RANDOM: &str = "the browser gives no random octets, so nothing can be sealed";
pub(crate) const CASES: &str = "Cases";
pub(crate) const CASES_MEAN: &str = "Questions with what must come out of them, judged as you type. Their certificates are sketched in a few words: no file is needed.";
pub(crate) const CASES_FILE: &str = "Cases (TOML)";
pub(crate) const CASES_NAME: &str = "cases.toml";
pub(crate) const OPEN_CASES: &str = "Open a file of cases";
pub(crate) const PASSED_ONE: &str = "One case passes";
pub(crate) const PASSED: &str = "All {number} cases pass";
pub(crate) const FAILED_ONE: &str = "One of {all} cases fails";
pub(crate) const FAILED: &str = "{number} of {all} cases fail";
pub(crate) const PASSES: &str = "Passes";
pub(crate) const FAILS: &str = "Fails";
pub(crate) const CASES_STALE: &str = "What is shown is of the last cases that could be read.";
pub(crate) const EXPECTED: &str = "{field}: expected {expected}, found {found}";
pub(crate) const OF_CASE: &str = "{field} of {certificate}: expected {expected}, found {found}";
pub(crate) const LACKING: &str = "What no case exercises";
pub(crate) const NEVER_ASKED: &str = "Rule {rule} is asked about in no case";
pub(crate) const NEVER_SPOKE: &str = "Rule {rule} speaks in no case";
pub(crate) const NEVER_SILENT: &str = "Rule {rule} speaks in every case that it is asked about";
pub(crate) const NEVER_FOUND: &str = "{code} is found in no case, and its level is set";
pub(crate) const NEVER_FOUND_MANY: &str = "{count} levels are set of which no case has a finding";
pub(crate) const NO_FILES: &str =
    "a page opens no files that a case names: put the PEM of {name} into the case";
pub(crate) const NO_RESPONSE: &str =
    "an OCSP response has no PEM; sketch it with ocsp = \"good\" and the like";
pub(crate) const CHOSEN_CASE: &str = "Case {name}";
