//! Looking after certificates over HTTP, the same on both databases: the reference documents' worked example, uploads
//! and deletions, requests that OpenSSL reads and an authority of OpenSSL's answers, what is made anew, who may.

use std::process::Command;

use pki::algorithm::{Algorithm, Hash};
use pki::certificate::Sketch;
use pki::key::Key;
use serde_json::{Value, json};

use crate::client::{Asked, Reply};
pub(crate) use crate::managed::{NODE, done, fields, fingerprint, form, pem, serve, upload};
use crate::postgres;
use crate::process::{self, Server, run};

/// Runs a test on a server of each database.
pub(crate) fn on_both(test: impl Fn(&Server)) {
    test(&serve(None));
    let database = postgres::server();
    test(&serve(Some(&database.database())));
}

/// What people did, the newest first: that a certificate was checked is written down whenever it is.
pub(crate) fn done_by_people(server: &Server) -> Vec<Value> {
    let audit = server.get("/api/v1/audit?limit=100").json();
    let items = audit["items"].as_array().unwrap();
    items.iter().filter(|item| item["what"] != "certificate.checked").cloned().collect()
}

/// A token of a new account.
pub(crate) fn token(server: &Server, role: &str) -> String {
    let made = server.post("/api/v1/accounts", &json!({ "name": role, "role": role }));
    assert_eq!(made.status, 201, "{}", made.text());
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1);
    let token = json!({ "account": role, "expires-at": soon.strftime("%Y-%m-%dT%H:%M:%SZ").to_string() });
    server.post("/api/v1/tokens", &token).json()["secret"].as_str().unwrap().to_owned()
}

/// A refusal: its code, and that the plan and the version go with it.
#[track_caller]
pub(crate) fn refused(reply: &Reply, code: &str) -> Value {
    assert_eq!((reply.status, &reply.json()["code"]), (422, &json!(code)), "{}", reply.text());
    assert!(reply.header("etag").is_some());
    let plan = reply.json()["plan"].clone();
    assert_eq!((&plan["refused"], &plan["effects"]), (&json!(true), &json!([])));
    plan
}

pub(crate) fn version(server: &Server) -> String {
    server.get("/api/v1/certificates").header("etag").unwrap().to_owned()
}

/// The fingerprints of a list.
pub(crate) fn listed(server: &Server, query: &str) -> Vec<String> {
    let page = done(&server.get(&format!("/api/v1/certificates{query}")));
    let name = |item: &Value| item["fingerprint"].as_str().unwrap().to_owned();
    page["items"].as_array().unwrap().iter().map(name).collect()
}

fn root(hash: Hash, serial: &str, from: &str) -> Vec<u8> {
    let sketch = Sketch::ca("Root CA").key(Key::rsa("rsa-2048-1"));
    let sketch = sketch.signature_algorithm(Algorithm::RsaPkcs1(hash)).serial(&pki::hexadecimal(serial));
    sketch.valid(from, "2036-01-01T00:00:00Z").issue().der
}

// R-TS-16, R-TS-10 to R-TS-15
#[test]
fn the_worked_example_through_the_interface() {
    on_both(|server| {
        let start = "2015-05-01T12:00:00Z";
        let existing = root(Hash::Sha1, "27:20:41:0c:5b:08:69:80:42:62:4f:13:bd:16:06:6a", start);
        let incoming = |from| root(Hash::Sha256, "7b:35:33:71:0b:7c:08:b2:47:b3:aa:f9:5c:0d:ca:e4", from);
        assert_eq!(done(&upload(server, &existing, "trust", "tomcat-trust"))["applied"], true);
        let before = version(server);
        for from in ["2015-05-01T11:59:59Z", start] {
            let plan =
                refused(&upload(server, &incoming(from), "trust", "tomcat-trust"), "replacement.not-newer");
            let finding = &plan["findings"][0];
            assert_eq!(finding["position"], 0, "{plan}");
            assert!(finding["rules"].as_array().unwrap().contains(&json!("R-TS-15")), "{plan}");
            assert!(finding["sentence"].as_str().is_some_and(|text| text.contains(' ')), "{plan}");
            let named = |name: &str| {
                let mut details = finding["details"].as_array().unwrap().iter();
                details.find(|detail| detail["name"] == name).map(|detail| detail["value"].clone())
            };
            assert_eq!(named("existingSerialNumber"), Some(json!("2720410c5b08698042624f13bd16066a")));
            assert_eq!(named("serialNumber"), Some(json!("7b3533710b7c08b247b3aaf95c0dcae4")));
        }
        assert_eq!((version(server), listed(server, "")), (before, vec![fingerprint(&existing)]));
        let newer = incoming("2015-05-01T12:00:01Z");
        let shown = done(&upload_dry(server, &newer));
        assert_eq!(shown["applied"], false);
        assert_eq!(listed(server, ""), [fingerprint(&existing)]);
        let replaced = done(&upload(server, &newer, "trust", "tomcat-trust"));
        assert_eq!((&replaced["applied"], &replaced["plan"]), (&json!(true), &shown["plan"]));
        assert_eq!(listed(server, ""), [fingerprint(&newer)]);
        // what was replaced does not come back by itself
        assert_eq!(upload(server, &existing, "trust", "tomcat-trust").status, 422);
    });
}

fn upload_dry(server: &Server, file: &[u8]) -> Reply {
    let parts = [("kind", "trust"), ("room", "tomcat-trust")];
    server.ask(form("/api/v1/certificates?dry_run", file, &parts))
}

// R-SHOW-11: the very octets, and PEM; R-UP-16: with what was written beside it
#[test]
fn a_certificate_is_put_in_listed_downloaded_and_taken_out() {
    on_both(|server| {
        let (one, other) = (Sketch::ca("Alpha").issue(), Sketch::ca("beta").key(Key::p256("other")).issue());
        let body = json!({ "file": pem(&[&one, &other]), "kind": "trust", "room": "tomcat-trust", "description": "two" });
        let made = server.post("/api/v1/certificates", &body);
        assert_eq!(done(&made)["plan"]["effects"].as_array().map(Vec::len), Some(2));
        let (one, other) = (fingerprint(&one.der), fingerprint(&other.der));
        let both = [one.clone(), other.clone()];
        assert_eq!(listed(server, ""), both);
        assert_eq!(listed(server, "?direction=descending&sort=common-name"), [other.clone(), one.clone()]);
        assert_eq!(
            listed(server, "?common_name=ALPHA&kind=trust&room=tomcat-trust"),
            std::slice::from_ref(&one)
        );
        // every criterion holds, or nothing is listed (R-SHOW-3)
        assert!(listed(server, "?common_name=alpha&kind=identity").is_empty());
        let first = done(&server.get("/api/v1/certificates?limit=1"));
        assert_eq!(first["items"][0]["description"], "two");
        let next = first["next"].as_str().unwrap();
        assert_eq!(listed(server, &format!("?limit=1&after={next}")), [other]);
        assert_eq!(server.get("/api/v1/certificates?after=nonsense").status, 422);
        let path = format!("/api/v1/certificates/{one}");
        assert_eq!(done(&server.get(&path))["places"][0]["room"], "tomcat-trust");
        let der = server.ask(Asked::new("GET", &path).header("accept", "application/pkix-cert"));
        assert_eq!(fingerprint(&der.body), one);
        let text = server.ask(Asked::new("GET", &path).header("accept", "application/x-pem-file"));
        assert!(body["file"].as_str().unwrap().starts_with(text.text()), "{}", text.text());
        delete(server, &one);
    });
}

fn delete(server: &Server, one: &str) {
    let place = format!("/api/v1/certificates/trust/tomcat-trust/{one}");
    let ask = |query: &str| Asked::new("DELETE", &format!("{place}{query}"));
    assert_eq!(done(&server.ask(ask("?dry_run=true")))["applied"], false);
    assert_eq!(listed(server, "").len(), 2);
    assert_eq!(server.ask(ask("").header("if-match", "\"0\"")).status, 412);
    let seen = version(server);
    assert_eq!(done(&server.ask(ask("").header("if-match", &seen)))["applied"], true);
    assert_eq!(listed(server, "").len(), 1);
    // gone is gone: nothing is changed by saying it again (D-21)
    let gone = version(server);
    assert_eq!(done(&server.ask(ask("")))["plan"]["effects"], json!([]));
    assert_eq!(version(server), gone);
    assert_eq!(server.get(&format!("/api/v1/certificates/{one}")).status, 404);
    // R-DEL-1
    let slot = Asked::new("DELETE", &format!("/api/v1/certificates/identity/tomcat/{one}"));
    refused(&server.ask(slot), "deletion.identity");
    let newest = done_by_people(server);
    assert_eq!(newest[0]["outcome"], "refused");
    assert_eq!(newest[1]["what"], "certificate.deleted");
}

#[test]
fn what_was_deleted_comes_back_only_where_it_is_wanted() {
    on_both(|server| {
        let root = Sketch::ca("root").issue().der;
        done(&upload(server, &root, "trust", "tomcat-trust"));
        let path = format!("/api/v1/certificates/trust/tomcat-trust/{}", fingerprint(&root));
        done(&server.ask(Asked::new("DELETE", &path)));
        assert_eq!(upload(server, &root, "trust", "tomcat-trust").status, 422);
        assert!(listed(server, "").is_empty());
        let parts = [("kind", "trust"), ("room", "tomcat-trust"), ("revive", "true")];
        done(&server.ask(form("/api/v1/certificates", &root, &parts)));
        assert_eq!(listed(server, ""), [fingerprint(&root)]);
    });
}

/// OpenSSL, which must be content.
pub(crate) fn openssl(arguments: &[&str]) -> String {
    let (status, output, errors) = run(Command::new("openssl").args(arguments));
    assert_eq!(status, Some(0), "{arguments:?}: {errors}");
    output + &errors
}

// R-CSR-1, R-CSR-2, R-CSR-4, R-CSR-5, R-UP-8, R-UP-9
#[test]
fn a_request_is_answered_by_an_authority_and_fills_its_slot() {
    on_both(|server| {
        let shown = done(&server.post("/api/v1/requests?dry_run=true", &fields("tomcat")));
        assert_eq!((&shown["applied"], &shown["made"]), (&json!(false), &json!([])));
        assert_eq!(done(&server.get("/api/v1/requests"))["items"], json!([]));
        done(&server.post("/api/v1/requests", &fields("tomcat")));
        let made = done(&server.post("/api/v1/requests", &fields("tomcat")));
        // the second took the place of the first
        let waiting = done(&server.get("/api/v1/requests"));
        assert_eq!(waiting["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(waiting["items"][0]["pem"], made["made"][0]["pem"]);
        let text = server.get(&format!("/api/v1/requests/tomcat?node={NODE}"));
        assert_eq!(json!(text.text()), made["made"][0]["pem"]);
        assert_eq!(server.get("/api/v1/requests/tomcat").status, 404);
        let request = server.place.file("tomcat.csr", text.text());
        assert!(openssl(&["req", "-verify", "-noout", "-in", &request]).contains("verify OK"));
        let [authority, certificate] = answered(server, &request);
        refused_without_authority(server, &certificate);
        done(&upload(server, &authority, "trust", "tomcat-trust"));
        done(&upload(server, &certificate, "identity", "tomcat"));
        let slot = done(&server.get("/api/v1/certificates?kind=identity"));
        assert_eq!(
            (&slot["items"][0]["room"], &slot["items"][0]["origin"]),
            (&json!("tomcat"), &json!("issued"))
        );
        assert_eq!(done(&server.get("/api/v1/requests"))["items"], json!([]));
    });
}

// R-CSR-19, R-CSR-21
#[test]
fn every_pair_of_curve_and_hash_is_signed_as_openssl_reads_it() {
    on_both(|server| {
        for (bits, hash) in
            [256, 384].into_iter().flat_map(|bits| ["SHA256", "SHA384", "SHA512"].map(|hash| (bits, hash)))
        {
            let mut fields = fields("tomcat-ECDSA");
            fields["key"] = json!({ "type": "ec", "bits": bits, "hash": hash });
            let reply = server.post("/api/v1/requests", &fields);
            if bits == 384 && hash == "SHA256" {
                // a hash below the strength of the key is not offered
                assert_eq!(reply.status, 422, "{}", reply.text());
                continue;
            }
            let made = done(&reply);
            let request = server.place.file("ec.csr", made["made"][0]["pem"].as_str().unwrap());
            let read = openssl(&["req", "-verify", "-noout", "-text", "-in", &request]);
            assert!(read.contains("verify OK"), "{bits} {hash}: {read}");
            assert!(read.contains(&format!("ecdsa-with-{hash}")), "{bits} {hash}: {read}");
            assert!(read.contains(&format!("Public-Key: ({bits} bit)")), "{bits} {hash}: {read}");
        }
    });
}

/// An authority of OpenSSL's, and the certificate that it makes of a request.
pub(crate) fn answered(server: &Server, request: &str) -> [Vec<u8>; 2] {
    let file = |name: &str| server.place.path().join(name).to_str().unwrap().to_owned();
    let (key, authority, certificate) = (file("ca.key"), file("ca.pem"), file("tomcat.pem"));
    openssl(&[
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        &key,
        "-out",
        &authority,
        "-days",
        "30",
        "-subj",
        "/CN=An authority",
        "-addext",
        "keyUsage=critical,keyCertSign,cRLSign",
    ]);
    openssl(&[
        "x509",
        "-req",
        "-in",
        request,
        "-CA",
        &authority,
        "-CAkey",
        &key,
        "-CAcreateserial",
        "-days",
        "20",
        "-copy_extensions",
        "copyall",
        "-out",
        &certificate,
    ]);
    [authority, certificate].map(|path| std::fs::read(path).unwrap())
}

/// R-UP-1: and the request waits on.
fn refused_without_authority(server: &Server, certificate: &[u8]) {
    let before = version(server);
    assert_eq!(upload(server, certificate, "identity", "tomcat").status, 422);
    assert_eq!(version(server), before);
    assert_eq!(done(&server.get("/api/v1/requests"))["items"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_request_is_dropped_with_its_key() {
    on_both(|server| {
        done(&server.post("/api/v1/requests", &fields("tomcat")));
        let drop = |query: &str| {
            server.ask(Asked::new("DELETE", &format!("/api/v1/requests/tomcat?node={NODE}{query}")))
        };
        done(&drop("&dry_run=true"));
        assert_eq!(done(&server.get("/api/v1/requests"))["items"].as_array().map(Vec::len), Some(1));
        done(&drop(""));
        assert_eq!(drop("").status, 404);
    });
}

#[test]
fn certificates_are_made_made_anew_and_used_twice() {
    on_both(|server| {
        let made =
            done(&server.post("/api/v1/self-signed", &json!({ "fields": fields("tomcat"), "years": 5 })));
        assert_eq!(made["made"][0]["kind"], "certificate");
        let slot = || listed(server, "?kind=identity&room=tomcat");
        let first = slot();
        assert_eq!(first.len(), 1);
        let again = json!({ "slots": [{ "purpose": "tomcat", "node": NODE }] });
        assert_eq!(done(&server.post("/api/v1/regenerations?dry_run=true", &again))["made"], json!([]));
        assert_eq!(slot(), first);
        done(&server.post("/api/v1/regenerations", &again));
        assert!(slot().len() == 1 && slot() != first);
        // R-RGN-6: a new key, and the one it replaces is destroyed, as the audit says
        let old = made["made"][0]["key"].clone();
        let newest = done_by_people(server).remove(0);
        assert_eq!(newest["details"]["keys-destroyed"], json!([old]), "{newest}");
        // R-REUSE-4, R-REUSE-6: only from RSA to RSA
        let reuse = |target: &str| json!({ "source": "tomcat", "target": target });
        refused(&server.post("/api/v1/reuse", &reuse("CallManager-ECDSA")), "reuse.pair");
        done(&server.post("/api/v1/reuse", &reuse("CallManager")));
        assert_eq!(listed(server, "?kind=identity&room=CallManager"), slot());
        assert_eq!(
            server.post("/api/v1/self-signed", &json!({ "fields": fields("tomcat"), "years": 7 })).status,
            422
        );
    });
}

#[test]
fn the_catalogue_follows_from_what_is_set_and_nodes_join() {
    on_both(|server| {
        let catalogue = done(&server.get("/api/v1/catalogue"));
        assert_eq!(catalogue["cluster"], json!({ "product": "ucm", "release": "15", "features": [] }));
        let names = |list: &Value| -> Vec<Value> {
            list.as_array().unwrap().iter().map(|one| one["name"].clone()).collect()
        };
        assert!(names(&catalogue["purposes"]).contains(&json!("tomcat")));
        assert!(names(&catalogue["trust-stores"]).contains(&json!("CallManager-trust")));
        let seen = version(server);
        let set = |settings: Value, tag: &str| {
            server.ask(Asked::new("PUT", "/api/v1/cluster").json(&settings).header("if-match", tag))
        };
        let wanted = json!({ "product": "imp", "release": "14", "features": ["fips"] });
        assert_eq!(set(json!({ "product": "ucm", "release": "best" }), &seen).status, 422);
        assert_eq!(done(&set(wanted.clone(), &seen)), wanted);
        assert_eq!(set(wanted.clone(), &seen).status, 412);
        assert_eq!(done(&server.get("/api/v1/catalogue"))["cluster"], wanted);
        done(&server.post("/api/v1/nodes?dry_run=true", &json!({ "name": "cm2.ex.com" })));
        assert_eq!(server.get("/api/v1/nodes/cm2.ex.com").status, 404);
        done(&server.post("/api/v1/nodes", &json!({ "name": "cm2.ex.com" })));
        assert_eq!(server.get("/api/v1/nodes/cm2.ex.com").json()["role"], "subscriber");
        assert_eq!(done(&server.get("/api/v1/completeness"))["effects"], json!([]));
        assert_eq!(done(&server.get("/api/v1/exchange"))["effects"], json!([]));
    });
}

#[test]
fn only_who_may_decide_whom_to_believe_fills_trust_stores() {
    process::on_both(|server| {
        let root = Sketch::ca("root").issue().der;
        for (role, trust, identity) in [("viewer", 403, 403), ("auditor", 403, 403), ("operator", 403, 422)] {
            let token = token(server, role);
            for (kind, room, expected) in [("trust", "tomcat-trust", trust), ("identity", "tomcat", identity)]
            {
                let asked = form("/api/v1/certificates", &root, &[("kind", kind), ("room", room)]);
                let reply = server.send(&asked.header("authorization", &format!("Bearer {token}")));
                assert_eq!(reply.status, expected, "{role} {kind}: {}", reply.text());
            }
        }
        assert!(listed(server, "").is_empty());
    });
}

#[test]
fn uploads_of_no_use_change_nothing_and_keys_need_a_passphrase() {
    process::on_both(|server| {
        let before = version(server);
        let trust = [("kind", "trust"), ("room", "tomcat-trust")];
        let code =
            |reply: &Reply| (reply.status, reply.json()["code"].as_str().unwrap_or_default().to_owned());
        let sent = |file: &[u8], parts: &[(&str, &str)]| {
            code(&server.ask(form("/api/v1/certificates", file, parts)))
        };
        assert_eq!(sent(b"", &trust).0, 422);
        assert_eq!(sent(b"not a certificate", &trust).0, 422);
        let root = Sketch::ca("root").issue().der;
        assert_eq!(
            sent(&root, &[("kind", "trust"), ("room", "no-such-trust")]),
            (422, "management.purpose-unknown".to_owned())
        );
        for parts in [&[("kind", "trust")][..], &[("room", "tomcat-trust")], &[("kind", "x"), ("room", "y")]]
        {
            assert_eq!(sent(&root, parts), (400, "request.form".to_owned()));
        }
        let more = [("kind", "trust"), ("room", "tomcat-trust"), ("colour", "blue")];
        assert_eq!(sent(&root, &more), (400, "request.form".to_owned()));
        let unread = json!({ "file": "?", "kind": "trust", "room": "tomcat-trust" });
        assert_eq!(code(&server.post("/api/v1/certificates", &unread)), (422, "request.value".to_owned()));
        let keyless = server.post(
            "/api/v1/requests",
            &json!({ "purpose": "tomcat", "node": "nowhere",
            "key": { "type": "rsa", "bits": 2048, "hash": "SHA256" } }),
        );
        assert_eq!(keyless.status, 422, "{}", keyless.text());
        assert_eq!(server.get("/api/v1/certificates?dry_run").status, 400);
        assert_eq!(server.ask(form("/api/v1/certificates?dry_run=maybe", &root, &trust)).status, 400);
        assert_eq!(version(server), before);
    });
}

/// A chain that is returned for a request may bring its authority along; that decides whom to believe, too.
#[test]
fn a_chain_brings_no_authority_past_who_may_not() {
    on_both(|server| {
        let token = token(server, "operator");
        let with = |asked: Asked| server.send(&asked.header("authorization", &format!("Bearer {token}")));
        let made = done(&with(Asked::new("POST", "/api/v1/requests").json(&fields("tomcat"))));
        let request = server.place.file("tomcat.csr", made["made"][0]["pem"].as_str().unwrap());
        let [authority, certificate] = answered(server, &request);
        let chain = [certificate.clone(), authority.clone()].concat();
        let before = version(server);
        let slot = [("kind", "identity"), ("room", "tomcat")];
        let refused = with(form("/api/v1/certificates", &chain, &slot));
        assert_eq!(
            (refused.status, &refused.json()["code"]),
            (403, &json!("access.permission")),
            "{}",
            refused.text()
        );
        assert_eq!((version(server), listed(server, "").len()), (before, 0));
        // where it is believed already, the slot is theirs to fill
        done(&upload(server, &authority, "trust", "tomcat-trust"));
        done(&with(form("/api/v1/certificates", &certificate, &slot)));
        assert_eq!(listed(server, "?kind=identity&room=tomcat").len(), 1);
    });
}

#[test]
fn two_writers_at_once_overwrite_nothing() {
    on_both(|server| {
        let roots = ["one", "two"].map(|name| Sketch::ca(name).issue().der);
        let both = |ask: &(dyn Fn(&[u8]) -> Reply + Sync)| {
            let mut statuses = std::thread::scope(|scope| {
                let running = [0, 1].map(|number| {
                    let root = &roots[number];
                    scope.spawn(move || ask(root).status)
                });
                running.map(|running| running.join().unwrap())
            });
            statuses.sort_unstable();
            statuses
        };
        // whoever comes second is planned anew
        assert_eq!(both(&|root| upload(server, root, "trust", "tomcat-trust")), [200, 200]);
        assert_eq!(listed(server, "").len(), 2);
        // unless what was seen is named: then only one of the two is done
        let seen = version(server);
        let delete = |root: &[u8]| {
            let path = format!("/api/v1/certificates/trust/tomcat-trust/{}", fingerprint(root));
            server.ask(Asked::new("DELETE", &path).header("if-match", &seen))
        };
        assert_eq!(both(&delete), [200, 412]);
        assert_eq!(listed(server, "").len(), 1);
    });
}
