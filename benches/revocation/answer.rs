//! One OCSP response and one small CRL, given with the question.

use host_server::component::contract::evaluate::Outcome;
use host_server::component::contract::evidence::{Answered, Item, Wanted};
use host_server::component::contract::request::{Mode, TrustRole, Validation};
use host_server::component::contract::verdict::{RevocationStatus, Verdict};
use host_server::component::{Allocation, Engine, Session, Validator};
use host_server::signature;
use openssl::ocsp::{OcspCertId, OcspCertStatus, OcspFlag, OcspResponse};
use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use openssl::x509::{CrlStatus, X509, X509Crl};
use pki::certificate::{AT, Issued, Sketch};
use pki::crl::CrlSketch;
use pki::key::Key;
use pki::ocsp::{Entry, Response};
use serde::Serialize;

use crate::measure::least;

/// One workload.
#[derive(Serialize)]
pub(crate) struct Row {
    pub(crate) work: &'static str,
    pub(crate) ours_us: f64,
    pub(crate) answered_us: f64,
    pub(crate) openssl_us: f64,
    pub(crate) ours_to_openssl: f64,
}

/// A chain of three.
pub(crate) struct Chain {
    pub(crate) root: Issued,
    pub(crate) ca: Issued,
    pub(crate) leaf: Issued,
}

/// Every certificate under a P-256 key.
pub(crate) fn chain() -> Chain {
    let root = Sketch::ca("Bench Root").key(Key::p256("root")).issue();
    let ca = Sketch::ca("Bench Authority").key(Key::p256("ca")).issued_by(&root).issue();
    let leaf = Sketch::leaf("Bench Leaf").key(Key::p256("leaf")).issued_by(&ca).issue();
    Chain { root, ca, leaf }
}

/// A chain, the evidence about its leaf, and a session to judge it in.
pub(crate) struct Ours {
    session: Session,
    validator: Validator,
    question: Validation,
    evidence: Vec<Item>,
}

impl Ours {
    pub(crate) fn new(
        mut session: Session,
        chain: &Chain,
        evidence: Vec<Item>,
        answered: bool,
    ) -> Result<Self, String> {
        let validator = session
            .validator("", Mode::AsWritten)
            .map_err(|fault| fault.to_string())?
            .map_err(|refusal| format!("{refusal:?}"))?;
        session
            .add_anchor(&validator, &chain.root.der, TrustRole::Issuer)
            .map_err(|fault| fault.to_string())?
            .map_err(|refusal| format!("{refusal:?}"))?;
        let question = Validation {
            target: chain.leaf.der.clone(),
            untrusted: vec![chain.ca.der.clone()],
            at: pki::time::seconds(AT),
            purpose: None,
            names: Vec::new(),
            nonce_seed: None,
            answers_signature_checks: answered,
        };
        Ok(Self { session, validator, question, evidence })
    }

    /// Keeps a CRL in the validator.
    pub(crate) fn keep(&mut self, crl: &[u8]) -> Result<(), String> {
        let kept = self.session.add_crl(&self.validator, crl).map_err(|fault| fault.to_string())?;
        kept.map_err(|refusal| format!("{refusal:?}"))
    }

    pub(crate) fn memory(&self) -> usize {
        self.session.memory()
    }

    /// Judges; the leaf's status must be good.
    pub(crate) fn judge(&mut self) -> Result<(), String> {
        let verdict = self.verdict()?;
        match verdict.path.first().map(|leaf| &leaf.status) {
            Some(RevocationStatus::Good) => Ok(()),
            other => Err(format!("not good: {other:?}")),
        }
    }

    fn verdict(&mut self) -> Result<Verdict, String> {
        let given = self.evidence.len();
        loop {
            let outcome = self
                .session
                .evaluate(&self.validator, &self.question, &self.evidence)
                .map_err(|fault| fault.to_string())?;
            match outcome {
                Ok(Outcome::Decided(verdict)) => {
                    self.evidence.truncate(given);
                    return Ok(verdict);
                }
                Ok(Outcome::Needs(needs)) => {
                    for need in needs {
                        let Wanted::SignatureChecks(checks) = &need.what else {
                            return Err(format!("asked for {need:?}"));
                        };
                        self.evidence.extend(signature::answer(&need.id, checks));
                    }
                }
                Err(refusal) => return Err(format!("{refusal:?}")),
            }
        }
    }
}

/// Both workloads.
pub(crate) fn rows() -> Result<Vec<Row>, String> {
    let chain = chain();
    let response = Response::signed_by(&chain.ca).entry(Entry::good(&chain.leaf, &chain.ca)).encode();
    let crl = CrlSketch::by(&chain.ca).number(1).revoke(&[0x55]).issue();
    let item = Item::OcspResponse(Answered { request_id: None, body: response.clone() });
    let ocsp = row("OCSP response by the authority", &chain, item, || through_ocsp(&chain, &response))?;
    let item = Item::Crl(Answered { request_id: None, body: crl.clone() });
    let small = row("CRL with one entry", &chain, item, || through_crl(&chain, &crl))?;
    Ok(vec![ocsp, small])
}

fn row(
    work: &'static str,
    chain: &Chain,
    item: Item,
    peer: impl FnMut() -> Result<(), String>,
) -> Result<Row, String> {
    let engine = Engine::load(Allocation::OnDemand).map_err(|fault| fault.to_string())?;
    let session = || engine.session().map_err(|fault| fault.to_string());
    let mut ours = Ours::new(session()?, chain, vec![item.clone()], false)?;
    let mut answered = Ours::new(session()?, chain, vec![item], true)?;
    let ours_us = least(|| ours.judge())? / 1e3;
    let answered_us = least(|| answered.judge())? / 1e3;
    let openssl_us = least(peer)? / 1e3;
    Ok(Row { work, ours_us, answered_us, openssl_us, ours_to_openssl: ours_us / openssl_us })
}

fn through_ocsp(chain: &Chain, response: &[u8]) -> Result<(), String> {
    let judge = || -> Result<OcspCertStatus, openssl::error::ErrorStack> {
        let (leaf, ca) = (X509::from_der(&chain.leaf.der)?, X509::from_der(&chain.ca.der)?);
        let basic = OcspResponse::from_der(response)?.basic()?;
        let mut store = X509StoreBuilder::new()?;
        store.add_cert(ca.clone())?;
        store.set_flags(X509VerifyFlags::PARTIAL_CHAIN)?;
        let mut parameters = X509VerifyParam::new()?;
        parameters.set_time(pki::time::seconds(AT));
        store.set_param(&parameters)?;
        let mut certificates = Stack::new()?;
        certificates.push(ca.clone())?;
        basic.verify(&certificates, &store.build(), OcspFlag::TRUST_OTHER)?;
        let id = OcspCertId::from_cert(openssl::hash::MessageDigest::sha1(), &leaf, &ca)?;
        Ok(basic.find_status(&id).map_or(OcspCertStatus::UNKNOWN, |found| found.status))
    };
    match judge() {
        Ok(OcspCertStatus::GOOD) => Ok(()),
        other => Err(format!("OpenSSL: {other:?}")),
    }
}

/// Decodes, verifies and looks up, as a program does that is given a list with a question.
fn through_crl(chain: &Chain, crl: &[u8]) -> Result<(), String> {
    let judge = || -> Result<bool, openssl::error::ErrorStack> {
        let (leaf, ca) = (X509::from_der(&chain.leaf.der)?, X509::from_der(&chain.ca.der)?);
        let crl = X509Crl::from_der(crl)?;
        let key = ca.public_key()?;
        Ok(crl.verify(&key)? && matches!(crl.get_by_cert(&leaf), CrlStatus::NotRevoked))
    };
    match judge() {
        Ok(true) => Ok(()),
        other => Err(format!("OpenSSL: {other:?}")),
    }
}
