//! Moments as RFC 3339 text in UTC, as ASN.1 times and as seconds since 1970. No clock is read.

use crate::der;

/// How a time is written in a certificate (RFC 5280 4.1.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// UTCTime up to 2049, GeneralizedTime from 2050, as RFC 5280 wants.
    ByYear,
    /// UTCTime whatever the year.
    Utc,
    /// GeneralizedTime whatever the year.
    Generalized,
}

/// The ASN.1 encoding of RFC 3339 text such as `2024-01-01T00:00:00Z`.
///
/// # Panics
/// When `text` is not that.
#[must_use]
pub fn encode(text: &str, form: Form) -> Vec<u8> {
    let _ = seconds(text);
    let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == 'Z').collect();
    let utc = match form {
        Form::ByYear => digits.as_str() >= "1950" && digits.as_str() < "2050",
        Form::Utc => true,
        Form::Generalized => false,
    };
    if utc { der::text(der::UTC_TIME, &digits[2..]) } else { der::text(der::GENERALIZED_TIME, &digits) }
}

/// Seconds since 1970-01-01T00:00:00Z of RFC 3339 text in UTC.
///
/// # Panics
/// When `text` is not that.
#[must_use]
pub fn seconds(text: &str) -> i64 {
    assert!(text.len() == 20 && text.ends_with('Z'), "not an RFC 3339 moment in UTC: {text}");
    let field = |range: std::ops::Range<usize>| -> i64 { text[range].parse().expect("digits") };
    let days = days(field(0..4), field(5..7), field(8..10));
    days * 86_400 + field(11..13) * 3_600 + field(14..16) * 60 + field(17..19)
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_match_known_moments() {
        assert_eq!(seconds("1970-01-01T00:00:00Z"), 0);
        assert_eq!(seconds("2000-02-29T12:34:56Z"), 951_827_696);
        assert_eq!(seconds("2050-01-01T00:00:00Z"), 2_524_608_000);
        assert_eq!(seconds("1969-12-31T23:59:59Z"), -1);
    }

    #[test]
    fn the_form_changes_with_2050() {
        assert_eq!(encode("2049-12-31T23:59:59Z", Form::ByYear), der::text(der::UTC_TIME, "491231235959Z"));
        assert_eq!(
            encode("2050-01-01T00:00:00Z", Form::ByYear),
            der::text(der::GENERALIZED_TIME, "20500101000000Z")
        );
    }
}
