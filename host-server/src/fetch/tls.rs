//! TLS for `https` URIs: a client without certificates and without resumption. Where the operating system keeps its
//! roots is the system's to say, and `SSL_CERT_FILE` is one of its ways to say it.
//!
//! The server's certificate is verified by rustls against the roots of the operating system or configured ones, and
//! not by the engine: what is fetched here is signed evidence that the engine judges whoever delivered it, and a
//! decision that had to wait for another one about the way to its evidence might wait for itself.

use std::fmt;
use std::sync::{Arc, OnceLock};

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::Resumption;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::failure::Failure;
use super::target::Host;

/// Whom a server over `https` must be certified by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Roots {
    /// The roots of the operating system.
    #[default]
    System,
    /// These certificates (DER) and no others.
    These(Vec<Vec<u8>>),
}

/// A TLS client whose roots are read when they are first needed.
pub(super) struct Tls {
    roots: Roots,
    client: OnceLock<Result<TlsConnector, Failure>>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

impl Tls {
    pub(super) fn new(roots: Roots) -> Self {
        Self { roots, client: OnceLock::new() }
    }

    /// Makes a connection a secured one. Every failure is one of the connection.
    pub(super) async fn secure(
        &self,
        host: &Host,
        stream: TcpStream,
    ) -> Result<TlsStream<TcpStream>, Failure> {
        let client = self.client.get_or_init(|| connector(&self.roots)).clone()?;
        let name = match host {
            Host::Address(address) => ServerName::from(*address),
            Host::Name(name) => ServerName::try_from(name.clone()).map_err(Failure::connection)?,
        };
        client.connect(name, stream).await.map_err(|error| Failure::connection(format!("TLS: {error}")))
    }
}

/// A TLS client that asks for servers certified by these roots.
///
/// # Errors
/// Where the cryptography has no version of TLS to offer.
pub(crate) fn connector(roots: &Roots) -> Result<TlsConnector, Failure> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let versions = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Failure::connection)?;
    let mut client = versions.with_root_certificates(store(roots)).with_no_client_auth();
    client.alpn_protocols = vec![b"http/1.1".to_vec()];
    // each fetch is a stranger to the last one
    client.resumption = Resumption::disabled();
    Ok(TlsConnector::from(Arc::new(client)))
}

/// Roots that cannot be read are left out: fewer roots only ever refuse.
fn store(roots: &Roots) -> RootCertStore {
    let certificates = match roots {
        Roots::System => rustls_native_certs::load_native_certs().certs,
        Roots::These(certificates) => {
            certificates.iter().map(|der| CertificateDer::from(der.as_slice()).into_owned()).collect()
        }
    };
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(certificates);
    store
}
