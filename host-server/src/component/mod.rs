//! The engine handle: verified bytes, machine code ready, instances pooled where many are needed. An instance
//! that trapped is never used again.
//!
//! The component and machine code for it are embedded in this program by its build script, so both are as
//! trustworthy as the program itself: there is no cache on disk that somebody else might write. Where the
//! machine code does not fit the processor, the component is compiled at start instead.
//!
//! Nothing here knows a rule. Whatever goes wrong is a [`Fault`], which is never a verdict.

pub mod bindings;
pub(crate) mod configuration;
mod fault;
pub mod limits;
pub mod kept;
pub mod pool;
mod authoring;
mod management;
mod watching;
mod session;

use std::fmt;

use sha2::{Digest, Sha256};
use wasmtime::component::{Component, Linker};
use wasmtime::{InstanceAllocationStrategy, PoolingAllocationConfig};

use self::bindings::AssayerPre;
use self::limits::{Ceilings, Memory};

pub use self::fault::Fault;
pub use self::session::{Answer, Session, Validator};

/// The contract's types under one roof.
pub mod contract {
    pub use super::bindings::exports::assayer::engine::{
        evaluate, evidence, inspect, management, policy, request, types, verdict, watching,
    };
}

pub(crate) use engine_artifacts::{COMPONENT, COMPONENT_SHA256, CORE_MODULE_SHA256};

/// Machine code for it; empty when the build script could not make any.
const MACHINE_CODE: &[u8] = include_bytes!(env!("ASSAYER_MACHINE_CODE"));
/// SHA-256 of [`MACHINE_CODE`], in hexadecimal.
const MACHINE_CODE_SHA256: &str = env!("ASSAYER_MACHINE_CODE_SHA256");

/// Where instances live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allocation {
    /// Each gets its own mapping: right for a program that needs one.
    OnDemand,
    /// In a pool of this many slots, reused: right for a server.
    Pooled {
        /// Most sessions at once.
        sessions: u32,
        /// Memory ceiling of each slot, in octets; a session cannot have more.
        memory: usize,
    },
}

/// The engine, ready to open sessions. Cheap to clone and safe to share.
#[derive(Clone)]
pub struct Engine {
    engine: wasmtime::Engine,
    instantiate: AssayerPre<Memory>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Engine({COMPONENT_SHA256})")
    }
}

/// What a component is, without running it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: &'static str,
    /// SHA-256 of its core module, in hexadecimal: what a browser runs.
    pub core_module_sha256: &'static str,
    /// Its size, in octets.
    pub size: usize,
    /// What it imports, by name: nothing.
    pub imports: Vec<String>,
    /// What it exports, by name.
    pub exports: Vec<String>,
    /// The release it belongs to.
    pub version: &'static str,
}

impl Engine {
    /// Loads the embedded component.
    ///
    /// # Errors
    /// [`Fault`] when the embedded bytes are not those that were built, or cannot be made to run.
    pub fn load(allocation: Allocation) -> Result<Self, Fault> {
        verify(COMPONENT, COMPONENT_SHA256)?;
        verify(MACHINE_CODE, MACHINE_CODE_SHA256)?;
        let mut configuration = configuration::configuration();
        if let Allocation::Pooled { sessions, memory } = allocation {
            configuration.allocation_strategy(pool(sessions, memory));
        }
        let engine = wasmtime::Engine::new(&configuration).map_err(Fault::load)?;
        let component = match machine_code(&engine) {
            Some(component) => component,
            None => Component::new(&engine, COMPONENT).map_err(Fault::load)?,
        };
        limits::start_clock(engine.weak()).map_err(|error| Fault::Load(error.to_string()))?;
        // a linker with nothing in it: the component could not import anything even if it tried
        let linked = Linker::new(&engine).instantiate_pre(&component).map_err(Fault::load)?;
        let instantiate = AssayerPre::new(linked).map_err(Fault::load)?;
        Ok(Self { engine, instantiate })
    }

    /// Opens a session under the usual ceilings.
    ///
    /// # Errors
    /// [`Fault`] when no instance can be had.
    pub fn session(&self) -> Result<Session, Fault> {
        self.session_within(Ceilings::DEFAULT)
    }

    /// Opens a session under other ceilings.
    ///
    /// # Errors
    /// [`Fault`] when no instance can be had.
    pub fn session_within(&self, ceilings: Ceilings) -> Result<Session, Fault> {
        Session::open(&self.engine, &self.instantiate, ceilings)
    }

    /// The component itself, for embedding elsewhere.
    #[must_use]
    pub fn bytes(&self) -> &'static [u8] {
        COMPONENT
    }

    /// What the component is, read from its type.
    #[must_use]
    pub fn info(&self) -> Info {
        let component_type = self.instantiate.instance_pre().component().component_type();
        Info {
            sha256: COMPONENT_SHA256,
            core_module_sha256: CORE_MODULE_SHA256,
            size: COMPONENT.len(),
            imports: component_type.imports(&self.engine).map(|(name, _)| name.to_owned()).collect(),
            exports: component_type.exports(&self.engine).map(|(name, _)| name.to_owned()).collect(),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// The embedded machine code; `None` when there is none or it does not fit this processor.
fn machine_code(engine: &wasmtime::Engine) -> Option<Component> {
    // INVARIANT: MACHINE_CODE is what this package's own build script had wasmtime make, from the component
    // embedded beside it. It was never in a place that anybody who cannot replace this program could write.
    #[expect(
        unsafe_code,
        reason = "wasmtime trusts machine code; this was made with and embedded in this program"
    )]
    let component = unsafe { Component::deserialize(engine, MACHINE_CODE) };
    component.ok()
}

fn verify(bytes: &[u8], sha256: &'static str) -> Result<(), Fault> {
    let found: String = Sha256::digest(bytes).iter().map(|octet| format!("{octet:02x}")).collect();
    if found == sha256 { Ok(()) } else { Err(Fault::Altered { expected: sha256, found }) }
}

/// A pool of slots. Memory stays resident between uses, which saves most of the cost of a new instance.
fn pool(sessions: u32, memory: usize) -> InstanceAllocationStrategy {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(sessions)
        .total_core_instances(sessions.saturating_mul(4))
        .total_memories(sessions)
        .total_tables(sessions.saturating_mul(4))
        .max_memory_size(memory)
        .linear_memory_keep_resident(memory.min(2 * 1024 * 1024));
    InstanceAllocationStrategy::Pooling(pool)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn altered_bytes_are_a_fault() {
        assert_eq!(verify(COMPONENT, COMPONENT_SHA256), Ok(()));
        let altered = verify(&COMPONENT[1..], COMPONENT_SHA256).unwrap_err();
        assert!(matches!(altered, Fault::Altered { expected: COMPONENT_SHA256, .. }));
    }

    #[test]
    fn the_embedded_machine_code_is_taken_under_these_settings_and_no_others() {
        let ours = wasmtime::Engine::new(&configuration::configuration()).unwrap();
        assert!(machine_code(&ours).is_some());
        let other = wasmtime::Engine::new(configuration::configuration().epoch_interruption(false)).unwrap();
        assert!(machine_code(&other).is_none());
    }

    #[test]
    fn a_pool_gives_out_its_slots_and_takes_them_back() {
        let engine =
            Engine::load(Allocation::Pooled { sessions: 1, memory: Ceilings::DEFAULT.memory }).unwrap();
        let first = engine.session().unwrap();
        assert!(matches!(engine.session(), Err(Fault::Instantiate(_))));
        drop(first);
        let mut second = engine.session().unwrap();
        assert_eq!(second.read_bundle(b"").unwrap().unwrap_err().code, "input.empty");
    }

    #[test]
    fn it_imports_nothing_and_exports_the_contract() {
        let info = Engine::load(Allocation::OnDemand).unwrap().info();
        assert_eq!(info.imports, Vec::<String>::new());
        let names = [
            "types",
            "evidence",
            "request",
            "verdict",
            "inspect",
            "management",
            "watching",
            "evaluate",
            "policy",
        ];
        assert_eq!(info.exports, names.map(|name| format!("assayer:engine/{name}@{}", info.version)));
        assert!(info.size <= 1_500_000, "{} octets", info.size);
    }
}
