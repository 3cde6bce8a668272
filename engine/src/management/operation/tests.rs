use pki::certificate::Sketch;

use super::*;
use crate::management::cluster::Origin;
use crate::management::model::{
    catalogue, certificate, cluster, entry, identity, now, settings, trust, upload,
};
use crate::management::plan::{Action, Need};
use crate::management::sample;

fn planned(cluster: &Cluster, operation: &Operation) -> Planned {
    plan(cluster, &catalogue(cluster), &settings(), operation, now())
}

fn uploading(cluster: &Cluster, room: Room, certificate: &Certificate) -> Planned {
    let upload = upload(room, None, &[certificate]);
    planned(
        cluster,
        &Operation::Upload { upload, profile: UsageProfile::UcmCompat, extra_names: ExtraNames::Refuse },
    )
}

fn needs(planned: &Planned, wanted: &Action) -> Vec<(Option<String>, Need)> {
    let advice = planned.plan.advice.iter().filter(|advice| advice.action == *wanted);
    advice.map(|advice| (advice.node.clone(), advice.need)).collect()
}

// R-UP-17, R-UP-26, R-ITL-20: advice follows what changes, and nothing where nothing does
#[test]
fn advice_follows_effects() {
    let root = certificate(Sketch::ca("root"));
    let mut mixed = cluster(2);
    mixed.features.mixed_mode = true;
    let there = uploading(&mixed, trust("tomcat-trust"), &root);
    assert_eq!(needs(&there, &Action::UpdateCtl), [(Some("a".to_owned()), Need::Recommended)]);
    let restarts = there.plan.advice.iter().filter(|one| matches!(one.action, Action::RestartService(_)));
    let nodes: Vec<_> = restarts.map(|advice| advice.node.as_deref()).collect();
    assert!(nodes.contains(&Some("a")) && nodes.contains(&Some("b")));
    let held = mixed.clone().with(trust("tomcat-trust"), &["a", "b"], &root);
    assert_eq!(uploading(&held, trust("tomcat-trust"), &root).plan.advice, []);
    let expired = certificate(Sketch::ca("old").valid("2010-01-01T00:00:00Z", "2020-01-01T00:00:00Z"));
    assert_eq!(uploading(&mixed, trust("tomcat-trust"), &expired).plan.advice, []);
}

// D-26, R-REP-3: a root for CAPF changes two stores; what both ask for stands once, as urgent as the more urgent
#[test]
fn what_two_places_ask_for_stands_once() {
    let root = certificate(Sketch::ca("root"));
    let mut mixed = cluster(2);
    mixed.features.mixed_mode = true;
    let planned = uploading(&mixed, trust("CAPF-trust"), &root);
    assert_eq!(needs(&planned, &Action::UpdateCtl), [(Some("a".to_owned()), Need::Required)]);
    let mut keys: Vec<_> = planned.plan.advice.iter().map(|one| (&one.action, &one.node)).collect();
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), count);
}

// R-RGN-10, R-SS-3: a self-signed certificate is a regeneration, with its backup; a request asks for nothing
#[test]
fn what_is_to_be_signed_comes_with_its_advice() {
    let cluster = sample::cluster();
    let form = SelfSignedFields { common: sample::fields("tomcat"), years: None };
    let made = planned(&cluster, &Operation::SelfSigned(form.clone()));
    assert_eq!((made.unsigned.len(), needs(&made, &Action::Backup).len()), (1, 1));
    assert_eq!(draft(&cluster, &catalogue(&cluster), &Operation::SelfSigned(form)), made);
    let asked = planned(&cluster, &Operation::Request(sample::fields("tomcat")));
    assert_eq!((asked.unsigned.len(), asked.plan.advice.len()), (1, 0));
    let refused = planned(&cluster, &Operation::Request(sample::fields("none")));
    assert_eq!((refused.unsigned.len(), refused.plan.advice.len()), (0, 0));
    assert_eq!(refused.item(0), Err(Unplannable::Number { found: 0, planned: 0 }));
    assert_eq!(asked.item(0), Ok(&asked.unsigned[0]));
    assert_eq!(draft(&cluster, &catalogue(&cluster), &Operation::Exchange), Planned::default());
}

// R-RGN-5: only what was planned is placed, and only with its own signature
#[test]
fn another_certificate_is_not_placed() {
    let cluster = sample::cluster();
    let item = |purpose: &str| {
        let form = SelfSignedFields { common: sample::fields(purpose), years: None };
        planned(&cluster, &Operation::SelfSigned(form)).unsigned.remove(0)
    };
    let tomcat = item("tomcat");
    let good = Certificate::decode(&sample::sign(&tomcat)).unwrap();
    assert_eq!(place_self_signed(&cluster, &catalogue(&cluster), &tomcat, &good).unwrap().len(), 1);
    let differs = |item: &Unsigned, certificate: &Certificate| match place_self_signed(
        &cluster,
        &catalogue(&cluster),
        item,
        certificate,
    ) {
        Err(Unplannable::OtherCertificate { differs }) => differs,
        other => panic!("{other:?}"),
    };
    assert_eq!(differs(&item("CAPF"), &good), "subject");
    let mut longer = tomcat.clone();
    longer.key.bits = 4096;
    assert_eq!(differs(&longer, &good), "key");
    let mut octets = sample::sign(&tomcat);
    *octets.last_mut().unwrap() ^= 1;
    assert_eq!(differs(&tomcat, &Certificate::decode(&octets).unwrap()), "signature");
    let asked = planned(&cluster, &Operation::Request(sample::fields("tomcat"))).unsigned.remove(0);
    assert_eq!(differs(&asked, &good), "form");
}

// R-UP-8, R-UP-28: beside whatever the upload itself is refused for, the request is compared with
#[test]
fn a_returned_certificate_is_compared_with_its_request() {
    let mut there = sample::cluster();
    let asked = planned(&there, &Operation::Request(sample::fields("tomcat"))).unsigned.remove(0);
    let (purpose, node) = ("tomcat".to_owned(), Some("cm1.ex.com".to_owned()));
    let der = sample::sign(&asked);
    there.requests.push(crate::management::cluster::PendingRequest { purpose, node, der });
    let root = Sketch::ca("root").issue();
    let leaf = Sketch::leaf("x").subject("CN=cm1.ex.com").key(sample::key(asked.key)).issued_by(&root);
    let leaf = certificate(leaf.dns("cm1.ex.com"));
    let refused = uploading(&there, identity("tomcat"), &leaf);
    let codes = sample::codes(&refused.plan);
    assert!(
        codes.contains(&"identity.issuer-missing") && codes.contains(&"returned.name-missing"),
        "{codes:?}"
    );
    assert_eq!((refused.plan.effects.len(), refused.plan.advice.len()), (0, 0));
    // What is a request on another node answers nothing here.
    there.requests[0].node = Some("cm2.ex.com".to_owned());
    assert_eq!(sample::codes(&uploading(&there, identity("tomcat"), &leaf).plan), ["identity.not-requested"]);
}

// R-REUSE-6, R-DEL-6: deletions and reuse say what to restart as well
#[test]
fn deletions_and_reuse_are_advised_about() {
    let root = certificate(Sketch::ca("root"));
    let there = cluster(1).with(trust("tomcat-trust"), &["a"], &root);
    let gone = Deletion { room: trust("tomcat-trust"), node: None, fingerprint: root.fingerprint };
    assert!(!planned(&there, &Operation::Delete(gone.clone())).plan.advice.is_empty());
    assert_eq!(planned(&cluster(1), &Operation::Delete(gone)).plan.advice, []);
    let own = certificate(Sketch::leaf("a").dns("a"));
    let mut shared = cluster(1);
    shared.entries.push(entry(Place::everywhere(identity("tomcat")), &own, Origin::SelfSigned));
    let reuse = Reuse { from: "tomcat".to_owned(), to: "CallManager".to_owned(), node: None };
    let reused = planned(&shared, &Operation::Reuse(reuse));
    assert_eq!((reused.plan.is_refused(), reused.plan.advice.is_empty()), (false, false));
}

#[test]
fn only_algorithms_that_are_planned_with_are_put_together() {
    assert!(assembled(b"0", "ecdsa-sha384", b"1").is_ok());
    for word in ["ed25519", "rsa-pkcs1-sha1", "", "ECDSA-SHA384"] {
        let refused = assembled(b"0", word, b"1").unwrap_err();
        assert_eq!((refused.code(), refused.input().as_str()), ("operation.unknown-word", "algorithm"));
    }
}
