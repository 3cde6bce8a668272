//! What a browser plans with: from the document for a slot or store, the component gives the very plan that a dry run gives,
//! whatever is to be done.

use base64ct::{Base64, Encoding};
use host_server::audit::AuditRecord;
use host_server::component::contract::management::{
    Cluster, Deletion, Entry, Features, KeyChoice, Node, NodeRole, Operation, Origin, PendingRequest,
    Place as Lies, Product, RequestFields, Reuse, Room, SelfSignedFields, SubjectFields, Tombstone, Upload,
};
use host_server::component::contract::request::Mode;
use host_server::component::{Allocation, Engine, Session};
use host_server::storage::{self, Change, Location, NewEntry, Storage};
use pki::algorithm::{Algorithm, Hash};
use pki::certificate::{Issued, Sketch};
use pki::key::Key;
use serde_json::{Value, json};
use sha2::Digest;

use crate::client::{Asked, Reply};
use crate::management::{NODE, answered, done, fields, fingerprint, form, on_both, pem, upload, version};
use crate::process::{Place, Server};

fn octets(value: &Value) -> Vec<u8> {
    Base64::decode_vec(value.as_str().unwrap()).unwrap()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn place(value: &Value) -> Lies {
    let room = value["room"].as_object().unwrap();
    assert_eq!(room.len(), 1);
    let room = match (text(&value["room"]["identity"]), text(&value["room"]["trust"])) {
        (Some(name), None) => Room::Identity(name),
        (None, Some(name)) => Room::Trust(name),
        _ => panic!("{value}"),
    };
    Lies { room, node: text(&value["node"]) }
}

fn all<T>(list: &Value, one: impl Fn(&Value) -> T) -> Vec<T> {
    list.as_array().unwrap().iter().map(one).collect()
}

fn entry(value: &Value) -> Entry {
    let origin = match value["origin"].as_str().unwrap() {
        "copied" => Origin::Copied,
        "issued" => Origin::Issued,
        "self-signed" => Origin::SelfSigned,
        "uploaded" => Origin::Uploaded,
        other => panic!("{other}"),
    };
    let certificate = octets(&value["certificate"]);
    Entry { place: place(&value["place"]), certificate, origin, active_from: value["active-from"].as_i64() }
}

fn node(value: &Value) -> Node {
    let role = match value["role"].as_str().unwrap() {
        "publisher" => NodeRole::Publisher,
        "subscriber" => NodeRole::Subscriber,
        other => panic!("{other}"),
    };
    Node { name: text(&value["name"]).unwrap(), role }
}

fn features(value: &Value) -> Features {
    let word = |word: &Value| match word.as_str().unwrap() {
        "mixed-mode" => Features::MIXED_MODE,
        "sip-oauth" => Features::SIP_OAUTH,
        other => panic!("{other}"),
    };
    all(value, word).into_iter().fold(Features::empty(), |features, one| features | one)
}

/// The document in the words of the contract.
fn cluster(value: &Value) -> Cluster {
    let tombstone = |value: &Value| Tombstone {
        place: place(&value["place"]),
        fingerprint: octets(&value["fingerprint"]),
    };
    let request = |value: &Value| PendingRequest {
        purpose: text(&value["purpose"]).unwrap(),
        node: text(&value["node"]),
        request: octets(&value["request"]),
    };
    assert_eq!(value["product"], "ucm");
    Cluster {
        product: Product::Ucm,
        release: text(&value["release"]).unwrap(),
        nodes: all(&value["nodes"], node),
        entries: all(&value["entries"], entry),
        tombstones: all(&value["tombstones"], tombstone),
        requests: all(&value["requests"], request),
        features: features(&value["features"]),
    }
}

/// A page that has what the server told it, and nothing else.
struct Page<'s> {
    server: &'s Server,
    session: Session,
    planned: usize,
    refused: usize,
}

impl Page<'_> {
    /// Plans an operation for a room from its document; the code where the input is refused.
    fn plan(&mut self, room: &str, operation: &Operation, seconds: i64) -> Result<Value, String> {
        let told = done(&self.server.get(&format!("/api/v1/snapshot?room={room}")));
        let policy = told["policy"].as_str().unwrap();
        let validator = self.session.validator(policy, Mode::AsWritten).unwrap().unwrap();
        let at = told["at"].as_i64().unwrap() - seconds;
        let plan = self.session.plan(&validator, &cluster(&told["cluster"]), operation, at).unwrap();
        self.session.close(validator).unwrap();
        plan.map(|plan| serde_json::from_str(&plan.document).unwrap()).map_err(|refusal| refusal.code)
    }

    /// The same as a dry run at about the same moment.
    #[track_caller]
    fn agrees(&mut self, room: &str, operation: &Operation, dry_run: &Reply) -> Value {
        let server = match dry_run.status {
            200 => Ok(without_sentences(dry_run.json()["plan"].clone())),
            422 => Err(text(&dry_run.json()["code"]).unwrap()),
            _ => panic!("{}", dry_run.text()),
        };
        // a finding may name the moment, which may be some seconds later here
        let own = (0..60).map(|seconds| self.plan(room, operation, seconds)).find(|own| *own == server);
        assert!(own.is_some(), "{room}: {server:?}\n{:?}", self.plan(room, operation, 0));
        self.planned += 1;
        self.refused += usize::from(server.as_ref().map_or(true, |plan| plan["refused"] == true));
        server.unwrap_or_default()
    }

    #[track_caller]
    fn uploads(&mut self, room: &str, file: &[u8], parts: &[(&str, &str)]) -> Value {
        let (kind, name) = room.split_once(':').unwrap();
        let part =
            |name: &str| parts.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let operation = Operation::Upload(Upload {
            room: named(room),
            node: None,
            file: file.to_vec(),
            revive: part("revive").is_some(),
            usage_profile: part("usage-profile"),
            extra_names: part("extra-names"),
        });
        let parts: Vec<_> = [("kind", kind), ("room", name)].iter().chain(parts).copied().collect();
        let dry_run = self.server.ask(form("/api/v1/certificates?dry_run", file, &parts));
        self.agrees(room, &operation, &dry_run)
    }

    #[track_caller]
    fn deletes(&mut self, room: &str, fingerprint: &str) -> Value {
        let path = format!("/api/v1/certificates/{}/{fingerprint}?dry_run", room.replace(':', "/"));
        let dry_run = self.server.ask(Asked::new("DELETE", &path));
        let fingerprint = pki::hexadecimal(fingerprint);
        self.agrees(
            room,
            &Operation::Delete(Deletion { room: named(room), node: None, fingerprint }),
            &dry_run,
        )
    }
}

fn named(room: &str) -> Room {
    match room.split_once(':').unwrap() {
        ("identity", name) => Room::Identity(name.to_owned()),
        (_, name) => Room::Trust(name.to_owned()),
    }
}

fn without_sentences(mut plan: Value) -> Value {
    for finding in plan["findings"].as_array_mut().unwrap() {
        finding.as_object_mut().unwrap().remove("sentence").unwrap();
    }
    plan
}

fn codes(plan: &Value) -> Vec<&str> {
    plan["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

/// Uploads to a trust store that has authorities, a chain, and one that was deleted.
fn to_a_store(page: &mut Page<'_>) {
    let store = "trust:tomcat-trust";
    let from =
        |year: &str| Sketch::ca("Alpha CA").valid(&format!("{year}-01-01T00:00:00Z"), "2036-01-01T00:00:00Z");
    let alpha = from("2024").issue();
    let below = Sketch::ca("Below CA").key(Key::p256("below")).issued_by(&alpha).issue();
    let gone = Sketch::ca("Gone CA").key(Key::p256("gone")).issue();
    for file in [&alpha, &below, &gone] {
        done(&upload(page.server, &file.der, "trust", "tomcat-trust"));
    }
    let path = format!("/api/v1/certificates/trust/tomcat-trust/{}", fingerprint(&gone.der));
    done(&page.server.ask(Asked::new("DELETE", &path)));
    let good = Sketch::ca("Beta CA").key(Key::p256("beta")).issue();
    assert_eq!(page.uploads(store, &good.der, &[])["effects"][0]["effect"], "store");
    page.uploads(store, &alpha.der, &[]);
    // R-TS-13 to R-TS-16
    let newer = from("2025").serial(&[7]).issue();
    assert!(codes(&page.uploads(store, &newer.der, &[])).contains(&"replacement.replaces"));
    assert!(
        codes(&page.uploads(store, &from("2023").serial(&[8]).issue().der, &[]))
            .contains(&"replacement.not-newer")
    );
    let rsa = from("2025").serial(&[9]).key(Key::rsa("rsa-2048-1"));
    page.uploads(store, &rsa.signature_algorithm(Algorithm::RsaPkcs1(Hash::Sha256)).issue().der, &[]);
    let namesake = Sketch::ca("x").subject("CN=Alpha CA,O=Other").key(Key::p256("other")).issue();
    page.uploads(store, &namesake.der, &[]);
    let old = Sketch::ca("Old CA").valid("2015-01-01T00:00:00Z", "2016-01-01T00:00:00Z").issue();
    assert_eq!(page.uploads(store, &old.der, &[])["refused"], true);
    let leaf = Sketch::leaf("leaf").issued_by(&below).issue();
    for order in [[&leaf, &below, &alpha], [&alpha, &below, &leaf]] {
        page.uploads(store, pem(&order).as_bytes(), &[]);
    }
    page.uploads(store, pem(&[&good, &good]).as_bytes(), &[]);
    page.uploads(store, b"no certificate", &[]);
    // D-21
    assert_eq!(page.uploads(store, &gone.der, &[])["refused"], true);
    assert_eq!(page.uploads(store, &gone.der, &[("revive", "true")])["refused"], false);
    // R-DEL-3
    assert!(codes(&page.deletes(store, &fingerprint(&alpha.der))).contains(&"deletion.breaks-chain"));
    page.deletes(store, &fingerprint(&below.der));
    assert!(codes(&page.deletes(store, &fingerprint(&gone.der))).contains(&"deletion.absent"));
    page.deletes("trust:CallManager-trust", &fingerprint(&alpha.der));
    for store in ["trust:CallManager-trust", "trust:CAPF-trust", "trust:ipsec-trust"] {
        page.uploads(store, &alpha.der, &[]);
    }
}

/// A certificate for a key that was never made here.
fn foreign(upper: &Issued, names: &[&str]) -> Issued {
    let sketch = Sketch::leaf("tomcat").subject(&format!("CN={NODE}")).key(Key::rsa("rsa-2048-1"));
    let sketch =
        sketch.key_usage(&["digitalSignature", "dataEncipherment"]).eku(&["serverAuth", "clientAuth"]);
    names.iter().fold(sketch, |sketch, name| sketch.dns(name)).issued_by(upper).issue()
}

/// Uploads to a slot that a request waits for, and what is done with a slot that is filled.
fn to_a_slot(page: &mut Page<'_>) {
    let (server, slot) = (page.server, "identity:tomcat");
    let made = done(&server.post("/api/v1/requests", &fields("tomcat")));
    let request = server.place.file("tomcat.csr", made["made"][0]["pem"].as_str().unwrap());
    let [authority, certificate] = answered(server, &request);
    // without its authority, with it, and in the wrong order
    assert_eq!(page.uploads(slot, &certificate, &[])["refused"], true);
    let chain = [certificate.clone(), authority.clone()].concat();
    assert_eq!(page.uploads(slot, &chain, &[])["refused"], false);
    page.uploads(slot, &[authority.clone(), certificate.clone()].concat(), &[]);
    for profile in ["ucm-compat", "strict-pkix"] {
        page.uploads(slot, &chain, &[("usage-profile", profile)]);
    }
    // a key that was never made here, with names that nobody asked for (D-25)
    let upper = Sketch::ca("Upper CA").key(Key::p256("upper")).issue();
    done(&upload(server, &upper.der, "trust", "tomcat-trust"));
    let other = foreign(&upper, &[NODE, "elsewhere.example"]);
    for names in ["refuse", "warn"] {
        page.uploads(slot, &other.der, &[("extra-names", names)]);
    }
    extra_names(page, &request);
    page.uploads("identity:CallManager", &chain, &[]);
    done(&upload(server, &authority, "trust", "tomcat-trust"));
    done(&upload(server, &certificate, "identity", "tomcat"));
    page.uploads(slot, &certificate, &[]);
    page.deletes(slot, &fingerprint(&der(&certificate)));
    page.deletes("trust:tomcat-trust", &fingerprint(&der(&authority)));
    forms(page);
    let reuse = |target: &str| {
        Operation::Reuse(Reuse { source: "tomcat".to_owned(), target: target.to_owned(), node: None })
    };
    for target in ["CallManager", "CallManager-ECDSA"] {
        let body = json!({ "source": "tomcat", "target": target });
        let dry_run = server.post("/api/v1/reuse?dry_run", &body);
        page.agrees(&format!("identity:{target}"), &reuse(target), &dry_run);
    }
}

/// A request, and a self-signed certificate.
fn forms(page: &mut Page<'_>) {
    let some = |text: &str| Some(text.to_owned());
    let filled = RequestFields {
        purpose: "CallManager".to_owned(),
        node: some(NODE),
        subject: SubjectFields {
            country: some("GB"),
            state: None,
            locality: some("London"),
            organization: some("Example Ltd"),
            organizational_unit: None,
            include_organizational_unit: false,
            common_name: None,
        },
        domains: None,
        parent_domain: None,
        key: KeyChoice { key_type: "rsa".to_owned(), bits: 2048, hash: "SHA256".to_owned() },
        usage_profile: None,
    };
    let (room, form) = ("identity:CallManager", fields("CallManager"));
    let dry_run = page.server.post("/api/v1/requests?dry_run", &form);
    let plan = page.agrees(room, &Operation::Request(filled.clone()), &dry_run);
    assert_eq!(plan["unsigned"].as_array().map(Vec::len), Some(1));
    let self_signed = SelfSignedFields { common: filled, years: Some(5) };
    let dry_run = page.server.post("/api/v1/self-signed?dry_run", &json!({ "fields": form, "years": 5 }));
    page.agrees(room, &Operation::SelfSigned(self_signed), &dry_run);
}

/// D-25: a certificate for the request's own key, with a name beside those that were asked for.
fn extra_names(page: &mut Page<'_>, request: &str) {
    use crate::management::openssl;
    let file = |name: &str| page.server.place.path().join(name).to_str().unwrap().to_owned();
    let extensions = page.server.place.file(
        "more.ext",
        format!("subjectAltName=DNS:{NODE},DNS:ex.com,DNS:elsewhere.example\nkeyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth,clientAuth\n"),
    );
    let (authority, key, out) = (file("ca.pem"), file("ca.key"), file("more.pem"));
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
        "-extfile",
        &extensions,
        "-out",
        &out,
    ]);
    let chain = [std::fs::read(out).unwrap(), std::fs::read(authority).unwrap()].concat();
    let plans: Vec<Value> = ["refuse", "warn"]
        .map(|names| page.uploads("identity:tomcat", &chain, &[("extra-names", names)]))
        .to_vec();
    assert_ne!(plans[0], plans[1], "{}", plans[0]);
}

fn der(pem: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(pem.to_vec()).unwrap();
    let inner: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
    Base64::decode_vec(&inner).unwrap()
}

#[test]
fn the_plan_of_a_page_is_the_plan_of_a_dry_run() {
    on_both(|server| {
        let session = Engine::load(Allocation::OnDemand).unwrap().session().unwrap();
        let mut page = Page { server, session, planned: 0, refused: 0 };
        to_a_store(&mut page);
        to_a_slot(&mut page);
        let settings = json!({ "product": "ucm", "release": "14", "features": ["mixed-mode", "sip-oauth"] });
        done(&server.ask(Asked::new("PUT", "/api/v1/cluster").json(&settings)));
        let more = Sketch::ca("Delta CA").key(Key::p256("delta")).issue();
        assert!(
            !page.uploads("trust:CallManager-trust", &more.der, &[])["advice"].as_array().unwrap().is_empty()
        );
        assert!(
            page.planned >= 38 && page.refused >= 10 && page.refused * 2 < page.planned,
            "{} {}",
            page.planned,
            page.refused
        );
    });
}

#[test]
fn it_is_of_a_version_and_asked_for_again_only_where_that_is_another() {
    on_both(|server| {
        let path = "/api/v1/snapshot?room=identity:tomcat";
        let first = server.get(path);
        let told = done(&first);
        let tag = first.header("etag").unwrap().to_owned();
        assert_eq!(tag, format!("\"{}\"", told["version"]));
        assert_eq!(told["engine"], server.get("/api/v1/engine").json()["sha256"]);
        assert_eq!((&told["policy"], &told["cluster"]["entries"]), (&json!(""), &json!([])));
        let again = |tag: &str| server.ask(Asked::new("GET", path).header("if-none-match", tag));
        let same = again(&tag);
        assert_eq!((same.status, same.body.len(), same.header("etag")), (304, 0, Some(tag.as_str())));
        done(&upload(server, &Sketch::ca("one").issue().der, "trust", "tomcat-trust"));
        let other = again(&tag);
        assert_eq!(done(&other)["cluster"]["entries"].as_array().map(Vec::len), Some(1));
        assert_eq!(other.header("etag").unwrap(), version(server));
        for none in ["tomcat", "trust:no-such-trust", "identity:tomcat-trust", ""] {
            let reply = server.get(&format!("/api/v1/snapshot?room={none}"));
            assert_eq!((reply.status, &reply.json()["code"]), (422, &json!("snapshot.room")), "{none}");
        }
        assert_eq!(server.get("/api/v1/snapshot").status, 400);
    });
}

#[test]
fn more_than_is_planned_with_is_asked_of_the_server() {
    let place = Place::new();
    let data = place.data();
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(fill(&data));
    let server = Server::at(place, &["--node", "a"]);
    let reply = server.get("/api/v1/snapshot?room=trust:tomcat-trust");
    assert_eq!((reply.status, &reply.json()["code"]), (409, &json!("snapshot.too-large")));
    // what bears on another is little
    done(&server.get("/api/v1/snapshot?room=trust:ipsec-trust"));
}

/// One certificate more than is planned with, in `tomcat-trust`.
async fn fill(data: &str) {
    let storage = Storage::open(&Location::Directory(data.into())).await.unwrap();
    let mut changes = vec![Change::AddNode { name: "a".to_owned(), role: storage::NodeRole::Publisher }];
    changes.extend((0..2_001).map(|number: i64| {
        let (der, subject_key) = (number.to_be_bytes().to_vec(), number.to_string());
        let room = storage::Room { usage: storage::Usage::Trust, name: "tomcat-trust".to_owned() };
        let facts = storage::Facts {
            fingerprint: sha2::Sha256::digest(&der).into(),
            issuer_key: subject_key.clone(),
            subject_key,
            subject: String::new(),
            common_name: String::new(),
            serial: String::new(),
            key_type: String::new(),
            key_bits: 0,
            not_before: 0,
            not_after: i64::MAX,
            is_authority: true,
            key_id: String::new(),
        };
        Change::Store(Box::new(NewEntry {
            place: storage::Place { room, node: None },
            facts,
            der,
            origin: storage::Origin::Uploaded,
            active_from: None,
            description: String::new(),
        }))
    }));
    let record = AuditRecord::done(0, "test", "test.filled", "");
    storage.apply(storage.version().await.unwrap(), &changes, record).await.unwrap();
    storage.close().await;
}
