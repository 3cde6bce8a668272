//! What of the state is read for an operation is enough: whatever is in store, the plan from the slice is the plan from
//! everything, octet for octet, through the component and on both databases.

use std::collections::BTreeMap;

use host_server::api::management::slice::{self, Edition, Slice};
use host_server::api::management::{change, situation};
use host_server::audit::AuditRecord;
use host_server::component::Session;
use host_server::component::contract::management::{
    Deletion, Effect, Entry, Features, Joining, Node, NodeRole, Operation, Origin, Place, Product,
    Regeneration, Reuse, Upload,
};
use host_server::storage::{At, By, Change, PendingRequest, SealedKey, Select, State, Storage};
use pki::algorithm::Algorithm;
use pki::certificate::{Issued, Sketch};
use pki::key::Key;

use crate::place::{Home, run};
use crate::planned::{PUBLISHER, entry, fields, identity, key, particulars, planned, session, trust};
use crate::sample::NOW;

const NODES: [&str; 3] = [PUBLISHER, "cm2.ex.com", "cm3.ex.com"];
const STORES: [&str; 4] = ["tomcat-trust", "CallManager-trust", "CAPF-trust", "ipsec-trust"];
const SLOTS: [&str; 5] = ["tomcat", "CallManager", "CAPF", "ipsec", "CallManager-ECDSA"];
const KINDS: usize = 13;

/// Chance that comes out the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        // the constants of Knuth's MMIX; the upper bits are the better ones
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn pick<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }

    fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }

    fn node(&mut self) -> Option<&'static str> {
        if self.one_in(2) { None } else { Some(NODES[self.below(3)]) }
    }
}

/// Authorities of few names and few keys, so that names meet, chains cross and keys change; and what they issued.
struct Population {
    authorities: Vec<Issued>,
    leaves: Vec<Issued>,
}

impl Population {
    fn new(chance: &mut Chance) -> Self {
        let names =
            ["CN=Alpha CA", "CN=alpha  ca,O=Other", "CN=Beta CA", "CN=Gamma CA", "CN=Delta CA", "CN=Eps CA"];
        let keys = ["one", "two", "three", "four"];
        let years = ["2020", "2021", "2022", "2023", "2024"];
        let mut authorities: Vec<Issued> = Vec::new();
        for number in 0..14_u8 {
            let key = Key::p256(keys[chance.below(keys.len())]);
            let from = format!("{}-01-01T00:00:00Z", years[chance.below(years.len())]);
            let until = if chance.one_in(9) { "2025-01-01T00:00:00Z" } else { "2036-01-01T00:00:00Z" };
            let sketch = Sketch::ca("authority").subject(names[chance.below(names.len())]).key(key);
            let sketch = sketch.serial(&[1 + number]).valid(&from, until);
            let sketch = match authorities.len() {
                0..3 => sketch,
                all if !chance.one_in(4) => sketch.issued_by(&authorities[chance.below(all)]),
                _ => sketch,
            };
            authorities.push(sketch.issue());
        }
        // two that name each other
        for (subject, issuer, own) in [("CN=Left", "CN=Right", "left"), ("CN=Right", "CN=Left", "right")] {
            let sketch = Sketch::ca("ring").subject(subject).issuer_name(issuer).key(Key::p256(own));
            authorities.push(sketch.issue());
        }
        let leaves = (0..16_u8).map(|number| {
            let subject = format!("CN={}", ["cm1.ex.com", "cm2.ex.com", "peer", "Alpha CA"][chance.below(4)]);
            let key = if chance.one_in(3) { Key::p256("leaf") } else { Key::rsa("rsa-2048-1") };
            let sketch = Sketch::leaf("leaf").subject(&subject).key(key).serial(&[100 + number]);
            let sketch = sketch.dns("cm1.ex.com").dns("cm2.ex.com").dns("cm3.ex.com").dns("ex.com");
            let sketch = sketch.key_usage(&["digitalSignature", "dataEncipherment"]);
            let from = format!("{}-06-01T00:00:00Z", years[chance.below(years.len())]);
            let sketch = sketch.eku(&["serverAuth", "clientAuth"]).valid(&from, "2030-01-01T00:00:00Z");
            if chance.one_in(4) {
                sketch.issue()
            } else {
                sketch.issued_by(chance.pick(&authorities)).issue()
            }
        });
        let mut leaves: Vec<Issued> = leaves.collect();
        // and a chain in order, whose end is what was asked for
        let root = Sketch::ca("root").subject("CN=Good Root").key(Key::p256("good")).issue();
        let upper =
            Sketch::ca("upper").subject("CN=Good Upper").key(Key::p256("upper")).issued_by(&root).issue();
        let sketch = Sketch::leaf("tomcat").subject("CN=cm1.ex.com").key(Key::rsa("rsa-2048-1"));
        let sketch = sketch.key_usage(&["digitalSignature", "dataEncipherment"]).dns(PUBLISHER).dns("ex.com");
        let good = sketch.eku(&["serverAuth", "clientAuth"]).issued_by(&upper).issue();
        authorities.extend([root, upper]);
        leaves.push(good);
        Self { authorities, leaves }
    }

    fn any<'p>(&'p self, chance: &mut Chance) -> &'p Issued {
        if chance.one_in(3) { chance.pick(&self.leaves) } else { chance.pick(&self.authorities) }
    }
}

/// A cluster in store: three nodes, what some of the population put into places, some of it taken out again, requests.
async fn fill(storage: &Storage, session: &mut Session, population: &Population, chance: &mut Chance) {
    crate::sample::nodes(storage).await;
    let rename = NODES.map(|name| Change::AddNode {
        name: name.to_owned(),
        role: host_server::storage::NodeRole::Subscriber,
    });
    let mut changes = rename.to_vec();
    changes.push(Change::SetRole { name: "a".to_owned(), role: host_server::storage::NodeRole::Subscriber });
    changes.push(Change::SetRole {
        name: PUBLISHER.to_owned(),
        role: host_server::storage::NodeRole::Publisher,
    });
    let mut gone = Vec::new();
    for _ in 0..30 {
        let room = trust(STORES[chance.below(4)]);
        let put = entry(room, chance.node(), Origin::Uploaded, &population.any(chance).der);
        if chance.one_in(6) {
            gone.push(put.clone());
        }
        changes.push(stored(session, put));
    }
    for authority in population.authorities.iter().rev().take(2) {
        if !chance.one_in(4) {
            changes.push(stored(session, entry(trust(STORES[0]), None, Origin::Uploaded, &authority.der)));
        }
    }
    for name in SLOTS {
        for node in [None, Some(NODES[0]), Some(NODES[1])] {
            if chance.one_in(2) {
                let origin = *chance.pick(&[Origin::Issued, Origin::SelfSigned, Origin::Uploaded]);
                let held =
                    if chance.one_in(5) { population.any(chance) } else { chance.pick(&population.leaves) };
                changes.push(stored(session, entry(identity(name), node, origin, &held.der)));
            }
        }
    }
    for put in gone {
        let Change::Store(new) = stored(session, put) else { panic!("not a store") };
        changes.push(Change::Remove { place: new.place, fingerprint: new.facts.fingerprint });
    }
    apply(storage, &changes).await;
    let asked = crate::planned::request("tomcat", Some(PUBLISHER));
    let asked = crate::planned::made(session, &crate::planned::cluster(), &asked);
    apply(storage, &requests(asked, chance)).await;
}

fn stored(session: &mut Session, entry: Entry) -> Change {
    change::of_effect(session, &Effect::Store(entry), "").unwrap().unwrap()
}

/// Requests that hold the keys of the population's leaves.
fn requests(asked: Vec<u8>, chance: &mut Chance) -> Vec<Change> {
    let key = SealedKey {
        id: "key".to_owned(),
        purpose: "tomcat".to_owned(),
        algorithm: "rsa 2048".to_owned(),
        sealed: vec![1],
    };
    let request = PendingRequest {
        purpose: "tomcat".to_owned(),
        node: Some(PUBLISHER.to_owned()),
        der: asked,
        key_id: "key".to_owned(),
    };
    let mut changes = vec![Change::PutKey(key), Change::PutRequest(request)];
    for purpose in ["CAPF", "CallManager-ECDSA"] {
        let key = if chance.one_in(3) { Key::p256("leaf") } else { Key::rsa("rsa-2048-1") };
        changes.push(Change::PutRequest(PendingRequest {
            purpose: purpose.to_owned(),
            node: chance.node().map(str::to_owned),
            der: [&[0x30, 0x82, 9, 9], key.subject_public_key_info().as_slice()].concat(),
            key_id: "key".to_owned(),
        }));
    }
    changes
}

async fn apply(storage: &Storage, changes: &[Change]) {
    let version = storage.version().await.unwrap();
    storage.apply(version, changes, AuditRecord::done(NOW, "test", "test", "test")).await.unwrap();
}

/// An operation of a kind.
fn operation(kind: usize, population: &Population, chance: &mut Chance, whole: &State) -> Operation {
    let usage_profile = Some("ucm-compat".to_owned());
    let node = if chance.one_in(3) { chance.node().map(str::to_owned) } else { None };
    let revive = chance.one_in(2);
    match kind {
        0 | 1 => {
            let several = 1 + chance.below(3);
            let mut given: Vec<&Issued> = (0..several).map(|_| population.any(chance)).collect();
            let room = if kind == 0 {
                trust(STORES[chance.below(4)])
            } else {
                given.insert(0, chance.pick(&population.leaves));
                if chance.one_in(2) {
                    given.truncate(1);
                }
                let good = chance.one_in(2).then(|| population.leaves.last()).flatten();
                if let Some(good) = good {
                    given.splice(..1, [good]);
                }
                let name = ["tomcat", "CAPF", "CallManager-ECDSA"][chance.below(3)];
                identity(if good.is_some() { "tomcat" } else { name })
            };
            Operation::Upload(Upload {
                room,
                node,
                file: pem(&given),
                revive,
                usage_profile,
                extra_names: None,
            })
        }
        2 => {
            let held = chance.pick(&whole.entries);
            let name = held.entry.place.room.name.clone();
            let room = if name.ends_with("-trust") { trust(&name) } else { identity(&name) };
            Operation::Delete(Deletion { room, node, fingerprint: held.entry.facts.fingerprint.to_vec() })
        }
        3 => {
            let (source, target) = *chance.pick(&[("tomcat", "CallManager"), ("tomcat", "CAPF")]);
            Operation::Reuse(Reuse { source: source.to_owned(), target: target.to_owned(), node: None })
        }
        4 => {
            let places = (0..=chance.below(2)).map(|_| Place {
                room: identity(SLOTS[chance.below(5)]),
                node: chance.node().map(str::to_owned),
            });
            Operation::Regenerate(Regeneration { places: places.collect(), usage_profile })
        }
        5 => Operation::Request(fields(SLOTS[chance.below(5)], chance.node())),
        6 => crate::planned::self_signed(SLOTS[chance.below(5)], Some(NODES[chance.below(3)])),
        7 => Operation::Completeness,
        8 => Operation::Exchange,
        9 => {
            let held = |chance: &mut Chance| {
                entry(trust(STORES[chance.below(4)]), None, Origin::Uploaded, &population.any(chance).der)
            };
            let view = (0..chance.below(6)).map(|_| held(chance)).collect();
            Operation::Join(Joining { node: NODES[1 + chance.below(2)].to_owned(), view })
        }
        10 => Operation::Upgrade("15SU3".to_owned()),
        11 => Operation::Leave(NODES[chance.below(3)].to_owned()),
        _ => Operation::Role(Node { name: NODES[chance.below(3)].to_owned(), role: NodeRole::Publisher }),
    }
}

fn pem(certificates: &[&Issued]) -> Vec<u8> {
    use base64ct::Encoding;
    let mut text = String::new();
    for issued in certificates {
        text.push_str("-----BEGIN CERTIFICATE-----\n");
        let letters = base64ct::Base64::encode_string(&issued.der);
        for line in letters.as_bytes().chunks(64) {
            text.push_str(std::str::from_utf8(line).unwrap());
            text.push('\n');
        }
        text.push_str("-----END CERTIFICATE-----\n");
    }
    text.into_bytes()
}

fn edition() -> Edition {
    Edition {
        product: Product::Ucm,
        release: "14".to_owned(),
        features: Features::empty(),
        policy: String::new(),
    }
}

/// What became of the operations of one kind.
#[derive(Debug, Default)]
struct Tally {
    planned: usize,
    effective: usize,
    smaller: usize,
    otherwise: usize,
}

/// Plans an operation from the slice and from everything, and from nothing for comparison.
async fn compare(storage: &Storage, session: &mut Session, operation: &Operation, tally: &mut Tally) {
    let slice: Slice = slice::of(session, &edition(), operation).unwrap();
    let narrow = slice.read(storage).await.unwrap();
    let whole = storage.state_for(&[Select { at: At::Anywhere, by: By::All }]).await.unwrap();
    let nothing = State { entries: Vec::new(), tombstones: Vec::new(), ..whole.clone() };
    // of the whole go all the tombstones there are, which `By::All` alone does not read
    let whole = State { tombstones: tombstones(storage, &whole, operation).await, ..whole };
    let mut plan =
        |state: &State| planned(session, "", &situation::cluster(state, edition()), operation).document;
    let expected = plan(&whole);
    assert_eq!(plan(&narrow), expected, "{operation:?}");
    tally.planned += 1;
    tally.effective += usize::from(!expected.contains("\"refused\":true"));
    tally.smaller += usize::from(narrow.entries.len() < whole.entries.len());
    tally.otherwise += usize::from(plan(&nothing) != expected);
    if !matches!(operation, Operation::SelfSigned(_) | Operation::Regenerate(_)) {
        return;
    }
    // what is made takes the place of others of its subject
    let given = situation::cluster(&narrow, edition());
    for (number, item) in (0..).zip(planned(session, "", &given, operation).unsigned) {
        let key = key(&item.key);
        let octets =
            session.to_be_signed("", (&given, operation), number, &particulars(&key)).unwrap().unwrap();
        let signature = key.sign(Algorithm::from_word(&item.algorithm), &octets);
        let made = session.assemble(&octets, &item.algorithm, &signature).unwrap().unwrap();
        let subject = session.index_keys(&made).unwrap().unwrap().subject_key;
        let more = slice::of_subjects(vec![data(&subject)]).read(storage).await.unwrap();
        let mut narrow = narrow.clone();
        narrow.entries.extend(more.entries);
        narrow.entries.sort_by_key(|held| held.entry.id);
        narrow.entries.dedup_by_key(|held| held.entry.id);
        let mut placed = |state: &State| {
            let cluster = situation::cluster(state, edition());
            let effects =
                session.place_self_signed("", (&cluster, operation), number, &made).unwrap().unwrap();
            format!("{effects:?}")
        };
        assert_eq!(placed(&narrow), placed(&whole), "{operation:?}");
    }
}

fn data(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// Every tombstone there is of a fingerprint that is in store or in the operation.
async fn tombstones(
    storage: &Storage,
    whole: &State,
    operation: &Operation,
) -> Vec<host_server::storage::Tombstone> {
    use sha2::{Digest, Sha256};
    let mut fingerprints: Vec<[u8; 32]> =
        whole.entries.iter().map(|held| held.entry.facts.fingerprint).collect();
    let mut session = session();
    let given = match operation {
        Operation::Upload(upload) => session.read_bundle(&upload.file).unwrap().unwrap().certificates,
        Operation::Join(joining) => joining.view.iter().map(|entry| entry.certificate.clone()).collect(),
        _ => Vec::new(),
    };
    fingerprints.extend(given.iter().map(|der| <[u8; 32]>::from(Sha256::digest(der))));
    let all = [Select { at: At::Anywhere, by: By::Fingerprints(fingerprints) }];
    storage.state_for(&all).await.unwrap().tombstones
}

/// Random clusters and operations.
async fn differential(shared: bool, clusters: u64) -> BTreeMap<usize, Tally> {
    let mut tallies: BTreeMap<usize, Tally> = BTreeMap::new();
    for seed in 0..clusters {
        let mut chance = Chance(seed + 1);
        let home = if shared { Home::shared() } else { Home::embedded() };
        let storage = home.open().await;
        let mut session = session();
        let population = Population::new(&mut chance);
        fill(&storage, &mut session, &population, &mut chance).await;
        let whole = storage.state_for(&[Select { at: At::Anywhere, by: By::All }]).await.unwrap();
        for kind in (0..KINDS).chain([0, 0, 1, 1, 1, 2, 2, 2, 4, 6]) {
            let operation = operation(kind, &population, &mut chance, &whole);
            compare(&storage, &mut session, &operation, tallies.entry(kind).or_default()).await;
        }
        storage.close().await;
    }
    tallies
}

#[test]
fn a_plan_from_a_slice_is_the_plan_from_everything() {
    run(async {
        let tallies = differential(false, 40).await;
        println!("{tallies:#?}");
        let planned: usize = tallies.values().map(|tally| tally.planned).sum();
        assert!(planned >= 300 && tallies.len() == KINDS, "{tallies:?}");
        for (kind, tally) in &tallies {
            // nothing is compared with nothing: plans do something, and not without what is in store
            assert!(tally.effective > 0, "{kind}: {tally:?}");
            assert!(*kind == 5 || *kind == 6 || tally.otherwise > 0, "{kind}: {tally:?}");
            // but for what needs whole stores, less is read than there is
            assert!(*kind >= 9 || tally.smaller > 0, "{kind}: {tally:?}");
        }
    });
}

#[test]
fn it_is_the_same_plan_on_postgresql() {
    run(async {
        let tallies = differential(true, 6).await;
        assert_eq!(tallies.len(), KINDS);
    });
}
