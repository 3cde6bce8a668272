//! Instants, and the two ASN.1 time forms a certificate may use (RFC 5280 4.1.2.5.1, 4.1.2.5.2).
//! There is no `now`: a time is always an argument.

use std::fmt;

/// A moment, in whole seconds since 1970-01-01T00:00:00Z; negative before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(i64);

/// Which ASN.1 form carried a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeForm {
    /// `YYMMDDHHMMSSZ`; years 1950 to 2049.
    UtcTime,
    /// `YYYYMMDDHHMMSSZ`.
    GeneralizedTime,
}

const SECONDS_A_DAY: i64 = 86_400;

impl Instant {
    /// From seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// Reads `YYMMDDHHMMSSZ`; years below 50 belong to the 21st century (RFC 5280 4.1.2.5.1).
    #[must_use]
    pub fn from_utc_time(text: &[u8]) -> Option<Self> {
        let (year, rest) = digits(text, 2)?;
        let century = if year < 50 { 2000 } else { 1900 };
        from_civil(century_year(century, year)?, rest)
    }

    /// Reads `YYYYMMDDHHMMSSZ`, without fractions (RFC 5280 4.1.2.5.2).
    #[must_use]
    pub fn from_generalized_time(text: &[u8]) -> Option<Self> {
        let (year, rest) = digits(text, 4)?;
        from_civil(year, rest)
    }
}

fn century_year(century: i64, year: i64) -> Option<i64> {
    century.checked_add(year)
}

fn digits(text: &[u8], count: usize) -> Option<(i64, &[u8])> {
    let (head, rest) = text.split_at_checked(count)?;
    let value = head.iter().try_fold(0_i64, |value, octet| {
        octet.is_ascii_digit().then(|| value.checked_mul(10)?.checked_add(i64::from(octet & 0x0f)))?
    })?;
    Some((value, rest))
}

/// Month to seconds and the closing `Z`; every field must exist in the calendar.
fn from_civil(year: i64, text: &[u8]) -> Option<Instant> {
    let (month, text) = digits(text, 2)?;
    let (day, text) = digits(text, 2)?;
    let (hour, text) = digits(text, 2)?;
    let (minute, text) = digits(text, 2)?;
    let (second, text) = digits(text, 2)?;
    let in_range = (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if text != b"Z" || !in_range {
        return None;
    }
    let in_day = hour.checked_mul(3600)?.checked_add(minute.checked_mul(60)?)?.checked_add(second)?;
    days_from_civil(year, month, day)?.checked_mul(SECONDS_A_DAY)?.checked_add(in_day).map(Instant)
}

fn is_leap(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, counting years from March.
fn days_from_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    let shifted_year = if month > 2 { year } else { year.checked_sub(1)? };
    let shifted_month = if month > 2 { month.checked_sub(3)? } else { month.checked_add(9)? };
    let leaps = shifted_year
        .div_euclid(4)
        .checked_sub(shifted_year.div_euclid(100))?
        .checked_add(shifted_year.div_euclid(400))?;
    let in_year = shifted_month.checked_mul(153)?.checked_add(2)?.div_euclid(5).checked_add(day)?;
    shifted_year.checked_mul(365)?.checked_add(leaps)?.checked_add(in_year)?.checked_sub(719_469)
}

/// The inverse of [`days_from_civil`]: year, month and day.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let in_era = shifted.rem_euclid(146_097);
    let year_of_era = in_era
        .saturating_sub(in_era.div_euclid(1_460))
        .saturating_add(in_era.div_euclid(36_524))
        .saturating_sub(in_era.div_euclid(146_096))
        .div_euclid(365);
    let before = year_of_era
        .saturating_mul(365)
        .saturating_add(year_of_era.div_euclid(4))
        .saturating_sub(year_of_era.div_euclid(100));
    let in_year = in_era.saturating_sub(before);
    let shifted_month = in_year.saturating_mul(5).saturating_add(2).div_euclid(153);
    let day = in_year
        .saturating_sub(shifted_month.saturating_mul(153).saturating_add(2).div_euclid(5))
        .saturating_add(1);
    let month =
        if shifted_month < 10 { shifted_month.saturating_add(3) } else { shifted_month.saturating_sub(9) };
    let year = year_of_era.saturating_add(era.saturating_mul(400)).saturating_add(i64::from(month <= 2));
    (year, month, day)
}

impl fmt::Display for Instant {
    /// RFC 3339, in UTC: `2026-11-21T12:00:00Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.0.div_euclid(SECONDS_A_DAY));
        let second = self.0.rem_euclid(SECONDS_A_DAY);
        let (hour, minute) = (second.div_euclid(3600), second.div_euclid(60).rem_euclid(60));
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}Z", second.rem_euclid(60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments() {
        let cases: [(&[u8], i64, &str); 5] = [
            (b"19700101000000Z", 0, "1970-01-01T00:00:00Z"),
            (b"20000229235959Z", 951_868_799, "2000-02-29T23:59:59Z"),
            (b"19491231235959Z", -631_152_001, "1949-12-31T23:59:59Z"),
            (b"20500101000000Z", 2_524_608_000, "2050-01-01T00:00:00Z"),
            (b"99991231235959Z", 253_402_300_799, "9999-12-31T23:59:59Z"),
        ];
        for (text, seconds, shown) in cases {
            let instant = Instant::from_generalized_time(text).unwrap();
            assert_eq!((instant.unix(), instant.to_string().as_str()), (seconds, shown));
        }
    }

    #[test]
    fn two_digit_years_turn_at_1950() {
        assert_eq!(Instant::from_utc_time(b"500101000000Z").unwrap().to_string(), "1950-01-01T00:00:00Z");
        assert_eq!(Instant::from_utc_time(b"491231235959Z").unwrap().to_string(), "2049-12-31T23:59:59Z");
    }

    #[test]
    fn every_day_of_four_centuries_round_trips() {
        for day in -146_097..146_097_i64 {
            let (year, month, dom) = civil_from_days(day);
            assert_eq!(days_from_civil(year, month, dom), Some(day));
        }
    }

    #[test]
    fn shapes_rfc_5280_forbids() {
        for text in [
            &b"20230229000000Z"[..],
            b"20231301000000Z",
            b"20230100000000Z",
            b"20230101240000Z",
            b"20230101006000Z",
            b"20230101000060Z",
            b"20230101000000",
            b"20230101000000+0000",
            b"20230101000000.5Z",
            b"2023010100Z",
            b"",
            b"2023-101000000Z",
        ] {
            assert_eq!(Instant::from_generalized_time(text), None);
        }
        assert_eq!(Instant::from_utc_time(b"2301010000Z"), None);
    }
}
