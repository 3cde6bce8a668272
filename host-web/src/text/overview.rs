//! The first page.

pub(crate) const NAME: &str = "Overview";
pub(crate) const NOTHING_NEEDED: &str = "Nothing needs you";
pub(crate) const NEEDED: &str = "{number} matters need somebody";
pub(crate) const NEEDED_ONE: &str = "One matter needs somebody";
pub(crate) const MATTERS: &str = "What needs somebody";
pub(crate) const FIGURES: &str = "How it stands";

pub(crate) const URGENT: &str = "Now";
pub(crate) const SOON: &str = "Soon";
pub(crate) const IN_TIME: &str = "In its time";

pub(crate) const UNREADY: &str = "This node cannot decide: {why}";
pub(crate) const MORE_ALARMS: &str = "{number} more open alarms";
pub(crate) const ONE_MORE_ALARM: &str = "One more open alarm";
pub(crate) const MONITOR_NOT_RUNNING: &str = "The certificate expiry monitor is not running: it is {status}";
pub(crate) const MONITOR_FAILED: &str = "The last run of the certificate expiry monitor failed: {why}";
pub(crate) const RECHECKS_DEGRADED: &str = "The revocation check is degraded: {why}";
pub(crate) const REVOKED_ONE: &str = "One certificate in use is revoked";
pub(crate) const REVOKED: &str = "{number} certificates in use are revoked";
pub(crate) const FAILING_ONE: &str = "The status of one certificate in use could not be found out";
pub(crate) const FAILING: &str = "The status of {number} certificates in use could not be found out";
pub(crate) const ENDED_IDENTITY_ONE: &str = "One identity certificate has ended";
pub(crate) const ENDED_IDENTITY: &str = "{number} identity certificates have ended";
pub(crate) const ENDED_TRUST_ONE: &str = "One trusted certificate has ended";
pub(crate) const ENDED_TRUST: &str = "{number} trusted certificates have ended";
pub(crate) const WEEK_IDENTITY_ONE: &str = "One identity certificate ends within 7 days";
pub(crate) const WEEK_IDENTITY: &str = "{number} identity certificates end within 7 days";
pub(crate) const WEEK_TRUST_ONE: &str = "One trusted certificate ends within 7 days";
pub(crate) const WEEK_TRUST: &str = "{number} trusted certificates end within 7 days";
pub(crate) const MONTH_IDENTITY_ONE: &str = "One identity certificate ends within 30 days";
pub(crate) const MONTH_IDENTITY: &str = "{number} identity certificates end within 30 days";
pub(crate) const MONTH_TRUST_ONE: &str = "One trusted certificate ends within 30 days";
pub(crate) const MONTH_TRUST: &str = "{number} trusted certificates end within 30 days";
pub(crate) const NODE_BEHIND: &str =
    "Node {name} decides with an earlier version of the stores and the policy";
pub(crate) const CHANNEL_FAILS: &str = "Alarms do not leave by {name}: {why}";
pub(crate) const LISTS_TROUBLED_ONE: &str = "A CRL that is watched cannot be downloaded";
pub(crate) const LISTS_TROUBLED: &str = "{number} CRLs that are watched cannot be downloaded";
pub(crate) const REQUEST_WAITS: &str =
    "A request for {purpose} ({node}) waits for its certificate since {since}";

pub(crate) const POLICY: &str = "Policy";
pub(crate) const POLICY_NUMBER: &str = "version {number}";
pub(crate) const POLICY_NONE: &str = "no document: the defaults hold";
pub(crate) const PROFILE: &str = "Profile";
pub(crate) const COMMON_CRITERIA: &str = "Common Criteria mode";
pub(crate) const ON: &str = "on";
pub(crate) const OFF: &str = "off";
pub(crate) const MONITOR: &str = "Certificate Expiry Monitor service";
pub(crate) const RECHECKS: &str = "Revocation check";
pub(crate) const LAST_RUN: &str = "last run";
pub(crate) const NEXT_RUN: &str = "next run";
pub(crate) const WATCHED: &str = "Certificates watched";
pub(crate) const SOONEST: &str = "The next one ends";
pub(crate) const NODES: &str = "Nodes";
pub(crate) const NODES_CURRENT: &str = "{current} of {all} with the current version";
pub(crate) const ANSWERED_BY: &str = "Answered by";
/// What the status words of services mean to people (R-MON-3).
pub(crate) const STATUSES: [(&str, &str); 3] =
    [("running", "Running"), ("degraded", "Degraded"), ("off", "Off")];
