//! The list of certificates (R-SHOW-1 to R-SHOW-3).

use host_server::storage::{
    Change, Cursor, Direction, Filter, ListFault, NodeFilter, NewEntry, Query, Sort, Storage, Usage,
};

use crate::place::Home;
use crate::sample::{NOW, apply, at, entry, fingerprint, identity, nodes, remove, store, trust};

async fn names(storage: &Storage, query: &Query) -> Vec<String> {
    let page = storage.list(query).await.unwrap();
    assert_eq!(page.next, None);
    page.entries.into_iter().map(|entry| entry.facts.common_name).collect()
}

async fn filtered(storage: &Storage, filter: Filter) -> Vec<String> {
    let of = |sort| Query { filter: filter.clone(), sort, ..Query::default() };
    let mut found = names(storage, &of(Sort::CommonName)).await;
    // every order has the same entries
    for sort in Sort::ALL {
        let mut other = names(storage, &of(*sort)).await;
        other.sort_by_key(|name| name.to_lowercase());
        found.sort_by_key(|name| name.to_lowercase());
        assert_eq!(other, found, "{sort:?}");
    }
    found
}

fn with(name: &str, edit: impl FnOnce(&mut NewEntry)) -> Change {
    let mut new = entry(name);
    edit(&mut new);
    store(new)
}

async fn filled(home: &Home) -> Storage {
    let storage = home.open().await;
    nodes(&storage).await;
    let changes = [
        with("Alpha", |new| new.facts.not_after = NOW + 30),
        with("beta 100%", |new| new.facts.key_type = "p-256".to_owned()),
        with("GAMMA_x", |new| new.place = at(trust("ipsec-trust"), Some("b"))),
        with("gammaÄx", |new| new.facts.not_after = NOW + 10),
        with("delta", |new| {
            new.place = at(identity("tomcat"), Some("a"));
            new.facts.not_after = NOW + 20;
        }),
    ];
    apply(&storage, &changes).await;
    storage
}

pub(super) async fn every_criterion_is_met(home: Home) {
    let storage = filled(&home).await;
    let containing = |part: &str| Filter { common_name_contains: Some(part.to_owned()), ..Filter::default() };
    assert_eq!(filtered(&storage, Filter::default()).await.len(), 5);
    assert_eq!(filtered(&storage, containing("GAMMA")).await, ["GAMMA_x", "gammaÄx"]);
    assert_eq!(filtered(&storage, containing("aä")).await, ["gammaÄx"]);
    // signs of the query language are letters here
    assert_eq!(filtered(&storage, containing("a_x")).await, ["GAMMA_x"]);
    assert_eq!(filtered(&storage, containing("0%")).await, ["beta 100%"]);
    assert!(filtered(&storage, containing("!")).await.is_empty());
    assert!(filtered(&storage, containing("' OR '1'='1")).await.is_empty());
    let before = |moment| Filter { expires_before: Some(moment), ..Filter::default() };
    assert_eq!(filtered(&storage, before(NOW + 10)).await.len(), 0);
    assert_eq!(filtered(&storage, before(NOW + 11)).await, ["gammaÄx"]);
    let after = |moment| Filter { expires_after: Some(moment), ..Filter::default() };
    assert_eq!(filtered(&storage, after(NOW + 999)).await.len(), 2);
    assert_eq!(filtered(&storage, after(NOW + 1_000)).await.len(), 0);
    let of_key = Filter { key_type: Some("p-256".to_owned()), ..Filter::default() };
    assert_eq!(filtered(&storage, of_key.clone()).await, ["beta 100%"]);
    let of_usage = |usage| Filter { usage: Some(usage), ..Filter::default() };
    assert_eq!(filtered(&storage, of_usage(Usage::Identity)).await, ["delta"]);
    assert_eq!(filtered(&storage, of_usage(Usage::Trust)).await.len(), 4);
    let of_room = Filter { room: Some("ipsec-trust".to_owned()), ..Filter::default() };
    assert_eq!(filtered(&storage, of_room).await, ["GAMMA_x"]);
    let on = |node: NodeFilter| Filter { node: Some(node), ..Filter::default() };
    assert_eq!(filtered(&storage, on(NodeFilter::Cluster)).await.len(), 3);
    assert_eq!(filtered(&storage, on(NodeFilter::Node("b".to_owned()))).await, ["GAMMA_x"]);
    assert_eq!(filtered(&storage, on(NodeFilter::On("a".to_owned()))).await.len(), 4);
    let of_encoding = Filter { fingerprint: Some(fingerprint("delta")), ..Filter::default() };
    assert_eq!(filtered(&storage, of_encoding).await, ["delta"]);
    // all of them at once (R-SHOW-3)
    let both = |usage| Filter { usage: Some(usage), expires_before: Some(NOW + 25), ..Filter::default() };
    assert_eq!(filtered(&storage, both(Usage::Trust)).await, ["gammaÄx"]);
    let contradiction = Filter { usage: Some(Usage::Identity), ..of_key };
    assert!(filtered(&storage, contradiction).await.is_empty());
}

pub(super) async fn sorts_go_both_ways(home: Home) {
    let storage = filled(&home).await;
    let sorted = |sort, direction| {
        let query = Query { sort, direction, ..Query::default() };
        let storage = storage.clone();
        async move { names(&storage, &query).await }
    };
    let by_name = ["Alpha", "beta 100%", "delta", "GAMMA_x", "gammaÄx"];
    assert_eq!(sorted(Sort::CommonName, Direction::Ascending).await, by_name);
    let by_expiry = ["gammaÄx", "delta", "Alpha", "beta 100%", "GAMMA_x"];
    assert_eq!(sorted(Sort::Expiry, Direction::Ascending).await, by_expiry);
    let by_key = ["beta 100%", "Alpha", "GAMMA_x", "gammaÄx", "delta"];
    assert_eq!(sorted(Sort::KeyType, Direction::Ascending).await, by_key);
    let by_usage = ["delta", "Alpha", "beta 100%", "GAMMA_x", "gammaÄx"];
    assert_eq!(sorted(Sort::Usage, Direction::Ascending).await, by_usage);
    for sort in Sort::ALL {
        let mut down = sorted(*sort, Direction::Descending).await;
        down.reverse();
        assert_eq!(down, sorted(*sort, Direction::Ascending).await);
    }
}

pub(super) async fn pages_hold_under_inserts(home: Home) {
    for sort in Sort::ALL {
        for direction in Direction::ALL {
            let storage = home.open().await;
            if storage.nodes().await.unwrap().is_empty() {
                nodes(&storage).await;
            }
            pages(&storage, *sort, *direction).await;
            storage.close().await;
        }
    }
}

/// Walks through 40 entries by 7, and before each page something is put in and something else taken out.
async fn pages(storage: &Storage, sort: Sort, direction: Direction) {
    let mark = format!("{}-{}", sort.word(), direction.word());
    let stays = |number: i64| {
        with(&format!("{mark} {:02}", number * 7 % 40), |new| {
            new.facts.not_after = NOW + number * 13 % 5;
            new.facts.key_type = ["rsa", "p-256"][usize::try_from(number % 2).unwrap()].to_owned();
        })
    };
    let changes: Vec<_> = (0..40).map(stays).collect();
    apply(storage, &changes).await;
    let goes = |page: usize| with(&format!("{mark} {page:02} comes and goes"), |_| {});
    let filter = Filter { common_name_contains: Some(mark.clone()), ..Filter::default() };
    let mut query = Query { filter, sort, direction, after: None, size: 7 };
    let mut seen = Vec::new();
    for turn in 0..30 {
        let mut changes = vec![goes(turn)];
        if turn > 0 {
            let name = format!("{mark} {:02} comes and goes", turn - 1);
            changes.push(remove(trust("tomcat-trust"), None, &name));
        }
        apply(storage, &changes).await;
        let page = storage.list(&query).await.unwrap();
        assert!(page.entries.len() <= 7);
        seen.extend(page.entries.into_iter().map(|entry| entry.facts.common_name));
        match page.next {
            Some(next) => query.after = Some(Cursor::of_text(next.as_str())),
            None => break,
        }
    }
    seen.retain(|name| !name.contains("comes"));
    assert_eq!(seen.len(), 40, "{mark}");
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 40, "{mark}");
}

pub(super) async fn foreign_cursors_are_refused(home: Home) {
    let storage = filled(&home).await;
    let query = Query { size: 2, ..Query::default() };
    let next = storage.list(&query).await.unwrap().next.unwrap();
    let after = |sort, direction, cursor: &Cursor| {
        let query = Query { sort, direction, after: Some(cursor.clone()), ..query.clone() };
        let storage = storage.clone();
        async move { storage.list(&query).await.map(|page| page.entries.len()) }
    };
    assert_eq!(after(Sort::CommonName, Direction::Ascending, &next).await, Ok(2));
    assert_eq!(after(Sort::CommonName, Direction::Descending, &next).await, Err(ListFault::Cursor));
    assert_eq!(after(Sort::Expiry, Direction::Ascending, &next).await, Err(ListFault::Cursor));
    for text in ["", "x", "e30", "eyJzb3J0IjoxfQ"] {
        let cursor = Cursor::of_text(text);
        assert_eq!(after(Sort::CommonName, Direction::Ascending, &cursor).await, Err(ListFault::Cursor));
    }
    // a page has an entry at least, and a bound
    let one = storage.list(&Query { size: 0, ..Query::default() }).await.unwrap();
    assert_eq!(one.entries.len(), 1);
    assert_eq!(storage.list(&Query { size: u32::MAX, ..Query::default() }).await.unwrap().entries.len(), 5);
}
