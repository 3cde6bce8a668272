//! Clients of other servers, with certificates of an authority that the `openssl` program made, and its responder, whose
//! answers can be held back.

use std::fs;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::authority::{Authority, Entry};
use crate::client::{Asked, Reply};
use crate::fault::{FaultServer, Step};
use crate::management::{done, upload};
use crate::process::Server;
use crate::responder::Responder;

/// The leaves, by what becomes of them, and their serial numbers.
const LEAVES: [(&str, &str); 3] = [("good", "1001"), ("revoked", "1002"), ("unlisted", "1003")];

const LEAF: &str = "\
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
";

/// Classes that most tests need.
pub(crate) const CLASSES: &str = "\
[[decide.class]]
name = 'live'
store = 'tomcat-trust'
purpose = 'client-auth'

[[decide.class]]
name = 'strict'
store = 'tomcat-trust'
purpose = 'client-auth'
mode = 'common-criteria'

[[decide.class]]
name = 'cached'
store = 'tomcat-trust'
purpose = 'client-auth'
answers = 'cached'
cache-seconds = 3600

[[decide.class]]
name = 'nowhere'
store = 'no-such-trust'
purpose = 'client-auth'
";

/// An authority, its responder behind a server that may hold back its answers, and a server that is asked about clients.
pub(crate) struct World {
    authority: Authority,
    _responder: Responder,
    upstream: std::net::SocketAddr,
    front: Arc<Mutex<Vec<Step>>>,
    pub(crate) ocsp: FaultServer,
    pub(crate) server: Server,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(CLASSES)
    }

    /// A server that is configured so, beside what fetching needs.
    pub(crate) fn with(configuration: &str) -> Self {
        let authority = Authority::new();
        let front: Arc<Mutex<Vec<Step>>> = Arc::default();
        let steps = Arc::clone(&front);
        let ocsp = FaultServer::start(move |_| steps.lock().unwrap().clone());
        let extensions = format!("{LEAF}authorityInfoAccess=OCSP;URI:{}\n", ocsp.uri("/ocsp"));
        for (name, serial) in LEAVES {
            authority.issue(name, "ca", serial, &extensions);
        }
        authority.index(&[("1001", Entry::Valid), ("1002", Entry::Revoked("keyCompromise"))]);
        let responder = Responder::start(&authority, "ca", &[]);
        let port = ocsp.address().port();
        let fetch = format!("[fetch]\nonline = true\nallow = ['127.0.0.0/8']\nports = [{port}]\n\n");
        let server = Server::configured(&format!("{fetch}{configuration}"));
        for name in ["root", "ca"] {
            done(&upload(&server, &authority.der(name), "trust", "tomcat-trust"));
        }
        let upstream = responder.address();
        let world = Self { authority, _responder: responder, upstream, front, ocsp, server };
        world.answer();
        world
    }

    /// The responder answers from now on.
    pub(crate) fn answer(&self) {
        *self.front.lock().unwrap() = vec![Step::Relay { upstream: self.upstream, octets: usize::MAX }];
    }

    /// Something else happens to who asks it.
    pub(crate) fn instead(&self, steps: Vec<Step>) {
        *self.front.lock().unwrap() = steps;
    }

    /// The responder says of the good leaf that it is revoked, from now on.
    pub(crate) fn revoke_the_good(&self) {
        // another file, so that the responder sees the change within the same second
        let index = self.authority.directory().join("index.txt");
        let text = fs::read_to_string(&index).unwrap();
        let line = "R\t350101000000Z\t250101000000Z,keyCompromise\t1001\tunknown\t/CN=1001\n";
        let others: String = text.lines().skip(1).map(|line| format!("{line}\n")).collect();
        self.authority.write("index.new", &format!("{line}{others}"));
        fs::rename(self.authority.directory().join("index.new"), index).unwrap();
    }

    pub(crate) fn pem(&self, name: &str) -> String {
        let text = fs::read_to_string(self.authority.directory().join(format!("{name}.pem"))).unwrap();
        // without what the program prints before it
        text[text.find("-----BEGIN").unwrap()..].to_owned()
    }

    pub(crate) fn der(&self, name: &str) -> Vec<u8> {
        self.authority.der(name)
    }

    /// Asks about a leaf as JSON.
    pub(crate) fn decide(&self, class: &str, leaf: &str) -> Reply {
        let question = json!({ "class": class, "certificate": self.pem(leaf) });
        self.server.post("/v1/decide", &question)
    }

    /// The same, answered.
    #[track_caller]
    pub(crate) fn decided(&self, class: &str, leaf: &str) -> Value {
        done(&self.decide(class, leaf))
    }

    /// What nginx would send.
    pub(crate) fn nginx(&self, class: &str, leaf: &str) -> Asked {
        let path = format!("/v1/decide/auth-request/{class}");
        Asked::new("GET", &path).header("x-client-cert", &escaped(&self.pem(leaf)))
    }

    /// What Envoy would send about a request for a path.
    pub(crate) fn envoy(&self, class: &str, path: &str, leaf: &str) -> Asked {
        let element = format!(
            "By=spiffe://here;Hash={};Cert=\"{}\";Subject=\"CN={leaf}\"",
            crate::management::fingerprint(&self.der(leaf)),
            escaped(&self.pem(leaf))
        );
        Asked::new("POST", &format!("/v1/decide/ext-authz/{class}{path}"))
            .header("x-forwarded-client-cert", &element)
    }
}

/// A text with everything but unreserved characters escaped.
pub(crate) fn escaped(text: &str) -> String {
    let escape = |octet: u8| match octet {
        b'-' | b'.' | b'_' | b'~' => char::from(octet).to_string(),
        letter if letter.is_ascii_alphanumeric() => char::from(letter).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(escape).collect()
}
