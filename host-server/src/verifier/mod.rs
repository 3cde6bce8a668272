//! For programs with rustls: whom a TLS client or a TLS server talks to is decided by the engine, under a policy document,
//! with revocation. [`Verifier`] is a `ServerCertVerifier` and a `ClientCertVerifier`; it gathers what a handshake brought
//! (the certificates, the name that was dialled, a stapled OCSP response), asks, and tells rustls. No rule is written here.
//!
//! ```no_run
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! use host_server::component::contract::request::Mode;
//! use host_server::verifier::{self, Verifier, rustls};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let verifier = Verifier::builder()
//!     .trust(std::fs::read("ca.pem")?)          // PEM, DER or PKCS #7; nothing is trusted by default
//!     .policy(std::fs::read_to_string("policy.toml")?)
//!     .mode(Mode::CommonCriteria)               // what cannot be determined denies
//!     .live(verifier::Settings::default())      // OCSP and CRLs over HTTP, anew for every handshake
//!     .patience(Duration::from_secs(10))
//!     .on_answer(|answer| println!("{} {:?}", answer.peer, answer.codes()))
//!     .build()?;
//! let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
//! let mut client = rustls::ClientConfig::builder_with_provider(provider)
//!     .with_safe_default_protocol_versions()?
//!     .dangerous()
//!     .with_custom_certificate_verifier(Arc::new(verifier))
//!     .with_no_client_auth();
//! verifier::always_ask_servers(&mut client);    // a resumed session shows no certificate
//! # Ok(())
//! # }
//! ```
//!
//! # Who judges what
//! Whether the peer holds the key of its certificate is no certificate rule: the signature on the handshake is checked by
//! rustls with AWS-LC, whose schemes are offered. Whether that key is one to rely on is: the verdict has judged its kind
//! and size under the policy before the signature is looked at, and an allow counts only where the certificate that the
//! engine judged is, octet for octet, the one whose key rustls takes.
//!
//! # Waiting
//! rustls asks synchronously, and an answer may take a responder's time. The verifier computes and fetches on threads of
//! its own, so whoever waits is never waited for: no runtime can lock itself up. On a worker of a multi-threaded tokio
//! runtime the wait is announced with `block_in_place`, which lets the others go on, and which panics within a
//! `LocalSet` of such a runtime; a current-thread runtime stands still meanwhile, so there handshakes belong on a
//! thread of their own. After [`Builder::patience`] the answer is an error, as it is when a hundred questions are under
//! way, when the engine traps and when anything panics. Nothing but a verdict that allows lets a peer in.
//!
//! # Cost as a dependency
//! The crate is the whole host: beside the engine's runtime (wasmtime) it brings the server, its databases and its HTTP
//! API, about 350 crates to compile. A linked program keeps what it uses: some 25 MB, most of them the component's
//! machine code, its runtime and AWS-LC.

mod builder;
mod answer;
mod bridge;
mod resumption;

use std::fmt;
use std::sync::Arc;

use sha2::{Digest, Sha256};
pub use tokio_rustls::rustls;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{
    WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::{DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};

use self::bridge::Bridge;
use crate::component::contract::request::{Mode, ReferenceIdentifier};
use crate::decide::{Asked, Believed, Decider};
use crate::trusted::Snapshot;

pub use self::answer::{Answer, Peer, Refused, Undecided};
pub use self::builder::{BuildFault, Builder, ClientCertificates};
pub use self::resumption::{always_ask_clients, always_ask_servers};
pub use crate::fetch::Settings;

/// Called with every answer.
type Observer = Arc<dyn Fn(&Answer) + Send + Sync>;

/// Judges the certificates of TLS peers with the engine.
pub struct Verifier {
    decider: Decider,
    believed: Believed,
    snapshot: Option<Arc<Snapshot>>,
    policy: Option<String>,
    mode: Mode,
    purpose: Option<String>,
    clients: ClientCertificates,
    hints: Vec<DistinguishedName>,
    observer: Option<Observer>,
    algorithms: WebPkiSupportedAlgorithms,
    bridge: Bridge,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("mode", &self.mode)
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}

/// What a handshake brought.
struct Shown<'a> {
    end_entity: &'a CertificateDer<'a>,
    intermediates: &'a [CertificateDer<'a>],
    /// A stapled OCSP response (RFC 6066 8, RFC 8446 4.4.2.1); empty where there is none.
    staple: &'a [u8],
    now: UnixTime,
}

impl Verifier {
    /// Begins with nobody trusted, the default policy, as written, and nothing fetched.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// Asks about a peer and tells whoever wants to know.
    fn verify(&self, peer: Peer, shown: &Shown<'_>) -> Result<(), Error> {
        let certificate = Sha256::digest(shown.end_entity).into();
        let outcome = self.names(&peer).and_then(|names| self.ask(&peer, names, shown));
        let answer = Answer { peer, certificate, outcome };
        if let Some(observer) = &self.observer {
            let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| observer(&answer)));
            if told.is_err() {
                return Err(Undecided::Panicked.into());
            }
        }
        answer.admit()
    }

    fn ask(
        &self,
        peer: &Peer,
        names: Vec<ReferenceIdentifier>,
        shown: &Shown<'_>,
    ) -> Result<answer::Decided, Undecided> {
        let now = i64::try_from(shown.now.as_secs()).map_err(|_| Undecided::Time)?;
        let asked = self.asked(peer, names, shown, now);
        let (decider, snapshot) = (self.decider.clone(), self.snapshot.clone());
        let resolved = self.bridge.ask(async move { decider.decide(asked, snapshot, now).await })?;
        Ok(Arc::new(resolved.map_err(Undecided::Decider)?))
    }

    fn asked(&self, peer: &Peer, names: Vec<ReferenceIdentifier>, shown: &Shown<'_>, at: i64) -> Asked {
        let purpose = self.purpose.clone().unwrap_or_else(|| peer.purpose().to_owned());
        Asked {
            certificate: shown.end_entity.to_vec(),
            untrusted: shown.intermediates.iter().map(|der| der.to_vec()).collect(),
            believed: self.believed.clone(),
            purpose: Some(purpose),
            names,
            at,
            policy: self.policy.clone(),
            mode: self.mode,
            crls: Vec::new(),
            responses: if shown.staple.is_empty() { Vec::new() } else { vec![shown.staple.to_vec()] },
            online: self.decider.fetcher.is_some(),
        }
    }

    /// What the peer must be called (RFC 9525 6.1): the name that was dialled. A client is asked for none.
    fn names(&self, peer: &Peer) -> Result<Vec<ReferenceIdentifier>, Undecided> {
        let Peer::Server(name) = peer else { return Ok(Vec::new()) };
        match name {
            // the dot at the end belongs to the notation and not to the name (RFC 6066 3)
            ServerName::DnsName(name) => {
                let name = name.as_ref();
                Ok(vec![ReferenceIdentifier::Dns(name.strip_suffix('.').unwrap_or(name).to_owned())])
            }
            ServerName::IpAddress(address) => Ok(vec![ReferenceIdentifier::Ip(answer::octets(*address))]),
            // `ServerName` may grow; what cannot be asked for is not passed over
            _ => Err(Undecided::Name),
        }
    }

    fn tls12(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn tls13(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let shown = Shown { end_entity, intermediates, staple: ocsp_response, now };
        self.verify(Peer::Server(server_name.to_owned()), &shown).map(|()| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.tls12(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.tls13(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

impl ClientCertVerifier for Verifier {
    fn client_auth_mandatory(&self) -> bool {
        self.clients == ClientCertificates::Mandatory
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.hints
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let shown = Shown { end_entity, intermediates, staple: &[], now };
        self.verify(Peer::Client, &shown).map(|()| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.tls12(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.tls13(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
