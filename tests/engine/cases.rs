//! The scenarios of `tests/scenarios`, read and issued. It asks nothing.

use std::path::Path;

use pki::scenario::{Run, Scenario};

/// Every scenario by the name of its file.
pub(crate) fn scenarios() -> Vec<(String, Scenario)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let entries = std::fs::read_dir(folder).expect("the folder of scenarios");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).expect("a text");
        let scenario = Scenario::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, scenario)
    };
    files.iter().filter(|path| path.extension().is_some_and(|kind| kind == "toml")).map(read).collect()
}

/// Every case of every scenario.
pub(crate) fn runs() -> Vec<(String, Run)> {
    let all = scenarios().into_iter();
    all.flat_map(|(name, scenario)| scenario.runs().into_iter().map(move |run| (name.clone(), run))).collect()
}

/// Every certificate of every scenario, by file and name of its sketch.
pub(crate) fn every_certificate() -> Vec<(String, Vec<u8>)> {
    let all = scenarios().into_iter();
    all.flat_map(|(file, scenario)| {
        let issued = scenario.issue().into_values();
        issued.map(move |issued| (format!("{file}/{}", issued.label), issued.der)).collect::<Vec<_>>()
    })
    .collect()
}
