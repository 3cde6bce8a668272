//! One handshake on a loopback socket, and what each end makes of it: a server that greets, and a client that wants to be
//! greeted. In TLS 1.3 a client learns only then whether its certificate was believed.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use host_server::verifier::rustls::client::WebPkiServerVerifier;
use host_server::verifier::rustls::crypto::{CryptoProvider, aws_lc_rs};
use host_server::verifier::rustls::pki_types::pem::PemObject;
use host_server::verifier::rustls::pki_types::{CertificateDer, ServerName};
use host_server::verifier::rustls::server::danger::ClientCertVerifier;
use host_server::verifier::rustls::{
    CertificateError, ClientConfig, ClientConnection, ConfigBuilder, Error, HandshakeKind, RootCertStore,
    ServerConfig, ServerConnection, StreamOwned, WantsVerifier, client, server,
};
use host_server::verifier::{Builder, Verifier, always_ask_clients, always_ask_servers};

use crate::realm::{Realm, settings};

pub(crate) const NAME: &str = "www.example.org";

/// What became of a handshake at one end.
#[derive(Debug)]
pub(crate) struct End {
    /// Whether the greeting got through, or why not.
    pub(crate) greeted: Result<(), Error>,
    pub(crate) kind: Option<HandshakeKind>,
    /// How many certificates the other end has shown.
    pub(crate) shown: usize,
}

/// Both ends of a handshake: the server's and the client's.
pub(crate) fn shake(server: &Arc<ServerConfig>, client: &Arc<ClientConfig>, name: &str) -> (End, End) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let config = Arc::clone(server);
    let serving = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        greet(StreamOwned::new(ServerConnection::new(config).unwrap(), stream))
    });
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let connection = ClientConnection::new(Arc::clone(client), name).unwrap();
    let client = listen(StreamOwned::new(connection, stream));
    (serving.join().unwrap(), client)
}

fn greet(mut stream: StreamOwned<ServerConnection, TcpStream>) -> End {
    let greeted = stream.write_all(b"hello").and_then(|()| {
        stream.conn.send_close_notify();
        stream.flush()
    });
    // what the client says at the end, if anything, is read so that nothing is reset
    let rest = greeted.is_ok().then(|| stream.read(&mut [0; 16]));
    let greeted = greeted.and_then(|()| match rest {
        Some(Err(error)) if of_tls(&error).is_some() => Err(error),
        _ => Ok(()),
    });
    End {
        greeted: greeted.map_err(told),
        kind: stream.conn.handshake_kind(),
        shown: stream.conn.peer_certificates().map_or(0, <[_]>::len),
    }
}

fn listen(mut stream: StreamOwned<ClientConnection, TcpStream>) -> End {
    let mut greeting = [0; 5];
    let greeted = stream.read_exact(&mut greeting);
    let kind = stream.conn.handshake_kind();
    let shown = stream.conn.peer_certificates().map_or(0, <[_]>::len);
    stream.conn.send_close_notify();
    let _gone = stream.flush();
    End { greeted: greeted.map_err(told), kind, shown }
}

fn of_tls(error: &std::io::Error) -> Option<&Error> {
    error.get_ref().and_then(|inner| inner.downcast_ref())
}

/// What TLS says of it; a connection that is simply gone is `General`.
fn told(error: std::io::Error) -> Error {
    of_tls(&error).cloned().unwrap_or_else(|| Error::General(error.to_string()))
}

/// What a refusal of this kind looks like where it is made.
#[track_caller]
pub(crate) fn refused(end: &End, why: CertificateError) {
    match &end.greeted {
        Err(Error::InvalidCertificate(found)) => assert_eq!(*found, why),
        other => panic!("expected {why:?}, found {other:?}"),
    }
}

#[track_caller]
pub(crate) fn admitted(end: &End) {
    assert!(end.greeted.is_ok(), "{:?}", end.greeted);
}

/// The other end of a refusal: an alert, or nothing more.
#[track_caller]
pub(crate) fn turned_away(end: &End) {
    assert!(end.greeted.is_err(), "it was greeted");
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

/// Trusts the realm's authority, and asks its responder anew in every handshake.
pub(crate) fn verifier(realm: &Realm) -> Builder {
    Verifier::builder().trust(realm.pem("ca")).live(settings()).patience(Duration::from_secs(60))
}

fn versions() -> ConfigBuilder<ClientConfig, WantsVerifier> {
    ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().unwrap()
}

/// A client that judges servers with our verifier and shows no certificate.
pub(crate) fn judging_client(verifier: Builder) -> Arc<ClientConfig> {
    let verifier = Arc::new(verifier.build().unwrap());
    let mut config = versions().dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    always_ask_servers(&mut config);
    Arc::new(config)
}

/// A server that judges nobody.
pub(crate) fn plain_server(realm: &Realm, leaf: &str, staple: Vec<u8>) -> Arc<ServerConfig> {
    let (chain, key) = realm.identity(leaf);
    let config = server_versions().with_no_client_auth();
    Arc::new(config.with_single_cert_with_ocsp(chain, key, staple).unwrap())
}

pub(crate) fn server_versions() -> ConfigBuilder<ServerConfig, WantsVerifier> {
    ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().unwrap()
}

/// A server with the certificate `good` that judges clients with our verifier.
pub(crate) fn judging_server(realm: &Realm, verifier: Builder) -> Arc<ServerConfig> {
    let mut config = resuming_server(realm, verifier);
    always_ask_clients(&mut config);
    Arc::new(config)
}

/// The same as rustls makes it, which lets clients come back without showing their certificates again.
pub(crate) fn resuming_server(realm: &Realm, verifier: Builder) -> ServerConfig {
    let verifier: Arc<dyn ClientCertVerifier> = Arc::new(verifier.build().unwrap());
    let (chain, key) = realm.identity("good");
    server_versions().with_client_cert_verifier(verifier).with_single_cert(chain, key).unwrap()
}

/// A client that shows a certificate, or none, and believes servers as rustls does.
pub(crate) fn plain_client(realm: &Realm, leaf: Option<&str>) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(&realm.pem("ca")).unwrap()).unwrap();
    let webpki = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build().unwrap();
    let config = versions().with_webpki_verifier(webpki);
    Arc::new(match leaf.map(|leaf| realm.identity(leaf)) {
        Some((chain, key)) => config.with_client_auth_cert(chain, key).unwrap(),
        None => config.with_no_client_auth(),
    })
}

/// A client that shows these octets as its certificate, whatever they are.
pub(crate) fn odd_client(realm: &Realm, shown: Vec<CertificateDer<'static>>) -> Arc<ClientConfig> {
    let (_, key) = realm.identity("good");
    let key = provider().key_provider.load_private_key(key).unwrap();
    let mut config = ClientConfig::clone(&plain_client(realm, None));
    let certified = Arc::new(host_server::verifier::rustls::sign::CertifiedKey::new(shown, key));
    config.client_auth_cert_resolver = Arc::new(Always(certified));
    Arc::new(config)
}

/// A server that shows these octets as its certificate.
pub(crate) fn odd_server(realm: &Realm, shown: Vec<CertificateDer<'static>>) -> Arc<ServerConfig> {
    let (_, key) = realm.identity("good");
    let key = provider().key_provider.load_private_key(key).unwrap();
    let certified = Arc::new(host_server::verifier::rustls::sign::CertifiedKey::new(shown, key));
    Arc::new(server_versions().with_no_client_auth().with_cert_resolver(Arc::new(Always(certified))))
}

/// Shows the same whoever asks.
#[derive(Debug)]
struct Always(Arc<host_server::verifier::rustls::sign::CertifiedKey>);

impl client::ResolvesClientCert for Always {
    fn resolve(
        &self,
        _: &[&[u8]],
        _: &[host_server::verifier::rustls::SignatureScheme],
    ) -> Option<Arc<host_server::verifier::rustls::sign::CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

impl server::ResolvesServerCert for Always {
    fn resolve(
        &self,
        _: server::ClientHello<'_>,
    ) -> Option<Arc<host_server::verifier::rustls::sign::CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}
