//! A trial: a harmless alarm by every way out at once, past the outbox, so that whoever sets a channel up sees what
//! comes of it. It is kept nowhere and answered by nobody.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::document;
use super::{Batch, Channel, MAIL_TO};
use crate::storage::{Alarm, AlarmState, NewEvent, Severity};

/// The kind of a trial.
pub const CODE: &str = "monitor.trial";

/// What became of it on one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The name of the way: of mail, with its recipient.
    pub name: String,
    /// Why it was not taken; `None` where it was.
    pub fault: Option<String>,
}

/// The alarm, as `by` sends it at `now`.
#[must_use]
pub fn alarm(by: &str, now: i64) -> Alarm {
    let values = [("account", by.to_owned())];
    let details = document::of_event(CODE, &values, &[], Vec::new());
    let event = NewEvent {
        watched: [0; 32],
        occurrence: format!("{now} {by}"),
        code: CODE,
        severity: Severity::Notice,
        subject: "trial".to_owned(),
        document: serde_json::to_string(&details).unwrap_or_default(),
    };
    Alarm {
        id: event.id(),
        watched: event.watched,
        code: CODE.to_owned(),
        stage: None,
        severity: event.severity,
        subject: event.subject,
        document: event.document,
        raised_at: now,
        state: AlarmState::Open,
        snoozed_until: None,
        answered_at: None,
        answered_by: String::new(),
    }
}

/// Sends it by every way, in the order of their names.
pub async fn send(channels: &[Arc<Channel>], recipients: &[String], alarm: &Alarm) -> Vec<Tried> {
    let mut tasks = JoinSet::new();
    for channel in channels {
        let lanes = match **channel {
            Channel::Mail(_) => recipients.iter().map(|address| format!("{MAIL_TO}{address}")).collect(),
            _ => vec![channel.name()],
        };
        for name in lanes {
            let (channel, alarm) = (Arc::clone(channel), alarm.clone());
            tasks.spawn(async move {
                let batch = Batch { lane: &name, alarms: &[&alarm], more: 0, now: alarm.raised_at };
                let fault = channel.send(&batch).await.err().map(|setback| setback.to_string());
                Tried { name, fault }
            });
        }
    }
    let mut tried = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        tried.extend(ended.ok());
    }
    tried.sort_by(|left, right| left.name.cmp(&right.name));
    tried
}
