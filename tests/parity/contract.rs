//! What the component is: its imports and exports against the contract, and its size.

use std::collections::BTreeSet;
use std::io::Write;

use crate::component::engine;

/// The contract itself, in the folder the bindings of both sides are generated from.
const WORLD: &str = include_str!("../../wit/world.wit");
/// Largest component, in octets.
const LARGEST: usize = 1_500_000;
/// Largest component as a browser would download it, in octets.
const LARGEST_COMPRESSED: usize = 500_000;

/// The names of what `world.wit` exports, as a component carries them.
fn exported() -> BTreeSet<String> {
    let package = WORLD.lines().find_map(|line| line.strip_prefix("package ")?.strip_suffix(';'));
    let (name, version) = package.and_then(|package| package.split_once('@')).expect("a package");
    let lines = WORLD.lines().filter_map(|line| line.trim().strip_prefix("export ")?.strip_suffix(';'));
    lines.map(|interface| format!("{name}/{interface}@{version}")).collect()
}

#[test]
fn the_component_imports_nothing_and_exports_the_contract() {
    let info = engine().info();
    assert!(info.imports.is_empty(), "{:?}", info.imports);
    assert!(!WORLD.contains("import "), "nor does the contract");
    assert_eq!(info.exports.into_iter().collect::<BTreeSet<_>>(), exported());
    assert_eq!(exported().len(), 9);
}

#[test]
fn the_component_is_small() {
    let engine = engine();
    let component = engine.bytes();
    assert!(component.len() <= LARGEST, "{} octets", component.len());
    assert_eq!(engine.info().size, component.len());
    let mut compressed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut compressed, 64 * 1024, 11, 24);
    writer.write_all(component).unwrap();
    writer.flush().unwrap();
    drop(writer);
    println!("{} octets, {} compressed", component.len(), compressed.len());
    assert!(compressed.len() <= LARGEST_COMPRESSED, "{} octets", compressed.len());
}
