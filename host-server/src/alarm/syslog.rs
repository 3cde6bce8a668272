//! Alarms as syslog messages (RFC 5424), over UDP (RFC 5426), TCP with octet counting (RFC 6587 3.4.1) and TLS
//! (RFC 5425). What stands in a certificate ends no line and leaves no field: control characters are shown, and values
//! of structured data are escaped (RFC 5424 6.3.3). A message is never longer than every receiver should take.

mod address;
mod message;

use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

pub(super) use self::address::host_and_port;
pub use self::address::{Address, Transport};
pub use self::message::message;
use super::roots;
use crate::config::Alarms;
use crate::storage::Alarm;

/// How long a receiver may take for everything.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a receiver may take to close after us, which says that it has everything.
const GOODBYE: Duration = Duration::from_secs(2);
/// How long a host may take to say that nobody listens there.
const REFUSAL: Duration = Duration::from_millis(200);

/// A syslog receiver.
pub struct Syslog {
    address: Address,
    node: String,
    tls: Option<TlsConnector>,
}

impl Syslog {
    /// The receiver that is configured, as this node sends to it.
    ///
    /// # Errors
    /// What is wrong with its address or its certificates, in a line.
    pub fn of(alarms: &Alarms, node: &str) -> Result<Option<Self>, String> {
        let Some(text) = &alarms.syslog else { return Ok(None) };
        let address = Address::read(text).map_err(|expected| format!("alarms.syslog: {expected}"))?;
        let tls = match (address.transport, &alarms.syslog_ca) {
            (Transport::Tls, Some(file)) => Some(connector(file)?),
            (Transport::Tls, None) => return Err(NO_AUTHORITY.to_owned()),
            (Transport::Tcp | Transport::Udp, _) => None,
        };
        Ok(Some(Self { address, node: node.to_owned(), tls }))
    }

    /// Sends alarms.
    ///
    /// # Errors
    /// Why they cannot have arrived, in a line.
    pub async fn send(&self, alarms: &[&Alarm]) -> Result<(), String> {
        let messages: Vec<_> = alarms.iter().map(|alarm| message(alarm, &self.node)).collect();
        match timeout(PATIENCE, self.hand_over(&messages)).await {
            Ok(sent) => sent.map_err(|why| format!("{}: {why}", self.address)),
            Err(_) => Err(format!("{}: no answer in time", self.address)),
        }
    }

    async fn hand_over(&self, messages: &[Vec<u8>]) -> Result<(), String> {
        let found = lookup_host((self.address.host.as_str(), self.address.port)).await.map_err(words)?;
        let mut fault = "the name has no address".to_owned();
        for address in found {
            let sent = match self.address.transport {
                Transport::Udp => by_udp(address, messages).await,
                Transport::Tcp | Transport::Tls => self.by_stream(address, messages).await,
            };
            match sent {
                Ok(()) => return Ok(()),
                Err(why) => fault = why,
            }
        }
        Err(fault)
    }

    async fn by_stream(&self, address: SocketAddr, messages: &[Vec<u8>]) -> Result<(), String> {
        let stream = TcpStream::connect(address).await.map_err(words)?;
        let Some(tls) = &self.tls else { return write(stream, messages).await };
        let name = ServerName::try_from(self.address.host.clone()).map_err(words)?;
        let stream = tls.connect(name, stream).await.map_err(|error| format!("TLS: {error}"))?;
        write(stream, messages).await
    }
}

/// What a configuration lacks for TLS.
pub const NO_AUTHORITY: &str =
    "alarms.syslog-ca: expected a file with the certificates (PEM) that the receiver must be certified by";

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// One datagram a message. Nothing says that it arrived; that nobody listens is told by some hosts.
async fn by_udp(address: SocketAddr, messages: &[Vec<u8>]) -> Result<(), String> {
    let any: SocketAddr = match address {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any).await.map_err(words)?;
    socket.connect(address).await.map_err(words)?;
    for message in messages {
        socket.send(message).await.map_err(words)?;
    }
    match timeout(REFUSAL, socket.recv(&mut [0])).await {
        Ok(Err(error)) => Err(words(error)),
        Ok(Ok(_)) | Err(_) => Ok(()),
    }
}

/// A connection for these messages. Syslog has no answer, so it is ended here, and a receiver that ends it too instead
/// of breaking it off has read everything.
async fn write<S>(mut stream: S, messages: &[Vec<u8>]) -> Result<(), String>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut octets = Vec::new();
    for message in messages {
        octets.extend_from_slice(format!("{} ", message.len()).as_bytes());
        octets.extend_from_slice(message);
    }
    stream.write_all(&octets).await.map_err(words)?;
    stream.shutdown().await.map_err(words)?;
    let mut rest = [0; 256];
    let ended = async {
        while stream.read(&mut rest).await? > 0 {}
        std::io::Result::Ok(())
    };
    match timeout(GOODBYE, ended).await {
        // without `close_notify`, which many leave out
        Ok(Err(error)) if error.kind() == ErrorKind::UnexpectedEof => Ok(()),
        Ok(ended) => ended.map_err(words),
        Err(_) => Ok(()),
    }
}

fn connector(file: &Path) -> Result<TlsConnector, String> {
    let mut roots = RootCertStore::empty();
    for certificate in roots::of_file("alarms.syslog-ca", file)? {
        roots.add(certificate).map_err(words)?;
    }
    let client = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(words)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(client)))
}
