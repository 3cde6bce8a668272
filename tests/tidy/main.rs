//! Reads the source tree and holds it to what ARCHITECTURE.md and the style ask: who may import whom, how long
//! things may grow, that every module says what it is for, that every rule named exists, and that nothing large is
//! compiled twice. It compiles and runs nothing else.

#![expect(clippy::expect_used, clippy::panic, reason = "tests: what goes wrong must stop the test")]

mod catalogue;
mod dependence;
mod rules;
mod size;
mod source;
mod wording;
mod words;
mod units;
