//! One document posted to a server that is not ours: its status, and nothing else of its answer. No redirect is followed
//! and no connection is kept.

use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{CONNECTION, CONTENT_TYPE, HOST, USER_AGENT};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::ClientFault;
use super::address::Address;
use super::exchange::connect;
use crate::fetch::Roots;

/// How the client names itself.
const AGENT: &str = concat!("assayer/", env!("CARGO_PKG_VERSION"));
/// Longest time from the request to the head of its answer.
const WHOLE: Duration = Duration::from_secs(20);
/// How much of an answer is read, so that the server can end in peace: frames, whatever they hold.
const FRAMES: usize = 16;

/// A document on its way.
#[derive(Clone, Debug)]
pub struct Post {
    /// Path and query, encoded.
    pub path: String,
    /// Headers beside those that every request has.
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: String,
}

/// Posts a document, and gives the status of the answer.
///
/// # Errors
/// [`ClientFault`]: where it is `Unreachable`, nothing was sent.
pub async fn post(address: &Address, roots: &Roots, post: Post) -> Result<StatusCode, ClientFault> {
    let stream = connect(address, roots).await?;
    let mut tasks = JoinSet::new();
    let answered = timeout(WHOLE, async {
        let unanswered = |error: hyper::Error| ClientFault::Unanswered(error.to_string());
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(unanswered)?;
        tasks.spawn(async move {
            // how the connection ended is seen by whoever reads the answer
            let _ended = connection.await;
        });
        let response = sender.send_request(message(address, post)?).await.map_err(unanswered)?;
        let status = response.status();
        let mut body = response.into_body();
        for _ in 0..FRAMES {
            // what it says beside its status is of no matter, nor is how it ends
            let Some(Ok(_)) = body.frame().await else { break };
        }
        Ok(status)
    });
    answered.await.map_err(|_| ClientFault::Unanswered("no answer in time".to_owned()))?
}

fn message(address: &Address, post: Post) -> Result<Request<Full<Bytes>>, ClientFault> {
    let mut message = Request::post(post.path)
        .header(HOST, address.authority())
        .header(USER_AGENT, AGENT)
        .header(CONTENT_TYPE, "application/json")
        .header(CONNECTION, "close");
    for (name, value) in post.headers {
        message = message.header(name, value);
    }
    message.body(Full::from(post.body)).map_err(|error| ClientFault::Unreachable(error.to_string()))
}
