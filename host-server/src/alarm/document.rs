//! What an alarm says of a certificate that expires: the document that is kept with it, shown by the API, and put on
//! every channel. The sentences are `engine-wording`'s.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cli::question::shown;
use crate::storage::alarm::Severity;
use crate::storage::{Alarm, Entry, Observed, ObservedKind, Stage, Watched};

const DAY: i64 = 86_400;

/// A certificate that expires: which, who owns it, where it is used, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ExpiryDetails {
    /// What is the matter, in a few words.
    pub title: String,
    /// In a sentence.
    pub sentence: String,
    /// What to do.
    pub action: String,
    /// SHA-256 of the certificate, in hexadecimal.
    pub fingerprint: String,
    /// Its subject.
    pub subject: String,
    /// Its subject alternative names, as the engine describes them.
    pub alternative_names: Vec<String>,
    /// Its serial number, in hexadecimal.
    pub serial_number: String,
    /// When its validity begins.
    pub not_before: String,
    /// When its validity ends.
    pub not_after: String,
    /// Whole days that are left; less than nought once it has expired.
    pub days_left: i64,
    /// How often this has been told, this time included.
    pub times: i64,
    /// Where it is used.
    pub places: Vec<PlaceDetails>,
}

/// Something that happened: what, about which certificate if any, where that is used, and what to do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct EventDetails {
    /// What is the matter, in a few words.
    pub title: String,
    /// In a sentence.
    pub sentence: String,
    /// What to do.
    pub action: String,
    /// What is known of it, by name, in the order in which it is told.
    pub values: Vec<EventValue>,
    /// Where the certificates that it is about are used.
    pub places: Vec<PlaceDetails>,
    /// Services to restart.
    pub services: Vec<String>,
    /// What changed in a list; none where it is about something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<ListChange>,
}

/// What changed in a CRL, and whom that concerns here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ListChange {
    /// Certificates that were not listed before.
    pub added: ListedSerials,
    /// Certificates that are not listed any more.
    pub removed: ListedSerials,
    /// Certificates that are listed for another reason.
    pub changed: ListedSerials,
    /// Those among all of them that are kept here.
    pub affected: Vec<AffectedCertificate>,
    /// Long-lived connections that are registered with one of them, by their numbers.
    pub connections: Vec<String>,
}

/// Certificates of a list by their serial numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ListedSerials {
    /// How many there are.
    pub count: u32,
    /// The first 1,000 of them, in the order of their numbers.
    pub first: Vec<ListedSerial>,
}

/// A certificate of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ListedSerial {
    /// Its serial number, hexadecimal.
    pub serial_number: String,
    /// Why it is listed, or was; null where that is not stated.
    pub reason: Option<String>,
    /// It was issued by somebody else than the issuer of the list.
    pub is_of_another_issuer: bool,
}

/// A certificate that is kept here and that a list began or ceased to name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct AffectedCertificate {
    /// `added`, `removed` or `changed`.
    pub change: String,
    /// SHA-256 of it, in hexadecimal.
    pub fingerprint: String,
    /// Its subject.
    pub subject: String,
    /// Its serial number, in hexadecimal.
    pub serial_number: String,
    /// Where it is used.
    pub places: Vec<PlaceDetails>,
}

/// One thing that is known of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EventValue {
    /// Its name, such as `serialNumber`: a letter, then letters and digits.
    pub name: String,
    /// What it is.
    pub value: String,
}

/// Where a certificate is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PlaceDetails {
    /// `identity` or `trust`.
    pub kind: String,
    /// The slot or store.
    pub room: String,
    /// The node; null for every one.
    pub node: Option<String>,
    /// Who put it there.
    pub owner: String,
    /// What an administrator wrote beside it.
    pub description: String,
}

impl PlaceDetails {
    /// In words, such as `tomcat on node-1`.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.node {
            Some(node) => format!("{} on {node}", self.room),
            None => self.room.clone(),
        }
    }
}

/// What an alarm's document is.
#[derive(Clone, Debug)]
pub enum Told {
    /// Of something that expires.
    Expiry(ExpiryDetails),
    /// Of an event.
    Event(EventDetails),
    /// None that can be read.
    Nothing,
}

impl Told {
    /// The document of an alarm.
    #[must_use]
    pub fn of(alarm: &Alarm) -> Self {
        let expiry = || serde_json::from_str(&alarm.document).ok().map(Self::Expiry);
        let event = || serde_json::from_str(&alarm.document).ok().map(Self::Event);
        expiry().or_else(event).unwrap_or(Self::Nothing)
    }
}

/// The code of what is told.
#[must_use]
pub fn code(stage: Stage) -> &'static str {
    match stage {
        Stage::Approaching => "expiry.approaching",
        Stage::Expired => "expiry.expired",
        Stage::LastDay => "expiry.last-day",
    }
}

/// How bad it is, for channels that have levels.
#[must_use]
pub fn severity(stage: Stage) -> Severity {
    match stage {
        Stage::Approaching => Severity::Warning,
        Stage::Expired => Severity::Critical,
        Stage::LastDay => Severity::Error,
    }
}

/// The document about a certificate that lies in `places`; `None` where it lies nowhere any more.
#[must_use]
pub fn of_certificate(
    (watched, stage): (&Watched, Stage),
    places: &[Entry],
    alternative_names: Vec<String>,
    now: i64,
) -> Option<ExpiryDetails> {
    let facts = &places.first()?.facts;
    let left = watched.not_after.saturating_sub(now);
    let mut values = vec![
        ("subject", facts.subject.clone()),
        ("serial", facts.serial.clone()),
        ("notAfter", shown(watched.not_after)),
    ];
    match stage {
        Stage::Approaching => values.push(("left", engine_wording::alarm::days(left.div_euclid(DAY)))),
        Stage::Expired => {
            let ago = left.saturating_neg().div_euclid(DAY);
            values.extend((ago > 0).then(|| ("ago", engine_wording::alarm::days(ago))));
        }
        Stage::LastDay => {}
    }
    let code = code(stage);
    let places: Vec<PlaceDetails> = places.iter().map(place).collect();
    let told_before = watched.told.as_ref().map_or(0, |told| told.times);
    Some(ExpiryDetails {
        title: engine_wording::alarm_title(code).to_owned(),
        sentence: engine_wording::alarm_sentence(code, &values),
        action: action(&places),
        fingerprint: HEXLOWER.encode(&watched.fingerprint),
        subject: facts.subject.clone(),
        alternative_names,
        serial_number: facts.serial.clone(),
        not_before: shown(watched.not_before),
        not_after: shown(watched.not_after),
        days_left: left.div_euclid(DAY),
        times: told_before.saturating_add(1),
        places,
    })
}

/// The code of what is told of something that lies in no place of ours; `None` where something else tells it: a list that
/// has lapsed is told by who downloads lists.
#[must_use]
pub fn observed_code(kind: ObservedKind, stage: Stage) -> Option<&'static str> {
    match (kind, stage) {
        (ObservedKind::Responder, Stage::Approaching) => Some("expiry.responder-approaching"),
        (ObservedKind::Responder, Stage::LastDay) => Some("expiry.responder-last-day"),
        (ObservedKind::Responder, Stage::Expired) => Some("expiry.responder-expired"),
        (ObservedKind::RevocationList, Stage::Approaching) => Some("expiry.list-approaching"),
        (ObservedKind::RevocationList, Stage::LastDay) => Some("expiry.list-last-day"),
        (ObservedKind::RevocationList, Stage::Expired) => None,
    }
}

/// The document about something that expires and lies in no place of ours, with its code.
#[must_use]
pub fn of_observed(
    observed: &Observed,
    (watched, stage): (&Watched, Stage),
    now: i64,
) -> Option<(&'static str, ExpiryDetails)> {
    let code = observed_code(observed.kind, stage)?;
    let left = watched.not_after.saturating_sub(now);
    let values = [
        ("subject", observed.subject.clone()),
        ("serial", observed.serial.clone()),
        ("uri", observed.place.clone()),
        ("notAfter", shown(watched.not_after)),
    ];
    let told_before = watched.told.as_ref().map_or(0, |told| told.times);
    let details = ExpiryDetails {
        title: engine_wording::alarm_title(code).to_owned(),
        sentence: engine_wording::alarm_sentence(code, &values),
        action: engine_wording::alarm_action(observed.kind.word(), &values),
        fingerprint: observed.hexadecimal(),
        subject: observed.subject.clone(),
        alternative_names: Vec::new(),
        serial_number: observed.serial.clone(),
        not_before: shown(watched.not_before),
        not_after: shown(watched.not_after),
        days_left: left.div_euclid(DAY),
        times: told_before.saturating_add(1),
        places: Vec::new(),
    };
    Some((code, details))
}

/// The document about an event of this kind: `values` are told as they are, and are what its sentence speaks of.
#[must_use]
pub fn of_event(
    code: &str,
    values: &[(&'static str, String)],
    places: &[Entry],
    services: Vec<String>,
) -> EventDetails {
    let value = |(name, value): &(&'static str, String)| EventValue {
        name: (*name).to_owned(),
        value: value.clone(),
    };
    EventDetails {
        title: engine_wording::alarm_title(code).to_owned(),
        sentence: engine_wording::alarm_sentence(code, values),
        action: engine_wording::alarm_action(code, values),
        values: values.iter().map(value).collect(),
        places: places.iter().map(place).collect(),
        services,
        list: None,
    }
}

/// What proves who we are is renewed, wherever else it is believed.
fn action(places: &[PlaceDetails]) -> String {
    let kind = if places.iter().any(|place| place.kind == "identity") { "identity" } else { "trust" };
    let values: Vec<_> =
        places.iter().filter(|place| place.kind == kind).map(|place| ("place", place.words())).collect();
    engine_wording::alarm_action(kind, &values)
}

/// What is told of a place.
#[must_use]
pub fn place(entry: &Entry) -> PlaceDetails {
    PlaceDetails {
        kind: entry.place.room.usage.word().to_owned(),
        room: entry.place.room.name.clone(),
        node: entry.place.node.clone(),
        owner: entry.added_by.clone(),
        description: entry.description.clone(),
    }
}
