//! Who may do what: accounts with one of four roles, passwords, tokens. It knows no route and no request; it is asked
//! with what a caller presented, and answers with who that is. Nothing here is a default password.
//!
//! In reading order: roles and what each may, secrets, passwords, what is kept of accounts, signing in, tokens.

pub mod role;
pub mod secret;
pub mod password;
pub mod account;
pub mod sign_in;
pub mod attempts;
pub mod token;

use std::sync::Arc;

use crate::storage::Storage;

pub use account::{Account, AccountEdit, AccountFault};
pub use password::PasswordFault;
pub use role::{Permission, Role};
pub use secret::Secret;
pub use sign_in::SignInRefused;
pub use token::{Caller, NewToken, Scope, Token};

/// The accounts of a storage. Clones share the bound on passwords that are verified at once, so there is one of them
/// in a process.
#[derive(Clone)]
pub struct Accounts {
    storage: Storage,
    gate: Arc<password::Gate>,
}

impl Accounts {
    /// The accounts of `storage`.
    #[must_use]
    pub fn of(storage: &Storage) -> Self {
        Self { storage: storage.clone(), gate: Arc::new(password::Gate::default()) }
    }
}
