//! What a question is made of besides files: the moment and the names, read from the command line. Whether a
//! name is one that can be asked for is the engine's answer.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp, civil};

use crate::component::contract::request::ReferenceIdentifier;

/// A moment given to `--at`, in seconds since 1970-01-01T00:00:00Z, rounded down.
///
/// # Errors
/// The accepted form, when the text has another one.
pub fn moment(text: &str) -> Result<i64, String> {
    let time: Timestamp = text.parse().map_err(|_| {
        "expected a date, a time and an offset as in RFC 3339, such as 2026-11-21T12:00:00Z or \
         2026-11-21T13:00:00+01:00"
            .to_owned()
    })?;
    // Before 1970 the whole seconds are rounded up: go back by one where something is left over.
    Ok(time.as_second().saturating_sub(i64::from(time.subsec_nanosecond() < 0)))
}

/// A moment as in RFC 3339. Every time a certificate can hold is in the calendar.
#[must_use]
pub fn shown(instant: i64) -> String {
    let epoch = civil::date(1970, 1, 1).at(0, 0, 0, 0);
    match epoch.checked_add(SignedDuration::from_secs(instant)) {
        Ok(time) => format!("{time}Z"),
        Err(_) => format!("{instant} seconds after 1970-01-01T00:00:00Z"),
    }
}

/// A name given to `--name`: a URI, a mailbox, an IP address or else a DNS name.
///
/// # Errors
/// When the text is empty.
pub fn name(text: &str) -> Result<ReferenceIdentifier, String> {
    if text.is_empty() {
        return Err(
            "expected a DNS name, an IP address, a mailbox or a URI, such as www.example.org".to_owned()
        );
    }
    if text.contains("://") {
        return Ok(ReferenceIdentifier::Uri(text.to_owned()));
    }
    if text.contains('@') {
        return Ok(ReferenceIdentifier::Mail(text.to_owned()));
    }
    // The brackets around an IPv6 address belong to a URI, but they are often pasted along.
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    match bare.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => Ok(ReferenceIdentifier::Ip(address.octets().to_vec())),
        Ok(IpAddr::V6(address)) => Ok(ReferenceIdentifier::Ip(address.octets().to_vec())),
        Err(_) => Ok(ReferenceIdentifier::Dns(text.to_owned())),
    }
}

/// A name as it was asked for.
#[must_use]
pub fn name_shown(name: &ReferenceIdentifier) -> String {
    match name {
        ReferenceIdentifier::Dns(text) | ReferenceIdentifier::Mail(text) | ReferenceIdentifier::Uri(text) => {
            text.clone()
        }
        ReferenceIdentifier::Ip(octets) => {
            let four = <[u8; 4]>::try_from(octets.as_slice()).map(|octets| IpAddr::from(octets).to_string());
            let sixteen =
                || <[u8; 16]>::try_from(octets.as_slice()).map(|octets| IpAddr::from(octets).to_string());
            four.or_else(|_| sixteen()).unwrap_or_default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_and_shown() {
        for (text, seconds, again) in [
            ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"),
            ("2026-11-21T13:00:00+01:00", 1_795_262_400, "2026-11-21T12:00:00Z"),
            ("1969-12-31T23:59:59.5Z", -1, "1969-12-31T23:59:59Z"),
            ("2026-11-21T12:00:00.999Z", 1_795_262_400, "2026-11-21T12:00:00Z"),
        ] {
            assert_eq!(moment(text), Ok(seconds), "{text}");
            assert_eq!(shown(seconds), again);
        }
        assert_eq!(shown(253_402_300_799), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn a_moment_of_another_form_shows_the_accepted_one() {
        for text in ["", "now", "2026-11-21", "2026-11-21T12:00:00", "21.11.2026", "2026-02-30T00:00:00Z"] {
            assert!(moment(text).unwrap_err().contains("2026-11-21T12:00:00Z"), "{text}");
        }
    }

    #[test]
    fn names_are_told_apart_by_their_form() {
        use ReferenceIdentifier as Name;
        let shape = |text: &str| match name(text).unwrap() {
            Name::Dns(text) => format!("dns {text}"),
            Name::Ip(octets) => format!("ip {octets:?}"),
            Name::Mail(text) => format!("mail {text}"),
            Name::Uri(text) => format!("uri {text}"),
        };
        assert_eq!(shape("www.example.org"), "dns www.example.org");
        assert_eq!(shape("192.0.2.1"), "ip [192, 0, 2, 1]");
        assert_eq!(shape("192.0.2"), "dns 192.0.2");
        assert_eq!(shape("[::1]"), "ip [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]");
        assert_eq!(shape("ada@example.org"), "mail ada@example.org");
        assert_eq!(shape("sip://ada@example.org"), "uri sip://ada@example.org");
        assert!(name("").is_err());
    }
}
