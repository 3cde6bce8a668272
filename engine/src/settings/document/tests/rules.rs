//! `[[rules]]`: every problem with its place, inside expressions too.

use super::*;

fn rule(when: &str) -> String {
    format!("[[rules]]\nid = \"a\"\neffect = \"deny\"\nmessage = \"m\"\nwhen = {when}\n")
}

#[test]
fn a_place_inside_an_expression_is_one_of_the_document() {
    let when = "rules[0].when";
    check(&rule("\"targt.self_issued\""), 5, 9, when, "settings.unknown-word");
    check(&rule("'target.key.bit > 1'"), 5, 20, when, "settings.unknown-word");
    check(&rule("\"purpose == \\\"a\\\" && mod == mode\""), 5, 29, when, "settings.unknown-word");
    check(&rule("'''\npurpose == 'a' &&\n  1'''"), 7, 3, when, "settings.expression");
    check(&rule("\"\"\"\r\npurpose == 'ä' &&\r\n  1\"\"\""), 7, 3, when, "settings.expression");
    check(&rule("\"\"\"purpose == 'a' && \\\n   1\"\"\""), 6, 4, when, "settings.expression");
    check(&rule("\"true\""), 5, 9, when, "settings.constant-rule");
    check(&rule("'''\nsize(names) > 2\n && size(names) < 1'''"), 7, 5, when, "settings.constant-rule");
    check(&rule("'status[0].status == \"goood\"'"), 5, 29, when, "settings.unknown-word");
    check(&rule("\"\""), 5, 9, when, "settings.expression");
    check(&rule("1"), 5, 8, when, "settings.wrong-type");
}

#[test]
fn what_is_wrong_is_told_with_what_was_expected() {
    let DocumentProblem::UnknownName { found, nearest, expected } =
        refused(&rule("'targt.self_issued'")).problem
    else {
        panic!("no name")
    };
    assert_eq!((found.as_str(), nearest.as_deref()), ("targt", Some("target")));
    assert!(expected.contains(&"anchor".to_owned()) && !expected.contains(&"certificate".to_owned()));
    let told = |when: &str| -> Vec<_> {
        let details = refused(&rule(when)).details().into_iter().skip(3);
        details.map(|detail| format!("{} {:?}", detail.name, detail.value)).collect()
    };
    let expected = ["problem Text(\"type\")", "found Text(\"string\")", "expected Text(\"int\")"];
    assert_eq!(told("'target.key.bits > \"1\"'"), expected);
    assert_eq!(told("'true || mode == mode'"), ["always Text(\"always denies\")"]);
    assert_eq!(told("'1 > 2'"), ["always Text(\"never matches\")"]);
    assert_eq!(told("'mode.matches(\"a\")'"), ["problem Text(\"unsupported\")", "found Text(\"matches\")"]);
    assert_eq!(told("'1 / 0 > 1'"), ["problem Text(\"always-fails\")", "found Text(\"division-by-zero\")"]);
    let warns = rule("'true'").replace("deny", "warn");
    assert_eq!(
        refused(&warns).problem,
        DocumentProblem::ConstantRule { holds: true, effect: Severity::Warn }
    );
}

#[test]
fn what_may_be_named_follows_from_each_wherever_it_stands() {
    let each = "each = \"certificate\"\n";
    sound(&format!("{}{each}", rule("'certificate.self_issued'")));
    check(
        &format!("{}each = \"path\"\n", rule("'certificate.self_issued'")),
        5,
        9,
        "rules[0].when",
        "settings.unknown-word",
    );
    check(
        &format!("{}each = \"leaf\"\n", rule("'target.self_issued'")),
        6,
        8,
        "rules[0].each",
        "settings.unknown-word",
    );
}

#[test]
fn a_rule_is_whole_and_its_name_its_own() {
    let one = rule("'target.self_issued'");
    for (line, missing) in [("id", 1), ("effect", 1), ("message", 1), ("when", 1)] {
        let text: Vec<_> = one.lines().filter(|text| !text.starts_with(line)).collect();
        check(&text.join("\n"), missing, 1, "rules[0]", "settings.missing-key");
    }
    check(&format!("{one}{one}"), 7, 6, "rules[1].id", "settings.duplicate");
    check(&one.replace("\"a\"", "\"A\""), 2, 6, "rules[0].id", "settings.name");
    check(&one.replace("\"a\"", "\"\""), 2, 6, "rules[0].id", "settings.empty");
    check(&one.replace("deny", "allow"), 3, 10, "rules[0].effect", "settings.unknown-word");
    check(&one.replace("deny", "ignore"), 3, 10, "rules[0].effect", "settings.unknown-word");
    check(&one.replace("\"m\"", "\" \""), 4, 11, "rules[0].message", "settings.empty");
    check(&one.replace("\"m\"", "\"a\\nb\""), 4, 11, "rules[0].message", "settings.name");
    sound(&one.replace("\"m\"", &format!("{:?}", "ä".repeat(500))));
    check(
        &one.replace("\"m\"", &format!("{:?}", "ä".repeat(501))),
        4,
        11,
        "rules[0].message",
        "settings.name",
    );
    check(&format!("{one}x = 1"), 6, 1, "rules[0].x", "settings.unknown-key");
    check("rules = []", 1, 9, "rules", "settings.empty");
}

#[test]
fn purposes_of_a_rule_are_those_of_the_document() {
    let one = rule("'target.self_issued'");
    let sip = format!("{one}purposes = [\"sip\"]\n");
    check(&sip, 6, 13, "rules[0].purposes[0]", "settings.unknown-word");
    sound(&format!("{sip}[[purposes]]\nname = \"sip\"\n"));
    check(
        &format!("{one}purposes = [\"server-auth\", \"server-auth\"]"),
        6,
        28,
        "rules[0].purposes[1]",
        "settings.duplicate",
    );
    check(&format!("{one}purposes = []"), 6, 12, "rules[0].purposes", "settings.empty");
}

#[test]
fn rules_are_accepted_up_to_their_number_and_size() {
    let numbered = |count: u32, when: &str| -> String {
        (0..count).map(|n| rule(when).replace("id = \"a\"", &format!("id = \"r{n}\""))).collect()
    };
    sound(&numbered(key::MAXIMUM_RULES, "'target.self_issued'"));
    let (_, beyond) = (sound(""), numbered(key::MAXIMUM_RULES + 1, "'target.self_issued'"));
    assert_eq!(refused(&beyond).code(), "settings.out-of-range");
    let long = format!("'purpose == \"{}\"'", "x".repeat(4_000));
    sound(&numbered(16, &long));
    assert_eq!(refused(&numbered(17, &long)).code(), "settings.too-large");
    // and the canonical text of the largest is a document
    let quoted = format!("'purpose == \"{}\"'", "\\\"".repeat(2_000));
    let largest = sound(&numbered(16, &quoted));
    assert_eq!(parse(&format(&largest)), Ok(largest));
}

/// A node's own document has none, and does not lose the deployment's (R-CRL-14).
#[test]
fn a_node_has_the_rules_of_its_deployment() {
    let deployment = sound(&rule("'target.self_issued'"));
    let node = parse_own(&deployment, "[crl]\nenabled = false").unwrap();
    assert_eq!(node.rules, deployment.rules);
    let own = parse_own(&deployment, &rule("'target.self_issued'")).unwrap_err();
    assert_eq!(own.code(), "settings.unknown-key");
}

#[test]
fn rules_have_a_say_in_the_hash_and_their_white_space_has_not() {
    let hash = |text: &str| settings_hash(&sound(text));
    let (one, spread) = (
        rule("'mode==mode&&target.self_issued'"),
        rule("'''\n mode == mode\n && target.self_issued // so\n'''"),
    );
    assert_eq!(hash(&one), hash(&spread));
    assert_ne!(hash(&one), hash(""));
    assert_ne!(hash(&one), hash(&rule("'mode!=mode&&target.self_issued'")));
    assert_ne!(hash(&one), hash(&one.replace("deny", "warn")));
}
