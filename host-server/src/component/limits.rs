//! Memory and time ceilings, a backstop only: the budget that shapes verdicts is in the engine, and whatever
//! meets a ceiling here is a fault of ours, never an answer.
//!
//! Time is counted in epochs: a thread of the engine's advances a counter that compiled code reads at loops
//! and calls. Fuel would be exact, but every block would write its counter; a backstop need not be exact.

use std::thread;
use std::time::Duration;

use wasmtime::{EngineWeak, ResourceLimiter};

/// How far a call may go before it is a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ceilings {
    /// Most linear memory of one session, in octets.
    pub memory: usize,
    /// Longest time of one call.
    pub time: Duration,
}

impl Ceilings {
    /// For questions about certificates: any input up to 1 MiB stays far below both. Large CRLs need more.
    pub const DEFAULT: Self = Self { memory: 64 * 1024 * 1024, time: Duration::from_secs(20) };
}

/// How often the epoch advances, and so how exactly time is measured.
const TICK: Duration = Duration::from_millis(50);
/// The tables of the component's instances hold functions and nothing that an input could grow.
const TABLE_ELEMENTS: usize = 20_000;

/// Advances the epoch for as long as the engine exists.
pub(super) fn start_clock(engine: EngineWeak) -> std::io::Result<()> {
    let advance = move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            thread::sleep(TICK);
        }
    };
    thread::Builder::new().name("assayer-epoch".to_owned()).spawn(advance).map(drop)
}

/// A duration in epochs, rounded up, with one more because the first may have almost passed.
pub(super) fn epochs(time: Duration) -> u64 {
    u64::try_from(time.as_millis().div_ceil(TICK.as_millis())).unwrap_or(u64::MAX).saturating_add(1)
}

/// Grants a session's memory up to its ceiling and remembers whether it asked for more.
#[derive(Debug)]
pub(super) struct Memory {
    ceiling: usize,
    granted: usize,
    refused: bool,
}

impl Memory {
    pub(super) fn new(ceiling: usize) -> Self {
        Self { ceiling, granted: 0, refused: false }
    }

    /// Linear memory granted so far. It never shrinks.
    pub(super) fn granted(&self) -> usize {
        self.granted
    }

    /// Whether more was asked for than the ceiling allows.
    pub(super) fn refused(&self) -> bool {
        self.refused
    }
}

impl ResourceLimiter for Memory {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        if desired > self.ceiling {
            self.refused = true;
            return Ok(false);
        }
        self.granted = self.granted.max(desired);
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(desired <= TABLE_ELEMENTS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_granted_up_to_the_ceiling_and_not_beyond() {
        let mut memory = Memory::new(65_536);
        assert!(memory.memory_growing(0, 65_536, None).unwrap());
        assert!(!memory.refused());
        assert!(!memory.memory_growing(65_536, 65_537, None).unwrap());
        assert!(memory.refused());
        assert_eq!(memory.granted(), 65_536);
    }

    #[test]
    fn time_is_rounded_up_to_whole_epochs() {
        assert_eq!(epochs(Duration::ZERO), 1);
        assert_eq!(epochs(TICK), 2);
        assert_eq!(epochs(TICK + Duration::from_millis(1)), 3);
        assert_eq!(epochs(Duration::MAX), u64::MAX);
    }
}
