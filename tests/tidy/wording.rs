//! Every reason that the engine gives for a revocation status has wording, and no wording is left over.

use std::collections::BTreeSet;

use crate::source::{code, rust_files};

/// Where the reasons are, and where their wording is.
const REASONS: &str = "engine/src/revocation/";
const WORDING: &str = "engine/wording/src/status.rs";
/// How the code of a reason begins.
const SUBJECTS: [&str; 7] =
    ["crl.", "ocsp.", "unavailable.", "delegate.", "designated.", "responder.", "revocation."];

#[test]
fn every_reason_of_a_status_has_wording() {
    let sources = rust_files();
    let codes = |wanted: &dyn Fn(&str) -> bool| -> BTreeSet<String> {
        let files = sources.iter().filter(|source| wanted(&source.path) && !source.is_test);
        files
            .flat_map(|source| {
                source.shipped().iter().flat_map(|line| quoted(code(line))).collect::<Vec<_>>()
            })
            .collect()
    };
    let given = codes(&|path| path.starts_with(REASONS));
    let worded = codes(&|path| path == WORDING);
    assert!(given.len() > 70, "only {} reasons were found", given.len());
    assert_eq!(given, worded);
}

/// The codes of reasons in a line.
fn quoted(line: &str) -> Vec<String> {
    let quotations = line.split('"').skip(1).step_by(2);
    let is_code = |text: &&str| {
        let letters = text.bytes().all(|octet| matches!(octet, b'a'..=b'z' | b'-' | b'.'));
        letters && SUBJECTS.iter().any(|subject| text.starts_with(subject))
    };
    quotations.filter(is_code).map(str::to_owned).collect()
}
