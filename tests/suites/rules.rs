//! Which rules of the catalogue are exercised, and where: one JSON line a rule, and the summary line last.

#[path = "../tidy/catalogue.rs"]
mod catalogue;

use std::path::Path;

use serde_json::json;

/// Prints the lines.
///
/// # Errors
/// What could not be read.
pub(crate) fn print() -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the package lies in no workspace")?;
    lines(root)?.iter().for_each(|line| println!("{line}"));
    Ok(())
}

fn lines(root: &Path) -> Result<Vec<serde_json::Value>, String> {
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
        lines.push(json!({
            "rule": id,
            "layer": layer,
            "statement": statement,
            "standing": standing,
            "exercised": places,
            "reason": reason,
        }));
    }
    missing.sort_unstable_by_key(|id| by_number(id));
    lines.push(json!({
        "total": rules.len(),
        "exercised": exercised,
        "argued": argued_only,
        "missing": missing,
    }));
    Ok(lines)
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
        let lines = lines(root).unwrap();
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
