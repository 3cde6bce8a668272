//! `assayer policy test` as an author of policies and a system of continuous integration use it, and what OpenSSL makes of
//! sketched certificates.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use engine_capsule::Evidence;
use engine_cases::{Need, Prepared, Sought};
use sha2::{Digest, Sha256};

use crate::command::{Place, project};
use crate::output::{check, schema};

const TOP: &str = "at = 2026-11-22T12:00:00Z\npurpose = \"server-auth\"\nocsp = \"good\"\n\
                   chain = [{ name = \"root\" }, { name = \"leaf\" }]\n";

/// A place with a policy and a file of cases.
fn place(name: &str, policy: &str, cases: &str) -> Place {
    let mut place = Place::new(name);
    put(&mut place, "policy.toml", policy);
    put(&mut place, "cases.toml", &format!("{TOP}{cases}"));
    place
}

fn put(place: &mut Place, name: &str, text: &str) {
    let (status, said) = place.run(&format!("cat > {name} <<'END'\n{text}END\n"));
    assert_eq!(status, 0, "{said}");
}

const PLAIN: &str = "profile = \"rfc5280\"\n";
const RULES: &str = "[[rules]]\nid = \"short-lived\"\nwhen = \"target.not_after - target.not_before > duration('2400h')\"\n\
                     effect = \"deny\"\nmessage = \"100 days at most\"\n\
                     [[rules]]\nid = \"idle\"\nwhen = \"size(path) > 9\"\neffect = \"warn\"\nmessage = \"long\"\n\
                     [levels]\n\"revocation.unknown\" = \"deny\"\n";
const GOOD: &str = "[[cases]]\nname = \"good\"\nexpect = \"allow\"\n";
const LONG: &str = "[[cases]]\nname = \"long <&> \\\"lived\\\"\"\nchange.leaf.not-after = 100\n\
                    expect = { decision = \"deny\", codes = [{ rule = \"short-lived\" }] }\n";

#[test]
fn every_sample_comes_out_as_it_says() {
    let mut place = Place::new("cases-samples");
    let (status, text) =
        place.run("echo > policy.toml; assayer policy test policy.toml tests/samples/cases.toml");
    assert_eq!(status, 0, "{text}");
    let count = text.matches("\n  passed").count();
    assert!(count > 30 && text.ends_with(&format!("\n{count} cases: {count} passed, 0 failed\n")), "{text}");
}

#[test]
fn a_case_that_fails_says_what_and_why() {
    let wrong = "[[cases]]\nname = \"wrong\"\nnote = \"a note\"\nnames = [\"dns:a.example\"]\n\
                 expect = { decision = \"allow\", codes = [{ code = \"validity.expired\", certificate = \"leaf\" }], \
                 statuses = { leaf = \"revoked\", root = \"good\" } }\n";
    let mut place = place("cases-fail", PLAIN, &format!("{GOOD}{wrong}"));
    let (status, text) = place.run("assayer policy test policy.toml cases.toml");
    assert_eq!(status, 1, "{text}");
    for line in [
        "  passed  good\n",
        "  FAILED  wrong\n          cases.toml:8\n          a note\n",
        "          decision: expected allow, found deny\n",
        "            identity.mismatch leaf: ",
        "          codes of leaf: expected validity.expired about leaf, found ",
        "          statuses of leaf: expected revoked, found ",
        "2 cases: 1 passed, 1 failed\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn files_that_are_no_cases_are_refused_with_their_place_and_the_others_are_judged() {
    let mut place = place("cases-refused", PLAIN, GOOD);
    for (name, lines, told) in [
        (
            "a",
            "[[cases]]\nnane = \"a\"\n",
            "error[cases.unknown-key]: \"nane\" is not a known key; did you mean \"name\"?",
        ),
        ("b", &format!("{GOOD}{GOOD}"), "error[cases.duplicate]: \"good\" is given a second time"),
        (
            "c",
            "[[cases]]\nname = \"a\"\npurpose = \"server-aut\"\nexpect = \"deny\"\n",
            "did you mean \"server-auth\"?",
        ),
        (
            "d",
            "[[cases]]\nname = \"a\"\nchange.root.key = \"rsa 2048\"\nexpect = \"deny\"\n",
            "error[cases.rsa-authority]",
        ),
        (
            "e",
            "[[cases]]\nname = \"a\"\nexpect = { codes = [\"validity.expird\"] }\n",
            "did you mean \"validity.expired\"?",
        ),
        (
            "f",
            "[[cases]]\nname = \"a\"\nexpect = { codes = [{ rule = \"x\" }] }\n",
            "error[cases.unknown-word]",
        ),
        ("g", "[[cases]\n", "error[cases.syntax]"),
    ] {
        put(&mut place, &format!("{name}.toml"), &format!("{TOP}{lines}"));
        let (status, text) = place.run(&format!("assayer policy test policy.toml {name}.toml cases.toml"));
        assert_eq!(status, 2, "{name}: {text}");
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(told) && flat.contains(&format!("--> {name}.toml:")), "{told}: {text}");
        assert!(text.ends_with("1 case: 1 passed, 0 failed; 1 file cannot be read as cases\n"), "{text}");
    }
    let missing = "[[cases]]\nname = \"a\"\ncertificate = \"none.pem\"\nanchors = [\"none.pem\"]\nocsp = \"nothing\"\nexpect = \"deny\"\n";
    put(&mut place, "m.toml", &format!("{TOP}{missing}"));
    let (status, text) = place.run("assayer policy test policy.toml m.toml");
    assert_eq!(status, 2, "{text}");
    assert!(
        text.contains("NOT JUDGED") && text.contains("there is no such file") && text.contains("m.toml:7:15"),
        "{text}"
    );
    for (command, told) in [
        ("policy.toml none.toml", "assayer: none.toml: there is no such file"),
        ("none.toml cases.toml", "assayer: none.toml: there is no such file"),
        ("a.toml cases.toml", "assayer: a.toml, line 1"),
    ] {
        let (status, text) = place.run(&format!("assayer policy test {command}"));
        assert!(status == 2 && text.starts_with(told) && text.lines().count() == 1, "{command}: {text}");
    }
}

#[test]
fn what_no_case_exercises_is_told() {
    let mut place = place("cases-coverage", RULES, GOOD);
    let (status, text) = place.run("assayer policy test policy.toml cases.toml");
    assert_eq!(status, 0, "{text}");
    for line in [
        "not exercised  rule short-lived: no case makes it speak\n",
        "not exercised  rule idle: no case makes it speak\n",
        "not exercised  level revocation.unknown = deny: no case has such a finding\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let unknown = "[[cases]]\nname = \"unknown\"\nocsp = \"unknown\"\nexpect = \"deny\"\n";
    put(&mut place, "more.toml", &format!("{TOP}{LONG}{unknown}"));
    // the policy lies beside the cases, and is none
    let (status, text) = place.run("assayer policy test policy.toml . --coverage");
    assert_eq!(status, 0, "{text}");
    assert!(
        !text.contains("rule short-lived: no case") && !text.contains("level revocation.unknown = deny: no"),
        "{text}"
    );
    for line in [
        "rule short-lived: spoke in 1 case, silent in 1 case\n",
        "rule idle: spoke in no case, silent in 2 cases\n",
        "level revocation.unknown = deny: found in 1 case\n",
        "3 cases: 3 passed, 0 failed\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn programs_read_json_and_junit() {
    let wrong = LONG.replace("\"deny\"", "\"allow\"");
    let mut place = place("cases-formats", RULES, &format!("{GOOD}{wrong}"));
    let (status, text) = place.run("assayer policy test policy.toml cases.toml --format json");
    assert_eq!(status, 1, "{text}");
    let document = check(&schema("policy-test.schema.json"), &text);
    assert_eq!(
        (&document["total"], &document["passed"], &document["failed"]),
        (&2.into(), &1.into(), &1.into())
    );
    let case = &document["files"][0]["cases"][1];
    assert_eq!((case["outcome"].as_str(), case["decision"].as_str()), (Some("failed"), Some("deny")));
    let difference = &case["differences"][0];
    assert_eq!(difference["field"], "decision");
    assert_eq!(difference["findings"][0]["rule"], "short-lived");
    assert!(difference["findings"][0]["sentence"].as_str().unwrap().contains("100 days"), "{text}");
    assert_eq!(document["coverage"]["rules"][0]["spoke"], 1);
    let (status, text) = place.run("assayer policy test policy.toml cases.toml --format junit");
    assert_eq!(status, 1, "{text}");
    for piece in [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"policy.toml\" tests=\"2\" failures=\"1\" errors=\"0\">\n",
        "<testsuite name=\"cases.toml\" tests=\"2\" failures=\"1\" errors=\"0\">",
        "<testcase name=\"good\" classname=\"cases.toml\" file=\"cases.toml\" line=\"5\"/>",
        "<testcase name=\"long &lt;&amp;&gt; &quot;lived&quot;\"",
        "<failure type=\"decision\" message=\"decision: expected allow, found deny\">",
        "</failure>\n    </testcase>\n  </testsuite>\n</testsuites>\n",
    ] {
        assert!(text.contains(piece), "{piece}\n{text}");
    }
    put(&mut place, "wrong.toml", "x = 1\n");
    let (status, text) = place.run("assayer policy test policy.toml wrong.toml --format junit");
    assert!(
        status == 2 && text.contains("errors=\"1\"") && text.contains("<error type=\"cases.unknown-key\""),
        "{text}"
    );
}

/// A program that runs until the test ends, however it ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_change_of_any_file_has_everything_judged_again_until_it_is_interrupted() {
    let mut place = place("cases-watch", PLAIN, GOOD);
    let mut command = place.command("assayer");
    command.args(["policy", "test", "policy.toml", "cases.toml", "--watch"]);
    let mut running = Running(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let output = BufReader::new(running.0.stdout.take().unwrap());
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
    let until = |wanted: &str| {
        let mut seen = String::new();
        loop {
            let line =
                lines.recv_timeout(Duration::from_secs(60)).unwrap_or_else(|_| panic!("{wanted}: {seen}"));
            if line.contains(wanted) {
                return;
            }
            seen = format!("{seen}\n{line}");
        }
    };
    until("1 case: 1 passed, 0 failed");
    put(
        &mut place,
        "cases.toml",
        &format!("{TOP}{GOOD}{LONG}").replace(", codes = [{ rule = \"short-lived\" }]", ""),
    );
    until("changed: cases.toml");
    until("2 cases: 1 passed, 1 failed");
    put(&mut place, "policy.toml", RULES);
    until("changed: policy.toml");
    until("2 cases: 2 passed, 0 failed");
    // what cannot be read is waited for too
    put(&mut place, "policy.toml", "rules = 1\n");
    until("changed: policy.toml");
    put(&mut place, "policy.toml", RULES);
    until("2 cases: 2 passed, 0 failed");
}

#[test]
fn hundreds_of_cases_share_the_engine() {
    let cases: String = (1..=400)
        .map(|number| {
            format!("[[cases]]\nname = \"{number}\"\nchange.leaf.serial = {number}\nexpect = \"allow\"\n")
        })
        .collect();
    let mut place = place("cases-many", PLAIN, &cases);
    let begun = std::time::Instant::now();
    let (status, text) = place.run("assayer policy test policy.toml cases.toml --format json");
    assert_eq!(status, 0, "{text}");
    assert_eq!(check(&schema("policy-test.schema.json"), &text)["passed"], 400);
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

fn prepared(lines: &str) -> Prepared {
    let text = format!(
        "at = 2026-11-22T12:00:00Z\n\
         chain = [{{ name = \"root\" }}, {{ name = \"issuing\" }}, {{ name = \"leaf\", dns = [\"a.example\"] }}]\n\
         [[cases]]\nname = \"a\"\nexpect = \"allow\"\n{lines}\n"
    );
    let cases = engine_cases::read(&text, None).unwrap_or_else(|problems| panic!("{problems:?}"));
    cases[0].prepare("", |_| Err("nothing is named".to_owned())).unwrap()
}

/// The three certificates as files of DER: `0.der` the root, `2.der` the leaf.
fn kept(place: &Place, prepared: &Prepared) {
    let inputs = &prepared.inputs;
    let root = inputs.trusted.iter().find_map(|trusted| match trusted {
        engine_capsule::Trusted::Anchor { certificate, .. } => Some(&certificate.0),
        _ => None,
    });
    let all = [root.unwrap(), &inputs.question.untrusted[0].0, &inputs.question.target.0];
    for (number, certificate) in all.iter().enumerate() {
        fs::write(place.file(&format!("{number}.der")), certificate).unwrap();
    }
}

#[test]
fn openssl_reads_every_kind_of_sketch_and_agrees_on_a_plain_chain() {
    let mut place = Place::new("cases-openssl");
    for (change, told) in [
        ("key-name = \"b\"", "ASN1 OID: prime256v1"),
        ("subject = \"CN=Ada,O=Example\\\\, Ltd\"", "Subject: O = \"Example, Ltd\", CN = Ada"),
        ("subject = \"\"", "X509v3 Subject Alternative Name: critical"),
        ("key = \"rsa 2048\"", "Public-Key: (2048 bit)"),
        ("key = \"rsa 1025\"", "Public-Key: (1025 bit)"),
        ("not-before = 1949-01-01T00:00:00Z", "Not Before: Jan  1 00:00:00 1949 GMT"),
        ("not-after = 2050-01-01T00:00:00Z", "Not After : Jan  1 00:00:00 2050 GMT"),
        ("not-after = 1", "Not After : Nov 23 12:00:00 2026 GMT"),
        ("ca = true", "CA:TRUE"),
        ("path-length = 3\nchange.leaf.ca = true", "CA:TRUE, pathlen:3"),
        ("key-usage = [\"keyEncipherment\", \"decipherOnly\"]", "Key Encipherment, Decipher Only"),
        ("extended-key-usage = [\"OCSPSigning\", \"1.2.3.4\"]", "OCSP Signing, 1.2.3.4"),
        ("dns = [\"a.example\", \"b.example\"]", "DNS:a.example, DNS:b.example"),
        ("ip = [\"192.0.2.1\", \"::1\"]", "IP Address:192.0.2.1, IP Address:0:0:0:0:0:0:0:1"),
        ("mail = [\"a@a.example\"]", "email:a@a.example"),
        ("uri = [\"sip:a@a.example\"]", "URI:sip:a@a.example"),
        ("ocsp-uri = \"http://o.example/\"", "OCSP - URI:http://o.example/"),
        ("crl-uri = \"http://c.example/\"", "URI:http://c.example/"),
        ("policies = [\"1.2.3.4\", \"any\"]", "Policy: 1.2.3.4"),
        ("permitted = [\"dns:example\", \"ip:10.0.0.0/8\"]", "IP:10.0.0.0/255.0.0.0"),
        ("excluded = [\"mail:a.example\"]", "Excluded:"),
        ("serial = 255", "Serial Number: 255 (0xff)"),
        ("signed-by = \"root\"", "Issuer: CN = root"),
        (
            "extensions = [{ oid = \"1.3.6.1.4.1.32473.1\", critical = true }]",
            "1.3.6.1.4.1.32473.1: critical",
        ),
        ("signature = \"broken\"", "Signature Algorithm: ecdsa-with-SHA256"),
        ("signature = \"stranger\"", "Signature Algorithm: ecdsa-with-SHA256"),
    ] {
        kept(&place, &prepared(&format!("change.leaf.{change}")));
        let (status, text) = place.run("openssl x509 -inform DER -in 2.der -noout -text");
        assert_eq!(status, 0, "{change}: {text}");
        // releases differ in spaces around the sign
        let flat = |text: &str| text.replace(" = ", "=");
        assert!(flat(&text).contains(&flat(told)), "{change}: {told}\n{text}");
    }
    let verify = "for n in 0 1 2; do openssl x509 -inform DER -in $n.der -out $n.pem || exit 9; done; \
                  openssl verify -attime 1795348800 -x509_strict -CAfile 0.pem -untrusted 1.pem 2.pem";
    kept(&place, &prepared(""));
    assert_eq!(place.run(verify), (0, "2.pem: OK\n".to_owned()));
    for wrong in ["signature = \"broken\"", "signature = \"stranger\"", "not-after = -1"] {
        kept(&place, &prepared(&format!("change.leaf.{wrong}")));
        let (status, text) = place.run(verify);
        assert_eq!(status, 2, "{wrong}: {text}");
    }
}

#[test]
fn openssl_reads_sketched_lists_and_answers() {
    let mut place = Place::new("cases-answers");
    let prepared = prepared("crl.leaf = \"revoked\"\nocsp.leaf = \"revoked by delegate\"");
    kept(&place, &prepared);
    let about = Sha256::digest(&prepared.inputs.question.target.0);
    let answer = |name: &str, what: Sought<'_>| {
        let evidence = prepared.answer(&Need { id: "1", about: &about, what });
        let (Evidence::Crl(answer) | Evidence::OcspResponse(answer)) = evidence else {
            panic!("{evidence:?}")
        };
        fs::write(place.file(name), &answer.body.0).unwrap();
    };
    answer("a.crl", Sought::Crl);
    let (status, text) = place.run(
        "for n in 0 1 2; do openssl x509 -inform DER -in $n.der -out $n.pem || exit 9; done; \
         openssl crl -inform DER -in a.crl -CAfile 1.pem -noout -text",
    );
    assert!(status == 0 && text.contains("verify OK") && text.contains("Key Compromise"), "{text}");
    let (status, text) = place.run("openssl ocsp -issuer 1.pem -cert 2.pem -reqout request.der");
    assert_eq!(status, 0, "{text}");
    let request = fs::read(place.file("request.der")).unwrap();
    let evidence = prepared.answer(&Need {
        id: "1",
        about: &about,
        what: Sought::OcspResponse { uri: "http://ocsp.example/", body: &request },
    });
    let Evidence::OcspResponse(response) = evidence else { panic!("{evidence:?}") };
    fs::write(place.file("response.der"), &response.body.0).unwrap();
    let (_, text) = place.run(
        "openssl ocsp -issuer 1.pem -cert 2.pem -no_nonce -reqin request.der -respin response.der -CAfile 0.pem \
         -verify_other 1.pem -attime 1795348800",
    );
    // whether it is fresh, this command asks the clock
    for told in ["Response verify OK", "revoked", "keyCompromise"] {
        assert!(text.contains(told), "{told}: {text}");
    }
}

#[test]
fn the_schema_of_editors_takes_the_samples() {
    let schema = fs::read_to_string(project().join("engine/schema/cases.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let read = |text: &str| -> serde_json::Value {
        // TOML's moments are texts to an editor
        let plain = text.replace("at = 2026-11-22T12:00:00Z", "at = \"2026-11-22T12:00:00Z\"");
        let plain = plain.replace("= 2026-11-22T11:59:59Z", "= \"2026-11-22T11:59:59Z\"");
        serde_json::to_value(plain.parse::<toml::Table>().unwrap()).unwrap()
    };
    let text = fs::read_to_string(project().join("tests/samples/cases.toml")).unwrap();
    let errors: Vec<String> = schema.iter_errors(&read(&text)).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert!(!schema.is_valid(&read("[[cases]]\nname = \"a\"\n")));
}
