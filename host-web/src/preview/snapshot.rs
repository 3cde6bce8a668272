//! What the server keeps in a slot or store: asked for once, kept for the visit, and asked for again when it has changed.
//! With it plans and verdicts are made in this page, with the network unplugged too.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use data_encoding::BASE64;
use serde::Deserialize;
use serde_bytes::ByteBuf;
use sycamore::prelude::ReadSignal;

use crate::document::catalogue::{Catalogue, Nodes};
use crate::engine::contract::{self, Cluster, Entry, Features, PendingRequest, Room, Tombstone};
use crate::server::load::{Loaded, load};
use crate::server::{Answer, Asked, Failure, encoded, session};

thread_local! {
    static KEPT: RefCell<BTreeMap<String, Rc<Snapshot>>> = const { RefCell::new(BTreeMap::new()) };
}

/// What bears on plans for one slot or store.
pub(crate) struct Snapshot {
    /// The cluster, as the contract has it.
    pub(crate) cluster: Cluster,
    /// The policy document in force.
    pub(crate) policy: String,
    /// Its version, for `If-Match`.
    pub(crate) version: Option<String>,
}

/// The slots, stores and nodes there are; nothing for whoever may not see them.
pub(crate) type Known = ReadSignal<Loaded<Option<(Catalogue, Nodes)>>>;

#[derive(Deserialize)]
struct Document {
    cluster: ClusterDocument,
    policy: String,
}

#[derive(Deserialize)]
struct ClusterDocument {
    product: String,
    release: String,
    nodes: Vec<contract::Node>,
    entries: Vec<EntryDocument>,
    tombstones: Vec<TombstoneDocument>,
    requests: Vec<RequestDocument>,
    features: Vec<String>,
}

#[derive(Deserialize)]
struct PlaceDocument {
    room: RoomDocument,
    node: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RoomDocument {
    Identity(String),
    Trust(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct EntryDocument {
    place: PlaceDocument,
    certificate: String,
    origin: String,
    active_from: Option<i64>,
}

#[derive(Deserialize)]
struct TombstoneDocument {
    place: PlaceDocument,
    fingerprint: String,
}

#[derive(Deserialize)]
struct RequestDocument {
    purpose: String,
    node: Option<String>,
    request: String,
}

/// The slots and stores there are, and the nodes, for whoever may see them; forgets everything for whoever may not.
pub(crate) fn known() -> Known {
    load(&["nodes", "cluster"], || {
        let may = session::may("read");
        async move {
            if !may {
                forget();
                return Ok(None);
            }
            let catalogue = Asked::get("/api/v1/catalogue").document().await?;
            Ok(Some((catalogue, Asked::get("/api/v1/nodes").document().await?)))
        }
    })
}

/// The room that is written `identity:…` or `trust:…`.
pub(crate) fn room(word: &str) -> Option<Room> {
    match word.split_once(':')? {
        ("identity", name) => Some(Room::Identity(name.to_owned())),
        ("trust", name) => Some(Room::Trust(name.to_owned())),
        _ => None,
    }
}

/// What is kept of this room or, where nothing is, what the server says.
///
/// # Errors
/// [`Failure`], where nothing is kept.
pub(crate) async fn at_hand(room: &str) -> Answer<Rc<Snapshot>> {
    match kept(room) {
        Some(kept) => Ok(kept),
        None => fresh(room).await,
    }
}

/// What was last heard of this room.
pub(crate) fn kept(room: &str) -> Option<Rc<Snapshot>> {
    KEPT.with_borrow(|kept| kept.get(room).cloned())
}

/// What the server says now. What was kept stays in use where it cannot be reached.
///
/// # Errors
/// [`Failure`].
pub(crate) async fn fresh(room: &str) -> Answer<Rc<Snapshot>> {
    let asked = Asked::get(format!("/api/v1/snapshot?room={}", encoded(room))).versioned::<Document>().await;
    let (document, version) = match (asked, kept(room)) {
        (Err(Failure::Unreachable), Some(kept)) => return Ok(kept),
        (asked, _) => asked?,
    };
    let snapshot =
        Rc::new(Snapshot { cluster: cluster(document.cluster)?, policy: document.policy, version });
    KEPT.with_borrow_mut(|kept| kept.insert(room.to_owned(), snapshot.clone()));
    Ok(snapshot)
}

/// Forgets everything: whoever looks now may not be allowed to.
fn forget() {
    KEPT.with_borrow_mut(BTreeMap::clear);
}

/// Octets of the API, base64.
pub(crate) fn octets(text: &str) -> Answer<ByteBuf> {
    let octets = BASE64.decode(text.as_bytes()).map_err(|error| Failure::Unreadable(error.to_string()))?;
    Ok(ByteBuf::from(octets))
}

fn cluster(cluster: ClusterDocument) -> Answer<Cluster> {
    let entries = cluster.entries.into_iter().map(|entry| {
        Ok(Entry {
            place: place(entry.place),
            certificate: octets(&entry.certificate)?,
            origin: entry.origin,
            active_from: entry.active_from,
        })
    });
    let tombstones = cluster.tombstones.into_iter().map(|tombstone| {
        Ok(Tombstone { place: place(tombstone.place), fingerprint: octets(&tombstone.fingerprint)? })
    });
    let requests = cluster.requests.into_iter().map(|pending| {
        let request = octets(&pending.request)?;
        Ok(PendingRequest { purpose: pending.purpose, node: pending.node, request })
    });
    Ok(Cluster {
        product: cluster.product,
        release: cluster.release,
        nodes: cluster.nodes,
        entries: entries.collect::<Answer<_>>()?,
        tombstones: tombstones.collect::<Answer<_>>()?,
        requests: requests.collect::<Answer<_>>()?,
        features: features(&cluster.features),
    })
}

fn place(place: PlaceDocument) -> contract::Place {
    let room = match place.room {
        RoomDocument::Identity(name) => Room::Identity(name),
        RoomDocument::Trust(name) => Room::Trust(name),
    };
    contract::Place { room, node: place.node }
}

fn features(words: &[String]) -> Features {
    let has = |word: &str| words.iter().any(|known| known == word);
    Features {
        common_criteria: has("common-criteria"),
        fips: has("fips"),
        mixed_mode: has("mixed-mode"),
        sip_oauth: has("sip-oauth"),
        saml_sso: has("saml-sso"),
        emcc: has("emcc"),
        manual_phone_reset: has("manual-phone-reset"),
    }
}
