//! The one place that puts a question to the component and reads its answer. What is needed on the way is had from
//! a [`World`], which stands for the network.

use std::cell::RefCell;
use std::sync::OnceLock;

use host_server::component::contract::evaluate::Outcome;
use host_server::component::contract::evidence::{
    Answered, Item, Need, Unavailable, UnavailableReason, Wanted,
};
use host_server::component::contract::request::{Mode, TrustRole, Validation};
use host_server::component::contract::verdict::{Decision, RevocationStatus, Verdict};
use host_server::component::{Allocation, Engine, Session, Validator};
use pki::certificate::{AT, Issued};
use pki::time;

/// What a request meets.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    Body(Vec<u8>),
    Unavailable(UnavailableReason),
}

/// What answers requests: a URI and, of OCSP, the request's octets.
pub(crate) type World<'w> = &'w dyn Fn(&str, &[u8]) -> Reply;

/// Whether Common Criteria mode is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CommonCriteria {
    Off,
    On,
}

pub(crate) const BOTH: [CommonCriteria; 2] = [CommonCriteria::Off, CommonCriteria::On];

/// A question with everything that can be varied.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) settings: String,
    pub(crate) target: Issued,
    pub(crate) untrusted: Vec<Issued>,
    pub(crate) anchor: Issued,
    pub(crate) responders: Vec<(Issued, Option<Issued>)>,
    /// CRLs that the validator keeps.
    pub(crate) kept: Vec<Vec<u8>>,
    pub(crate) responses: Vec<Vec<u8>>,
    pub(crate) crls: Vec<Vec<u8>>,
    pub(crate) at: &'static str,
    pub(crate) nonce_seed: Option<Vec<u8>>,
}

impl Question {
    pub(crate) fn new(target: &Issued, untrusted: &[&Issued], anchor: &Issued) -> Self {
        Self {
            settings: String::new(),
            target: target.clone(),
            untrusted: untrusted.iter().map(|&issued| issued.clone()).collect(),
            anchor: anchor.clone(),
            responders: Vec::new(),
            kept: Vec::new(),
            responses: Vec::new(),
            crls: Vec::new(),
            at: AT,
            nonce_seed: None,
        }
    }
}

/// What the component said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) allows: bool,
    /// The status of each certificate of the path: its word, and the reason where it has one.
    pub(crate) statuses: Vec<(&'static str, String)>,
    /// Every finding's code, with the place of the certificate it is about.
    pub(crate) findings: Vec<(String, Option<u32>)>,
    /// The outcome of each source that was looked at, by the certificate's place.
    pub(crate) checks: Vec<Vec<String>>,
    /// The model by which the target's status is believed.
    pub(crate) models: Vec<String>,
    pub(crate) document: String,
    /// URIs asked, in order.
    pub(crate) asked: Vec<String>,
}

impl Said {
    /// Word and reason of the target's status.
    pub(crate) fn status(&self) -> (&str, &str) {
        self.statuses.first().map_or(("", ""), |(word, reason)| (word, reason))
    }

    /// Whether this finding is there.
    pub(crate) fn tells(&self, code: &str) -> bool {
        self.findings.iter().any(|(told, _)| told == code)
    }

    /// The revocation findings about the certificate at this place.
    pub(crate) fn told_at(&self, place: u32) -> Vec<&str> {
        let about = self.findings.iter().filter(|(_, at)| *at == Some(place));
        about.map(|(code, _)| code.as_str()).filter(|code| code.starts_with("revocation.")).collect()
    }
}

pub(crate) fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::load(Allocation::OnDemand).unwrap())
}

/// Nothing can be had.
pub(crate) fn offline(_: &str, _: &[u8]) -> Reply {
    Reply::Unavailable(UnavailableReason::Offline)
}

/// Asks in a session of its own, offline.
pub(crate) fn ask(question: &Question, mode: CommonCriteria) -> Said {
    ask_in(&mut engine().session().unwrap(), question, mode, &offline)
}

/// Asks in a session of its own.
pub(crate) fn ask_world(question: &Question, mode: CommonCriteria, world: World<'_>) -> Said {
    ask_in(&mut engine().session().unwrap(), question, mode, world)
}

/// Asks in this session, whatever was asked in it before.
pub(crate) fn ask_in(
    session: &mut Session,
    question: &Question,
    mode: CommonCriteria,
    world: World<'_>,
) -> Said {
    let validator = validator(session, question, mode);
    let said = ask_validator(session, &validator, question, world);
    session.close(validator).unwrap();
    said
}

/// A validator with everything that the question says should be kept.
pub(crate) fn validator(session: &mut Session, question: &Question, mode: CommonCriteria) -> Validator {
    let mode = match mode {
        CommonCriteria::Off => Mode::AsWritten,
        CommonCriteria::On => Mode::CommonCriteria,
    };
    let made = session.validator(&question.settings, mode).unwrap();
    let validator = made.unwrap_or_else(|refusal| panic!("{refusal:?}: {}", question.settings));
    session.add_anchor(&validator, &question.anchor.der, TrustRole::Issuer).unwrap().unwrap();
    for (responder, issuer) in &question.responders {
        let issuer = issuer.as_ref().map(|issuer| issuer.der.as_slice());
        session.designate_responder(&validator, &responder.der, issuer).unwrap().unwrap();
    }
    for crl in &question.kept {
        session.add_crl(&validator, crl).unwrap().unwrap();
    }
    validator
}

/// Asks until it is decided.
pub(crate) fn ask_validator(
    session: &mut Session,
    validator: &Validator,
    question: &Question,
    world: World<'_>,
) -> Said {
    let supplied = |body: &Vec<u8>| Answered { request_id: None, body: body.clone() };
    let responses = question.responses.iter().map(supplied).map(Item::OcspResponse);
    let mut evidence: Vec<Item> =
        responses.chain(question.crls.iter().map(supplied).map(Item::Crl)).collect();
    let asked = RefCell::new(Vec::new());
    let validation = Validation {
        target: question.target.der.clone(),
        untrusted: question.untrusted.iter().map(|issued| issued.der.clone()).collect(),
        at: time::seconds(question.at),
        purpose: None,
        names: Vec::new(),
        nonce_seed: question.nonce_seed.clone(),
        answers_signature_checks: false,
    };
    for _ in 0..40 {
        match session.evaluate(validator, &validation, &evidence).unwrap().unwrap() {
            Outcome::Decided(verdict) => return said(verdict, asked.into_inner()),
            Outcome::Needs(needs) => {
                assert!(!needs.is_empty(), "nothing is needed and nothing is decided");
                evidence.extend(needs.iter().map(|need| answer(need, world, &asked)));
            }
        }
    }
    panic!("asked forty times")
}

fn answer(need: &Need, world: World<'_>, asked: &RefCell<Vec<String>>) -> Item {
    let how = match &need.what {
        Wanted::OcspResponse(how) | Wanted::Crl(how) => how,
        other => panic!("{other:?}"),
    };
    asked.borrow_mut().push(how.uri.clone());
    match world(&how.uri, &how.body) {
        Reply::Unavailable(reason) => Item::Unavailable(Unavailable { request_id: need.id.clone(), reason }),
        Reply::Body(body) => {
            let answered = Answered { request_id: Some(need.id.clone()), body };
            match &need.what {
                Wanted::Crl(_) => Item::Crl(answered),
                _ => Item::OcspResponse(answered),
            }
        }
    }
}

fn said(verdict: Verdict, asked: Vec<String>) -> Said {
    let status = |status: &RevocationStatus| match status {
        RevocationStatus::Good => ("good", String::new()),
        RevocationStatus::Revoked(revoked) => ("revoked", revoked.reason.clone().unwrap_or_default()),
        RevocationStatus::Unknown => ("unknown", String::new()),
        RevocationStatus::Undetermined(reason) => ("undetermined", reason.clone()),
        RevocationStatus::NotAsked => ("not-asked", String::new()),
    };
    let target = verdict.path.first();
    let accepted =
        target.iter().flat_map(|target| &target.checks).filter_map(|check| check.acceptance.as_ref());
    Said {
        allows: verdict.decision == Decision::Allow,
        models: accepted.map(|acceptance| format!("{:?}", acceptance.model)).collect(),
        statuses: verdict.path.iter().map(|certificate| status(&certificate.status)).collect(),
        findings: verdict.findings.iter().map(|one| (one.code.clone(), one.position)).collect(),
        checks: verdict
            .path
            .iter()
            .map(|certificate| certificate.checks.iter().map(|check| check.outcome.clone()).collect())
            .collect(),
        document: verdict.document,
        asked,
    }
}
