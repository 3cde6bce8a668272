//! Thousands of random sequences of uploads, deletions and joins, held to what must always be true of the stores.

use std::collections::BTreeSet;

use pki::certificate::Sketch;
use pki::key::Key;

use super::*;
use crate::management::cluster::Cluster;
use crate::management::deletion::{Deletion, plan_deletion};
use crate::management::model::{decode, now, settings};
use crate::management::purpose::Replication;
use crate::management::upload::{Revival, Upload, plan_upload};

const SEQUENCES: u64 = 2_000;
const STEPS: usize = 8;
const STORES: &[&str] = &["tomcat-trust", "CallManager-trust", "CAPF-trust", "ipsec-trust", "TVS-trust"];

/// Numbers without a source: the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap().checked_rem(limit).unwrap()
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// Roots of few names with several certificates each, chains below them, and what is refused.
fn pool() -> Vec<Certificate> {
    let later = |sketch: Sketch| sketch.valid("2025-01-01T00:00:00Z", "2031-01-01T00:00:00Z");
    let one = Sketch::ca("one").serial(&[1]).issue();
    let upper = Sketch::ca("upper").issued_by(&one).issue();
    let newer = later(Sketch::ca("one").serial(&[2]).key(Key::p256("newer"))).issue();
    let list = [
        one.clone(),
        newer.clone(),
        // the same moment as the first, another serial number; then the same serial number
        Sketch::ca("one").serial(&[3]).issue(),
        later(Sketch::ca("one").serial(&[1])).issue(),
        Sketch::ca("two").issue(),
        Sketch::ca("other").subject("O=Other,CN=two").issue(),
        upper.clone(),
        later(Sketch::ca("upper").serial(&[9]).issued_by(&newer)).issue(),
        Sketch::ca("lower").issued_by(&upper).issue(),
        Sketch::leaf("leaf").dns("a.example").issued_by(&upper).issue(),
        Sketch::leaf("peer").dns("b.example").issue(),
        Sketch::leaf("wild").dns("*.example").issue(),
        Sketch::ca("expired").valid("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z").issue(),
        Sketch::ca("two").serial(&[7]).valid("2027-01-01T00:00:00Z", "2031-01-01T00:00:00Z").issue(),
        Sketch::ca("forged").tamper_signature().issue(),
    ];
    list.iter().map(decode).collect()
}

/// One run: the cluster, which certificates are buried for good, and how often each kind of step did something.
struct Run {
    cluster: Cluster,
    numbers: Numbers,
    done: [usize; 4],
}

impl Run {
    fn node(&mut self) -> String {
        let nodes: Vec<String> = self.cluster.nodes.iter().map(|node| node.name.clone()).collect();
        self.numbers.pick(&nodes).clone()
    }

    fn store(&mut self) -> Room {
        let name: &&str = self.numbers.pick(STORES);
        trust(name)
    }

    fn upload(&mut self, pool: &[Certificate]) {
        let revival = if self.numbers.below(4) == 0 { Revival::Revive } else { Revival::Refuse };
        let count = self.numbers.below(3).saturating_add(1);
        let asked = Upload {
            room: self.store(),
            node: Some(self.node()),
            certificates: (0..count).map(|_| self.numbers.pick(pool).clone()).collect(),
            revival,
        };
        let (settings, catalogue) = (settings(), catalogue(&self.cluster));
        let plan = plan_upload(&self.cluster, &catalogue, &settings, &asked, now());
        // One in four, because signatures take their time.
        let twice = self.numbers.below(4) == 0;
        if twice {
            let other = plan_upload(&self.cluster, &catalogue, &settings, &asked, now());
            assert_eq!(plan, other, "the same input gave two plans");
        }
        self.apply(&plan, 0);
        // A plan that was applied has been carried out: asked for again, the upload changes nothing more.
        if twice && !plan.is_refused() {
            let again = plan_upload(&self.cluster, &catalogue, &settings, &asked, now());
            assert_eq!((again.is_refused(), again.effects.len()), (false, 0), "{again:?}");
        }
    }

    fn delete(&mut self, pool: &[Certificate]) {
        let held: Vec<(Room, [u8; 32])> = self
            .cluster
            .entries
            .iter()
            .map(|entry| (entry.place.room.clone(), entry.certificate.fingerprint))
            .collect();
        let (room, fingerprint) = match held.len() {
            0 => (self.store(), self.numbers.pick(pool).fingerprint),
            _ => self.numbers.pick(&held).clone(),
        };
        let room = if self.numbers.below(4) == 0 { self.store() } else { room };
        let asked = Deletion { room, node: Some(self.node()), fingerprint };
        let catalogue = catalogue(&self.cluster);
        let planned = || plan_deletion(&self.cluster, &catalogue, &asked, now());
        let plan = planned();
        assert_eq!(plan, planned(), "the same input gave two plans");
        assert!(!plan.is_refused());
        self.apply(&plan, 1);
        assert!(!self.cluster.held(&asked.room, asked.node.as_deref().unwrap()).contains(&fingerprint));
    }

    /// A node is away, holds whatever it likes, and joins again.
    fn join(&mut self, pool: &[Certificate]) {
        let node = self.node();
        let mut view: Vec<Entry> = Vec::new();
        for store in STORES {
            let mut seen = BTreeSet::new();
            for _ in 0..self.numbers.below(4) {
                let certificate = self.numbers.pick(pool);
                if seen.insert(certificate.subject.clone()) {
                    view.push(entry(Place::on(trust(store), &node), certificate, Origin::Uploaded));
                }
            }
        }
        let catalogue = catalogue(&self.cluster);
        let joining = Joining { node: node.clone(), view };
        let plan = merge(&self.cluster, &catalogue, &joining);
        assert_eq!(plan, merge(&self.cluster, &catalogue, &joining), "the same input gave two plans");
        assert!(!plan.is_refused());
        self.cluster.entries.retain(|entry| !entry.place.is_on(&node));
        self.cluster.entries.extend(joining.view);
        self.apply(&plan, 2);
    }

    fn apply(&mut self, plan: &Plan, step: usize) {
        if plan.is_refused() {
            assert_eq!((plan.effects.len(), plan.advice.len()), (0, 0), "a refused plan has effects");
            self.did(3);
        } else if !plan.effects.is_empty() {
            self.did(step);
        }
        apply(&mut self.cluster, plan);
    }

    fn did(&mut self, step: usize) {
        self.done[step] = self.done[step].saturating_add(1);
    }

    fn check(&self) {
        let catalogue = catalogue(&self.cluster);
        for store in &catalogue.stores {
            let room = trust(&store.name);
            for node in &self.cluster.nodes {
                self.check_node(&room, &node.name);
                // R-REP-1
                if store.replication == Replication::Cluster {
                    let first = &self.cluster.nodes[0].name;
                    assert_eq!(self.cluster.held(&room, &node.name), self.cluster.held(&room, first));
                }
            }
        }
    }

    fn check_node(&self, room: &Room, node: &str) {
        let entries: Vec<&Entry> = self.cluster.standing(room, node).collect();
        // R-TS-18, R-TS-19, R-TS-21
        let entities: BTreeSet<_> = entries.iter().map(|entry| &entry.certificate.subject).collect();
        assert_eq!(entities.len(), entries.len(), "two certificates of one entity in {room:?} on {node}");
        // D-21
        for entry in entries {
            let buried = buried_on(&self.cluster, room, node, entry.certificate.fingerprint);
            assert!(!buried, "{} came back to {room:?} on {node}", entry.certificate.subject);
        }
    }
}

// R-TS-18, R-TS-19, R-TS-21, R-REP-1, R-DEL-6, D-21
#[test]
fn whatever_happens_the_stores_stay_whole() {
    let pool = pool();
    let mut done = [0; 4];
    for sequence in 0..SEQUENCES {
        let mut numbers = Numbers(sequence.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let cluster = cluster(numbers.below(4).saturating_add(1));
        let mut run = Run { cluster, numbers, done };
        for _ in 0..STEPS {
            match run.numbers.below(6) {
                0 => run.join(&pool),
                1 | 2 => run.delete(&pool),
                _ => run.upload(&pool),
            }
            run.check();
        }
        done = run.done;
    }
    // Every kind of step did something often, and some were refused.
    assert!(done.iter().all(|count| *count > 1_000), "{done:?}");
}
