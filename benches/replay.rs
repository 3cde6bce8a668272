//! Decisions that were saved, decided again, and under another policy: ten thousand capsules that share a policy and a trust
//! store, of 500 certificates at twenty moments each. Beside deciding afresh from the same question in a prepared validator,
//! which is what reading, verifying and comparing come on top of; with every signature verified by the engine, and by this
//! host's library. Under another policy capsules are read from files, as `assayer policy replay` reads them; the bar that it
//! has to reach is looked at.

use std::path::{Path, PathBuf};
use std::time::Instant;

use engine_capsule::{Capsule, Class, Record, Recording, Tally};
use host_server::capsule::again::{Again, Arithmetic, all};
use host_server::capsule::form::{self, Terms};
use host_server::capsule::under;
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
/// Capsules a minute under another policy, at least, with what most changes come to: few flips. Each flip is judged twice.
const BAR: f64 = 100_000.0;
/// Policies under which no decision flips, and under which all do.
const OTHERS: [(&str, &str, Class); 2] = [
    ("no flip", "[limits]\ncertificates = 17\n", Class::Same),
    ("all flip", "[revocation]\nundetermined = \"deny\"\n", Class::AllowToDeny),
];

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
    let directory = std::env::temp_dir().join(format!("assayer-bench-replay-{}", std::process::id()));
    let measured = beside(&engine, &directory, &capsules);
    let _gone = std::fs::remove_dir_all(&directory);
    measured
}

/// Measures judging under other policies, from files.
fn beside(engine: &Engine, directory: &Path, capsules: &[String]) -> Result<(), String> {
    std::fs::create_dir_all(directory).map_err(said)?;
    let mut paths = Vec::new();
    for (number, capsule) in capsules.iter().enumerate() {
        let path = directory.join(format!("{number:06}.capsule"));
        std::fs::write(&path, capsule).map_err(said)?;
        paths.push(path);
    }
    let count = f64::from(u32::try_from(paths.len()).unwrap_or(u32::MAX));
    println!("\n{count} capsules under another policy, from files, capsules a minute\n");
    for (name, policy, class) in OTHERS {
        for (whose, arithmetic) in [("host", Arithmetic::Host), ("engine", Arithmetic::Engine)] {
            let seconds = judged((engine, arithmetic, policy), &paths, class)?;
            let minute = count / seconds * 60.0;
            println!("{:<44} {minute:>10.0}", format!("{name}, signatures by the {whose}"));
            println!(
                "{}",
                serde_json::json!({ "bench": "replay-under", "policy": name, "signatures": whose,
                    "capsules-a-minute": minute })
            );
            if arithmetic == Arithmetic::Host && class == Class::Same && minute < BAR {
                return Err(format!("{name}: {minute:.0} capsules a minute, and {BAR:.0} are the least"));
            }
        }
    }
    Ok(())
}

/// Seconds for reading all of them and judging them under another policy, all with this outcome.
fn judged(with: (&Engine, Arithmetic, &str), paths: &[PathBuf], expected: Class) -> Result<f64, String> {
    let begun = Instant::now();
    let mut tally = Tally::default();
    let read = |path: &&PathBuf| -> Result<Option<Record>, String> {
        let text = std::fs::read(path).map_err(said)?;
        Record::of(&Capsule::read(&text).map_err(said)?).map(Some).map_err(said)
    };
    let told = |_: &PathBuf, judged: Result<Option<under::Judged>, String>| {
        let Some(judged) = judged? else { return Ok(()) };
        let class = judged.outcome.as_ref().map_or(Class::Undecided, engine_capsule::Outcome::class);
        tally.add(judged.purpose.as_deref(), class);
        if class == expected {
            Ok(())
        } else {
            Err(format!("a decision became another: {:?}", judged.outcome))
        }
    };
    let run = under::each(with, paths.iter().map(Ok), read, told);
    run.map_err(|halt| format!("{halt:?}"))?;
    Ok(begun.elapsed().as_secs_f64())
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
