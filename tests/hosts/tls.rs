//! `https`: whose certificate is believed, and that a protected way stays one.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use host_server::component::contract::evidence::UnavailableReason;
use host_server::fetch::limits::Limits;
use host_server::fetch::{Fetcher, Roots, Settings};
use pki::algorithm::{Algorithm, Hash};
use pki::certificate::{Issued, Sketch};
use pki::key::Key;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::{CertifiedKey, Signer, SigningKey};
use tokio_rustls::rustls::{
    Error, ServerConfig, ServerConnection, SignatureAlgorithm, SignatureScheme, StreamOwned,
};

use crate::fault::{FaultServer, answer, good};
use crate::setting::{Book, crl, fetch, fetcher_within, reason, settings, tried};

/// A key of the fixtures as rustls wants it.
#[derive(Clone, Debug)]
struct FixtureKey(String);

impl SigningKey for FixtureKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        offered.contains(&SignatureScheme::ECDSA_NISTP256_SHA256).then(|| Box::new(self.clone()) as _)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ECDSA
    }
}

impl Signer for FixtureKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(Key::p256(&self.0).sign(Algorithm::Ecdsa(Hash::Sha256), message))
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ECDSA_NISTP256_SHA256
    }
}

/// The one certificate of a server.
#[derive(Debug)]
struct Always(Arc<CertifiedKey>);

impl ResolvesServerCert for Always {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

/// A server over TLS that gives as many connections one answer and ends.
struct TlsServer {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl TlsServer {
    fn start(leaf: &Issued, connections: usize, answer: Vec<u8>) -> Self {
        let config = server_config(leaf);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let serving = thread::spawn(move || {
            for _ in 0..connections {
                let (stream, _) = listener.accept().unwrap();
                // a client that does not believe the certificate goes away, and that is its right
                let _ended = serve(Arc::clone(&config), stream, &answer);
            }
        });
        Self { address, serving }
    }
}

fn serve(config: Arc<ServerConfig>, stream: TcpStream, answer: &[u8]) -> std::io::Result<()> {
    let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    let mut head = Vec::new();
    let mut octet = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut octet)?;
        head.push(octet[0]);
    }
    stream.write_all(answer)?;
    stream.conn.send_close_notify();
    stream.flush()
}

/// A server with this certificate, whose key is the one of its name.
pub(crate) fn server_config(leaf: &Issued) -> Arc<ServerConfig> {
    let key = Arc::new(FixtureKey("tls-leaf".to_owned()));
    let chain = vec![CertificateDer::from(leaf.der.clone())];
    let always = Always(Arc::new(CertifiedKey::new(chain, key)));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(always));
    Arc::new(config)
}

pub(crate) fn root() -> Issued {
    Sketch::ca("tls-root")
        .key(Key::p256("tls-root"))
        .valid("2020-01-01T00:00:00Z", "2120-01-01T00:00:00Z")
        .issue()
}

fn leaf(root: &Issued) -> Issued {
    let leaf = Sketch::leaf("tls-leaf")
        .key(Key::p256("tls-leaf"))
        .valid("2020-01-01T00:00:00Z", "2120-01-01T00:00:00Z");
    leaf.dns("crl.example").eku(&["serverAuth"]).issued_by(root).issue()
}

fn believing(roots: &[&Issued]) -> Fetcher {
    let book =
        Book::default().with("crl.example", &[&["127.0.0.1"]]).with("other.example", &[&["127.0.0.1"]]);
    let roots = Roots::These(roots.iter().map(|root| root.der.clone()).collect());
    Fetcher::new(Settings { roots, ..settings(&Arc::new(book)) })
}

#[test]
fn a_server_is_believed_under_a_configured_root_and_its_own_name() {
    let root = root();
    let server = TlsServer::start(&leaf(&root), 3, good("application/pkix-crl", b"list"));
    let port = server.address.port();
    let of = |name: &str| crl(&format!("https://{name}:{port}/"));
    assert_eq!(fetch(&believing(&[&root]), &of("crl.example")).outcome.unwrap(), "list");
    assert_eq!(reason(&fetch(&believing(&[&root]), &of("other.example"))), UnavailableReason::Connection);
    assert_eq!(reason(&fetch(&believing(&[]), &of("crl.example"))), UnavailableReason::Connection);
    server.serving.join().unwrap();
}

#[test]
fn f_04_a_protected_way_does_not_go_on_in_the_open() {
    let root = root();
    let head = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/x\r\nContent-Length: 0";
    let server = TlsServer::start(&leaf(&root), 1, answer(head, b""));
    let fetcher = believing(&[&root]);
    let uri = format!("https://crl.example:{}/", server.address.port());
    assert_eq!(reason(&fetch(&fetcher, &crl(&uri))), UnavailableReason::Redirect);
    assert_eq!(tried(&fetcher).len(), 1);
    server.serving.join().unwrap();
}

/// Something that speaks no TLS, as when somebody answers in place of the server.
#[test]
fn a_server_without_tls_is_no_https_server() {
    let server = FaultServer::answering(good("application/pkix-crl", b"list"));
    // the client speaks first, and what it says is not a request: the server goes on waiting
    let limits = Limits { connect: Duration::from_millis(300), ..Limits::default() };
    let uri = format!("https://{}/", server.address());
    assert_eq!(reason(&fetch(&fetcher_within(limits), &crl(&uri))), UnavailableReason::Timeout);
}
