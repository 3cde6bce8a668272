//! Two servers on one PostgreSQL: what is done at one holds at the other, and each says what it has loaded (R-TRB-4).

use serde_json::{Value, json};

use crate::client::Asked;
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
