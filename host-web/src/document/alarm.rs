//! An alarm, in the form the server writes it.

use serde::Deserialize;

/// A page of alarms.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Alarms {
    /// The newest first.
    pub(crate) items: Vec<Alarm>,
    /// Where the next page begins.
    pub(crate) next: Option<String>,
}

/// An alarm.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Alarm {
    /// The same on every channel.
    pub(crate) id: String,
    /// Such as `expiry.last-day`.
    pub(crate) kind: String,
    /// `critical`, `error`, `warning` or `notice`.
    pub(crate) severity: String,
    /// What it is about.
    pub(crate) subject: String,
    /// `open`, `acknowledged` or `resolved`.
    pub(crate) state: String,
    /// When it was raised.
    pub(crate) raised_at: String,
    /// When it was answered last.
    pub(crate) answered_at: Option<String>,
    /// By whom.
    pub(crate) answered_by: Option<String>,
    /// It is not told again before this moment.
    pub(crate) snoozed_until: Option<String>,
    /// The certificate that ends.
    pub(crate) certificate: Option<Told>,
    /// What happened, where it is about something else.
    pub(crate) event: Option<Told>,
}

impl Alarm {
    /// What is known of it in words, whatever it is about.
    pub(crate) fn told(&self) -> Option<&Told> {
        self.certificate.as_ref().or(self.event.as_ref())
    }
}

/// What an alarm says.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Told {
    /// In a few words.
    pub(crate) title: String,
    /// In a sentence.
    pub(crate) sentence: String,
    /// What to do.
    pub(crate) action: String,
    /// Where the certificates are used.
    pub(crate) places: Vec<Used>,
    /// Services to restart.
    pub(crate) services: Vec<String>,
    /// SHA-256 of the certificate.
    pub(crate) fingerprint: Option<String>,
    /// Its serial number.
    pub(crate) serial_number: Option<String>,
    /// When it ends.
    pub(crate) not_after: Option<String>,
    /// Values by name.
    pub(crate) values: Vec<Named>,
}

/// Where a certificate is used.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Used {
    /// `identity` or `trust`.
    pub(crate) kind: String,
    /// The slot or store.
    pub(crate) room: String,
    /// The node.
    pub(crate) node: Option<String>,
    /// Who put it there.
    pub(crate) owner: String,
}

/// A value by name.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Named {
    /// What it is.
    pub(crate) name: String,
    /// The value.
    pub(crate) value: String,
}
