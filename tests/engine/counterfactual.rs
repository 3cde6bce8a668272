//! Every refusal of every scenario names the change that would flip it, in words too, and a change of a setting does.

use std::collections::BTreeSet;

use engine::finding::Code;
use engine::finding::counterfactual::Counterfactual;
use engine::settings::document::{format, parse};
use pki::scenario::Run;
use serde_json::Value;

use crate::cases::runs;
use crate::edge::ask;

/// The refusals of an answer: the whole finding, with its change.
fn refusals(document: &str) -> Vec<Value> {
    if document.is_empty() {
        return Vec::new();
    }
    let verdict: Value = serde_json::from_str(document).expect("a document");
    let refused = verdict["refused"].as_array().into_iter().flatten();
    let of_paths = refused.flat_map(|path| path["findings"].as_array().into_iter().flatten());
    let own = verdict["findings"].as_array().into_iter().flatten();
    own.chain(of_paths).filter(|finding| finding["severity"] == "deny").cloned().collect()
}

/// The values of a change as text, by name.
fn details(change: &Value) -> Vec<(String, String)> {
    let details = change["details"].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    details.map(|detail| (text(&detail["name"]), text(&detail["value"]))).collect()
}

fn detail(change: &Value, wanted: &str) -> String {
    let found = details(change).into_iter().find(|(name, _)| name == wanted);
    found.unwrap_or_else(|| panic!("{change} has no {wanted}")).1
}

#[test]
fn every_refusal_has_a_change_that_would_flip_it() {
    let mut codes = BTreeSet::new();
    for (name, run) in runs() {
        for finding in refusals(&ask(&run).document) {
            let case = format!("{name} ({}): {finding}", run.title);
            let change = &finding["counterfactual"];
            let kind = change["change"].as_str().unwrap_or_else(|| panic!("{case}"));
            assert!(Counterfactual::CHANGES.contains(&kind), "{case}");
            codes.insert(finding["code"].as_str().expect("a code").to_owned());
            let code = finding["code"].as_str().and_then(Code::from_code).expect("a known code");
            assert!(!(kind == "set-level" && code.is_fixed() && !code.is_custom()), "{case}");
            let values = details(change);
            let values: Vec<(&str, String)> =
                values.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
            let sentence = engine_wording::counterfactual(kind, &values);
            assert!(sentence.contains(" would ") || sentence.contains(" could "), "{case}: {sentence}");
            let is_vague = sentence.ends_with("that meets this rule");
            assert!(!(is_vague && code.is_fixed()), "{case}: nothing says what is demanded");
        }
    }
    let missing: Vec<&str> =
        Code::ALL.iter().map(|code| code.as_str()).filter(|code| !codes.contains(*code)).collect();
    assert!(missing.is_empty(), "no refusal was seen for {missing:?}");
}

/// The document of `run` with every key written out.
fn written_out(run: &Run) -> String {
    format(&parse(&run.settings).expect("a document that was accepted"))
}

/// The same document with another value in the line of a key: `setting` is `table.key`, `table."key"` or
/// `rules."id".effect`.
fn with(document: &str, setting: &str, value: &dyn Fn(&str) -> String) -> String {
    let (table, key) = setting.split_once('.').expect("a table");
    let (heading, key, item) = match key.strip_suffix(".effect").filter(|_| table == "rules") {
        Some(id) => ("[[rules]]".to_owned(), "effect", Some(format!("id = {id}"))),
        None => (format!("[{table}]"), key, None),
    };
    let (mut inside, mut of_item, mut changed) = (false, false, 0);
    let mut lines = Vec::new();
    for line in document.lines() {
        if line.starts_with('[') {
            (inside, of_item) = (line == heading, item.is_none());
        }
        of_item |= item.as_deref() == Some(line);
        match line.split_once(" = ") {
            Some((name, old)) if inside && of_item && name == key => {
                lines.push(format!("{name} = {}", value(old)));
                changed += 1;
            }
            _ => lines.push(line.to_owned()),
        }
    }
    assert_eq!(changed, 1, "{setting} in\n{document}");
    lines.join("\n")
}

/// The document after a change of a setting; nothing for changes of other things, and for those that name no value.
fn changed(run: &Run, change: &Value) -> Option<String> {
    let quoted = |name: &str| format!("\"{}\"", detail(change, name));
    let added = |name: &str| {
        let word = quoted(name);
        move |old: &str| {
            let rest = old.trim_start_matches('[');
            let comma = if rest == "]" { "" } else { ", " };
            format!("[{word}{comma}{rest}")
        }
    };
    let document = written_out(run);
    let setting = || detail(change, "setting");
    Some(match change["change"].as_str()? {
        "set-level" | "set-effect" => with(&document, &setting(), &|_| quoted("to")),
        "accept-algorithm" => with(&document, &setting(), &added("algorithm")),
        "accept-key" => with(&document, &setting(), &added("key")),
        "raise-age" | "set-maximum" | "set-minimum" => with(&document, &setting(), &|_| detail(change, "to")),
        "raise-limit" if details(change).iter().any(|(name, _)| name == "to") => {
            with(&document, &setting(), &|_| detail(change, "to"))
        }
        _ => return None,
    })
}

/// With the change of a setting made, the finding is gone.
#[test]
fn a_setting_that_is_named_makes_its_finding_go_away() {
    let mut kinds = BTreeSet::new();
    for (name, run) in runs() {
        let before = ask(&run);
        let verdict: Value = match before.document.as_str() {
            "" => continue,
            document => serde_json::from_str(document).expect("a document"),
        };
        let findings = verdict["findings"].as_array().into_iter().flatten();
        for finding in findings.filter(|finding| finding["severity"] == "deny") {
            let change = &finding["counterfactual"];
            let Some(settings) = changed(&run, change) else { continue };
            let after = ask(&Run { settings, ..run.clone() });
            let case = format!("{name} ({}): {change}\n{:?}", run.title, after.deny);
            assert_ne!(after.decision, "refuse", "{case}");
            let place = |finding: &Value| (finding["code"].clone(), finding["certificate"].clone());
            let still = refusals(&after.document).iter().any(|other| place(other) == place(finding));
            assert!(!still, "{case}");
            kinds.insert(change["change"].as_str().expect("a change").to_owned());
        }
    }
    let expected = [
        "accept-algorithm",
        "accept-key",
        "raise-age",
        "raise-limit",
        "set-effect",
        "set-level",
        "set-maximum",
        "set-minimum",
    ];
    assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}
