//! The Rust files of the workspace, split into what ships and what tests.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// One Rust file.
pub(crate) struct Source {
    /// Its path from the root of the workspace, with `/`.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
    /// Nothing in it ships: it lies in a folder of tests, or is declared under `#[cfg(test)]`.
    pub(crate) is_test: bool,
}

impl Source {
    /// The lines before the tests: all of it, none of it, or up to the module of tests at its end.
    pub(crate) fn shipped(&self) -> Vec<&str> {
        if self.is_test {
            return Vec::new();
        }
        let lines: Vec<&str> = self.text.lines().collect();
        let inline =
            |pair: &[&str]| pair[0] == "#[cfg(test)]" && pair[1].contains("mod ") && pair[1].ends_with('{');
        let tests = lines.windows(2).position(inline);
        lines[..tests.unwrap_or(lines.len())].to_vec()
    }

    /// Paths of the files that this one declares under `#[cfg(test)]`, or wherever they might lie.
    fn declared_tests(&self) -> Vec<String> {
        let lines: Vec<&str> = self.text.lines().collect();
        let pairs = lines.windows(2).filter(|pair| pair[0].trim() == "#[cfg(test)]");
        let names = pairs.filter_map(|pair| pair[1].split_once("mod ")?.1.strip_suffix(';'));
        let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let own = self.path.trim_end_matches(".rs");
        names.flat_map(|name| [format!("{folder}/{name}.rs"), format!("{own}/{name}.rs")]).collect()
    }
}

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_path_buf()
}

/// Every Rust file that is ours, in the order of their paths.
pub(crate) fn rust_files() -> Vec<Source> {
    let mut all = files("rs");
    let declared: BTreeSet<String> = all.iter().flat_map(Source::declared_tests).collect();
    for source in &mut all {
        source.is_test |= declared.contains(&source.path);
    }
    all
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
            let is_test = relative.starts_with("tests/") || relative.contains("/tests/");
            found.push(Source { path: relative, text, is_test });
        }
    }
}

/// Without the comment at the end of a line; a `//` in a string counts as one too, which only ever hides.
pub(crate) fn code(line: &str) -> &str {
    line.find("//").map_or(line, |start| &line[..start])
}
