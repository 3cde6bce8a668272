//! What changed, as it changes: server-sent events (WHATWG HTML 9.2) that name what to fetch again and hold nothing of it.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use hyper::body::{Bytes, Frame};
use serde::Serialize;
use tokio::sync::mpsc;

use super::Shared;
use super::access::Called;
use super::error::{ApiError, of_storage};
use crate::news::listener::{Listener, changes, event};
use crate::news::{Changed, Deaf, Subscription, follow};
use crate::storage::Position;

/// Texts that wait for a client that does not read.
const WAITING: usize = 4;
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// What a proxy reads that would gather an answer before it hands it on.
const UNBUFFERED: HeaderName = HeaderName::from_static("x-accel-buffering");

/// The data of the first event.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Hello<'a> {
    /// The version of what is managed.
    version: i64,
    /// The version that this node decides with; null where it has none yet.
    loaded_version: Option<i64>,
    /// SHA-256 of the engine, in hexadecimal.
    engine: &'static str,
    /// The node that tells.
    node: &'a str,
}

/// What changed, as it changes.
///
/// The first event is `hello`, with the versions there are and the engine: `{"version", "loaded-version", "engine", "node"}`.
/// Every further one is `changed`, with `{"what", "version"}`: what to fetch again, and the version of what is managed.
/// `what` is `alarms`, `candidate`, `certificates`, `checks`, `cluster`, `connections`, `lists`, `monitor`, `nodes`, `policy` or `requests`,
/// for those who may read it `audit`, for those who manage them `accounts`, and `everything` where too much changed to be
/// told apart. Whoever comes back with the last `id` as `Last-Event-ID` is told after `hello` what changed in between. A
/// comment comes at least every 15 s. It ends with the token, and when the server stops.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    operation_id = "events",
    tag = "monitoring",
    params(("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last event that was seen.")),
    responses((status = 200, description = "Events, for as long as they are listened to.", body = String,
        content_type = "text/event-stream"))
)]
pub(super) async fn events(
    State(app): State<Shared>,
    Called(caller): Called,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let subscription = app.news.subscribe().await.map_err(|deaf| match deaf {
        Deaf::Crowded => ApiError::overloaded(),
        Deaf::Unanswered => ApiError::too_slow(),
    })?;
    let missed = missed(&app, &headers, &subscription).await?;
    let missed = missed.map(|missed| changes(&subscription.pulse, &missed, &caller)).unwrap_or_default();
    let first = hello(&app, &subscription, &missed) + &missed;
    let (text, read) = mpsc::channel(WAITING);
    let accounts = app.accounts.clone();
    tokio::spawn(Listener { subscription, caller, accounts, text }.listen(first));
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (UNBUFFERED, HeaderValue::from_static("no")),
    ];
    Ok((headers, Body::new(Texts(read))).into_response())
}

/// The first event. Where others follow that were missed, the position goes with the last of those.
fn hello(app: &Shared, subscription: &Subscription, missed: &str) -> String {
    let hello = Hello {
        version: subscription.pulse.version.0,
        loaded_version: app.trusted.version().map(|version| version.0),
        engine: app.pool.engine().info().sha256,
        node: &app.node,
    };
    let id = if missed.is_empty() { format!("id: {}\n", subscription.pulse.position) } else { String::new() };
    id + &event("hello", &hello)
}

/// What changed since the last event that was seen. Whoever saw one that is none of ours may have missed anything.
async fn missed(
    app: &Shared,
    headers: &HeaderMap,
    subscription: &Subscription,
) -> Result<Option<Changed>, ApiError> {
    let Some(last) = headers.get(LAST_EVENT_ID) else { return Ok(None) };
    match last.to_str().unwrap_or_default().parse::<Position>() {
        Ok(last) => {
            follow::since(&app.storage, &last, &subscription.pulse.position).await.map_err(of_storage)
        }
        Err(_) => Ok(Some(Changed::Everything)),
    }
}

/// A body that grows for as long as somebody writes.
struct Texts(mpsc::Receiver<String>);

impl hyper::body::Body for Texts {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|text| text.map(|text| Ok(Frame::data(Bytes::from(text)))))
    }
}
