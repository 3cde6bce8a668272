//! What this deployment demands of facts that finished stages found. It never returns to path building, fetches
//! nothing, and decides by the levels of the settings alone.

pub mod status;
pub mod custom;
pub mod table;
pub mod recheck;
pub mod expiry;
