//! One instance of the component and the calls it offers. Each call runs under the session's ceilings; after
//! a fault every further call is refused, because the instance's memory may be in any state.

use wasmtime::component::ResourceAny;
use wasmtime::{Store, Trap};

use super::bindings::exports::assayer::engine::evaluate::Outcome;
use super::bindings::exports::assayer::engine::evidence::Item;
use super::bindings::exports::assayer::engine::inspect::{Bundle, Field};
use super::bindings::exports::assayer::engine::request::{TrustRole, Validation};
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
    broken: bool,
}

/// Settings and trust anchors, parsed once, inside the session that made it. It lives until the session ends
/// or [`Session::close`] is called.
#[derive(Debug)]
pub struct Validator(ResourceAny);

impl Session {
    pub(super) fn open(
        engine: &wasmtime::Engine,
        instantiate: &AssayerPre<Memory>,
        ceilings: Ceilings,
    ) -> Result<Self, Fault> {
        let mut store = Store::new(engine, Memory::new(ceilings.memory));
        store.limiter(|memory| memory);
        store.set_epoch_deadline(epochs(ceilings.time));
        let world = instantiate.instantiate(&mut store).map_err(Fault::instantiate)?;
        Ok(Self { store, world, ceilings, broken: false })
    }

    /// Finds the certificates in a file, whatever its form.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn read_bundle(&mut self, file: &[u8]) -> Answer<Bundle> {
        self.call(|world, store| world.assayer_engine_inspect().call_read_bundle(store, file))
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

    /// A validator under a policy document (TOML; empty text means the defaults).
    ///
    /// # Errors
    /// [`Fault`].
    pub fn validator(&mut self, policy: &str) -> Answer<Validator> {
        let made =
            self.call(|world, store| world.assayer_engine_evaluate().validator().call_create(store, policy))?;
        Ok(made.map(Validator))
    }

    /// Trusts a certificate (DER), or distrusts it.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn add_anchor(&mut self, validator: &Validator, certificate: &[u8], role: TrustRole) -> Answer<()> {
        self.call(|world, store| {
            world.assayer_engine_evaluate().validator().call_add_anchor(store, validator.0, certificate, role)
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
        self.call(|world, store| {
            world.assayer_engine_evaluate().validator().call_evaluate(store, validator.0, question, evidence)
        })
    }

    /// The settings in force, as a complete policy document.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn settings(&mut self, validator: &Validator) -> Result<String, Fault> {
        self.call(|world, store| {
            world.assayer_engine_evaluate().validator().call_settings(store, validator.0)
        })
    }

    /// Gives a validator's memory back to the session.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn close(&mut self, validator: Validator) -> Result<(), Fault> {
        self.call(|_, store| validator.0.resource_drop(store))
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

    /// Makes one call under the ceilings.
    fn call<T>(
        &mut self,
        call: impl FnOnce(&Assayer, &mut Store<Memory>) -> wasmtime::Result<T>,
    ) -> Result<T, Fault> {
        if self.broken {
            return Err(Fault::Broken);
        }
        self.store.set_epoch_deadline(epochs(self.ceilings.time));
        call(&self.world, &mut self.store).map_err(|error| {
            self.broken = true;
            self.fault(&error)
        })
    }

    /// What a failed call means.
    fn fault(&self, error: &wasmtime::Error) -> Fault {
        match error.downcast_ref::<Trap>() {
            Some(Trap::Interrupt) => Fault::Time(self.ceilings),
            // memory that was refused makes the engine abort, which alone would read as a defect
            _ if self.store.data().refused() => Fault::Memory(self.ceilings),
            _ => Fault::Trap(format!("{error:#}")),
        }
    }
}
