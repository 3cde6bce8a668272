//! A cluster of three nodes in the words of the contract, forms filled in, and a host that makes keys and signs what was
//! planned.

use std::cell::RefCell;

use host_server::component::contract::management::{
    Cluster, Entry, Features, KeyChoice, Node, NodeRole, Operation, Origin, Particulars, Place, Plan,
    Product, RequestFields, Room, SelfSignedFields, SubjectFields, Upload,
};
use host_server::component::contract::request::Mode;
use host_server::component::{Allocation, Engine, Session};
use pki::algorithm::Algorithm;
use pki::certificate::AT;
use pki::key::Key;

pub(crate) const PUBLISHER: &str = "cm1.ex.com";

pub(crate) fn session() -> Session {
    Engine::load(Allocation::OnDemand).unwrap().session().unwrap()
}

pub(crate) fn now() -> i64 {
    pki::time::seconds(AT)
}

/// Unified CM 14 without certificates.
pub(crate) fn cluster() -> Cluster {
    let node = |name: &str, role| Node { name: name.to_owned(), role };
    Cluster {
        product: Product::Ucm,
        release: "14".to_owned(),
        nodes: vec![
            node(PUBLISHER, NodeRole::Publisher),
            node("cm2.ex.com", NodeRole::Subscriber),
            node("cm3.ex.com", NodeRole::Subscriber),
        ],
        entries: Vec::new(),
        tombstones: Vec::new(),
        requests: Vec::new(),
        features: Features::empty(),
    }
}

pub(crate) fn trust(name: &str) -> Room {
    Room::Trust(name.to_owned())
}

pub(crate) fn identity(name: &str) -> Room {
    Room::Identity(name.to_owned())
}

/// A certificate in a place; without a node on every one.
pub(crate) fn entry(room: Room, node: Option<&str>, origin: Origin, der: &[u8]) -> Entry {
    let place = Place { room, node: node.map(str::to_owned) };
    Entry { place, certificate: der.to_vec(), origin, active_from: None }
}

/// An upload by somebody on the publisher.
pub(crate) fn upload(room: Room, file: &[u8]) -> Operation {
    Operation::Upload(Upload {
        room,
        node: None,
        file: file.to_vec(),
        revive: false,
        usage_profile: None,
        extra_names: None,
    })
}

/// A form that is filled in as it should be.
pub(crate) fn fields(purpose: &str, node: Option<&str>) -> RequestFields {
    let (key_type, bits) = if purpose.ends_with("-ECDSA") { ("ec", 256) } else { ("rsa", 2048) };
    let some = |text: &str| Some(text.to_owned());
    RequestFields {
        purpose: purpose.to_owned(),
        node: node.map(str::to_owned),
        subject: SubjectFields {
            country: some("GB"),
            state: None,
            locality: some("London"),
            organization: some("Example Ltd"),
            organizational_unit: None,
            include_organizational_unit: false,
            common_name: None,
        },
        domains: None,
        parent_domain: None,
        key: KeyChoice { key_type: key_type.to_owned(), bits, hash: "SHA256".to_owned() },
        usage_profile: None,
    }
}

pub(crate) fn request(purpose: &str, node: Option<&str>) -> Operation {
    Operation::Request(fields(purpose, node))
}

pub(crate) fn self_signed(purpose: &str, node: Option<&str>) -> Operation {
    Operation::SelfSigned(SelfSignedFields { common: fields(purpose, node), years: None })
}

thread_local! {
    /// Everything that this thread has planned: the policy document, the cluster, the operation and the plan's document,
    /// for tests that have a browser plan it again.
    pub(crate) static PLANNED: RefCell<Vec<(String, Cluster, Operation, String)>> = RefCell::default();
}

/// Plans under the settings of a policy document.
pub(crate) fn planned(session: &mut Session, policy: &str, cluster: &Cluster, operation: &Operation) -> Plan {
    let validator = session.validator(policy, Mode::AsWritten).unwrap().unwrap();
    let plan = session.plan(&validator, cluster, operation, now()).unwrap().unwrap();
    session.close(validator).unwrap();
    let told = (policy.to_owned(), cluster.clone(), operation.clone(), plan.document.clone());
    PLANNED.with_borrow_mut(|planned| planned.push(told));
    plan
}

/// The key that the host makes for an item.
pub(crate) fn key(choice: &KeyChoice) -> Key {
    match (choice.key_type.as_str(), choice.bits) {
        ("ec", 256) => Key::p256("host"),
        ("rsa", 2048) => Key::rsa("rsa-2048-1"),
        other => panic!("no key of {other:?}"),
    }
}

/// What the host draws and reads for an item.
pub(crate) fn particulars(key: &Key) -> Particulars {
    Particulars { public_key: key.subject_public_key_info(), serial: vec![0xc5; 20], not_before: now() }
}

/// What the host does with the first item of a plan: it makes a key, signs, and has both put together.
pub(crate) fn made(session: &mut Session, cluster: &Cluster, operation: &Operation) -> Vec<u8> {
    made_under(session, "", cluster, operation)
}

/// The same under a policy document.
pub(crate) fn made_under(
    session: &mut Session,
    policy: &str,
    cluster: &Cluster,
    operation: &Operation,
) -> Vec<u8> {
    let plan = planned(session, policy, cluster, operation);
    let item = plan.unsigned.first().unwrap_or_else(|| panic!("{}", plan.document));
    let key = key(&item.key);
    let octets = session.to_be_signed(policy, (cluster, operation), 0, &particulars(&key)).unwrap().unwrap();
    let signature = key.sign(Algorithm::from_word(&item.algorithm), &octets);
    session.assemble(&octets, &item.algorithm, &signature).unwrap().unwrap()
}
