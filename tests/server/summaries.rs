//! What a first page says: of nothing, and of something of every kind.

use pki::certificate::Sketch;
use pki::key::Key;
use serde_json::{Value, json};

use crate::client::Asked;
use crate::management::{NODE, done, fields, fingerprint, on_both, upload};
use crate::trusted::put_policy;

const PATH: &str = "/api/v1/summary";

fn day(days: i64) -> String {
    let moment = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days);
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn ending(counts: &Value) -> Vec<i64> {
    let names = ["ended", "within-7-days", "within-30-days", "within-90-days"];
    names.iter().map(|name| counts[name].as_i64().unwrap()).collect()
}

#[test]
fn it_says_what_ends_what_waits_and_what_is_in_force() {
    on_both(|server| {
        let nothing = done(&server.get(PATH));
        assert_eq!((&nothing["unready"], &nothing["node"]), (&json!(null), &json!(NODE)));
        assert_eq!(nothing["engine"], server.get("/api/v1/engine").json()["sha256"]);
        let policy = json!({ "number": null, "profile": "rfc5280", "common-criteria": false });
        assert_eq!((&nothing["policy"], &nothing["requests"]["items"]), (&policy, &json!([])));
        assert_eq!((&nothing["nodes"]["all"], &nothing["lists"]["watched"]), (&json!(1), &json!(0)));
        assert_eq!(ending(&nothing["ending"]["trust"]), [0, 0, 0, 0]);
        let until = |name: &str, days| {
            let sketch = Sketch::ca(name).key(Key::p256(name)).valid("2020-01-01T00:00:00Z", &day(days));
            sketch.issue().der
        };
        let week = until("week", 6);
        // in two places, and counted once
        for store in ["tomcat-trust", "CAPF-trust"] {
            done(&upload(server, &week, "trust", store));
        }
        for (name, days) in [("month", 29), ("quarter", 89), ("later", 91)] {
            done(&upload(server, &until(name, days), "trust", "tomcat-trust"));
        }
        done(&server.post("/api/v1/requests", &fields("tomcat")));
        done(&put_policy(server, "common-criteria = true\n"));
        let told = done(&server.get(PATH));
        assert_eq!(ending(&told["ending"]["trust"]), [0, 1, 2, 3]);
        assert_eq!(ending(&told["ending"]["identity"]), [0, 0, 0, 0]);
        let waiting = &told["requests"]["items"];
        assert_eq!((waiting.as_array().map(Vec::len), &waiting[0]["purpose"]), (Some(1), &json!("tomcat")));
        assert_eq!((&waiting[0]["node"], waiting[0]["since"].is_string()), (&json!(NODE), true));
        assert_eq!(
            (&told["policy"]["number"], &told["policy"]["common-criteria"]),
            (&json!(1), &json!(true))
        );
        assert_eq!(told["monitor"]["status"], server.get("/api/v1/monitor").json()["status"]);
        assert!(told["version"].as_i64() > nothing["version"].as_i64());
    });
}

#[test]
fn a_node_that_is_behind_and_alarms_that_are_open_are_counted() {
    on_both(|server| {
        done(&server.post("/api/v1/nodes", &json!({ "name": "cm2.ex.com" })));
        let sketch = Sketch::ca("week").key(Key::p256("week")).valid("2020-01-01T00:00:00Z", &day(3));
        done(&upload(server, &sketch.issue().der, "trust", "tomcat-trust"));
        assert_eq!(server.ask(Asked::new("POST", "/api/v1/monitor/runs")).status, 202);
        let begun = std::time::Instant::now();
        let told = loop {
            let told = done(&server.get(PATH));
            let open: i64 = ["critical", "error", "warning", "notice"]
                .iter()
                .map(|severity| told["alarms"][severity]["open"].as_i64().unwrap())
                .sum();
            if open == 1 && told["nodes"]["behind"] == json!(["cm2.ex.com"]) {
                break told;
            }
            assert!(begun.elapsed() < std::time::Duration::from_secs(60), "{told}");
            std::thread::yield_now();
        };
        assert_eq!((&told["nodes"]["all"], &told["monitor"]["found"]["approaching"]), (&json!(2), &json!(1)));
        let alarm = done(&server.get("/api/v1/alarms?state=open"))["items"][0].clone();
        let severity = alarm["severity"].as_str().unwrap().to_owned();
        let answer = Asked::new("PATCH", &format!("/api/v1/alarms/{}", alarm["id"].as_str().unwrap()));
        done(&server.ask(answer.json(&json!({ "answer": "acknowledge" }))));
        let counts = done(&server.get(PATH))["alarms"][&severity].clone();
        assert_eq!(counts, json!({ "open": 0, "acknowledged": 1 }));
    });
}

// R-SHOW-11
#[test]
fn a_certificate_is_downloaded_under_a_chosen_name() {
    on_both(|server| {
        let der = Sketch::ca("one").issue().der;
        done(&upload(server, &der, "trust", "tomcat-trust"));
        let path = format!("/api/v1/certificates/{}", fingerprint(&der));
        let download = |query: &str, accept: &str| {
            server.ask(Asked::new("GET", &format!("{path}{query}")).header("accept", accept))
        };
        let named = download("?name=tomcat%201.cer", "application/pkix-cert");
        assert_eq!(
            (named.header("content-disposition"), &named.body),
            (Some("attachment; filename=\"tomcat 1.cer\""), &der)
        );
        let pem = download("?name=tomcat.pem", "application/x-pem-file");
        assert_eq!(pem.header("content-disposition"), Some("attachment; filename=\"tomcat.pem\""));
        let usual = download("", "application/pkix-cert");
        let expected = format!("attachment; filename=\"{}.cer\"", fingerprint(&der));
        assert_eq!(usual.header("content-disposition"), Some(expected.as_str()));
        for none in ["%22x", "..%2Fx", "", ".x", "a%0D%0Ab"] {
            let reply = download(&format!("?name={none}"), "application/pkix-cert");
            assert_eq!((reply.status, &reply.json()["input"]), (422, &json!("name")), "{none}");
        }
        assert_eq!(download("?colour=blue", "application/pkix-cert").status, 400);
    });
}
