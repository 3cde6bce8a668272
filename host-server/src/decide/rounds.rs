//! A question that fetches takes a turn in the pool for each round only, so that nobody waits for a responder but whoever
//! asked for it.

use std::sync::mpsc;

use tokio::runtime::Handle;

use super::Unusable;
use super::bench::Bench;
use crate::component::contract::evidence::Item;
use crate::component::contract::request::Validation;
use crate::component::contract::types::Refusal;
use crate::component::contract::verdict::Verdict;
use crate::component::pool::{Pool, Unanswered};
use crate::component::{Answer, Fault};
use crate::fetch::cache::Accepted;
use crate::resolve::{self, Judge, Question, Step};

/// A judge that takes a turn for each round.
pub(super) struct Rounds {
    pub(super) pool: Pool,
    pub(super) bench: Bench,
    pub(super) validation: Validation,
    pub(super) runtime: Handle,
    pub(super) failed: Option<Unanswered>,
}

impl Judge for Rounds {
    type Verdict = Verdict;

    fn evaluate(&mut self, evidence: &[Item]) -> Answer<Step<Verdict>> {
        let (pool, bench) = (self.pool.clone(), self.bench.clone());
        let (validation, evidence) = (self.validation.clone(), evidence.to_vec());
        let (tell, told) = mpsc::channel();
        self.runtime.spawn(async move {
            let stepped = bench.with_validator(&pool, move |session, validator| {
                let mut question = Question { session, validator, validation: &validation };
                let stepped = question.evaluate(&evidence)?;
                Ok(stepped.map_err(|refusal| Unusable(refusal.input.clone(), refusal)))
            });
            let _nobody_waits = tell.send(stepped.await);
        });
        match told.recv().unwrap_or(Err(Unanswered::Panicked)) {
            Ok(stepped) => Ok(stepped.map_err(|Unusable(input, refusal)| Refusal { input, ..refusal })),
            Err(unanswered) => {
                let fault = Fault::Trap(unanswered.to_string());
                self.failed = Some(unanswered);
                Err(fault)
            }
        }
    }

    fn accepted(&self, verdict: &Verdict) -> Vec<(String, Accepted)> {
        resolve::accepted(verdict)
    }
}
