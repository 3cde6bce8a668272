//! Makes of the engine's component machine code for the target, so that no start has to compile.

use std::path::PathBuf;
use std::{env, error, fs};

use sha2::{Digest, Sha256};

#[path = "src/component/configuration.rs"]
mod configuration;

type Anything = Box<dyn error::Error>;

fn main() -> Result<(), Anything> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/component/configuration.rs");
    let code = PathBuf::from(env::var("OUT_DIR")?).join("assayer.cwasm");
    // a target the compiler at hand cannot serve: the server compiles when it starts
    let bytes = precompile().unwrap_or_else(|error| {
        println!("cargo::warning=no machine code made ahead of time: {error}");
        Vec::new()
    });
    if fs::read(&code).ok().as_ref() != Some(&bytes) {
        fs::write(&code, &bytes)?;
    }
    println!("cargo::rustc-env=ASSAYER_MACHINE_CODE={}", code.display());
    println!("cargo::rustc-env=ASSAYER_MACHINE_CODE_SHA256={:x}", HexDigest(&bytes));
    Ok(())
}

/// Compiles for the oldest processor of the target, as the target is named and no feature of this machine asked
/// for: what is built here runs elsewhere.
fn precompile() -> Result<Vec<u8>, Anything> {
    let mut configuration = configuration::configuration();
    configuration.target(&env::var("TARGET")?)?;
    let engine = wasmtime::Engine::new(&configuration)?;
    Ok(engine.precompile_component(engine_artifacts::COMPONENT)?)
}

struct HexDigest<'a>(&'a [u8]);

impl std::fmt::LowerHex for HexDigest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Sha256::digest(self.0).iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}
