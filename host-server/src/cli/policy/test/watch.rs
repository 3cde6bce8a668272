//! When one of the files is another than it was: moments of change and lengths are looked at once a second.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{Arguments, suite};

/// How often files are looked at.
const EVERY: Duration = Duration::from_secs(1);

/// The moment of change and the length of each file; nothing of one that is not there.
pub(super) type Seen = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

/// What there is of the policy, the files of cases and those that they name.
pub(super) fn seen(arguments: &Arguments, named: &[PathBuf]) -> Seen {
    let cases = suite::paths(arguments).unwrap_or_default();
    let own = std::iter::once(PathBuf::from(&arguments.policy));
    let given = arguments.cases.iter().map(PathBuf::from).filter(|path| !path.is_dir());
    let all = own.chain(given).chain(cases).chain(named.iter().cloned());
    all.map(|path| (state(&path), path)).map(|(state, path)| (path, state)).collect()
}

fn state(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// Waits until something is another than it was before a round, and says what, in one line. What cases name was not known
/// before the round: it counts from now on.
pub(super) fn changed(arguments: &Arguments, named: &[PathBuf], before: Seen) -> String {
    let mut before = before;
    for path in named {
        before.entry(path.clone()).or_insert_with(|| state(path));
    }
    loop {
        let now = seen(arguments, named);
        let different = difference(&before, &now);
        if !different.is_empty() {
            return different.join(", ");
        }
        std::thread::sleep(EVERY);
    }
}

/// The files that differ, come or go.
fn difference(before: &Seen, now: &Seen) -> Vec<String> {
    let mut paths: Vec<&PathBuf> = before.keys().chain(now.keys()).collect();
    paths.sort();
    paths.dedup();
    let of = |seen: &Seen, path: &PathBuf| seen.get(path).copied().flatten();
    let different = paths.into_iter().filter(|path| of(before, path) != of(now, path));
    different.map(|path| path.display().to_string()).collect()
}
