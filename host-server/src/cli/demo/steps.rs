//! What the demonstration walks through: each step's situation in words, where the certificate's status is to be had,
//! and the verdict that is announced, in both modes.

use super::responder::Status;
use crate::component::contract::verdict::{Decision, RevocationStatus, Verdict};

/// Where a certificate says that its responder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Responder {
    /// At this path of the demonstration's server.
    At(&'static str),
    /// At a port where nobody listens.
    Nobody,
}

/// One step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// In a few words.
    pub(super) title: &'static str,
    /// The situation.
    pub(super) situation: &'static str,
    /// The name of the server whose certificate is asked about.
    pub(super) server: &'static str,
    /// What the authority's records say about it; `None` where they do not know it.
    pub(super) record: Option<Status>,
    /// Where its responder is.
    pub(super) responder: Responder,
    /// Whether it names the CRL.
    pub(super) names_crl: bool,
    /// Whether the central responder is designated.
    pub(super) designates: bool,
    /// What is announced as its status.
    pub(super) status: &'static str,
    /// What is announced by default and in Common Criteria mode.
    pub(super) decisions: [Decision; 2],
}

use Decision::{Allow, Deny};

const PLAIN: Step = Step {
    title: "",
    situation: "",
    server: "",
    record: Some(Status::Good),
    responder: Responder::At("/authority"),
    names_crl: false,
    designates: false,
    status: "good",
    decisions: [Allow, Allow],
};

/// Every step, in order.
pub(super) const STEPS: [Step; 12] = [
    Step {
        title: "Good, signed by the authority itself",
        situation: "Delegated Trust Model: whoever issued a certificate may say whether it is revoked.",
        server: "good.demo",
        ..PLAIN
    },
    Step {
        title: "Good, signed by a delegate",
        situation: "The authority issued a certificate for signing OCSP responses; its holder answers.",
        server: "delegated.demo",
        responder: Responder::At("/delegate"),
        ..PLAIN
    },
    Step {
        title: "Revoked",
        situation: "The server's key was stolen and the authority told.",
        server: "stolen.demo",
        record: Some(Status::Revoked(1)),
        responder: Responder::At("/delegate"),
        status: "revoked",
        decisions: [Deny, Deny],
        ..PLAIN
    },
    Step {
        title: "On hold",
        situation: "The authority took the certificate out of use for a while; that is a revocation like any other.",
        server: "on-hold.demo",
        record: Some(Status::Revoked(6)),
        responder: Responder::At("/delegate"),
        status: "revoked",
        decisions: [Deny, Deny],
        ..PLAIN
    },
    Step {
        title: "Unknown",
        situation: "The responder does not know the certificate. That is neither good nor revoked.",
        server: "unknown.demo",
        record: None,
        responder: Responder::At("/delegate"),
        status: "unknown",
        decisions: [Allow, Deny],
        ..PLAIN
    },
    Step {
        title: "Unreachable",
        situation: "Nobody listens where the responder should be. By default that is a warning; in Common Criteria \
                    mode nothing that could not be checked is allowed.",
        server: "unreachable.demo",
        responder: Responder::Nobody,
        status: "undetermined",
        decisions: [Allow, Deny],
        ..PLAIN
    },
    Step {
        title: "Good, signed by a designated responder",
        situation: "Trusted Responder Model: a central responder answers that the authority did not appoint; the \
                    administrator did, as --responder does.",
        server: "central.demo",
        responder: Responder::At("/central"),
        designates: true,
        ..PLAIN
    },
    Step {
        title: "The same responder, not designated",
        situation: "Nobody appointed it, so its answer counts for nothing, whatever it says.",
        server: "not-designated.demo",
        responder: Responder::At("/central"),
        status: "undetermined",
        decisions: [Allow, Deny],
        ..PLAIN
    },
    Step {
        title: "An impostor",
        situation: "Somebody answers under the authority's name and signs with another key.",
        server: "impostor.demo",
        responder: Responder::At("/impostor"),
        status: "undetermined",
        decisions: [Allow, Deny],
        ..PLAIN
    },
    Step {
        title: "A forged delegate",
        situation: "Another authority issued a certificate for signing OCSP responses, which is no appointment here.",
        server: "forged.demo",
        responder: Responder::At("/foreign"),
        status: "undetermined",
        decisions: [Allow, Deny],
        ..PLAIN
    },
    Step {
        title: "Unreachable, and the CRL says good",
        situation: "Nobody listens where the responder should be; the certificate also names a CRL.",
        server: "fallback.demo",
        responder: Responder::Nobody,
        names_crl: true,
        ..PLAIN
    },
    Step {
        title: "Unreachable, and the CRL says revoked",
        situation: "The same, and the CRL lists the certificate.",
        server: "fallback-revoked.demo",
        record: Some(Status::Revoked(4)),
        responder: Responder::Nobody,
        names_crl: true,
        status: "revoked",
        decisions: [Deny, Deny],
        ..PLAIN
    },
];

impl Step {
    /// Whether a verdict is the one announced for the mode at this place.
    pub(super) fn is_met(&self, place: usize, verdict: &Verdict) -> bool {
        let status = verdict.path.first().map(|target| match target.status {
            RevocationStatus::Good => "good",
            RevocationStatus::Revoked(_) => "revoked",
            RevocationStatus::Unknown => "unknown",
            RevocationStatus::Undetermined(_) => "undetermined",
            RevocationStatus::NotAsked => "not asked",
        });
        status == Some(self.status) && self.decisions.get(place) == Some(&verdict.decision)
    }
}
