//! The rule catalogue and the files of the workspace, read: which rules there are, which are argued about instead of
//! exercised, and which a text names. The tests of `tidy` and the runner's `rules` include it by its path.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The catalogue: identifier, layer, statement.
const CATALOGUE: &str = include_str!("rules.txt");
/// Rules that no test can exercise, each with the reason.
const ARGUED: &str = include_str!("argued.txt");

/// A rule's layer and statement.
pub(crate) type Row = (&'static str, &'static str);

/// Every rule by its identifier.
///
/// # Errors
/// The line that is no rule, or repeats one.
pub(crate) fn catalogue() -> Result<BTreeMap<&'static str, Row>, String> {
    let mut rules = BTreeMap::new();
    for line in lines(CATALOGUE) {
        let mut fields = line.split('\t');
        let (id, layer, statement) = (fields.next(), fields.next(), fields.next());
        let row = id.zip(layer).zip(statement).filter(|_| fields.next().is_none());
        let ((id, layer), statement) = row.ok_or_else(|| format!("not three fields: {line}"))?;
        if rules.insert(id, (layer, statement)).is_some() {
            return Err(format!("{id} stands twice"));
        }
    }
    Ok(rules)
}

/// Every rule that is argued about, with the reason.
///
/// # Errors
/// The line that is none, or repeats one.
pub(crate) fn argued() -> Result<BTreeMap<&'static str, &'static str>, String> {
    let mut rules = BTreeMap::new();
    for line in lines(ARGUED) {
        let (id, reason) = line.split_once('\t').ok_or_else(|| format!("not two fields: {line}"))?;
        if rules.insert(id, reason).is_some() {
            return Err(format!("{id} stands twice"));
        }
    }
    Ok(rules)
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

/// Identifiers such as `R-OCSP-22` in a text, and those between the two of `R-OCSP-22 to R-OCSP-25`.
pub(crate) fn named(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut before: Option<(String, u32, usize)> = None;
    for (start, _) in text.match_indices("R-") {
        let Some((group, number, end)) = identifier(text, start) else { continue };
        if let Some((of, first, ended)) = &before {
            let between = text.get(*ended..start).unwrap_or_default();
            let words = between.split_whitespace().filter(|word| !word.starts_with("//"));
            if *of == group && words.eq(["to"]) {
                found.extend((first + 1..number).map(|number| format!("R-{group}-{number}")));
            }
        }
        found.push(format!("R-{group}-{number}"));
        before = Some((group, number, end));
    }
    found
}

/// The group and number of the identifier that begins at `start`, and where it ends.
fn identifier(text: &str, start: usize) -> Option<(String, u32, usize)> {
    let before = text.get(..start)?.chars().next_back();
    if before.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '-') {
        return None;
    }
    let rest = text.get(start + 2..)?;
    let group: String = rest.chars().take_while(char::is_ascii_uppercase).collect();
    let after = rest.get(group.len()..)?.strip_prefix('-')?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    let end = start + 2 + group.len() + 1 + digits.len();
    (!group.is_empty()).then_some(())?;
    Some((group, digits.parse().ok()?, end))
}

/// The rule in the name of a test function: `r_ts_8_wildcards_are_refused` exercises R-TS-8.
pub(crate) fn named_by_function(line: &str) -> Option<String> {
    let name = line.trim_start().strip_prefix("fn r_")?;
    let mut words = name.split('_');
    let (group, number) = (words.next()?, words.next()?);
    let sound = group.bytes().all(|octet| octet.is_ascii_lowercase())
        && !number.is_empty()
        && number.bytes().all(|octet| octet.is_ascii_digit());
    sound.then(|| format!("R-{}-{number}", group.to_ascii_uppercase()))
}

/// Where rules are exercised: by rule, the files that name it in a scenario, in a test's name, or in a comment of a
/// test. Only rules of the catalogue count.
///
/// # Errors
/// What could not be read.
pub(crate) fn exercised(root: &Path) -> Result<BTreeMap<String, BTreeSet<String>>, String> {
    let rules = catalogue()?;
    let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in texts(root)? {
        for id in of_file(&path, &text) {
            if rules.contains_key(id.as_str()) {
                places.entry(id).or_default().insert(path.clone());
            }
        }
    }
    Ok(places)
}

/// What one file exercises.
fn of_file(path: &str, text: &str) -> Vec<String> {
    if path.starts_with("tests/tidy/") {
        return Vec::new();
    }
    if path.ends_with(".toml") {
        return if path.starts_with("tests/scenarios/") { named(text) } else { Vec::new() };
    }
    let tests = tests_of(path, text);
    let mut found: Vec<String> = tests.lines().filter_map(named_by_function).collect();
    // Comments only: what a test gives to the code under test, or expects of it, may name rules that it does not hold
    // to. A comment may go on in the next line.
    let comments: Vec<&str> =
        tests.lines().filter_map(|line| line.find("//").and_then(|start| line.get(start..))).collect();
    found.extend(named(&comments.join("\n")));
    found
}

/// The part of a Rust file that is tests.
fn tests_of<'t>(path: &str, text: &'t str) -> &'t str {
    let is_test = path.starts_with("tests/") && !path.starts_with("tests/pki/")
        || path.contains("/tests/")
        || path.ends_with("/tests.rs");
    let start = if is_test { Some(0) } else { text.find("#[cfg(test)]\nmod tests {") };
    start.and_then(|start| text.get(start..)).unwrap_or_default()
}

/// The Rust and TOML files below `root` that are ours, with their paths from there.
fn texts(root: &Path) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let said = |error: std::io::Error| format!("{}: {error}", folder.display());
        for entry in std::fs::read_dir(&folder).map_err(said)? {
            let path = entry.map_err(said)?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let kind = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            if path.is_dir() {
                let ours = !name.starts_with('.') && !name.starts_with("target") && name != "generated";
                folders.extend(ours.then_some(path));
            } else if ["rs", "toml"].contains(&kind) {
                let relative = path.strip_prefix(root).unwrap_or(&path);
                let relative = relative.to_string_lossy().replace('\\', "/");
                found.push((relative, std::fs::read_to_string(&path).map_err(said)?));
            }
        }
    }
    found.sort();
    Ok(found)
}
