//! `assayer policy` as a script sees it: exit statuses, what is printed and what is written. Documents are written by the
//! tests themselves; what they mean is the engine's.

use std::fs;

use serde_json::Value;

use crate::command::{Place, project};
use crate::output::{check, schema};

const PROFILES: [&str; 6] = ["rfc5280", "public-web", "uc-legacy", "ndcpp-2.2e", "ndcpp-3.0e", "ndcpp-4.0"];

/// Runs a command that prints one JSON document of `policy`.
fn document(place: &mut Place, command: &str, status: i32) -> Value {
    let (found, text) = place.run(&format!("assayer policy {command} --format json"));
    assert_eq!(found, status, "{command}: {text}");
    check(&schema("policy.schema.json"), &text)
}

#[test]
fn what_init_prints_is_accepted_and_means_exactly_the_profile() {
    let mut place = Place::new("policy-init");
    for profile in PROFILES {
        place.run(&format!("echo 'profile = \"{profile}\"' > bare.toml"));
        let (status, text) =
            place.run(&format!("assayer policy init --profile {profile} --out {profile}.toml"));
        assert_eq!((status, text.as_str()), (0, ""), "{profile}");
        let checked = document(&mut place, &format!("check bare.toml {profile}.toml"), 0);
        assert_eq!(checked["files"][0]["sha256"], checked["files"][1]["sha256"], "{profile}");
        let (status, text) = place.run(&format!("assayer policy diff bare.toml {profile}.toml"));
        assert_eq!((status, text), (0, format!("bare.toml → {profile}.toml: the same policy\n")));
        let (status, text) = place.run(&format!("assayer policy format --check {profile}.toml"));
        assert_eq!((status, text.as_str()), (0, ""), "{profile} is laid out as format would");
    }
    let (status, text) = place.run("assayer policy init --out rfc5280.toml");
    assert_eq!((status, text.lines().count()), (2, 1), "a file that is there is kept: {text}");
    let (status, text) = place.run("assayer policy init --profile rfc5281");
    assert_eq!(status, 2);
    assert!(text.contains("did you mean \"rfc5280\""), "{text}");
}

#[test]
fn check_tells_every_problem_with_its_place() {
    let mut place = Place::new("policy-check");
    place.run("printf '[names]\\nwildcard = 1\\n[path]\\nmaximum-intermediates = 31\\n' > wrong.toml");
    let (status, text) = place.run("assayer policy check wrong.toml");
    assert_eq!(status, 2);
    for piece in [
        "error[settings.unknown-key]: ",
        "did you mean \"wildcards\"",
        " --> wrong.toml:2:1\n  |\n2 | wildcard = 1\n  | ^^^^^^^^\n",
        " --> wrong.toml:4:25\n  |\n4 | maximum-intermediates = 31\n  |                         ^^\n",
        "wrong.toml: refused  2 problems\n",
    ] {
        assert!(text.contains(piece), "{piece}: {text}");
    }
    let checked = document(&mut place, "check wrong.toml", 2);
    let problems = checked["files"][0]["problems"].as_array().unwrap();
    let codes: Vec<&Value> = problems.iter().map(|problem| &problem["code"]).collect();
    assert_eq!(codes, ["settings.unknown-key", "settings.out-of-range"]);
    assert_eq!(problems[0]["nearest"], "wildcards");
}

#[test]
fn choices_that_contradict_are_told_with_both_places() {
    let mut place = Place::new("policy-contradiction");
    place.run("printf 'common-criteria = true\\n\\nfips = false\\n' > both.toml");
    let (status, text) = place.run("assayer policy check both.toml");
    assert_eq!(status, 2);
    assert!(
        text.contains(" --> both.toml:3:8\n") && text.contains("other: common-criteria in line 1\n"),
        "{text}"
    );
    place.run("printf 'profile = \"uc-legacy\"\\nocsp.uri = \"configured\"\\n' > one.toml");
    let (_, text) = place.run("assayer policy check one.toml");
    assert!(text.contains("other: ocsp.configured, which is as the profile has it\n"), "{text}");
}

#[test]
fn format_keeps_comments_and_meaning_and_changes_nothing_twice() {
    let mut place = Place::new("policy-format");
    let document =
        "# why\\n  profile='uc-legacy'# here\\n\\n\\n[ path ]\\nmaximum-intermediates=3\\n# end\\n";
    place.run(&format!("printf \"{document}\" > a.toml; cp a.toml b.toml"));
    let laid_out = "# why\nprofile = \"uc-legacy\"  # here\n\n[path]\nmaximum-intermediates = 3\n# end\n";
    assert_eq!(place.run("assayer policy format a.toml"), (0, laid_out.to_owned()));
    assert_eq!(place.run("assayer policy format --check a.toml").0, 1);
    assert_eq!(place.run("assayer policy format --write a.toml"), (0, String::new()));
    assert_eq!(place.run("cat a.toml"), (0, laid_out.to_owned()));
    assert_eq!(place.run("assayer policy format --check a.toml").0, 0);
    assert_eq!(place.run("assayer policy diff a.toml b.toml").0, 0);
    place.run("echo 'profil = 1' > wrong.toml");
    let (status, text) = place.run("assayer policy format --write wrong.toml; cat wrong.toml");
    assert_eq!(status, 0);
    assert!(text.ends_with("\nprofil = 1\n"), "{text}");
}

/// The settings of every scenario, as the reader of documents meets them.
#[test]
fn every_document_of_the_scenarios_keeps_its_meaning_when_it_is_laid_out() {
    let mut place = Place::new("policy-scenarios");
    let mut tried = 0;
    let mut script = String::new();
    for entry in fs::read_dir(project().join("tests/scenarios")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let scenario: toml::Table = text.parse().unwrap();
        let cases = scenario["case"].as_array().unwrap().iter().filter_map(|case| case.get("with"));
        let questions = cases.chain(scenario.get("question"));
        for settings in questions.filter_map(|question| question.get("settings")?.as_str()) {
            if tried < 60 && !settings.is_empty() && !settings.contains('\'') {
                script += &format!("printf '%s' '{settings}' > {tried}.toml\n");
                tried += 1;
            }
        }
    }
    script += "for f in [0-9]*.toml; do assayer policy check $f > /dev/null || continue; \
               assayer policy format $f > once-$f || echo format $f; assayer policy format --check once-$f || echo twice $f; \
               assayer policy diff $f once-$f > /dev/null || echo diff $f; done";
    assert!(tried > 20, "{tried}");
    let (_, text) = place.run(&script);
    assert_eq!(text, "");
}

#[test]
fn diff_says_which_way_each_setting_goes() {
    let mut place = Place::new("policy-diff");
    place.run("echo 'revocation.depth = \"leaf\"' > old.toml");
    place.run("printf 'ocsp.nonce = \"required\"\\n[revocation]\\ndepth = \"all\"\\n' > new.toml");
    let found = document(&mut place, "diff old.toml new.toml", 1);
    let told: Vec<(&str, &str)> = found["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["key"].as_str().unwrap(), one["effect"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("revocation.depth", "stricter"), ("ocsp.nonce", "other")]);
    let back = document(&mut place, "diff new.toml old.toml", 1);
    assert_eq!(back["differences"][0]["effect"], "looser");
    assert_eq!(document(&mut place, "diff new.toml new.toml", 0)["differences"], Value::Array(Vec::new()));
    assert_eq!(place.run("assayer policy diff old.toml none.toml").0, 2);
}

/// R-CC-1, R-CC-2: what follows from each status, in both modes.
#[test]
fn prove_holds_assertions_to_the_whole_table() {
    let mut place = Place::new("policy-prove");
    place.run("echo 'profile = \"uc-legacy\"' > policy.toml");
    let proved = document(&mut place, "prove policy.toml --assert 'status=revoked: deny'", 0);
    assert_eq!((&proved["holds"], &proved["monotone"]), (&Value::Bool(true), &Value::Bool(true)));
    assert_eq!(proved["table"].as_array().unwrap().len() % 46, 0);
    let strict = "mode=common-criteria, purpose=server-auth: allow => status=good";
    assert_eq!(place.run(&format!("assayer policy prove policy.toml --assert '{strict}'")).0, 0);
    let failed = document(&mut place, "prove policy.toml --assert 'allow => status=good'", 1);
    let row = &failed["assertions"][0]["counterexample"];
    assert_eq!((&row["mode"], &row["status"]), (&Value::from("as-written"), &Value::from("unknown")));
    for (wrong, column) in
        [("state=good: allow", 1), ("status=fine", 8), ("allow =>", 9), ("purpose=sip: allow", 9)]
    {
        let (status, text) = place.run(&format!("assayer policy prove policy.toml --assert '{wrong}'"));
        assert_eq!(status, 2, "{text}");
        assert!(text.starts_with(&format!("assayer: --assert: column {column} of ")), "{text}");
    }
}
