//! Fetchers for tests: the loopback interface is allowed, names come from a book, and nothing else is changed
//! unless a test says so.

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use host_server::component::contract::evidence::{HttpMethod, UnavailableReason};
use host_server::fetch::connection::{Addresses, Names};
use host_server::fetch::guard::{Guard, Ports};
use host_server::fetch::limits::Limits;
use host_server::fetch::{Fetched, Fetcher, Kind, Request, Settings};

/// The moment of all tests.
pub(crate) const NOW: i64 = 1_790_000_000;

/// Names and the answers to give for them, one after the other; the last one stays.
#[derive(Debug, Default)]
pub(crate) struct Book {
    entries: BTreeMap<String, Vec<Vec<IpAddr>>>,
    asked: Mutex<Vec<String>>,
}

impl Book {
    /// Adds a name with its answers.
    pub(crate) fn with(mut self, name: &str, answers: &[&[&str]]) -> Self {
        let parse = |answer: &&[&str]| answer.iter().map(|text| text.parse().unwrap()).collect();
        self.entries.insert(name.to_owned(), answers.iter().map(parse).collect());
        self
    }

    /// The names that were looked up, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Names for Book {
    fn addresses(&self, name: &str) -> Addresses {
        let mut asked = self.asked.lock().unwrap();
        let turn = asked.iter().filter(|known| *known == name).count();
        asked.push(name.to_owned());
        let answers = self.entries.get(name);
        let answer = answers.and_then(|answers| answers.get(turn).or(answers.last())).cloned();
        Box::pin(async move { answer.ok_or_else(|| io::Error::other("no such name")) })
    }
}

/// Settings that allow 127.0.0.0/8 and every port, with a book of names.
pub(crate) fn settings(book: &Arc<Book>) -> Settings {
    let allowed = vec!["127.0.0.0/8".parse().unwrap()];
    let guard = Guard { allowed, ports: Ports::Any };
    Settings { guard, names: Arc::clone(book) as Arc<dyn Names>, ..Settings::default() }
}

/// A fetcher with those settings and no names.
pub(crate) fn fetcher() -> Fetcher {
    Fetcher::new(settings(&Arc::default()))
}

/// The same with other limits.
pub(crate) fn fetcher_within(limits: Limits) -> Fetcher {
    Fetcher::new(Settings { limits, ..settings(&Arc::default()) })
}

/// What a deployment begins with, where nobody has allowed anything, but with a book of names.
pub(crate) fn public(book: &Arc<Book>) -> Fetcher {
    Fetcher::new(Settings { names: Arc::clone(book) as Arc<dyn Names>, ..Settings::default() })
}

/// A CRL to fetch, of at most 1,000 octets.
pub(crate) fn crl(uri: &str) -> Request {
    let (kind, method) = (Kind::Crl, HttpMethod::Get);
    Request {
        kind,
        uri: uri.to_owned(),
        method,
        maximum_octets: 1_000,
        body: Vec::new().into(),
        scope: Vec::new().into(),
    }
}

/// An OCSP response to fetch with a posted request.
pub(crate) fn ocsp(uri: &str, body: &[u8]) -> Request {
    let (kind, method) = (Kind::OcspResponse, HttpMethod::Post);
    let body = body.to_vec().into();
    Request { kind, uri: uri.to_owned(), method, body, maximum_octets: 1_000, scope: Vec::new().into() }
}

/// Runs on a runtime of its own, which is gone afterwards with everything on it.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(future)
}

/// Fetches one thing.
pub(crate) fn fetch(fetcher: &Fetcher, request: &Request) -> Fetched {
    run(fetcher.fetch(request, NOW))
}

/// The reason why nothing came, which must be so.
pub(crate) fn reason(fetched: &Fetched) -> UnavailableReason {
    match &fetched.outcome {
        Ok(body) => panic!("{} octets came", body.len()),
        Err(failure) => failure.reason,
    }
}

/// Every address the fetcher tried to connect to.
pub(crate) fn tried(fetcher: &Fetcher) -> Vec<IpAddr> {
    fetcher.connect_log().attempts().iter().map(|attempt| attempt.address.ip()).collect()
}
