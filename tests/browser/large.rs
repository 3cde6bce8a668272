//! A store of more certificates than a page plans with: the page says so, and asks the server when somebody wants that.

use host_server::audit::AuditRecord;
use host_server::storage::{self, Change, Location, NewEntry, Storage};
use pki::certificate::Sketch;
use serde_json::json;
use sha2::Digest;

use crate::axe::accessible;
use crate::browser::Browser;
use crate::console::clean_but_for;
use crate::managed::{NODE, done, pem};
use crate::place::Place::{Css, Label, Role, Text};
use crate::process::{Place, Server};

const STORE: &str = "tomcat-trust (trust store)";

/// One certificate more than is planned with, in `tomcat-trust`: what they are is of no interest here.
async fn fill(data: &str) {
    let storage = Storage::open(&Location::Directory(data.into())).await.unwrap();
    let mut changes = vec![Change::AddNode { name: NODE.to_owned(), role: storage::NodeRole::Publisher }];
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

#[test]
fn the_server_is_asked_when_somebody_says_so_and_then_does_what_it_said() {
    let Some(browser) = Browser::start() else { return };
    let place = Place::new();
    let data = place.data();
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(fill(&data));
    let server = Server::at(place, &["--node", NODE]);
    browser.open(&format!("{}/healthz", server.uri));
    browser.script(
        "sessionStorage.setItem('assayer-token', arguments[0])",
        &[json!(server.token.clone().unwrap())],
    );
    browser.open(&format!("{}/#/preview", server.uri));
    browser.wait_for(Role("heading", "Preview and upload"));
    let authority = Sketch::ca("Extra").subject("CN=Extra Root,O=Example Ltd").issue();
    browser.drop_files(Css("main"), &[("extra.pem", pem(&[&authority]).as_bytes())]);
    browser.wait_for(Label("Certificate purpose"));
    // every request that carries the file, from here on
    let listen = "window.sent = []; const ask = window.fetch;
        window.fetch = (path, init, ...rest) => {
            if (/certificates/.test(path) && init?.body) window.sent.push(path);
            return ask(path, init, ...rest);
        };";
    browser.script(listen, &[]);
    let sent = || browser.script("return window.sent", &[]);
    browser.choose("Certificate purpose", STORE);
    browser.wait_for(Text("The server keeps too much here for this page to plan with"));
    browser.wait_for(Text("The file is sent to it for that; it is only a question"));
    assert_eq!(sent(), json!([]));
    browser.screenshot("upload-too-large");
    accessible(&browser);
    browser.click(Role("button", "Send the file and ask"));
    browser.wait_for(Text("This upload can be done"));
    browser.wait_for(Text("Planned by the server, which was sent the file and changed nothing"));
    assert_eq!(sent(), json!(["/api/v1/certificates?dry_run"]));
    let stored =
        || done(&server.get("/api/v1/certificates?common_name=Extra&room=tomcat-trust"))["items"].clone();
    assert_eq!(stored(), json!([]));
    browser.screenshot("upload-asked");
    accessible(&browser);
    browser.click(Role("button", "Upload to tomcat-trust"));
    browser.wait_for(Text("Uploaded"));
    assert_eq!(stored().as_array().map(Vec::len), Some(1));
    assert_eq!(sent(), json!(["/api/v1/certificates?dry_run", "/api/v1/certificates"]));
    // a store that is not too large is planned for in the page as ever
    browser.choose("Certificate purpose", "ipsec-trust (trust store)");
    browser.wait_for(Text("Planned by the engine in this page"));
    clean_but_for(&browser, &["status of 409"]);
    accessible(&browser);
}
