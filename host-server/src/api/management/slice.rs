//! What of the state bears on an operation: entries by the keys that the engine computes of certificates, in the places
//! that its catalogue names. `engine::management::entity` says which; no rule about certificates is here. A slice is
//! read in two steps of one moment: what is looked for at once, and what follows from the keys of what was found.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::HEXLOWER;

use crate::component::contract::management::{Features, Operation, Product, Room as GivenRoom};
use crate::component::{Fault, Session};
use crate::storage::{At, By, Fingerprint, Held, Room, Select, State, Storage, StorageFault, Usage};

/// What a catalogue follows from.
#[derive(Clone, Debug)]
pub struct Edition {
    /// The product.
    pub product: Product,
    /// The release.
    pub release: String,
    /// What is switched on.
    pub features: Features,
    /// The policy document in force, with purposes of the deployment's own.
    pub policy: String,
}

/// What bears on an operation.
#[derive(Clone, Debug)]
pub struct Slice {
    first: Vec<Select>,
    follow: Follow,
}

/// What follows from what was found.
#[derive(Clone, Debug)]
enum Follow {
    /// Nothing.
    Nothing,
    /// Every entry of the encodings that were found, wherever they lie.
    Everywhere,
    /// Every copy of what was found in the trust stores.
    Copies,
    /// The issuers of what was found up to their roots, and every entry of its encodings.
    Chains,
    /// Every entry of the subjects that were found.
    Namesakes,
    /// Everything below the subjects that were found, in this store and in the slots.
    Families(Room),
    /// The issuers of what was found, in these stores.
    Issuers(Vec<Room>),
    /// Where another certificate was found of an uploaded subject: what that subject issued.
    Replaced(Vec<Room>, Uploaded),
}

/// The keys of uploaded certificates.
#[derive(Clone, Debug, Default)]
struct Uploaded {
    subjects: BTreeMap<String, BTreeSet<Fingerprint>>,
    issuers: BTreeSet<String>,
    common_names: BTreeSet<String>,
}

/// What bears on an operation. Where the engine cannot use the input, nothing does: it refuses the operation for the
/// same reason.
///
/// # Errors
/// A session that gives no answer.
pub fn of(session: &mut Session, edition: &Edition, operation: &Operation) -> Result<Slice, Fault> {
    Ok(match operation {
        Operation::Upload(upload) => {
            let uploaded = Uploaded::read(session, &upload.file)?;
            let stores = stores(session, edition, &upload.room)?;
            uploads(&upload.room, stores, uploaded)
        }
        Operation::Delete(deletion) => {
            let fingerprints: Vec<_> = fingerprint(&deletion.fingerprint).into_iter().collect();
            let follow = match &deletion.room {
                GivenRoom::Trust(name) => Follow::Families(trust(name)),
                GivenRoom::Identity(_) => Follow::Nothing,
            };
            Slice { first: vec![select(At::Anywhere, By::Fingerprints(fingerprints))], follow }
        }
        Operation::Reuse(reuse) => {
            let target = GivenRoom::Identity(reuse.target.clone());
            let stores = stores(session, edition, &target)?;
            let slots = [&reuse.source, &reuse.target].map(|name| select(At::Room(slot(name)), By::All));
            Slice { first: slots.to_vec(), follow: Follow::Issuers(stores) }
        }
        Operation::Regenerate(regeneration) => {
            let names = regeneration.places.iter().filter_map(|place| match &place.room {
                GivenRoom::Identity(name) => Some(name.as_str()),
                GivenRoom::Trust(_) => None,
            });
            slots(names.collect())
        }
        Operation::SelfSigned(fields) => slots(BTreeSet::from([fields.common.purpose.as_str()])),
        Operation::Request(_) => Slice { first: Vec::new(), follow: Follow::Nothing },
        Operation::Completeness => Slice { first: vec![select(At::Slots, By::All)], follow: Follow::Chains },
        Operation::Exchange => Slice { first: vec![select(At::Slots, By::All)], follow: Follow::Namesakes },
        Operation::Join(joining) => {
            let held = Uploaded::of(session, joining.view.iter().map(|entry| entry.certificate.as_slice()))?;
            let first = vec![
                select(At::Anywhere, By::All),
                select(At::Stores, By::Fingerprints(held.fingerprints())),
            ];
            Slice { first, follow: Follow::Nothing }
        }
        // what lies on nodes alone, and what has a copy elsewhere
        Operation::Leave(_) | Operation::Role(_) => {
            let first = vec![select(At::Slots, By::All), select(At::Nodes, By::All)];
            Slice { first, follow: Follow::Copies }
        }
        Operation::Upgrade(_) => Slice { first: vec![select(At::Stores, By::All)], follow: Follow::Nothing },
    })
}

impl Slice {
    /// Reads it, of one moment.
    ///
    /// # Errors
    /// More entries than are planned with, and what a database can do wrong.
    pub async fn read(&self, storage: &Storage) -> Result<State, StorageFault> {
        storage.state_following(&self.first, |found| self.follow.selects(found)).await
    }
}

/// What bears on an upload of any file to a slot or store, on a deletion from it, and on a reuse, a request or a
/// self-signed certificate for it; `None` where the catalogue has none of that name.
///
/// # Errors
/// A session that gives no answer.
pub fn of_room(session: &mut Session, edition: &Edition, room: &GivenRoom) -> Result<Option<Slice>, Fault> {
    let stores = stores(session, edition, room)?;
    let slots = [select(At::Slots, By::All)];
    let whole = stores.iter().map(|store| select(At::Room(store.clone()), By::Whole));
    let first = slots.into_iter().chain(whole).collect();
    Ok((!stores.is_empty()).then_some(Slice { first, follow: Follow::Everywhere }))
}

/// Every entry of these subjects, such as those of certificates that were just made.
#[must_use]
pub fn of_subjects(keys: Vec<String>) -> Slice {
    Slice { first: vec![select(At::Anywhere, By::SubjectKeys(keys))], follow: Follow::Nothing }
}

fn uploads(room: &GivenRoom, stores: Vec<Room>, uploaded: Uploaded) -> Slice {
    let mut first = Vec::new();
    if let GivenRoom::Identity(name) = room {
        first.push(select(At::Room(slot(name)), By::All));
        // the first of the stores holds the authorities; up to the root
        let store = stores.first().map(|store| At::Room(store.clone()));
        first.extend(
            store.map(|store| select(store, By::Issuers(uploaded.issuers.iter().cloned().collect()))),
        );
    }
    for store in &stores {
        let here = |by| select(At::Room(store.clone()), by);
        first.push(here(By::Fingerprints(uploaded.fingerprints())));
        let names: BTreeSet<&String> = uploaded.subjects.keys().chain(&uploaded.issuers).collect();
        first.push(here(By::SubjectKeys(names.into_iter().cloned().collect())));
        first.push(here(By::CommonNames(uploaded.common_names.iter().cloned().collect())));
    }
    Slice { first, follow: Follow::Replaced(stores, uploaded) }
}

fn slots(names: BTreeSet<&str>) -> Slice {
    let first = names.into_iter().map(|name| select(At::Room(slot(name)), By::All));
    Slice { first: first.collect(), follow: Follow::Nothing }
}

impl Follow {
    fn selects(&self, found: &[Held]) -> Vec<Select> {
        let keys = |key: fn(&Held) -> &String| -> Vec<String> {
            let keys: BTreeSet<&String> = found.iter().map(key).collect();
            keys.into_iter().cloned().collect()
        };
        let subjects = || keys(|held| &held.entry.facts.subject_key);
        let issuers = || keys(|held| &held.entry.facts.issuer_key);
        let copies = |at| {
            let found: BTreeSet<Fingerprint> =
                found.iter().map(|held| held.entry.facts.fingerprint).collect();
            select(at, By::Fingerprints(found.into_iter().collect()))
        };
        match self {
            Self::Nothing => Vec::new(),
            Self::Everywhere => vec![copies(At::Anywhere)],
            Self::Copies => vec![copies(At::Stores)],
            Self::Chains => vec![select(At::Stores, By::Issuers(issuers())), copies(At::Stores)],
            Self::Namesakes => vec![select(At::Stores, By::SubjectKeys(subjects()))],
            Self::Families(store) => {
                vec![select(At::RoomAndSlots(store.clone()), By::Families(subjects()))]
            }
            Self::Issuers(stores) => {
                let store = |store: &Room| select(At::Room(store.clone()), By::SubjectKeys(issuers()));
                stores.iter().map(store).collect()
            }
            Self::Replaced(stores, uploaded) => {
                let below = |store: &Room| {
                    let replaced = uploaded.replaced(store, found);
                    select(At::RoomAndSlots(store.clone()), By::IssuerKeys(replaced))
                };
                stores.iter().map(below).collect()
            }
        }
    }
}

impl Uploaded {
    fn read(session: &mut Session, file: &[u8]) -> Result<Self, Fault> {
        match session.read_bundle(file)? {
            Ok(bundle) => Self::of(session, bundle.certificates.iter().map(Vec::as_slice)),
            Err(_) => Ok(Self::default()),
        }
    }

    fn of<'c>(session: &mut Session, certificates: impl Iterator<Item = &'c [u8]>) -> Result<Self, Fault> {
        let mut uploaded = Self::default();
        for certificate in certificates {
            let Ok(keys) = session.index_keys(certificate)? else { return Ok(Self::default()) };
            let subject = uploaded.subjects.entry(HEXLOWER.encode(&keys.subject_key)).or_default();
            subject.extend(fingerprint(&keys.fingerprint));
            uploaded.issuers.insert(HEXLOWER.encode(&keys.issuer_key));
            uploaded.common_names.extend(keys.common_name.filter(|name| !name.trim().is_empty()));
        }
        Ok(uploaded)
    }

    fn fingerprints(&self) -> Vec<Fingerprint> {
        self.subjects.values().flatten().copied().collect()
    }

    /// The uploaded subjects of which a store has another certificate.
    fn replaced(&self, store: &Room, found: &[Held]) -> Vec<String> {
        let others = found.iter().map(|held| &held.entry).filter(|entry| entry.place.room == *store);
        let replaced: BTreeSet<&String> = others
            .filter(|entry| {
                let uploaded = self.subjects.get(&entry.facts.subject_key);
                uploaded.is_some_and(|uploaded| !uploaded.contains(&entry.facts.fingerprint))
            })
            .map(|entry| &entry.facts.subject_key)
            .collect();
        replaced.into_iter().cloned().collect()
    }
}

/// The trust store of a room, and the one that it is copied to; none where the catalogue has no such room.
fn stores(session: &mut Session, edition: &Edition, room: &GivenRoom) -> Result<Vec<Room>, Fault> {
    let catalogue =
        session.catalogue(&edition.policy, edition.product, &edition.release, edition.features)?;
    let Ok((purposes, stores)) = catalogue else { return Ok(Vec::new()) };
    let name = match room {
        GivenRoom::Trust(name) => Some(name.clone()),
        GivenRoom::Identity(name) => {
            purposes.into_iter().find(|purpose| purpose.name == *name).map(|purpose| purpose.trust_store)
        }
    };
    let store = name.and_then(|name| stores.into_iter().find(|store| store.name == name));
    let names = store.into_iter().flat_map(|store| [Some(store.name), store.copied_to]);
    Ok(names.flatten().map(|name| trust(&name)).collect())
}

fn select(at: At, by: By) -> Select {
    Select { at, by }
}

fn trust(name: &str) -> Room {
    Room { usage: Usage::Trust, name: name.to_owned() }
}

fn slot(name: &str) -> Room {
    Room { usage: Usage::Identity, name: name.to_owned() }
}

fn fingerprint(octets: &[u8]) -> Option<Fingerprint> {
    octets.try_into().ok()
}
