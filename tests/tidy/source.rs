//! The Rust files of the workspace, split into what ships and what tests.

use std::path::{Path, PathBuf};

/// One Rust file.
pub(crate) struct Source {
    /// Its path from the root of the workspace, with `/`.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
}

impl Source {
    /// The lines before the tests: all of it, none of it, or up to `#[cfg(test)]`.
    pub(crate) fn shipped(&self) -> Vec<&str> {
        if self.is_test() {
            return Vec::new();
        }
        let lines: Vec<&str> = self.text.lines().collect();
        let tests =
            lines.windows(2).position(|pair| pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod "));
        lines[..tests.unwrap_or(lines.len())].to_vec()
    }

    /// Nothing in it ships.
    pub(crate) fn is_test(&self) -> bool {
        let folder = self.path.contains("/tests/") || self.path.starts_with("tests/");
        folder || self.path.ends_with("/tests.rs")
    }
}

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_path_buf()
}

/// Every Rust file that is ours, in the order of their paths.
pub(crate) fn rust_files() -> Vec<Source> {
    files("rs")
}

/// Every file of this kind that is ours, in the order of their paths.
pub(crate) fn files(kind: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root(), kind, &mut found);
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

fn collect(folder: &Path, kind: &str, found: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            // Built, generated and foreign things are not ours to judge.
            let skipped =
                name.starts_with('.') || matches!(name.as_str(), "target" | "generated" | "node_modules");
            if !skipped {
                collect(&path, kind, found);
            }
        } else if path.extension().is_some_and(|extension| extension == kind) {
            let relative = path.strip_prefix(root()).expect("inside").to_string_lossy().replace('\\', "/");
            let text = std::fs::read_to_string(&path).expect("a text");
            found.push(Source { path: relative, text });
        }
    }
}

/// Without the comment at the end of a line; a `//` in a string counts as one too, which only ever hides.
pub(crate) fn code(line: &str) -> &str {
    line.find("//").map_or(line, |start| &line[..start])
}
