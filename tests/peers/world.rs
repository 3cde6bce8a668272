//! An authority with its responder and its web server, and questions about its certificates that go the whole way.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use host_server::component::contract::request::{Mode, TrustRole, Validation};
use host_server::component::contract::verdict::{Decision, RevocationStatus, StatusCheck, Verdict};
use host_server::component::{Allocation, Engine};
use host_server::fetch::guard::{Guard, Ports};
use host_server::fetch::limits::Limits;
use host_server::fetch::{Fetcher, Settings};
use host_server::resolve::{Means, Question, Resolved, resolve_blocking};
use host_server::signature;

use crate::authority::{Authority, Entry, LEAF};
use crate::fault::{FaultServer, Step, good};
use crate::responder::Responder;

/// What the server in front of the responder does with a request.
type Front = Arc<Mutex<Vec<Step>>>;

/// Everything that one test needs.
pub(crate) struct World {
    pub(crate) authority: Authority,
    responder: Option<Responder>,
    front: Front,
    /// What the leaves name as their responder.
    pub(crate) ocsp: FaultServer,
    /// What the leaves name as the place of their CRL.
    pub(crate) web: FaultServer,
    files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    pub(crate) fetcher: Fetcher,
}

/// How a question is put.
#[derive(Clone, Debug)]
pub(crate) struct Asking {
    pub(crate) policy: String,
    pub(crate) mode: Mode,
    /// A certificate designated as responder for any issuer.
    pub(crate) responder: Option<&'static str>,
    /// Seconds after now.
    pub(crate) later: i64,
}

impl Default for Asking {
    fn default() -> Self {
        Self { policy: String::new(), mode: Mode::AsWritten, responder: None, later: 0 }
    }
}

impl Asking {
    pub(crate) fn common_criteria() -> Self {
        Self { mode: Mode::CommonCriteria, ..Self::default() }
    }
}

/// Both modes.
pub(crate) fn modes() -> [Asking; 2] {
    [Asking::default(), Asking::common_criteria()]
}

/// What came of it.
pub(crate) struct Answer(pub(crate) Resolved<Verdict>);

impl Answer {
    pub(crate) fn allows(&self) -> bool {
        self.0.verdict.decision == Decision::Allow
    }

    /// The status of the certificate at this place, in one word, with the reason where there is one.
    pub(crate) fn status(&self, place: usize) -> String {
        match &self.0.verdict.path[place].status {
            RevocationStatus::Good => "good".to_owned(),
            RevocationStatus::Revoked(revoked) => {
                format!("revoked {}", revoked.reason.as_deref().unwrap_or("without reason"))
            }
            RevocationStatus::Unknown => "unknown".to_owned(),
            RevocationStatus::Undetermined(reason) => reason.clone(),
            RevocationStatus::NotAsked => "not asked".to_owned(),
        }
    }

    /// What was looked at for the leaf.
    pub(crate) fn checks(&self) -> &[StatusCheck] {
        &self.0.verdict.path[0].checks
    }

    /// The URIs that were asked, in order.
    pub(crate) fn asked(&self) -> Vec<&str> {
        self.0.asked.iter().filter(|asked| !asked.uri.is_empty()).map(|asked| asked.uri.as_str()).collect()
    }
}

/// The serial numbers of the leaves, which are named after what becomes of them.
pub(crate) const LEAVES: [(&str, &str); 4] =
    [("good", "1001"), ("revoked", "1002"), ("held", "1003"), ("unlisted", "1004")];

impl World {
    /// Leaves that name a responder and a CRL, an index, a CRL, and no responder yet.
    pub(crate) fn new() -> Self {
        Self::naming("ocsp crl")
    }

    /// Leaves that name what the text says: `ocsp`, `crl`, both or nothing.
    pub(crate) fn naming(sources: &str) -> Self {
        let authority = Authority::new();
        let front: Front = Arc::new(Mutex::new(vec![Step::Reset]));
        let ocsp = FaultServer::start({
            let front = Arc::clone(&front);
            move |_| front.lock().unwrap().clone()
        });
        let files: Arc<Mutex<BTreeMap<String, Vec<u8>>>> = Arc::default();
        let web = FaultServer::start({
            let files = Arc::clone(&files);
            move |received| match files.lock().unwrap().get(received.path()) {
                Some(file) => vec![Step::Send(good("application/pkix-crl", file))],
                None => vec![Step::Send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec())],
            }
        });
        let mut extensions = LEAF.to_owned();
        if sources.contains("ocsp") {
            extensions += &format!("authorityInfoAccess=OCSP;URI:{}\n", ocsp.uri("/ocsp"));
        }
        if sources.contains("crl") {
            extensions += &format!("crlDistributionPoints=URI:{}\n", web.uri("/ca.crl"));
        }
        for (name, serial) in LEAVES {
            authority.issue(name, "ca", serial, &extensions);
        }
        authority.index(&[
            ("1001", Entry::Valid),
            ("1002", Entry::Revoked("keyCompromise")),
            ("1003", Entry::Revoked("certificateHold")),
        ]);
        let world =
            Self { authority, responder: None, front, ocsp, web, files, fetcher: fetcher(Limits::default()) };
        world.publish("/ca.crl", world.authority.crl("ca"));
        world
    }

    /// Puts a file on the web server.
    pub(crate) fn publish(&self, path: &str, file: Vec<u8>) {
        self.files.lock().unwrap().insert(path.to_owned(), file);
    }

    /// Takes a file off the web server.
    pub(crate) fn withdraw(&self, path: &str) {
        self.files.lock().unwrap().remove(path);
    }

    /// Starts a responder that signs as `signer`.
    pub(crate) fn respond(&mut self, signer: &str, more: &[&str]) {
        let responder = Responder::start(&self.authority, signer, more);
        let upstream = responder.address();
        self.responder = Some(responder);
        self.in_front(vec![Step::Relay { upstream, octets: usize::MAX }]);
    }

    /// A fetcher that has kept nothing and tried nobody.
    pub(crate) fn forget(&mut self) {
        self.fetcher = fetcher(Limits::default());
    }

    /// The same, which waits for nobody for long.
    pub(crate) fn forget_and_hurry(&mut self) {
        let short = Duration::from_millis(400);
        self.fetcher = fetcher(Limits { idle: short, head: short, ..Limits::default() });
    }

    /// Where the responder itself listens.
    pub(crate) fn upstream(&self) -> SocketAddr {
        self.responder.as_ref().expect("a responder").address()
    }

    /// What the server in front of the responder does from now on.
    pub(crate) fn in_front(&self, steps: Vec<Step>) {
        *self.front.lock().unwrap() = steps;
    }

    /// Asks about a leaf, the whole way.
    pub(crate) fn ask(&self, leaf: &str, asking: &Asking) -> Answer {
        let mut session = engine().session().unwrap();
        let validator = session.validator(&asking.policy, asking.mode).unwrap().unwrap();
        session.add_anchor(&validator, &self.authority.der("root"), TrustRole::Issuer).unwrap().unwrap();
        if let Some(name) = asking.responder {
            let certificate = self.authority.der(name);
            session.designate_responder(&validator, &certificate, None).unwrap().unwrap();
        }
        let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
        let at = now + asking.later;
        let validation = Validation {
            target: self.authority.der(leaf),
            untrusted: vec![self.authority.der("ca")],
            at,
            purpose: Some("server-auth".to_owned()),
            names: Vec::new(),
            nonce_seed: Some(vec![7; 32]),
            answers_signature_checks: true,
        };
        let mut question = Question { session: &mut session, validator: &validator, validation: &validation };
        let means = Means {
            fetcher: Some(self.fetcher.clone()),
            signatures: Some(signature::answer),
            ..Means::offline(at)
        };
        Answer(resolve_blocking(&mut question, Vec::new(), &means).unwrap())
    }
}

/// A fetcher that may reach the loopback interface on any port, and nothing else beyond the public internet.
pub(crate) fn fetcher(limits: Limits) -> Fetcher {
    let guard = Guard { allowed: vec!["127.0.0.0/8".parse().unwrap()], ports: Ports::Any };
    Fetcher::new(Settings { guard, limits, ..Settings::default() })
}

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::load(Allocation::OnDemand).unwrap())
}

/// A delegated responder's certificate that nobody needs to ask about.
pub(crate) const DELEGATE: &str = "\
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=OCSPSigning
noCheck=ignored
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
";
