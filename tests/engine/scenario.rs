//! Every scenario of `tests/scenarios`, and that together they reach every code.

use std::collections::BTreeSet;

use engine::finding::Code;
use pki::scenario::Run;

use crate::cases::runs;
use crate::edge::{Answer, ask};

fn differences(run: &Run, got: &Answer) -> Vec<String> {
    let expected = &run.expected;
    let mut wrong = Vec::new();
    if got.decision != expected.decision {
        wrong.push(format!("decision {}, expected {}", got.decision, expected.decision));
    }
    if got.deny != expected.deny {
        wrong.push(format!("deny {:?}, expected {:?}", got.deny, expected.deny));
    }
    for (what, got, expected) in
        [("warn", &got.warn, &expected.warn), ("inform", &got.inform, &expected.inform)]
    {
        if expected.as_ref().is_some_and(|expected| expected != got) {
            wrong.push(format!("{what} {got:?}, expected {expected:?}"));
        }
    }
    for (what, got, expected) in
        [("path", &got.path, &expected.path), ("policies", &got.policies, &expected.policies)]
    {
        if expected.as_ref().is_some_and(|expected| expected != got) {
            wrong.push(format!("{what} {got:?}, expected {expected:?}"));
        }
    }
    wrong
}

#[test]
fn every_scenario_comes_out_as_it_says() {
    let mut wrong = Vec::new();
    for (name, run) in runs() {
        let got = ask(&run);
        let found = differences(&run, &got);
        match (&run.wrong_today, found.is_empty()) {
            (None, false) => wrong.push(format!("{name} ({}):\n    {}", run.title, found.join("\n    "))),
            (Some(_), true) => wrong.push(format!("{name} ({}): right now, drop `wrong-today`", run.title)),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn an_allow_has_no_reason_to_deny_and_a_deny_has_one() {
    for (name, run) in runs().into_iter().filter(|(_, run)| run.wrong_today.is_none()) {
        let got = ask(&run);
        assert_eq!(got.decision == "allow", got.deny.is_empty(), "{name}: {}", run.title);
    }
}

#[test]
fn the_order_of_the_untrusted_certificates_changes_no_decision() {
    for (name, run) in runs() {
        let mut turned = run.clone();
        turned.untrusted.reverse();
        assert_eq!(ask(&turned).decision, ask(&run).decision, "{name}: {}", run.title);
    }
}

#[test]
fn asking_twice_gives_the_same_document() {
    for (name, run) in runs() {
        assert_eq!(ask(&run).document, ask(&run).document, "{name}: {}", run.title);
    }
}

/// A stricter strictness never turns a deny into an allow (attack case P-21).
#[test]
fn the_pedantic_step_allows_nothing_more() {
    for (name, run) in runs() {
        if run.settings.contains("strictness") || run.settings.contains("profile") {
            continue;
        }
        let mut strict = run.clone();
        strict.settings = format!("strictness = \"pedantic\"\n{}", run.settings);
        if ask(&run).decision != "allow" {
            assert_ne!(ask(&strict).decision, "allow", "{name}: {}", run.title);
        }
    }
}

#[test]
fn every_code_is_the_reason_of_some_scenario() {
    let expected: BTreeSet<String> =
        runs().into_iter().flat_map(|(_, run)| run.expected.deny).map(|(code, _)| code).collect();
    let missing: Vec<&str> =
        Code::ALL.iter().map(|code| code.as_str()).filter(|code| !expected.contains(*code)).collect();
    assert!(missing.is_empty(), "no scenario denies for {missing:?}");
}

/// Conditions of every kind: true, false, failing, and spending all there is.
const CONDITIONS: [&str; 8] = [
    "size(path) > 0",
    "size(path) > 99",
    "size(path) == 2",
    "anchor.path_length > 0",
    "'root' in anchor.subject.common_name",
    "status.exists(s, s.status == 'not-asked')",
    "mode == 'standard' || 1 / size(names) == 0",
    "size(path.map(a, path.map(b, path.map(c, path.map(d, path.map(e, path)))))) > 0",
];

/// Own rules refuse or remark, and never accept: whatever is denied without them is denied with them.
#[test]
fn no_own_rule_turns_a_deny_into_an_allow() {
    let (mut denied, mut refused) = (0, 0);
    for (number, (name, run)) in runs().into_iter().enumerate() {
        let without = ask(&run);
        if without.decision == "refuse" {
            continue;
        }
        for round in 0..3 {
            let mut with = run.clone();
            for (place, effect) in ["deny", "warn", "deny"].iter().enumerate() {
                let when = CONDITIONS[(number + round * 3 + place * 5) % CONDITIONS.len()];
                let each = if (number + round + place) % 2 == 0 { "path" } else { "certificate" };
                with.settings.push_str(&format!(
                    "\n[[rules]]\nid = \"own-{place}\"\neach = {each:?}\nwhen = {when:?}\neffect = {effect:?}\nmessage = \"m\"\n"
                ));
            }
            let answer = ask(&with);
            assert_ne!(answer.decision, "refuse", "{name}: {}: {:?}", run.title, answer.deny);
            let is_turned = without.decision == "deny" && answer.decision == "allow";
            assert!(!is_turned, "{name}: {}\n{}", run.title, with.settings);
            denied += u32::from(without.decision == "deny");
            refused += u32::from(without.decision == "allow" && answer.decision == "deny");
        }
    }
    assert!(denied > 100 && refused > 50, "{denied} {refused}");
}
