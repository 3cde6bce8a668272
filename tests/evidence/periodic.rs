//! R-REV-1, R-REV-5, R-REV-8 through the component: when a certificate in use is to be checked again.

use host_server::component::contract::evaluate::Connection;
use host_server::component::contract::request::Mode;

use crate::edge::engine;

/// Seconds for what is kept, and for a certificate behind LDAP.
fn seconds(settings: &str) -> [Option<u64>; 2] {
    let mut session = engine().session().unwrap();
    let validator = session.validator(settings, Mode::AsWritten).unwrap().unwrap();
    [None, Some(Connection::Ldap)].map(|behind| session.recheck_seconds(&validator, behind).unwrap())
}

#[test]
fn r_rev_the_interval_is_that_of_the_settings() {
    assert_eq!(seconds(""), [None, None]);
    assert_eq!(seconds("[periodic]\ncheck = \"enabled\"\n"), [Some(86_400), None]);
    let own = "[periodic]\nvalidity-check = \"True\"\nvalidity-check-hours = 6\n";
    assert_eq!(seconds(own), [None, Some(21_600)]);
    let both = "check = \"enabled\"\nevery = 2\nunit = \"days\"\n";
    assert_eq!(seconds(&format!("{own}{both}")), [Some(172_800), Some(172_800)]);
}
