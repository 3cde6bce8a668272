//! The table `[periodic]`: R-REV-1 to R-REV-7, D-20.

use super::{check, refused, sound};
use crate::settings::document::problem::DocumentProblem;
use crate::settings::periodic::{Connection, IntervalUnit, PeriodicSettings, Switch};

#[test]
fn r_rev_1_to_4_what_is_written_is_what_is_set() {
    let written = sound(
        "[periodic]\ncheck = \"enabled\"\nevery = 3\nunit = \"days\"\nvalidity-check = \"enabled\"\n\
         validity-check-hours = 12\nlong-lived = [\"ldap\", \"cti\"]\n",
    );
    let expected = PeriodicSettings {
        check: Switch::Enabled,
        every: 3,
        unit: IntervalUnit::Days,
        validity_check: Switch::Enabled,
        validity_check_hours: Some(12),
        long_lived: [Connection::Cti, Connection::Ldap].into(),
    };
    assert_eq!(written.periodic, expected);
    assert_eq!(sound("").periodic, PeriodicSettings::shipped());
    assert_eq!(sound("periodic.long-lived = []").periodic.long_lived, [].into());
}

#[test]
fn r_rev_6_the_documents_two_pairs_of_words_mean_the_same() {
    let one = sound("[periodic]\ncheck = \"enabled\"\nvalidity-check = \"True\"\n");
    let other = sound("[periodic]\ncheck = \"True\"\nvalidity-check = \"enabled\"\n");
    assert_eq!(one, other);
    assert_eq!(sound("periodic.check = \"False\""), sound("periodic.check = \"disabled\""));
}

#[test]
fn r_rev_2_and_3_other_numbers_and_units_are_refused() {
    for number in ["0", "-1", "367"] {
        check(&format!("periodic.every = {number}"), 1, 18, "periodic.every", "settings.out-of-range");
    }
    check("periodic.every = \"daily\"", 1, 18, "periodic.every", "settings.wrong-type");
    check("periodic.unit = \"minutes\"", 1, 17, "periodic.unit", "settings.unknown-word");
    check("periodic.long-lived = [\"sip\"]", 1, 24, "periodic.long-lived[0]", "settings.unknown-word");
}

#[test]
fn r_rev_7_a_validity_check_needs_an_interval() {
    let error = refused("[periodic]\nvalidity-check = \"enabled\"\n");
    assert_eq!(error.key, "periodic.validity-check");
    assert!(matches!(
        error.problem,
        DocumentProblem::Contradiction { with: "periodic.validity-check-hours", .. }
    ));
    // R-REV-8: the periodic check's will do.
    sound("[periodic]\nvalidity-check = \"enabled\"\ncheck = \"enabled\"\n");
    sound("[periodic]\nvalidity-check = \"enabled\"\nvalidity-check-hours = 1\n");
}
