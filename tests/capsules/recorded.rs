//! Decisions as a server records them: every scenario that a server can be asked, in both modes and at many moments, decided
//! by the decider of a server and read from its database. They differ in chain, purpose, names, evidence, policy, mode and
//! moment; those of one scenario and mode share policy and trust. Other tests take the directory that is made here.

use std::path::Path;

use host_server::app::App;
use host_server::component::contract::request::Mode;
use host_server::decide::Undecided;
use host_server::storage::CapsuleFilter;
use host_server::watch::capsules;

use crate::cases::runs;
use crate::question::{Place, asked, server};

/// Decisions that are recorded where nobody says otherwise.
const USUAL: usize = 10_000;
/// The environment variable that may say otherwise.
const VARIABLE: &str = "ASSAYER_TEST_CAPSULES";
/// Days between the moments that are asked about.
const DAYS: i64 = 97;
/// Scenarios that are decided before what waits is written down, so that none is dropped.
const WAITING: usize = 20;

/// How many decisions tests are to be about.
pub(crate) fn wanted() -> usize {
    let said = std::env::var(VARIABLE).ok();
    said.map_or(USUAL, |said| said.parse().unwrap_or_else(|_| panic!("{VARIABLE} is no number: {said}")))
}

/// Records at least so many decisions, one in a file of this directory; how many there are.
pub(crate) fn into(directory: &Path, least: usize) -> usize {
    std::fs::create_dir_all(directory).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let place = Place::new();
        let app = server(&place, "[capsules]\nrecord = \"all\"\nkeep-octets = 1099511627776\n").await;
        let decided = decide(&app, least).await;
        let written = write(&app, directory).await;
        assert_eq!(written, decided);
        app.storage.close().await;
        written
    })
}

/// Decides everything at one moment after another, until it is enough, and writes down what waits before it is too much.
async fn decide(app: &App, least: usize) -> usize {
    let (decider, recorder) = (app.decider(), app.recorder.clone().unwrap());
    let runs = runs();
    let (mut decided, mut moment) = (0, 0);
    while decided < least {
        let before = decided;
        for (place, (name, run)) in runs.iter().enumerate() {
            for mode in [Mode::AsWritten, Mode::CommonCriteria] {
                let Some(asked) = asked(run, mode, run.at + moment * DAYS * 86_400) else { continue };
                match decider.decide(asked, None, run.at).await {
                    Ok(_) => decided += 1,
                    // an input that is no question is nothing that could be recorded
                    Err(Undecided::Unusable(..)) => {}
                    Err(other) => panic!("{name}: {other}"),
                }
            }
            if place % WAITING == 0 {
                capsules::write(app, &recorder).await;
            }
        }
        assert!(decided > before, "nothing can be decided");
        moment += 1;
    }
    capsules::write(app, &recorder).await;
    assert_eq!(recorder.dropped(), 0);
    decided
}

/// Every capsule of the database, by way of the list, as a file.
async fn write(app: &App, directory: &Path) -> usize {
    let (mut written, mut filter) = (0, CapsuleFilter::default());
    loop {
        let page = app.storage.capsules(&filter, 500).await.unwrap();
        let Some(last) = page.last() else { return written };
        filter.before = last.number;
        for entry in &page {
            let text = app.storage.capsule(&entry.root).await.unwrap().unwrap();
            std::fs::write(directory.join(format!("{written:06}.capsule")), text).unwrap();
            written += 1;
        }
    }
}
