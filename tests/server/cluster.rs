//! Two servers on one PostgreSQL: what is done at one holds at the other, and each says what it has loaded (R-TRB-4).

use pki::certificate::Sketch;
use serde_json::{Value, json};

use crate::client::{Asked, Reply};
use crate::postgres;
use crate::process::{Place, Server, assayer};

fn start(url: &str, name: &str) -> Server {
    let mut command = assayer(&["serve", "--listen", "127.0.0.1:0", "--node", name]);
    // as the environment's secret, so that no other user sees it among the arguments
    command.env("ASSAYER_DATABASE_URL", url);
    Server::spawn(&mut command, Place::new())
}

#[test]
fn two_servers_share_accounts_and_see_each_others_version() {
    let database = postgres::server();
    let url = database.database();
    let first = start(&url, "node-1");
    let token = first.token.clone().expect("the first start gives a token");
    let second = start(&url, "node-2");
    assert_eq!(second.token, None, "{}", second.printed);
    let ask = |server: &Server, asked: Asked| {
        server.send(&asked.header("authorization", &format!("Bearer {token}")))
    };
    let made = Asked::new("POST", "/api/v1/accounts").json(&json!({ "name": "alice", "role": "viewer" }));
    assert_eq!(ask(&first, made).status, 201);
    assert_eq!(ask(&second, Asked::new("GET", "/api/v1/accounts/alice")).status, 200);
    // the second one's joining is a change that the first has to load too
    let items = loop {
        let list = ask(&first, Asked::new("GET", "/api/v1/nodes")).json();
        let items = list["items"].as_array().unwrap().clone();
        if items.len() == 2 && items.iter().all(|node| node["is-current"] == true) {
            break items;
        }
        std::thread::yield_now();
    };
    let roles: Vec<&Value> = items.iter().map(|node| &node["role"]).collect();
    assert_eq!(roles, ["publisher", "subscriber"]);
    let this: Vec<&Value> = items.iter().map(|node| &node["is-this"]).collect();
    assert_eq!(this, [true, false]);
    for server in [first, second] {
        let (log, _) = server.stop();
        assert!(!log.contains("secret"), "{log}");
    }
}

/// A root that an authority of this name and number would have.
fn root(name: &str, number: usize) -> Vec<u8> {
    Sketch::ca("root").subject(&format!("CN={name} {number}")).issue().der
}

fn asked(method: &str, path: &str, token: &str) -> Asked {
    Asked::new(method, path).header("authorization", &format!("Bearer {token}"))
}

fn upload(server: &Server, token: &str, der: &[u8]) -> Reply {
    use base64ct::Encoding;
    let file = base64ct::Base64::encode_string(der);
    let body = json!({ "file": file, "kind": "trust", "room": "tomcat-trust" });
    server.send(&asked("POST", "/api/v1/certificates", token).json(&body))
}

fn deletion(token: &str, der: &[u8]) -> Asked {
    use sha2::{Digest, Sha256};
    let name: String = Sha256::digest(der).iter().map(|octet| format!("{octet:02x}")).collect();
    asked("DELETE", &format!("/api/v1/certificates/trust/tomcat-trust/{name}"), token)
}

/// The version and the names of what is in store.
fn state(server: &Server, token: &str) -> (String, Vec<String>) {
    let reply = server.send(&asked("GET", "/api/v1/certificates?limit=500", token));
    let name = |item: &Value| item["common-name"].as_str().unwrap().to_owned();
    let mut names: Vec<String> = reply.json()["items"].as_array().unwrap().iter().map(name).collect();
    names.sort();
    (reply.header("etag").unwrap().to_owned(), names)
}

/// What is done until nobody else was faster.
fn insist(ask: impl Fn() -> Reply) -> Reply {
    loop {
        let reply = ask();
        if reply.status != 409 {
            assert_eq!(reply.status, 200, "{}", reply.text());
            return reply;
        }
    }
}

const WRITERS: usize = 6;
const EACH: usize = 6;

#[test]
fn writers_on_two_servers_lose_no_update() {
    let database = postgres::server();
    let url = database.database();
    let servers = [start(&url, "node-1"), start(&url, "node-2")];
    let token = servers[0].token.clone().unwrap();
    // each writer puts its own in and takes every second one out again
    let writer = |number: usize| -> Vec<String> {
        let server = &servers[number % 2];
        let mut versions = Vec::new();
        for one in 0..EACH {
            let der = root(&format!("writer {number}"), one);
            let done = insist(|| upload(server, &token, &der));
            versions.push(done.header("etag").unwrap().to_owned());
            if one % 2 == 1 {
                // at the other server: what was acknowledged here is there
                let other = &servers[(number + 1) % 2];
                let done = insist(|| other.send(&deletion(&token, &der)));
                assert_eq!(done.json()["plan"]["effects"][0]["effect"], "remove", "{}", done.text());
                versions.push(done.header("etag").unwrap().to_owned());
            }
        }
        versions
    };
    let mut versions: Vec<String> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..WRITERS).map(|number| scope.spawn(move || writer(number))).collect();
        running.into_iter().flat_map(|running| running.join().unwrap()).collect()
    });
    // every change made a version of its own
    let changes = versions.len();
    versions.sort();
    versions.dedup();
    assert_eq!((versions.len(), changes), (changes, WRITERS * (EACH + EACH / 2)));
    let expected: Vec<String> = (0..WRITERS)
        .flat_map(|number| (0..EACH).step_by(2).map(move |one| format!("writer {number} {one}")))
        .collect();
    let [first, second] = [0, 1].map(|number| state(&servers[number], &token));
    assert_eq!((&first, &first.1), (&second, &expected));
    what_was_seen_decides(&servers, &token);
    let counted = servers[1].send(&asked("GET", "/api/v1/audit?limit=200", &token)).json();
    let of =
        |what: &str| counted["items"].as_array().unwrap().iter().filter(|item| item["what"] == what).count();
    assert_eq!(
        (of("certificate.uploaded"), of("certificate.deleted")),
        (WRITERS * EACH + 1, WRITERS * EACH / 2 + 1)
    );
}

/// Of two who saw the same version, one at each server, one is done.
fn what_was_seen_decides(servers: &[Server; 2], token: &str) {
    let der = root("seen", 0);
    insist(|| upload(&servers[0], token, &der));
    let (seen, _) = state(&servers[1], token);
    let mut statuses = std::thread::scope(|scope| {
        let running = [0, 1].map(|number| {
            let delete = deletion(token, &der).header("if-match", &seen);
            scope.spawn(move || servers[number].send(&delete).status)
        });
        running.map(|running| running.join().unwrap())
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}
