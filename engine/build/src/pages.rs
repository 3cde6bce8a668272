//! What a browser loads: the component as a core module with its glue, the page's own code with its glue, and the
//! files of `host-web/www`; each compressed, and all below one directory that is named after their content.
//!
//! The core module is the one inside the component, byte for byte: nothing of it is rewritten for the browser.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use js_component_bindgen::{InstantiationMode, TranspileOpts, transpile};
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::{Failure, hexadecimal, unusable, write_if_changed};

/// The page, which names the directory of all others.
const INDEX: &str = "index.html";
/// What the element does without.
const PAGES_ALONE: [&str; 3] = [INDEX, "start.js", "icon.svg"];
/// What stands in the page for that directory.
const PLACE: &str = "{{assets}}";
/// The core module.
const CORE_MODULE: &str = "engine.core.wasm";

/// Files by their names.
type Files = BTreeMap<String, Vec<u8>>;

/// What a build makes of a workspace for browsers, and where.
pub(crate) struct Places<'a> {
    /// The files of the pages besides their code.
    pub www: &'a Path,
    /// The files of the custom element's package besides its code.
    pub element: &'a Path,
    /// Where the package goes.
    pub package: &'a Path,
    /// Where everything else goes.
    pub out: &'a Path,
}

/// What was made for browsers.
pub(crate) struct Pages {
    /// Rust source: an array of the files.
    pub table: PathBuf,
    /// SHA-256 of the core module, in hexadecimal.
    pub core_module_sha256: String,
}

/// Makes every file, the table that a server includes, and the package of the custom element.
pub(crate) fn make(page: &Path, component: &[u8], places: &Places<'_>) -> Result<Pages, Failure> {
    let mut files = transpiled(component)?;
    let core = files.get(CORE_MODULE).ok_or_else(|| Failure("the component has no core module".into()))?;
    let core_module_sha256 = hexadecimal(&Sha256::digest(core));
    files.insert("engine.json".into(), identity(component, &core_module_sha256));
    files.append(&mut page_code(page, &places.out.join("page"))?);
    files.append(&mut read_directory(places.www)?);
    write_package(&files, places)?;
    let table = write_table(&mut files, places.out)?;
    Ok(Pages { table, core_module_sha256 })
}

/// The component as a core module and a module of JavaScript that makes instances of it.
fn transpiled(component: &[u8]) -> Result<Files, Failure> {
    let options = TranspileOpts::builder()
        .name("engine".into())
        .instantiation_mode(InstantiationMode::Async)
        .no_typescript(true)
        .no_namespaced_exports(true)
        .nodejs_compat_disabled(true)
        .build();
    let made = transpile(component, options)
        .map_err(|error| Failure(format!("the component cannot be made to run in a browser: {error:#}")))?;
    Ok(made.files.into_iter().collect())
}

/// What a page says of the engine that it brings along.
fn identity(component: &[u8], core_module: &str) -> Vec<u8> {
    let component = hexadecimal(&Sha256::digest(component));
    format!("{{\"component\":\"{component}\",\"core-module\":\"{core_module}\"}}\n").into_bytes()
}

/// The page's code and the JavaScript that starts it.
fn page_code(module: &Path, directory: &Path) -> Result<Files, Failure> {
    let broken = |error| Failure(format!("the page's code cannot be made to run in a browser: {error:#}"));
    // what an earlier build left there is not part of this one
    let _absent = fs::remove_dir_all(directory);
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(module)
        .out_name("page")
        .remove_name_section(true)
        .remove_producers_section(true)
        .typescript(false)
        .web(true)
        .map_err(broken)?
        .omit_default_module_path(false);
    bindgen.generate(directory).map_err(broken)?;
    read_directory(directory)
}

fn read_directory(directory: &Path) -> Result<Files, Failure> {
    let entries = fs::read_dir(directory).map_err(|error| unusable(directory, &error))?;
    let mut files = Files::new();
    for entry in entries {
        let path = entry.map_err(|error| unusable(directory, &error))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        if let Some(name) = name.filter(|_| path.is_file()) {
            files.insert(name, fs::read(&path).map_err(|error| unusable(&path, &error))?);
        }
    }
    Ok(files)
}

/// The package of the custom element: the same code and engine, with a shell of its own instead of the pages'.
fn write_package(files: &Files, places: &Places<'_>) -> Result<(), Failure> {
    let package = places.package;
    fs::create_dir_all(package).map_err(|error| unusable(package, &error))?;
    let own = read_directory(places.element)?;
    let code = files.iter().filter(|(name, _)| !PAGES_ALONE.contains(&name.as_str()));
    for (name, content) in code.chain(&own) {
        write_if_changed(&package.join(name), content)?;
    }
    Ok(())
}

/// Names the directory, puts its name into the page, compresses, and lists.
fn write_table(files: &mut Files, out: &Path) -> Result<PathBuf, Failure> {
    let directory = format!("/assets/{}", content_name(files));
    let index = files.remove(INDEX).ok_or_else(|| Failure(format!("there is no {INDEX}")))?;
    let index = String::from_utf8_lossy(&index).replace(PLACE, &directory);
    let compressed = out.join("pages");
    fs::create_dir_all(&compressed).map_err(|error| unusable(&compressed, &error))?;
    let mut table = String::from("[\n");
    let mut list = |path: &str, name: &str, content: &[u8]| -> Result<(), Failure> {
        let file = compressed.join(format!("{name}.br"));
        write_if_changed(&file, &brotli(content))?;
        let octets = content.len();
        let kind = media_type(name);
        let _always = writeln!(
            table,
            "    Page {{ path: {path:?}, media_type: {kind:?}, octets: {octets}, brotli: include_bytes!({file:?}) }},",
        );
        Ok(())
    };
    list("/", INDEX, index.as_bytes())?;
    for (name, content) in files.iter() {
        list(&format!("{directory}/{name}"), name, content)?;
    }
    table.push_str("]\n");
    let path = out.join("pages.rs");
    write_if_changed(&path, table.as_bytes())?;
    Ok(path)
}

/// A name that is another one as soon as any file is: what is below it may be kept for ever.
fn content_name(files: &Files) -> String {
    let mut hash = Sha256::new();
    for (name, content) in files {
        hash.update(Sha256::digest(name));
        hash.update(Sha256::digest(content));
    }
    hexadecimal(&hash.finalize()).chars().take(16).collect()
}

/// As small as it gets: it is done once, and loaded often.
fn brotli(content: &[u8]) -> Vec<u8> {
    let settings = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut compressed = Vec::new();
    let mut rest = content;
    // writing to memory does not fail
    let _octets = brotli::BrotliCompress(&mut rest, &mut compressed, &settings);
    compressed
}

fn media_type(name: &str) -> &'static str {
    match Path::new(name).extension().and_then(|ending| ending.to_str()) {
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_octet_is_another_directory() {
        let one = Files::from([("a".to_owned(), vec![1])]);
        let other = Files::from([("a".to_owned(), vec![2])]);
        assert_ne!(content_name(&one), content_name(&other));
        assert_eq!(content_name(&one), content_name(&one.clone()));
    }

    #[test]
    fn what_a_browser_must_know_the_type_of_has_one() {
        assert_eq!(media_type("engine.core.wasm"), "application/wasm");
        assert_eq!(media_type("page.js"), "text/javascript; charset=utf-8");
        assert_eq!(media_type("unheard-of"), "application/octet-stream");
    }
}
