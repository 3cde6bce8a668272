//! The documents of the API that are shown to people, as far as they are shown. What a later server adds is passed over.

use serde::Deserialize;

/// Problem details (RFC 9457).
#[derive(Clone, Debug, Deserialize)]
pub struct Problem {
    /// What was found and what was expected.
    pub detail: String,
    /// The number of the request.
    #[serde(default)]
    pub instance: String,
    /// Stable machine code.
    pub code: String,
    /// Which part of the request it is about.
    #[serde(default)]
    pub input: Option<String>,
    /// The plan that was refused.
    #[serde(default)]
    pub plan: Option<Plan>,
}

/// What became of a write.
#[derive(Clone, Debug, Deserialize)]
pub struct Outcome {
    /// It was done.
    pub applied: bool,
    /// What was, or would be, done.
    pub plan: Plan,
    /// What was made and signed.
    #[serde(default)]
    pub made: Vec<Made>,
}

/// A request or certificate that was made and signed.
#[derive(Clone, Debug, Deserialize)]
pub struct Made {
    /// `request` or `certificate`.
    pub kind: String,
    /// It, as PEM.
    pub pem: String,
}

/// A page of the decisions that were recorded.
#[derive(Clone, Debug, Deserialize)]
pub struct Capsules {
    /// The newest first.
    pub items: Vec<Listed>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// A decision that was recorded.
#[derive(Clone, Debug, Deserialize)]
pub struct Listed {
    /// What it is asked for by.
    pub id: String,
}

/// A plan.
#[derive(Clone, Debug, Deserialize)]
pub struct Plan {
    /// What is changed.
    pub effects: Vec<Effect>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What a person has to do afterwards.
    pub advice: Vec<Advice>,
    /// What keys are made for.
    pub unsigned: Vec<Unsigned>,
}

/// One change.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Effect {
    /// What kind of change.
    pub effect: String,
    /// The slot, store or node.
    pub name: String,
    /// The node; none for every one.
    pub node: Option<String>,
    /// SHA-256 of the certificate.
    pub certificate: Option<String>,
    /// Its subject.
    pub subject: Option<String>,
    /// How it came.
    pub origin: Option<String>,
    /// It is not in use before this moment.
    pub active_from: Option<String>,
}

/// Something that was found.
#[derive(Clone, Debug, Deserialize)]
pub struct Finding {
    /// Stable machine code.
    pub code: String,
    /// The finding as a sentence.
    pub sentence: String,
    /// `deny`, `warn` or `info`.
    pub severity: String,
    /// Place of the certificate in the file, from 0.
    pub position: Option<u64>,
    /// SHA-256 of the certificate.
    pub certificate: Option<String>,
    /// The clause the rule rests on.
    pub clause: String,
    /// Identifiers in the rule catalogue.
    pub rules: Vec<String>,
}

/// Something to be done outside.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Advice {
    /// A stable word.
    pub action: String,
    /// The service or the purpose.
    pub concerning: Option<String>,
    /// `feature` or `network`.
    pub service_kind: Option<String>,
    /// The node; none for the cluster.
    pub node: Option<String>,
    /// `automatic`, `recommended` or `required`.
    pub need: String,
    /// Identifiers in the rule catalogue.
    pub rules: Vec<String>,
}

/// Something that is signed with a new key.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Unsigned {
    /// The identity purpose.
    pub purpose: String,
    /// The node; none for many servers.
    pub node: Option<String>,
    /// `rsa` or `ec`.
    pub key_type: String,
    /// The key's length.
    pub bits: u16,
    /// The hash it signs with.
    pub hash: String,
    /// A certificate, valid for so many years; none for a request.
    pub years: Option<u8>,
}

/// Certificates in their places.
#[derive(Clone, Debug, Deserialize)]
pub struct Entries {
    /// In the order asked for.
    pub items: Vec<Entry>,
    /// Where the next page begins.
    #[serde(default)]
    pub next: Option<String>,
}

/// A certificate in its place.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Entry {
    /// SHA-256 of its encoding.
    pub fingerprint: String,
    /// The slot or store.
    pub room: String,
    /// The node; none for every one.
    pub node: Option<String>,
    /// Its subject.
    pub subject: String,
    /// The kind and size of its key.
    pub key_type: String,
    /// When its validity ends.
    pub not_after: String,
    /// How it came.
    pub origin: String,
    /// What an administrator wrote beside it.
    pub description: String,
}

/// A certificate, where it lies, and everything in it.
#[derive(Clone, Debug, Deserialize)]
pub struct Whole {
    /// Where it lies.
    pub places: Vec<Entry>,
    /// Every field.
    pub certificate: Described,
}

/// Every field of a certificate.
#[derive(Clone, Debug, Deserialize)]
pub struct Described {
    /// In their order.
    pub fields: Vec<DescribedField>,
}

/// A field and those that belong to it.
#[derive(Clone, Debug, Deserialize)]
pub struct DescribedField {
    /// Its name.
    pub label: String,
    /// Its identifier.
    #[serde(default)]
    pub oid: Option<String>,
    /// Of an extension: whether it is critical.
    #[serde(default)]
    pub critical: Option<bool>,
    /// Its value.
    #[serde(default)]
    pub value: String,
    /// What belongs to it.
    #[serde(default)]
    pub fields: Vec<Self>,
}

/// Requests that wait.
#[derive(Clone, Debug, Deserialize)]
pub struct Requests {
    /// By purpose and node.
    pub items: Vec<Request>,
}

/// A request that waits.
#[derive(Clone, Debug, Deserialize)]
pub struct Request {
    /// The identity purpose.
    pub purpose: String,
    /// The node; none for many servers.
    pub node: Option<String>,
    /// SHA-256 of its public key.
    pub key: String,
}

/// The nodes.
#[derive(Clone, Debug, Deserialize)]
pub struct Nodes {
    /// By name.
    pub items: Vec<Node>,
}

/// A node.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Node {
    /// Its name.
    pub name: String,
    /// `publisher` or `subscriber`.
    pub role: String,
    /// It decides with the newest version.
    pub is_current: bool,
    /// When it was heard of last.
    pub last_seen: Option<String>,
    /// It is the node that answers.
    pub is_this: bool,
}

/// What a form shows.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Offer {
    /// The one key type: `rsa` or `ec`.
    pub key_type: String,
    /// Key lengths, each with its hashes.
    pub lengths: Vec<OfferedLength>,
    /// Many servers may share the certificate.
    pub multi_server: bool,
    /// It is asked for on the publisher only.
    pub publisher_only: bool,
    /// The host names may be given.
    pub names: bool,
    /// Years of validity; none for a request.
    pub years: Vec<u8>,
    /// The common name that is used where none is given.
    pub common_name: Option<String>,
}

/// A key length.
#[derive(Clone, Debug, Deserialize)]
pub struct OfferedLength {
    /// In bits.
    pub bits: u16,
    /// The hashes that go with it.
    pub hashes: Vec<String>,
}

/// The service that watches what expires.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Monitor {
    /// `running`, `degraded` or `off`.
    pub status: String,
    /// When it looks next.
    pub next_run: Option<String>,
    /// When it looked last.
    pub last_run: Option<String>,
    /// The node that did.
    pub node: Option<String>,
    /// What it found then.
    pub found: Option<Found>,
    /// The ways out.
    pub channels: Vec<ChannelState>,
}

/// What a look found.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Found {
    /// Certificates that are kept.
    pub certificates: i64,
    /// Those that expire before long.
    pub approaching: u64,
    /// Those that expire within a day.
    pub last_day: u64,
    /// Those that have expired.
    pub expired: u64,
    /// Why it failed.
    pub fault: Option<String>,
}

/// A way that alarms go out by.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ChannelState {
    /// Its name.
    pub name: String,
    /// It is configured.
    pub is_configured: bool,
    /// How many alarms wait for it.
    pub waiting: i64,
    /// Since when.
    pub oldest: Option<String>,
    /// When it is tried again.
    pub next_attempt: Option<String>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// How many it has taken.
    pub delivered: i64,
}

/// A page of alarms.
#[derive(Clone, Debug, Deserialize)]
pub struct Alarms {
    /// The newest first.
    pub items: Vec<Alarm>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// An alarm.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Alarm {
    /// Its number.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// How bad it is.
    pub severity: String,
    /// What became of it.
    pub state: String,
    /// When it was raised.
    pub raised_at: String,
    /// Not told again before this moment.
    pub snoozed_until: Option<String>,
    /// By whom it was answered.
    pub answered_by: Option<String>,
    /// What it is about.
    pub subject: String,
    /// The certificate that expires.
    pub certificate: Option<AlarmMatter>,
    /// What happened.
    pub event: Option<AlarmMatter>,
}

/// What an alarm says, of a certificate or of an event.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct AlarmMatter {
    /// In a sentence.
    pub sentence: String,
    /// What to do.
    pub action: String,
    /// SHA-256 of the certificate.
    #[serde(default)]
    pub fingerprint: Option<String>,
    /// Where it is used.
    #[serde(default)]
    pub places: Vec<AlarmPlace>,
}

/// Where a certificate of an alarm is used.
#[derive(Clone, Debug, Deserialize)]
pub struct AlarmPlace {
    /// The slot or store.
    pub room: String,
    /// The node; none for every one.
    pub node: Option<String>,
    /// Who put it there.
    pub owner: String,
}

/// What became of a trial of the ways out.
#[derive(Clone, Debug, Deserialize)]
pub struct Trial {
    /// Each of them.
    pub channels: Vec<Tried>,
}

/// What became of it on one way.
#[derive(Clone, Debug, Deserialize)]
pub struct Tried {
    /// Its name.
    pub name: String,
    /// It was taken.
    pub taken: bool,
    /// Why it was not.
    pub why: Option<String>,
}

/// What was given up.
#[derive(Clone, Debug, Deserialize)]
pub struct Dropped {
    /// The way.
    pub name: String,
    /// How many alarms waited for it.
    pub dropped: i64,
}
