//! What the administrator chose about checking again: how often the revocation of certificates in use is looked at
//! without anybody asking (R-REV-1 to R-REV-7). When a check is due is `policy::recheck`'s.

use crate::order;
use std::collections::BTreeSet;

/// When certificates in use are checked again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodicSettings {
    /// Whether revocation is checked periodically at all (R-REV-1).
    pub check: Switch,
    /// How often: so many units (R-REV-2).
    pub every: u32,
    /// The unit (R-REV-3).
    pub unit: IntervalUnit,
    /// Whether certificates behind long-lived connections are checked again while the connection lasts (R-REV-5).
    pub validity_check: Switch,
    /// How often that is where nothing else says so, in hours; `None` where it is not said (R-REV-7).
    pub validity_check_hours: Option<u32>,
    /// Which connections are long-lived (R-REV-4).
    pub long_lived: BTreeSet<Connection>,
}

/// Whether something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Switch {
    /// It is not.
    Disabled,
    /// It is.
    Enabled,
}

/// Unit of an interval (R-REV-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IntervalUnit {
    /// 24 hours.
    Days,
    /// 3,600 seconds.
    Hours,
}

/// A kind of connection that lasts long (R-REV-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Connection {
    /// Computer telephony integration.
    Cti,
    /// IPsec.
    Ipsec,
    /// LDAP.
    Ldap,
}

impl Connection {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Cti, Self::Ipsec, Self::Ldap];
}

impl PeriodicSettings {
    /// As shipped: off, as in the reference documents; once a day when switched on.
    #[must_use]
    pub fn shipped() -> Self {
        Self {
            check: Switch::Disabled,
            every: 24,
            unit: IntervalUnit::Hours,
            validity_check: Switch::Disabled,
            validity_check_hours: None,
            long_lived: order::set(Connection::ALL),
        }
    }
}
