//! The door to the API: requests with the caller's token, answers as documents, refusals as problems.

pub(crate) mod session;
pub(crate) mod changes;
pub(crate) mod load;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

use crate::document::plan::Plan;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Failure {
    /// The server refused, and says why.
    Refused(Box<Problem>),
    /// There is no network, or no server.
    Unreachable,
    /// The answer is not one of ours.
    Unreadable(String),
}

/// RFC 9457, with the server's own members.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Problem {
    /// The HTTP status.
    pub(crate) status: u16,
    /// Stable code.
    pub(crate) code: String,
    /// In a few words.
    pub(crate) title: String,
    /// What was expected, where, and what to do.
    pub(crate) detail: String,
    /// The input concerned.
    pub(crate) input: Option<String>,
    /// The line in it.
    pub(crate) line: Option<u64>,
    /// The column in it.
    pub(crate) column: Option<u64>,
    /// The plan that was refused.
    pub(crate) plan: Option<Plan>,
}

/// What an answer is.
pub(crate) type Answer<T> = Result<T, Failure>;

/// A request to the API.
pub(crate) struct Asked {
    method: &'static str,
    path: String,
    body: Option<(&'static str, JsValue)>,
    if_match: Option<String>,
    last_event: Option<String>,
}

impl Asked {
    /// Reads.
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::write("GET", path)
    }

    /// Writes, with this method.
    pub(crate) fn write(method: &'static str, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), body: None, if_match: None, last_event: None }
    }

    /// With a JSON document.
    pub(crate) fn json(mut self, document: &impl Serialize) -> Self {
        let text = serde_json::to_string(document).unwrap_or_default();
        self.body = Some(("application/json", JsValue::from_str(&text)));
        self
    }

    /// With a text of another type.
    pub(crate) fn text(mut self, media_type: &'static str, text: &str) -> Self {
        self.body = Some((media_type, JsValue::from_str(text)));
        self
    }

    /// Only if nothing has changed since this version was read.
    pub(crate) fn if_match(mut self, version: Option<&str>) -> Self {
        self.if_match = version.map(str::to_owned);
        self
    }

    /// Of a stream, what came after this event.
    pub(crate) fn after(mut self, last_event: Option<String>) -> Self {
        self.last_event = last_event;
        self
    }

    /// Asks, and reads the answer as a document.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) async fn document<T: DeserializeOwned>(self) -> Answer<T> {
        self.versioned().await.map(|(document, _)| document)
    }

    /// The same, with the version that the answer is of (its ETag).
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) async fn versioned<T: DeserializeOwned>(self) -> Answer<(T, Option<String>)> {
        let response = self.send().await?;
        let version = response.headers().get("etag").ok().flatten();
        let text = text_of(&response).await?;
        // an answer without content stands for nothing
        let text = if text.is_empty() { "null" } else { &text };
        let document = serde_json::from_str(text).map_err(|error| Failure::Unreadable(error.to_string()))?;
        Ok((document, version))
    }

    /// Asks, and takes the answer as it is.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) async fn octets(self, media_type: &str) -> Answer<Vec<u8>> {
        let response = self.send_accepting(media_type).await?;
        let body = response.array_buffer().map_err(|error| unreadable(&error))?;
        let body = JsFuture::from(body).await.map_err(|_| Failure::Unreachable)?;
        Ok(js_sys::Uint8Array::new(&body).to_vec())
    }

    async fn send(self) -> Answer<Response> {
        self.send_accepting("application/json, application/problem+json").await
    }

    /// Sends, and makes a problem of every refusal.
    pub(crate) async fn send_accepting(self, media_type: &str) -> Answer<Response> {
        let response = self.fetched(media_type).await?;
        if response.ok() {
            return Ok(response);
        }
        let problem = serde_json::from_str(&text_of(&response).await?).unwrap_or_default();
        let problem = Problem { status: response.status(), ..problem };
        if problem.status == 401 {
            session::end();
        }
        Err(Failure::Refused(Box::new(problem)))
    }

    async fn fetched(self, media_type: &str) -> Answer<Response> {
        let init = RequestInit::new();
        init.set_method(self.method);
        let headers = Headers::new().map_err(|error| unreadable(&error))?;
        let mut set = vec![("accept", media_type.to_owned())];
        set.extend(session::token().map(|token| ("authorization", format!("Bearer {token}"))));
        set.extend(self.if_match.map(|version| ("if-match", version)));
        set.extend(self.last_event.map(|event| ("last-event-id", event)));
        if let Some((media_type, body)) = &self.body {
            set.push(("content-type", (*media_type).to_owned()));
            init.set_body(body);
        }
        for (name, value) in set {
            headers.set(name, &value).map_err(|error| unreadable(&error))?;
        }
        init.set_headers(&headers);
        let window = web_sys::window().ok_or(Failure::Unreachable)?;
        let fetched = JsFuture::from(window.fetch_with_str_and_init(&self.path, &init)).await;
        fetched.map(JsCast::unchecked_into).map_err(|_| Failure::Unreachable)
    }
}

async fn text_of(response: &Response) -> Answer<String> {
    let text = response.text().map_err(|error| unreadable(&error))?;
    let text = JsFuture::from(text).await.map_err(|_| Failure::Unreachable)?;
    Ok(text.as_string().unwrap_or_default())
}

fn unreadable(error: &JsValue) -> Failure {
    Failure::Unreadable(format!("{error:?}"))
}

/// A part of an address or a query, such that nothing in it means anything else.
pub(crate) fn encoded(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}
