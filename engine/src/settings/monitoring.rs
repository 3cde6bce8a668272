//! What the administrator chose about watching what expires (R-MON-2, R-MON-9 to R-MON-13). What is told when is
//! `policy::expiry`'s.

use super::periodic::{IntervalUnit, Switch};

/// Most recipients of mail. Ours: each digest is sent to every one of them.
pub const MAXIMUM_ADDRESSES: usize = 50;
/// Longest address (RFC 5321 4.5.3.1.3, without its angle brackets).
const MAXIMUM_OCTETS: usize = 254;
/// Longest part before the `@` (RFC 5321 4.5.3.1.1).
const MAXIMUM_LOCAL_OCTETS: usize = 64;

/// How expiry is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonitoringSettings {
    /// Whether anything is watched at all (R-MON-1, R-MON-2).
    pub monitor: Switch,
    /// How many days before it expires something is told for the first time (R-MON-9).
    pub start_days: u32,
    /// How often it is told again: so many units (R-MON-10).
    pub every: u32,
    /// The unit.
    pub unit: IntervalUnit,
    /// Whether it is told by mail too (R-MON-11).
    pub e_mail: Switch,
    /// Who is told (R-MON-13).
    pub addresses: Vec<String>,
    /// Whether locally significant certificates of phones are watched (R-MON-12).
    pub locally_significant: Switch,
}

impl MonitoringSettings {
    /// As shipped: on (R-MON-2), from 30 days before, every seven days, without mail.
    #[must_use]
    pub fn shipped() -> Self {
        Self {
            monitor: Switch::Enabled,
            start_days: 30,
            every: 7,
            unit: IntervalUnit::Days,
            e_mail: Switch::Disabled,
            addresses: Vec::new(),
            locally_significant: Switch::Disabled,
        }
    }
}

/// What is wrong with a list of addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressProblem {
    /// This is no address.
    Unusable(String),
    /// There are more than [`MAXIMUM_ADDRESSES`].
    TooMany,
}

/// Reads addresses separated by semicolons; blanks around them and empty places do not count (R-MON-13).
///
/// An address is a dot-string of RFC 5321 4.1.2 and a host name: quoted local parts and address literals, of which
/// nobody has one in use, are where header injection hides.
///
/// # Errors
/// The first that is no address, or that there are too many.
pub fn addresses(list: &str) -> Result<Vec<String>, AddressProblem> {
    let mut found: Vec<String> = Vec::new();
    for part in list.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        if !is_address(part) {
            return Err(AddressProblem::Unusable(part.chars().take(MAXIMUM_OCTETS).collect()));
        }
        if !found.iter().any(|known| known == part) {
            found.push(part.to_owned());
        }
        if found.len() > MAXIMUM_ADDRESSES {
            return Err(AddressProblem::TooMany);
        }
    }
    Ok(found)
}

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let is_atom = |atom: &str| !atom.is_empty() && atom.bytes().all(is_atext);
    text.len() <= MAXIMUM_OCTETS
        && local.len() <= MAXIMUM_LOCAL_OCTETS
        && local.split('.').all(is_atom)
        && domain.split('.').all(is_label)
}

/// RFC 5322 3.2.3.
fn is_atext(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&octet)
}

/// RFC 5321 4.1.2, `sub-domain`.
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    // R-MON-13
    #[test]
    fn r_mon_13_addresses_are_separated_by_semicolons() {
        assert_eq!(
            addresses(" a@x.example ;b@y ; ;a@x.example;"),
            Ok(vec!["a@x.example".into(), "b@y".into()])
        );
        assert_eq!(addresses(""), Ok(vec![]));
        let wrong = "a@x.example,b@y.example";
        assert_eq!(addresses(wrong), Err(AddressProblem::Unusable(wrong.to_owned())));
    }

    #[test]
    fn nothing_that_could_end_a_line_or_a_header_is_an_address() {
        for wrong in [
            "a",
            "@x",
            "a@",
            "a@x\r\nBcc: b@y",
            "a b@x",
            "<a@x>",
            "\"a b\"@x",
            "a@[127.0.0.1]",
            "a..b@x",
            ".a@x",
            "a@-x",
            "a@x..y",
            "ä@x",
            "a@x\0",
        ] {
            assert_eq!(addresses(wrong), Err(AddressProblem::Unusable(wrong.to_owned())), "{wrong:?}");
        }
        assert!(addresses(&format!("{}@x", "a".repeat(64))).is_ok());
        assert!(addresses(&format!("{}@x", "a".repeat(65))).is_err());
    }

    #[test]
    fn there_are_at_most_so_many_recipients() {
        let list = |count| (0..count).map(|n| format!("a{n}@x")).collect::<Vec<_>>().join(";");
        assert_eq!(addresses(&list(MAXIMUM_ADDRESSES)).map(|found| found.len()), Ok(MAXIMUM_ADDRESSES));
        assert_eq!(addresses(&list(MAXIMUM_ADDRESSES + 1)), Err(AddressProblem::TooMany));
    }

    // R-MON-2, R-MON-11
    #[test]
    fn r_mon_2_monitoring_is_on_as_shipped_and_mail_is_not() {
        let shipped = MonitoringSettings::shipped();
        assert_eq!((shipped.monitor, shipped.e_mail), (Switch::Enabled, Switch::Disabled));
    }
}
