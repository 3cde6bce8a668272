//! The CRLs and OCSP responses of a scenario, few fields each. What a scenario cannot say is sketched in code.
//!
//! ```toml
//! [[crl]]
//! name = "list"
//! issuer = "root"
//! revoked = { leaf = 1 }
//!
//! [[response]]
//! name = "good"
//! about = "leaf"
//! issuer = "root"
//! signer = "responder"
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::certificate::Issued;
use crate::crl::CrlSketch;
use crate::ocsp::{Entry, Response};

/// A CRL.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct CrlLines {
    name: String,
    issuer: String,
    /// Whose key signs, where it is not the issuer's.
    signer: Option<String>,
    /// Certificates, with the number of a CRLReason.
    revoked: BTreeMap<String, u8>,
    this_update: Option<String>,
    next_update: Option<String>,
    tamper_signature: bool,
}

/// An OCSP response with one entry.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct ResponseLines {
    name: String,
    about: String,
    issuer: String,
    /// Who signs, and whose certificate comes along; the issuer, without its certificate, where none is named.
    signer: Option<String>,
    /// `unknown`, or `revoked`; good where nothing is said.
    status: Option<String>,
    /// The number of a CRLReason.
    reason: Option<u8>,
    this_update: Option<String>,
    next_update: Option<String>,
    tamper_signature: bool,
    /// The number of a responseStatus, with nothing behind it.
    failed: Option<u8>,
}

/// The moment of every revocation.
const REVOKED_AT: &str = "2025-06-01T00:00:00Z";

fn certificate<'a>(issued: &'a BTreeMap<String, Issued>, name: &str) -> &'a Issued {
    issued.get(name).unwrap_or_else(|| panic!("no certificate is called {name}"))
}

/// The CRL called `name`.
pub(super) fn crl(all: &[CrlLines], name: &str, issued: &BTreeMap<String, Issued>) -> Vec<u8> {
    let lines = all.iter().find(|lines| lines.name == name);
    let lines = lines.unwrap_or_else(|| panic!("no CRL is called {name}"));
    let mut sketch = CrlSketch::by(certificate(issued, &lines.issuer));
    if let Some(signer) = &lines.signer {
        sketch = sketch.signed_with(&certificate(issued, signer).key);
    }
    for (revoked, reason) in &lines.revoked {
        sketch = sketch.revoke_because(&certificate(issued, revoked).serial, *reason);
    }
    if let Some(text) = &lines.this_update {
        sketch = sketch.this_update(text);
    }
    if let Some(text) = &lines.next_update {
        sketch = sketch.next_update(text);
    }
    if lines.tamper_signature { sketch.tamper_signature().issue() } else { sketch.issue() }
}

/// The OCSP response called `name`.
pub(super) fn response(all: &[ResponseLines], name: &str, issued: &BTreeMap<String, Issued>) -> Vec<u8> {
    let lines = all.iter().find(|lines| lines.name == name);
    let lines = lines.unwrap_or_else(|| panic!("no response is called {name}"));
    if let Some(status) = lines.failed {
        return crate::ocsp::failed(status);
    }
    let issuer = certificate(issued, &lines.issuer);
    let entry = Entry::good(certificate(issued, &lines.about), issuer);
    let mut entry = match lines.status.as_deref() {
        None => entry,
        Some("unknown") => entry.unknown(),
        Some("revoked") => entry.revoked(REVOKED_AT, lines.reason),
        Some(other) => panic!("no status is called {other}"),
    };
    if let Some(text) = &lines.this_update {
        entry = entry.this_update(text);
    }
    if let Some(text) = &lines.next_update {
        entry = entry.next_update(Some(text));
    }
    let response = match &lines.signer {
        Some(signer) => Response::delegated_to(certificate(issued, signer)),
        None => Response::signed_by(issuer),
    };
    let response = response.entry(entry);
    if lines.tamper_signature { response.tamper_signature().encode() } else { response.encode() }
}
