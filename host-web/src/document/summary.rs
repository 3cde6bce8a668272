//! The summary of a deployment and the state of its monitor, as the first pages show them.

use serde::Deserialize;

/// Whether anything needs somebody.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Summary {
    /// The node that says so.
    pub(crate) node: String,
    /// Why it cannot decide.
    pub(crate) unready: Option<String>,
    /// Certificates that end.
    pub(crate) ending: Ending,
    /// Requests that wait.
    pub(crate) requests: Requests,
    /// The nodes.
    pub(crate) nodes: Nodes,
    /// The lists that are watched.
    pub(crate) lists: Lists,
    /// The policy in force.
    pub(crate) policy: Policy,
    /// The monitor.
    pub(crate) monitor: Monitor,
}

/// Certificates that end.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Ending {
    /// Our own.
    pub(crate) identity: Within,
    /// Those that are believed.
    pub(crate) trust: Within,
}

/// How many end within so many days; each number holds those before it.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Within {
    /// They have ended.
    pub(crate) ended: usize,
    /// Within a week.
    #[serde(rename = "within-7-days")]
    pub(crate) week: usize,
    /// Within a month.
    #[serde(rename = "within-30-days")]
    pub(crate) month: usize,
}

/// Requests that wait.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Requests {
    /// The oldest first.
    pub(crate) items: Vec<Waiting>,
}

/// A request that waits.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Waiting {
    /// The identity purpose.
    pub(crate) purpose: String,
    /// The node.
    pub(crate) node: Option<String>,
    /// Since when.
    pub(crate) since: String,
}

/// The nodes.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Nodes {
    /// How many.
    pub(crate) all: usize,
    /// The names of those that decide with an earlier version.
    pub(crate) behind: Vec<String>,
}

/// The lists that are watched.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Lists {
    /// From how many places.
    pub(crate) watched: usize,
    /// From how many of these nothing was taken.
    pub(crate) troubled: usize,
}

/// The policy in force.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Policy {
    /// The document's number.
    pub(crate) number: Option<u64>,
    /// The profile it stands on.
    pub(crate) profile: Option<String>,
    /// Common Criteria mode is on.
    pub(crate) common_criteria: Option<bool>,
}

/// What watches what expires, and what is judged again.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Monitor {
    /// `running`, `degraded` or `off`.
    pub(crate) status: String,
    /// When it runs next.
    pub(crate) next_run: Option<String>,
    /// When it ran last.
    pub(crate) last_run: Option<String>,
    /// What it found.
    pub(crate) found: Option<Found>,
    /// What is judged again.
    pub(crate) rechecks: Rechecks,
    /// Ways out for alarms.
    pub(crate) channels: Vec<Channel>,
}

/// What a run found.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Found {
    /// Certificates that are kept.
    pub(crate) certificates: u64,
    /// Why it failed.
    pub(crate) fault: Option<String>,
    /// When the first of all ends.
    pub(crate) soonest_expiry: Option<String>,
}

/// Judging again what is in use.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Rechecks {
    /// `running`, `degraded` or `off`.
    pub(crate) status: String,
    /// Why it is degraded.
    pub(crate) why: Option<String>,
    /// When one was looked at last.
    pub(crate) last_run: Option<String>,
    /// When the next is.
    pub(crate) next_run: Option<String>,
    /// Those that are looked at.
    pub(crate) certificates: u64,
    /// Those whose status could not be found out.
    pub(crate) failing: usize,
    /// Those that are revoked.
    pub(crate) revoked: usize,
}

/// A way out for alarms.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Channel {
    /// `syslog`, `mail:` and a recipient, `webhook:` and its name.
    pub(crate) name: String,
    /// It is configured here.
    pub(crate) is_configured: bool,
    /// How many wait.
    pub(crate) waiting: u64,
    /// How many it has taken.
    pub(crate) delivered: u64,
    /// When it took the last.
    pub(crate) last_delivered: Option<String>,
    /// Why the last attempt failed.
    pub(crate) last_error: Option<String>,
    /// When the next attempt is made.
    pub(crate) next_attempt: Option<String>,
}
