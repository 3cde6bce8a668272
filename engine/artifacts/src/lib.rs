//! What the build makes for hosts: the component, and the files that a browser loads. Octets and their hashes;
//! nothing here runs or reads them.

#![forbid(unsafe_code)]

/// The component.
pub const COMPONENT: &[u8] = include_bytes!(env!("ASSAYER_COMPONENT"));
/// SHA-256 of [`COMPONENT`], in hexadecimal.
pub const COMPONENT_SHA256: &str = env!("ASSAYER_COMPONENT_SHA256");
/// SHA-256 of the core module in it, in hexadecimal: what a browser runs.
pub const CORE_MODULE_SHA256: &str = env!("ASSAYER_CORE_MODULE_SHA256");
/// Every file that a browser loads.
pub const PAGES: &[Page] = &include!(env!("ASSAYER_PAGES"));

/// A file that a browser loads.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Where it is, from the root.
    pub path: &'static str,
    /// What it is.
    pub media_type: &'static str,
    /// Its size when it is not compressed.
    pub octets: usize,
    /// Its content, compressed (RFC 7932).
    pub brotli: &'static [u8],
}
