//! Who may do what: tokens, accounts, roles, and what is written down about them.

use serde_json::{Value, json};

use crate::client::{Asked, Reply};
use crate::contract::description;
use crate::decisions::question;
use crate::process::{Place, Server, assayer, on_both, run};

const YEAR_2026: &str = "2027-01-01T00:00:00Z";

/// Sends a request with a token of somebody's.
fn with(server: &Server, token: &str, asked: Asked) -> Reply {
    server.send(&asked.header("authorization", &format!("Bearer {token}")))
}

fn code(reply: &Reply) -> (u16, String) {
    (reply.status, reply.json()["code"].as_str().unwrap_or_default().to_owned())
}

/// Makes an account and a token for it.
fn account(server: &Server, name: &str, role: &str) -> String {
    let made = server.post("/api/v1/accounts", &json!({ "name": name, "role": role }));
    assert_eq!(made.status, 201, "{}", made.text());
    let token = json!({ "account": name, "expires-at": soon() });
    let made = server.post("/api/v1/tokens", &token);
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["secret"].as_str().unwrap().to_owned()
}

/// A moment within the next year, whenever this runs.
fn soon() -> String {
    let now: jiff::Timestamp = jiff::Timestamp::now();
    (now + jiff::SignedDuration::from_hours(1)).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[test]
fn the_first_token_is_printed_once() {
    let server = Server::start();
    assert!(server.token.is_some(), "{}", server.printed);
    assert!(server.printed.contains("shown once"), "{}", server.printed);
    let token = server.token.clone().unwrap();
    let (log, place) = server.stop();
    assert!(!log.contains(&token));
    let again = Server::at(place, &[]);
    assert_eq!(again.printed, "");
    let caller = with(&again, &token, Asked::new("GET", "/api/v1/caller")).json();
    assert_eq!((&caller["account"], &caller["role"]), (&json!("administrator"), &json!("trust-admin")));
}

#[test]
fn without_a_valid_token_every_protected_route_says_the_same() {
    on_both(|server| {
        let token = server.token.clone().unwrap();
        let other = format!("{}{}", &token[..token.len() - 1], if token.ends_with('A') { 'B' } else { 'A' });
        let mut bodies = std::collections::BTreeSet::new();
        for (path, item) in description()["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let asked = || Asked::new(&method.to_uppercase(), &path.replace(['{', '}'], ""));
                if operation.get("security").is_none() {
                    assert_ne!(server.send(&asked()).status, 403, "{method} {path}");
                    continue;
                }
                for value in
                    [None, Some("Bearer "), Some("Bearer x"), Some("Basic eDp5"), Some(other.as_str())]
                {
                    let reply = match value {
                        None => server.send(&asked()),
                        Some(value) => server.send(&asked().header("authorization", value)),
                    };
                    assert_eq!(reply.status, 401, "{method} {path} {value:?}");
                    assert_eq!(reply.header("www-authenticate"), Some("Bearer realm=\"assayer\""));
                    let mut body = reply.json();
                    body["instance"] = Value::Null;
                    bodies.insert(body.to_string());
                }
            }
        }
        assert_eq!(bodies.len(), 1, "{bodies:?}");
    });
}

#[test]
fn each_role_may_what_the_table_says_and_no_more() {
    on_both(|server| {
        let matrix = [
            ("viewer", [true, true, false, false, true]),
            ("operator", [true, true, false, false, true]),
            ("auditor", [true, false, false, true, true]),
            ("trust-admin", [true, true, true, true, true]),
        ];
        for (role, allowed) in matrix {
            let token = account(server, role, role);
            let asked = [
                Asked::new("GET", "/api/v1/engine"),
                Asked::new("POST", "/api/v1/verify").json(&question()),
                Asked::new("GET", "/api/v1/accounts"),
                Asked::new("GET", "/api/v1/audit"),
                Asked::new("GET", "/api/v1/nodes"),
            ];
            for (asked, allowed) in asked.into_iter().zip(allowed) {
                let name = format!("{role} {} {}", asked.method, asked.path);
                let reply = with(server, &token, asked);
                assert_eq!(reply.status, if allowed { 200 } else { 403 }, "{name}");
                if !allowed {
                    assert_eq!(code(&reply).1, "access.permission", "{name}");
                }
            }
        }
        // what was refused of the changes is on record
        let token = account(server, "curious", "viewer");
        let new = json!({ "name": "friend", "role": "trust-admin" });
        assert_eq!(with(server, &token, Asked::new("POST", "/api/v1/accounts").json(&new)).status, 403);
        let newest = server.get("/api/v1/audit?limit=1").json()["items"][0].clone();
        assert_eq!((&newest["what"], &newest["outcome"]), (&json!("request.refused"), &json!("refused")));
        assert_eq!((&newest["who"], &newest["subject"]), (&json!("curious"), &json!("/api/v1/accounts")));
    });
}

#[test]
fn a_token_may_less_than_its_account_and_ends() {
    on_both(|server| {
        let make = |request: &Value| server.post("/api/v1/tokens", request);
        let request = |permissions: Value, expires: &str| json!({ "account": "administrator", "permissions": permissions, "expires-at": expires, "description": "test" });
        let made = make(&request(json!(["read"]), &soon()));
        assert_eq!(made.status, 201);
        let (token, id) = (made.json()["secret"].clone(), made.json()["token"]["id"].clone());
        let (token, id) = (token.as_str().unwrap(), id.as_str().unwrap());
        assert_eq!(with(server, token, Asked::new("GET", "/api/v1/engine")).status, 200);
        assert_eq!(with(server, token, Asked::new("GET", "/api/v1/accounts")).status, 403);
        let caller = with(server, token, Asked::new("GET", "/api/v1/caller")).json();
        assert_eq!(caller["permissions"], json!(["read"]));
        let listed = server.get("/api/v1/tokens?account=administrator");
        assert!(listed.text().contains(id) && !listed.text().contains(token));
        let revoke = || server.ask(Asked::new("DELETE", &format!("/api/v1/tokens/{id}")));
        assert_eq!(revoke().status, 204);
        assert_eq!(revoke().status, 204);
        assert_eq!(with(server, token, Asked::new("GET", "/api/v1/engine")).status, 401);
        assert_eq!(server.ask(Asked::new("DELETE", "/api/v1/tokens/nothing")).status, 404);
        assert_eq!(code(&make(&request(json!(["everything"]), &soon()))), (422, "request.value".to_owned()));
        assert_eq!(code(&make(&request(json!(["read"]), "tomorrow"))), (422, "request.value".to_owned()));
        assert_eq!(
            code(&make(&request(json!(["read"]), "2020-01-01T00:00:00Z"))),
            (422, "token.lifetime".to_owned())
        );
        assert_eq!(
            code(&make(&request(json!(["read"]), "2999-01-01T00:00:00Z"))),
            (422, "token.lifetime".to_owned())
        );
        let nobody = json!({ "account": "nobody", "expires-at": soon() });
        assert_eq!(make(&nobody).status, 404);
        assert_eq!(make(&json!({ "account": "administrator", "expires-at": YEAR_2026, "x": 1 })).status, 422);
    });
}

#[test]
fn an_account_is_changed_in_the_version_that_was_seen() {
    on_both(|server| {
        let new = json!({ "name": "alice", "role": "viewer", "password": "correct horse battery" });
        let made = server.post("/api/v1/accounts", &new);
        assert_eq!((made.status, made.header("location")), (201, Some("/api/v1/accounts/alice")));
        assert_eq!(code(&server.post("/api/v1/accounts", &new)), (409, "account.taken".to_owned()));
        let seen = made.header("etag").unwrap().to_owned();
        assert_eq!(server.get("/api/v1/accounts/alice").header("etag"), Some(seen.as_str()));
        let change = |tag: Option<&str>, body: Value| {
            let asked = Asked::new("PATCH", "/api/v1/accounts/alice").json(&body);
            server.ask(match tag {
                Some(tag) => asked.header("if-match", tag),
                None => asked,
            })
        };
        assert_eq!(code(&change(None, json!({ "role": "operator" }))), (428, "request.if-match".to_owned()));
        assert_eq!(
            code(&change(Some("*"), json!({ "role": "operator" }))),
            (428, "request.if-match".to_owned())
        );
        for stale in ["\"0\"", "\"99\"", "W/\"1\"", "1", "\"x\""] {
            assert_eq!(
                code(&change(Some(stale), json!({ "role": "operator" }))),
                (412, "request.stale".to_owned())
            );
        }
        let changed = change(Some(&seen), json!({ "role": "operator" }));
        assert_eq!((changed.status, &changed.json()["role"]), (200, &json!("operator")));
        assert_eq!(change(Some(&seen), json!({ "role": "viewer" })).status, 412);
        let now = changed.header("etag").unwrap().to_owned();
        assert_eq!(change(Some(&now), json!({ "rôle": "viewer" })).status, 422);
        assert_eq!(change(Some(&now), json!({ "disabled": true })).status, 200);
        assert_eq!(server.get("/api/v1/accounts/nobody").status, 404);
        let last = Asked::new("PATCH", "/api/v1/accounts/administrator").json(&json!({ "role": "viewer" }));
        let tag = server.get("/api/v1/accounts/administrator").header("etag").unwrap().to_owned();
        assert_eq!(
            code(&server.ask(last.header("if-match", &tag))),
            (409, "account.last-administrator".to_owned())
        );
        for (name, password, expected) in [
            ("b ob", "correct horse battery", "account.name"),
            ("bob", "too short", "account.password"),
            ("bob", "bob the great one", "account.password"),
        ] {
            let new = json!({ "name": name, "role": "viewer", "password": password });
            assert_eq!(
                code(&server.post("/api/v1/accounts", &new)),
                (422, expected.to_owned()),
                "{name} {password}"
            );
        }
    });
}

#[test]
fn a_password_gives_a_token_and_a_wrong_one_says_nothing() {
    on_both(|server| {
        let new = json!({ "name": "alice", "role": "viewer", "password": "correct horse battery" });
        assert_eq!(server.post("/api/v1/accounts", &new).status, 201);
        let sign_in = |account: &str, password: &str| {
            let body = json!({ "account": account, "password": password });
            server.send(&Asked::new("POST", "/api/v1/sign-in").json(&body))
        };
        let signed_in = sign_in("alice", "correct horse battery");
        assert_eq!(signed_in.status, 200, "{}", signed_in.text());
        let token = signed_in.json()["secret"].as_str().unwrap().to_owned();
        assert_eq!(with(server, &token, Asked::new("GET", "/api/v1/caller")).json()["account"], "alice");
        let mut bodies = std::collections::BTreeSet::new();
        for (account, password) in
            [("alice", "correct horse batterY"), ("nobody", "correct horse battery"), ("administrator", "")]
        {
            let refused = sign_in(account, password);
            assert_eq!(refused.status, 401, "{account}");
            let mut body = refused.json();
            body["instance"] = Value::Null;
            bodies.insert(body.to_string());
        }
        assert_eq!(bodies.len(), 1, "{bodies:?}");
        let audit = server.get("/api/v1/audit").text().to_owned();
        assert!(audit.contains("account.signed-in") && !audit.contains("battery"), "{audit}");
    });
}

#[test]
fn lists_come_in_pages_without_gaps() {
    on_both(|server| {
        for name in ["e", "b", "d", "a", "c"] {
            assert_eq!(
                server.post("/api/v1/accounts", &json!({ "name": name, "role": "viewer" })).status,
                201
            );
        }
        let mut names = Vec::new();
        let mut path = "/api/v1/accounts?limit=2".to_owned();
        loop {
            let page = server.get(&path).json();
            let items = page["items"].as_array().unwrap();
            assert!((1..=2).contains(&items.len()));
            names.extend(items.iter().map(|item| item["name"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/api/v1/accounts?limit=2&after={next}");
        }
        assert_eq!(names, ["a", "administrator", "b", "c", "d", "e"]);
        let whole = server.get("/api/v1/audit?limit=500").json();
        let whole = whole["items"].as_array().unwrap();
        let mut path = "/api/v1/audit?limit=3".to_owned();
        let mut found = Vec::new();
        loop {
            let page = server.get(&path).json();
            found.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/api/v1/audit?limit=3&after={next}");
        }
        assert_eq!(&found, whole);
        assert_eq!(found.last().unwrap()["sequence"], 1);
        let wrong = [
            ("limit=x", 400),
            ("limit=-1", 400),
            ("by=1", 400),
            ("after=x", 422),
            ("from=1", 422),
            ("until=x", 422),
        ];
        for (query, status) in wrong {
            assert_eq!(server.get(&format!("/api/v1/audit?{query}")).status, status, "{query}");
        }
        wanted(server, whole);
    });
}

/// What is asked for is found over all pages, not only among the records of one.
fn wanted(server: &Server, whole: &[Value]) {
    let asked = |query: &str| {
        let page = server.get(&format!("/api/v1/audit?{query}"));
        assert_eq!(page.status, 200, "{}", page.text());
        page.json()
    };
    let created = asked("what=ACCOUNT.created&limit=500");
    let expected: Vec<&Value> = whole.iter().filter(|one| one["what"] == "account.created").collect();
    assert_eq!(created["items"].as_array().unwrap().iter().collect::<Vec<_>>(), expected);
    assert!(expected.len() >= 5);
    // the next page has the next of them, however many others lie between
    let mut path = "what=account.created&limit=1".to_owned();
    for one in &expected {
        let page = asked(&path);
        assert_eq!(page["items"][0], **one);
        path = format!("what=account.created&limit=1&after={}", page["next"].as_str().unwrap_or_default());
    }
    let newest = expected[0]["time"].as_str().unwrap();
    assert_eq!(asked("until=2020-01-01T00:00:00Z")["items"], json!([]));
    assert_eq!(
        asked(&format!("from={newest}&subject=c&what=account"))["items"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(asked("who=nobody-of-this-name")["items"], json!([]));
}

#[test]
fn this_node_has_loaded_the_newest_version() {
    let server = Server::with(&["--node", "node-1.example.org"]);
    let nodes = loop {
        let nodes = server.get("/api/v1/nodes");
        if nodes.json()["items"][0]["loaded-version"].is_number() {
            break nodes;
        }
        std::thread::yield_now();
    };
    let list = nodes.json();
    assert_eq!(nodes.header("etag"), Some(format!("\"{}\"", list["version"]).as_str()));
    let node = &list["items"][0];
    assert_eq!((&node["name"], &node["role"]), (&json!("node-1.example.org"), &json!("publisher")));
    assert_eq!((&node["is-current"], &node["is-this"]), (&json!(true), &json!(true)));
    assert_eq!(&server.get("/api/v1/nodes/node-1.example.org").json()["name"], &node["name"]);
    assert_eq!(server.get("/api/v1/nodes/node-2").status, 404);
}

#[test]
fn what_was_audited_is_a_chain() {
    on_both(|server| {
        account(server, "alice", "operator");
        let audit = server.get("/api/v1/audit").json();
        let items = audit["items"].as_array().unwrap();
        let acts: Vec<&str> = items.iter().rev().map(|item| item["what"].as_str().unwrap()).collect();
        assert_eq!(
            acts,
            ["node.added", "account.created", "token.created", "account.created", "token.created"]
        );
        for pair in items.windows(2) {
            assert_eq!(pair[0]["previous"], pair[1]["hash"]);
        }
        assert_eq!(items.last().unwrap()["previous"], "0".repeat(64));
    });
}

#[test]
fn storage_of_no_use_is_one_line_at_start() {
    let place = Place::new();
    let start = |arguments: &[&str]| {
        let (status, output, errors) = run(assayer(&["serve", "--listen", "127.0.0.1:0"]).args(arguments));
        assert_eq!(
            (status, output.as_str(), errors.lines().count()),
            (Some(2), "", 1),
            "{arguments:?} {errors}"
        );
        errors
    };
    assert!(start(&["--data", "/no/such/directory"]).contains("there is no such directory"));
    std::fs::write(place.path().join("data/assayer.sqlite"), "not a database, whatever it is called")
        .unwrap();
    assert!(start(&["--data", &place.data()]).contains("is no database of this program"));
    let refused = start(&["--database", "postgres://alice:hunter2@127.0.0.1:1/assayer"]);
    assert!(refused.contains("cannot be reached") && !refused.contains("hunter2"), "{refused}");
    assert!(start(&["--database", "nonsense"]).contains("expected postgres://"));
    let server = Server::start();
    assert!(start(&["--data", &server.place.data()]).contains("is in use by another process"));
}
