//! Ten thousand decisions, of every scenario that a server can be asked, in both modes and at many moments: recorded, read
//! from the database, and decided again. Every document is the same to the byte, whoever verifies the signatures.

use std::time::{Duration, Instant};

use engine_capsule::{Capsule, Evidence, Record};
use host_server::app::App;
use host_server::capsule::again::{Again, Arithmetic, all};
use host_server::component::contract::request::Mode;
use host_server::component::{Allocation, Engine};
use host_server::decide::Undecided;
use host_server::storage::CapsuleFilter;
use host_server::watch::capsules;

use crate::cases::runs;
use crate::question::{Place, asked, server};

/// Decisions that are recorded at least.
const LEAST: usize = 10_000;
/// Days between the moments that are asked about.
const DAYS: i64 = 97;
/// Moments for each question.
const MOMENTS: i64 = 12;
/// One in so many is decided again with every signature verified by the engine, too.
const BY_ENGINE: usize = 8;

#[test]
fn what_a_server_recorded_is_decided_again_to_the_byte() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let begun = Instant::now();
    let texts = runtime.block_on(async {
        let place = Place::new();
        let app = server(&place, "[capsules]\nrecord = \"all\"\n").await;
        let decided = decide_all(&app).await;
        assert!(decided >= LEAST, "{decided}");
        let texts = recorded(&app).await;
        assert_eq!(texts.len(), decided);
        app.storage.close().await;
        texts
    });
    let recorded_in = begun.elapsed();
    let engine = Engine::load(Allocation::OnDemand).unwrap();
    let begun = Instant::now();
    replayed(&engine, Arithmetic::Host, &texts.iter().collect::<Vec<_>>());
    let some: Vec<&String> = texts.iter().step_by(BY_ENGINE).collect();
    replayed(&engine, Arithmetic::Engine, &some);
    let replayed_in = begun.elapsed();
    println!("{} recorded in {recorded_in:?}, decided again in {replayed_in:?}", texts.len());
    // a generous cap: a machine shared by many is slow
    assert!(recorded_in + replayed_in < Duration::from_secs(600));
}

/// Decides everything, and writes down what waits before it is too much. How many there were.
async fn decide_all(app: &App) -> usize {
    let (decider, recorder) = (app.decider(), app.recorder.clone().unwrap());
    let (mut decided, mut waiting) = (0, 0);
    for (name, run) in runs() {
        for mode in [Mode::AsWritten, Mode::CommonCriteria] {
            for moment in 0..MOMENTS {
                let Some(asked) = asked(&run, mode, run.at + moment * DAYS * 86_400) else { continue };
                match decider.decide(asked, None, run.at).await {
                    Ok(_) => decided += 1,
                    // an input that is no question is nothing that could be recorded
                    Err(Undecided::Unusable(..)) => break,
                    Err(other) => panic!("{name}: {other}"),
                }
            }
        }
        waiting += 1;
        if waiting % 20 == 0 {
            capsules::write(app, &recorder).await;
        }
    }
    capsules::write(app, &recorder).await;
    assert_eq!(recorder.dropped(), 0);
    decided
}

/// Every capsule of the database, by way of the list.
async fn recorded(app: &App) -> Vec<String> {
    let (mut texts, mut filter) = (Vec::new(), CapsuleFilter::default());
    loop {
        let page = app.storage.capsules(&filter, 500).await.unwrap();
        let Some(last) = page.last() else { return texts };
        filter.before = last.number;
        for entry in &page {
            texts.push(app.storage.capsule(&entry.root).await.unwrap().unwrap());
        }
    }
}

fn replayed(engine: &Engine, arithmetic: Arithmetic, texts: &[&String]) {
    let read = |text: &&String| -> Result<Record, String> {
        let capsule = Capsule::read(text.as_bytes()).map_err(|unreadable| unreadable.to_string())?;
        let record = Record::of(&capsule).map_err(|incomplete| incomplete.to_string())?;
        // what is in it prints as what was read, and no answer to a signature check is evidence
        assert_eq!(&capsule.print(), *text);
        let is_offline = |evidence: &Evidence| !matches!(evidence, Evidence::IssuerCertificates(_));
        assert!(record.evidence.iter().all(is_offline));
        Ok(record)
    };
    for outcome in all((engine, arithmetic), texts, read).unwrap() {
        match outcome.unwrap().again {
            Again::Same => {}
            other => panic!("{arithmetic:?}: {other:?}"),
        }
    }
}
