//! What the component was made from, told to cargo: exactly the files that can change it, so that a build
//! without changes does nothing.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Failure, unusable};

/// Files that no compiler lists.
const MANIFESTS: [&str; 6] = [
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "engine/Cargo.toml",
    "engine/component/Cargo.toml",
    "host-web/Cargo.toml",
];
/// Directories whose files no compiler lists: the contract, and what the page is made of besides its code.
const DIRECTORIES: [&str; 3] = ["wit", "host-web/www", "host-web/element"];

/// Tells cargo about every file behind `module`: what the compiler read, the contract and the manifests.
pub(crate) fn announce(workspace: &Path, module: &Path) -> Result<(), Failure> {
    let list = module.with_extension("d");
    let text = fs::read_to_string(&list).map_err(|error| unusable(&list, &error))?;
    let manifests = MANIFESTS.iter().map(|name| workspace.join(name)).filter(|path| path.exists());
    let directories = DIRECTORIES.iter().map(|name| workspace.join(name));
    for path in sources(&text).into_iter().chain(manifests).chain(directories) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    Ok(())
}

/// Reads a dep-info file: `target: source source …`, with a backslash before a space that belongs to a name.
fn sources(text: &str) -> Vec<PathBuf> {
    let mut sources = Vec::new();
    for line in text.lines() {
        let Some((_, list)) = line.split_once(": ") else { continue };
        let marked = list.replace("\\ ", "\0");
        sources.extend(marked.split_whitespace().map(|name| PathBuf::from(name.replace('\0', " "))));
    }
    sources
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_spaces_stay_whole() {
        let text = "/t/a.wasm: /w/src/lib.rs /w/my\\ dir/x.rs\n";
        assert_eq!(sources(text), [PathBuf::from("/w/src/lib.rs"), PathBuf::from("/w/my dir/x.rs")]);
    }

    #[test]
    fn a_target_without_sources_has_none() {
        assert!(sources("/t/a.wasm:\n").is_empty());
    }
}
