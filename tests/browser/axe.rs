//! What axe-core finds wrong for people who do not see a page, or do not see it well.
//!
//! `.ci/test` brings axe-core into `target/axe`, out of a package of PyPI that carries it; where it could not, this says
//! so and finds nothing.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::browser::Browser;
use crate::contract::project;

/// axe-core, where it could be had.
pub(crate) fn source() -> Option<String> {
    let found = fs::read_dir(project().join("target/axe/lib")).into_iter().flatten().filter_map(Result::ok);
    let mut paths = found.map(|python| python.path().join("site-packages/axe_playwright_python/axe.min.js"));
    let path: Option<PathBuf> = paths.find(|path| path.exists());
    path.map(|path| fs::read_to_string(path).unwrap())
}

/// Fails where axe finds a violation of serious or critical impact on the page as it is now.
#[track_caller]
pub(crate) fn accessible(browser: &Browser) {
    let Some(violations) = violations(browser) else {
        eprintln!("NOT RUN: there is no target/axe; .ci/test installs it where python3 is");
        return;
    };
    assert!(violations.is_empty(), "at {} axe finds:\n{}", browser.address(), violations.join("\n"));
}

/// Violations of serious or critical impact, each with its rule, its place and what to do; none where there is no axe.
#[track_caller]
pub(crate) fn violations(browser: &Browser) -> Option<Vec<String>> {
    if browser.script("return typeof globalThis.axe", &[]) == "undefined" {
        // in a function of its own: its `module` and `define` must not be anybody's
        browser.script(&format!("{}; globalThis.axe = axe;", source()?), &[]);
    }
    // without loading style sheets again, which a content security policy may forbid to scripts
    let run = "return axe.run(document, { resultTypes: ['violations'], preload: false })
        .then(found => found.violations.filter(rule => ['serious', 'critical'].includes(rule.impact))
            .flatMap(rule => rule.nodes.map(node =>
                `${rule.id} (${rule.impact}) at ${node.target.join(' ')}: ${rule.help}; ${node.failureSummary}`)))";
    let found = browser.script(run, &[]);
    let text = |item: &Value| item.as_str().unwrap_or_default().replace('\n', " ");
    Some(found.as_array().into_iter().flatten().map(text).collect())
}
