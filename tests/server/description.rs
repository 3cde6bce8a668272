//! The published description: up to date, complete, and held to by schemathesis, which makes requests of its own.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::contract::{description, project};
use crate::process::{Server, run};

#[test]
fn the_committed_description_is_that_of_the_router() {
    let made = host_server::api::description();
    let file = project().join("host-server/openapi.json");
    if std::env::var_os("ASSAYER_BLESS").is_some() {
        fs::write(&file, &made).unwrap();
    }
    let committed = fs::read_to_string(&file).unwrap();
    assert!(committed == made, "host-server/openapi.json is out of date; ASSAYER_BLESS=1 writes it anew");
}

#[test]
fn the_served_description_is_the_committed_one() {
    let served = Server::start().get("/openapi.json");
    assert_eq!(served.status, 200);
    assert_eq!(&served.json(), description());
    assert_eq!(description()["openapi"], "3.1.0");
}

#[test]
fn every_operation_has_a_name_a_place_and_its_problems() {
    for (path, item) in description()["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{method} {path}");
            assert!(operation["operationId"].is_string(), "{name}");
            assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{name}");
            let responses = operation["responses"].as_object().unwrap();
            for status in ["405", "500", "503"] {
                assert!(responses.contains_key(status), "{name} {status}");
            }
            let has_body = operation.get("requestBody").is_some();
            for status in ["400", "408", "413", "415", "422"] {
                assert!(!has_body || responses.contains_key(status), "{name} {status}");
            }
            let is_protected = operation.get("security").is_some();
            let is_sign_in = path == "/api/v1/sign-in";
            let is_called = path.starts_with("/api/") || path.starts_with("/v1/");
            assert_eq!(is_protected, is_called && !is_sign_in, "{name}");
            assert_eq!(is_protected || is_sign_in, responses.contains_key("401"), "{name}");
            assert_eq!(is_protected, responses.contains_key("403"), "{name}");
        }
    }
}

/// Installed by `.ci/test`; where it cannot be, this says so and passes.
#[test]
fn schemathesis_finds_nothing_undocumented() {
    let program: PathBuf = project().join("target/schemathesis/bin/schemathesis");
    if !program.exists() {
        eprintln!("NOT RUN: there is no {}; .ci/test installs it where python3 is", program.display());
        return;
    }
    let server = Server::start();
    let mut command = Command::new(program);
    command.current_dir(server.place.path());
    command.args(["run", &format!("{}/openapi.json", server.uri), "--phases", "examples,coverage,fuzzing"]);
    let checks =
        "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
    // it would listen for ever
    command.args(["--exclude-path", "/api/v1/events"]);
    command.args(["--checks", checks, "--max-examples", "25", "--no-color", "--seed", "1"]);
    if let Some(token) = &server.token {
        command.args(["--header", &format!("Authorization: Bearer {token}")]);
    }
    let (status, output, errors) = run(&mut command);
    assert_eq!(status, Some(0), "{output}{errors}");
    let tested = output.lines().find(|line| line.trim_start().starts_with("Tested:"));
    assert!(tested.is_some(), "{output}");
    let operations: usize = description()["paths"]
        .as_object()
        .unwrap()
        .values()
        .map(|item| item.as_object().map_or(0, serde_json::Map::len))
        .sum();
    // all but the description itself, which it starts from, and what it left out
    let expected: Value = (operations - 2).into();
    assert!(
        tested.is_some_and(|line| line.trim_end().ends_with(&expected.to_string())),
        "{tested:?} of {expected}"
    );
}
