//! Decisions that were saved, decided again: ten thousand capsules that share a policy and a trust store, of 500
//! certificates at twenty moments each. Beside deciding afresh from the same question in a prepared validator, which is what
//! reading, verifying and comparing come on top of; with every signature verified by the engine, and by this host's library.

use std::time::Instant;

use engine_capsule::{Capsule, Record, Recording};
use host_server::capsule::again::{Again, Arithmetic, all};
use host_server::capsule::form::{self, Terms};
use host_server::component::contract::evaluate::Outcome;
use host_server::component::contract::request::{Mode, TrustRole, Validation};
use host_server::component::{Allocation, Engine, Session, Validator};
use host_server::resolve::Resolved;
use pki::certificate::Sketch;
use pki::key::Key;

/// Certificates, and moments at which each is asked about.
const CERTIFICATES: u32 = 500;
const MOMENTS: i64 = 20;
/// The first moment: 2025-06-01T00:00:00Z.
const AT: i64 = 1_748_736_000;

/// Runs and measures.
pub(crate) fn run() -> Result<(), String> {
    let engine = Engine::load(Allocation::OnDemand).map_err(said)?;
    let root = Sketch::ca("Bench Root").key(Key::p256("root")).issue();
    let issuing = Sketch::ca("Bench Intermediate").key(Key::p256("intermediate")).issued_by(&root).issue();
    let leaves = (0..CERTIFICATES).map(|number| {
        let leaf = Sketch::leaf(&format!("leaf {number}")).key(Key::p256("leaf"));
        leaf.dns("www.example.com")
            .serial(&(number + 0x100_0000).to_be_bytes())
            .issued_by(&issuing)
            .issue()
            .der
    });
    let leaves: Vec<Vec<u8>> = leaves.collect();
    let mut session = engine.session().map_err(said)?;
    let validator = session.validator("", Mode::AsWritten).map_err(said)?.map_err(|refusal| refusal.code)?;
    let trusted = session.add_anchor(&validator, &root.der, TrustRole::IssuerAndLeaf).map_err(said)?;
    trusted.map_err(|refusal| refusal.code)?;
    let begun = Instant::now();
    let mut capsules = Vec::new();
    for leaf in &leaves {
        for moment in 0..MOMENTS {
            let question = question(leaf, &issuing.der, AT + moment * 86_400);
            capsules.push(sealed(&engine, (&mut session, &validator), question, &root.der)?);
        }
    }
    let sealed_in = begun.elapsed().as_secs_f64();
    let afresh = afresh((&mut session, &validator), &leaves, &issuing.der)?;
    let by_engine = replayed(&engine, Arithmetic::Engine, &capsules)?;
    let by_host = replayed(&engine, Arithmetic::Host, &capsules)?;
    report(capsules.len(), [sealed_in, afresh, by_engine, by_host]);
    Ok(())
}

fn question(leaf: &[u8], issuing: &[u8], at: i64) -> Validation {
    Validation {
        target: leaf.to_vec(),
        untrusted: vec![issuing.to_vec()],
        at,
        purpose: Some("server-auth".to_owned()),
        names: Vec::new(),
        nonce_seed: None,
        answers_signature_checks: false,
    }
}

/// A decision as a capsule.
fn sealed(
    engine: &Engine,
    (session, validator): (&mut Session, &Validator),
    question: Validation,
    root: &[u8],
) -> Result<String, String> {
    let outcome = session.evaluate(validator, &question, &[]).map_err(said)?;
    let Outcome::Decided(verdict) = outcome.map_err(|refusal| refusal.code)? else {
        return Err("the engine asks for something".to_owned());
    };
    let resolved = Resolved { verdict, evidence: Vec::new(), asked: Vec::new() };
    let terms =
        Terms { policy: String::new(), mode: Mode::AsWritten, trusted: vec![form::anchor(root.to_vec())] };
    let recording = Recording { at: AT, by: "bench".to_owned() };
    let record = form::record(terms, question, resolved, (&engine.info(), recording));
    form::seal(record).map(|capsule| capsule.print())
}

/// Seconds for deciding once more about every certificate at every moment, on one thread and with nothing but the engine.
fn afresh(
    (session, validator): (&mut Session, &Validator),
    leaves: &[Vec<u8>],
    issuing: &[u8],
) -> Result<f64, String> {
    let begun = Instant::now();
    for leaf in leaves {
        for moment in 0..MOMENTS {
            let question = question(leaf, issuing, AT + moment * 86_400);
            let outcome = session.evaluate(validator, &question, &[]).map_err(said)?;
            outcome.map_err(|refusal| refusal.code)?;
        }
    }
    Ok(begun.elapsed().as_secs_f64())
}

/// Seconds for deciding all of them again, on every processor.
fn replayed(engine: &Engine, arithmetic: Arithmetic, capsules: &[String]) -> Result<f64, String> {
    let begun = Instant::now();
    let read = |text: &String| -> Result<Record, String> {
        Record::of(&Capsule::read(text.as_bytes()).map_err(said)?).map_err(said)
    };
    for outcome in all((engine, arithmetic), capsules, read).map_err(said)? {
        match outcome?.again {
            Again::Same => {}
            other => return Err(format!("a capsule is decided otherwise: {other:?}")),
        }
    }
    Ok(begun.elapsed().as_secs_f64())
}

fn report(count: usize, [sealed, afresh, by_engine, by_host]: [f64; 4]) {
    let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let minute = |seconds: f64| count / seconds * 60.0;
    println!(
        "\n{count} capsules of one policy and trust store, {processors} processors, capsules a minute\n"
    );
    for (what, seconds) in [
        ("decided and sealed, one thread", sealed),
        ("decided afresh, one thread", afresh),
        ("decided again, signatures by the engine", by_engine),
        ("decided again, signatures by the host", by_host),
    ] {
        println!("{what:<44} {:>10.0}   ({:.2} of afresh)", minute(seconds), afresh / seconds);
    }
    println!(
        "\n{}",
        serde_json::json!({ "bench": "replay", "capsules": count, "processors": processors,
            "sealed-a-minute": minute(sealed), "afresh-a-minute": minute(afresh),
            "by-engine-a-minute": minute(by_engine), "by-host-a-minute": minute(by_host),
            "by-engine-ratio": afresh / by_engine, "by-host-ratio": afresh / by_host })
    );
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}
