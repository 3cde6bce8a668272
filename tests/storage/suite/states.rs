//! The slice of the state that a plan is made from.

use host_server::storage::{By, Change, Room, Select, State, Storage};

use crate::place::Home;
use crate::sample::{apply, at, der, entry, fingerprint, nodes, remove, store, trust};

fn issued(name: &str, issuer: &str, room: &str) -> Change {
    let mut new = entry(name);
    new.facts.issuer_key = issuer.to_owned();
    new.place = at(trust(room), None);
    store(new)
}

async fn select(storage: &Storage, room: Option<Room>, by: By) -> Vec<String> {
    names(&storage.state_for(&[Select { room, by }]).await.unwrap())
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
    let tomcat = || Some(trust("tomcat-trust"));
    assert_eq!(select(&storage, tomcat(), By::All).await, ["Root", "Leaf"]);
    assert_eq!(select(&storage, None, By::All).await, ["Root", "Leaf", "Leaf"]);
    assert_eq!(select(&storage, None, By::SubjectKey("Leaf".to_owned())).await, ["Leaf", "Leaf"]);
    assert_eq!(select(&storage, tomcat(), By::IssuerKey("Root".to_owned())).await, ["Root", "Leaf"]);
    assert_eq!(select(&storage, None, By::CommonName("lEAF".to_owned())).await, ["Leaf", "Leaf"]);
    assert_eq!(select(&storage, tomcat(), By::Fingerprint(fingerprint("Leaf"))).await, ["Leaf"]);
    assert_eq!(select(&storage, tomcat(), By::SubjectKey("Le".to_owned())).await, Vec::<String>::new());
    // several, each entry once
    let of = |room: &str, by| Select { room: Some(trust(room)), by };
    let both = [
        of("tomcat-trust", By::All),
        of("tomcat-trust", By::SubjectKey("Root".to_owned())),
        of("ipsec-trust", By::Fingerprint(fingerprint("Leaf"))),
    ];
    let state = storage.state_for(&both).await.unwrap();
    assert_eq!(names(&state), ["Root", "Leaf", "Leaf"]);
    assert_eq!(state.entries[0].der, der("Root"));
    assert_eq!((state.version, state.nodes.len(), state.requests.len()), (version, 3, 0));
    let [stone] = state.tombstones.as_slice() else { panic!("{:?}", state.tombstones) };
    assert_eq!((&stone.place, stone.fingerprint), (&at(trust("ipsec-trust"), None), fingerprint("Gone")));
    assert_eq!(storage.state_for(&[of("tomcat-trust", By::All)]).await.unwrap().tombstones, []);
    assert_eq!(storage.state_for(&[]).await.unwrap().entries, []);
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
        // not of the room
        issued("elsewhere", "issuing", "ipsec-trust"),
    ];
    apply(&storage, &changes).await;
    let room = || Some(trust("tomcat-trust"));
    let below = |key: &str| By::Descendants(key.to_owned());
    let above = |key: &str| By::Issuers(key.to_owned());
    assert_eq!(select(&storage, room(), below("root")).await, ["root", "middle", "issuing"]);
    assert_eq!(select(&storage, room(), below("middle")).await, ["issuing"]);
    assert_eq!(select(&storage, None, below("middle")).await, ["issuing", "elsewhere"]);
    assert_eq!(select(&storage, room(), above("issuing")).await, ["root", "middle", "issuing"]);
    assert_eq!(select(&storage, room(), above("middle")).await, ["root", "middle"]);
    assert_eq!(select(&storage, room(), below("left")).await, ["left", "right"]);
    assert_eq!(select(&storage, room(), above("left")).await, ["left", "right"]);
    assert_eq!(select(&storage, room(), above("unknown")).await, Vec::<String>::new());
}
