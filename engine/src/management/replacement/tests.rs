use pki::algorithm::{Algorithm, Hash};
use pki::certificate::Sketch;
use pki::key::Key;

use super::*;
use crate::management::cluster::{Origin, Place};
use crate::management::model::{
    certificate, cluster, codes, entry, now, planned, stored, trust, upload, values,
};
use ManagementCode::{ReplacementNotNewer, ReplacementSerialCollision};

/// The serial numbers of the worked example.
const EXISTING: &str = "27:20:41:0c:5b:08:69:80:42:62:4f:13:bd:16:06:6a";
const INCOMING: &str = "7b:35:33:71:0b:7c:08:b2:47:b3:aa:f9:5c:0d:ca:e4";

fn example(hash: Hash, key: &str, serial: &str, from: &str) -> Certificate {
    let sketch = Sketch::ca("Root CA").key(Key::rsa(key)).signature_algorithm(Algorithm::RsaPkcs1(hash));
    certificate(sketch.serial(&pki::hexadecimal(serial)).valid(from, "2030-01-01T00:00:00Z"))
}

fn entries(certificates: &[&Certificate]) -> Vec<Entry> {
    let place = || Place::on(trust("tomcat-trust"), "a");
    certificates.iter().map(|one| entry(place(), one, Origin::Uploaded)).collect()
}

fn decided(existing: &[&Certificate], incoming: &Certificate) -> Replacement {
    let entries = entries(existing);
    decide(&entries.iter().collect::<Vec<_>>(), incoming)
}

fn replaces(certificates: &[&Certificate]) -> Replacement {
    let mut replaced: Vec<_> = certificates.iter().map(|one| one.fingerprint).collect();
    replaced.sort_unstable();
    Replacement::Replace { replaced }
}

/// R-TS-16, R-TS-10, R-TS-14, R-TS-15, R-TS-17: the worked example of the reference document, decided by notBefore.
#[test]
fn the_worked_example() {
    let start = "2015-05-01T12:00:00Z";
    let existing = example(Hash::Sha1, "rsa-2048-1", EXISTING, start);
    for (from, replaced) in [("2015-05-01T11:59:59Z", false), (start, false), ("2015-05-01T12:00:01Z", true)]
    {
        let incoming = example(Hash::Sha256, "rsa-2048-1", INCOMING, from);
        let there = cluster(2).with(trust("tomcat-trust"), &["a", "b"], &existing);
        let plan = planned(&there, &upload(trust("tomcat-trust"), None, &[&incoming]));
        if replaced {
            assert_eq!(codes(&plan), ["replacement.replaces"]);
            let shown = values(&plan, "replacement.replaces", "existingSerialNumber");
            assert_eq!(shown, [EXISTING.replace(':', "")]);
            assert_eq!(values(&plan, "replacement.replaces", "serialNumber"), [INCOMING.replace(':', "")]);
            assert_eq!(stored(&plan), [("tomcat-trust", None, incoming.fingerprint)]);
        } else {
            assert_eq!(codes(&plan), ["replacement.not-newer", "replacement.naming"]);
            let algorithms = ["existingAlgorithm", "algorithm"]
                .map(|name| values(&plan, "replacement.not-newer", name).concat());
            assert_eq!(algorithms, ["sha1WithRSAEncryption", "sha256WithRSAEncryption"]);
            assert_eq!(plan.effects, []);
        }
    }
}

fn root(serial: u8, from: &str) -> Certificate {
    certificate(Sketch::ca("root").serial(&[serial]).valid(from, "2030-01-01T00:00:00Z"))
}

// R-TS-12 to R-TS-15, D-8
#[test]
fn the_whole_rule() {
    let [first, second, third] =
        [(1, "2020-01-01T00:00:00Z"), (2, "2021-01-01T00:00:00Z"), (3, "2022-01-01T00:00:00Z")]
            .map(|(serial, from)| root(serial, from));
    let other = certificate(Sketch::ca("other"));
    assert_eq!(decided(&[], &first), Replacement::Add);
    assert_eq!(decided(&[&other], &first), Replacement::Add);
    assert_eq!(decided(&[&first], &first), Replacement::Keep);
    assert_eq!(decided(&[&first, &other], &second), replaces(&[&first]));
    assert_eq!(decided(&[&second], &first), Replacement::Refuse(ReplacementNotNewer));
    let same_moment = root(4, "2020-01-01T00:00:00Z");
    assert_eq!(decided(&[&first], &same_moment), Replacement::Refuse(ReplacementNotNewer));
    // Nodes that differ: the newest wins or nothing does.
    assert_eq!(decided(&[&first, &second, &first], &third), replaces(&[&first, &second]));
    assert_eq!(decided(&[&first, &third], &third), replaces(&[&first]));
    assert_eq!(decided(&[&first, &third], &second), Replacement::Refuse(ReplacementNotNewer));
    assert_eq!(decided(&[&first, &third], &first), Replacement::Refuse(ReplacementNotNewer));
}

// R-TS-13, D-8
#[test]
fn one_serial_number_is_one_certificate_however_new() {
    let first = root(1, "2020-01-01T00:00:00Z");
    for from in ["2019-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"] {
        let rekeyed = Sketch::ca("root").key(Key::p256("other")).serial(&[1]);
        let incoming = certificate(rekeyed.valid(from, "2030-01-01T00:00:00Z"));
        assert_eq!(decided(&[&first], &incoming), Replacement::Refuse(ReplacementSerialCollision));
    }
    let there = cluster(1).with(trust("tomcat-trust"), &["a"], &first);
    let incoming = certificate(Sketch::ca("root").key(Key::p256("other")).serial(&[1]));
    let plan = planned(&there, &upload(trust("tomcat-trust"), None, &[&incoming]));
    assert_eq!(codes(&plan), ["replacement.serial-collision", "replacement.naming"]);
}

// R-TS-17, RFC 5280 7.1
#[test]
fn an_entity_is_a_subject_in_any_spelling_and_its_issuer_is_no_part_of_it() {
    let first = root(1, "2020-01-01T00:00:00Z");
    let spelled = certificate(Sketch::ca("root").subject("CN=printable:ROOT  ").serial(&[2]));
    assert_eq!(decided(&[&first], &spelled), replaces(&[&first]));
    let issuer = Sketch::ca("issuer").issue();
    let crossed = certificate(Sketch::ca("root").serial(&[3]).issued_by(&issuer));
    assert_eq!(decided(&[&first], &crossed), replaces(&[&first]));
}

// R-TS-22
#[test]
fn names_that_would_tell_the_two_apart_are_suggested() {
    let text = |certificate: &Certificate| suggest_names(certificate, now());
    let expected = |found: &str, names: [&str; 2]| {
        vec![
            ("found", Value::text(found)),
            ("accepted", Value::text(names[0])),
            ("accepted", Value::text(names[1])),
        ]
    };
    let named = certificate(Sketch::ca("root").subject("O=Example,CN=Example-issue-CA"));
    let names = ["Example-issue-CA-G2", "Example-issue-CA-2026"];
    assert_eq!(text(&named), expected("Example-issue-CA", names));
    let unnamed = certificate(Sketch::ca("root").subject("O=Example"));
    assert_eq!(text(&unnamed), expected("CA", ["CA-G2", "CA-2026"]));
}
