//! The policy author's bench: a document as it is typed, and recorded decisions that are judged under it, again and again,
//! by the engine in this page. Nothing is uploaded, and once it is loaded it works without a network. No rule is here:
//! what is wrong with a document the engine says, what flips the comparison of `engine-capsule`.

pub(crate) mod board;
pub(crate) mod check;
pub(crate) mod recorded;
pub(crate) mod judge;
pub(crate) mod run;
pub(crate) mod take;
pub(crate) mod cases;
pub(crate) mod share;
