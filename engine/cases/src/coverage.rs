//! What of a policy document no case exercises: its own rules, and the codes whose level it changes. A rule has two halves:
//! some case makes it speak, and some case is judged where it is asked and says nothing.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use crate::comparison::{Labels, findings};

/// Counts what cases exercise.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    rules: Vec<Rule>,
    levels: Vec<Level>,
}

/// A rule of the document's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its identifier.
    pub id: String,
    /// How many cases made it speak.
    pub spoke: usize,
    /// How many cases it was asked about and had nothing to say.
    pub silent: usize,
    #[serde(skip)]
    purposes: BTreeSet<String>,
}

/// A code whose level the document changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Level {
    /// The code.
    pub code: String,
    /// The level.
    pub level: String,
    /// In how many cases there was such a finding; never for `ignore`, which leaves none.
    pub found: usize,
}

impl Rule {
    /// Whether some case exercises neither or only one half.
    #[must_use]
    pub fn is_lacking(&self) -> bool {
        self.spoke == 0 || self.silent == 0
    }
}

impl Level {
    /// Whether no case has such a finding, although the level leaves one.
    #[must_use]
    pub fn is_lacking(&self) -> bool {
        self.found == 0 && self.level != "ignore"
    }
}

impl Coverage {
    /// Of a policy document, as its author wrote it. What is no document has nothing to be exercised: whether it is one is the
    /// engine's to say.
    #[must_use]
    pub fn of(policy: &str) -> Self {
        let table: toml::Table = policy.parse().unwrap_or_default();
        let rules = table.get("rules").and_then(toml::Value::as_array).into_iter().flatten();
        let rule = |rule: &toml::Value| {
            let purposes = rule.get("purposes").and_then(toml::Value::as_array).into_iter().flatten();
            let purposes = purposes.filter_map(|name| name.as_str().map(str::to_owned)).collect();
            Some(Rule { id: rule.get("id")?.as_str()?.to_owned(), purposes, ..Rule::default() })
        };
        let levels = table.get("levels").and_then(toml::Value::as_table).into_iter().flatten();
        let level = |(code, level): (&String, &toml::Value)| {
            Some(Level { code: code.clone(), level: level.as_str()?.to_owned(), found: 0 })
        };
        Self { rules: rules.filter_map(rule).collect(), levels: levels.filter_map(level).collect() }
    }

    /// Counts what a verdict shows, of a question for this purpose.
    pub fn count(&mut self, purpose: Option<&str>, document: &Value) {
        let findings = findings(document, &Labels::default());
        let is_allowed = document.get("decision").and_then(Value::as_str) == Some("allow");
        // rules are asked, all of them, about a path that everything else accepts
        let is_asked = is_allowed || findings.iter().any(|finding| finding.rule.is_some());
        for rule in &mut self.rules {
            let is_concerned =
                rule.purposes.is_empty() || purpose.is_some_and(|purpose| rule.purposes.contains(purpose));
            if findings.iter().any(|finding| finding.rule.as_deref() == Some(&rule.id)) {
                rule.spoke = rule.spoke.saturating_add(1);
            } else if is_asked && is_concerned {
                rule.silent = rule.silent.saturating_add(1);
            }
        }
        for level in &mut self.levels {
            let is_found = findings.iter().any(|finding| finding.code == level.code);
            level.found = level.found.saturating_add(usize::from(is_found));
        }
    }

    /// The rules, in the order of the document.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The codes whose level is changed.
    #[must_use]
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// Takes in what was counted elsewhere, of the same document.
    pub fn add(&mut self, other: &Self) {
        for (rule, more) in self.rules.iter_mut().zip(&other.rules) {
            rule.spoke = rule.spoke.saturating_add(more.spoke);
            rule.silent = rule.silent.saturating_add(more.silent);
        }
        for (level, more) in self.levels.iter_mut().zip(&other.levels) {
            level.found = level.found.saturating_add(more.found);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_half_of_a_rule_is_counted_where_it_is_asked() {
        let mut coverage = Coverage::of(
            "[[rules]]\nid = \"a\"\npurposes = [\"p\"]\n[[rules]]\nid = \"b\"\n[levels]\n\"x.y\" = \"warn\"\n",
        );
        let own = json!({ "code": "custom.denied", "severity": "deny", "rules": ["own:b"] });
        let other = json!({ "code": "x.y", "severity": "warn", "rules": [] });
        // refused before any rule was asked
        coverage.count(None, &json!({ "decision": "deny", "findings": [other] }));
        assert_eq!(
            coverage.rules().iter().map(|rule| (rule.spoke, rule.silent)).collect::<Vec<_>>(),
            [(0, 0); 2]
        );
        coverage.count(Some("q"), &json!({ "decision": "deny", "findings": [own] }));
        coverage.count(Some("p"), &json!({ "decision": "allow", "findings": [] }));
        assert_eq!(
            coverage.rules().iter().map(|rule| (rule.spoke, rule.silent)).collect::<Vec<_>>(),
            [(0, 1), (1, 1)]
        );
        assert!(coverage.rules()[0].is_lacking() && !coverage.rules()[1].is_lacking());
        assert_eq!(coverage.levels()[0].found, 1);
    }
}
