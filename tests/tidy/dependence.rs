//! Who may import whom.

use crate::source::{Source, code, root, rust_files};

/// The modules of the engine in the order of dependence: each imports only from its left. Modules in one
/// string stand side by side and may see those before them in it.
const ENGINE: &[&str] = &[
    "oid",
    "order",
    "time",
    "der",
    "outsourced",
    "budget",
    "expression",
    "finding",
    "settings",
    "certificate",
    "signature",
    "evidence",
    "trust",
    "path",
    "revocation",
    "policy",
    "request",
    "validator",
    "verdict",
    "evaluate",
    "comparison",
    "management",
];

fn place(module: &str) -> Option<usize> {
    ENGINE.iter().position(|known| *known == module)
}

/// The modules named after `crate::` in a text without comments, grouped imports included.
fn imported(text: &str) -> Vec<String> {
    let word = |rest: &str| -> String {
        rest.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect()
    };
    let mut found = Vec::new();
    for (start, _) in text.match_indices("crate::") {
        let rest = &text[start + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => found.extend(heads(group).iter().map(|head| word(head))),
            None => found.push(word(rest)),
        }
    }
    found
}

/// The beginnings of the items of a group, up to its closing brace.
fn heads(group: &str) -> Vec<String> {
    let (mut depth, mut items) = (0_usize, vec![String::new()]);
    for letter in group.chars() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => items.push(String::new()),
            letter if !letter.is_whitespace() => items.last_mut().expect("an item").push(letter),
            _ => {}
        }
    }
    items.into_iter().filter(|item| !item.is_empty()).collect()
}

fn engine_module(source: &Source) -> Option<String> {
    let inside = source.path.strip_prefix("engine/src/")?;
    let first = inside.split('/').next()?.trim_end_matches(".rs");
    (first != "lib").then(|| first.to_owned())
}

#[test]
fn an_engine_module_imports_only_from_its_left() {
    let mut wrong = Vec::new();
    for source in rust_files() {
        let Some(module) = engine_module(&source) else { continue };
        let Some(own) = place(&module) else {
            wrong.push(format!("{}: the module {module} has no place in the order", source.path));
            continue;
        };
        let text: String = source.shipped().iter().map(|line| format!("{}\n", code(line))).collect();
        for other in imported(&text) {
            match place(&other) {
                Some(there) if there > own => wrong.push(format!("{}: imports {other}", source.path)),
                Some(_) => {}
                None => wrong.push(format!("{}: imports {other}, which has no place", source.path)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn grouped_imports_are_read_whole() {
    assert_eq!(imported("use crate::{der::{Tag, Reader}, oid};"), ["der", "oid"]);
    assert_eq!(imported("use crate::path::x; let a = crate::time::B;"), ["path", "time"]);
}

fn manifest(package: &str) -> Option<toml::Table> {
    let text = std::fs::read_to_string(root().join(package).join("Cargo.toml")).ok()?;
    Some(text.parse().unwrap_or_else(|error| panic!("{package}: {error}")))
}

fn dependencies(manifest: &toml::Table, kind: &str) -> Vec<String> {
    let table = manifest.get(kind).and_then(toml::Value::as_table);
    table.map(|table| table.keys().cloned().collect()).unwrap_or_default()
}

/// Hosts hold no rule: they know the contract, and never the crate behind it.
#[test]
fn hosts_never_depend_on_the_engine_crate() {
    for host in ["host-server", "host-web"] {
        let Some(manifest) = manifest(host) else { continue };
        for kind in ["dependencies", "build-dependencies", "dev-dependencies"] {
            let list = dependencies(&manifest, kind);
            assert!(!list.iter().any(|name| name == "engine"), "{host} names the engine crate in {kind}");
        }
    }
}

/// Fixtures are for tests; nothing that ships may need them.
#[test]
fn nothing_that_ships_depends_on_tests() {
    for package in [
        "engine",
        "engine/component",
        "engine/artifacts",
        "engine/build",
        "engine/capsule",
        "engine/cases",
        "engine/wording",
        "host-server",
        "host-web",
    ] {
        let Some(manifest) = manifest(package) else { continue };
        for kind in ["dependencies", "build-dependencies"] {
            let list = dependencies(&manifest, kind);
            assert!(!list.iter().any(|name| name == "pki" || name == "conformance"), "{package}: {kind}");
        }
    }
}

/// The fixtures know no judge, or they could not be used to test it.
#[test]
fn fixtures_do_not_know_the_engine() {
    let manifest = manifest("tests/pki").expect("a manifest");
    for kind in ["dependencies", "build-dependencies", "dev-dependencies"] {
        assert!(!dependencies(&manifest, kind).iter().any(|name| name == "engine"), "{kind}");
    }
}
