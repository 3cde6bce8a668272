//! Which of the things that expire are told when, and when they are looked at next (R-MON, D-11). It reads no clock and
//! keeps no list: a host says what was told and when, and remembers what is told now.

use crate::settings::monitoring::MonitoringSettings;
use crate::settings::periodic::{IntervalUnit, Switch};
use crate::time::Instant;

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// Something that expires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// What it is.
    pub kind: WatchedKind,
    /// Since when it is good: notBefore, thisUpdate.
    pub begins: Instant,
    /// Until when it is good: notAfter, nextUpdate.
    pub expires: Instant,
    /// The last time it was told, and as what.
    pub told: Option<(Instant, Stage)>,
    /// What somebody answered to it.
    pub silenced: Option<Silenced>,
}

/// What expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WatchedKind {
    /// A certificate that is kept, whatever its place in a chain.
    Certificate,
    /// A locally significant certificate of a phone (R-MON-12).
    LocallySignificant,
    /// The certificate of an OCSP responder.
    Responder,
    /// A CRL.
    RevocationList,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It will expire before long.
    Approaching,
    /// It expires within a day.
    LastDay,
    /// It is expired.
    Expired,
}

/// An answer to what was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silenced {
    /// Known: not told again until it comes further.
    Acknowledged(Stage),
    /// Not told before this moment.
    Until(Instant),
}

/// How far something has come; `None` where it is too early, or not watched.
///
/// Certificates: so many days before they expire as is set (R-MON-9), the last of the days included. What is issued
/// anew all the time, CRLs and responders' certificates, only in the last tenth of its own lifetime, or a list that is
/// good for a day would never be silent.
#[must_use]
pub fn stage(settings: &MonitoringSettings, watched: &Watched, at: Instant) -> Option<Stage> {
    if !is_watched(settings, watched.kind) {
        return None;
    }
    let left = seconds_between(at, watched.expires);
    let start = i64::from(settings.start_days).saturating_mul(DAY);
    let (start, last_day) = match watched.kind {
        WatchedKind::Certificate | WatchedKind::LocallySignificant => (start, DAY),
        WatchedKind::Responder | WatchedKind::RevocationList => {
            let tenth = tenth_of(seconds_between(watched.begins, watched.expires));
            (start.min(tenth), DAY.min(tenth))
        }
    };
    match left {
        _ if left < 0 => Some(Stage::Expired),
        _ if left <= last_day => Some(Stage::LastDay),
        _ if left <= start => Some(Stage::Approaching),
        _ => None,
    }
}

/// What is to be told now. A stage that was not told yet is told at once; the same again only as often as is set
/// (R-MON-10), however often it is looked at (R-MON-7), and not at all where somebody answered.
#[must_use]
pub fn to_tell(settings: &MonitoringSettings, watched: &Watched, at: Instant) -> Option<Stage> {
    let stage = stage(settings, watched, at)?;
    let is_silent = match watched.silenced {
        Some(Silenced::Acknowledged(known)) => stage <= known,
        Some(Silenced::Until(moment)) => at < moment,
        None => false,
    };
    let is_due = match watched.told {
        Some((when, told)) if stage <= told => seconds_between(when, at) >= frequency_seconds(settings),
        Some(_) | None => true,
    };
    (is_due && !is_silent).then_some(stage)
}

/// How long after one look the next is due, in seconds, by the soonest end of any certificate that is watched; `None`
/// where nothing is (R-MON-1).
///
/// R-MON-4: a day. R-MON-7, R-MON-8, D-11: an hour where one is expired or expires within a day; not sooner (R-MON-6).
/// A service that starts waits this long too (R-MON-5).
#[must_use]
pub fn interval_seconds(settings: &MonitoringSettings, soonest: Option<Instant>, at: Instant) -> Option<u64> {
    if settings.monitor == Switch::Disabled {
        return None;
    }
    let is_close = soonest.is_some_and(|soonest| seconds_between(at, soonest) <= DAY);
    u64::try_from(if is_close { HOUR } else { DAY }).ok()
}

/// How long before its end anything is told at the earliest (R-MON-9); `None` where nothing is (R-MON-1). What ends later
/// need not be looked at.
#[must_use]
pub fn look_ahead_seconds(settings: &MonitoringSettings) -> Option<u64> {
    let start = i64::from(settings.start_days).saturating_mul(DAY).max(DAY);
    (settings.monitor == Switch::Enabled).then_some(start).and_then(|start| u64::try_from(start).ok())
}

/// R-MON-1, R-MON-12.
#[must_use]
pub fn is_watched(settings: &MonitoringSettings, kind: WatchedKind) -> bool {
    settings.monitor == Switch::Enabled
        && (kind != WatchedKind::LocallySignificant || settings.locally_significant == Switch::Enabled)
}

fn frequency_seconds(settings: &MonitoringSettings) -> i64 {
    let unit = match settings.unit {
        IntervalUnit::Days => DAY,
        IntervalUnit::Hours => HOUR,
    };
    i64::from(settings.every).saturating_mul(unit)
}

fn seconds_between(earlier: Instant, later: Instant) -> i64 {
    later.unix().saturating_sub(earlier.unix())
}

fn tenth_of(seconds: i64) -> i64 {
    seconds.checked_div(10).unwrap_or_default().max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(seconds: i64) -> Instant {
        Instant::from_unix(seconds.saturating_add(1_800_000_000))
    }

    fn expiring(kind: WatchedKind, seconds: i64) -> Watched {
        Watched {
            kind,
            begins: moment(seconds.saturating_sub(DAY.saturating_mul(100))),
            expires: moment(seconds),
            told: None,
            silenced: None,
        }
    }

    fn certificate(seconds: i64) -> Watched {
        expiring(WatchedKind::Certificate, seconds)
    }

    fn shipped() -> MonitoringSettings {
        MonitoringSettings::shipped()
    }

    fn now() -> Instant {
        moment(0)
    }

    // R-MON-4, R-MON-6, R-MON-7, R-MON-8
    #[test]
    fn r_mon_4_to_8_looked_at_once_a_day_and_once_an_hour_from_the_last_day_on() {
        let interval = |left: i64| interval_seconds(&shipped(), Some(moment(left)), now());
        assert_eq!(interval_seconds(&shipped(), None, now()), Some(86_400));
        for day in 2..=7 {
            assert_eq!(interval(day * DAY), Some(86_400));
        }
        assert_eq!(interval(DAY + 1), Some(86_400));
        assert_eq!(interval(DAY), Some(3_600));
        assert_eq!(interval(0), Some(3_600));
        assert_eq!(interval(-400 * DAY), Some(3_600));
    }

    // R-MON-1
    #[test]
    fn r_mon_1_nothing_is_looked_at_where_the_monitor_is_off() {
        let off = MonitoringSettings { monitor: Switch::Disabled, ..shipped() };
        assert_eq!(interval_seconds(&off, Some(now()), now()), None);
        assert_eq!(to_tell(&off, &certificate(-1), now()), None);
        assert_eq!(look_ahead_seconds(&off), None);
    }

    // R-MON-9
    #[test]
    fn r_mon_9_told_from_the_day_on_that_is_set() {
        let start = 30 * DAY;
        for (left, expected) in [
            (31 * DAY, None),
            (start + 1, None),
            (start, Some(Stage::Approaching)),
            (DAY + 1, Some(Stage::Approaching)),
            (DAY, Some(Stage::LastDay)),
            (0, Some(Stage::LastDay)),
            (-1, Some(Stage::Expired)),
        ] {
            assert_eq!(to_tell(&shipped(), &certificate(left), now()), expected, "{left}");
        }
    }

    // R-MON-9
    #[test]
    fn r_mon_9_nothing_is_told_that_is_not_looked_at() {
        for start_days in [0, 1, 30] {
            let settings = MonitoringSettings { start_days, ..shipped() };
            let ahead = i64::try_from(look_ahead_seconds(&settings).unwrap()).unwrap();
            assert!(stage(&settings, &certificate(ahead), now()).is_some());
            assert_eq!(stage(&settings, &certificate(ahead + 1), now()), None);
        }
    }

    // R-MON-10
    #[test]
    fn r_mon_10_told_again_only_as_often_as_is_set_whatever_the_cadence() {
        let told = |ago: i64, stage| Watched { told: Some((moment(-ago), stage)), ..certificate(10 * DAY) };
        let week = 7 * DAY;
        assert_eq!(to_tell(&shipped(), &told(week - 1, Stage::Approaching), now()), None);
        assert_eq!(to_tell(&shipped(), &told(week, Stage::Approaching), now()), Some(Stage::Approaching));
        let hourly = MonitoringSettings { every: 2, unit: IntervalUnit::Hours, ..shipped() };
        assert_eq!(to_tell(&hourly, &told(2 * HOUR - 1, Stage::Approaching), now()), None);
        assert_eq!(to_tell(&hourly, &told(2 * HOUR, Stage::Approaching), now()), Some(Stage::Approaching));
    }

    #[test]
    fn a_stage_that_is_new_is_told_at_once() {
        for (left, before, expected) in [
            (DAY, Stage::Approaching, Some(Stage::LastDay)),
            (-1, Stage::LastDay, Some(Stage::Expired)),
            (-1, Stage::Expired, None),
            // a replacement that is good for longer is told as what it is, when it is due
            (10 * DAY, Stage::Expired, None),
        ] {
            let watched = Watched { told: Some((moment(-HOUR), before)), ..certificate(left) };
            assert_eq!(to_tell(&shipped(), &watched, now()), expected, "{left} {before:?}");
        }
    }

    #[test]
    fn an_answer_silences_until_it_comes_further_or_until_its_moment() {
        let answered = |left, silenced| Watched { silenced: Some(silenced), ..certificate(left) };
        let known = Silenced::Acknowledged(Stage::Approaching);
        assert_eq!(to_tell(&shipped(), &answered(10 * DAY, known), now()), None);
        assert_eq!(to_tell(&shipped(), &answered(DAY, known), now()), Some(Stage::LastDay));
        assert_eq!(to_tell(&shipped(), &answered(-1, Silenced::Until(moment(1))), now()), None);
        assert_eq!(to_tell(&shipped(), &answered(-1, Silenced::Until(now())), now()), Some(Stage::Expired));
    }

    // R-MON-12
    #[test]
    fn r_mon_12_certificates_of_phones_are_watched_where_that_is_set() {
        let phone = expiring(WatchedKind::LocallySignificant, DAY);
        assert_eq!(to_tell(&shipped(), &phone, now()), None);
        let on = MonitoringSettings { locally_significant: Switch::Enabled, ..shipped() };
        assert_eq!(to_tell(&on, &phone, now()), Some(Stage::LastDay));
    }

    #[test]
    fn what_is_issued_all_the_time_is_told_in_the_last_tenth_of_its_lifetime() {
        let list = |lifetime: i64, left: i64| Watched {
            begins: moment(left - lifetime),
            ..expiring(WatchedKind::RevocationList, left)
        };
        assert_eq!(stage(&shipped(), &list(DAY, 8_641), now()), None);
        assert_eq!(stage(&shipped(), &list(DAY, 8_640), now()), Some(Stage::LastDay));
        assert_eq!(stage(&shipped(), &list(DAY, -1), now()), Some(Stage::Expired));
        assert_eq!(stage(&shipped(), &list(100 * DAY, 10 * DAY), now()), Some(Stage::Approaching));
        assert_eq!(stage(&shipped(), &list(100 * DAY, 10 * DAY + 1), now()), None);
        // never earlier than is set, and a list that ends before it begins is not good
        assert_eq!(stage(&shipped(), &list(1_000 * DAY, 30 * DAY + 1), now()), None);
        assert_eq!(stage(&shipped(), &list(-DAY, -1), now()), Some(Stage::Expired));
        assert_eq!(stage(&shipped(), &list(-DAY, 1), now()), None);
    }

    // R-MON-4, R-MON-5: a service that is restarted looks when the interval has passed since its start, and what it
    // told is told again only when it is due.
    #[test]
    fn r_mon_5_a_simulated_month_tells_each_thing_as_often_as_is_set() {
        let mut watched = certificate(20 * DAY);
        let (mut at, mut looks, mut told) = (now(), 0, Vec::new());
        while at < moment(25 * DAY) {
            let wait = interval_seconds(&shipped(), Some(watched.expires), at).unwrap();
            at = Instant::from_unix(at.unix() + i64::try_from(wait).unwrap());
            looks += 1;
            if let Some(stage) = to_tell(&shipped(), &watched, at) {
                watched.told = Some((at, stage));
                told.push(((at.unix() - now().unix()) / DAY, stage));
            }
        }
        // 19 days by the day, then by the hour
        assert_eq!(looks, 19 + 6 * 24);
        let expected = [
            (1, Stage::Approaching),
            (8, Stage::Approaching),
            (15, Stage::Approaching),
            (19, Stage::LastDay),
            (20, Stage::Expired),
        ];
        assert_eq!(told, expected);
    }
}
