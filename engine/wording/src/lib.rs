//! wording

pub mod stage;
