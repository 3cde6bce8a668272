//! What a decision is made from, before anything is decided.

use crate::content::{Decision, Engine, Evidence, Mode, Recording, Trusted, Verdict};
use crate::octets::Digest;
use crate::record::{Question, Record};

/// Everything that a decision rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inputs {
    /// What is asked.
    pub question: Question,
    /// The policy document.
    pub policy: String,
    /// The mode that it is read in.
    pub mode: Mode,
    /// Who is believed, in the order in which the engine is told.
    pub trusted: Vec<Trusted>,
    /// The evidence, in the order in which it is given.
    pub evidence: Vec<Evidence>,
}

impl Inputs {
    /// The decision that was made from them, by whom and when.
    #[must_use]
    pub fn decided(
        self,
        (engine, recording): (Engine, Option<Recording>),
        (verdict, document): (Verdict, String),
    ) -> Record {
        let Self { question, policy, mode, trusted, evidence } = self;
        Record { engine, recording, question, policy, mode, trusted, evidence, verdict, document }
    }

    /// A record of which nothing was decided, for hosts that judge records: nobody's deny, with noughts for hashes and no
    /// document. It is no decision, and nothing may be compared with it.
    #[must_use]
    pub fn undecided(self) -> Record {
        let nought = Digest([0; 32]);
        let verdict = Verdict { decision: Decision::Deny, settings: nought, trace: nought };
        let nobody = Engine { sha256: nought, version: String::new() };
        self.decided((nobody, None), (verdict, String::new()))
    }
}
