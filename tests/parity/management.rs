//! Management through crate and component: the same operation gives the same document, the same octets to sign and the
//! same refusals, and the reference documents' worked example comes out as they say.

mod given;
pub(crate) mod own;
pub(crate) mod sample;

use engine::management::form;
use engine::management::operation::{self, Planned};
use engine::management::purpose::Catalogue;
use engine::settings::Mode as Reading;
use engine::settings::document;
use engine::time::Instant;
use host_server::component::contract::management::{
    AdviceNeed, Cluster, Deletion, Effect, Features, Joining, Node, NodeRole, Operation, Origin,
    PendingRequest, Place, Plan, Product, Regeneration, Reuse, Room, Tombstone, Upload,
};
use host_server::component::contract::request::Mode;
use host_server::component::contract::types::Value as Found;
use host_server::component::contract::verdict::Severity;
use host_server::component::{Allocation, Engine, Session};
use pki::algorithm::{Algorithm, Hash};
use pki::certificate::{Issued, Sketch};
use pki::key::Key;
use sha2::{Digest, Sha256};

use sample::{
    PUBLISHER, cluster, entry, fields, identity, key, made, now, particulars, planned, request, self_signed,
    session, trust, upload,
};

/// What the crate plans.
fn natively(policy: &str, cluster: &Cluster, operation: &Operation) -> Planned {
    let settings = document::parse_in_mode(policy, Reading::Standard).unwrap();
    let cluster = given::cluster(cluster).read().unwrap();
    let operation = given::operation(operation).read(&settings).unwrap();
    let catalogue = Catalogue::of(cluster.product, cluster.release, &settings);
    operation::plan(&cluster, &catalogue, &settings, &operation, Instant::from_unix(now()))
}

/// Plans both ways, and holds one to the other.
#[track_caller]
fn check(session: &mut Session, cluster: &Cluster, operation: &Operation, findings: &[&str]) -> Plan {
    check_under(session, "", (cluster, operation), findings)
}

#[track_caller]
fn check_under(
    session: &mut Session,
    policy: &str,
    (cluster, operation): (&Cluster, &Operation),
    findings: &[&str],
) -> Plan {
    let plan = planned(session, policy, cluster, operation);
    let own = natively(policy, cluster, operation);
    assert_eq!(plan.document, form::document(&own));
    let codes: Vec<&str> = plan.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, findings, "{}", plan.document);
    let lengths = [own.plan.effects.len(), own.plan.advice.len(), own.unsigned.len()];
    assert_eq!([plan.effects.len(), plan.advice.len(), plan.unsigned.len()], lengths);
    // The typed plan and its document are one plan.
    let read: serde_json::Value = serde_json::from_str(&plan.document).unwrap();
    for (name, length) in ["effects", "advice", "unsigned"].into_iter().zip(lengths) {
        assert_eq!(read[name].as_array().unwrap().len(), length, "{name}");
    }
    let refused = plan.findings.iter().any(|finding| finding.severity == Severity::Deny);
    assert_eq!(read["refused"], refused);
    assert!(!refused || lengths == [0, 0, 0], "a refused plan changes nothing: {}", plan.document);
    plan
}

fn actions(plan: &Plan) -> Vec<&str> {
    plan.advice.iter().map(|advice| advice.action.as_str()).collect()
}

fn fingerprint(der: &[u8]) -> Vec<u8> {
    Sha256::digest(der).to_vec()
}

fn stored(plan: &Plan) -> Vec<(&Room, Option<&str>, &[u8])> {
    let stored = plan.effects.iter().filter_map(|effect| match effect {
        Effect::Store(entry) => {
            Some((&entry.place.room, entry.place.node.as_deref(), entry.certificate.as_slice()))
        }
        _ => None,
    });
    stored.collect()
}

fn same_room(room: &Room, name: &str) -> bool {
    matches!(room, Room::Identity(own) | Room::Trust(own) if own == name)
}

// R-TS-16, R-TS-10, R-TS-12 to R-TS-15
#[test]
pub(crate) fn the_worked_example_of_the_reference_documents() {
    let mut session = session();
    let start = "2015-05-01T12:00:00Z";
    let root = |hash, serial: &str, from| {
        let sketch = Sketch::ca("Root CA").key(Key::rsa("rsa-2048-1"));
        let sketch = sketch.signature_algorithm(Algorithm::RsaPkcs1(hash)).serial(&pki::hexadecimal(serial));
        sketch.valid(from, "2030-01-01T00:00:00Z").issue().der
    };
    let existing = root(Hash::Sha1, "27:20:41:0c:5b:08:69:80:42:62:4f:13:bd:16:06:6a", start);
    let mut there = cluster();
    there.entries.push(entry(trust("tomcat-trust"), None, Origin::Uploaded, &existing));
    let incoming = |from| root(Hash::Sha256, "7b:35:33:71:0b:7c:08:b2:47:b3:aa:f9:5c:0d:ca:e4", from);
    let refused = ["replacement.not-newer", "replacement.naming"];
    for from in ["2015-05-01T11:59:59Z", start] {
        check(&mut session, &there, &upload(trust("tomcat-trust"), &incoming(from)), &refused);
    }
    let newer = incoming("2015-05-01T12:00:01Z");
    let plan = check(&mut session, &there, &upload(trust("tomcat-trust"), &newer), &["replacement.replaces"]);
    let [Effect::Remove(gone), Effect::Store(put)] = plan.effects.as_slice() else {
        panic!("{}", plan.document)
    };
    assert_eq!((&gone.fingerprint, &put.certificate), (&fingerprint(&existing), &newer));
    assert!(same_room(&put.place.room, "tomcat-trust") && put.place.node.is_none());
}

/// Root, issuing authority, and a certificate for Tomcat on the publisher whose key is the host's.
fn chain() -> [Issued; 3] {
    let root = Sketch::ca("root").issue();
    let upper = Sketch::ca("upper").issued_by(&root).issue();
    [root.clone(), upper.clone(), tomcat(&upper, &[PUBLISHER, "ex.com"])]
}

fn tomcat(upper: &Issued, names: &[&str]) -> Issued {
    let sketch = Sketch::leaf("tomcat").subject("CN=cm1.ex.com").key(Key::rsa("rsa-2048-1"));
    let sketch =
        sketch.key_usage(&["digitalSignature", "dataEncipherment"]).eku(&["serverAuth", "clientAuth"]);
    names.iter().fold(sketch, |sketch, name| sketch.dns(name)).issued_by(upper).issue()
}

fn pem(certificates: &[&Issued]) -> Vec<u8> {
    use base64ct::Encoding;
    let block = |issued: &&Issued| {
        let text = base64ct::Base64::encode_string(&issued.der);
        format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
    };
    certificates.iter().map(block).collect::<String>().into_bytes()
}

/// A cluster whose publisher has asked for a certificate for Tomcat.
fn asked(session: &mut Session) -> Cluster {
    let mut there = cluster();
    let node = Some(PUBLISHER.to_owned());
    let request = made(session, &there, &request("tomcat", Some(PUBLISHER)));
    there.requests.push(PendingRequest { purpose: "tomcat".to_owned(), node, request });
    there
}

// R-UP-1, R-UP-5 to R-UP-10, R-UP-17, R-UP-21, R-UP-26, R-RGN-14
#[test]
pub(crate) fn a_returned_certificate_takes_its_slot_and_says_what_to_restart() {
    let mut session = session();
    let mut there = asked(&mut session);
    there.features = Features::MIXED_MODE | Features::SAML_SSO;
    let [root, upper, leaf] = chain();
    let plan = check(&mut session, &there, &upload(identity("tomcat"), &pem(&[&leaf, &upper, &root])), &[]);
    let stored = stored(&plan);
    let places: Vec<_> = stored.iter().map(|(room, node, _)| (same_room(room, "tomcat"), *node)).collect();
    assert_eq!(places, [(false, None), (false, None), (true, Some(PUBLISHER))]);
    assert!(matches!(plan.effects.last(), Some(Effect::DropRequest((purpose, _))) if purpose == "tomcat"));
    let services: Vec<_> = plan.advice.iter().filter(|one| one.action == "restart-service").collect();
    assert!(services.iter().all(|one| one.concerning.is_some() && one.service_kind.is_some()));
    let tftp = services.iter().find(|one| one.concerning.as_deref() == Some("Cisco Tftp")).unwrap();
    assert_eq!((tftp.need, tftp.node.as_deref()), (AdviceNeed::Required, Some(PUBLISHER)));
    assert!(tftp.rules.contains(&"R-UP-21".to_owned()));
    for action in ["update-ctl", "distribute-ctl", "reprovision-saml"] {
        assert!(actions(&plan).contains(&action), "{action}");
    }
    // What is there already asks for nothing to be done.
    there.entries.extend(plan.effects.iter().filter_map(|effect| match effect {
        Effect::Store(entry) => Some(entry.clone()),
        _ => None,
    }));
    there.requests.clear();
    let again = check(&mut session, &there, &upload(identity("tomcat"), &leaf.der), &["upload.unchanged"]);
    assert_eq!(actions(&again), [""; 0]);
}

// R-UP-8, R-UP-19, R-UP-27, R-UP-28, R-CSR-17, D-25
#[test]
pub(crate) fn a_returned_certificate_is_held_to_its_request() {
    let mut session = session();
    let there = asked(&mut session);
    let [root, upper, leaf] = chain();
    let file = |leaf: &Issued| upload(identity("tomcat"), &pem(&[leaf, &upper, &root]));
    check(&mut session, &there, &file(&tomcat(&upper, &[PUBLISHER])), &["returned.name-missing"]);
    let extra = tomcat(&upper, &[PUBLISHER, "ex.com", "other.ex.com"]);
    check(&mut session, &there, &file(&extra), &["returned.name-extra"]);
    // Other findings are told beside those of the upload itself.
    let alone = upload(identity("tomcat"), &tomcat(&upper, &[PUBLISHER]).der);
    check(&mut session, &there, &alone, &["identity.issuer-missing", "returned.name-missing"]);
    check(&mut session, &cluster(), &file(&leaf), &["identity.not-requested"]);
}

// R-TS-11, R-TS-8, R-UP-15, R-REP-1
#[test]
pub(crate) fn uploads_to_trust_stores() {
    let mut session = session();
    let [root, upper, _] = chain();
    let plan = check(&mut session, &cluster(), &upload(trust("tomcat-trust"), &pem(&[&upper, &root])), &[]);
    let order: Vec<_> = stored(&plan).into_iter().map(|(_, node, der)| (node, der.to_vec())).collect();
    assert_eq!(order, [(None, root.der.clone()), (None, upper.der.clone())]);
    let expired = Sketch::ca("old").valid("2010-01-01T00:00:00Z", "2020-01-01T00:00:00Z").issue();
    check(&mut session, &cluster(), &upload(trust("tomcat-trust"), &expired.der), &["upload.expired"]);
    let missing = ["upload.issuer-missing"];
    check(&mut session, &cluster(), &upload(trust("tomcat-trust"), &upper.der), &missing);
    check(&mut session, &cluster(), &upload(trust("nowhere"), &root.der), &["management.purpose-unknown"]);
    // D-29: settings in Common Criteria mode let nothing wait.
    let future = Sketch::ca("new").valid("2027-01-01T00:00:00Z", "2030-01-01T00:00:00Z").issue();
    let operation = upload(trust("tomcat-trust"), &future.der);
    check(&mut session, &cluster(), &operation, &["upload.inactive"]);
    let strict = "profile = \"ndcpp-4.0\"";
    check_under(&mut session, strict, (&cluster(), &operation), &["upload.not-yet-valid"]);
}

// R-DEL-1, R-DEL-3, R-DEL-6, D-21
#[test]
pub(crate) fn deletions_and_what_comes_back() {
    let mut session = session();
    let [root, upper, leaf] = chain();
    let mut there = cluster();
    for issued in [&root, &upper] {
        there.entries.push(entry(trust("tomcat-trust"), None, Origin::Uploaded, &issued.der));
    }
    there.entries.push(entry(identity("tomcat"), Some(PUBLISHER), Origin::Issued, &leaf.der));
    let delete = |room, issued: &Issued| {
        let fingerprint = fingerprint(&issued.der);
        Operation::Delete(Deletion { room, node: None, fingerprint })
    };
    let broken = ["deletion.breaks-chain", "deletion.breaks-chain"];
    let plan = check(&mut session, &there, &delete(trust("tomcat-trust"), &root), &broken);
    assert!(actions(&plan).contains(&"restart-service"));
    let [Effect::Remove(stone)] = plan.effects.as_slice() else { panic!("{}", plan.document) };
    assert_eq!(stone.fingerprint, fingerprint(&root.der));
    check(&mut session, &there, &delete(identity("tomcat"), &leaf), &["deletion.identity"]);
    let absent = check(&mut session, &there, &delete(trust("CAPF-trust"), &root), &["deletion.absent"]);
    assert_eq!(actions(&absent), [""; 0]);
    there.entries.clear();
    there.tombstones.push(Tombstone { place: stone.place.clone(), fingerprint: stone.fingerprint.clone() });
    let mut back = upload(trust("tomcat-trust"), &root.der);
    check(&mut session, &there, &back, &["upload.deleted-before"]);
    if let Operation::Upload(Upload { revive, .. }) = &mut back {
        *revive = true;
    }
    let plan = check(&mut session, &there, &back, &["upload.revived"]);
    assert!(plan.effects.iter().any(|effect| matches!(effect, Effect::Revive(_))));
    // R-REP-1: nor does it come back with a node.
    let view = vec![entry(trust("tomcat-trust"), Some("cm2.ex.com"), Origin::Uploaded, &root.der)];
    let join = Operation::Join(Joining { node: "cm2.ex.com".to_owned(), view });
    let plan = check(&mut session, &there, &join, &["replication.deleted"]);
    assert!(actions(&plan).contains(&"renew-multi-server"));
}

// R-SS-3, R-RGN-5, R-REP-9
#[test]
pub(crate) fn a_self_signed_certificate_is_placed_only_if_it_is_the_planned_one() {
    let mut session = session();
    for (purpose, node) in [("tomcat", None), ("tomcat-ECDSA", Some("cm2.ex.com")), ("CAPF", Some(PUBLISHER))]
    {
        let operation = self_signed(purpose, node);
        let plan = planned(&mut session, "", &cluster(), &operation);
        assert_eq!(plan.document, form::document(&natively("", &cluster(), &operation)));
        assert_eq!(plan.unsigned.len(), 1, "{}", plan.document);
        assert_eq!((plan.unsigned[0].node.as_deref(), plan.unsigned[0].years), (node, Some(5)));
        assert_eq!(actions(&plan).last(), Some(&"backup"));
        let certificate = made(&mut session, &cluster(), &operation);
        let effects =
            session.place_self_signed("", (&cluster(), &operation), 0, &certificate).unwrap().unwrap();
        assert_eq!(effects.len(), if purpose == "CAPF" { 2 } else { 1 });
        let Some(Effect::Store(entry)) = effects.first() else { panic!("{purpose}") };
        assert_eq!((entry.origin, entry.place.node.as_deref()), (Origin::SelfSigned, node));
        let mut broken = certificate.clone();
        *broken.last_mut().unwrap() ^= 1;
        let other = Sketch::leaf("other").issue().der;
        let strange = made(&mut session, &cluster(), &self_signed("TVS", Some(PUBLISHER)));
        for (der, differs) in [(&broken, "signature"), (&other, "subject"), (&strange, "subject")] {
            let refusal =
                session.place_self_signed("", (&cluster(), &operation), 0, der).unwrap().unwrap_err();
            if refusal.code == "input.malformed" {
                // An ECDSA signature is DER itself.
                continue;
            }
            assert_eq!(refusal.code, "operation.other-certificate", "{purpose} {differs}");
            assert!(matches!(&refusal.details[0].value, Found::Text(found) if found == differs), "{purpose}");
        }
    }
}

// R-CSR-4, R-KUX-9
#[test]
pub(crate) fn requests_and_the_octets_to_be_signed() {
    let mut session = session();
    let there = asked(&mut session);
    for (purpose, node, found) in [
        ("tomcat", Some(PUBLISHER), vec!["issuance.request-overwritten"]),
        ("CallManager-ECDSA", None, vec!["issuance.usage-not-for-elliptic-curve"]),
        ("ipsec", None, vec!["issuance.multi-server-not-offered"]),
        ("ITLRecovery", Some(PUBLISHER), vec!["issuance.request-not-offered"]),
        ("tomcat", Some("cm9.ex.com"), vec!["management.node-unknown"]),
    ] {
        let operation = request(purpose, node);
        let plan = check(&mut session, &there, &operation, &found);
        let own = natively("", &there, &operation);
        let drawn = particulars(&Key::rsa("rsa-2048-1"));
        let answer = session.to_be_signed("", (&there, &operation), 0, &drawn).unwrap();
        let Some(item) = plan.unsigned.first() else {
            assert_eq!(answer.unwrap_err().code, "operation.number");
            continue;
        };
        let drawn = particulars(&key(&item.key));
        let octets = session.to_be_signed("", (&there, &operation), 0, &drawn).unwrap().unwrap();
        let particulars = engine::management::encode::Particulars {
            serial: &drawn.serial,
            not_before: Instant::from_unix(drawn.not_before),
        };
        assert_eq!(octets, own.unsigned[0].to_be_signed(&drawn.public_key, &particulars).unwrap());
    }
}

/// Tomcat with one self-signed certificate for many servers, in its slot and beside those who believe it.
fn shared(session: &mut Session) -> Cluster {
    let mut there = cluster();
    let certificate = made(session, &there, &self_signed("tomcat", None));
    there.entries.push(entry(identity("tomcat"), None, Origin::SelfSigned, &certificate));
    there
}

// R-REUSE-1 to R-REUSE-7, R-RGN-4 to R-RGN-6, R-RGN-18 to R-RGN-20, R-REP-7, R-TRB-8, R-TS-9
#[test]
pub(crate) fn reuse_regeneration_completeness_exchange_and_upgrade() {
    let mut session = session();
    let there = shared(&mut session);
    let reuse = |source: &str, target: &str| {
        Operation::Reuse(Reuse { source: source.to_owned(), target: target.to_owned(), node: None })
    };
    let plan = check(&mut session, &there, &reuse("tomcat", "CallManager"), &[]);
    assert!(matches!(stored(&plan).as_slice(), [(room, None, _)] if same_room(room, "CallManager")));
    assert!(actions(&plan).contains(&"restart-service"));
    check(&mut session, &there, &reuse("tomcat", "TVS"), &["reuse.pair"]);
    let anew = |room| {
        let places = vec![Place { room, node: None }];
        Operation::Regenerate(Regeneration { places, usage_profile: None })
    };
    let plan = check(&mut session, &there, &anew(identity("tomcat")), &[]);
    assert_eq!((plan.unsigned.len(), actions(&plan).first()), (1, Some(&"regenerate")));
    check(&mut session, &there, &anew(trust("tomcat-trust")), &["regeneration.of-trust"]);
    check(&mut session, &there, &anew(identity("CallManager")), &["regeneration.of-nothing"]);
    let plan = planned(&mut session, "", &there, &Operation::Completeness);
    assert_eq!(plan.document, form::document(&natively("", &there, &Operation::Completeness)));
    assert!(plan.findings.iter().any(|finding| finding.code == "completeness.identity"));
    let absent = ["exchange.absent"; 6];
    check(&mut session, &there, &Operation::Exchange, &absent);
    let mut old = cluster();
    let expired = Sketch::ca("old").valid("2010-01-01T00:00:00Z", "2020-01-01T00:00:00Z").issue();
    old.entries.push(entry(trust("tomcat-trust"), None, Origin::Uploaded, &expired.der));
    let plan = check(&mut session, &old, &Operation::Upgrade("15SU3".to_owned()), &["upgrade.expired"]);
    assert!(matches!(plan.effects.as_slice(), [Effect::Remove(_)]));
    check(&mut session, &old, &Operation::Upgrade("14SU1".to_owned()), &[]);
}

// R-REP-8
#[test]
pub(crate) fn a_node_leaves_and_another_is_the_publisher() {
    let mut session = session();
    let role = |name: &str, role| Operation::Role(Node { name: name.to_owned(), role });
    let leave = |name: &str| Operation::Leave(name.to_owned());
    let plan = check(&mut session, &cluster(), &role("cm2.ex.com", NodeRole::Publisher), &[]);
    let roles: Vec<NodeRole> = plan
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::SetRole(node) => Some(node.role),
            _ => None,
        })
        .collect();
    assert!(matches!(roles.as_slice(), [NodeRole::Subscriber, NodeRole::Publisher]));
    check(&mut session, &cluster(), &role(PUBLISHER, NodeRole::Publisher), &["role.unchanged"]);
    check(&mut session, &cluster(), &role(PUBLISHER, NodeRole::Subscriber), &["role.publisher-needed"]);
    check(&mut session, &cluster(), &leave(PUBLISHER), &["leaving.publisher"]);
    let plan = check(&mut session, &cluster(), &leave("cm3.ex.com"), &[]);
    assert!(matches!(plan.effects.as_slice(), [Effect::RemoveNode(name)] if name == "cm3.ex.com"));
}

/// What cannot be used is refused with the same code about the same input.
#[test]
fn unusable_input_is_refused_alike() {
    let mut session = session();
    let root = Sketch::ca("root").issue().der;
    let with = |change: fn(&mut Cluster)| {
        let mut there = cluster();
        change(&mut there);
        there
    };
    let mut hash = fields("tomcat", None);
    hash.key.hash = "MD5".to_owned();
    let short = Deletion { room: trust("tomcat-trust"), node: None, fingerprint: vec![1; 31] };
    let view = vec![entry(trust("tomcat-trust"), None, Origin::Uploaded, b"no certificate")];
    let garbage = upload(trust("tomcat-trust"), &[0xa5; 1 << 20]);
    let nowhere = Place { room: identity("tomcat"), node: None };
    let too_many = Regeneration { places: vec![nowhere; 1_089], usage_profile: None };
    let unknown = Regeneration { places: Vec::new(), usage_profile: Some("none".to_owned()) };
    for (cluster, operation, code, input) in [
        (with(|it| it.release = "14 SU1".to_owned()), Operation::Exchange, "operation.release", "release"),
        (cluster(), Operation::Upgrade(String::new()), "operation.release", "release"),
        (cluster(), Operation::Request(hash), "operation.unknown-word", "hash"),
        (cluster(), Operation::Regenerate(unknown), "operation.unknown-word", "usage-profile"),
        (cluster(), Operation::Regenerate(too_many), "operation.too-many", "places"),
        (cluster(), Operation::Delete(short), "operation.fingerprint", "fingerprint"),
        (
            cluster(),
            Operation::Join(Joining { node: PUBLISHER.to_owned(), view }),
            "input.malformed",
            "view 0",
        ),
        (cluster(), garbage, "input.malformed", "file"),
        (with(|it| it.nodes.remove(0).name.clear()), Operation::Exchange, "operation.publishers", "nodes"),
        (
            with(|it| it.nodes[2].name = "cm2.ex.com".to_owned()),
            Operation::Exchange,
            "operation.node-twice",
            "nodes",
        ),
        (cluster(), upload(trust("tomcat-trust"), b""), "input.empty", "file"),
        (
            with(|it| it.nodes = vec![it.nodes[0].clone(); 65]),
            Operation::Exchange,
            "operation.too-many",
            "nodes",
        ),
    ] {
        let own = given::cluster(&cluster).read().map(drop);
        let own =
            own.and_then(|()| given::operation(&operation).read(&Default::default()).map(drop)).unwrap_err();
        assert_eq!((own.code(), own.input().as_str()), (code, input));
        let validator = session.validator("", Mode::AsWritten).unwrap().unwrap();
        let refusal = session.plan(&validator, &cluster, &operation, now()).unwrap().unwrap_err();
        assert_eq!((refusal.code.as_str(), refusal.input.as_str()), (code, input));
        assert_eq!(refusal.details.len(), own.details().len());
        session.close(validator).unwrap();
    }
    let keys = session.index_keys(&root).unwrap().unwrap();
    assert_eq!((keys.fingerprint, keys.authority), (fingerprint(&root), true));
    assert_eq!(keys.subject_key, keys.issuer_key);
    assert_eq!(session.index_keys(b"x").unwrap().unwrap_err().input, "certificate");
    let public = Key::rsa("rsa-2048-1").subject_public_key_info();
    let [.., leaf] = chain();
    assert_eq!(session.public_key_fingerprint(&leaf.der).unwrap().unwrap(), fingerprint(&public));
    assert_eq!(session.public_key_fingerprint(b"x").unwrap().unwrap_err().input, "certificate");
    assert_eq!(session.assemble(&root, "ed25519", b"").unwrap().unwrap_err().input, "algorithm");
}

// R-SIMP-1, R-CSR-19, R-CSR-27, R-SS-8, R-SS-9, R-SS-18
#[test]
fn forms_and_the_catalogue() {
    let mut session = session();
    let (purposes, stores) = session.catalogue("", Product::Ucm, "14", Features::SIP_OAUTH).unwrap().unwrap();
    assert_eq!((purposes.len(), stores.len()), (8, 9));
    let tomcat = purposes.iter().find(|purpose| purpose.name == "tomcat").unwrap();
    assert_eq!((tomcat.scope.as_str(), tomcat.used_by.len()), ("cluster", 3));
    let form = session.offer_for_request("", &cluster(), "tomcat-ECDSA", Some(PUBLISHER)).unwrap().unwrap();
    assert_eq!((form.key_type.as_str(), form.years.len()), ("ec", 0));
    assert_eq!(form.lengths[1], (384, vec!["SHA384".to_owned(), "SHA512".to_owned()]));
    assert_eq!(form.common_name.as_deref(), Some("cm1-EC.ex.com"));
    let form = session.offer_for_self_signed("", &cluster(), "tomcat", None).unwrap().unwrap();
    assert_eq!((form.years, form.common_name.as_deref()), (vec![5, 10, 20], Some("cm1-ms.ex.com")));
    let refused = session.offer_for_request("", &cluster(), "ITLRecovery", None).unwrap().unwrap_err();
    assert_eq!(refused.code, "operation.request-not-offered");
    let refused = session.offer_for_request("", &cluster(), "none", None).unwrap().unwrap_err();
    assert_eq!((refused.code.as_str(), refused.input.as_str()), ("operation.unknown-word", "purpose"));
    assert_eq!(
        session.catalogue("", Product::Imp, "x", Features::empty()).unwrap().unwrap_err().input,
        "release"
    );
}

/// More entries than are looked at are refused before any is decoded.
#[test]
fn twenty_thousand_entries_are_refused_within_the_usual_memory() {
    let engine = Engine::load(Allocation::OnDemand).unwrap();
    let mut session = engine.session().unwrap();
    let root = Sketch::ca("root").issue().der;
    let mut there = cluster();
    there.entries = vec![entry(trust("tomcat-trust"), None, Origin::Uploaded, &root); 20_000];
    let validator = session.validator("", Mode::AsWritten).unwrap().unwrap();
    let refusal = session.plan(&validator, &there, &Operation::Completeness, now()).unwrap().unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.input.as_str()), ("operation.too-many", "entry"));
    assert!(session.memory() <= 64 * 1024 * 1024);
}
