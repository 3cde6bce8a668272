//! Asks the engine what of what expires is to be told now and when to look again, and which lists are watched.

use super::contract::evidence::Retrieval;
use super::contract::inspect::CrlKeys;
use super::contract::watching::{Expiry, Watched};
use super::{Answer, Fault, Session, Validator};

impl Session {
    /// How far each of these has come, and whether it is to be told at `at`; in their order.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn expiry(
        &mut self,
        validator: &Validator,
        watched: &[Watched],
        at: i64,
    ) -> Result<Vec<Expiry>, Fault> {
        let resource = self.own(validator)?;
        self.call(|world, store| {
            world.assayer_engine_evaluate().validator().call_expiry(store, resource, watched, at)
        })
    }

    /// How many seconds after one look the next is due, by the soonest end of any certificate that is watched; `None`
    /// where nothing is.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn watch_seconds(
        &mut self,
        validator: &Validator,
        soonest: Option<i64>,
        at: i64,
    ) -> Result<Option<u64>, Fault> {
        let resource = self.own(validator)?;
        self.call(|world, store| {
            world.assayer_engine_evaluate().validator().call_watch_seconds(store, resource, soonest, at)
        })
    }

    /// How many seconds before its end anything is told at the earliest; `None` where nothing is.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn look_ahead(&mut self, validator: &Validator) -> Result<Option<u64>, Fault> {
        let resource = self.own(validator)?;
        self.call(|world, store| world.assayer_engine_evaluate().validator().call_look_ahead(store, resource))
    }

    /// Who is told by mail; nobody where mail is off.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn recipients(&mut self, validator: &Validator) -> Result<Vec<String>, Fault> {
        let resource = self.own(validator)?;
        self.call(|world, store| world.assayer_engine_evaluate().validator().call_recipients(store, resource))
    }

    /// The CRLs to watch because of a certificate (DER) that is kept or, without one, because they are configured.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn watched_crls(
        &mut self,
        validator: &Validator,
        certificate: Option<&[u8]>,
    ) -> Answer<Vec<Retrieval>> {
        let resource = self.own(validator)?;
        self.call(|world, store| {
            let validator = world.assayer_engine_evaluate().validator();
            validator.call_watched_crls(store, resource, certificate)
        })
    }

    /// What a CRL (DER) says of itself; nothing of it is verified.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn index_crl(&mut self, crl: &[u8]) -> Answer<CrlKeys> {
        self.call(|world, store| world.assayer_engine_inspect().call_index_crl(store, crl))
    }

    /// The certificates that an OCSP response carries.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn read_response(&mut self, response: &[u8]) -> Answer<Vec<Vec<u8>>> {
        self.call(|world, store| world.assayer_engine_inspect().call_read_response(store, response))
    }
}
