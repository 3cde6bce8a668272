//! Moments as files and certificates write them. There is no clock here: every moment is given.

use std::num::Saturating;

use toml::value::{Datetime, Offset};

use crate::der;

/// Seconds of a day.
pub const DAY: i64 = 86_400;
/// The last moment that UTCTime has, RFC 5280 4.1.2.5.
const LAST_OF_UTC_TIME: i64 = 2_524_607_999;
/// The first one: two digits of a year from 50 on are of the century before.
const FIRST_OF_UTC_TIME: i64 = -631_152_000;

/// The seconds since 1970-01-01T00:00:00Z of a date, a time and an offset; `None` where one of them is missing.
#[must_use]
pub fn of_datetime(moment: &Datetime) -> Option<i64> {
    let (date, time) = (moment.date?, moment.time?);
    let offset = match moment.offset? {
        Offset::Z => 0,
        Offset::Custom { minutes } => i64::from(minutes),
    };
    let days = days(i64::from(date.year), i64::from(date.month), i64::from(date.day));
    let minutes = Saturating(i64::from(time.hour)) * Saturating(60) + Saturating(i64::from(time.minute));
    let seconds = Saturating(days) * Saturating(DAY)
        + (minutes - Saturating(offset)) * Saturating(60)
        + Saturating(i64::from(time.second.unwrap_or(0)));
    Some(seconds.0)
}

/// The same of text as in RFC 3339.
#[must_use]
pub fn read(text: &str) -> Option<i64> {
    of_datetime(&text.parse().ok()?)
}

/// A Time: UTCTime until 2049, GeneralizedTime from then on (RFC 5280 4.1.2.5).
#[must_use]
pub fn time(seconds: i64) -> Vec<u8> {
    if !(FIRST_OF_UTC_TIME..=LAST_OF_UTC_TIME).contains(&seconds) {
        return generalized_time(seconds);
    }
    let digits = digits(seconds);
    der::element(0x17, digits.get(2..).unwrap_or_default().as_bytes())
}

/// A GeneralizedTime.
#[must_use]
pub fn generalized_time(seconds: i64) -> Vec<u8> {
    der::element(0x18, digits(seconds).as_bytes())
}

/// As in RFC 3339, in UTC.
#[must_use]
pub fn shown(seconds: i64) -> String {
    let (year, month, day) = civil(seconds.div_euclid(DAY));
    let (hour, minute, second) = clock(seconds);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

fn digits(seconds: i64) -> String {
    let (year, month, day) = civil(seconds.div_euclid(DAY));
    let (hour, minute, second) = clock(seconds);
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z")
}

fn clock(seconds: i64) -> (i64, i64, i64) {
    let rest = seconds.rem_euclid(DAY);
    (rest.div_euclid(3600), rest.div_euclid(60).rem_euclid(60), rest.rem_euclid(60))
}

/// Days since 1970-01-01 of a date in the Gregorian calendar; years begin in March, so that leap days come last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year.saturating_sub(1) } else { year };
    let month = month.saturating_add(9).rem_euclid(12);
    let of_year = Saturating(153) * Saturating(month) + Saturating(2);
    let before = Saturating(365) * Saturating(year) + Saturating(year.div_euclid(4))
        - Saturating(year.div_euclid(100))
        + Saturating(year.div_euclid(400));
    (before + Saturating(of_year.0.div_euclid(5)) + Saturating(day) - Saturating(719_469)).0
}

/// The date of a day since 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let leap = Saturating(day) - Saturating(day.div_euclid(1_460)) + Saturating(day.div_euclid(36_524))
        - Saturating(day.div_euclid(146_096));
    let year = leap.0.div_euclid(365);
    let of_year = Saturating(day)
        - (Saturating(365) * Saturating(year) + Saturating(year.div_euclid(4))
            - Saturating(year.div_euclid(100)));
    let march = of_year.0.saturating_mul(5).saturating_add(2).div_euclid(153);
    let begun = march.saturating_mul(153).saturating_add(2).div_euclid(5);
    let day = of_year.0.saturating_sub(begun).saturating_add(1);
    let month = march.saturating_add(2).rem_euclid(12).saturating_add(1);
    let year = era.saturating_mul(400).saturating_add(year).saturating_add(i64::from(month <= 2));
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_and_shown_again() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T23:59:59Z", 951_868_799),
            ("2026-11-22T12:00:00Z", 1_795_348_800),
            ("2050-01-01T00:00:00Z", 2_524_608_000),
            ("1950-01-01T00:00:00Z", -631_152_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] {
            assert_eq!(read(text), Some(seconds), "{text}");
            assert_eq!(shown(seconds), text);
        }
        assert_eq!(read("2026-11-22T13:00:00+01:00"), read("2026-11-22T12:00:00Z"));
        for none in ["2026-11-22", "2026-11-22T12:00:00", "soon", "2026-02-30T00:00:00Z"] {
            assert_eq!(read(none), None, "{none}");
        }
        // every day of 800 years comes back
        for day in -146_097..146_097 {
            let (year, month, of_month) = civil(day);
            assert_eq!(days(year, month, of_month), day);
        }
    }

    #[test]
    fn times_change_their_form_at_the_end_of_2049() {
        assert_eq!(time(2_524_607_999), der::element(0x17, b"491231235959Z"));
        assert_eq!(time(2_524_608_000), der::element(0x18, b"20500101000000Z"));
        assert_eq!(time(-631_152_000), der::element(0x17, b"500101000000Z"));
        assert_eq!(time(-631_152_001), der::element(0x18, b"19491231235959Z"));
    }
}
