//! R-MON through the component: what is told when, and when it is looked at again.

use host_server::component::contract::request::Mode;
use host_server::component::contract::watching::{Stage, Told, Watched, WatchedKind};
use host_server::component::{Session, Validator};

use crate::edge::engine;

const DAY: i64 = 86_400;
const NOW: i64 = 1_800_000_000;

fn opened(settings: &str) -> (Session, Validator) {
    let mut session = engine().session().unwrap();
    let validator = session.validator(settings, Mode::AsWritten).unwrap().unwrap();
    (session, validator)
}

fn expiring(left: i64) -> Watched {
    let kind = WatchedKind::Certificate;
    Watched { kind, begins: 0, expires: NOW + left, told: None, silenced: None }
}

// R-MON-9, R-MON-10, R-MON-12
#[test]
fn r_mon_what_is_due_follows_from_the_policy_document() {
    let (mut session, validator) = opened("[monitoring]\nstart-days = 10\nevery = 2\n");
    let told = |days: i64| Told { at: NOW - days * DAY, stage: Stage::Approaching };
    let watched = [
        expiring(10 * DAY + 1),
        expiring(10 * DAY),
        Watched { told: Some(told(1)), ..expiring(5 * DAY) },
        Watched { told: Some(told(2)), ..expiring(5 * DAY) },
        Watched { kind: WatchedKind::LocallySignificant, ..expiring(-1) },
        expiring(-1),
    ];
    let found = session.expiry(&validator, &watched, NOW).unwrap();
    let found: Vec<_> = found.iter().map(|one| (one.stage, one.is_due)).collect();
    let expected = [
        (None, false),
        (Some(Stage::Approaching), true),
        (Some(Stage::Approaching), false),
        (Some(Stage::Approaching), true),
        (None, false),
        (Some(Stage::Expired), true),
    ];
    assert_eq!(found, expected);
}

// R-MON-1, R-MON-2, R-MON-4, R-MON-7, R-MON-8
#[test]
fn r_mon_when_to_look_again_follows_from_the_soonest_end() {
    let (mut session, validator) = opened("");
    let mut seconds = |soonest| session.watch_seconds(&validator, soonest, NOW).unwrap();
    assert_eq!([None, Some(NOW + DAY + 1)].map(&mut seconds), [Some(86_400); 2]);
    assert_eq!([Some(NOW + DAY), Some(NOW - DAY)].map(&mut seconds), [Some(3_600); 2]);
    let (mut session, validator) = opened("monitoring.monitor = \"disabled\"");
    assert_eq!(session.watch_seconds(&validator, Some(NOW), NOW).unwrap(), None);
}

// R-MON-11, R-MON-13
#[test]
fn r_mon_11_nobody_gets_mail_unless_it_is_on() {
    let recipients = |switch: &str| {
        let text = format!("[monitoring]\naddresses = \"a@x; b@y\"\ne-mail = \"{switch}\"\n");
        let (mut session, validator) = opened(&text);
        session.recipients(&validator).unwrap()
    };
    assert_eq!(recipients("enabled"), ["a@x", "b@y"]);
    assert!(recipients("disabled").is_empty());
}
