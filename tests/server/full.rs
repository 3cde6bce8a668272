//! A disk that is full, on a small file system of its own: nothing starts on it, what is acknowledged stays, and the
//! server goes on when there is room again. Where this process may mount none, `storage` still has the test that lets
//! SQLite itself say that it is full.

use std::path::{Path, PathBuf};
use std::process::Command;

use pki::certificate::Sketch;
use serde_json::{Value, json};

use crate::client::{Asked, Reply};
use crate::process::{Place, Server, assayer, run};

/// A file system of so many octets at a directory of a place, gone at the end.
struct Small(PathBuf);

impl Small {
    /// `None` where mounting is refused.
    fn mount(place: &Place, size: &str) -> Option<Self> {
        let path = place.path().join("small");
        std::fs::create_dir_all(&path).unwrap();
        let options = format!("size={size},mode=700");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &options, "assayer-test"]).arg(&path).output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            return Some(Self(path));
        }
        eprintln!("not run: this process may mount no file system; SQLite's own limit stands in `storage`");
        None
    }

    fn text(&self) -> &str {
        self.0.to_str().unwrap()
    }

    /// Fills it up but for so many octets.
    fn fill(&self, left: usize) -> PathBuf {
        let ballast = self.0.join("ballast");
        let mut octets = 0;
        while std::fs::write(&ballast, vec![0_u8; octets + 4096]).is_ok() {
            octets += 4096;
        }
        std::fs::write(&ballast, vec![0_u8; octets.saturating_sub(left)]).unwrap();
        ballast
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

const FULL: &str = "no space is left for the database; make room and try again";

#[test]
fn nothing_starts_on_a_full_disk() {
    let place = Place::new();
    let Some(small) = Small::mount(&place, "1m") else { return };
    // from not a page to almost enough: at whatever write it fails, it says the same
    for left in [0, 4096, 8192, 16_384, 32_768, 65_536] {
        let ballast = small.fill(left);
        let (status, output, errors) =
            run(&mut assayer(&["serve", "--listen", "127.0.0.1:0", "--data", small.text()]));
        assert_eq!((status, output.as_str(), errors.lines().count()), (Some(2), "", 1), "{left}: {errors}");
        assert!(errors.contains(FULL), "{left}: {errors}");
        std::fs::remove_file(ballast).unwrap();
    }
    start(&small, Place::new()).stop();
}

fn start(small: &Small, place: Place) -> Server {
    Server::spawn(&mut assayer(&["serve", "--listen", "127.0.0.1:0", "--data", small.text()]), place)
}

fn upload(server: &Server, token: &str, number: usize) -> Reply {
    use base64ct::Encoding;
    let root = Sketch::ca("root").subject(&format!("CN=Root {number},O={}", "x".repeat(60))).issue();
    let file = base64ct::Base64::encode_string(&root.der);
    let body = json!({ "file": file, "kind": "trust", "room": "tomcat-trust" });
    ask(server, token, Asked::new("POST", "/api/v1/certificates").json(&body))
}

fn ask(server: &Server, token: &str, asked: Asked) -> Reply {
    server.send(&asked.header("authorization", &format!("Bearer {token}")))
}

/// The common names in store.
fn listed(server: &Server, token: &str) -> Vec<String> {
    let page = ask(server, token, Asked::new("GET", "/api/v1/certificates?limit=500")).json();
    let name = |item: &Value| item["common-name"].as_str().unwrap().to_owned();
    let mut names: Vec<String> = page["items"].as_array().unwrap().iter().map(name).collect();
    names.sort();
    names
}

#[test]
fn a_disk_that_fills_up_loses_nothing_and_is_told() {
    let place = Place::new();
    let Some(small) = Small::mount(&place, "3m") else { return };
    let server = start(&small, Place::new());
    let token = server.token.clone().unwrap();
    let mut kept = Vec::new();
    let mut number = 0;
    let mut put = |server: &Server, kept: &mut Vec<String>| {
        number += 1;
        let reply = upload(server, &token, number);
        match reply.status {
            200 => kept.push(format!("Root {number}")),
            507 => assert_eq!(reply.json()["code"], "server.storage-full", "{}", reply.text()),
            _ => panic!("{}", reply.text()),
        }
        reply.status
    };
    for _ in 0..3 {
        assert_eq!(put(&server, &mut kept), 200);
    }
    let ballast = small.fill(65_536);
    // there is room for some, and then for none, again and again
    let statuses: Vec<u16> = (0..60).map(|_| put(&server, &mut kept)).collect();
    assert!(statuses.iter().rev().take(10).all(|status| *status == 507), "{statuses:?}");
    kept.sort();
    assert_eq!(listed(&server, &token), kept);
    assert_eq!(ask(&server, &token, Asked::new("GET", "/healthz")).status, 200);
    let small_and_full: &Path = &small.0;
    assert!(small_and_full.join("assayer.sqlite").exists());
    std::fs::remove_file(&ballast).unwrap();
    assert_eq!(put(&server, &mut kept), 200);
    kept.sort();
    assert_eq!(listed(&server, &token), kept);
    // full again, and killed: what was acknowledged is there at the next start
    let ballast = small.fill(0);
    while put(&server, &mut kept) == 200 {}
    server.signal("-KILL");
    drop(server);
    std::fs::remove_file(ballast).unwrap();
    let server = start(&small, Place::new());
    kept.sort();
    assert_eq!(listed(&server, &token), kept);
    let (log, _) = server.stop();
    assert!(!log.contains("Broken"), "{log}");
}
