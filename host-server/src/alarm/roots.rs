//! Whom a receiver over TLS must be certified by, where the configuration names a file.

use std::path::Path;

use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

/// The certificates of a PEM file, which `key` of the configuration names: one at least, each of use.
///
/// # Errors
/// What is wrong with the file, in a line.
pub(super) fn of_file(key: &str, path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let wrong = |found: String| format!("{key}: {}: {found}; expected certificates as PEM", path.display());
    let pem = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
    let mut found = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
        RootCertStore::empty().add(certificate.clone()).map_err(|error| wrong(error.to_string()))?;
        found.push(certificate);
    }
    if found.is_empty() {
        return Err(wrong("holds no certificate".to_owned()));
    }
    Ok(found)
}
