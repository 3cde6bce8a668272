//! What a digest says: how many certificates need attention in its subject, and each of them in its text, the soonest
//! to expire first. Whatever stands in a certificate is shown, shortened and wrapped; nothing of it is in the subject.

use std::collections::BTreeSet;

use engine_wording::escape;

use crate::alarm::document::{EventDetails, ExpiryDetails, PlaceDetails, Told};
use crate::cli::question::shown;
use crate::storage::{Alarm, Stage};

/// RFC 5322 2.1.1 would have no line longer than this.
const WIDTH: usize = 76;
/// Most characters of one thing that is told.
const LONGEST: usize = 400;
/// Most names, places or services of one alarm.
const MOST: usize = 10;

/// A digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Digest {
    pub(super) subject: String,
    pub(super) text: String,
}

/// A digest of alarms, behind which `more` wait still.
pub(super) fn of(alarms: &[&Alarm], more: i64) -> Digest {
    let mut told: Vec<(Told, &Alarm)> = alarms.iter().map(|alarm| (Told::of(alarm), *alarm)).collect();
    told.sort_by_cached_key(|(told, alarm)| {
        let days = if let Told::Expiry(details) = told { details.days_left } else { i64::MAX };
        (days, alarm.raised_at, alarm.id.clone())
    });
    let subject = subject(alarms);
    let mut text = format!("{subject}.\n");
    if more > 0 {
        text.push_str(&format!("{} wait and come in the next mail.\n", counted(count(more), "more alarm")));
    }
    for (number, (told, alarm)) in told.iter().enumerate() {
        item(&mut text, number.saturating_add(1), told, alarm);
    }
    text.push_str("\n-- \nSent by Assayer. What is acknowledged, put off or resolved is not told\n");
    text.push_str("again before it is due: assayer monitor acknowledge ID\n");
    Digest { subject, text }
}

/// Counts alone, so that nothing of a certificate can get into a header.
fn subject(alarms: &[&Alarm]) -> String {
    let at = |stage| alarms.iter().filter(|alarm| alarm.stage == Some(stage)).count();
    let (expired, last_day, soon) = (at(Stage::Expired), at(Stage::LastDay), at(Stage::Approaching));
    let certificates = expired.saturating_add(last_day).saturating_add(soon);
    let events = alarms.len().saturating_sub(certificates);
    let verb =
        |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let mut parts = Vec::new();
    parts.extend((expired > 0).then(|| format!("{expired} expired")));
    parts.extend((last_day > 0).then(|| verb(last_day, "expires within a day", "expire within a day")));
    parts.extend((soon > 0).then(|| verb(soon, "expires soon", "expire soon")));
    let mut subject = String::new();
    if certificates > 0 {
        let needs = if certificates == 1 { "needs" } else { "need" };
        let parts = parts.join(", ");
        subject = format!("{} {needs} attention: {parts}", counted(certificates, "certificate"));
    }
    if events > 0 {
        let also = if certificates > 0 { "; " } else { "" };
        subject.push_str(&format!("{also}{}", counted(events, "event")));
    }
    subject
}

fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

fn count(more: i64) -> usize {
    usize::try_from(more).unwrap_or(0)
}

fn item(text: &mut String, number: usize, told: &Told, alarm: &Alarm) {
    text.push('\n');
    let title = match told {
        Told::Expiry(details) => details.title.as_str(),
        Told::Event(details) => details.title.as_str(),
        Told::Nothing => "Alarm",
    };
    line(text, &format!("{number}. "), title);
    match told {
        Told::Expiry(details) => of_expiry(text, details),
        Told::Event(details) => of_event(text, details),
        Told::Nothing => line(text, "   Subject: ", &alarm.subject),
    }
    line(text, "   Alarm: ", &alarm.id);
    line(text, "   Raised: ", &shown(alarm.raised_at));
}

fn of_expiry(text: &mut String, details: &ExpiryDetails) {
    line(text, "   Subject: ", &details.subject);
    line(text, "   Alternative names: ", &several(details.alternative_names.iter().map(String::as_str)));
    line(text, "   Serial number: ", &details.serial_number);
    line(text, "   SHA-256: ", &details.fingerprint);
    let left = match details.days_left {
        -1 => "expired".to_owned(),
        left if left < 0 => {
            format!("expired, {} ago", engine_wording::alarm::days(left.saturating_neg().saturating_sub(1)))
        }
        left => format!("{} left", engine_wording::alarm::days(left)),
    };
    line(text, "   Valid until: ", &format!("{} ({left})", details.not_after));
    places(text, &details.places);
    line(text, "   What to do: ", &details.action);
}

fn of_event(text: &mut String, details: &EventDetails) {
    line(text, "   What happened: ", &details.sentence);
    for value in details.values.iter().take(MOST.saturating_mul(2)) {
        line(text, &format!("   {}: ", short(&value.name, 40)), &value.value);
    }
    places(text, &details.places);
    line(text, "   Services: ", &several(details.services.iter().map(String::as_str)));
    line(text, "   What to do: ", &details.action);
}

fn places(text: &mut String, places: &[PlaceDetails]) {
    let words: Vec<String> = places
        .iter()
        .map(|place| match place.description.as_str() {
            "" => place.words(),
            description => format!("{} ({})", place.words(), short(description, 100)),
        })
        .collect();
    line(text, "   Used: ", &several(words.iter().map(String::as_str)));
    let owners: BTreeSet<&str> = places.iter().map(|place| place.owner.as_str()).collect();
    line(text, "   Owner: ", &several(owners.into_iter()));
}

/// The first of several things, and how many more there are.
fn several<'a>(things: impl Iterator<Item = &'a str>) -> String {
    let things: Vec<&str> = things.filter(|thing| !thing.is_empty()).collect();
    let mut told: Vec<String> = things.iter().take(MOST).map(|thing| short(thing, 120)).collect();
    let rest = things.len().saturating_sub(MOST);
    told.extend((rest > 0).then(|| format!("and {rest} more")));
    told.join(", ")
}

fn short(text: &str, most: usize) -> String {
    let mut characters = text.chars();
    let mut short: String = characters.by_ref().take(most).collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

/// One thing and what it is, wrapped under itself; nothing where there is nothing.
fn line(text: &mut String, label: &str, value: &str) {
    let value = escape(&short(value, LONGEST));
    if value.is_empty() {
        return;
    }
    let mut column = label.chars().count();
    text.push_str(label);
    for (index, word) in value.split(' ').enumerate() {
        let length = word.chars().count();
        if index > 0 && column.saturating_add(length) >= WIDTH {
            text.push_str("\n     ");
            column = 5;
        } else if index > 0 {
            text.push(' ');
            column = column.saturating_add(1);
        }
        for letter in word.chars() {
            if column >= WIDTH {
                text.push_str("\n     ");
                column = 5;
            }
            text.push(letter);
            column = column.saturating_add(1);
        }
    }
    text.push('\n');
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::storage::{AlarmState, Severity};

    /// An alarm about a certificate with so many days left, raised at the seventh second.
    pub(crate) fn alarm(id: &str, subject: &str, days_left: i64) -> Alarm {
        let stage = match days_left {
            ..0 => Stage::Expired,
            0 => Stage::LastDay,
            _ => Stage::Approaching,
        };
        let details = ExpiryDetails {
            title: "Certificate expires soon".to_owned(),
            sentence: "It expires".to_owned(),
            action: "Renew it".to_owned(),
            fingerprint: "ab".repeat(32),
            subject: subject.to_owned(),
            alternative_names: vec!["a.example".to_owned(); 12],
            serial_number: "0a".to_owned(),
            not_before: shown(0),
            not_after: shown(86_400),
            days_left,
            times: 1,
            places: vec![PlaceDetails {
                kind: "identity".to_owned(),
                room: "tomcat".to_owned(),
                node: Some("n1".to_owned()),
                owner: "alice".to_owned(),
                description: "front door".to_owned(),
            }],
        };
        Alarm {
            id: id.to_owned(),
            watched: [0xab; 32],
            code: crate::alarm::document::code(stage).to_owned(),
            stage: Some(stage),
            severity: Severity::Warning,
            subject: subject.to_owned(),
            document: serde_json::to_string(&details).unwrap(),
            raised_at: 7,
            state: AlarmState::Open,
            snoozed_until: None,
            answered_at: None,
            answered_by: String::new(),
        }
    }

    fn event(id: &str) -> Alarm {
        let details = EventDetails {
            title: "Certificate revoked".to_owned(),
            sentence: "It was revoked".to_owned(),
            action: "Replace it".to_owned(),
            services: vec!["Cisco Tomcat".to_owned()],
            ..EventDetails::default()
        };
        let document = serde_json::to_string(&details).unwrap();
        Alarm { stage: None, code: "revocation.revoked".to_owned(), document, ..alarm(id, "CN=e", 1) }
    }

    // R-MON-14
    #[test]
    fn a_digest_says_which_whose_where_and_what_to_do() {
        let (late, soon, dead, happened) =
            (alarm("1", "CN=late", 20), alarm("2", "CN=soon", 1), alarm("3", "CN=dead", -3), event("4"));
        let digest = of(&[&happened, &late, &soon, &dead], 2);
        assert_eq!(digest.subject, "3 certificates need attention: 1 expired, 2 expire soon; 1 event");
        let order: Vec<_> = ["CN=dead", "CN=soon", "CN=late", "It was revoked"]
            .map(|text| digest.text.find(text).unwrap())
            .into();
        assert!(order.is_sorted(), "{}", digest.text);
        for told in [
            "2 more alarms wait and come in the next mail.",
            "   Serial number: 0a\n",
            "   Valid until: 1970-01-02T00:00:00Z (expired, 2 days ago)\n",
            "(1 day left)\n",
            "   Used: tomcat on n1 (front door)\n",
            "   Owner: alice\n",
            "   What to do: Renew it\n",
            "   Alarm: 3\n",
            "and 2 more",
            "   Services: Cisco Tomcat\n",
        ] {
            assert!(digest.text.contains(told), "{told}: {}", digest.text);
        }
        assert_eq!(of(&[&happened], 0).subject, "1 event");
        assert_eq!(
            of(&[&alarm("1", "CN=a", 0)], 0).subject,
            "1 certificate needs attention: 1 expires within a day"
        );
    }

    #[test]
    fn whatever_a_certificate_holds_lines_are_ours_and_short() {
        let hostile = format!("CN=a\r\n.\r\nMAIL FROM:<x>\r\n\u{202e}\u{1b}[31m\0{}", "ä".repeat(10_000));
        let unknown = Alarm { document: "not JSON".to_owned(), ..alarm("2", &hostile, 1) };
        let digest = of(&[&alarm("1", &hostile, 1), &unknown], 0);
        assert!(digest.text.len() < 10_000, "{}", digest.text.len());
        for line in digest.text.lines() {
            assert!(line.chars().count() <= WIDTH + 2, "{line}");
            assert!(!line.chars().any(|letter| letter.is_control() || letter == '\u{202e}'), "{line:?}");
            assert!(line != "." && !line.starts_with("MAIL"), "{line}");
        }
        assert!(digest.text.contains(r"CN=a\u{d}\u{a}.\u{d}\u{a}MAIL"), "{}", digest.text);
    }
}
