//! What a first build compiles: the largest of the dependencies is compiled once.

use std::process::Command;

use serde_json::Value;

use crate::source::root;

/// A build script and the program ask for the runtime both; with other features or another profile for one of them, it
/// would be compiled twice, and the first build takes half as long again.
#[test]
fn wasmtime_is_compiled_once() {
    let arguments =
        ["build", "--offline", "--release", "--bin", "assayer", "--unit-graph", "-Zunstable-options"];
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    // the graph is shown only to those who know that its form may change
    let shown = Command::new(cargo).args(arguments).env("RUSTC_BOOTSTRAP", "1").current_dir(root()).output();
    let shown = shown.expect("cargo runs");
    let graph: Value = serde_json::from_slice(&shown.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&shown.stderr)));
    for package in ["wasmtime", "cranelift-codegen", "sqlx-core"] {
        let compiled = graph["units"].as_array().expect("units").iter().filter(|unit| {
            let id = unit["pkg_id"].as_str().unwrap_or_default();
            let is_library =
                unit["target"]["kind"].as_array().is_some_and(|kinds| kinds.contains(&"lib".into()));
            id.contains(&format!("#{package}@")) && is_library && unit["mode"] == "build"
        });
        let found: Vec<String> = compiled.map(|unit| unit["features"].to_string()).collect();
        assert_eq!(found.len(), 1, "{package} is compiled with: {}", found.join(" and with "));
    }
}
