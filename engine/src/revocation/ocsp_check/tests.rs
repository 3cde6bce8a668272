//! Acceptance rules and attack cases, with generated responses. Unless a test says otherwise: `root` issued
//! `leaf` and `delegate`, which holds id-kp-OCSPSigning; the question is asked at `pki::certificate::AT`.

mod entry;
mod signer;
mod response;

use pki::algorithm::{Algorithm, Hash};
use pki::certificate::{AT, Issued, Sketch};
use pki::key::Key;
use pki::ocsp::{self as sketch, Entry, Response};
use pki::time::seconds;

use super::*;
use crate::budget::Limits;
use crate::oid::Oid;
use crate::revocation::RevocationReason;
use crate::revocation::freshness::BoundedBy;
use crate::revocation::responder::SignatureRefused;
use crate::revocation::responder::{
    DelegateRefused, DesignatedRefused, DesignatedScope, ResponderStatus, Unfit,
};
use crate::settings::Settings;
use crate::settings::algorithm::SignatureAlgorithm;
use crate::settings::revocation::NoncePolicy;
use crate::settings::revocation::{DesignatedUsage, FreshnessSettings};

const NONCE: Nonce = [7; 32];

/// The certificates of a case and what is asked.
struct Case {
    root: Issued,
    leaf: Issued,
    delegate: Issued,
    designated: Vec<(Issued, Option<Issued>)>,
    nonce: Option<Nonce>,
    settings: OcspSettings,
    at: &'static str,
    limits: Limits,
}

fn delegate(label: &str, issuer: &Issued) -> Sketch {
    Sketch::leaf(label).issued_by(issuer).eku(&["OCSPSigning"])
}

impl Case {
    fn new() -> Self {
        let root = Sketch::ca("root").issue();
        Self {
            leaf: Sketch::leaf("leaf").issued_by(&root).issue(),
            delegate: delegate("delegate", &root).issue(),
            root,
            designated: Vec::new(),
            nonce: None,
            settings: OcspSettings::DEFAULT,
            at: AT,
            limits: Limits::DEFAULT,
        }
    }

    fn good(&self) -> Entry {
        Entry::good(&self.leaf, &self.root)
    }

    fn revoked(&self) -> Entry {
        self.good().revoked("2025-06-01T00:00:00Z", Some(1))
    }

    /// Signed by the root, good.
    fn direct(&self) -> Response {
        Response::signed_by(&self.root).entry(self.good())
    }

    /// Signed by this delegate, good.
    fn by(&self, delegate: &Issued) -> Response {
        Response::delegated_to(delegate).entry(self.good())
    }

    fn designate(mut self, responder: &Issued, issuer: Option<&Issued>) -> Self {
        self.designated.push((responder.clone(), issuer.cloned()));
        self
    }

    fn ask(&self, body: &[u8]) -> OcspAnswer {
        self.ask_within(body, &mut Budget::new(self.limits.clone())).unwrap()
    }

    fn ask_within(&self, body: &[u8], budget: &mut Budget) -> Result<OcspAnswer, BudgetExceeded> {
        let decode = |issued: &Issued| Certificate::decode(&issued.der).unwrap();
        let (certificate, issuer) = (decode(&self.leaf), decode(&self.root));
        let pairs: Vec<_> = self
            .designated
            .iter()
            .map(|(responder, issuer)| (decode(responder), issuer.as_ref().map(decode)))
            .collect();
        let designated: Vec<_> = pairs
            .iter()
            .map(|(certificate, issuer)| Designated {
                certificate,
                scope: issuer.as_ref().map_or(DesignatedScope::AnyIssuer, DesignatedScope::Issuer),
            })
            .collect();
        let question = OcspQuestion {
            certificate: &certificate,
            issuer: &issuer,
            designated: &designated,
            at: Instant::from_unix(seconds(self.at)),
            nonce: self.nonce.as_ref(),
            settings: &self.settings,
            algorithms: &Settings::default().algorithms,
        };
        check_response(&question, body, budget)
    }

    fn accepted(&self, response: &Response) -> AcceptedResponse {
        match self.ask(&response.encode()) {
            OcspAnswer::Accepted(accepted) => *accepted,
            OcspAnswer::Rejected(rejection) => panic!("rejected: {rejection:?}"),
        }
    }

    fn rejected(&self, response: &Response) -> OcspRejected {
        self.rejected_body(&response.encode())
    }

    fn rejected_body(&self, body: &[u8]) -> OcspRejected {
        self.rejection(body).reason
    }

    fn rejection(&self, body: &[u8]) -> Rejection {
        match self.ask(body) {
            OcspAnswer::Accepted(accepted) => panic!("accepted: {accepted:?}"),
            OcspAnswer::Rejected(rejection) => rejection,
        }
    }

    fn not_authorised(&self, response: &Response) -> (DelegateRefused, DesignatedRefused) {
        match self.rejected(response) {
            OcspRejected::NotAuthorised(refused) => (refused.delegated, refused.designated),
            other => panic!("{other:?}"),
        }
    }
}

fn entry(response: Response, entries: &[Entry]) -> Response {
    entries.iter().cloned().fold(response, Response::entry)
}
