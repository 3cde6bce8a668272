//! Ten thousand decisions that a server recorded, decided again. Every document is the same to the byte, whoever verifies the
//! signatures.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use engine_capsule::{Capsule, Evidence, Record};
use host_server::capsule::again::{Again, Arithmetic, all};
use host_server::component::{Allocation, Engine};

use crate::question::Place;
use crate::recorded;

/// One in so many is decided again with every signature verified by the engine, too.
const BY_ENGINE: usize = 8;

#[test]
fn what_a_server_recorded_is_decided_again_to_the_byte() {
    let place = Place::new();
    let begun = Instant::now();
    let (least, directory) = (recorded::wanted(), place.0.join("recorded"));
    let count = recorded::into(&directory, least);
    assert!(count >= least, "{count}");
    let recorded_in = begun.elapsed();
    let engine = Engine::load(Allocation::OnDemand).unwrap();
    let begun = Instant::now();
    let paths = paths(&directory);
    assert_eq!(paths.len(), count);
    replayed(&engine, Arithmetic::Host, &paths);
    let some: Vec<PathBuf> = paths.into_iter().step_by(BY_ENGINE).collect();
    replayed(&engine, Arithmetic::Engine, &some);
    let replayed_in = begun.elapsed();
    println!("{count} recorded in {recorded_in:?}, decided again in {replayed_in:?}");
    // a generous cap for each ten thousand: a machine shared by many is slow
    let caps = u32::try_from(count.div_ceil(10_000)).unwrap();
    assert!(recorded_in + replayed_in < Duration::from_secs(600) * caps);
}

fn paths(directory: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn replayed(engine: &Engine, arithmetic: Arithmetic, paths: &[PathBuf]) {
    let read = |path: &PathBuf| -> Result<Record, String> {
        let text = std::fs::read(path).unwrap();
        let capsule = Capsule::read(&text).map_err(|unreadable| unreadable.to_string())?;
        let record = Record::of(&capsule).map_err(|incomplete| incomplete.to_string())?;
        // what is in it prints as what was read, and no answer to a signature check is evidence
        assert_eq!(capsule.print().as_bytes(), text);
        let is_offline = |evidence: &Evidence| !matches!(evidence, Evidence::IssuerCertificates(_));
        assert!(record.evidence.iter().all(is_offline));
        Ok(record)
    };
    for (path, outcome) in paths.iter().zip(all((engine, arithmetic), paths, read).unwrap()) {
        match outcome.unwrap().again {
            Again::Same => {}
            other => panic!("{arithmetic:?}: {}: {other:?}", path.display()),
        }
    }
}
