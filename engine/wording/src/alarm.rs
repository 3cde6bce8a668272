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
    "revocation.revoked", "Certificate is revoked",
        "The certificate \"{subject}\"[ (serial number {serial})] is not to be trusted any more: it was revoked at {revokedAt}[ ({reason})][; what was revoked is \"{authority}\" above it]";
    "revocation.restored", "Certificate is not revoked any more",
        "The certificate \"{subject}\"[ (serial number {serial})] was revoked or on hold and is good again";
    "revocation.unknown", "Certificate is unknown to its authority",
        "The responder of its authority does not know the certificate \"{subject}\"[ (serial number {serial})]";
    "revocation.undetermined", "Revocation status cannot be had",
        "Whether the certificate \"{subject}\"[ (serial number {serial})] is revoked could not be found out[: {reason}]";
    "connection.cut", "Connection must be cut",
        "The certificate \"{subject}\"[ (serial number {serial})] behind the {class} connection to {peer} is not to be trusted any more[: {why}]; {owner} registered the connection[ as {connection}]";
};

/// What to do, by what the certificate is here for.
pub const ACTIONS: &[Row] = rows! {
    "identity", "Renew the certificate",
        "Make it anew, or have its authority issue a new one, and put that in its place[: {place}]";
    "trust", "Replace or delete the certificate",
        "Ask whoever owns it for its successor and put that beside it, or delete it where nothing needs it any more[: {place}]";
    "monitor.trial", "Nothing to do",
        "Nothing has to be done";
    "revocation.revoked", "Replace the certificate",
        "Have a new one issued with a new key, put it in its place, and find out why it was revoked";
    "revocation.restored", "Nothing is to be done",
        "Find out why it was on hold; nothing else is to be done";
    "revocation.unknown", "Ask the authority",
        "Ask its authority whether it issued the certificate; take it out where it did not";
    "revocation.undetermined", "Make the responder reachable",
        "See whether the responder and the lists that the certificate names can be reached from here; it is tried again by itself";
    "connection.cut", "Cut the connection",
        "Cut the connection to {peer}, and end it here; let it be made again with another certificate";
};

/// A time in days, for people: whole days that are left or have passed.
#[must_use]
pub fn days(days: i64) -> String {
    match days {
        1 => "1 day".to_owned(),
        more => format!("{more} days"),
    }
}
