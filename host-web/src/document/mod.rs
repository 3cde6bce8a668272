//! What the engine and the server write, as far as pages show it: read from JSON, never judged.

pub(crate) mod plan;
