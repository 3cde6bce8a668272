//! `assayer policy replay` as an administrator and a script use it: which decisions flip and by which rule, what cannot be
//! said, and how it ends.

use std::fs;

use engine_capsule::{Capsule, Evidence, Record, Salt};
use pki::certificate::Sketch;
use pki::crl::CrlSketch;
use serde_json::{Value, json};

use crate::question::Place;
use crate::terminal::{assayer, put};

const QUESTION: &str = "verify SAMPLES/leaf.pem --untrusted SAMPLES/issuing.pem --anchors SAMPLES/root.pem \
                        --at 2026-11-21T12:00:00Z --format json";

/// A rule of the deployment's own that refuses what was asked about servers.
const NO_SERVERS: &str = "[[rules]]\nid = \"no-servers\"\nwhen = 'purpose == \"server-auth\"'\neffect = \"deny\"\n\
                          message = \"servers are looked after elsewhere\"\npurposes = [\"server-auth\"]\n";
/// Nobody can be asked about the sample, which this refuses.
const STRICT: &str = "[revocation]\nundetermined = \"deny\"\n";

/// A place with the documents, and a decision for each of these: its file, its options, how it ended.
fn recorded(decisions: &[(&str, &str, i32)]) -> Place {
    let place = Place::new();
    put(&place, "no-servers.toml", NO_SERVERS);
    put(&place, "strict.toml", STRICT);
    put(&place, "as-it-is.toml", "# the defaults\n");
    put(&place, "door.toml", "[[purposes]]\nname = \"door\"\n");
    fs::create_dir(place.0.join("kept")).unwrap();
    for (file, options, status) in decisions {
        let (found, text) = assayer(&place, &format!("{QUESTION} {options} --capsule kept/{file}.capsule"));
        assert_eq!(found, *status, "{file}: {text}");
    }
    place
}

/// The page and the document that `policy replay` answers with; both end alike.
fn replay(place: &Place, arguments: &str) -> (i32, String, Value) {
    let (status, page) = assayer(place, &format!("policy replay {arguments}"));
    let (also, text) = assayer(place, &format!("policy replay {arguments} --format json"));
    assert_eq!(also, status, "{text}");
    (status, page, serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}")))
}

fn counts(document: &Value) -> [u64; 7] {
    ["same", "otherwise", "allow-to-deny", "deny-to-allow", "asks-for-more", "cannot-be-asked", "undecided"]
        .map(|name| document["counts"][name].as_u64().unwrap())
}

#[test]
fn decisions_that_flip_are_told_with_the_rule_that_did_it() {
    let place = recorded(&[
        ("a", "--purpose server-auth", 0),
        ("b", "--policy strict.toml", 1),
        ("c", "--purpose server-auth --name other.example", 1),
        ("d", "", 0),
    ]);
    let (status, page, document) = replay(&place, "no-servers.toml --capsules kept");
    assert_eq!(status, 1, "{page}");
    assert_eq!(counts(&document), [2, 0, 1, 1, 0, 0, 0], "{document}");
    let told = document["decisions"].as_array().unwrap();
    let [denied, allowed] = told.as_slice() else { panic!("{document}") };
    assert_eq!(denied["capsule"], "kept/a.capsule");
    assert_eq!((&denied["class"], &denied["flip"]), (&json!("allow-to-deny"), &json!(true)));
    assert_eq!((&denied["before"], &denied["after"]), (&json!("allow"), &json!("deny")));
    assert_eq!(denied["purpose"], "server-auth");
    let certificate = &denied["certificate"];
    assert_eq!(certificate["subject"], "CN=www.example.org,O=Assayer samples");
    assert_eq!(certificate["fingerprint"].as_str().unwrap().len(), 64);
    let [cause] = denied["causes"].as_array().unwrap().as_slice() else { panic!("{denied}") };
    assert_eq!((&cause["change"], &cause["code"]), (&json!("new"), &json!("custom.denied")));
    assert_eq!(cause["rules"], json!(["own:no-servers"]));
    assert_eq!(cause["own"]["message"], "servers are looked after elsewhere");
    assert_eq!(cause["own"]["expression"], "purpose == \"server-auth\"");
    assert_eq!((&allowed["capsule"], &allowed["purpose"]), (&json!("kept/b.capsule"), &Value::Null));
    let [cause] = allowed["causes"].as_array().unwrap().as_slice() else { panic!("{allowed}") };
    assert_eq!((&cause["change"], &cause["code"]), (&json!("gone"), &json!("revocation.undetermined")));
    assert_eq!((&cause["elsewhere"], &cause["position"]), (&json!("warn"), &json!(0)));
    let purposes = document["purposes"].as_array().unwrap();
    let row = |row: &Value| (row["purpose"].clone(), row["same"].clone(), row["allow-to-deny"].clone());
    let expected = [(Value::Null, json!(1), json!(0)), (json!("server-auth"), json!(1), json!(1))];
    assert_eq!(purposes.iter().map(row).collect::<Vec<_>>(), expected);
    for line in [
        "allow → deny   CN=www.example.org,O=Assayer samples",
        &format!("sha256 {}", certificate["fingerprint"].as_str().unwrap()),
        &format!("serial {}, for server-auth", certificate["serial-number"].as_str().unwrap()),
        "The rule \"no-servers\" of the policy refuses this: servers are looked after elsewhere",
        "custom.denied (RFC 5280 6.2; own:no-servers; purpose == \"server-auth\")",
        "deny → allow   CN=www.example.org,O=Assayer samples",
        "only a warning now: Nobody could be asked",
        "4 decisions under no-servers.toml: 2 flips",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
    // whoever does the arithmetic, the answer is the same
    let (_, by_engine) = assayer(&place, "policy replay no-servers.toml --capsules kept --engine-signatures");
    assert_eq!(by_engine, page);
    // what a policy decided it decides again
    let (status, page, document) = replay(&place, "as-it-is.toml --capsules kept/a.capsule kept/d.capsule");
    assert_eq!((status, counts(&document)), (0, [2, 0, 0, 0, 0, 0, 0]), "{page}");
    assert!(page.contains("2 decisions under as-it-is.toml: no flip"), "{page}");
    assert_eq!(document["decisions"], json!([]));
    assert_eq!(document["policy"]["file"], "as-it-is.toml");
}

#[test]
fn the_mode_of_a_record_stays_and_what_is_only_told_otherwise_is_no_flip() {
    let place = recorded(&[("a", "--cc", 1), ("b", "", 0)]);
    // Common Criteria mode denies what could not be determined, whatever the document says
    put(&place, "loose.toml", "[revocation]\nundetermined = \"allow\"\n");
    put(
        &place,
        "noted.toml",
        NO_SERVERS
            .replace("deny", "warn")
            .replace("\"server-auth\"'", "\"\"'")
            .replace("purposes = [\"server-auth\"]\n", ""),
    );
    let (status, page, document) = replay(&place, "loose.toml --capsules kept");
    assert_eq!((status, counts(&document)[0]), (0, 2), "{page}");
    let (status, page, document) = replay(&place, "noted.toml --capsules kept/b.capsule");
    assert_eq!((status, counts(&document)), (0, [0, 1, 0, 0, 0, 0, 0]), "{page}");
}

#[test]
fn what_a_policy_asks_for_and_nobody_recorded_is_told_and_counted_apart() {
    let place = recorded(&[("a", "", 0)]);
    let asking = "[ocsp]\nuri = \"configured\"\nconfigured = [\"http://ocsp.example/\"]\n";
    put(&place, "asking.toml", asking);
    let (status, page, document) = replay(&place, "asking.toml --capsules kept");
    assert_eq!((status, counts(&document)), (0, [0, 0, 0, 0, 1, 0, 0]), "{page}");
    let told = &document["decisions"][0];
    assert_eq!((&told["class"], &told["flip"]), (&json!("asks-for-more"), &json!(false)));
    assert_eq!(told["asked"][0], "an OCSP response from http://ocsp.example/");
    assert!(
        page.contains("asks for an OCSP response from http://ocsp.example/, which was not recorded"),
        "{page}"
    );
    assert!(page.contains("allow stays allow, where that cannot be had"), "{page}");
    put(&place, "demanding.toml", format!("{asking}{STRICT}"));
    let (status, page, document) = replay(&place, "demanding.toml --capsules kept");
    assert_eq!((status, counts(&document)), (1, [0, 0, 0, 0, 1, 0, 0]), "{page}");
    let told = &document["decisions"][0];
    assert_eq!((&told["flip"], &told["after"]), (&json!(true), &json!("deny")));
    assert_eq!(told["causes"][0]["code"], "revocation.undetermined");
    assert!(page.contains("allow becomes deny, where that cannot be had"), "{page}");
}

#[test]
fn what_a_policy_does_not_ask_for_it_does_not_hear() {
    let place = recorded(&[]);
    let root = Sketch::ca("root").issue();
    let leaf = Sketch::leaf("leaf").issued_by(&root).issue();
    let list = CrlSketch::by(&root).revoke(&leaf.serial).issue();
    for (name, octets) in [("root.der", &root.der), ("leaf.der", &leaf.der), ("list.der", &list)] {
        put(&place, name, octets);
    }
    let question = "verify leaf.der --anchors root.der --crl list.der --capsule kept/brought.capsule";
    let (status, text) = assayer(&place, &format!("{question} --at 2026-01-01T00:00:00Z"));
    assert_eq!(status, 1, "{text}");
    // the same, where the list was not brought along but fetched
    let capsule = fs::read(place.0.join("kept/brought.capsule")).unwrap();
    let mut record = Record::of(&Capsule::read(&capsule).unwrap()).unwrap();
    let [Evidence::Crl(answer)] = record.evidence.as_mut_slice() else { panic!("{:?}", record.evidence) };
    answer.request = Some("crl:http://crl.example/root.crl".to_owned());
    let fetched = record.seal(|| Salt([1; 16])).unwrap();
    put(&place, "kept/fetched.capsule", fetched.print());
    put(&place, "nobody.toml", "[revocation]\nsources = []\n");
    let (status, page, document) = replay(&place, "nobody.toml --capsules kept");
    assert_eq!((status, counts(&document)), (1, [1, 0, 0, 1, 0, 0, 0]), "{page}");
    let told = &document["decisions"][0];
    assert_eq!((&told["capsule"], &told["before"]), (&json!("kept/fetched.capsule"), &json!("deny")));
    assert_eq!(told["causes"][0]["code"], "revocation.revoked");
}

#[test]
fn a_purpose_that_the_policy_does_not_know_is_a_flip_of_its_own_kind() {
    let place = recorded(&[("a", "--policy door.toml --purpose door", 0)]);
    let (status, page, document) = replay(&place, "as-it-is.toml --capsules kept");
    assert_eq!((status, counts(&document)), (1, [0, 0, 0, 0, 0, 1, 0]), "{page}");
    let told = &document["decisions"][0];
    assert_eq!((&told["class"], &told["flip"]), (&json!("cannot-be-asked"), &json!(true)));
    assert_eq!((&told["before"], &told["after"]), (&json!("allow"), &Value::Null));
    assert!(told["reason"].as_str().unwrap().contains("door"), "{told}");
    assert!(
        page.contains("no longer asked") && page.contains("1 decision under as-it-is.toml: 1 flip"),
        "{page}"
    );
}

#[test]
fn what_cannot_be_replayed_is_named_and_nothing_is_said_of_all() {
    let place = recorded(&[("a", "", 0), ("b", "--purpose server-auth", 0)]);
    let redact = "capsule redact kept/a.capsule --part question/target --out kept/redacted.capsule";
    assert_eq!(assayer(&place, redact).0, 0);
    let text = fs::read_to_string(place.0.join("kept/b.capsule")).unwrap();
    put(&place, "kept/broken.capsule", text.replacen("server-auth", "client-auth", 1));
    let (status, page, document) = replay(&place, "as-it-is.toml --capsules kept");
    assert_eq!((status, counts(&document)[0], &document["unusable"]), (2, 2, &json!(2)), "{page}");
    let told = document["decisions"].as_array().unwrap();
    let reasons: Vec<_> =
        told.iter().map(|told| (&told["class"], told["capsule"].as_str().unwrap())).collect();
    let unusable = json!("unusable");
    assert_eq!(reasons, [(&unusable, "kept/broken.capsule"), (&unusable, "kept/redacted.capsule")]);
    assert!(told[0]["reason"].as_str().unwrap().contains("`question/purpose` was altered"), "{document}");
    assert!(told[1]["reason"].as_str().unwrap().contains("left out were question/target"), "{document}");
    assert!(page.contains("2 decisions under as-it-is.toml: no flip; 2 capsules unusable"), "{page}");
    let (status, said) = assayer(&place, "policy replay as-it-is.toml --capsules kept/missing.capsule");
    assert_eq!(status, 2);
    assert!(said.contains("there is no such file"), "{said}");
    // a directory without capsules is no decision
    fs::create_dir(place.0.join("none")).unwrap();
    assert_eq!(assayer(&place, "policy replay as-it-is.toml --capsules none").0, 2);
    let (status, said) =
        assayer(&place, "policy replay as-it-is.toml --capsules kept/a.capsule --since 2999-01-01T00:00:00Z");
    assert_eq!(status, 2);
    assert!(said.contains("there is no decision to be judged"), "{said}");
    let since = "--since 2026-01-01T00:00:00Z";
    assert_eq!(replay(&place, &format!("as-it-is.toml --capsules kept/a.capsule {since}")).0, 0);
}

#[test]
fn a_flip_that_the_recorded_policy_does_not_bear_out_is_not_laid_to_the_new_one() {
    let place = recorded(&[("a", "", 0)]);
    // sealed anew under a policy that would have denied: every hash is right
    let text = fs::read(place.0.join("kept/a.capsule")).unwrap();
    let capsule = Capsule::read(&text).unwrap();
    let mut record = Record::of(&capsule).unwrap();
    record.policy = STRICT.to_owned();
    let forged = record.clone().seal(|| Salt([1; 16])).unwrap();
    put(&place, "kept/a.capsule", forged.print());
    let (status, page, document) = replay(&place, "strict.toml --capsules kept");
    assert_eq!((status, counts(&document)), (2, [0, 0, 0, 0, 0, 0, 1]), "{page}");
    assert!(
        page.contains("does not decide as was recorded under the recorded policy: decides deny"),
        "{page}"
    );
    // and one whose document says something else than its summary
    record.verdict.decision = engine_capsule::Decision::Deny;
    let forged = record.seal(|| Salt([1; 16])).unwrap();
    put(&place, "kept/a.capsule", forged.print());
    let (status, page, _) = replay(&place, "strict.toml --capsules kept");
    assert_eq!(status, 2);
    assert!(page.contains("its verdict document contradicts the rest of it"), "{page}");
}

#[test]
fn a_policy_that_is_refused_ends_it_before_anything_is_read() {
    let place = recorded(&[("a", "", 0)]);
    put(&place, "wrong.toml", "fips = true\nprofil = \"x\"\n");
    for format in ["text", "json"] {
        let arguments = format!("policy replay wrong.toml --capsules kept --format {format}");
        let (status, said) = assayer(&place, &arguments);
        assert_eq!(status, 2, "{said}");
        assert!(
            said.starts_with("assayer: wrong.toml, line 2, column 1, key profil: ")
                && said.lines().count() == 1,
            "{said}"
        );
    }
    for wrong in [
        "policy replay as-it-is.toml",
        "policy replay as-it-is.toml --capsules kept --server http://127.0.0.1:9",
        "policy replay as-it-is.toml --capsules kept --token-file x",
        "policy replay as-it-is.toml --capsules kept --since yesterday",
    ] {
        assert_eq!(assayer(&place, wrong).0, 2, "{wrong}");
    }
}
