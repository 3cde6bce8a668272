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
        "The list of \"{issuer}\" from {uri} has changed: {added} added, {removed} removed, {changed} listed for another reason; {affected} of them kept here[; connections that last with one of them: {connections}]";
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
