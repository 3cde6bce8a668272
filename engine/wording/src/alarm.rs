//! Wording of alarms: what is told of something that expires, and what to do about it.

use crate::template::{Row, rows};

/// What each alarm says.
pub const ROWS: &[Row] = rows! {
    "expiry.approaching", "Certificate expires soon",
        "The certificate \"{subject}\"[ (serial number {serial})] expires in {left}, at {notAfter}";
    "expiry.last-day", "Certificate expires within a day",
        "The certificate \"{subject}\"[ (serial number {serial})] expires within a day, at {notAfter}";
    "expiry.expired", "Certificate has expired",
        "The certificate \"{subject}\"[ (serial number {serial})] expired at {notAfter}[, {ago} ago]";
    "monitor.trial", "Trial",
        "This is a trial of the ways that alarms go out by[, sent by {account}]; nothing is the matter";
};

/// What to do, by what the certificate is here for.
pub const ACTIONS: &[Row] = rows! {
    "identity", "Renew the certificate",
        "Make it anew, or have its authority issue a new one, and put that in its place[: {place}]";
    "trust", "Replace or delete the certificate",
        "Ask whoever owns it for its successor and put that beside it, or delete it where nothing needs it any more[: {place}]";
    "monitor.trial", "Nothing to do",
        "Nothing has to be done";
};

/// A time in days, for people: whole days that are left or have passed.
#[must_use]
pub fn days(days: i64) -> String {
    match days {
        1 => "1 day".to_owned(),
        more => format!("{more} days"),
    }
}
