//! An authority of its own, leaves that name its responder, and a server in front of the responder that can be told to
//! misbehave.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use host_server::fetch::Settings;
use host_server::fetch::guard::{Guard, Ports};
use host_server::verifier::rustls::pki_types::pem::PemObject;
use host_server::verifier::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::authority::{Authority, Entry, openssl};
use crate::fault::{FaultServer, Step};
use crate::responder::Responder;

/// Everything that one test needs.
pub(crate) struct Realm {
    pub(crate) authority: Authority,
    responder: Mutex<Responder>,
    front: Arc<Mutex<Vec<Step>>>,
    pub(crate) ocsp: FaultServer,
}

/// The serial numbers of the leaves, which are named after what the responder says of them.
const LEAVES: [(&str, &str); 4] =
    [("good", "1001"), ("revoked", "1002"), ("held", "1003"), ("unlisted", "1004")];

/// Good for both ends of a handshake, under the names that tests dial.
const LEAF: &str = "\
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=DNS:www.example.org,IP:127.0.0.1
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
";

impl Realm {
    /// An authority that is its own root, so that every certificate but the anchor can be asked about.
    pub(crate) fn new() -> Self {
        let authority = Authority::new();
        root_by_itself(&authority);
        let front = Arc::new(Mutex::new(vec![Step::Reset]));
        let ocsp = FaultServer::start({
            let front = Arc::clone(&front);
            move |_| front.lock().unwrap().clone()
        });
        for (name, serial) in LEAVES {
            authority.issue(name, "ca", serial, &named(LEAF, &ocsp));
        }
        authority.index(&ENTRIES);
        let responder = Mutex::new(Responder::start(&authority, "ca", &[]));
        let realm = Self { authority, responder, front, ocsp };
        realm.reachable();
        realm
    }

    /// The responder answers.
    pub(crate) fn reachable(&self) {
        self.in_front(vec![Step::Relay {
            upstream: self.responder.lock().unwrap().address(),
            octets: usize::MAX,
        }]);
    }

    /// Whoever asks the responder is cut off.
    pub(crate) fn unreachable(&self) {
        self.in_front(vec![Step::Reset]);
    }

    /// What becomes of a question to the responder.
    pub(crate) fn in_front(&self, steps: Vec<Step>) {
        *self.front.lock().unwrap() = steps;
    }

    /// The responder learns that `good` is revoked. `openssl ocsp` looks at its index again only after the next answer, so
    /// another one takes its place.
    pub(crate) fn revoke_good(&self) {
        let [_, rest @ ..] = ENTRIES;
        let mut entries = vec![("1001", Entry::Revoked("keyCompromise"))];
        entries.extend(rest);
        self.authority.index(&entries);
        *self.responder.lock().unwrap() = Responder::start(&self.authority, "ca", &[]);
        self.reachable();
    }

    /// Issues another leaf; what `change` replaces in the extensions is left to the test.
    pub(crate) fn issue(&self, name: &str, serial: &str, change: (&str, &str)) {
        let extensions = LEAF.replace(change.0, change.1);
        self.authority.issue(name, "ca", serial, &named(&extensions, &self.ocsp));
    }

    /// Issues a leaf whose time has passed.
    pub(crate) fn issue_expired(&self, name: &str) {
        self.issue(name, "1005", ("", ""));
        self.authority.write("expired.conf", EXPIRED_CONFIGURATION);
        self.authority.write("expired.txt", "");
        self.authority.write("expired.serial", "1005\n");
        let (request, extensions, out) =
            (format!("{name}.csr"), format!("{name}.ext"), format!("{name}.pem"));
        let arguments = [
            "ca",
            "-batch",
            "-notext",
            "-config",
            "expired.conf",
            "-cert",
            "ca.pem",
            "-keyfile",
            "ca.key",
            "-startdate",
            "20200101000000Z",
            "-enddate",
            "20210101000000Z",
            "-in",
            &request,
            "-extfile",
            &extensions,
            "-out",
            &out,
        ];
        openssl(self.authority.directory(), &arguments);
    }

    /// Makes the certificate `own`, which nobody but itself vouches for.
    pub(crate) fn make_own(&self, subject: &str, alternative: &str) {
        let extension = format!("subjectAltName={alternative}");
        let kind = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
        let rest = ["-keyout", "own.key", "-out", "own.pem", "-subj", subject, "-addext", &extension];
        let rest = rest.into_iter().chain(["-days", "9", "-config", "/dev/null"]);
        let arguments: Vec<&str> = kind.into_iter().chain(rest).collect();
        openssl(self.authority.directory(), &arguments);
    }

    /// What the responder says about a leaf, as a server staples it.
    pub(crate) fn staple(&self, name: &str) -> Vec<u8> {
        let (certificate, out) = (format!("{name}.pem"), format!("{name}.ors"));
        let arguments = [
            "ocsp",
            "-index",
            "index.txt",
            "-CA",
            "ca.pem",
            "-issuer",
            "ca.pem",
            "-cert",
            &certificate,
            "-rsigner",
            "ca.pem",
            "-rkey",
            "ca.key",
            "-nmin",
            "30",
            "-no_nonce",
            "-respout",
            &out,
        ];
        openssl(self.authority.directory(), &arguments);
        fs::read(self.path(&out)).unwrap()
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.authority.directory().join(file)
    }

    pub(crate) fn pem(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(&format!("{name}.pem"))).unwrap()
    }

    /// A certificate and its key.
    pub(crate) fn identity(&self, name: &str) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        let certificate = CertificateDer::from_pem_slice(&self.pem(name)).unwrap();
        let key = fs::read(self.path(&format!("{name}.key"))).unwrap();
        (vec![certificate], PrivateKeyDer::from_pem_slice(&key).unwrap())
    }
}

/// What the responder is told at first.
const ENTRIES: [(&str, Entry); 3] = [
    ("1001", Entry::Valid),
    ("1002", Entry::Revoked("keyCompromise")),
    ("1003", Entry::Revoked("certificateHold")),
];

fn named(extensions: &str, ocsp: &FaultServer) -> String {
    format!("{extensions}authorityInfoAccess=OCSP;URI:{}\n", ocsp.uri("/ocsp"))
}

/// Makes the issuing authority its own root.
fn root_by_itself(authority: &Authority) {
    let arguments = [
        "req",
        "-x509",
        "-key",
        "ca.key",
        "-subj",
        "/CN=ca",
        "-days",
        "3650",
        "-out",
        "ca.pem",
        "-config",
        "/dev/null",
        "-addext",
        "basicConstraints=critical,CA:TRUE",
        "-addext",
        "keyUsage=critical,keyCertSign,cRLSign,digitalSignature",
        "-addext",
        "subjectKeyIdentifier=hash",
    ];
    openssl(authority.directory(), &arguments);
}

/// May fetch from the loopback interface.
pub(crate) fn settings() -> Settings {
    let guard = Guard { allowed: vec!["127.0.0.0/8".parse().unwrap()], ports: Ports::Any };
    Settings { guard, ..Settings::default() }
}

const EXPIRED_CONFIGURATION: &str = "\
[ca]
default_ca = here
[here]
database = expired.txt
serial = expired.serial
new_certs_dir = .
default_md = sha256
policy = any
[any]
commonName = supplied
";
