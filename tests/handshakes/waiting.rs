//! Handshakes that wait: for a responder that does not answer, for each other, and on the threads of an application's own
//! runtime. Whatever goes wrong refuses.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use host_server::component::contract::request::Mode;
use host_server::component::pool::{Pool, Size};
use host_server::decide::class::Answers;
use host_server::decide::{Decider, ONLINE};
use host_server::fetch::Fetcher;
use host_server::resolve::{Limits, Reuse};
use host_server::verifier::rustls::pki_types::ServerName;
use host_server::verifier::rustls::{CertificateError, ClientConfig, Error, ServerConfig};
use host_server::verifier::{Undecided, Verifier};
use tokio::io::AsyncReadExt;
use tokio::runtime::{Builder, Runtime};

use crate::fault::Step;
use crate::realm::{Realm, settings};
use crate::shake::{
    End, NAME, judging_client, judging_server, plain_client, plain_server, refused, shake, verifier,
};

/// Why our verifier had no verdict.
#[track_caller]
fn undecided(end: &End) -> Undecided {
    match &end.greeted {
        Err(Error::Other(other)) => other.0.downcast_ref::<Undecided>().expect("our error").clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_responder_that_says_nothing_in_time_is_one_that_nobody_reached() {
    let realm = Realm::new();
    realm.in_front(vec![Step::Stall]);
    let hurried = || verifier(&realm).patience(Duration::from_secs(4));
    let server = plain_server(&realm, "good", Vec::new());
    assert!(shake(&server, &judging_client(hurried()), NAME).1.greeted.is_ok());
    let strict = hurried().mode(Mode::CommonCriteria);
    refused(&shake(&server, &judging_client(strict), NAME).1, CertificateError::UnknownRevocationStatus);
}

#[test]
fn nobody_waits_longer_than_was_said() {
    let realm = Realm::new();
    realm.in_front(vec![Step::Stall]);
    // one whose own limits are longer than anybody waits
    let decider = decider();
    let hurried = || {
        let verifier = Verifier::builder().trust(realm.pem("ca")).decider(decider.clone());
        verifier.patience(Duration::from_millis(300))
    };
    let (_, judging) = shake(&plain_server(&realm, "good", Vec::new()), &judging_client(hurried()), NAME);
    assert!(matches!(undecided(&judging), Undecided::Late(_)));
    let server = judging_server(&realm, hurried());
    let (judging, judged) = shake(&server, &plain_client(&realm, Some("good")), NAME);
    assert!(matches!(undecided(&judging), Undecided::Late(_)));
    assert!(judged.greeted.is_err());
}

#[test]
fn whoever_panics_when_told_refuses() {
    let realm = Realm::new();
    let verifier = verifier(&realm).on_answer(|_| panic!("a test"));
    let (_, judging) = shake(&plain_server(&realm, "good", Vec::new()), &judging_client(verifier), NAME);
    assert!(matches!(undecided(&judging), Undecided::Panicked));
}

/// Many handshakes at once, each with what is to become of it.
#[test]
fn many_at_once_each_get_their_own_answer() {
    let realm = Realm::new();
    let server = judging_server(&realm, verifier(&realm));
    let (good, revoked) = (plain_client(&realm, Some("good")), plain_client(&realm, Some("revoked")));
    let wrong = AtomicUsize::new(0);
    thread::scope(|scope| {
        for number in 0..8 {
            let (server, good, revoked, wrong) = (&server, &good, &revoked, &wrong);
            scope.spawn(move || {
                for turn in 0..6 {
                    let is_good = (number + turn) % 2 == 0;
                    let client = if is_good { good } else { revoked };
                    let (_, end) = shake(server, client, NAME);
                    wrong.fetch_add(usize::from(end.greeted.is_ok() != is_good), Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(wrong.into_inner(), 0);
}

fn runtimes() -> [Runtime; 2] {
    [
        Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap(),
        Builder::new_current_thread().enable_all().build().unwrap(),
    ]
}

/// A client within a runtime, on a thread that drives other tasks too.
async fn dial(client: Arc<ClientConfig>, address: std::net::SocketAddr) -> std::io::Result<[u8; 5]> {
    let stream = tokio::net::TcpStream::connect(address).await?;
    let name = ServerName::try_from(NAME).unwrap();
    let mut stream = tokio_rustls::TlsConnector::from(client).connect(name, stream).await?;
    let mut greeting = [0; 5];
    stream.read_exact(&mut greeting).await?;
    Ok(greeting)
}

fn serve_once(server: &Arc<ServerConfig>) -> (std::net::SocketAddr, thread::JoinHandle<()>) {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let connection = host_server::verifier::rustls::ServerConnection::new(Arc::clone(server)).unwrap();
    let serving = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut stream = host_server::verifier::rustls::StreamOwned::new(connection, stream);
        // a client that does not believe the certificate goes away
        let _ended = stream.write_all(b"hello").and_then(|()| stream.read(&mut [0; 1]));
    });
    (address, serving)
}

/// The verifier is asked on a worker, and dropped in a task.
#[test]
fn it_is_asked_on_the_threads_of_any_runtime() {
    let realm = Realm::new();
    for runtime in runtimes() {
        for (leaf, is_greeted) in [("good", true), ("revoked", false)] {
            let client = judging_client(verifier(&realm));
            let (address, serving) = serve_once(&plain_server(&realm, leaf, Vec::new()));
            let dialled = runtime.block_on(runtime.spawn(dial(client, address))).unwrap();
            assert_eq!(dialled.is_ok(), is_greeted, "{leaf}: {dialled:?}");
            serving.join().unwrap();
        }
    }
}

/// An engine and a fetcher that several verifiers share.
fn decider() -> Decider {
    let size = Size { sessions: 1, queue: 8, patience: Duration::from_secs(60), memory: ONLINE.memory };
    Decider {
        pool: Pool::load(size).unwrap(),
        fetcher: Some(Fetcher::new(settings())),
        told: |reason| reason,
        reuse: Reuse::Fresh,
        limits: Limits::default(),
        policy_name: None,
        ledger: None,
        recorder: None,
        comparer: None,
        answers: Answers::Cached,
    }
}

#[test]
fn an_engine_can_be_shared() {
    let realm = Realm::new();
    let decider = decider();
    // a nonce would make every question another one
    let policy = "[ocsp]\nnonce = \"off\"\n";
    let shared = || Verifier::builder().trust(realm.pem("ca")).policy(policy).decider(decider.clone());
    let server = judging_server(&realm, shared());
    let client = plain_client(&realm, Some("good"));
    assert!(shake(&server, &client, NAME).1.greeted.is_ok());
    // its fetcher keeps what was accepted, for every verifier that asks there
    let asked = realm.ocsp.accepted();
    let other = judging_client(shared());
    assert!(shake(&plain_server(&realm, "good", Vec::new()), &other, NAME).1.greeted.is_ok());
    assert_eq!((asked, realm.ocsp.accepted()), (1, 1));
}
