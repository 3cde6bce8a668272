//! Decisions as files: saved, shown, left out in parts, decided again and under another policy by the command line; and many
//! thousands, recorded as a server records them and decided again to the byte. What becomes of every flipped bit is the
//! format's own test.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: what goes wrong must stop the test"
)]

#[path = "../engine/cases.rs"]
#[expect(dead_code, reason = "the engine's own tests need more of it")]
mod cases;
mod question;
mod recorded;
mod many;
mod terminal;
mod flips;
mod bound;
