//! The inner cargo: makes sure the target is there, and builds the core module with nothing of the outer
//! build leaking in.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, io};

use crate::Failure;

/// Every interface is exported and none imported; the WASI targets would add imports.
const TARGET: &str = "wasm32-unknown-unknown";
/// Defined in the root manifest.
const PROFILE: &str = "component";

/// What cargo, clippy, rustdoc and wrappers set for the outer build, and what must not reach the inner one:
/// flags and wrappers would change its bytes, the rest would confuse it.
const OUTER: [&str; 11] = [
    "RUST",
    "CLIPPY",
    "DEP_",
    "OUT_DIR",
    "TARGET",
    "HOST",
    "PROFILE",
    "OPT_LEVEL",
    "DEBUG",
    "NUM_JOBS",
    "MAKEFLAGS",
];
/// What cargo needs to find its way all the same.
const KEPT: [&str; 7] = [
    "CARGO_HOME",
    "CARGO_NET_",
    "CARGO_HTTP_",
    "CARGO_REGISTRIES_",
    "CARGO_SOURCE_",
    "RUSTUP_",
    "RUST_MIN_STACK",
];

/// Adds the wasm target through rustup when the compiler in use does not have it.
pub(crate) fn ensure_target(workspace: &Path) -> Result<(), Failure> {
    let sysroot = sysroot(workspace)?;
    if sysroot.join("lib/rustlib").join(TARGET).join("lib").is_dir() {
        return Ok(());
    }
    let added = inner("rustup", workspace).args(["target", "add", TARGET]).output();
    if added.as_ref().is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    Err(Failure(format!(
        "the compiler in {} lacks the target {TARGET} and rustup could not add it; run `rustup target add {TARGET}` \
         or install your distribution's package for it",
        sysroot.display()
    )))
}

/// A library that is compiled for the wasm target.
pub(crate) struct Library {
    /// Its package.
    pub package: &'static str,
    /// What the compiler names its module, without an ending.
    pub module: &'static str,
}

/// Builds a library's core module and says where it is.
pub(crate) fn build_module(
    library: &Library,
    workspace: &Path,
    directory: &Path,
) -> Result<PathBuf, Failure> {
    let mut cargo = inner(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), workspace);
    cargo
        .args(["build", "--package", library.package, "--lib", "--target", TARGET, "--profile", PROFILE])
        .arg("--target-dir")
        .arg(directory)
        .env("CARGO_ENCODED_RUSTFLAGS", flags(workspace)?);
    if workspace.join("Cargo.lock").is_file() {
        cargo.arg("--locked");
    }
    let output = cargo.output().map_err(|error| cannot_start("cargo", &error))?;
    if output.status.success() {
        return Ok(directory.join(TARGET).join(PROFILE).join(library.module).with_extension("wasm"));
    }
    let text = String::from_utf8_lossy(&output.stderr);
    Err(Failure(format!("{} does not build for {TARGET}:\n{text}", library.package)))
}

/// Flags that keep this machine's directories out of panic messages, so that the bytes are the same everywhere.
fn flags(workspace: &Path) -> Result<OsString, Failure> {
    let mut flags = OsString::new();
    let mut remap = |from: &Path, to: &str| {
        if !flags.is_empty() {
            flags.push("\u{1f}");
        }
        flags.push("--remap-path-prefix=");
        flags.push(from);
        flags.push("=");
        flags.push(to);
    };
    // rustc applies the last one that matches: the workspace may lie in the home directory of cargo
    remap(&sysroot(workspace)?, "/rust");
    if let Some(home) = cargo_home() {
        remap(&home, "/cargo");
    }
    remap(workspace, "/assayer");
    Ok(flags)
}

fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| env::home_dir().map(|home| home.join(".cargo")))
}

/// Where the compiler in use has its libraries.
fn sysroot(workspace: &Path) -> Result<PathBuf, Failure> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = inner(rustc, workspace)
        .args(["--print", "sysroot"])
        .output()
        .map_err(|error| cannot_start("rustc", &error))?;
    Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}

/// A command in the workspace that sees nothing of the outer build.
fn inner(program: impl AsRef<OsStr>, workspace: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace);
    for (name, _) in env::vars_os() {
        if is_outer(&name.to_string_lossy()) {
            command.env_remove(&name);
        }
    }
    command
}

fn is_outer(name: &str) -> bool {
    let starts = |prefix: &str| name.starts_with(prefix);
    let outer = name.starts_with("CARGO") || OUTER.iter().any(|prefix| starts(prefix));
    outer && !KEPT.iter().any(|prefix| starts(prefix))
}

fn cannot_start(program: &str, error: &io::Error) -> Failure {
    Failure(format!("cannot start {program}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_wrappers_of_the_outer_build_are_taken_away() {
        for name in [
            "CARGO_ENCODED_RUSTFLAGS",
            "RUSTFLAGS",
            "RUSTC_WORKSPACE_WRAPPER",
            "RUSTC_WRAPPER",
            "CLIPPY_ARGS",
            "CARGO_TARGET_DIR",
            "CARGO_PROFILE_RELEASE_LTO",
            "CARGO_MAKEFLAGS",
            "RUSTC",
            "DEP_Z_ROOT",
        ] {
            assert!(is_outer(name), "{name}");
        }
    }

    #[test]
    fn what_finds_toolchain_and_registry_stays() {
        for name in [
            "CARGO_HOME",
            "RUSTUP_TOOLCHAIN",
            "RUSTUP_HOME",
            "PATH",
            "HOME",
            "CARGO_NET_OFFLINE",
            "HTTPS_PROXY",
        ] {
            assert!(!is_outer(name), "{name}");
        }
    }
}
