//! How a verdict is another than the one in a capsule: what both documents say, compared. Which of them is right is not
//! said here.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::content::Decision;
use crate::record::Record;

/// How the second of two verdicts is another than the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// The decisions, where they are not the same.
    pub decision: Option<(Decision, Decision)>,
    /// Codes of findings that only the first has, with the place of their certificate in the path.
    pub gone: Vec<String>,
    /// Codes of findings that only the second has.
    pub new: Vec<String>,
    /// Where else the documents differ, by the names of their members.
    pub members: Vec<String>,
    /// The hashes of the settings differ: the same document means other settings to this engine.
    pub is_settings: bool,
    /// The hashes of the traces differ.
    pub is_trace: bool,
}

/// The most places that are named.
pub(crate) const MOST: usize = 32;
/// What stands where nothing does.
static NOTHING: Value = Value::Null;

impl Difference {
    /// How a verdict differs from that in a capsule, by the verdict's document.
    #[must_use]
    pub fn between(record: &Record, document: &str) -> Self {
        let before = serde_json::from_str(&record.document).unwrap_or(Value::Null);
        let after: Value = serde_json::from_str(document).unwrap_or(Value::Null);
        let (old, new) = (findings(&before), findings(&after));
        let mut members = Vec::new();
        compare("", (&before, &after), &mut members);
        members.truncate(MOST);
        let is_other = |name: &str, hash: String| after.get(name).and_then(Value::as_str) != Some(&hash);
        let decisions = decision(&after).map(|after| (record.verdict.decision, after));
        Self {
            decision: decisions.filter(|(before, after)| before != after),
            gone: old.difference(&new).cloned().collect(),
            new: new.difference(&old).cloned().collect(),
            members,
            is_settings: is_other("settings-hash", record.verdict.settings.to_string()),
            is_trace: is_other("trace-hash", record.verdict.trace.to_string()),
        }
    }

    /// In lines, for people.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some((before, after)) = self.decision {
            lines.push(format!("decision: {} became {}", before.word(), after.word()));
        }
        lines.extend(self.gone.iter().map(|finding| format!("finding gone: {finding}")));
        lines.extend(self.new.iter().map(|finding| format!("finding new: {finding}")));
        if self.is_settings {
            lines.push("settings: the same policy comes to other settings".to_owned());
        }
        if !self.members.is_empty() {
            lines.push(format!("document: differs in {}", self.members.join(", ")));
        }
        if self.is_trace {
            lines.push("trace: another hash".to_owned());
        }
        lines
    }
}

/// Findings by code and place.
pub(crate) fn findings(document: &Value) -> BTreeSet<String> {
    document.get("findings").and_then(Value::as_array).into_iter().flatten().map(named).collect()
}

/// A finding by its code and the place of its certificate.
pub(crate) fn named(finding: &Value) -> String {
    let code = finding.get("code").and_then(Value::as_str).unwrap_or_default();
    match finding.get("position").and_then(Value::as_u64) {
        Some(position) => format!("{code} (certificate {position})"),
        None => code.to_owned(),
    }
}

/// What a verdict document decides; `None` where it is none.
pub(crate) fn decision(document: &Value) -> Option<Decision> {
    match document.get("decision").and_then(Value::as_str) {
        Some("allow") => Some(Decision::Allow),
        Some("deny") => Some(Decision::Deny),
        _ => None,
    }
}

/// Names the members in which two documents differ.
pub(crate) fn compare(path: &str, (before, after): (&Value, &Value), members: &mut Vec<String>) {
    if before == after || members.len() > MOST {
        return;
    }
    match (before, after) {
        (Value::Object(first), Value::Object(second)) => {
            let names: BTreeSet<&String> = first.keys().chain(second.keys()).collect();
            for name in names {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let pair = (first.get(name).unwrap_or(&NOTHING), second.get(name).unwrap_or(&NOTHING));
                compare(&path, pair, members);
            }
        }
        (Value::Array(first), Value::Array(second)) if first.len() == second.len() => {
            for (place, pair) in first.iter().zip(second).enumerate() {
                compare(&format!("{path}[{place}]"), pair, members);
            }
        }
        _ => members.push(path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn members(before: &Value, after: &Value) -> Vec<String> {
        let mut members = Vec::new();
        compare("", (before, after), &mut members);
        members
    }

    #[test]
    fn what_differs_is_named_by_its_place() {
        let before = json!({ "at": "1", "path": [{ "status": "good" }, { "status": "good" }], "list": [1] });
        let mut after = before.clone();
        assert_eq!(members(&before, &after), Vec::<String>::new());
        after["path"][1]["status"] = json!("revoked");
        after["list"] = json!([1, 2]);
        after["new"] = json!(true);
        assert_eq!(members(&before, &after), ["list", "new", "path[1].status"]);
        assert_eq!(members(&json!([1]), &json!({})), [""]);
    }

    #[test]
    fn findings_are_compared_by_code_and_place() {
        let document =
            |code: &str| json!({ "findings": [{ "code": code, "position": 0 }, { "code": "a.b" }] });
        let (one, two) = (findings(&document("x.y")), findings(&document("x.z")));
        let gone: Vec<_> = one.difference(&two).collect();
        assert_eq!(gone, ["x.y (certificate 0)"]);
    }

    #[test]
    fn a_difference_is_told_in_lines() {
        let difference = Difference {
            decision: Some((Decision::Allow, Decision::Deny)),
            gone: vec!["a.b".to_owned()],
            new: vec!["c.d".to_owned()],
            members: vec!["path[0].status".to_owned()],
            is_settings: true,
            is_trace: true,
        };
        assert_eq!(
            difference.lines(),
            [
                "decision: allow became deny",
                "finding gone: a.b",
                "finding new: c.d",
                "settings: the same policy comes to other settings",
                "document: differs in path[0].status",
                "trace: another hash",
            ]
        );
    }
}
