//! One exchange with a server: connected, asked, read to its end, within bounds.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, AUTHORIZATION, CONNECTION, CONTENT_TYPE, ETAG, HOST, IF_MATCH, USER_AGENT};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::rustls::pki_types::ServerName;

use super::address::{Address, OPEN, Transport};
use super::{Answer, Ask, Client, ClientFault};
use crate::fetch::{Roots, connector};

/// How the client names itself.
const AGENT: &str = concat!("assayer/", env!("CARGO_PKG_VERSION"));
/// Longest time until a connection stands.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest time for a whole exchange: somewhat more than a server takes by default before it gives up itself.
const WHOLE: Duration = Duration::from_secs(90);

pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Asks and reads the answer.
pub(super) async fn exchange(client: &Client, ask: &Ask) -> Result<Answer, ClientFault> {
    let stream = connect(&client.address, &client.roots).await.map_err(hinted)?;
    let mut tasks = JoinSet::new();
    let answered = timeout(WHOLE, converse(client, ask, stream, &mut tasks)).await;
    answered.map_err(|_| unanswered("no answer in time"))?
}

fn unanswered(why: impl std::fmt::Display) -> ClientFault {
    ClientFault::Unanswered(why.to_string())
}

fn unreachable(why: impl std::fmt::Display) -> ClientFault {
    ClientFault::Unreachable(why.to_string())
}

/// Whoever is not believed can be, where somebody says so.
fn hinted(fault: ClientFault) -> ClientFault {
    match fault {
        ClientFault::Unreachable(why) if why.starts_with("TLS: ") => {
            unreachable(format!("{why}; --ca names whom to believe"))
        }
        fault => fault,
    }
}

/// A connection, secured where the address says so.
pub(super) async fn connect(address: &Address, roots: &Roots) -> Result<Box<dyn Stream>, ClientFault> {
    let connected = timeout(CONNECT, connect_and_secure(address, roots)).await;
    connected.map_err(|_| ClientFault::Unreachable("no connection in time".to_owned()))?
}

async fn connect_and_secure(address: &Address, roots: &Roots) -> Result<Box<dyn Stream>, ClientFault> {
    let stream = connect_to_first(address).await?;
    if address.transport != Transport::Secured {
        return Ok(Box::new(stream));
    }
    let host = address.host.clone();
    let name = match host.parse::<IpAddr>() {
        Ok(address) => ServerName::from(address),
        Err(_) => ServerName::try_from(host).map_err(unreachable)?,
    };
    let tls = connector(roots).map_err(|failure| unreachable(failure.detail))?;
    let secured = tls.connect(name, stream).await;
    Ok(Box::new(secured.map_err(|error| unreachable(format!("TLS: {error}")))?))
}

/// The first address that accepts. In the open on this machine alone, every address must be one of this machine.
async fn connect_to_first(address: &Address) -> Result<TcpStream, ClientFault> {
    let found = tokio::net::lookup_host((address.host.as_str(), address.port)).await;
    let found: Vec<SocketAddr> = found.map_err(unreachable)?.collect();
    if address.transport == Transport::Local && !found.iter().all(|one| one.ip().is_loopback()) {
        return Err(unreachable(OPEN));
    }
    let mut last = unreachable("the name has no address");
    for one in found {
        match TcpStream::connect(one).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = unreachable(error),
        }
    }
    Err(last)
}

async fn converse(
    client: &Client,
    ask: &Ask,
    stream: Box<dyn Stream>,
    tasks: &mut JoinSet<()>,
) -> Result<Answer, ClientFault> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(unanswered)?;
    tasks.spawn(async move {
        // how the connection ended is seen by whoever reads the answer
        let _ended = connection.await;
    });
    let response = sender.send_request(message(client, ask)?).await.map_err(unheard)?;
    read(response, ask.largest).await
}

/// Whoever speaks no HTTP is no server that could have done anything; where a connection only ends, it may have.
fn unheard(error: hyper::Error) -> ClientFault {
    if error.is_parse() {
        return unreachable("it answers in no HTTP; a server over TLS is named with https");
    }
    unanswered(format!("{error}; what was asked for may have been done, or not"))
}

fn message(client: &Client, ask: &Ask) -> Result<Request<Full<Bytes>>, ClientFault> {
    let mut message = Request::builder()
        .method(ask.method.clone())
        .uri(ask.path.as_str())
        .header(HOST, client.address.authority())
        .header(USER_AGENT, AGENT)
        .header(ACCEPT, ask.accept)
        .header(CONNECTION, "close")
        .header(AUTHORIZATION, format!("Bearer {}", client.token.as_str()));
    if let Some(seen) = &ask.seen {
        message = message.header(IF_MATCH, seen);
    }
    if ask.body.is_some() {
        message = message.header(CONTENT_TYPE, "application/json");
    }
    let body = ask.body.clone().unwrap_or_default();
    message.body(Full::from(body)).map_err(unreachable)
}

async fn read(response: Response<Incoming>, largest: usize) -> Result<Answer, ClientFault> {
    let header =
        |name| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = header(CONTENT_TYPE).split(';').next().unwrap_or_default().trim().to_owned();
    let version = Some(header(ETAG).to_owned()).filter(|version| !version.is_empty());
    let status = response.status().as_u16();
    let mut incoming = response.into_body();
    let mut body = Vec::new();
    while let Some(frame) = incoming.frame().await {
        let Ok(data) = frame.map_err(unanswered)?.into_data() else { continue };
        if data.len() > largest.saturating_sub(body.len()) {
            return Err(unanswered(format!("the answer is larger than {largest} octets")));
        }
        body.extend_from_slice(&data);
    }
    Ok(Answer { status, version, media_type, body })
}
