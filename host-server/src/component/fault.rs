//! `Fault`: something of ours is broken. Never a verdict, and never to be turned into one.

use std::fmt;

use super::limits::Ceilings;

/// Why there is no answer, though the question may have been a good one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The embedded bytes are not those that were built.
    Altered {
        /// SHA-256 at build time.
        expected: &'static str,
        /// SHA-256 now.
        found: String,
    },
    /// The component could not be loaded.
    Load(String),
    /// No instance could be had.
    Instantiate(String),
    /// The component trapped: a defect of the engine.
    Trap(String),
    /// A call took longer than its ceiling.
    Time(Ceilings),
    /// A call needed more memory than its ceiling.
    Memory(Ceilings),
    /// A validator was used in another session than its own.
    Foreign,
    /// The session had a fault before and is not used again.
    Broken,
}

impl Fault {
    pub(super) fn load(error: wasmtime::Error) -> Self {
        Self::Load(format!("{error:#}"))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Altered { expected, found } => {
                write!(f, "the embedded engine was altered: sha-256 is {found}, was {expected} when built")
            }
            Self::Load(detail) => write!(f, "the engine cannot be loaded: {detail}"),
            Self::Instantiate(detail) => write!(f, "the engine cannot be instantiated: {detail}"),
            Self::Trap(detail) => write!(f, "the engine trapped: {detail}"),
            Self::Time(ceilings) => {
                write!(f, "the engine took longer than {} s", ceilings.time.as_secs_f32())
            }
            Self::Memory(ceilings) => {
                write!(f, "the engine needed more than {} octets of memory", ceilings.memory)
            }
            Self::Foreign => f.write_str("a validator was used outside its session"),
            Self::Broken => f.write_str("this session of the engine had a fault before"),
        }
    }
}

impl std::error::Error for Fault {}
