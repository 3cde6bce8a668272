//! One instance of the component and the calls it offers. Each call runs under the session's ceilings; after
//! a fault every further call is refused, because the instance's memory may be in any state.

use std::sync::atomic::{AtomicU64, Ordering};

use wasmtime::component::ResourceAny;
use wasmtime::{Store, Trap};

use super::bindings::exports::assayer::engine::evaluate::{Connection, CrlDifference, Outcome, StoredAs};
use super::bindings::exports::assayer::engine::evidence::Item;
use super::bindings::exports::assayer::engine::inspect::{Bundle, Field};
use super::bindings::exports::assayer::engine::request::{Mode, TrustRole, Validation};
use super::bindings::exports::assayer::engine::types::Refusal;
use super::bindings::{Assayer, AssayerPre};
use super::fault::Fault;
use super::limits::{Ceilings, Memory, epochs};

/// An answer, a refusal of an unusable input, or a fault of ours. The three are never confused.
pub type Answer<T> = Result<Result<T, Refusal>, Fault>;

/// One instance of the component.
pub struct Session {
    store: Store<Memory>,
    world: Assayer,
    ceilings: Ceilings,
    number: u64,
    broken: bool,
}

/// Settings and trust anchors, parsed once, inside the session that made it. It lives until the session ends
/// or [`Session::close`] is called.
#[derive(Debug)]
pub struct Validator {
    resource: ResourceAny,
    session: u64,
}

/// Numbers sessions, so that a validator is used only where it lives.
static NEXT_SESSION: AtomicU64 = AtomicU64::new(0);

impl Session {
    pub(super) fn open(
        engine: &wasmtime::Engine,
        instantiate: &AssayerPre<Memory>,
        ceilings: Ceilings,
    ) -> Result<Self, Fault> {
        let mut store = Store::new(engine, Memory::new(ceilings.memory));
        store.limiter(|memory| memory);
        // The time ceiling is that of a call; making an instance runs nothing that an input could lengthen.
        store.set_epoch_deadline(epochs(Ceilings::DEFAULT.time));
        let world = instantiate.instantiate(&mut store).map_err(|error| {
            if store.data().refused() {
                Fault::Memory(ceilings)
            } else {
                Fault::Instantiate(format!("{error:#}"))
            }
        })?;
        let number = NEXT_SESSION.fetch_add(1, Ordering::Relaxed);
        Ok(Self { store, world, ceilings, number, broken: false })
    }

    /// Finds the certificates in a file, whatever its form.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn read_bundle(&mut self, file: &[u8]) -> Answer<Bundle> {
        self.call(|world, store| world.assayer_engine_inspect().call_read_bundle(store, file))
    }

    /// Finds the revocation lists in a file, DER or PEM.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn read_crls(&mut self, file: &[u8]) -> Answer<Vec<Vec<u8>>> {
        self.call(|world, store| world.assayer_engine_inspect().call_read_crls(store, file))
    }

    /// Every field and extension of a certificate (DER).
    ///
    /// # Errors
    /// [`Fault`].
    pub fn describe(&mut self, certificate: &[u8]) -> Answer<Vec<Field>> {
        self.call(|world, store| world.assayer_engine_inspect().call_describe(store, certificate))
    }

    /// The same as one JSON document.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn describe_document(&mut self, certificate: &[u8]) -> Answer<String> {
        self.call(|world, store| world.assayer_engine_inspect().call_describe_document(store, certificate))
    }

    /// Every field and extension of the certificate request in a file, as one JSON document.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn describe_request_document(&mut self, file: &[u8]) -> Answer<String> {
        self.call(|world, store| world.assayer_engine_inspect().call_describe_request_document(store, file))
    }

    /// A validator under a policy document (TOML; empty text means the defaults), read in a mode.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn validator(&mut self, policy: &str, mode: Mode) -> Answer<Validator> {
        let made = self.call(|world, store| {
            world.assayer_engine_evaluate().validator().call_create(store, policy, mode)
        })?;
        Ok(made.map(|resource| Validator { resource, session: self.number }))
    }

    /// Trusts a certificate (DER), or distrusts it.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn add_anchor(&mut self, validator: &Validator, certificate: &[u8], role: TrustRole) -> Answer<()> {
        let resource = self.own(validator)?;
        self.call(|world, store| {
            world.assayer_engine_evaluate().validator().call_add_anchor(store, resource, certificate, role)
        })
    }

    /// Believes a certificate (DER) of a trust store as far as its kind allows; it is in use from `active_from` on.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn add_stored(
        &mut self,
        validator: &Validator,
        certificate: &[u8],
        active_from: Option<i64>,
        at: i64,
    ) -> Answer<StoredAs> {
        let resource = self.own(validator)?;
        self.call(|world, store| {
            let validator = world.assayer_engine_evaluate().validator();
            validator.call_add_stored(store, resource, certificate, active_from, at)
        })
    }

    /// Designates a certificate to sign OCSP responses, about certificates of `issuer` or of any issuer.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn designate_responder(
        &mut self,
        validator: &Validator,
        certificate: &[u8],
        issuer: Option<&[u8]>,
    ) -> Answer<()> {
        let resource = self.own(validator)?;
        self.call(|world, store| {
            let validator = world.assayer_engine_evaluate().validator();
            validator.call_designate_responder(store, resource, certificate, issuer)
        })
    }

    /// Keeps a CRL as evidence for every evaluation.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn add_crl(&mut self, validator: &Validator, crl: &[u8]) -> Answer<()> {
        let resource = self.own(validator)?;
        self.call(|world, store| {
            world.assayer_engine_evaluate().validator().call_add_crl(store, resource, crl)
        })
    }

    /// Compares a CRL with the one before it, both signed by `issuer`.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn compare_crls(
        &mut self,
        validator: &Validator,
        before: &[u8],
        after: &[u8],
        issuer: &[u8],
    ) -> Answer<CrlDifference> {
        let resource = self.own(validator)?;
        self.call(|world, store| {
            let validator = world.assayer_engine_evaluate().validator();
            validator.call_compare_crls(store, resource, before, after, issuer)
        })
    }

    /// Judges.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn evaluate(
        &mut self,
        validator: &Validator,
        question: &Validation,
        evidence: &[Item],
    ) -> Answer<Outcome> {
        let resource = self.own(validator)?;
        self.call(|world, store| {
            world.assayer_engine_evaluate().validator().call_evaluate(store, resource, question, evidence)
        })
    }

    /// The settings in force, as a complete policy document.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn settings(&mut self, validator: &Validator) -> Result<String, Fault> {
        let resource = self.own(validator)?;
        self.call(|world, store| world.assayer_engine_evaluate().validator().call_settings(store, resource))
    }

    /// How many seconds after one check of a certificate in use the next is due; `None` where nothing is checked again.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn recheck_seconds(
        &mut self,
        validator: &Validator,
        behind: Option<Connection>,
    ) -> Result<Option<u64>, Fault> {
        let resource = self.own(validator)?;
        self.call(|world, store| {
            world.assayer_engine_evaluate().validator().call_recheck_seconds(store, resource, behind)
        })
    }

    /// Gives a validator's memory back to the session.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn close(&mut self, validator: Validator) -> Result<(), Fault> {
        let resource = self.own(&validator)?;
        self.call(|_, store| resource.resource_drop(store))
    }

    /// Linear memory the session has taken so far, in octets.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.store.data().granted()
    }

    /// Whether the session had a fault and will answer nothing any more.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// The validator's handle, if it lives in this session.
    pub(super) fn own(&self, validator: &Validator) -> Result<ResourceAny, Fault> {
        if validator.session == self.number { Ok(validator.resource) } else { Err(Fault::Foreign) }
    }

    /// Makes one call under the ceilings.
    pub(super) fn call<T>(
        &mut self,
        call: impl FnOnce(&Assayer, &mut Store<Memory>) -> wasmtime::Result<T>,
    ) -> Result<T, Fault> {
        self.call_for(epochs(self.ceilings.time), call)
    }

    /// Makes one call that may last so many epochs.
    fn call_for<T>(
        &mut self,
        epochs: u64,
        call: impl FnOnce(&Assayer, &mut Store<Memory>) -> wasmtime::Result<T>,
    ) -> Result<T, Fault> {
        if self.broken {
            return Err(Fault::Broken);
        }
        self.store.set_epoch_deadline(epochs);
        call(&self.world, &mut self.store).map_err(|error| {
            self.broken = true;
            fault(&error, self.store.data(), self.ceilings)
        })
    }
}

/// What a failed call means.
fn fault(error: &wasmtime::Error, memory: &Memory, ceilings: Ceilings) -> Fault {
    match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => Fault::Time(ceilings),
        // memory that was refused makes the engine abort, which alone would read as a defect
        _ if memory.refused() => Fault::Memory(ceilings),
        _ => Fault::Trap(format!("{error:#}")),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::component::{Allocation, Engine};

    const FILE: &[u8] = b"no certificate";

    fn engine() -> Engine {
        Engine::load(Allocation::OnDemand).unwrap()
    }

    #[test]
    fn an_unusable_file_is_a_refusal_and_the_session_goes_on() {
        let mut session = engine().session().unwrap();
        for _ in 0..2 {
            assert_eq!(session.read_bundle(FILE).unwrap().unwrap_err().code, "input.text");
        }
        assert!(!session.is_broken());
    }

    #[test]
    fn a_call_that_lasts_too_long_is_a_fault_and_ends_the_session() {
        let mut session = engine().session().unwrap();
        let stopped =
            session.call_for(0, |world, store| world.assayer_engine_inspect().call_read_bundle(store, FILE));
        assert_eq!(stopped.unwrap_err(), Fault::Time(Ceilings::DEFAULT));
        assert_eq!(session.read_bundle(FILE).unwrap_err(), Fault::Broken);
        assert_eq!(session.validator("", Mode::AsWritten).unwrap_err(), Fault::Broken);
    }

    #[test]
    fn more_memory_than_the_ceiling_is_a_fault_and_ends_the_session() {
        let ceilings = Ceilings { memory: 4 * 1024 * 1024, time: Duration::from_secs(20) };
        let mut session = engine().session_within(ceilings).unwrap();
        assert_eq!(session.read_bundle(&vec![b'x'; 1024 * 1024]).unwrap().unwrap_err().code, "input.text");
        let large = session.read_bundle(&vec![b'x'; 4 * 1024 * 1024]);
        assert_eq!(large.unwrap_err(), Fault::Memory(ceilings));
        assert!(session.memory() <= ceilings.memory);
        assert_eq!(session.read_bundle(FILE).unwrap_err(), Fault::Broken);
    }

    #[test]
    fn opening_a_session_does_not_count_as_a_call() {
        let engine = engine();
        let ceilings = Ceilings { time: Duration::ZERO, ..Ceilings::DEFAULT };
        // Two epochs pass somewhere in these openings, however fast each of them is.
        let end = std::time::Instant::now() + Duration::from_millis(200);
        while std::time::Instant::now() < end {
            assert!(engine.session_within(ceilings).is_ok());
        }
    }

    #[test]
    fn a_ceiling_below_the_first_page_gives_no_session() {
        let ceilings = Ceilings { memory: 0, ..Ceilings::DEFAULT };
        assert_eq!(engine().session_within(ceilings).err(), Some(Fault::Memory(ceilings)));
    }

    #[test]
    fn a_validator_of_another_session_is_a_fault() {
        let engine = engine();
        let validator = engine.session().unwrap().validator("", Mode::AsWritten).unwrap().unwrap();
        let mut session = engine.session().unwrap();
        assert_eq!(session.settings(&validator).unwrap_err(), Fault::Foreign);
        assert!(!session.is_broken());
    }

    #[test]
    fn a_validator_gives_its_settings_until_it_is_closed() {
        let mut session = engine().session().unwrap();
        let validator = session.validator("", Mode::AsWritten).unwrap().unwrap();
        let settings = session.settings(&validator).unwrap();
        session.close(validator).unwrap();
        let again = session.validator(&settings, Mode::AsWritten).unwrap().unwrap();
        assert_eq!(session.settings(&again).unwrap(), settings);
    }
}
