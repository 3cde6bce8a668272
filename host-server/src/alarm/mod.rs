//! Alarms on their way out: what each looks like to a receiver, and the worker that empties the outbox. A channel is a
//! name and a sender; what waits is kept by `storage::delivery`, and what is an alarm the engine says.

pub mod document;
mod roots;
mod secret;
pub mod syslog;
pub mod mail;
pub mod webhook;
pub mod recipients;
pub mod outbox;
pub mod trial;

use std::fmt;

use self::mail::Mail;
use self::syslog::Syslog;
use self::webhook::Webhook;
use crate::config::Alarms;
use crate::storage::Alarm;
use crate::storage::Setback;

/// The name under which alarms wait that have no recipients yet.
pub const MAIL: &str = "mail";
/// What the names of mail to one recipient begin with.
pub const MAIL_TO: &str = "mail:";

/// A way out.
pub enum Channel {
    /// A mail server, for as many recipients as the policy names.
    Mail(Box<Mail>),
    /// A syslog receiver.
    Syslog(Box<Syslog>),
    /// A server that is told by HTTP.
    Webhook(Box<Webhook>),
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl Channel {
    /// The channels that are configured.
    ///
    /// # Errors
    /// What is wrong with one, in a line.
    pub fn of(alarms: &Alarms, node: &str) -> Result<Vec<Self>, String> {
        let syslog = Syslog::of(alarms, node)?.map(|syslog| Self::Syslog(Box::new(syslog)));
        let mail = Mail::of(alarms, node)?.map(|mail| Self::Mail(Box::new(mail)));
        let mut channels: Vec<Self> = syslog.into_iter().chain(mail).collect();
        for webhook in &alarms.webhook {
            channels.push(Self::Webhook(Box::new(Webhook::of(webhook)?)));
        }
        Ok(channels)
    }

    /// The name under which alarms are given to it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Mail(_) => MAIL.to_owned(),
            Self::Syslog(_) => "syslog".to_owned(),
            Self::Webhook(webhook) => webhook.channel(),
        }
    }

    /// Sends alarms, all or none as far as anybody can know.
    ///
    /// # Errors
    /// [`Setback`].
    pub async fn send(&self, batch: &Batch<'_>) -> Result<(), Setback> {
        match self {
            Self::Mail(mail) => {
                let recipient = batch.lane.strip_prefix(MAIL_TO).unwrap_or_default();
                mail.send(recipient, batch.alarms, batch.more).await
            }
            Self::Syslog(syslog) => syslog.send(batch.alarms).await.map_err(Setback::Refused),
            Self::Webhook(webhook) => webhook.send(batch.alarms, batch.now).await,
        }
    }

    /// Most alarms at once.
    fn most(&self) -> i64 {
        match self {
            Self::Mail(_) => 200,
            Self::Syslog(_) | Self::Webhook(_) => 20,
        }
    }
}

/// Alarms that go out together.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// The name under which they wait: of mail, with its recipient.
    pub lane: &'a str,
    /// The alarms.
    pub alarms: &'a [&'a Alarm],
    /// How many others wait behind them.
    pub more: i64,
    /// When they are sent.
    pub now: i64,
}

/// The kind of channel that a delivery's name belongs to: who is told by mail stays in the database.
#[must_use]
pub fn kind(lane: &str) -> &str {
    if lane.starts_with(MAIL_TO) { MAIL } else { lane }
}
