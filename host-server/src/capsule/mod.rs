//! Decisions as files. `engine-capsule` is the format, and says what is another than it was; here are the engine's words in it
//! ([`form`]), deciding again ([`again`]), and deciding under another policy ([`under`]). Nothing is judged here, and no
//! decision waits for or rests on a capsule. What a server records of its decisions is `decide::recorder`'s to choose.
//!
//! No private key and no token can be in one: what goes in is what the engine was given and what it answered, and neither
//! is ever given to the engine.

pub mod form;
pub mod again;
pub mod under;
