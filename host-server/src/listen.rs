//! Sockets: connections in, TLS around them, HTTP/1 on them, and an orderly end. What is answered is the router's.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ConfigBuilder, ServerConfig, WantsVerifier};
use tower::ServiceExt;

use crate::config::{Configuration, Limits, TlsSource};
use crate::identity::Shown;

/// The most headers of a request, and the most octets of all of them.
const MOST_HEADERS: usize = 64;
const LARGEST_HEAD: usize = 32 * 1024;
/// How long to wait when the system has no sockets left to give.
const BREATH: Duration = Duration::from_millis(100);

/// Who is at the other end of a connection: of a proxy, the proxy.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// A socket that listens, and how connections on it are made safe.
pub struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
    limits: Limits,
}

impl Listener {
    /// Takes the address and reads certificate and key.
    ///
    /// # Errors
    /// One line that says what is wrong and with which file or address.
    pub async fn bind(configuration: &Configuration) -> Result<Self, String> {
        let source = configuration.tls.as_ref().map(|tls| tls.source().map_err(|fault| fault.to_string()));
        let tls = match source.transpose()? {
            Some(TlsSource::Files(certificate, key)) => Some(of_files(certificate, key)?),
            // until it is known what to show there is nobody to show it to
            Some(TlsSource::Identity(_)) | None => None,
        };
        let wanted = configuration.listen;
        let socket = TcpListener::bind(wanted).await.map_err(|error| taken(wanted, &error))?;
        let address = socket.local_addr().map_err(|error| taken(wanted, &error))?;
        Ok(Self { socket, address, tls, limits: configuration.limits })
    }

    /// Makes connections safe with a certificate of our own, and follows its changes.
    ///
    /// # Errors
    /// One line, where the library cannot.
    pub fn show(&mut self, shown: Arc<Shown>) -> Result<(), String> {
        let server = versions()?.with_no_client_auth().with_cert_resolver(shown);
        self.tls = Some(acceptor(server));
        Ok(())
    }

    /// Where clients find it.
    #[must_use]
    pub fn uri(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Serves until `stop` changes, then lets the requests under way end for as long as the limits say.
    pub async fn serve(self, router: Router, stop: watch::Receiver<bool>) {
        let room = Arc::new(Semaphore::new(self.limits.connections));
        let mut connections = JoinSet::new();
        let mut stopping = stop.clone();
        let mut stopped = pin!(stopping.wait_for(|stop| *stop));
        loop {
            let next = accepted(&self.socket, &room);
            let mut next = pin!(next);
            let accepted = std::future::poll_fn(|context| {
                if stopped.as_mut().poll(context).is_ready() {
                    return Poll::Ready(None);
                }
                next.as_mut().poll(context).map(Some)
            });
            let Some((stream, place)) = accepted.await else { break };
            let one = connection(stream, self.tls.clone(), (router.clone(), self.limits), stop.clone());
            connections.spawn(async move {
                one.await;
                drop(place);
            });
            while connections.try_join_next().is_some() {}
        }
        drop(self.socket);
        let all = async { while connections.join_next().await.is_some() {} };
        if timeout(self.limits.stop(), all).await.is_err() {
            tracing::warn!("requests under way were cut off");
        }
    }
}

fn taken(address: SocketAddr, error: &io::Error) -> String {
    let found = match error.kind() {
        io::ErrorKind::AddrInUse => "the address is in use".to_owned(),
        io::ErrorKind::PermissionDenied => "this user may not take the port".to_owned(),
        io::ErrorKind::AddrNotAvailable => "the address is not one of this machine".to_owned(),
        _ => format!("cannot listen ({error})"),
    };
    format!("{address}: {found}; stop whoever has it, or name another with --listen")
}

/// The next connection there is room for.
async fn accepted(socket: &TcpListener, room: &Arc<Semaphore>) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    let place = Arc::clone(room).acquire_owned().await.ok();
    loop {
        match socket.accept().await {
            Ok((stream, _)) => return (stream, place),
            // a client that was gone again, or a system without sockets: neither is a reason to end
            Err(error) => {
                tracing::warn!(%error, "no connection");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    served: (Router, Limits),
    stop: watch::Receiver<bool>,
) {
    let _quick = stream.set_nodelay(true);
    let peer = stream.peer_addr().ok().map(Peer);
    let served = (served.0, served.1, peer);
    let Some(tls) = tls else { return http(stream, served, stop).await };
    // a client that does not finish its handshake, or cannot, is no event of ours
    if let Ok(Ok(stream)) = timeout(served.1.receive(), tls.accept(stream)).await {
        http(stream, served, stop).await;
    }
}

async fn http<S>(
    stream: S,
    (router, limits, peer): (Router, Limits, Option<Peer>),
    mut stop: watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        if let Some(peer) = peer {
            request.extensions_mut().insert(peer);
        }
        router.clone().oneshot(request.map(Body::new))
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.receive())
        .max_headers(MOST_HEADERS)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut served = pin!(served);
    let mut stopped = pin!(stop.wait_for(|stop| *stop));
    let mut told = false;
    let end = std::future::poll_fn(|context| {
        if !told && stopped.as_mut().poll(context).is_ready() {
            told = true;
            served.as_mut().graceful_shutdown();
        }
        served.as_mut().poll(context)
    });
    // clients go away as they like
    let _ended = end.await;
}

/// TLS 1.2 and 1.3 by AWS-LC.
fn versions() -> Result<ConfigBuilder<ServerConfig, WantsVerifier>, String> {
    ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())
}

fn acceptor(mut server: ServerConfig) -> TlsAcceptor {
    server.alpn_protocols = vec![b"http/1.1".to_vec()];
    TlsAcceptor::from(Arc::new(server))
}

/// With a certificate and a key from files.
fn of_files(certificate: &Path, key: &Path) -> Result<TlsAcceptor, String> {
    let pem = read(certificate)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let expected = "expected certificates as PEM, the server's own first";
    let chain = chain.map_err(|error| unusable(certificate, error, expected))?;
    if chain.is_empty() {
        return Err(unusable(certificate, "holds no certificate", expected));
    }
    let pem = zeroize::Zeroizing::new(read(key)?);
    let expected = "expected an unencrypted private key as PEM";
    let private = PrivateKeyDer::from_pem_slice(&pem).map_err(|error| unusable(key, error, expected))?;
    let server = versions()?.with_no_client_auth().with_single_cert(chain, private);
    let expected = "expected the key of the first certificate";
    Ok(acceptor(server.map_err(|error| unusable(key, error, expected))?))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| unusable(path, error, "expected a file that can be read"))
}

fn unusable(path: &Path, found: impl std::fmt::Display, expected: &str) -> String {
    format!("{}: {found}; {expected}", path.display())
}
