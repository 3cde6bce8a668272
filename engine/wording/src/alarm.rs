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
    "expiry.responder-approaching", "A responder's certificate expires soon",
        "The certificate \"{subject}\"[ (serial number {serial})] that the OCSP responder at {uri} signs with expires at {notAfter}";
    "expiry.responder-last-day", "A responder's certificate expires within a day",
        "The certificate \"{subject}\"[ (serial number {serial})] that the OCSP responder at {uri} signs with expires within a day, at {notAfter}";
    "expiry.responder-expired", "A responder's certificate has expired",
        "The certificate \"{subject}\"[ (serial number {serial})] that the OCSP responder at {uri} signed with expired at {notAfter}";
    "expiry.list-approaching", "A list lapses soon",
        "The list of \"{subject}\"[ (number {serial})] from {uri} lapses at {notAfter}, and no newer one was found";
    "expiry.list-last-day", "A list lapses within a day",
        "The list of \"{subject}\"[ (number {serial})] from {uri} lapses within a day, at {notAfter}, and no newer one was found";
    "crl.changed", "CRLChanged",
        "The list of \"{issuer}\" from {uri} has changed: {added} added, {removed} removed, {changed} listed for another reason; {affected} of them kept here";
    "crl.rollback", "A list was rolled back",
        "From {uri} came a list of \"{issuer}\" that is older than the one before it ({succession}); the one before it is kept";
    "crl.unverified", "A list cannot be verified",
        "What came from {uri} was not taken: {reason}[; it names \"{issuer}\" as its issuer]";
    "crl.stale", "A list has lapsed",
        "The list of \"{issuer}\" from {uri} has lapsed: the next one was due at {nextUpdate}[; the last attempt to get it: {reason}]";
};

/// What to do, by what the certificate is here for.
pub const ACTIONS: &[Row] = rows! {
    "identity", "Renew the certificate",
        "Make it anew, or have its authority issue a new one, and put that in its place[: {place}]";
    "responder", "Ask for a new certificate of the responder",
        "Ask whoever runs the responder to renew its certificate: answers that it signs afterwards are not believed";
    "revocation-list", "Ask for a new list",
        "Ask the authority why it has issued no new list: certificates cannot be checked by one that has lapsed";
    "crl.changed", "Replace what was revoked",
        "Renew or replace every certificate that is listed now and kept here, with its chain, and restart the services that are named, so that no connection lives on that was made with it";
    "crl.rollback", "Find out who serves an old list",
        "Ask whoever runs the distribution point why it serves an older list; somebody between may be hiding revocations";
    "crl.unverified", "Find the issuer of the list",
        "Keep the certificate of the list's issuer in a trust store, correct the URI, or ask whoever runs the distribution point what it serves";
    "crl.stale", "Get a new list",
        "Ask the authority for its new list, and see that this server reaches the distribution point: certificates cannot be checked by a list that has lapsed";
    "trust", "Replace or delete the certificate",
        "Ask whoever owns it for its successor and put that beside it, or delete it where nothing needs it any more[: {place}]";
};

/// A time in days, for people: whole days that are left or have passed.
#[must_use]
pub fn days(days: i64) -> String {
    match days {
        1 => "1 day".to_owned(),
        more => format!("{more} days"),
    }
}
