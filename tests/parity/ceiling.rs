//! A session that meets a ceiling has a fault, never an answer, and is not used again; the next one is as
//! good as new.

use std::time::Duration;

use host_server::component::limits::Ceilings;
use host_server::component::{Allocation, Engine, Fault};
use pki::certificate::{Issued, Sketch};
use pki::key::Key;
use pki::scenario::Run;

use crate::change::{chains, run};
use crate::component::{ask, engine, try_ask};

/// A certificate that takes more memory to read than it has octets.
fn large() -> Vec<u8> {
    let root = Sketch::ca("root").issue();
    Sketch::leaf("large").issued_by(&root).extension("1.2.3.4", false, vec![0; 1_000_000]).issue().der
}

fn small() -> Run {
    let chain = chains().swap_remove(0);
    run(&chain.leaf.der, &chain.ca.der, &chain.root.der)
}

#[test]
fn more_memory_than_the_ceiling_is_a_fault_and_ends_the_session() {
    let engine = engine();
    let needed = {
        let mut session = engine.session().unwrap();
        assert!(ask(&mut session, &small()).allows());
        session.memory()
    };
    let ceilings = Ceilings { memory: needed, ..Ceilings::DEFAULT };
    let mut session = engine.session_within(ceilings).unwrap();
    assert!(ask(&mut session, &small()).allows(), "it fits exactly");
    assert_eq!(session.describe_document(&large()).err(), Some(Fault::Memory(ceilings)));
    assert!(session.is_broken());
    assert_eq!(session.describe_document(&small().target).err(), Some(Fault::Broken));
    assert_eq!(try_ask(&mut session, &small()), Err(Fault::Broken));
    assert!(session.memory() <= needed);
}

/// A hundred verifications under P-384 keys, none of which signed the target.
fn slow() -> Run {
    let root = Sketch::ca("root").issue();
    let alike = |name: &str| {
        let sketch = Sketch::ca(name).subject("CN=ca").key(Key::p384(name));
        sketch.extension("subjectKeyIdentifier", false, pki::der::octet_string(&[7; 20]))
    };
    let candidate = |number: usize| alike(&format!("ca{number}")).issued_by(&root).issue();
    let candidates: Vec<Issued> = (0..100).map(candidate).collect();
    let leaf = Sketch::leaf("leaf").issued_by(&alike("signer").authority()).issue();
    let mut run = run(&leaf.der, &root.der, &root.der);
    run.untrusted = candidates.into_iter().map(|issued| issued.der).collect();
    run.settings = "[limits]\ncertificates = 1024\nsignature-cost = 10000".to_owned();
    run
}

#[test]
fn more_time_than_the_ceiling_is_a_fault_and_ends_the_session() {
    let engine = engine();
    let ceilings = Ceilings { time: Duration::ZERO, ..Ceilings::DEFAULT };
    let mut session = engine.session_within(ceilings).unwrap();
    assert_eq!(try_ask(&mut session, &slow()), Err(Fault::Time(ceilings)));
    assert_eq!(try_ask(&mut session, &small()), Err(Fault::Broken));
    let unhurried = ask(&mut engine.session().unwrap(), &slow());
    assert!(!unhurried.allows(), "with time it is decided");
}

/// In a pool of one, the slot of a session that had a fault is cleaned before it is used again.
#[test]
fn the_slot_of_a_broken_session_is_as_good_as_new() {
    let memory = 64 * 1024 * 1024;
    let engine = Engine::load(Allocation::Pooled { sessions: 1, memory }).unwrap();
    let before = ask(&mut engine.session().unwrap(), &small());
    for _ in 0..3 {
        let mut session = engine.session_within(Ceilings { time: Duration::ZERO, memory }).unwrap();
        assert!(try_ask(&mut session, &slow()).is_err());
        drop(session);
        assert_eq!(ask(&mut engine.session().unwrap(), &small()), before);
    }
}
