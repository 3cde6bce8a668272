//! Which rules of the catalogue are exercised, and where: one JSON line a rule, and the summary line last.

#[path = "../tidy/catalogue.rs"]
mod catalogue;

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;

/// What is said of one rule.
#[derive(Serialize)]
struct Line<'a> {
    rule: &'a str,
    layer: &'a str,
    statement: &'a str,
    standing: &'static str,
    exercised: Option<&'a BTreeSet<String>>,
    reason: Option<&'a str>,
}

/// What is said of all.
#[derive(Serialize)]
struct Summary<'a> {
    total: usize,
    exercised: usize,
    argued: usize,
    missing: Vec<&'a str>,
}

/// Prints the lines.
///
/// # Errors
/// What could not be read.
pub(crate) fn print() -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the package lies in no workspace")?;
    lines(root)?.iter().for_each(|line| println!("{line}"));
    Ok(())
}

fn lines(root: &Path) -> Result<Vec<String>, String> {
    let rules = catalogue::catalogue()?;
    let places = catalogue::exercised(root)?;
    let argued = catalogue::argued()?;
    let mut lines = Vec::new();
    let (mut exercised, mut argued_only, mut missing) = (0_usize, 0_usize, Vec::new());
    for (id, (layer, statement)) in &rules {
        let (places, reason) = (places.get(*id), argued.get(id));
        let standing = match (places, reason) {
            (Some(_), _) => {
                exercised += 1;
                "exercised"
            }
            (None, Some(_)) => {
                argued_only += 1;
                "argued"
            }
            (None, None) => {
                missing.push(*id);
                "missing"
            }
        };
        let reason = reason.copied();
        let line = Line { rule: id, layer, statement, standing, exercised: places, reason };
        lines.push(written(&line)?);
    }
    missing.sort_unstable_by_key(|id| by_number(id));
    lines.push(written(&Summary { total: rules.len(), exercised, argued: argued_only, missing })?);
    Ok(lines)
}

fn written(line: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(line).map_err(|error| error.to_string())
}

/// People count 2 before 10.
fn by_number(id: &str) -> (&str, u32) {
    id.rsplit_once('-').map_or((id, 0), |(group, number)| (group, number.parse().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_one_line_and_the_summary_adds_up() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let read = |line: &String| serde_json::from_str::<serde_json::Value>(line).unwrap();
        let lines: Vec<_> = lines(root).unwrap().iter().map(read).collect();
        let summary = lines.last().unwrap();
        let missing = summary["missing"].as_array().unwrap();
        let counted = summary["exercised"].as_u64().unwrap() + summary["argued"].as_u64().unwrap();
        assert_eq!(counted + u64::try_from(missing.len()).unwrap(), summary["total"].as_u64().unwrap());
        assert_eq!(u64::try_from(lines.len()).unwrap(), summary["total"].as_u64().unwrap() + 1);
        let standing = |id: &str| lines.iter().find(|line| line["rule"] == id).unwrap()["standing"].clone();
        assert_eq!(standing("R-CC-9"), "exercised");
        assert!(missing.iter().all(|id| standing(id.as_str().unwrap()) == "missing"));
    }
}
