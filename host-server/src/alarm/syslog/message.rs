//! An alarm as one message of RFC 5424. Whatever a certificate holds: one message, one line, at most
//! `LONGEST` octets.

use engine_wording::escape;

use crate::alarm::document::{EventDetails, ExpiryDetails, PlaceDetails, Told};
use crate::cli::question::shown;
use crate::storage::Alarm;
use crate::storage::alarm::Severity;

/// What receivers should take at least (RFC 5424 6.1).
const LONGEST: usize = 2048;
/// System daemons.
const FACILITY: u8 = 3;
/// The name of our structured data, under the number that is everybody's for examples (RFC 5612): there is none of
/// our own.
const STRUCTURE: &str = "alarm@32473";
/// Longest value of structured data before it is escaped, in octets.
const LONGEST_VALUE: usize = 140;

/// The message, as `node` sends it.
#[must_use]
pub fn message(alarm: &Alarm, node: &str) -> Vec<u8> {
    let details = Told::of(alarm);
    let severity = match alarm.severity {
        Severity::Critical => 2,
        Severity::Error => 3,
        Severity::Warning => 4,
        Severity::Notice => 5,
    };
    let mut message = format!(
        "<{}>1 {} {} assayer - {} [{STRUCTURE}",
        FACILITY * 8 + severity,
        shown(alarm.raised_at),
        plain(node, 255),
        plain(&alarm.code, 32),
    );
    for (name, value) in values(alarm, &details) {
        message.push_str(&format!(" {name}=\"{}\"", parameter(&value)));
    }
    message.push_str("] ");
    let text = match &details {
        Told::Expiry(details) => format!("{}. {}.", details.sentence, details.action),
        Told::Event(details) => format!("{}. {}.", details.sentence, details.action),
        Told::Nothing => escape(&alarm.subject),
    };
    let text: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if !text.is_ascii() {
        // RFC 5424 6.4: this says that it is UTF-8
        message.push('\u{feff}');
    }
    let room = LONGEST.saturating_sub(message.len());
    message.push_str(cut(&text, room));
    message.into_bytes()
}

fn values(alarm: &Alarm, told: &Told) -> Vec<(String, String)> {
    let own = [("id", alarm.id.clone()), ("subject", alarm.subject.clone())];
    let mut values: Vec<_> = own.map(|(name, value)| (name.to_owned(), value)).into();
    match told {
        Told::Expiry(details) => {
            let named = of_expiry(details).map(|(name, value)| (name.to_owned(), value));
            values.extend(named);
        }
        Told::Event(details) => values.extend(of_event(details)),
        Told::Nothing => {}
    }
    values
}

fn of_expiry(details: &ExpiryDetails) -> [(&'static str, String); 7] {
    [
        ("serialNumber", details.serial_number.clone()),
        ("fingerprint", details.fingerprint.clone()),
        ("notAfter", details.not_after.clone()),
        ("daysLeft", details.days_left.to_string()),
        ("names", details.alternative_names.join(", ")),
        ("places", places(&details.places)),
        ("owners", owners(&details.places)),
    ]
}

/// RFC 5424 6.3.3: a name is printable US-ASCII without `=`, `]` and `"`; ours are letters and digits.
fn of_event(details: &EventDetails) -> Vec<(String, String)> {
    let is_name = |name: &str| {
        !name.is_empty() && name.len() <= 32 && name.bytes().all(|octet| octet.is_ascii_alphanumeric())
    };
    let known = details
        .values
        .iter()
        .filter(|value| is_name(&value.name) && !["id", "subject"].contains(&value.name.as_str()));
    let mut values: Vec<_> = known.map(|value| (value.name.clone(), value.value.clone())).collect();
    let more = [("places", places(&details.places)), ("services", details.services.join(", "))];
    values.extend(
        more.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value)),
    );
    values
}

fn places(places: &[PlaceDetails]) -> String {
    places.iter().map(PlaceDetails::words).collect::<Vec<_>>().join(", ")
}

fn owners(places: &[PlaceDetails]) -> String {
    let mut owners: Vec<&str> = places.iter().map(|place| place.owner.as_str()).collect();
    owners.sort_unstable();
    owners.dedup();
    owners.join(", ")
}

/// RFC 5424 6.3.3: in a value `"`, `\` and `]` stand behind a `\`. What is invisible is shown first.
fn parameter(value: &str) -> String {
    let shown = escape(value);
    let mut escaped = String::new();
    for letter in cut(&shown, LONGEST_VALUE).chars() {
        if matches!(letter, '"' | '\\' | ']') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// A field of the header: printable US-ASCII, `-` where nothing is left.
fn plain(text: &str, longest: usize) -> String {
    let plain: String = text.chars().filter(char::is_ascii_graphic).take(longest).collect();
    if plain.is_empty() { "-".to_owned() } else { plain }
}

/// The beginning of a text, in whole characters.
fn cut(text: &str, longest: usize) -> &str {
    let end = (0..=longest.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alarm::document::PlaceDetails;
    use crate::storage::{AlarmState, Stage};

    fn details(subject: &str) -> ExpiryDetails {
        ExpiryDetails {
            title: "t".to_owned(),
            sentence: format!("The certificate \"{}\" expires", escape(subject)),
            action: "Renew it".to_owned(),
            fingerprint: "ab".repeat(32),
            subject: subject.to_owned(),
            alternative_names: vec!["a.example".to_owned(), "b.example".to_owned()],
            serial_number: "0a".to_owned(),
            not_before: shown(0),
            not_after: shown(86_400),
            days_left: 1,
            times: 1,
            places: vec![PlaceDetails {
                kind: "identity".to_owned(),
                room: "tomcat".to_owned(),
                node: Some("n1".to_owned()),
                owner: "alice".to_owned(),
                description: String::new(),
            }],
        }
    }

    fn alarm(subject: &str) -> Alarm {
        Alarm {
            id: "0123".to_owned(),
            watched: [0xab; 32],
            code: "expiry.approaching".to_owned(),
            stage: Some(Stage::Approaching),
            severity: Severity::Warning,
            subject: subject.to_owned(),
            document: serde_json::to_string(&details(subject)).unwrap(),
            raised_at: 0,
            state: AlarmState::Open,
            snoozed_until: None,
            answered_at: None,
            answered_by: String::new(),
        }
    }

    // R-MON-15
    #[test]
    fn r_mon_15_a_message_is_that_of_the_standard() {
        let expected = format!(
            "<28>1 1970-01-01T00:00:00Z n1.example assayer - expiry.approaching [alarm@32473 id=\"0123\" \
             subject=\"CN=a\" serialNumber=\"0a\" fingerprint=\"{}\" notAfter=\"1970-01-02T00:00:00Z\" daysLeft=\"1\" \
             names=\"a.example, b.example\" places=\"tomcat on n1\" owners=\"alice\"] The certificate \"CN=a\" expires. \
             Renew it.",
            "ab".repeat(32)
        );
        assert_eq!(String::from_utf8(message(&alarm("CN=a"), "n1.example")).unwrap(), expected);
    }

    #[test]
    fn what_a_certificate_holds_ends_no_line_and_no_field() {
        let hostile = "CN=a\r\n<0>1 - - - - - -\0\u{1b}[31m \"]\\ \u{202e}\u{85}";
        let text = String::from_utf8(message(&alarm(hostile), "n 1\n")).unwrap();
        assert!(!text.chars().any(|letter| letter.is_control() || letter == '\u{202e}'), "{text}");
        assert!(text.contains(r#"subject="CN=a\\u{d}\\u{a}<0>1"#), "{text}");
        assert!(text.contains(r#"\\\"\]\\ \\u{202e}\\u{85}""#), "{text}");
        assert!(text.starts_with("<28>1 1970-01-01T00:00:00Z n1 assayer - expiry.approaching ["), "{text}");
        let without = Alarm { document: "not JSON".to_owned(), ..alarm(hostile) };
        let text = String::from_utf8(message(&without, "")).unwrap();
        assert!(!text.chars().any(char::is_control) && text.contains("Z - assayer"), "{text}");
    }

    #[test]
    fn a_message_is_never_longer_than_receivers_take() {
        for letter in ["]", "\"", "\\", "\n", "ä", "𝄞", "a"] {
            let mut details = details(&letter.repeat(5_000));
            details.sentence = letter.repeat(5_000);
            details.alternative_names = vec![letter.repeat(5_000); 100];
            details.places[0].room = letter.repeat(5_000);
            details.places[0].owner = letter.repeat(5_000);
            let document = serde_json::to_string(&details).unwrap();
            let long = Alarm { document, ..alarm(&letter.repeat(5_000)) };
            let octets = message(&long, &"n".repeat(300));
            assert!(octets.len() <= LONGEST, "{letter}: {}", octets.len());
            assert!(String::from_utf8(octets).is_ok_and(|text| text.contains("\"] ")));
        }
    }
}
