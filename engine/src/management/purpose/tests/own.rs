//! A purpose of a deployment's own, from the policy document to the restart of its service.

use pki::certificate::{Issued, Sketch};

use super::*;
use crate::certificate::Certificate;
use crate::management::cluster::{Cluster, Node, NodeRole, PendingRequest, Room};
use crate::management::distribution::Distribution;
use crate::management::form;
use crate::management::key_choice::Hash;
use crate::management::model::{now, removed, stored, upload};
use crate::management::offer;
use crate::management::operation::{Operation, Planned, draft, place_self_signed, plan};
use crate::management::plan::{Action, Effect, Need};
use crate::management::release::RELEASE_14;
use crate::management::restart::used_by;
use crate::management::sample::{cluster, cluster_of, codes, fields, for_many, key, sign, values};
use crate::management::self_signed::SelfSignedFields;
use crate::oid::Oid;
use crate::settings::document::parse;
use crate::settings::management::{ExtraNames, UsageProfile};

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
restart = ["FreeRADIUS", "radsec proxy"]
"#;

struct Case {
    settings: Settings,
    cluster: Cluster,
}

impl Case {
    fn of(policy: &str) -> Self {
        Self { settings: parse(policy).unwrap(), cluster: cluster() }
    }

    fn catalogue(&self) -> Catalogue {
        Catalogue::of(self.cluster.product, self.cluster.release, &self.settings)
    }

    fn plan(&self, operation: &Operation) -> Planned {
        plan(&self.cluster, &self.catalogue(), &self.settings, operation, now())
    }

    fn upload(&self, room: Room, certificates: &[&Issued]) -> Planned {
        let decoded: Vec<_> = certificates.iter().map(|one| Certificate::decode(&one.der).unwrap()).collect();
        let upload = upload(room, None, &decoded.iter().collect::<Vec<_>>());
        let (profile, extra_names) = (UsageProfile::UcmCompat, ExtraNames::Refuse);
        self.plan(&Operation::Upload { upload, profile, extra_names })
    }

    /// The request waits.
    fn asked(policy: &str) -> Self {
        let mut case = Self::of(policy);
        let item = case.plan(&Operation::Request(fields("radius"))).unsigned.remove(0);
        let (purpose, node) = (item.purpose.clone(), item.node.clone());
        case.cluster.requests.push(PendingRequest { purpose, node, der: sign(&item) });
        case
    }
}

fn returned(root: &Issued, key_usage: &[&str], extended: &[&str]) -> Issued {
    let sketch = Sketch::leaf("radius").issued_by(root).key(key(fields("radius").key));
    let sketch = sketch.subject("C=GB,L=London,O=Example Ltd,CN=cm1.ex.com").dns("cm1.ex.com").dns("ex.com");
    sketch.key_usage(key_usage).eku(extended).issue()
}

const KEY: [&str; 2] = ["digitalSignature", "keyEncipherment"];
const EXTENDED: [&str; 2] = ["serverAuth", "1.3.6.1.5.5.7.3.14"];

fn slot() -> Room {
    Room::Identity("radius".to_owned())
}

#[test]
fn the_catalogue_has_it_beside_the_products() {
    let case = Case::of(RADIUS);
    let catalogue = case.catalogue();
    assert_eq!((catalogue.purposes.len(), catalogue.stores.len()), (9, 10));
    let own = catalogue.purpose("radius").unwrap();
    assert_eq!(
        (own.key_type, own.scope, own.trust_store.as_str()),
        (KeyType::Rsa, Scope::Node, "radius-trust")
    );
    assert_eq!(used_by(case.cluster.features, own), ["802.1X"]);
    assert_eq!(ucm("15").purpose("radius"), None);
    let node = Distribution::Node("cm2.ex.com".to_owned());
    let form = offer::for_request(&case.cluster, &catalogue, "radius", &node).unwrap();
    assert_eq!((form.offered.multi_server, form.offered.names), (false, true));
    assert_eq!(form.common_name.as_deref(), Some("cm2.ex.com"));
    let form = offer::for_self_signed(&case.cluster, &catalogue, "radius", &node).unwrap();
    assert!(form.offered.names && form.offered.years == [5, 10, 20]);
    // Without the document there is no such purpose.
    assert!(offer::for_request(&case.cluster, &ucm("15"), "radius", &node).is_err());
}

#[test]
fn what_only_another_product_has_is_left_out() {
    let text = RADIUS.replace("trust-store = \"radius-trust\"", "trust-store = \"CallManager-trust\"");
    let text = text.replace("replicated = true", "copied-to = \"CallManager-trust\"");
    let settings = parse(&text).unwrap();
    let there = |product| {
        let catalogue = Catalogue::of(product, RELEASE_14, &settings);
        let store = catalogue.store("radius-trust").unwrap();
        (catalogue.purpose("radius").is_some(), store.copied_to.is_some())
    };
    assert_eq!(there(Product::Ucm), (true, true));
    assert_eq!(there(Product::Imp), (false, false));
}

#[test]
fn a_request_asks_for_its_row() {
    let case = Case::asked(RADIUS);
    let der = &case.cluster.requests[0].der;
    let request = crate::certificate::signing_request::SigningRequest::decode(der).unwrap();
    let bits: Vec<_> = request.extensions.key_usage.unwrap().bits().map(KeyUsageBit::word).collect();
    assert_eq!(bits, KEY);
    let extended = request.extensions.extended_key_usage.unwrap();
    assert_eq!(extended, [crate::oid::KP_SERVER_AUTH, Oid::from_dotted(EXTENDED[1]).unwrap()]);
    // R-KUX-2, R-KUX-9: as for the product's, many servers and other nodes only where the document says so.
    let case = Case::of(RADIUS);
    assert_eq!(codes(&for_many_planned(&case).plan), ["issuance.multi-server-not-offered"]);
    let shared = Case::of(&format!("{RADIUS}multi-server-issued = true"));
    assert_eq!(codes(&for_many_planned(&shared).plan), [""; 0]);
    let mut elsewhere = fields("radius");
    elsewhere.distribution = Distribution::Node("cm2.ex.com".to_owned());
    let operation = Operation::Request(elsewhere);
    assert_eq!(codes(&case.plan(&operation).plan), [""; 0]);
    for more in ["publisher-only = true", "scope = \"publisher\""] {
        let held = Case::of(&format!("{RADIUS}{more}"));
        assert_eq!(codes(&held.plan(&operation).plan), ["management.publisher-only"], "{more}");
    }
}

fn for_many_planned(case: &Case) -> Planned {
    case.plan(&Operation::Request(for_many("radius")))
}

/// RFC 8813 3 and D-24 hold for it as for the product's purposes.
#[test]
fn with_an_elliptic_curve_the_profile_decides() {
    let case = Case::of(&RADIUS.replace("\"rsa\"", "\"ec\""));
    let mut elliptic = fields("radius");
    elliptic.key =
        crate::management::key_choice::KeyChoice { key_type: KeyType::Ec, bits: 256, hash: Hash::Sha256 };
    for (profile, asked_for) in [(UsageProfile::UcmCompat, "yes"), (UsageProfile::StrictPkix, "no")] {
        elliptic.profile = profile;
        let planned = case.plan(&Operation::Request(elliptic.clone()));
        let found = values(&planned.plan, "issuance.usage-not-for-elliptic-curve", "askedFor");
        assert_eq!(found, [crate::finding::Value::text(asked_for)]);
    }
}

#[test]
fn a_returned_certificate_takes_the_slot_and_its_services_restart() {
    let case = Case::asked(RADIUS);
    let root = Sketch::ca("root").issue();
    let leaf = returned(&root, &KEY, &EXTENDED);
    let planned = case.upload(slot(), &[&leaf, &root]);
    assert_eq!(codes(&planned.plan), [""; 0]);
    let places: Vec<_> = stored(&planned.plan).into_iter().map(|(name, node, _)| (name, node)).collect();
    assert_eq!(places, [("radius-trust", None), ("radius", Some("cm1.ex.com"))]);
    assert!(removed(&planned.plan).is_empty());
    assert!(matches!(planned.plan.effects.last(), Some(Effect::DropRequest { .. })));
    let restarts: Vec<_> = planned
        .plan
        .advice
        .iter()
        .filter_map(|one| Some((one.action.service()?, one.node.as_deref()?, one.need)))
        .map(|(service, node, need)| (service.name.as_ref(), service.kind.word(), node, need))
        .collect();
    // The slot's on its node, and once more on the nodes that believe a new root.
    let on = |node| ["FreeRADIUS", "radsec proxy"].map(|name| (name, "feature", node, Need::Required));
    for row in [on("cm1.ex.com"), on("cm2.ex.com"), on("cm3.ex.com")].concat() {
        assert_eq!(restarts.iter().filter(|one| **one == row).count(), 1, "{row:?}");
    }
    assert_eq!(restarts.len(), 6);
    assert!(form::document(&planned).contains("\"concerning\":\"FreeRADIUS\""));
}

#[test]
fn a_returned_certificate_is_held_to_its_row() {
    // R-KUX-11
    let case = Case::asked(RADIUS);
    let root = Sketch::ca("root").issue();
    let found = |key: &[&str], extended: &[&str]| {
        codes(&case.upload(slot(), &[&returned(&root, key, extended), &root]).plan)
    };
    assert_eq!(found(&KEY[..1], &EXTENDED), ["returned.usage-missing"]);
    assert_eq!(found(&KEY, &EXTENDED[..1]), ["returned.usage-missing"]);
    let more = [&KEY[..], &["dataEncipherment"]].concat();
    assert_eq!(found(&more, &EXTENDED), ["returned.usage-unforeseen"]);
    // An authority alone is not the identity, nor is a key that nobody asked for.
    assert_eq!(codes(&case.upload(slot(), &[&root]).plan), ["identity.authorities-only"]);
    let other = Case::of(RADIUS).upload(slot(), &[&returned(&root, &KEY, &EXTENDED), &root]);
    assert_eq!(codes(&other.plan), ["identity.not-requested"]);
}

#[test]
fn its_store_is_a_trust_store() {
    let mut case = Case::of(RADIUS);
    let root = Sketch::ca("root").issue();
    let store = || Room::Trust("radius-trust".to_owned());
    let planned = case.upload(store(), &[&root]);
    assert_eq!(stored(&planned.plan).iter().map(|(_, node, _)| *node).collect::<Vec<_>>(), [None]);
    assert!(planned.plan.advice.iter().any(|one| matches!(one.action, Action::RestartService(_))));
    case = Case::of(&RADIUS.replace("replicated = true", "publisher-only = true"));
    case.cluster.nodes.swap(0, 1);
    let planned = case.upload(store(), &[&root]);
    assert_eq!(
        stored(&planned.plan).iter().map(|(_, node, _)| *node).collect::<Vec<_>>(),
        [Some("cm1.ex.com")]
    );
    case.cluster.nodes = vec![Node { name: "cm2.ex.com".to_owned(), role: NodeRole::Subscriber }];
    let certificate = Certificate::decode(&root.der).unwrap();
    let upload = upload(store(), Some("cm2.ex.com"), &[&certificate]);
    let (profile, extra_names) = (UsageProfile::UcmCompat, ExtraNames::Refuse);
    let planned = case.plan(&Operation::Upload { upload, profile, extra_names });
    assert_eq!(codes(&planned.plan), ["management.publisher-only"]);
}

/// A copy does not go around a store that is the publisher's.
#[test]
fn what_is_copied_obeys_the_second_store() {
    let case = Case::of(&RADIUS.replace("replicated = true", "copied-to = \"phone-edge-trust\""));
    let root = Sketch::ca("root").issue();
    let certificate = Certificate::decode(&root.der).unwrap();
    let plan = |node| {
        let upload = upload(Room::Trust("radius-trust".to_owned()), Some(node), &[&certificate]);
        let (profile, extra_names) = (UsageProfile::UcmCompat, ExtraNames::Refuse);
        case.plan(&Operation::Upload { upload, profile, extra_names }).plan
    };
    let own = plan("cm1.ex.com");
    let places: Vec<_> = stored(&own).into_iter().map(|(name, node, _)| (name, node)).collect();
    assert_eq!(places, [("radius-trust", Some("cm1.ex.com")), ("phone-edge-trust", None)]);
    let elsewhere = plan("cm2.ex.com");
    assert!(elsewhere.is_refused() && codes(&elsewhere).contains(&"management.publisher-only"));
}

#[test]
fn a_self_signed_one_is_made_placed_and_copied() {
    let case = Case::of(&RADIUS.replace("replicated = true", "copied-to = \"ipsec-trust\""));
    let operation = Operation::SelfSigned(SelfSignedFields { common: fields("radius"), years: None });
    let planned = case.plan(&operation);
    assert_eq!(draft(&case.cluster, &case.catalogue(), &operation), planned);
    let made = Certificate::decode(&sign(&planned.unsigned[0])).unwrap();
    // R-TS-19: where it is copied to it does not stand in the place of the host's own.
    assert_eq!(made.subject.to_string(), "CN=radius-cm1.ex.com,O=Example Ltd,L=London,C=GB");
    assert_eq!(made.extensions.key_usage.unwrap().bits().count(), 2);
    let effects = place_self_signed(&case.cluster, &case.catalogue(), &planned.unsigned[0], &made).unwrap();
    let places: Vec<_> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Store { place, .. } => Some((place.room.name(), place.node.as_deref())),
            _ => None,
        })
        .collect();
    assert_eq!(places, [("radius", Some("cm1.ex.com")), ("ipsec-trust", Some("cm1.ex.com"))]);
    let services = planned.plan.advice.iter().filter(|one| one.action.service().is_some()).count();
    assert_eq!(services, 2);
    assert_eq!(planned.plan.advice.last().map(|one| &one.action), Some(&Action::Backup));
}

/// The most that a document may ask for is still a plan of a size that can be shown.
#[test]
fn the_largest_document_is_bounded() {
    let identity = |number: usize| {
        let names: Vec<_> = (0..8).map(|service| format!("\"s{number}-{service}\"")).collect();
        format!(
            "[[identities]]\nname = \"p{number}\"\nkey-type = \"rsa\"\ntrust-store = \"tomcat-trust\"\n\
             key-usage = [\"digitalSignature\"]\nrestart = [{}]\n",
            names.join(", ")
        )
    };
    let mut case = Case::of(&(0..8).map(identity).collect::<String>());
    let nodes = (0..64).map(|number| {
        let role = if number == 0 { NodeRole::Publisher } else { NodeRole::Subscriber };
        Node { name: format!("n{number}"), role }
    });
    case.cluster = Cluster { nodes: nodes.collect(), ..cluster_of(Product::Ucm, RELEASE_14) };
    let planned = case.upload(Room::Trust("tomcat-trust".to_owned()), &[&Sketch::ca("root").issue()]);
    let restarts = planned.plan.advice.iter().filter(|one| one.action.service().is_some()).count();
    assert!((64 * 64..64 * 72).contains(&restarts), "{restarts}");
}
