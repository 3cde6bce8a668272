use pki::certificate::{Issued, Sketch};

use super::*;
use crate::settings::Mode;
use crate::{Outcome, Question, Request, Validator, evaluate};

const NO_REVOCATION: &str = "[revocation]\nsources = []\n";

fn now() -> i64 {
    pki::time::seconds(pki::certificate::AT)
}

/// root -> issuing -> leaf
fn family() -> [Issued; 3] {
    let root = Sketch::ca("root").issue();
    let issuing = Sketch::ca("issuing").issued_by(&root).issue();
    let leaf = Sketch::leaf("leaf").dns("www.example.org").issued_by(&issuing).issue();
    [root, issuing, leaf]
}

fn stored_as(issued: &Issued) -> StoredAs {
    StoredAs::of(&Certificate::decode(&issued.der).unwrap(), None, Instant::from_unix(now()))
}

/// Whether a store of these allows the target, and the code of the first finding that denies.
#[track_caller]
fn check(store: &[&Issued], target: &Issued, expected: Result<usize, &str>) {
    let mut validator = Validator::new(NO_REVOCATION, Mode::Standard).unwrap();
    for issued in store {
        validator.add_stored(&issued.der, None, Instant::from_unix(now())).unwrap();
    }
    let question = Question { target: &target.der, at: now(), ..Question::default() };
    let request = Request::new(&question, validator.settings()).unwrap();
    let Outcome::Decided(decided) = evaluate(&validator, &request, &[]).unwrap() else { panic!() };
    let verdict = &decided.verdict;
    let denies =
        verdict.findings.iter().find(|found| found.finding.severity == crate::finding::Severity::Deny);
    let found = denies.map_or(Ok(verdict.path.len()), |found| Err(found.finding.code.as_str()));
    assert_eq!(found, expected);
}

// R-TS-1, R-TS-2
#[test]
fn a_full_chain_up_to_the_root_is_believed_and_no_part_of_it_without_the_root() {
    let [root, issuing, leaf] = &family();
    check(&[root, issuing], leaf, Ok(3));
    check(&[issuing, root], leaf, Ok(3));
    check(&[issuing], leaf, Err("path.issuer-not-found"));
    check(&[root], leaf, Err("path.issuer-not-found"));
    check(&[], leaf, Err("path.issuer-not-found"));
    // what the intermediate is asked about needs its root too
    check(&[root, issuing], issuing, Ok(2));
    check(&[issuing], issuing, Err("path.issuer-not-found"));
}

#[test]
fn candidates_lead_on_through_each_other_and_a_ring_of_them_ends() {
    let root = Sketch::ca("root").issue();
    let mut chain = vec![root];
    for label in ["one", "two", "three"] {
        let next = Sketch::ca(label).issued_by(chain.last().unwrap()).issue();
        chain.push(next);
    }
    let leaf = Sketch::leaf("leaf").issued_by(chain.last().unwrap()).issue();
    let store: Vec<&Issued> = chain.iter().rev().collect();
    check(&store, &leaf, Ok(5));
    let (left, right) = (Sketch::ca("left"), Sketch::ca("right"));
    let by_left = right.clone().issued_by(&left.authority()).issue();
    let by_right = left.issued_by(&right.authority()).issue();
    let leaf = Sketch::leaf("leaf").issued_by(&by_right).issue();
    check(&[&by_left, &by_right], &leaf, Err("path.issuer-not-found"));
}

// R-TS-30
#[test]
fn what_is_no_authority_is_believed_as_itself_and_issues_nothing() {
    let [root, issuing, leaf] = &family();
    check(&[leaf], leaf, Ok(1));
    let peer = Sketch::leaf("peer").issue();
    check(&[&peer], &peer, Ok(1));
    assert_eq!([stored_as(leaf), stored_as(&peer)], [StoredAs::Itself; 2]);
    let posing = Sketch::leaf("posing").issued_by(leaf).issue();
    check(&[root, issuing, leaf], &posing, Err("path.issuer-not-found"));
}

#[test]
fn what_a_certificate_is_believed_as_follows_from_it_alone() {
    let [root, issuing, _] = &family();
    assert_eq!([stored_as(root), stored_as(issuing)], [StoredAs::Anchor, StoredAs::Candidate]);
    let old = Sketch::ca("root").version(1).issue();
    assert_eq!(stored_as(&old), StoredAs::Anchor);
    // a new key under the old name, signed with the old key
    let renewed = Sketch::ca("root").key(pki::key::Key::p256("renewed")).issued_by(root).issue();
    assert_eq!(stored_as(&renewed), StoredAs::Candidate);
    let kept = Sketch::ca("root").issued_by(root).issue();
    assert_eq!(stored_as(&kept), StoredAs::Anchor);
}

// D-29
#[test]
fn what_is_not_in_use_yet_is_not_believed() {
    let [root, ..] = &family();
    let certificate = Certificate::decode(&root.der).unwrap();
    let from =
        |moment: i64| StoredAs::of(&certificate, Some(Instant::from_unix(moment)), Instant::from_unix(now()));
    assert_eq!(from(now().saturating_sub(1)), StoredAs::Anchor);
    assert_eq!(from(now()), StoredAs::Anchor);
    assert_eq!(from(now().saturating_add(1)), StoredAs::Waiting);
    assert_eq!(StoredAs::Waiting.role(), None);
}
