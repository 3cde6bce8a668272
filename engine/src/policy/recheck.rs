//! How long after one check of a certificate in use the next is due (R-REV). It reads no clock and keeps no list: a host
//! adds the interval to the moment of the last check, and never waits longer than the verdict's own `ask-again`.

use crate::settings::periodic::{Connection, IntervalUnit, PeriodicSettings, Switch};

/// What a certificate is in use for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// A connection that lasts.
    Connection(Connection),
    /// It is kept, in a slot or a trust store.
    Kept,
}

/// The interval in seconds; `None` where nothing is checked again.
///
/// R-REV-9: checks of what is kept do not need the validity check. R-REV-5: those of connections do. R-REV-8: where both
/// intervals are set, that of the periodic check is the one.
#[must_use]
pub fn interval_seconds(settings: &PeriodicSettings, used: Use) -> Option<u64> {
    let periodic = (settings.check == Switch::Enabled).then(|| periodic_seconds(settings));
    match used {
        Use::Kept => periodic,
        Use::Connection(connection) => {
            let is_watched =
                settings.validity_check == Switch::Enabled && settings.long_lived.contains(&connection);
            let own = settings.validity_check_hours.map(|hours| seconds(hours, IntervalUnit::Hours));
            is_watched.then(|| periodic.or(own))?
        }
    }
}

/// R-REV-2, R-REV-3.
fn periodic_seconds(settings: &PeriodicSettings) -> u64 {
    seconds(settings.every, settings.unit)
}

fn seconds(count: u32, unit: IntervalUnit) -> u64 {
    let unit = match unit {
        IntervalUnit::Days => 86_400,
        IntervalUnit::Hours => 3_600,
    };
    u64::from(count).saturating_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(check: Switch, validity_check: Switch) -> PeriodicSettings {
        PeriodicSettings {
            check,
            every: 2,
            unit: IntervalUnit::Days,
            validity_check,
            validity_check_hours: Some(6),
            ..PeriodicSettings::shipped()
        }
    }

    const LDAP: Use = Use::Connection(Connection::Ldap);
    const DAYS: Option<u64> = Some(2 * 86_400);

    // R-REV-1, R-REV-9
    #[test]
    fn r_rev_1_and_9_what_is_kept_is_checked_where_the_periodic_check_is_on() {
        use Switch::{Disabled, Enabled};
        for validity_check in [Disabled, Enabled] {
            assert_eq!(interval_seconds(&settings(Disabled, validity_check), Use::Kept), None);
            assert_eq!(interval_seconds(&settings(Enabled, validity_check), Use::Kept), DAYS);
        }
        assert_eq!(interval_seconds(&PeriodicSettings::shipped(), Use::Kept), None);
    }

    #[test]
    fn r_rev_5_connections_need_the_validity_check() {
        use Switch::{Disabled, Enabled};
        assert_eq!(interval_seconds(&settings(Disabled, Disabled), LDAP), None);
        assert_eq!(interval_seconds(&settings(Enabled, Disabled), LDAP), None);
        assert_eq!(interval_seconds(&settings(Disabled, Enabled), LDAP), Some(6 * 3_600));
    }

    #[test]
    fn r_rev_8_the_periodic_interval_takes_precedence() {
        let both = settings(Switch::Enabled, Switch::Enabled);
        assert_eq!(interval_seconds(&both, LDAP), DAYS);
        let hours = PeriodicSettings { every: 1, unit: IntervalUnit::Hours, ..both };
        assert_eq!(interval_seconds(&hours, LDAP), Some(3_600));
    }

    #[test]
    fn r_rev_4_only_connections_that_are_listed_are_long_lived() {
        let all = settings(Switch::Enabled, Switch::Enabled);
        for connection in Connection::ALL {
            assert_eq!(interval_seconds(&all, Use::Connection(connection)), DAYS);
            let mut without = all.clone();
            without.long_lived.remove(&connection);
            assert_eq!(interval_seconds(&without, Use::Connection(connection)), None);
        }
    }
}
