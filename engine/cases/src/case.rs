//! A case, and what a host needs to judge it: the inputs of a decision, and an answer to whatever the engine asks for.
//! Nothing is judged here.

use engine_capsule::{Answer, Evidence, Inputs, Mode, Name, Octets, Question, Reason, Role, Trusted};
use sha2::{Digest as _, Sha256};

use crate::answers::{Answers, Says, Signed, Signer};
use crate::certificate::{self, Asked, Party, Plan, Signature, Status};
use crate::comparison::{Expected, Labels};
use crate::format::problem::Problem;
use crate::key::{self, Key};
use crate::moment::DAY;
use crate::sketch::{self, Issued, Sketch, Sources, Trust};
use crate::{extension, name};

/// One case of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its name, which no other case of the file has.
    pub name: String,
    /// What its author says about it.
    pub note: Option<String>,
    /// The line where it begins.
    pub line: usize,
    /// The moment of the question, in seconds since 1970.
    pub at: i64,
    /// The purpose.
    pub purpose: Option<String>,
    /// Names of which the certificate must carry one.
    pub names: Vec<Name>,
    /// The mode that the policy is read in.
    pub mode: Mode,
    /// What must come out.
    pub expected: Expected,
    pub(crate) about: About,
    pub(crate) ocsp: Answers,
    pub(crate) crl: Answers,
    pub(crate) files: Vec<Given>,
    pub(crate) unavailable: Reason,
}

/// What is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// A chain, from the anchor down.
    Sketched(Vec<Sketch>),
    /// Certificates as they are.
    Given { certificate: Given, untrusted: Vec<Given>, anchors: Vec<Given> },
}

/// What a file that a case names must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Certificates, in any form that the engine reads.
    Certificates,
    /// Certificate revocation lists.
    Crls,
    /// One OCSP response.
    OcspResponse,
}

/// A file that a case names, or its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// What it must hold.
    pub content: Content,
    /// A path relative to the file of cases, or PEM where [`is_text`](Given::is_text) says so.
    pub text: String,
    /// The line where it is named.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// The key.
    pub key: String,
}

impl Given {
    /// Whether it is PEM that stands in the file of cases.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.text.contains("-----BEGIN")
    }
}

/// A case whose certificates and evidence are there.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What the decision is made from. Evidence that the engine asks for is added by the host, from
    /// [`answer`](Prepared::answer).
    pub inputs: Inputs,
    /// How certificates are called.
    pub(crate) labels: Labels,
    issued: Vec<Issued>,
    at: i64,
    ocsp: Answers,
    crl: Answers,
    unavailable: Reason,
}

/// Something that the engine asks for.
#[derive(Clone, Copy, Debug)]
pub struct Need<'a> {
    /// The name of the request.
    pub id: &'a str,
    /// SHA-256 of the certificate that it is about.
    pub about: &'a [u8],
    /// What is to be got.
    pub what: Sought<'a>,
}

/// What is to be got.
#[derive(Clone, Copy, Debug)]
pub enum Sought<'a> {
    /// An OCSP response.
    OcspResponse {
        /// The address; of a GET it ends in the request.
        uri: &'a str,
        /// The body of a POST.
        body: &'a [u8],
    },
    /// A list.
    Crl,
    /// The certificate of an issuer.
    IssuerCertificate,
}

impl About {
    /// How certificates are called, the target last.
    pub(crate) fn labels(&self) -> Vec<String> {
        match self {
            Self::Sketched(chain) => chain.iter().map(|sketch| sketch.name.clone()).collect(),
            Self::Given { .. } => ["anchor", "issuer", "target"].map(str::to_owned).to_vec(),
        }
    }
}

impl Case {
    /// The files and PEM texts that [`prepare`](Case::prepare) asks for.
    #[must_use]
    pub fn given(&self) -> Vec<&Given> {
        let mut given: Vec<&Given> = match &self.about {
            About::Sketched(_) => Vec::new(),
            About::Given { certificate, untrusted, anchors } => {
                std::iter::once(certificate).chain(untrusted).chain(anchors).collect()
            }
        };
        given.extend(&self.files);
        given
    }

    /// Issues what is sketched and takes in what is given. `read` makes DER of a file or a PEM text: its certificates, its
    /// lists, or the one response, and says in a line what is wrong where it cannot.
    ///
    /// # Errors
    /// What `read` said, with its place.
    pub fn prepare(
        &self,
        policy: &str,
        mut read: impl FnMut(&Given) -> Result<Vec<Vec<u8>>, String>,
    ) -> Result<Prepared, Box<Problem>> {
        let mut read = |given: &Given| {
            let placed = |why: String| {
                let (line, column, key) = (given.line, given.column, given.key.clone());
                Box::new(Problem { line, column, key, ..Problem::unusable_file(&why) })
            };
            read(given).map_err(placed)
        };
        let mut parts = Parts::default();
        match &self.about {
            About::Sketched(chain) => parts.sketched(self, chain),
            About::Given { certificate, untrusted, anchors } => {
                let mut found = read(certificate)?.into_iter().map(Octets);
                parts.target = found.next().unwrap_or_default();
                parts.untrusted = found.collect();
                for given in untrusted {
                    parts.untrusted.extend(read(given)?.into_iter().map(Octets));
                }
                for given in anchors {
                    parts.trusted.extend(read(given)?.into_iter().map(anchor));
                }
            }
        }
        let mut evidence = Vec::new();
        for given in &self.files {
            let answer = |body| Answer { request: None, body: Octets(body) };
            let bodies = read(given)?.into_iter().map(answer);
            match given.content {
                Content::OcspResponse => evidence.extend(bodies.map(Evidence::OcspResponse)),
                Content::Certificates | Content::Crls => evidence.extend(bodies.map(Evidence::Crl)),
            }
        }
        if self.ocsp.is_designated() {
            let certificate = designated(self.at).1;
            parts.trusted.push(Trusted::Responder { issuer: None, certificate: Octets(certificate) });
        }
        let question = Question {
            target: parts.target,
            untrusted: parts.untrusted,
            at: self.at,
            purpose: self.purpose.clone(),
            names: self.names.clone(),
            nonce_seed: Some(Octets(key::derived(b"nonce", &[self.name.as_bytes()]).to_vec())),
        };
        let inputs =
            Inputs { question, policy: policy.to_owned(), mode: self.mode, trusted: parts.trusted, evidence };
        Ok(Prepared {
            inputs,
            labels: Labels::of(&parts.issued),
            issued: parts.issued,
            at: self.at,
            ocsp: self.ocsp.clone(),
            crl: self.crl.clone(),
            unavailable: self.unavailable,
        })
    }
}

#[derive(Default)]
struct Parts {
    target: Octets,
    untrusted: Vec<Octets>,
    trusted: Vec<Trusted>,
    issued: Vec<Issued>,
}

impl Parts {
    fn sketched(&mut self, case: &Case, chain: &[Sketch]) {
        let sources = |name: &str| Sources {
            ocsp: case.ocsp.about(name).is_some(),
            crl: case.crl.about(name).is_some(),
        };
        let issued = sketch::issue(chain, case.at, sources);
        let last = issued.len().saturating_sub(1);
        for (place, one) in issued.iter().enumerate() {
            let certificate = one.certificate.clone();
            match one.trust {
                Trust::Anchor => self.trusted.push(anchor(certificate.clone())),
                Trust::Distrusted => self.trusted.push(Trusted::Anchor {
                    role: Role::Distrusted,
                    certificate: Octets(certificate.clone()),
                }),
                Trust::Missing | Trust::Supplied => {}
            }
            // what is distrusted is there all the same, or nobody would ask
            if place != last && matches!(one.trust, Trust::Distrusted | Trust::Supplied) {
                self.untrusted.push(Octets(certificate));
            }
        }
        self.target = issued.last().map(|one| Octets(one.certificate.clone())).unwrap_or_default();
        self.issued = issued;
    }
}

/// Whoever names an anchor trusts it both as an issuer and as itself.
fn anchor(certificate: Vec<u8>) -> Trusted {
    Trusted::Anchor { role: Role::IssuerAndLeaf, certificate: Octets(certificate) }
}

impl Prepared {
    /// What the case answers to something that the engine asks for: evidence, or that it cannot be had.
    #[must_use]
    pub fn answer(&self, need: &Need<'_>) -> Evidence {
        let about = self.issued.iter().find(|one| *Sha256::digest(&one.certificate) == *need.about);
        let says = about.and_then(|one| match need.what {
            Sought::OcspResponse { .. } => self.ocsp.about(&one.name),
            Sought::Crl => self.crl.about(&one.name),
            Sought::IssuerCertificate => None,
        });
        let request = need.id.to_owned();
        let unavailable = |reason| Evidence::Unavailable { request: request.clone(), reason };
        let signed = match (about, says) {
            (Some(one), Some(Says::Signed(signed))) => Some((one, signed)),
            (_, Some(Says::Unavailable(reason))) => return unavailable(reason),
            (_, Some(Says::Malformed)) => None,
            _ => return unavailable(self.unavailable),
        };
        let body = match (need.what, signed) {
            (_, None) => Some(b"none".to_vec()),
            (Sought::OcspResponse { uri, body }, Some((one, signed))) => {
                let got = from_address(uri).filter(|_| body.is_empty());
                self.response(one, signed, got.as_deref().unwrap_or(body))
            }
            (_, Some((one, signed))) => Some(self.list(one, signed)),
        };
        let Some(body) = body else { return unavailable(self.unavailable) };
        let answer = Answer { request: Some(request.clone()), body: Octets(body) };
        match need.what {
            Sought::Crl => Evidence::Crl(answer),
            Sought::OcspResponse { .. } | Sought::IssuerCertificate => Evidence::OcspResponse(answer),
        }
    }

    fn response(&self, one: &Issued, signed: Signed, request: &[u8]) -> Option<Vec<u8>> {
        let asked = Asked::read(request)?;
        let responder = match signed.signer {
            Signer::Authority => None,
            Signer::Delegate => Some(delegate(&one.issuer, &one.issuer_name, self.at)),
            Signer::Designated => Some(designated(self.at)),
            Signer::Stranger => Some(delegate(&party("Stranger"), "Stranger", self.at)),
        };
        let answer = certificate::Answer {
            status: signed.status(self.at),
            holds: signed.holds(self.at),
            signature: signed.signature,
            under_name: None,
            certificate: responder.as_ref().map(|(_, certificate)| certificate.as_slice()),
        };
        let signer = responder.as_ref().map_or(&one.issuer, |(responder, _)| responder);
        Some(signer.answer(&asked, &answer))
    }

    /// The list of the authority that issued a certificate, with everything of it that is said to be revoked.
    fn list(&self, about: &Issued, signed: Signed) -> Vec<u8> {
        let revoked =
            self.issued.iter().filter(|one| one.issuer_name == about.issuer_name).filter_map(|one| {
                let Some(Says::Signed(said)) = self.crl.about(&one.name) else { return None };
                match said.status(self.at) {
                    Status::Revoked { at, reason } => Some((one.serial.clone(), at, reason)),
                    Status::Good | Status::Unknown => None,
                }
            });
        let revoked: Vec<_> = revoked.collect();
        about.issuer.list(&revoked, signed.holds(self.at), signed.signature)
    }
}

fn party(text: &str) -> Party {
    Party { name: name::common_name(text), key: Key::of_name(&[], text) }
}

/// Somebody who answers for an authority (RFC 6960 4.2.2.2).
fn delegate(authority: &Party, of: &str, at: i64) -> (Party, Vec<u8>) {
    let delegate = party(&format!("{of} OCSP delegate"));
    let certificate = authority.issue(&responder_plan(&delegate, authority, at), Signature::True);
    (delegate, certificate)
}

/// The designated responder, whom an authority of its own certifies.
fn designated(at: i64) -> (Party, Vec<u8>) {
    delegate(&party("Designated"), "Designated", at)
}

fn responder_plan(responder: &Party, authority: &Party, at: i64) -> Plan {
    let days = |days: i64| at.saturating_add(days.saturating_mul(DAY));
    Plan {
        subject: responder.name.clone(),
        public_key_info: responder.key.public_key_info(),
        serial: vec![0x40, 1],
        not_before: days(-30),
        not_after: days(60),
        extensions: vec![
            extension::key_usage(&[0]),
            extension::ocsp_signing(),
            extension::ocsp_no_check(),
            extension::subject_key_identifier(&key::identifier(responder.key.point())),
            extension::authority_key_identifier(&key::identifier(authority.key.point())),
        ],
    }
}

/// The request at the end of a GET's address: base64, percent-encoded (RFC 6960 A.1).
fn from_address(uri: &str) -> Option<Vec<u8>> {
    let (_, encoded) = uri.rsplit_once('/')?;
    let text = encoded.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    let octets: Octets = serde_json::from_value(serde_json::Value::String(text)).ok()?;
    Some(octets.0)
}
