//! Builds the component and the pages. In a package of its own, so that cargo does this while it compiles what runs
//! the component, and not after that.

use std::error;

fn main() -> Result<(), Box<dyn error::Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let built = engine_build::build()?;
    println!("cargo::rustc-env=ASSAYER_COMPONENT={}", built.component.display());
    println!("cargo::rustc-env=ASSAYER_COMPONENT_SHA256={}", built.sha256);
    println!("cargo::rustc-env=ASSAYER_PAGES={}", built.pages.display());
    println!("cargo::rustc-env=ASSAYER_CORE_MODULE_SHA256={}", built.core_module_sha256);
    Ok(())
}
