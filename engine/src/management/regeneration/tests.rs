//! One certificate and several, in their order, with what refuses them.

use pki::certificate::Sketch;
use pki::key::Key;

use super::*;
use crate::management::issuance::RequestFields;
use crate::management::sample::{catalogue, cluster, codes, entry, fields, for_many, place, sign, values};
use crate::management::self_signed::{SelfSignedFields, plan_self_signed};

const NODE: Option<&str> = Some("cm1.ex.com");

/// A self-signed certificate as this crate plans it.
fn made(cluster: &Cluster, common: RequestFields) -> Vec<u8> {
    let fields = SelfSignedFields { common, years: Some(10) };
    sign(&plan_self_signed(cluster, &catalogue(cluster), &fields).1.unwrap())
}

/// A cluster whose publisher has a self-signed certificate of each of these purposes.
fn with(purposes: &[&str]) -> Cluster {
    let mut cluster = cluster();
    let entries =
        purposes.iter().map(|name| entry(name, NODE, Origin::SelfSigned, &made(&cluster, fields(name))));
    cluster.entries = entries.collect();
    cluster
}

fn plan(cluster: &Cluster, places: &[Place]) -> (Plan, Vec<Unsigned>) {
    plan_regeneration(cluster, &catalogue(cluster), places, UsageProfile::UcmCompat)
}

fn places(purposes: &[&str]) -> Vec<Place> {
    purposes.iter().map(|name| place(name, NODE)).collect()
}

fn refused(cluster: &Cluster, places: &[Place]) -> Vec<&'static str> {
    let (plan, unsigned) = plan(cluster, places);
    assert!(plan.is_refused() && unsigned.is_empty() && plan.advice.is_empty());
    codes(&plan)
}

#[test]
fn the_new_certificate_has_the_old_ones_names_and_key_length() {
    // R-RGN-6, R-RGN-2
    let mut cluster = cluster();
    let mut long = for_many("tomcat");
    long.key.bits = 3072;
    let old = made(&cluster, long);
    cluster.entries = vec![entry("tomcat", None, Origin::SelfSigned, &old)];
    let (done, unsigned) = plan(&cluster, &[place("tomcat", None)]);
    assert!(done.findings.is_empty());
    let [unsigned] = unsigned.as_slice() else { panic!("one") };
    assert_eq!((unsigned.key.describe().as_str(), unsigned.node.as_deref()), ("rsa 3072", None));
    let (old, new) = (Certificate::decode(&old).unwrap(), Certificate::decode(&sign(unsigned)).unwrap());
    assert_eq!(new.subject.der, old.subject.der);
    assert_eq!(new.extensions.subject_alt_name, old.extensions.subject_alt_name);
    assert_eq!(new.extensions.key_usage, old.extensions.key_usage);
    assert_eq!(new.validity.not_after.to_string(), "2031-11-21T12:00:00Z");
}

#[test]
fn a_certificate_that_has_expired_is_made_anew_like_any_other() {
    // R-RGN-2
    let expired =
        Sketch::leaf("old").key(Key::p384("old")).valid("2010-01-01T00:00:00Z", "2011-01-01T00:00:00Z");
    let mut cluster = cluster();
    cluster.entries = vec![entry("tomcat-ECDSA", NODE, Origin::SelfSigned, &expired.issue().der)];
    let (done, unsigned) = plan(&cluster, &places(&["tomcat-ECDSA"]));
    assert!(!done.is_refused());
    assert_eq!(unsigned[0].key.describe(), "ec 384");
    let new = Certificate::decode(&sign(&unsigned[0])).unwrap();
    assert!(new.extensions.subject_alt_name.is_none());
}

#[test]
fn only_identities_that_are_there() {
    // R-RGN-4
    let cluster = with(&["tomcat"]);
    let trust = Place { room: Room::Trust("tomcat-trust".to_owned()), node: None };
    assert_eq!(refused(&cluster, &[trust]), ["regeneration.of-trust"]);
    assert_eq!(refused(&cluster, &places(&["TVS"])), ["regeneration.of-nothing"]);
    assert_eq!(refused(&cluster, &places(&["nothing"])), ["management.purpose-unknown"]);
    assert_eq!(refused(&cluster, &[place("tomcat", Some("cm9"))]), ["management.node-unknown"]);
    let both = [place("tomcat", NODE), place("TVS", NODE)];
    assert_eq!(refused(&cluster, &both), ["regeneration.of-nothing"]);
}

#[test]
fn a_certificate_by_an_authority_is_overwritten_with_a_warning() {
    // R-RGN-5
    for (origin, warned) in [(Origin::Issued, true), (Origin::Uploaded, true), (Origin::SelfSigned, false)] {
        let mut cluster = with(&["tomcat"]);
        cluster.entries[0].origin = origin;
        let (done, unsigned) = plan(&cluster, &places(&["tomcat"]));
        assert_eq!((unsigned.len(), done.findings.len()), (1, usize::from(warned)));
        assert!(codes(&done).iter().all(|code| *code == "regeneration.overwrites-issued"));
    }
}

#[test]
fn a_key_that_is_not_made_here_cannot_be_kept() {
    // R-RGN-6, R-SS-22, R-CC-16
    let slot = |purpose: &str, key: Key| {
        let mut cluster = cluster();
        let der = Sketch::leaf("old").key(key).issue().der;
        cluster.entries = vec![entry(purpose, NODE, Origin::SelfSigned, &der)];
        cluster
    };
    for key in [Key::p521("x"), Key::ed25519("x")] {
        let cluster = slot("tomcat-ECDSA", key);
        assert_eq!(refused(&cluster, &places(&["tomcat-ECDSA"])), ["regeneration.key-unknown"]);
    }
    let swapped = slot("tomcat", Key::p256("x"));
    assert_eq!(refused(&swapped, &places(&["tomcat"])), ["issuance.key-type-not-of-purpose"]);
    let mut short = slot("tomcat", Key::rsa("rsa-1024"));
    assert_eq!(codes(&plan(&short, &places(&["tomcat"])).0), ["issuance.key-length-legacy"]);
    short.features.common_criteria = true;
    assert_eq!(refused(&short, &places(&["tomcat"])), ["issuance.key-too-short-for-fips"]);
}

#[test]
fn trust_lists_are_verified_before_they_are_recovered() {
    // R-ITL-2, R-ITL-9, R-ITL-10, R-ITL-11
    let mut cluster = with(&["ITLRecovery", "tomcat"]);
    let first = |cluster: &Cluster, purpose: &str| -> Vec<Action> {
        let (plan, unsigned) = plan(cluster, &places(&[purpose]));
        assert_eq!(unsigned.len(), 1);
        let mut advice = plan.advice.into_iter().map(|one| one.action);
        advice.by_ref().take_while(|action| !matches!(action, Action::RestartService(_))).collect()
    };
    let anew = || Action::Regenerate("ITLRecovery".to_owned());
    let expected = [Action::VerifyItl, anew(), Action::SignItl, Action::ResetPhones];
    assert_eq!(first(&cluster, "ITLRecovery"), expected);
    cluster.features.mixed_mode = true;
    let found = first(&cluster, "ITLRecovery");
    assert_eq!(found[..4], [Action::VerifyItl, Action::VerifyCtl, anew(), Action::SignCtl]);
    assert_eq!(first(&cluster, "tomcat"), [Action::Regenerate("tomcat".to_owned())]);
}

#[test]
fn what_is_the_publishers_is_made_there() {
    // R-SIMP-3, R-ITL-3
    let mut cluster = with(&["CAPF", "ITLRecovery", "tomcat"]);
    for entry in &mut cluster.entries {
        entry.place.node = Some("cm2.ex.com".to_owned());
    }
    for purpose in ["CAPF", "ITLRecovery"] {
        let elsewhere = [place(purpose, Some("cm2.ex.com"))];
        assert_eq!(refused(&cluster, &elsewhere), ["management.publisher-only"]);
    }
    assert!(!plan(&cluster, &[place("tomcat", Some("cm2.ex.com"))]).0.is_refused());
}

#[test]
fn names_that_are_not_made_here_are_not_carried_over() {
    // R-TS-8
    let slot = |sketch: Sketch| {
        let mut cluster = cluster();
        let der = sketch.key(Key::rsa("rsa-2048-1")).issue().der;
        cluster.entries = vec![entry("tomcat", NODE, Origin::SelfSigned, &der)];
        codes(&plan(&cluster, &places(&["tomcat"])).0)
    };
    assert!(slot(Sketch::leaf("old").dns("cm1.ex.com")).is_empty());
    assert_eq!(slot(Sketch::leaf("old").dns("*.ex.com")), ["issuance.wildcard-requested"]);
    assert_eq!(slot(Sketch::leaf("old").subject("").dns("cm1.ex.com")), ["issuance.field-missing"]);
}

#[test]
fn what_is_asked_for_twice_is_made_once() {
    let cluster = with(&["tomcat"]);
    let (done, unsigned) = plan(&cluster, &places(&["tomcat", "tomcat"]));
    assert_eq!((steps(&done), unsigned.len()), (vec!["tomcat".to_owned(), "backup".to_owned()], 1));
}

fn steps(plan: &Plan) -> Vec<String> {
    let told = plan.advice.iter().filter_map(|one| match &one.action {
        Action::Regenerate(purpose) => Some(purpose.clone()),
        Action::AwaitPhones => Some("await".to_owned()),
        Action::Backup => Some("backup".to_owned()),
        _ => None,
    });
    told.collect()
}

#[test]
fn tvs_comes_before_tftp_and_tftp_last() {
    // R-RGN-18, R-RGN-19, R-RGN-20, R-RGN-21
    let all = ["CallManager", "TVS", "tomcat", "CAPF"];
    let cluster = with(&all);
    let expected = ["tomcat", "CAPF", "TVS", "await", "CallManager", "await", "backup"];
    let (done, unsigned) = plan(&cluster, &places(&all));
    assert_eq!(steps(&done), expected);
    assert_eq!(codes(&done), ["regeneration.reordered"]);
    assert_eq!(values(&done, "regeneration.reordered", "asked"), all.map(Value::text));
    let order: Vec<_> = unsigned.iter().map(|unsigned| unsigned.purpose.as_str()).collect();
    assert_eq!(order, ["tomcat", "CAPF", "TVS", "CallManager"]);
    let (done, _) = plan(&cluster, &places(&["tomcat", "CAPF", "TVS", "CallManager"]));
    assert_eq!(steps(&done), expected);
    assert!(done.findings.is_empty());
}

#[test]
fn alone_nothing_waits_before_it() {
    // R-RGN-10, R-RGN-21, R-RGN-26
    let cluster = with(&["CallManager", "TVS", "tomcat"]);
    let alone = |purpose| steps(&plan(&cluster, &places(&[purpose])).0);
    assert_eq!(alone("CallManager"), ["CallManager", "await", "backup"]);
    assert_eq!(alone("TVS"), ["TVS", "backup"]);
    let (two, _) = plan(&cluster, &places(&["TVS", "tomcat"]));
    assert_eq!(steps(&two), ["tomcat", "TVS", "backup"]);
    assert!(two.findings.is_empty());
    let (none, unsigned) = plan(&cluster, &[]);
    assert!(none.advice.is_empty() && unsigned.is_empty());
}

#[test]
fn each_step_is_followed_by_its_own_services() {
    // R-RGN-8, R-RGN-14, R-RGN-22
    let cluster = with(&["TVS", "CallManager"]);
    let (done, _) = plan(&cluster, &places(&["TVS", "CallManager"]));
    let position = |wanted: &str| {
        let name = |advice: &Advice| match &advice.action {
            Action::RestartService(service) => service.name.to_string(),
            Action::Regenerate(purpose) => purpose.clone(),
            _ => String::new(),
        };
        done.advice.iter().position(|advice| name(advice) == wanted).unwrap()
    };
    assert!(position("TVS") < position("Cisco Trust Verification Service"));
    assert!(position("Cisco Trust Verification Service") < position("CallManager"));
    assert!(position("CallManager") < position("Cisco CallManager"));
}
