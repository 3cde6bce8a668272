//! A purpose of a deployment's own through the component: its form, its request, the certificate that an authority
//! returns, and the services to restart, all as the crate has them.

use engine::management::encode;
use host_server::component::contract::management::{
    Effect, Features, Operation, PendingRequest, Product, Upload,
};
use pki::certificate::{Issued, Sketch};
use pki::key::Key;

use super::sample::{
    PUBLISHER, cluster, identity, key, made_under, now, particulars, request, self_signed, session, trust,
    upload,
};
use super::{check_under, natively, pem, same_room, stored};

const RADIUS: &str = r#"
[[stores]]
name = "radius-trust"
replicated = true

[[identities]]
name = "radius"
key-type = "rsa"
trust-store = "radius-trust"
key-usage = ["digitalSignature", "keyEncipherment"]
extended-key-usage = ["serverAuth", "1.3.6.1.5.5.7.3.14"]
used-by = ["802.1X"]
restart = ["FreeRADIUS"]
"#;

fn returned(root: &Issued, key_usage: &[&str], names: &[&str]) -> Issued {
    let sketch = Sketch::leaf("radius").issued_by(root).key(Key::rsa("rsa-2048-1")).subject("CN=cm1.ex.com");
    let sketch = names.iter().fold(sketch, |sketch, name| sketch.dns(name));
    sketch.key_usage(key_usage).eku(&["serverAuth", "1.3.6.1.5.5.7.3.14"]).issue()
}

const USAGES: [&str; 2] = ["digitalSignature", "keyEncipherment"];
const NAMES: [&str; 2] = [PUBLISHER, "ex.com"];

// R-UP-8, R-UP-17, R-KUX-11, R-SVC-22
#[test]
pub(crate) fn from_the_request_to_the_restart() {
    let mut session = session();
    let mut there = cluster();
    let asking = request("radius", Some(PUBLISHER));
    let plan = check_under(&mut session, RADIUS, (&there, &asking), &[]);
    let drawn = particulars(&key(&plan.unsigned[0].key));
    let octets = session.to_be_signed(RADIUS, (&there, &asking), 0, &drawn).unwrap().unwrap();
    let own = natively(RADIUS, &there, &asking);
    let particulars =
        encode::Particulars { serial: &drawn.serial, not_before: engine::time::Instant::from_unix(now()) };
    assert_eq!(octets, own.unsigned[0].to_be_signed(&drawn.public_key, &particulars).unwrap());
    let der = made_under(&mut session, RADIUS, &there, &asking);
    there.requests.push(PendingRequest {
        purpose: "radius".to_owned(),
        node: Some(PUBLISHER.to_owned()),
        request: der,
    });
    let root = Sketch::ca("root").issue();
    let file = |leaf: &Issued| upload(identity("radius"), &pem(&[leaf, &root]));
    let good = file(&returned(&root, &USAGES, &NAMES));
    let plan = check_under(&mut session, RADIUS, (&there, &good), &[]);
    let places = stored(&plan);
    assert!(same_room(places[0].0, "radius-trust") && places[0].1.is_none());
    assert!(same_room(places[1].0, "radius") && places[1].1 == Some(PUBLISHER));
    let restarts: Vec<_> = plan
        .advice
        .iter()
        .filter(|one| one.concerning.as_deref() == Some("FreeRADIUS"))
        .map(|one| (one.action.as_str(), one.service_kind.as_deref(), one.node.as_deref()))
        .collect();
    let on = |node| ("restart-service", Some("feature"), Some(node));
    assert_eq!(restarts, [on(PUBLISHER), on("cm2.ex.com"), on("cm3.ex.com")]);
    let less = file(&returned(&root, &USAGES[..1], &NAMES));
    check_under(&mut session, RADIUS, (&there, &less), &["returned.usage-missing"]);
    // Without the document there is no such purpose.
    check_under(&mut session, "", (&there, &good), &["management.purpose-unknown"]);
}

// D-25: the document decides, and an operation that says otherwise decides for itself
#[test]
pub(crate) fn names_that_nobody_asked_for() {
    let mut session = session();
    let mut there = cluster();
    let der = made_under(&mut session, RADIUS, &there, &request("radius", Some(PUBLISHER)));
    there.requests.push(PendingRequest {
        purpose: "radius".to_owned(),
        node: Some(PUBLISHER.to_owned()),
        request: der,
    });
    let root = Sketch::ca("root").issue();
    let leaf = returned(&root, &USAGES, &[PUBLISHER, "ex.com", "more.ex.com"]);
    let mut file = upload(identity("radius"), &pem(&[&leaf, &root]));
    let lenient = format!("issuance.extra-names = \"warn\"\n{RADIUS}");
    let strict = format!("common-criteria = true\n{lenient}");
    check_under(&mut session, RADIUS, (&there, &file), &["returned.name-extra"]);
    let plan = check_under(&mut session, &lenient, (&there, &file), &["returned.name-added"]);
    assert!(matches!(plan.effects.last(), Some(Effect::DropRequest(_))));
    check_under(&mut session, &strict, (&there, &file), &["returned.name-extra"]);
    let say = |file: &mut Operation, word: &str| {
        if let Operation::Upload(Upload { extra_names, .. }) = file {
            *extra_names = Some(word.to_owned());
        }
    };
    say(&mut file, "refuse");
    check_under(&mut session, &lenient, (&there, &file), &["returned.name-extra"]);
    say(&mut file, "warn");
    check_under(&mut session, RADIUS, (&there, &file), &["returned.name-added"]);
    check_under(&mut session, &strict, (&there, &file), &["returned.name-extra"]);
}

#[test]
pub(crate) fn the_catalogue_its_forms_and_a_certificate_made_here() {
    let mut session = session();
    let features = Features::empty();
    let (purposes, stores) = session.catalogue(RADIUS, Product::Ucm, "14", features).unwrap().unwrap();
    let radius = purposes.iter().find(|purpose| purpose.name == "radius").unwrap();
    assert_eq!((radius.key_type.as_str(), radius.scope.as_str()), ("rsa", "node"));
    assert_eq!((radius.trust_store.as_str(), &radius.used_by), ("radius-trust", &vec!["802.1X".to_owned()]));
    let store = stores.iter().find(|store| store.name == "radius-trust").unwrap();
    assert!(store.replicated && store.deleted_everywhere && !store.publisher_only);
    let form = session.offer_for_request(RADIUS, &cluster(), "radius", Some(PUBLISHER)).unwrap().unwrap();
    assert!(form.names && form.common_name.as_deref() == Some(PUBLISHER));
    let refused = session.offer_for_request("", &cluster(), "radius", Some(PUBLISHER)).unwrap().unwrap_err();
    assert_eq!((refused.code.as_str(), refused.input.as_str()), ("operation.unknown-word", "purpose"));
    let operation = self_signed("radius", Some("cm2.ex.com"));
    let der = made_under(&mut session, RADIUS, &cluster(), &operation);
    let placed = session.place_self_signed(RADIUS, (&cluster(), &operation), 0, &der).unwrap().unwrap();
    assert_eq!(placed.len(), 1);
    let copied = RADIUS.replace("replicated = true", "copied-to = \"tomcat-trust\"");
    let der = made_under(&mut session, &copied, &cluster(), &operation);
    let placed = session.place_self_signed(&copied, (&cluster(), &operation), 0, &der).unwrap().unwrap();
    let Some(Effect::Store(copy)) = placed.last() else { panic!("{placed:?}") };
    assert!(same_room(&copy.place.room, "tomcat-trust") && copy.place.node.is_none());
}

#[test]
fn a_document_that_cannot_be_read_is_refused_with_its_place() {
    let mut session = session();
    let wrong = RADIUS.replace("trust-store = \"radius-trust\"", "trust-store = \"radus-trust\"");
    let there = cluster();
    let operation = self_signed("radius", Some(PUBLISHER));
    let drawn = particulars(&Key::rsa("rsa-2048-1"));
    let refusals = [
        session.catalogue(&wrong, Product::Ucm, "14", Features::empty()).unwrap().unwrap_err(),
        session.offer_for_request(&wrong, &there, "radius", None).unwrap().unwrap_err(),
        session.to_be_signed(&wrong, (&there, &operation), 0, &drawn).unwrap().unwrap_err(),
        session.place_self_signed(&wrong, (&there, &operation), 0, &[]).unwrap().unwrap_err(),
    ];
    for refusal in refusals {
        assert_eq!((refusal.code.as_str(), refusal.input.as_str()), ("settings.unknown-word", "settings"));
        let names: Vec<&str> = refusal.details.iter().map(|detail| detail.name.as_str()).collect();
        assert_eq!(names[..5], ["line", "column", "key", "found", "nearest"]);
    }
    // A trust store that nobody defined is none.
    let file = upload(trust("radius-trust"), &Sketch::ca("root").issue().der);
    check_under(&mut session, "", (&there, &file), &["management.purpose-unknown"]);
}
