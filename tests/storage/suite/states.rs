//! The slice of the state that a plan is made from.

use host_server::storage::{At, By, Change, Held, LARGEST, Select, State, Storage, StorageFault};

use crate::place::Home;
use crate::sample::{apply, at, der, entry, fingerprint, identity, nodes, remove, store, trust};

fn issued(name: &str, issuer: &str, room: &str) -> Change {
    let mut new = entry(name);
    new.facts.issuer_key = issuer.to_owned();
    new.place = at(trust(room), None);
    store(new)
}

/// In the trust store of Tomcat, of another subject than its name.
fn issued_as(name: &str, subject: &str, issuer: &str) -> Change {
    let mut new = entry(name);
    new.facts.subject_key = subject.to_owned();
    new.facts.issuer_key = issuer.to_owned();
    store(new)
}

async fn select(storage: &Storage, at: At, by: By) -> Vec<String> {
    names(&storage.state_for(&[Select { at, by }]).await.unwrap())
}

fn names(state: &State) -> Vec<String> {
    state.entries.iter().map(|held| held.entry.facts.common_name.clone()).collect()
}

pub(super) async fn a_slice_has_what_is_selected(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    let changes = [
        issued("Root", "Root", "tomcat-trust"),
        issued("Leaf", "Root", "tomcat-trust"),
        issued("Leaf", "Root", "ipsec-trust"),
        issued("Gone", "Root", "ipsec-trust"),
        remove(trust("ipsec-trust"), None, "Gone"),
    ];
    let version = apply(&storage, &changes).await;
    let tomcat = || At::Room(trust("tomcat-trust"));
    assert_eq!(select(&storage, tomcat(), By::All).await, ["Root", "Leaf"]);
    assert_eq!(select(&storage, At::Anywhere, By::All).await, ["Root", "Leaf", "Leaf"]);
    assert_eq!(select(&storage, At::Anywhere, By::SubjectKeys(vec!["Leaf".to_owned()])).await, ["Leaf", "Leaf"]);
    assert_eq!(select(&storage, tomcat(), By::IssuerKeys(vec!["Root".to_owned()])).await, ["Root", "Leaf"]);
    assert_eq!(select(&storage, At::Anywhere, By::CommonNames(vec!["lEAF".to_owned()])).await, ["Leaf", "Leaf"]);
    assert_eq!(select(&storage, tomcat(), By::Fingerprints(vec![fingerprint("Leaf"), fingerprint("Gone")])).await, ["Leaf"]);
    assert_eq!(select(&storage, tomcat(), By::SubjectKeys(vec!["Le".to_owned()])).await, Vec::<String>::new());
    // several, each entry once
    let of = |room: &str, by| Select { at: At::Room(trust(room)), by };
    let both = [
        of("tomcat-trust", By::All),
        of("tomcat-trust", By::SubjectKeys(vec!["Root".to_owned()])),
        of("ipsec-trust", By::Fingerprints(vec![fingerprint("Leaf"), fingerprint("Gone")])),
    ];
    let state = storage.state_for(&both).await.unwrap();
    assert_eq!(names(&state), ["Root", "Leaf", "Leaf"]);
    assert_eq!(state.entries[0].der, der("Root"));
    assert_eq!((state.version, state.nodes.len(), state.requests.len()), (version, 3, 0));
    let [stone] = state.tombstones.as_slice() else { panic!("{:?}", state.tombstones) };
    assert_eq!((&stone.place, stone.fingerprint), (&at(trust("ipsec-trust"), None), fingerprint("Gone")));
    assert_eq!(storage.state_for(&[of("tomcat-trust", By::All)]).await.unwrap().tombstones, []);
    // also of what lies nowhere any more, for whoever does not know yet what will come
    let whole = storage.state_for(&[of("ipsec-trust", By::Whole)]).await.unwrap();
    assert_eq!((names(&whole), whole.tombstones), (vec!["Leaf".to_owned()], state.tombstones.clone()));
    assert_eq!(storage.state_for(&[]).await.unwrap().entries, []);
    // words are compared however they are spaced, and more values than one query takes are looked for all the same
    let many: Vec<String> = (0..1_100).map(|number| format!("{number}")).chain(["  leaf".to_owned()]).collect();
    assert_eq!(select(&storage, At::Anywhere, By::CommonNames(many)).await, ["Leaf", "Leaf"]);
    let stores = select(&storage, At::Stores, By::All).await;
    assert_eq!((stores.len(), select(&storage, At::Slots, By::All).await.len()), (3, 0));
}

pub(super) async fn what_follows_is_of_the_same_moment(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    let mut slot = entry("Slot");
    slot.place = at(identity("tomcat"), Some("a"));
    slot.facts.issuer_key = "Root".to_owned();
    apply(&storage, &[issued("Root", "Root", "tomcat-trust"), store(slot), issued("Other", "Other", "x-trust")]).await;
    let slots = [Select { at: At::Slots, by: By::All }];
    let issuers = |found: &[Held]| {
        let keys = found.iter().map(|held| held.entry.facts.issuer_key.clone()).collect();
        vec![Select { at: At::Stores, by: By::SubjectKeys(keys) }]
    };
    let state = storage.state_following(&slots, issuers).await.unwrap();
    assert_eq!(names(&state), ["Root", "Slot"]);
    let below = By::IssuerKeys(vec!["Root".to_owned()]);
    assert_eq!(select(&storage, At::RoomAndSlots(trust("x-trust")), below).await, ["Slot"]);
}

pub(super) async fn more_than_is_planned_with_is_refused(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    let entries: Vec<Change> = (0..2_001).map(|number| issued(&format!("n{number}"), "Root", "tomcat-trust")).collect();
    apply(&storage, &entries[..2_000]).await;
    let all = [Select { at: At::Anywhere, by: By::All }];
    assert_eq!(storage.state_for(&all).await.unwrap().entries.len(), 2_000);
    apply(&storage, &entries[2_000..]).await;
    assert_eq!(storage.state_for(&all).await.unwrap_err(), StorageFault::TooMuch { most: 2_000 });
    let whole = [Select { at: At::Room(trust("tomcat-trust")), by: By::Whole }];
    assert_eq!(storage.state_for(&whole).await.unwrap_err(), StorageFault::TooMuch { most: 2_000 });
    let gone: Vec<Change> =
        (0..2_001).map(|number| remove(trust("tomcat-trust"), None, &format!("n{number}"))).collect();
    apply(&storage, &gone[..2_000]).await;
    assert_eq!(storage.state_for(&whole).await.unwrap().tombstones.len(), 2_000);
    apply(&storage, &gone[2_000..]).await;
    assert_eq!(storage.state_for(&whole).await.unwrap_err(), StorageFault::TooMuch { most: 2_000 });
    assert_eq!(storage.state_for(&all).await.unwrap().entries, []);
}

pub(super) async fn chains_are_followed_and_rings_end(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    let changes = [
        issued("root", "root", "tomcat-trust"),
        issued("middle", "root", "tomcat-trust"),
        issued("issuing", "middle", "tomcat-trust"),
        issued("other root", "other root", "tomcat-trust"),
        // two that issued each other
        issued("left", "right", "tomcat-trust"),
        issued("right", "left", "tomcat-trust"),
        // another of a name below the root, by another issuer
        issued_as("second", "issuing", "other root"),
        // not of the room
        issued("elsewhere", "issuing", "ipsec-trust"),
    ];
    apply(&storage, &changes).await;
    let room = || At::Room(trust("tomcat-trust"));
    let below = |key: &str| By::Families(vec![key.to_owned()]);
    let above = |key: &str| By::Issuers(vec![key.to_owned()]);
    assert_eq!(select(&storage, room(), below("root")).await, ["root", "middle", "issuing", "second"]);
    assert_eq!(select(&storage, room(), below("middle")).await, ["middle", "issuing", "second"]);
    assert_eq!(select(&storage, At::Anywhere, below("middle")).await, ["middle", "issuing", "second", "elsewhere"]);
    assert_eq!(
        select(&storage, room(), above("issuing")).await,
        ["root", "middle", "issuing", "other root", "second"]
    );
    assert_eq!(select(&storage, room(), above("middle")).await, ["root", "middle"]);
    assert_eq!(select(&storage, room(), below("left")).await, ["left", "right"]);
    assert_eq!(select(&storage, room(), above("left")).await, ["left", "right"]);
    assert_eq!(select(&storage, room(), above("unknown")).await, Vec::<String>::new());
}

/// The other stores are decided by, however large this one is.
pub(super) async fn a_store_that_is_too_large_is_left_out_of_decisions(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    let most = usize::try_from(LARGEST).unwrap();
    let many: Vec<Change> = (0..most).map(|number| issued(&number.to_string(), "Root", "ipsec-trust")).collect();
    apply(&storage, &many).await;
    apply(&storage, &[issued("Root", "Root", "tomcat-trust")]).await;
    let basis = storage.basis("cluster", "node-1").await.unwrap();
    assert_eq!((basis.certificates.len(), basis.too_large.len()), (most + 1, 0));
    let version = apply(&storage, &[issued("One more", "Root", "ipsec-trust")]).await;
    let basis = storage.basis("cluster", "node-1").await.unwrap();
    let rooms: Vec<&str> = basis.certificates.iter().map(|one| one.place.room.name.as_str()).collect();
    assert_eq!((basis.version, rooms), (version, vec!["tomcat-trust"]));
    assert_eq!(Vec::from_iter(&basis.too_large), ["ipsec-trust"]);
}
