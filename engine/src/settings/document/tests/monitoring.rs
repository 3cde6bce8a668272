//! The table `[monitoring]`: R-MON-2, R-MON-9 to R-MON-13.

use super::{check, refused, sound};
use crate::settings::document::problem::DocumentProblem;
use crate::settings::monitoring::{MAXIMUM_ADDRESSES, MonitoringSettings};
use crate::settings::periodic::{IntervalUnit, Switch};

// R-MON-9, R-MON-10, R-MON-11, R-MON-12
#[test]
fn r_mon_9_to_13_what_is_written_is_what_is_set() {
    let written = sound(
        "[monitoring]\nmonitor = \"enabled\"\nstart-days = 60\nevery = 12\nunit = \"hours\"\n\
         e-mail = \"enabled\"\naddresses = \"a@x.example; b@y.example\"\nlocally-significant = \"True\"\n",
    );
    let expected = MonitoringSettings {
        monitor: Switch::Enabled,
        start_days: 60,
        every: 12,
        unit: IntervalUnit::Hours,
        e_mail: Switch::Enabled,
        addresses: vec!["a@x.example".to_owned(), "b@y.example".to_owned()],
        locally_significant: Switch::Enabled,
    };
    assert_eq!(written.monitoring, expected);
    assert_eq!(sound("").monitoring, MonitoringSettings::shipped());
}

#[test]
fn other_numbers_and_addresses_are_refused() {
    for number in ["0", "-1", "366"] {
        let text = format!("monitoring.start-days = {number}");
        check(&text, 1, 25, "monitoring.start-days", "settings.out-of-range");
    }
    check("monitoring.start-days = \"soon\"", 1, 25, "monitoring.start-days", "settings.wrong-type");
    check("monitoring.addresses = \"a@x,b@y\"", 1, 24, "monitoring.addresses", "settings.address");
    let many = vec!["a@x"; 1].into_iter().map(str::to_owned);
    let many: Vec<_> = many.chain((0..MAXIMUM_ADDRESSES).map(|n| format!("a{n}@x"))).collect();
    let text = format!("monitoring.addresses = \"{}\"", many.join(";"));
    check(&text, 1, 24, "monitoring.addresses", "settings.out-of-range");
}

// R-MON-11
#[test]
fn r_mon_11_mail_needs_somebody_to_read_it() {
    let error = refused("[monitoring]\ne-mail = \"enabled\"\n");
    assert_eq!(error.key, "monitoring.e-mail");
    assert!(matches!(error.problem, DocumentProblem::Contradiction { with: "monitoring.addresses", .. }));
    sound("[monitoring]\naddresses = \"a@x\"\n");
}
