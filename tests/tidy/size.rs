//! How long files and functions may grow, tests not counted.

use crate::source::{Source, rust_files};

/// No file is longer than this before its tests.
const LONGEST_FILE: usize = 600;
/// Nine files in ten are shorter than this.
const MOST_FILES: usize = 450;
/// No function is longer than this, comments and blank lines not counted.
const LONGEST_FUNCTION: usize = 60;
/// Functions that may be longer: one flat table or match each.
const FLAT: &[(&str, &str)] = &[];

fn lengths() -> Vec<(usize, String)> {
    let files = rust_files().into_iter().filter(|source| !source.is_test);
    files.map(|source| (source.shipped().len(), source.path)).collect()
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<_> = lengths().into_iter().filter(|(lines, _)| *lines > LONGEST_FILE).collect();
    assert!(long.is_empty(), "{long:?}");
}

#[test]
fn nine_files_in_ten_are_short() {
    let all = lengths();
    let long: Vec<_> = all.iter().filter(|(lines, _)| *lines >= MOST_FILES).collect();
    assert!(long.len() * 10 <= all.len(), "{} of {}: {long:?}", long.len(), all.len());
}

#[test]
fn no_function_is_too_long() {
    let mut long = Vec::new();
    let mut measured = 0;
    for source in rust_files() {
        for (name, lines) in functions(&source) {
            measured += 1;
            let flat = FLAT.iter().any(|(path, known)| *path == source.path && *known == name);
            if lines > LONGEST_FUNCTION && !flat {
                long.push(format!("{}: {name} has {lines} lines", source.path));
            }
        }
    }
    assert!(measured > 300, "only {measured} functions were found");
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn every_exception_is_still_needed() {
    for (path, name) in FLAT {
        let source = rust_files().into_iter().find(|source| source.path == *path);
        let source = source.unwrap_or_else(|| panic!("{path} is gone"));
        let found = functions(&source).into_iter().find(|(known, _)| known == name);
        assert!(found.is_some_and(|(_, lines)| lines > LONGEST_FUNCTION), "{path}: {name}");
    }
}

/// Functions with the lines of code from their `fn` to the brace that closes them. The tree is formatted, so
/// the closing brace stands under the beginning of its function.
fn functions(source: &Source) -> Vec<(String, usize)> {
    let lines = source.shipped();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else { continue };
        let indent = line.len() - line.trim_start().len();
        let closing = format!("{}}}", " ".repeat(indent));
        let body = lines[start..].iter().take_while(|line| **line != closing);
        let counted = body.filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with("//"));
        if opens_a_body(&lines[start..], indent) {
            found.push((name, counted.count() + 1));
        }
    }
    found
}

/// A signature ends in `{` before anything stands at its own indentation again; one-line bodies and
/// declarations without a body do not count.
fn opens_a_body(lines: &[&str], indent: usize) -> bool {
    let ends = lines.iter().find(|line| line.ends_with('{') || line.ends_with(';') || line.ends_with('}'));
    ends.is_some_and(|line| line.ends_with('{') && line.len() - line.trim_start().len() == indent)
}

fn function_name(line: &str) -> Option<String> {
    let mut rest = line.trim_start();
    for word in ["pub(crate) ", "pub(super) ", "pub ", "const ", "async ", "unsafe "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let name: String = rest
        .strip_prefix("fn ")?
        .chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
        .collect();
    Some(name)
}

#[test]
fn functions_are_measured_from_their_name_to_their_brace() {
    let text = "pub fn one() {\n    // why\n    let a = 1;\n\n    a\n}\nfn two() -> u8 { 2 }\nfn three(\n    a: u8,\n) -> u8 {\n    a\n}\n";
    let source = Source { path: "engine/src/x.rs".to_owned(), text: text.to_owned(), is_test: false };
    assert_eq!(functions(&source), [("one".to_owned(), 4), ("three".to_owned(), 5)]);
}
