//! The attack cases on CRLs, C-01 to C-20. Unless a case says otherwise: root -> leaf, and the list is supplied.
//!
//! Where a case is about a host too: C-09 (a restart) and C-12 (what is stored) are the cache's and its tests' in
//! `tests/hosts/cache.rs`; here, that a validator is asked with what it keeps, and that an older list takes nobody's
//! place.

use std::time::Duration;

use host_server::component::limits::Ceilings;
use pki::certificate::{Issued, Sketch};
use pki::crl::{CrlSketch, PointName, Scope, certificate_issuer, distribution_point, reason_code};
use pki::extension::Extension;
use pki::ocsp::{Entry, Response};
use pki::time::{self, Form};
use pki::{der, name};

use crate::edge::{
    BOTH, CommonCriteria, Question, Reply, ask, ask_validator, ask_world, engine, offline, validator,
};
use crate::family::{crl_uri, with_point};
use crate::ocsp::{assert_good, assert_revoked, assert_undetermined, leaf, root};

const SERIAL: &[u8] = &[0x51];
const PART_1: PointName<'_> = PointName::Full(&["uri:http://a.example/1"]);
const PART_2: PointName<'_> = PointName::Full(&["uri:http://a.example/2"]);
/// No certificate here names a responder: nobody is asked, so that the reason of a CRL is the one named.
const NOBODY_ELSE: &str = "[revocation]\nsources = [\"ocsp\"]\n";

fn list() -> CrlSketch {
    CrlSketch::by(&root())
}

fn subject() -> Sketch {
    Sketch::leaf("leaf").issued_by(&root()).serial(SERIAL)
}

fn pointed(points: &[Vec<u8>]) -> Issued {
    subject().extension("cRLDistributionPoints", false, der::sequence(points)).issue()
}

fn point(name: &PointName<'_>) -> Vec<u8> {
    distribution_point(Some(name), &[], &[])
}

fn with(target: &Issued, crls: &[Vec<u8>]) -> Question {
    let settings = NOBODY_ELSE.to_owned();
    Question { settings, crls: crls.to_vec(), ..Question::new(target, &[], &root()) }
}

fn of(sketch: &CrlSketch) -> Question {
    with(&subject().issue(), &[sketch.issue()])
}

#[test]
fn c_01_every_distribution_point_of_the_certificate_is_compared() {
    let others =
        ["2", "3", "4"].map(|number| point(&PointName::Full(&[&format!("uri:http://a.example/{number}")])));
    let partition = list().scope(&Scope::default().name(&PART_1));
    for position in 0..=others.len() {
        let mut points = others.to_vec();
        points.insert(position, point(&PART_1));
        assert_good(&with(&pointed(&points), &[partition.issue()]));
        assert_revoked(&with(&pointed(&points), &[partition.clone().revoke(SERIAL).issue()]));
    }
    let elsewhere = with(&pointed(&others), &[partition.issue()]);
    assert_undetermined(&elsewhere, "crl.distribution-point-mismatch");
}

#[test]
fn c_02_a_partition_that_is_not_the_certificates_says_nothing() {
    let relative = PointName::Relative("CN=part 1");
    let several = PointName::Full(&["uri:http://b.example/1", "directory:CN=root,CN=part 2"]);
    for (of_certificate, of_list) in [
        (&PART_1, &PART_2),
        (&relative, &PART_1),
        (&PART_1, &relative),
        (&relative, &several),
        (&several, &relative),
    ] {
        let list = list().scope(&Scope::default().name(of_list));
        let question = with(&pointed(&[point(of_certificate)]), &[list.issue()]);
        assert_undetermined(&question, "crl.distribution-point-mismatch");
    }
    for name in [&PART_1, &relative, &several] {
        let revoking = list().scope(&Scope::default().name(name)).revoke(SERIAL);
        assert_revoked(&with(&pointed(&[point(name)]), &[revoking.issue()]));
    }
}

#[test]
fn c_03_every_shape_of_some_reasons_is_read_or_refused() {
    let none = Scope::default().field(&der::implicit(3, &[0]));
    assert_undetermined(&of(&list().scope(&none)), "crl.no-reasons");
    assert_undetermined(&of(&list().scope(&Scope::default().reasons(&["unused"]))), "crl.no-reasons");
    let one = Scope::default().reasons(&["keyCompromise"]);
    assert_undetermined(&of(&list().scope(&one)), "crl.reasons-not-covered");
    for shape in [&[][..], &[8, 0], &[7], &[1, 0x41], &[0xff, 0]] {
        let odd = list().scope(&Scope::default().field(&der::implicit(3, shape)));
        for mode in BOTH {
            let said = ask(&of(&odd), mode);
            assert_eq!(said.status().0, "undetermined", "{shape:?}");
            assert_eq!(said.allows, mode == CommonCriteria::Off);
        }
    }
}

#[test]
fn c_04_an_unknown_critical_extension_silences_the_list() {
    let odd = || Extension::new("1.2.3.4", true, der::null());
    let in_list = list().extension("1.2.3.4", true, der::null());
    assert_undetermined(&of(&in_list), "crl.critical-extension");
    assert_undetermined(&of(&list().entry(&[1], &[odd()])), "crl.critical-entry-extension");
    assert_undetermined(&of(&list().entry(SERIAL, &[odd()])), "crl.critical-entry-extension");
    assert_good(&of(&list().extension("1.2.3.4", false, der::null())));
}

#[test]
fn c_05_crl_numbers_of_any_length_overflow_nothing() {
    let numbered = |content: &[u8]| list().extension("cRLNumber", false, der::integer(content));
    for length in [1, 8, 20] {
        assert_good(&of(&numbered(&vec![0x7f; length])));
    }
    for content in [vec![0x7f; 21], vec![0x7f; 65], vec![0x80], vec![]] {
        for mode in BOTH {
            let said = ask(&of(&numbered(&content)), mode);
            assert_eq!(said.status(), ("undetermined", "crl.malformed"), "{}", content.len());
            assert_eq!(said.allows, mode == CommonCriteria::Off);
        }
    }
    assert_good(&of(&list().without("cRLNumber")));
    assert_revoked(&of(&list().without("cRLNumber").revoke(SERIAL)));
}

#[test]
fn c_06_a_delta_proves_nothing_alone_and_none_crashes() {
    let delta = || list().number(6).delta(5).this_update("2025-12-31T12:00:00Z");
    assert_undetermined(&of(&delta()), "crl.delta-without-complete");
    assert_undetermined(&of(&delta().without("cRLNumber")), "crl.number-missing");
    assert_undetermined(&of(&delta().without("authorityKeyIdentifier")), "crl.delta-without-complete");
    assert_revoked(&of(&delta().revoke(SERIAL)));
    let target = subject().issue();
    let held = |number: u64| list().number(number).revoke_because(SERIAL, 6).issue();
    let released = || delta().entry(SERIAL, &[reason_code(8)]).issue();
    assert_revoked(&with(&target, &[held(4), released()]));
    assert_good(&with(&target, &[held(5), released()]));
}

#[test]
fn c_07_without_a_responder_uri_the_crl_is_asked_all_the_same() {
    let target = with_point(subject(), "leaf").issue();
    let revoked = list().revoke(SERIAL).issue();
    for mode in BOTH {
        let question = Question::new(&target, &[], &root());
        let said = ask_world(&question, mode, &|_, _| Reply::Body(revoked.clone()));
        assert_eq!((said.allows, said.status().0), (false, "revoked"));
        assert_eq!(said.asked, [crl_uri("leaf")]);
    }
}

#[test]
fn c_08_a_revoked_intermediate_is_found_behind_a_good_leaf() {
    let ca = Sketch::ca("ca").issued_by(&root()).issue();
    let leaf = Sketch::leaf("leaf").issued_by(&ca).issue();
    let crls = vec![CrlSketch::by(&ca).issue(), list().revoke(&ca.serial).issue()];
    for mode in BOTH {
        let said = ask(&Question { crls: crls.clone(), ..Question::new(&leaf, &[&ca], &root()) }, mode);
        assert!(!said.allows);
        assert_eq!((said.statuses[0].0, said.statuses[1].0), ("good", "revoked"));
    }
}

#[test]
fn c_09_the_first_question_to_a_validator_meets_the_lists_it_keeps() {
    let kept = vec![list().revoke(SERIAL).issue()];
    assert_revoked(&Question { kept, ..of(&list()) });
}

#[test]
fn c_10_no_source_setting_silences_a_list_that_is_at_hand() {
    for settings in [
        "",
        "[revocation]\nsources = []\n",
        "[revocation]\nsources = [\"ocsp\"]\n",
        "[revocation]\nsources = [\"crl\"]\ndepth = \"leaf\"\n",
        "[revocation]\nask = \"every-source\"\n",
        "[crl]\nuri = \"configured\"\nconfigured = [\"http://crl.example/x\"]\n",
        "profile = \"uc-legacy\"\n",
        "profile = \"ndcpp-4.0\"\n",
    ] {
        let settings = settings.to_owned();
        assert_revoked(&Question { settings, ..of(&list().revoke(SERIAL)) });
    }
}

// R-CRL-3
#[test]
fn c_11_a_list_of_another_issuer_says_nothing() {
    let other = Sketch::ca("other").issue();
    let question = |crl: &CrlSketch| {
        let untrusted = vec![other.clone()];
        Question { untrusted, ..of(crl) }
    };
    assert_undetermined(&question(&CrlSketch::by(&other).revoke(SERIAL)), "crl.issuer-mismatch");
    let forged = CrlSketch::by(&other).issuer_name("CN=root").revoke(SERIAL);
    assert_undetermined(&question(&forged), "crl.signature-invalid");
}

#[test]
fn c_12_neither_an_older_nor_a_forged_list_takes_the_place_of_a_newer_one() {
    let newer = list().number(2).this_update("2025-12-31T12:00:00Z").revoke(SERIAL).issue();
    let (older, forged) = (list().number(1).issue(), list().number(9).tamper_signature().issue());
    let target = subject().issue();
    for other in [older, forged] {
        assert_revoked(&with(&target, &[newer.clone(), other.clone()]));
        assert_revoked(&with(&target, &[other.clone(), newer.clone()]));
        assert_revoked(&Question { kept: vec![newer.clone()], ..with(&target, &[other]) });
    }
}

#[test]
fn c_13_a_list_cut_or_lengthened_anywhere_is_refused() {
    let whole = list().revoke(SERIAL).issue();
    let target = subject().issue();
    for end in [0, 1, 2, 5, whole.len() / 2, whole.len() - 1] {
        assert_undetermined(&with(&target, &[whole[..end].to_vec()]), "crl.malformed");
    }
    let lengths = [
        &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff][..],
        &[0x30, 0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ];
    for length in lengths {
        let longer = [length, &whole[4..]].concat();
        assert_undetermined(&with(&target, &[longer]), "crl.malformed");
    }
}

#[test]
fn c_14_every_kind_of_general_name_in_a_distribution_point_is_survived() {
    let kinds = [
        name::dns("a.example"),
        name::mail("a@a.example"),
        name::uri("ldap://a.example/cn"),
        name::ip("192.0.2.1"),
        name::directory("CN=x"),
        name::registered("1.2.3"),
        der::implicit_constructed(5, &der::explicit(1, &der::text(0x0c, "party"))),
        der::implicit_constructed(3, &[]),
    ];
    for kind in kinds {
        let full = der::explicit(0, &der::implicit_constructed(0, &kind));
        let target = pointed(&[der::sequence(std::slice::from_ref(&full))]);
        let named = list().scope(&Scope::default().field(&full));
        for mode in BOTH {
            for crl in [list().issue(), named.issue(), named.clone().revoke(SERIAL).issue()] {
                let outcome = std::panic::catch_unwind(|| ask(&with(&target, &[crl]), mode));
                // A certificate that cannot be decoded is refused as an input, which stops the question.
                if let Ok(said) = outcome {
                    assert!(!said.allows || said.status().0 != "revoked");
                }
            }
        }
    }
}

#[test]
fn c_15_lists_are_used_from_this_update_to_next_update() {
    assert_undetermined(&of(&list().next_update("2025-12-31T12:00:00Z")), "crl.expired");
    assert_undetermined(&of(&list().this_update("2026-01-01T12:00:00Z")), "crl.not-yet-valid");
    assert_undetermined(&of(&list().without_next_update()), "crl.next-update-missing");
    assert_undetermined(&of(&list().next_update("2025-12-30T00:00:00Z")), "crl.times-reversed");
}

#[test]
fn c_16_what_the_bsi_test_suite_asks_of_lists() {
    assert_undetermined(&of(&list().tamper_signature()), "crl.signature-invalid");
    assert_undetermined(&with(&subject().issue(), &[]), "ocsp.no-responder-uri");
    let settings = format!("{NOBODY_ELSE}[crl]\nmissing-authority-key-identifier = \"refuse\"\n");
    let nameless = list().without("authorityKeyIdentifier");
    let question = Question { settings, ..of(&nameless) };
    assert_undetermined(&question, "crl.authority-key-identifier-missing");
    // A list is missing for the intermediate.
    let ca = Sketch::ca("ca").issued_by(&root()).issue();
    let leaf = Sketch::leaf("leaf").issued_by(&ca).issue();
    let crls = vec![CrlSketch::by(&ca).issue()];
    let said = ask(&Question { crls, ..Question::new(&leaf, &[&ca], &root()) }, CommonCriteria::On);
    assert_eq!((said.allows, said.statuses[1].0), (false, "undetermined"));
}

#[test]
fn c_17_certificate_issuer_carries_over_to_the_entries_that_follow() {
    let other = certificate_issuer(&["directory:CN=other"]);
    let ours = certificate_issuer(&["directory:CN=root"]);
    let indirect = || list().scope(&Scope::default().flag(4));
    assert_good(&of(&indirect().entry(SERIAL, std::slice::from_ref(&other))));
    assert_good(&of(&indirect().entry(&[1], std::slice::from_ref(&other)).revoke(SERIAL)));
    assert_revoked(&of(&indirect().entry(&[1], std::slice::from_ref(&other)).entry(SERIAL, &[ours])));
    assert_revoked(&of(&indirect().revoke(SERIAL).entry(&[1], std::slice::from_ref(&other))));
    assert_undetermined(&of(&list().entry(SERIAL, &[other])), "crl.certificate-issuer-not-indirect");
}

#[test]
fn c_18_lists_speak_for_the_kind_of_certificate_they_hold() {
    let scoped = |flag: u8| list().scope(&Scope::default().flag(flag));
    assert_undetermined(&of(&scoped(2)), "crl.only-ca-certificates");
    assert_undetermined(&of(&scoped(5)), "crl.only-attribute-certificates");
    assert_undetermined(&of(&list().scope(&Scope::default().flag(1).flag(2))), "crl.scope-contradictory");
    assert_revoked(&of(&scoped(1).revoke(SERIAL)));
    // On hold, then released by a newer list.
    let held = list().number(1).revoke_because(SERIAL, 6).issue();
    let released = list().number(2).this_update("2025-12-31T12:00:00Z").issue();
    assert_revoked(&with(&subject().issue(), std::slice::from_ref(&held)));
    assert_good(&with(&subject().issue(), &[held, released]));
}

#[test]
fn c_19_nd_4b_an_issuer_without_crl_sign_says_nothing() {
    let of_root = |root: Sketch| {
        let root = root.issue();
        let crls = vec![CrlSketch::by(&root).issue()];
        Question { crls, settings: NOBODY_ELSE.to_owned(), ..Question::new(&leaf(), &[], &root) }
    };
    let without = of_root(Sketch::ca("root").key_usage(&["keyCertSign"]));
    assert_undetermined(&without, "crl.issuer-without-crl-sign");
    assert_good(&of_root(Sketch::ca("root")));
}

/// About a million entries in 32 MiB, in no order: serial numbers of 20 and of 8 octets, and every tenth twice.
fn large_list() -> Vec<u8> {
    let date = time::encode("2025-06-01T00:00:00Z", Form::Utc);
    let mut entries = Vec::with_capacity(34 << 20);
    let mut state = 1_u64;
    for number in 0..900_000_u64 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let chance = (state >> 2 | 1 << 62).to_be_bytes();
        let serial = match number % 2 {
            0 => [&chance[..], &[0x52; 4], &number.to_be_bytes()].concat(),
            _ => chance.to_vec(),
        };
        let entry = der::sequence(&[der::integer(&serial), date.clone()]);
        for _ in 0..1 + u64::from(number % 10 == 0) {
            entries.extend(&entry);
        }
    }
    list().entries_raw(&entries).revoke(&LARGE_SERIAL).issue()
}

const LARGE_SERIAL: [u8; 20] = [0x51; 20];

#[test]
fn c_20_a_list_of_a_million_entries_is_looked_up_within_bounds() {
    let crl = large_list();
    assert!(crl.len() > 30 << 20 && crl.len() <= 32 << 20, "{} octets", crl.len());
    let ceilings = Ceilings { memory: 192 << 20, time: Duration::from_secs(20) };
    let mut session = engine().session_within(ceilings).unwrap();
    let listed = Sketch::leaf("leaf").issued_by(&root()).serial(&LARGE_SERIAL).issue();
    let revoked = Question { kept: vec![crl], ..Question::new(&listed, &[], &root()) };
    let held = validator(&mut session, &revoked, CommonCriteria::On);
    let said = ask_validator(&mut session, &held, &revoked, &offline);
    assert_eq!((said.allows, said.status().0), (false, "revoked"));
    let free = Question { target: leaf(), ..revoked };
    let said = ask_validator(&mut session, &held, &free, &offline);
    assert_eq!((said.allows, said.status().0), (true, "good"));
    assert!(session.memory() <= ceilings.memory, "{} octets", session.memory());
}

/// DT-5 over both kinds of source.
#[test]
fn a_list_that_says_revoked_outweighs_a_response_that_says_good() {
    let target = subject().issue();
    let responses = vec![Response::signed_by(&root()).entry(Entry::good(&target, &root())).encode()];
    assert_revoked(&Question { responses, ..of(&list().revoke(SERIAL)) });
}
