//! A cluster of three nodes, forms filled in, and a host that signs what was planned; for the tests of this module.

use pki::algorithm::Algorithm;
use pki::certificate::Sketch;
use pki::key::Key;

use super::cluster::{Cluster, Entry, Features, Node, NodeRole, Origin, Place, Room};
use super::distribution::{Distribution, NameFields};
use super::encode::{Particulars, Unsigned, assemble};
use super::issuance::RequestFields;
use super::key_choice::{Hash, KeyChoice};
use super::key_usage_table::{Cell, Usage, UsageProfile, row};
use super::plan::Plan;
use super::purpose::{Catalogue, KeyType};
use super::release::{Product, RELEASE_14, Release};
use super::subject_fields::SubjectFields;
use crate::certificate::Certificate;
use crate::der::{self, write};
use crate::finding::Value;
use crate::oid;
use crate::settings::Settings;
use crate::settings::algorithm::SignatureAlgorithm;
use crate::time::Instant;

/// 2026-11-21T12:00:00Z.
pub(crate) const AT: Instant = Instant::from_unix(1_795_262_400);

/// A release of before the multi-server rules.
pub(crate) const RELEASE_12: Release = Release { major: 12, minor: 5, maintenance: 1, service_update: 0 };

pub(crate) fn cluster_of(product: Product, release: Release) -> Cluster {
    let node = |name: &str, role| Node { name: name.to_owned(), role };
    Cluster {
        product,
        release,
        nodes: vec![
            node("cm1.ex.com", NodeRole::Publisher),
            node("cm2.ex.com", NodeRole::Subscriber),
            node("cm3.ex.com", NodeRole::Subscriber),
        ],
        entries: Vec::new(),
        tombstones: Vec::new(),
        requests: Vec::new(),
        features: Features::default(),
    }
}

/// Unified CM 14.
pub(crate) fn cluster() -> Cluster {
    cluster_of(Product::Ucm, RELEASE_14)
}

pub(crate) fn catalogue(cluster: &Cluster) -> Catalogue {
    Catalogue::of(cluster.product, cluster.release, &Settings::default())
}

/// A form that is filled in as it should be: for the publisher alone, with the key that a form chooses beforehand.
pub(crate) fn fields(purpose: &str) -> RequestFields {
    let elliptic = purpose.ends_with("-ECDSA");
    let (key_type, bits) = if elliptic { (KeyType::Ec, 256) } else { (KeyType::Rsa, 2048) };
    let some = |text: &str| Some(text.to_owned());
    RequestFields {
        purpose: purpose.to_owned(),
        distribution: Distribution::Node("cm1.ex.com".to_owned()),
        subject: SubjectFields {
            country: some("GB"),
            state: None,
            locality: some("London"),
            organization: some("Example Ltd"),
            ..SubjectFields::default()
        },
        names: NameFields::default(),
        key: KeyChoice { key_type, bits, hash: Hash::Sha256 },
        profile: UsageProfile::UcmCompat,
    }
}

pub(crate) fn for_many(purpose: &str) -> RequestFields {
    RequestFields { distribution: Distribution::MultiServer, ..fields(purpose) }
}

/// The codes of a plan, in order.
pub(crate) fn codes(plan: &Plan) -> Vec<&'static str> {
    plan.findings.iter().map(|finding| finding.code.as_str()).collect()
}

/// The values called `name` of the first finding with this code.
pub(crate) fn values(plan: &Plan, code: &str, name: &str) -> Vec<Value> {
    let finding = plan.findings.iter().find(|finding| finding.code.as_str() == code).unwrap();
    let named = finding.details.iter().filter(|detail| detail.name == name);
    named.map(|detail| detail.value.clone()).collect()
}

/// The key a host would make.
pub(crate) fn key(choice: KeyChoice) -> Key {
    match (choice.key_type, choice.bits) {
        (KeyType::Ec, 256) => Key::p256("host"),
        (KeyType::Ec, 384) => Key::p384("host"),
        (KeyType::Rsa, 1024) => Key::rsa("rsa-1024"),
        (KeyType::Rsa, 2048) => Key::rsa("rsa-2048-1"),
        (KeyType::Rsa, 3072) => Key::rsa("rsa-3072"),
        (KeyType::Rsa, 4096) => Key::rsa("rsa-4096"),
        other => panic!("no key of {other:?}"),
    }
}

/// What a host does: it makes the key, signs, and puts both together.
pub(crate) fn sign(unsigned: &Unsigned) -> Vec<u8> {
    let key = key(unsigned.key);
    let particulars = Particulars { serial: &[0xc5; 20], not_before: AT };
    let signed = unsigned.to_be_signed(&key.subject_public_key_info(), &particulars).unwrap();
    let signature = key.sign(Algorithm::from_word(unsigned.algorithm.word()), &signed);
    assemble(&signed, unsigned.algorithm, &signature).unwrap()
}

/// A certificate in an identity slot.
pub(crate) fn entry(purpose: &str, node: Option<&str>, origin: Origin, der: &[u8]) -> Entry {
    Entry {
        place: place(purpose, node),
        certificate: Certificate::decode(der).unwrap(),
        origin,
        active_from: None,
    }
}

pub(crate) fn place(purpose: &str, node: Option<&str>) -> Place {
    Place { room: Room::Identity(purpose.to_owned()), node: node.map(str::to_owned) }
}

/// A request that asks for exactly what `certificate` has: its subject, key, names and usages. Its signature is none.
pub(crate) fn request_like(certificate: &Certificate) -> Vec<u8> {
    let wanted = [oid::KEY_USAGE, oid::EXTENDED_KEY_USAGE, oid::SUBJECT_ALT_NAME];
    let found = certificate.extensions.all.iter().filter(|extension| wanted.contains(&extension.kind));
    let list: Vec<Vec<u8>> = found
        .map(|extension| {
            let value = write::element(der::OCTET_STRING, &extension.value);
            write::sequence(&[write::object_identifier(&extension.kind), value])
        })
        .collect();
    let extensions = write::set_of_one(&write::sequence(&list));
    let attribute = write::sequence(&[write::object_identifier(&oid::EXTENSION_REQUEST), extensions]);
    let attributes = if list.is_empty() { Vec::new() } else { attribute };
    let info = write::sequence(&[
        write::element(der::INTEGER, &[0]),
        certificate.subject.der.clone(),
        certificate.public_key.der.clone(),
        write::element(der::context_constructed(0), &attributes),
    ]);
    assemble(&info, SignatureAlgorithm::EcdsaSha256, &[0]).unwrap()
}

/// The sketch with the usages that the tables require of a purpose.
pub(crate) fn with_usages(sketch: Sketch, product: Product, purpose: &str) -> Sketch {
    let required = row(product, purpose).unwrap().usages().filter(|(_, cell)| *cell == Cell::Yes);
    let (key, extended): (Vec<Usage>, Vec<Usage>) =
        required.map(|(usage, _)| usage).partition(|usage| matches!(usage, Usage::Key(_)));
    let words = |list: &[Usage]| -> Vec<&'static str> { list.iter().map(Usage::word).collect() };
    sketch.key_usage(&words(&key)).eku(&words(&extended))
}
