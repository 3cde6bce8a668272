//! Alarms, the channels they leave by, and the monitor that raises them.

pub(crate) const NAME: &str = "Alarms";
pub(crate) const PARTS: &str = "Alarms and channels";
pub(crate) const CHANNELS: &str = "Channels and monitor";
pub(crate) const STATE: &str = "State";
pub(crate) const STATES: [(&str, &str); 3] =
    [("open", "Open"), ("acknowledged", "Acknowledged"), ("resolved", "Resolved")];
pub(crate) const SEVERITY: &str = "Severity";
pub(crate) const SEVERITIES: [(&str, &str); 4] =
    [("critical", "Critical"), ("error", "Error"), ("warning", "Warning"), ("notice", "Notice")];
pub(crate) const WHAT: &str = "What is the matter";
pub(crate) const ABOUT: &str = "About";
pub(crate) const RAISED: &str = "Raised";
pub(crate) const NONE_OF_STATE: &str = "There is no alarm of this state";
pub(crate) const BACK: &str = "All alarms";

pub(crate) const KIND: &str = "Kind";
pub(crate) const TO_DO: &str = "What to do";
pub(crate) const ANSWERED: &str = "Answered";
pub(crate) const ANSWERED_BY: &str = "{when} by {who}";
pub(crate) const SNOOZED: &str = "Not told again before";
pub(crate) const PLACES: &str = "Used in";
pub(crate) const PLACE: &str = "{room} ({kind}, {node})";
pub(crate) const SERVICES: &str = "Services to restart";
pub(crate) const CERTIFICATE: &str = "Certificate";
pub(crate) const SERIAL: &str = "Serial number";
pub(crate) const ENDS: &str = "Ends";

pub(crate) const ANSWER: &str = "Answer";
pub(crate) const ACKNOWLEDGE: &str = "Acknowledge";
pub(crate) const RESOLVE: &str = "Resolve";
pub(crate) const SNOOZE: &str = "Snooze";
pub(crate) const SNOOZE_FOR: &str = "Snooze for";
pub(crate) const SPANS: [(&str, &str); 4] =
    [("1", "1 day"), ("7", "7 days"), ("30", "30 days"), ("90", "90 days")];
pub(crate) const ANSWERS_MEAN: &str = "Acknowledged: somebody knows, and it is no longer counted as open. Snoozed: it stays open and is not told again before then. Resolved: it is over; if the matter comes back, so does an alarm.";
pub(crate) const ANSWERED_SO: [(&str, &str); 3] = [
    ("acknowledge", "The alarm is acknowledged"),
    ("resolve", "The alarm is resolved"),
    ("snooze", "The alarm is not told again for now"),
];

pub(crate) const MONITOR: &str = "Certificate Expiry Monitor";
pub(crate) const SERVICE: &str = "Service status";
pub(crate) const RUN_NOW: &str = "Run now";
pub(crate) const RUN_BEGAN: &str = "The monitor runs";
pub(crate) const SET_IN: &str = "When it begins to warn, how often, and whom by mail is set in the settings, separately for each product.";
pub(crate) const TO_SETTINGS: &str = "Certificate monitor settings";
pub(crate) const FAULT: &str = "Why the last run failed";
pub(crate) const RECHECKS: &str = "Enable Revocation Check";

pub(crate) const CHANNEL: &str = "Channel";
pub(crate) const CHANNEL_STATE: &str = "Standing";
pub(crate) const WORKS: &str = "works";
pub(crate) const FAILS: &str = "fails";
pub(crate) const NOT_HERE: &str = "not configured here";
pub(crate) const WAITING: &str = "Waiting";
pub(crate) const DELIVERED: &str = "Delivered";
pub(crate) const LAST_DELIVERED: &str = "Last delivered";
pub(crate) const ACTIONS: &str = "Actions";
pub(crate) const TRY: &str = "Send a trial message";
pub(crate) const TRIED: &str = "The trial message was taken by {taken} of {all} channels{refusals}";
pub(crate) const TRIAL_REFUSED: &str = "; {name}: {why}";
pub(crate) const DROP: &str = "Drop what waits";
pub(crate) const DROP_OF: &str = "Drop what waits for {name}";
pub(crate) const DROP_ASKED: &str =
    "Drop {number} alarms that wait for {name}? They will not be sent by it; on these pages they stay.";
pub(crate) const DROPPED: &str = "{number} alarms no longer wait for {name}";
pub(crate) const NO_CHANNEL: &str = "No channel is configured: alarms are seen on these pages only";
