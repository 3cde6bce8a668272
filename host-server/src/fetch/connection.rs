//! One connection to one checked address. The name is resolved here and nowhere else, every address it has is
//! checked, the connection goes to exactly the address that was checked, and the peer is checked once more when it
//! stands: a name that changes its mind in between (DNS rebinding) changes nothing.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::component::contract::evidence::UnavailableReason;

use super::failure::Failure;
use super::guard::Guard;
use super::limits::Limits;
use super::target::{Host, Scheme, Target};
use super::tls::Tls;

/// Octets in both directions, over TLS or not.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// The addresses of a name, later.
pub type Addresses = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Finds the addresses of names.
pub trait Names: fmt::Debug + Send + Sync {
    /// The addresses of a name.
    fn addresses(&self, name: &str) -> Addresses;
}

/// The resolver of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemNames;

impl Names for SystemNames {
    fn addresses(&self, name: &str) -> Addresses {
        // the port is of no consequence: only addresses are taken from the answer
        let name = (name.to_owned(), 0);
        Box::pin(async move { Ok(tokio::net::lookup_host(name).await?.map(|found| found.ip()).collect()) })
    }
}

/// An attempt to connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The host, as in the URI.
    pub host: String,
    /// The address that was tried.
    pub address: SocketAddr,
}

/// The most attempts that are remembered.
const REMEMBERED: usize = 4_096;

/// Every address a connection was tried to, the last few thousand of them. An attempt is written before it is made,
/// so what is not here was not tried.
#[derive(Clone, Debug, Default)]
pub struct ConnectLog(Arc<Mutex<VecDeque<Attempt>>>);

impl ConnectLog {
    /// The attempts, the oldest first.
    #[must_use]
    pub fn attempts(&self) -> Vec<Attempt> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn write(&self, host: &Host, address: SocketAddr) {
        let mut attempts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if attempts.len() >= REMEMBERED {
            attempts.pop_front();
        }
        attempts.push_back(Attempt { host: host.to_string(), address });
    }
}

/// Makes connections, and is the only thing in the server that makes them to addresses from certificates.
#[derive(Debug)]
pub(super) struct Connector {
    pub(super) guard: Guard,
    pub(super) limits: Limits,
    pub(super) names: Arc<dyn Names>,
    pub(super) tls: Tls,
    pub(super) log: ConnectLog,
}

impl Connector {
    /// Connects to where a request goes.
    pub(super) async fn connect(&self, target: &Target) -> Result<Box<dyn Stream>, Failure> {
        if !self.guard.permits_port(target.port) {
            let detail = format!("port {} may not be reached", target.port);
            return Err(Failure::new(UnavailableReason::ForbiddenAddress, detail));
        }
        let stream = self.connect_to_first(target).await?;
        match target.scheme {
            Scheme::Http => Ok(Box::new(stream)),
            Scheme::Https => {
                let secured = timeout(self.limits.connect, self.tls.secure(&target.host, stream)).await;
                Ok(Box::new(secured.map_err(|_| Failure::timeout("no TLS handshake in time"))??))
            }
        }
    }

    /// Connects to the first of the host's addresses that accepts.
    async fn connect_to_first(&self, target: &Target) -> Result<TcpStream, Failure> {
        let mut last = Failure::new(UnavailableReason::NameResolution, "the name has no address");
        for address in self.checked_addresses(&target.host).await?.into_iter().take(self.limits.addresses) {
            let address = SocketAddr::new(address, target.port);
            self.log.write(&target.host, address);
            match timeout(self.limits.connect, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return self.checked_peer(stream, address),
                Ok(Err(error)) => last = Failure::connection(format!("{address}: {error}")),
                Err(_) => last = Failure::timeout(format!("{address}: no connection in time")),
            }
        }
        Err(last)
    }

    /// The addresses of a host. One that may not be reached refuses all of them: an honest responder has none, and
    /// a name with both kinds is how a check is met by the one and the connection by the other.
    async fn checked_addresses(&self, host: &Host) -> Result<Vec<IpAddr>, Failure> {
        let addresses = match host {
            Host::Address(address) => vec![*address],
            Host::Name(name) => {
                let found = timeout(self.limits.connect, self.names.addresses(name)).await;
                let found = found.map_err(|_| Failure::timeout(format!("{name}: no address in time")))?;
                found.map_err(|error| {
                    Failure::new(UnavailableReason::NameResolution, format!("{name}: {error}"))
                })?
            }
        };
        addresses.iter().try_for_each(|address| self.guard.check_address(*address))?;
        Ok(addresses)
    }

    /// What the operating system says we are connected to must be what was checked.
    fn checked_peer(&self, stream: TcpStream, asked: SocketAddr) -> Result<TcpStream, Failure> {
        let peer = stream.peer_addr().map_err(|error| Failure::connection(format!("{asked}: {error}")))?;
        self.guard.check_address(peer.ip())?;
        if peer.ip() != asked.ip() || peer.port() != asked.port() {
            return Err(Failure::connection(format!("asked for {asked} and got {peer}")));
        }
        Ok(stream)
    }
}
