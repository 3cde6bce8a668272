//! What every file must begin with, and what no file may hold.

use crate::source::{Source, code, files, rust_files};

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<String> = rust_files()
        .into_iter()
        // Unit tests that were moved out of their module are told by it.
        .filter(|source| !source.text.starts_with("//! ") && !source.path.ends_with("/tests.rs"))
        .map(|source| source.path)
        .collect();
    assert!(silent.is_empty(), "no `//!` at the top of {silent:?}");
}

#[test]
fn every_scenario_sketches_its_chain_in_words() {
    for source in files("toml").into_iter().filter(|source| source.path.starts_with("tests/scenarios/")) {
        assert!(source.text.starts_with("# "), "{}", source.path);
    }
}

/// A thing to do has a number, so that it is not forgotten.
#[test]
fn nothing_is_left_to_do_without_a_number() {
    let word = ["TO", "DO"].concat();
    let unnumbered = |line: &str| {
        let after = line.split_once(&word).map(|(_, after)| after);
        after.is_some_and(|after| !after.starts_with("(#"))
    };
    assert_no_line(&rust_files(), unnumbered);
}

#[test]
fn nothing_is_printed_for_debugging() {
    let call = ["dbg", "!("].concat();
    assert_no_line(&rust_files(), |line| code(line).contains(&call));
}

/// No panic path in the engine. Clippy forbids it too; this also sees what a macro hides.
#[test]
fn the_engine_never_unwraps() {
    let engine: Vec<Source> = rust_files()
        .into_iter()
        .filter(|source| source.path.starts_with("engine/src/") && !source.is_test)
        .map(|source| Source { text: source.shipped().join("\n"), ..source })
        .collect();
    assert!(engine.len() > 20, "the engine was found");
    assert_no_line(&engine, |line| {
        let line = code(line);
        [".unwrap()", ".expect(", "panic!(", "unreachable!(", "todo!("].iter().any(|word| line.contains(word))
    });
}

/// No path of the machine it was written on.
#[test]
fn no_file_names_a_place_outside_the_project() {
    let absolute = ["/wo", "rk/"].concat();
    for kind in ["rs", "toml", "md", "wit", "txt"] {
        assert_no_line(&files(kind), |line| line.contains(&absolute));
    }
}

fn assert_no_line(sources: &[Source], unwanted: impl Fn(&str) -> bool) {
    let mut found = Vec::new();
    for source in sources {
        for (number, line) in source.text.lines().enumerate().filter(|(_, line)| unwanted(line)) {
            found.push(format!("{}:{}: {}", source.path, number + 1, line.trim()));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
