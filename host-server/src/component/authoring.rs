//! The calls of a session that policy authors need: about documents, and about no certificate.

use super::bindings::exports::assayer::engine::policy::{Decision, Difference};
use super::bindings::exports::assayer::engine::request::Mode;
use super::bindings::exports::assayer::engine::types::Refusal;
use super::fault::Fault;
use super::session::{Answer, Session};

impl Session {
    /// What is wrong with a policy document, in its order; nothing where it is accepted.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn policy_problems(&mut self, document: &str, mode: Mode) -> Result<Vec<Refusal>, Fault> {
        self.call(|world, store| world.assayer_engine_policy().call_problems(store, document, mode))
    }

    /// What one policy document says otherwise than another.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn policy_differences(&mut self, before: &str, after: &str) -> Answer<Vec<Difference>> {
        self.call(|world, store| world.assayer_engine_policy().call_differences(store, before, after))
    }

    /// What follows from each answer about revocation that can be believed, under a policy document, where `purpose` is
    /// asked for.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn decision_table(
        &mut self,
        document: &str,
        mode: Mode,
        purpose: Option<&str>,
    ) -> Answer<Vec<Decision>> {
        self.call(|world, store| {
            world.assayer_engine_policy().call_decision_table(store, document, mode, purpose)
        })
    }
}
