//! The chains that are judged: root -> intermediate -> leaf, with one kind of key throughout.

use pki::certificate::{Issued, Sketch};
use pki::key::Key;

/// A chain of three and the name its leaf presents.
pub(crate) struct Chain {
    pub(crate) label: &'static str,
    pub(crate) root: Vec<u8>,
    pub(crate) intermediate: Vec<u8>,
    pub(crate) leaf: Vec<u8>,
}

/// The name every leaf presents.
pub(crate) const NAME: &str = "www.example.com";

/// A moment within every validity: 2025-06-01T00:00:00Z.
pub(crate) const AT: i64 = 1_748_736_000;

/// One chain for each kind of key.
pub(crate) fn all() -> Vec<Chain> {
    vec![
        chain("RSA-2048", [Key::rsa("rsa-2048-1"), Key::rsa("rsa-2048-2"), Key::rsa("rsa-2048-3")]),
        chain("P-256", [Key::p256("root"), Key::p256("intermediate"), Key::p256("leaf")]),
        chain("P-384", [Key::p384("root"), Key::p384("intermediate"), Key::p384("leaf")]),
    ]
}

fn chain(label: &'static str, [root, intermediate, leaf]: [Key; 3]) -> Chain {
    let root: Issued = Sketch::ca("Bench Root").key(root).issue();
    let intermediate = Sketch::ca("Bench Intermediate").key(intermediate).issued_by(&root).issue();
    let leaf =
        Sketch::leaf("Bench Leaf").key(leaf).dns(NAME).eku(&["serverAuth"]).issued_by(&intermediate).issue();
    Chain { label, root: root.der, intermediate: intermediate.der, leaf: leaf.der }
}
