//! Alarms on their way out: what each looks like to a receiver, and the worker that empties the outbox. A channel is a
//! name and a sender; what waits is kept by `storage::delivery`, and what is an alarm the engine says.

pub mod document;
pub mod syslog;
pub mod outbox;

use std::fmt;

use self::syslog::Syslog;
use crate::config::Alarms;
use crate::storage::Alarm;

/// A way out.
pub enum Channel {
    /// A syslog receiver.
    Syslog(Syslog),
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Channel {
    /// The channels that are configured.
    ///
    /// # Errors
    /// What is wrong with one, in a line.
    pub fn of(alarms: &Alarms, node: &str) -> Result<Vec<Self>, String> {
        let syslog = Syslog::of(alarms, node)?;
        Ok(syslog.map(Self::Syslog).into_iter().collect())
    }

    /// The name under which deliveries wait for it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Syslog(_) => "syslog",
        }
    }

    /// Sends alarms, all or none as far as anybody can know.
    ///
    /// # Errors
    /// Why it failed, in a line.
    pub async fn send(&self, alarms: &[&Alarm]) -> Result<(), String> {
        match self {
            Self::Syslog(syslog) => syslog.send(alarms).await,
        }
    }
}
