//! The only HTTP client: one request, one answer, one connection, closed afterwards. Redirects are followed here
//! because each hop begins again from the start: scheme, port, name, address, peer.
//!
//! No cookies, no credentials, no proxy from the environment, no decoding of bodies: a `Content-Encoding` is
//! refused, so that a small answer cannot become a large one. RFC 9110 and 9112.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, HOST, HeaderMap, HeaderName,
    LOCATION, USER_AGENT,
};
use hyper::{Method, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::component::contract::evidence::{HttpMethod, UnavailableReason};

use super::connection::{Connector, Stream};
use super::failure::Failure;
use super::target::{Scheme, Target};
use super::{Expectation, Request};

/// How the client names itself.
const AGENT: &str = concat!("assayer/", env!("CARGO_PKG_VERSION"));
/// Below this hyper panics.
const SMALLEST_BUFFER: usize = 8 * 1024;

/// Fetches one body, over as many hops as the limits allow. As soon as the first server answers anything at all,
/// `answered` says so.
pub(super) async fn fetch(
    connector: &Connector,
    request: &Request,
    answered: &AtomicBool,
) -> Result<Bytes, Failure> {
    let mut target = Target::parse(&request.uri)?;
    let mut visited = BTreeSet::from([target.clone()]);
    loop {
        let first = visited.len() == 1;
        let later = |failure: Failure| if first { failure } else { failure.after_redirect() };
        let mut tasks = JoinSet::new();
        let response = ask(connector, request, &target, &mut tasks).await.map_err(later)?;
        answered.store(true, Ordering::Relaxed);
        match read(connector, request, &target, response).await? {
            Answer::Body(body) => return Ok(body),
            Answer::Elsewhere(next) => {
                check_hop(&target, &next)?;
                if visited.len() > connector.limits.redirects {
                    let most = connector.limits.redirects;
                    return Err(Failure::redirect(format!("more than {most} redirects")));
                }
                if !visited.insert(next.clone()) {
                    return Err(Failure::redirect("the redirects go round in a circle"));
                }
                target = next;
            }
        }
    }
}

enum Answer {
    Body(Bytes),
    Elsewhere(Target),
}

/// A way that began protected does not go on in the open.
fn check_hop(from: &Target, to: &Target) -> Result<(), Failure> {
    match (from.scheme, to.scheme) {
        (Scheme::Https, Scheme::Http) => Err(Failure::redirect("from `https` to `http`")),
        _ => Ok(()),
    }
}

/// One request and the head of its answer. What keeps the connection going is in `tasks`, and ends with them.
async fn ask(
    connector: &Connector,
    request: &Request,
    target: &Target,
    tasks: &mut JoinSet<()>,
) -> Result<Response<Incoming>, Failure> {
    let stream = connector.connect(target).await?;
    let head =
        timeout(connector.limits.head, send(connector, message(request, target)?, stream, tasks)).await;
    head.map_err(|_| Failure::timeout("no head of an answer in time"))?
}

async fn send(
    connector: &Connector,
    message: hyper::Request<Full<Bytes>>,
    stream: Box<dyn Stream>,
    tasks: &mut JoinSet<()>,
) -> Result<Response<Incoming>, Failure> {
    let (mut sender, connection) = http1::Builder::new()
        .max_headers(connector.limits.header_fields)
        .max_buf_size(connector.limits.header_octets.max(SMALLEST_BUFFER))
        .handshake(TokioIo::new(stream))
        .await?;
    tasks.spawn(async move {
        // how the connection ended is seen by whoever reads the answer
        let _ended = connection.await;
    });
    Ok(sender.send_request(message).await?)
}

/// Makes something of an answer.
async fn read(
    connector: &Connector,
    request: &Request,
    target: &Target,
    response: Response<Incoming>,
) -> Result<Answer, Failure> {
    match response.status() {
        StatusCode::OK => {
            check_head(response.headers(), request.kind.expectation())?;
            let cap = request.maximum_octets.min(connector.limits.octets);
            read_body(connector, response.into_body(), cap).await.map(Answer::Body)
        }
        status if status.is_redirection() => elsewhere(request, target, &response).map(Answer::Elsewhere),
        status => Err(Failure::new(UnavailableReason::HttpStatus, format!("status {}", status.as_u16()))),
    }
}

fn message(request: &Request, target: &Target) -> Result<hyper::Request<Full<Bytes>>, Failure> {
    let expectation = request.kind.expectation();
    let message = hyper::Request::builder()
        .uri(target.path.as_str())
        .header(HOST, target.authority())
        .header(USER_AGENT, AGENT)
        .header(ACCEPT, expectation.accept)
        .header(ACCEPT_ENCODING, "identity")
        .header(CONNECTION, "close");
    let message = match request.method {
        HttpMethod::Get => message.method(Method::GET).body(Full::default()),
        HttpMethod::Post => message
            .method(Method::POST)
            .header(CONTENT_TYPE, expectation.sent)
            .body(Full::new(request.body.clone())),
    };
    message.map_err(|error| Failure::new(UnavailableReason::UnsupportedUri, error))
}

/// Whether the body is worth reading.
fn check_head(headers: &HeaderMap, expectation: &Expectation) -> Result<(), Failure> {
    let refuse = |detail: String| Err(Failure::new(UnavailableReason::ContentType, detail));
    for encoding in headers.get_all(CONTENT_ENCODING) {
        if !encoding.as_bytes().eq_ignore_ascii_case(b"identity") {
            return refuse(format!("content encoding {encoding:?}"));
        }
    }
    let content_type = single(headers, &CONTENT_TYPE)
        .map_err(|detail| Failure::new(UnavailableReason::ContentType, detail))?;
    match (content_type.map(media_type), expectation.without_type) {
        (Some(found), _) if expectation.types.iter().any(|known| found.eq_ignore_ascii_case(known)) => Ok(()),
        (None, WithoutType::Accepted) => Ok(()),
        (Some(found), _) => refuse(format!("content type {found:?}")),
        (None, WithoutType::Refused) => refuse("no content type".to_owned()),
    }
}

/// What to make of an answer that does not say what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WithoutType {
    /// It may be it.
    Accepted,
    /// It is not.
    Refused,
}

/// The media type of a `Content-Type`, without its parameters (RFC 9110 8.3.1).
fn media_type(value: &str) -> &str {
    value.split(';').next().unwrap_or_default().trim()
}

/// The one value of a field that must not be repeated.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, String> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| format!("`{name}` is not ASCII")),
        (Some(_), Some(_)) => Err(format!("more than one `{name}`")),
    }
}

/// Reads a body, never holding more than the cap and what came with one read.
async fn read_body(connector: &Connector, mut body: Incoming, cap: u32) -> Result<Bytes, Failure> {
    let cap = usize::try_from(cap).unwrap_or(usize::MAX);
    let too_large = || Failure::too_large(format!("more than {cap} octets"));
    // the declared length, where there is one; nothing is reserved for it, as it is only a claim
    if usize::try_from(body.size_hint().lower()).map_or(true, |declared| declared > cap) {
        return Err(too_large());
    }
    let mut octets = Vec::new();
    loop {
        let frame = timeout(connector.limits.idle, body.frame()).await;
        let Some(frame) = frame.map_err(|_| Failure::timeout("the body stopped coming"))? else {
            return Ok(octets.into());
        };
        // trailers are of no use
        let Ok(data) = frame?.into_data() else { continue };
        if data.len() > cap.saturating_sub(octets.len()) {
            return Err(too_large());
        }
        octets.extend_from_slice(&data);
    }
}

/// Where a redirect leads (RFC 9110 15.4).
fn elsewhere<B>(request: &Request, from: &Target, response: &Response<B>) -> Result<Target, Failure> {
    let status = response.status().as_u16();
    match (status, request.method) {
        // the same request again
        (307 | 308, _) | (301..=303, HttpMethod::Get) => {}
        // these make a GET of a POST, which would ask nothing
        (301..=303, HttpMethod::Post) => {
            return Err(Failure::redirect(format!("status {status} would lose the body")));
        }
        _ => return Err(Failure::new(UnavailableReason::HttpStatus, format!("status {status}"))),
    }
    let location = single(response.headers(), &LOCATION).map_err(Failure::redirect)?;
    let location = location.ok_or_else(|| Failure::redirect("without a location"))?;
    from.join(location).map_err(|unsupported| Failure::from(unsupported).after_redirect())
}
