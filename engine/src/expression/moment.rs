//! Moments and durations in text: RFC 3339 in whole seconds, and numbers with `h`, `m` or `s`. Ranges are those of
//! `google.protobuf.Timestamp` and `google.protobuf.Duration` (cel-spec, "Timezones", "Abstract Types").

use crate::time::Instant;

/// 0001-01-01T00:00:00Z.
const FIRST: i64 = -62_135_596_800;
/// 9999-12-31T23:59:59Z.
const LAST: i64 = 253_402_300_799;
/// Ten thousand years.
const LONGEST: i64 = 315_576_000_000;

/// A moment of this many seconds, where there is one.
pub(super) fn moment(seconds: i64) -> Option<Instant> {
    (FIRST..=LAST).contains(&seconds).then(|| Instant::from_unix(seconds))
}

/// A duration of this many seconds, where it is not too long.
pub(super) fn duration(seconds: i64) -> Option<i64> {
    (-LONGEST..=LONGEST).contains(&seconds).then_some(seconds)
}

/// Reads `2026-11-22T06:50:00Z`, or with an offset such as `+01:00`.
pub(super) fn read_moment(text: &str) -> Option<Instant> {
    let (local, zone) = text.split_at_checked("2026-11-22T06:50:00".len())?;
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if marks.iter().any(|(place, mark)| local.as_bytes().get(*place) != Some(mark)) {
        return None;
    }
    let marked = |place: &usize| marks.iter().any(|(mark, _)| mark == place);
    let digits = local.bytes().enumerate().filter(|(place, _)| !marked(place)).map(|(_, octet)| octet);
    let form: Vec<u8> = digits.chain(*b"Z").collect();
    let seconds = Instant::from_generalized_time(&form)?.unix();
    moment(seconds.checked_sub(offset(zone)?)?)
}

/// Seconds east of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let two = |text: &str, below: i64| {
        let number = number(text).filter(|_| text.len() == 2)?;
        (number < below).then_some(number)
    };
    let seconds = two(hours, 24)?.checked_mul(3_600)?.checked_add(two(minutes, 60)?.checked_mul(60)?)?;
    seconds.checked_mul(sign)
}

/// Reads `1h30m`, `-90s`.
pub(super) fn read_duration(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    if rest.is_empty() {
        return None;
    }
    let mut seconds = 0_i64;
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let (digits, unit) = rest.split_at_checked(end)?;
        let mut letters = unit.chars();
        let each = match letters.next()? {
            'h' => 3_600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(number(digits)?.checked_mul(each)?)?;
        rest = letters.as_str();
    }
    duration(seconds.checked_mul(sign)?)
}

/// Digits alone: `parse` would take a sign.
fn number(text: &str) -> Option<i64> {
    text.bytes().all(|octet| octet.is_ascii_digit()).then(|| text.parse().ok())?
}
