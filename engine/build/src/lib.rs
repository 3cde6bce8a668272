//! For build scripts: compiles `engine/component` for the wasm target, encodes it as a component, checks that
//! it imports nothing, and hashes it; and makes of it and of `host-web` the files a browser loads. Adds the target
//! when it is missing, or says in one line what to do.
//!
//! It neither precompiles nor runs the component; that is for hosts.
//!
//! The guest is built in one fixed directory, `component` below the target directory, whoever asks: a
//! directory of its own because cargo holds a lock on the outer one, a fixed one so that it is built once. A
//! file lock keeps two build scripts apart, and each takes its own copy while it holds it.

mod cargo;
mod dependencies;
mod pages;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::{env, fmt};

use sha2::{Digest, Sha256};
use wit_component::{ComponentEncoder, DecodedWasm};

use self::cargo::Library;
use self::pages::Places;

/// A component that was built.
#[derive(Clone, Debug)]
pub struct Built {
    /// The component, in `OUT_DIR`.
    pub component: PathBuf,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Rust source in `OUT_DIR`: an array of everything that a browser loads, compressed.
    pub pages: PathBuf,
    /// SHA-256 of the core module in the component, which is what a browser runs; in hexadecimal.
    pub core_module_sha256: String,
}

/// Why there is no component: one line for people.
#[derive(Debug)]
pub struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

/// Builds the component into `OUT_DIR` and tells cargo what it was made from.
///
/// # Errors
/// [`Failure`] when it cannot be built, or when it would import anything.
pub fn build() -> Result<Built, Failure> {
    let workspace = workspace()?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| not_in("OUT_DIR"))?);
    let directory = target_directory(&out, &workspace).join("component");
    fs::create_dir_all(&directory).map_err(|error| unusable(&directory, &error))?;
    let lock_path = directory.join(".assayer-lock");
    let lock = File::create(&lock_path).map_err(|error| unusable(&lock_path, &error))?;
    lock.lock().map_err(|error| unusable(&lock_path, &error))?;

    cargo::ensure_target(&workspace)?;
    let module = cargo::build_module(&ENGINE, &workspace, &directory)?;
    let bytes = encode(&fs::read(&module).map_err(|error| unusable(&module, &error))?)?;
    let component = out.join("assayer.wasm");
    write_if_changed(&component, &bytes)?;
    dependencies::announce(&workspace, &module)?;

    let page = cargo::build_module(&PAGE, &workspace, &directory)?;
    let places = Places {
        www: &workspace.join("host-web/www"),
        element: &workspace.join("host-web/element"),
        package: &target_directory(&out, &workspace).join("assayer-preview"),
        out: &out,
    };
    let made = pages::make(&page, &bytes, &places)?;
    dependencies::announce(&workspace, &page)?;
    Ok(Built {
        component,
        sha256: hexadecimal(&Sha256::digest(&bytes)),
        pages: made.table,
        core_module_sha256: made.core_module_sha256,
    })
}

/// The engine, behind its contract.
const ENGINE: Library = Library { package: "engine-component", module: "engine_component" };
/// The pages' code.
const PAGE: Library = Library { package: "host-web", module: "host_web" };

/// The workspace of the package whose build script runs. Asked at run time: compiled in, it could be that of
/// another checkout that shares the target directory.
fn workspace() -> Result<PathBuf, Failure> {
    let package =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| not_in("CARGO_MANIFEST_DIR"))?);
    let found = package.ancestors().find(|directory| directory.join("engine/component/Cargo.toml").is_file());
    found
        .map(Path::to_path_buf)
        .ok_or_else(|| Failure(format!("no engine/component above {}", package.display())))
}

fn not_in(variable: &str) -> Failure {
    Failure(format!("only for build scripts: no {variable}"))
}

/// The target directory that `out` lies in, which is `profile/build/package-hash/out` below it. Not the one that
/// cargo has tagged: a directory that was there before cargo has no tag. Asking cargo would cost more than the rest
/// of a build without changes.
fn target_directory(out: &Path, workspace: &Path) -> PathBuf {
    out.ancestors().nth(4).map_or_else(|| workspace.join("target"), Path::to_path_buf)
}

/// Core module to component; refuses one that imports anything.
fn encode(module: &[u8]) -> Result<Vec<u8>, Failure> {
    let bytes = ComponentEncoder::default()
        .validate(true)
        .module(&without_names(module)?)
        .and_then(|encoder| encoder.encode())
        .map_err(|error| Failure(format!("the engine does not encode as a component: {error:#}")))?;
    let imports = imports(&bytes)?;
    if imports.is_empty() {
        Ok(bytes)
    } else {
        Err(Failure(format!("the component may import nothing, but imports {}", imports.join(", "))))
    }
}

/// The same module without the names of its functions, which nobody reads and which are a tenth of it: the linker
/// leaves them in when it strips.
fn without_names(module: &[u8]) -> Result<Vec<u8>, Failure> {
    let broken = |error| Failure(format!("the engine is no core module: {error}"));
    let mut kept = module.get(..8).unwrap_or_default().to_vec();
    let mut begin = kept.len();
    for payload in wasmparser::Parser::new(0).parse_all(module) {
        let payload = payload.map_err(broken)?;
        let Some((_, content)) = payload.as_section() else { continue };
        let end = usize::try_from(content.end).map_err(|_| Failure("the engine is too large".into()))?;
        let is_names =
            matches!(&payload, wasmparser::Payload::CustomSection(custom) if custom.name() == "name");
        if !is_names {
            // from the section's identifier and length on
            kept.extend_from_slice(module.get(begin..end).unwrap_or_default());
        }
        begin = end;
    }
    Ok(kept)
}

/// What tells a component from a core module, which the decoder would take for a component without a world.
const COMPONENT_PREAMBLE: &[u8] = b"\0asm\x0d\0\x01\0";

/// What a component imports, by name.
///
/// # Errors
/// [`Failure`] when `component` is not a component.
pub fn imports(component: &[u8]) -> Result<Vec<String>, Failure> {
    let not_a_component = |detail: String| Failure(format!("this is not a component: {detail}"));
    if !component.starts_with(COMPONENT_PREAMBLE) {
        return Err(not_a_component("it does not begin like one".into()));
    }
    match wit_component::decode(component).map_err(|error| not_a_component(format!("{error:#}")))? {
        DecodedWasm::Component(resolve, world) => {
            let world = resolve.worlds.get(world).ok_or_else(|| not_a_component("it has no world".into()))?;
            Ok(world.imports.keys().map(|key| resolve.name_world_key(key)).collect())
        }
        DecodedWasm::WitPackage(..) => Err(not_a_component("it is a package of interfaces".into())),
    }
}

/// Leaves an unchanged file alone, so that nothing is rebuilt on its account.
fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if fs::read(path).is_ok_and(|present| present == bytes) {
        return Ok(());
    }
    fs::write(path, bytes).map_err(|error| unusable(path, &error))
}

fn unusable(path: &Path, error: &io::Error) -> Failure {
    Failure(format!("{}: {error}", path.display()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_without_the_contract_is_refused() {
        let empty_module = b"\0asm\x01\0\0\0";
        assert!(imports(empty_module).is_err());
        assert!(imports(b"").is_err());
    }

    #[test]
    fn an_import_is_seen() {
        let nothing = COMPONENT_PREAMBLE.to_vec();
        // a function type without parameters or result, and an import `a` of that type
        let one =
            [COMPONENT_PREAMBLE, b"\x07\x05\x01\x40\x00\x01\x00", b"\x0a\x06\x01\x00\x01a\x01\x00"].concat();
        assert_eq!(imports(&nothing).unwrap(), Vec::<String>::new());
        assert_eq!(imports(&one).unwrap(), ["a"]);
    }

    #[test]
    fn hexadecimal_keeps_leading_zeros() {
        assert_eq!(hexadecimal(&[0, 1, 0xab]), "0001ab");
    }
}
