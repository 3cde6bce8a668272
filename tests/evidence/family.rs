//! The certificates that most cases are about: root -> ca -> leaf, every one of them naming a responder and a
//! distribution point, with those who may sign about them and those who may not.

use pki::certificate::{Issued, Sketch};
use pki::crl::{PointName, distribution_point};
use pki::{der, extension};

/// Where the responder of a certificate is.
pub(crate) fn responder_uri(label: &str) -> String {
    format!("http://ocsp.example/{label}")
}

/// Where the CRL for a certificate is.
pub(crate) fn crl_uri(label: &str) -> String {
    format!("http://crl.example/{label}")
}

/// The same sketch, naming both sources under this label.
pub(crate) fn sourced(sketch: Sketch, label: &str) -> Sketch {
    with_point(with_responder(sketch, label), label)
}

/// The same sketch, naming a responder.
pub(crate) fn with_responder(sketch: Sketch, label: &str) -> Sketch {
    let value = extension::information_access("1.3.6.1.5.5.7.48.1", &responder_uri(label));
    sketch.extension("authorityInfoAccess", false, value)
}

/// The same sketch, naming a distribution point.
pub(crate) fn with_point(sketch: Sketch, label: &str) -> Sketch {
    let uri = format!("uri:{}", crl_uri(label));
    let point = distribution_point(Some(&PointName::Full(&[&uri])), &[], &[]);
    sketch.extension("cRLDistributionPoints", false, der::sequence(&[point]))
}

/// A delegate of `issuer` whose own status nobody need ask.
pub(crate) fn delegate(label: &str, issuer: &Issued) -> Sketch {
    let sketch = Sketch::leaf(label).issued_by(issuer).eku(&["OCSPSigning"]);
    sketch.extension("ocspNoCheck", false, der::null())
}

/// root -> ca -> leaf.
#[derive(Clone, Debug)]
pub(crate) struct Family {
    pub(crate) root: Issued,
    pub(crate) ca: Issued,
    pub(crate) leaf: Issued,
}

impl Family {
    pub(crate) fn new() -> Self {
        let root = Sketch::ca("root").issue();
        let ca = sourced(Sketch::ca("ca").issued_by(&root), "ca").issue();
        let leaf = sourced(Sketch::leaf("leaf").issued_by(&ca), "leaf").issue();
        Self { root, ca, leaf }
    }
}
