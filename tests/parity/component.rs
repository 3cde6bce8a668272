//! The one place that puts a case to the component. An answer is what a program would be given; a fault stops
//! the test.

use std::net::IpAddr;

use host_server::component::contract::evaluate::Outcome;
use host_server::component::contract::evidence::{Answered, Item, Unavailable, UnavailableReason};
use host_server::component::contract::request::{Mode, ReferenceIdentifier, TrustRole, Validation};
use host_server::component::contract::types::Refusal;
use host_server::component::contract::verdict::{Decision, Verdict};
use host_server::component::{Allocation, Engine, Fault, Session, Validator};
use pki::scenario::Run;

/// What the component said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A verdict.
    Decided {
        /// Whether it allows.
        allows: bool,
        /// The whole verdict as a document.
        document: String,
        /// The hash over its trace.
        trace_hash: Vec<u8>,
    },
    /// The question could not be judged: code and input.
    Refused(String, String),
}

impl Answer {
    /// Whether it is an allow.
    pub(crate) fn allows(&self) -> bool {
        matches!(self, Self::Decided { allows: true, .. })
    }

    pub(crate) fn decided(verdict: Verdict) -> Self {
        Self::Decided {
            allows: verdict.decision == Decision::Allow,
            document: verdict.document,
            trace_hash: verdict.trace_hash,
        }
    }

    pub(crate) fn refused(refusal: Refusal) -> Self {
        Self::Refused(refusal.code, refusal.input)
    }
}

/// The engine in its usual form.
pub(crate) fn engine() -> Engine {
    Engine::load(Allocation::OnDemand).unwrap()
}

/// Puts a case to a session, which must not have a fault.
pub(crate) fn ask(session: &mut Session, run: &Run) -> Answer {
    try_ask(session, run).unwrap_or_else(|fault| panic!("{}: {fault}", run.title))
}

/// The same where a fault may be what is looked for.
pub(crate) fn try_ask(session: &mut Session, run: &Run) -> Result<Answer, Fault> {
    try_ask_with(session, run, |session, validator, question| {
        decide(session, validator, &question, supplied(run))
    })
}

/// Puts a case to a session in another way than by one question.
pub(crate) fn ask_with(
    session: &mut Session,
    run: &Run,
    asking: impl FnOnce(&mut Session, &Validator, Validation) -> Answer,
) -> Answer {
    let asked =
        try_ask_with(session, run, |session, validator, question| Ok(asking(session, validator, question)));
    asked.unwrap_or_else(|fault| panic!("{}: {fault}", run.title))
}

fn try_ask_with(
    session: &mut Session,
    run: &Run,
    asking: impl FnOnce(&mut Session, &Validator, Validation) -> Result<Answer, Fault>,
) -> Result<Answer, Fault> {
    let validator = match session.validator(&run.settings, Mode::AsWritten)? {
        Ok(validator) => validator,
        Err(refusal) => return Ok(Answer::refused(refusal)),
    };
    let roles = [
        (&run.anchors, TrustRole::Issuer),
        (&run.trusted_leaves, TrustRole::Leaf),
        (&run.distrusted, TrustRole::Distrusted),
    ];
    let mut refused = None;
    for (list, role) in roles {
        for der in list {
            refused = refused.or(session.add_anchor(&validator, der, role)?.err());
        }
    }
    for (responder, issuer) in &run.responders {
        refused = refused.or(session.designate_responder(&validator, responder, issuer.as_deref())?.err());
    }
    let answer = match refused {
        Some(refusal) => Answer::refused(refusal),
        None => asking(session, &validator, question(run))?,
    };
    session.close(validator)?;
    Ok(answer)
}

/// Asks until it is decided, offline: whatever is needed is not to be had.
fn decide(
    session: &mut Session,
    validator: &Validator,
    question: &Validation,
    mut evidence: Vec<Item>,
) -> Result<Answer, Fault> {
    loop {
        match session.evaluate(validator, question, &evidence)? {
            Ok(Outcome::Decided(verdict)) => return Ok(Answer::decided(verdict)),
            Ok(Outcome::Needs(needs)) => evidence.extend(needs.into_iter().map(|need| {
                let reason = UnavailableReason::Offline;
                Item::Unavailable(Unavailable { request_id: need.id, reason })
            })),
            Err(refusal) => return Ok(Answer::refused(refusal)),
        }
    }
}

/// The status information that comes with the question.
pub(crate) fn supplied(run: &Run) -> Vec<Item> {
    let item = |body: &Vec<u8>| Answered { request_id: None, body: body.clone() };
    let responses = run.responses.iter().map(item).map(Item::OcspResponse);
    responses.chain(run.crls.iter().map(item).map(Item::Crl)).collect()
}

/// What is asked.
pub(crate) fn question(run: &Run) -> Validation {
    Validation {
        target: run.target.clone(),
        untrusted: run.untrusted.clone(),
        at: run.at,
        purpose: run.purpose.clone(),
        names: run.names.iter().map(|text| reference(text)).collect(),
        nonce_seed: None,
        answers_signature_checks: false,
    }
}

fn reference(text: &str) -> ReferenceIdentifier {
    let (kind, rest) = text.split_once(':').expect("a kind of name");
    match kind {
        "dns" => ReferenceIdentifier::Dns(rest.to_owned()),
        "mail" => ReferenceIdentifier::Mail(rest.to_owned()),
        "uri" => ReferenceIdentifier::Uri(rest.to_owned()),
        "ip" => ReferenceIdentifier::Ip(match rest.parse().expect("an address") {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        }),
        _ => panic!("no kind of name is called {kind}"),
    }
}
