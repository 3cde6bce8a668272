//! Rules of a deployment's own: an expression over the facts of finished stages, and what follows where it is true. They
//! can refuse and remark, and there is no effect that accepts. What they come to is `policy::custom`'s.

use crate::expression::Expression;
use crate::expression::fact::Scope;
use crate::finding::Severity;

/// A rule of a deployment's own. An expression that is **true** has the effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomRule {
    /// Its name, which no other rule of the document has.
    pub id: String,
    /// When it has its effect.
    pub when: Expression,
    /// What follows.
    pub effect: Severity,
    /// What people are told; not empty.
    pub message: String,
    /// The purposes it is for; empty means every question, those without a purpose included.
    pub purposes: Vec<String>,
    /// What it is asked about.
    pub each: Scope,
}
