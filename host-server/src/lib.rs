//! The host: everything with a side effect. No rule of RFC 5280 or of policy is written here.
//!
//! [`cli`] reads files and prints; [`component`] runs the engine, which decides; [`fetch`] gets what it needs over
//! HTTP, and [`signature`] does arithmetic for it; [`resolve`] goes from the one to the other until it has decided.
//! [`keys`] makes private keys and signs with them. [`storage`] keeps what an administrator manages, [`audit`] who did
//! what, [`accounts`] who may. Of the server, [`config`] says how it is to be, [`app`] wires it, [`trusted`] is
//! what it decides by, [`decide`] puts questions about certificates to the engine by it, [`identity`] is what it shows of
//! itself, [`api`] answers, [`listen`] serves and [`log`] writes it down; [`client`] asks it from a terminal. [`watch`]
//! sees to it that what expires is told, and [`alarm`] that it gets out; [`news`] tells who looks on what changed.
//! [`verifier`] is for other programs, with rustls. [`capsule`] makes files of decisions, and decides them again.

pub mod cli;
pub mod component;
pub mod resolve;
pub mod fetch;
pub mod signature;
pub mod keys;
pub mod storage;
pub mod audit;
pub mod accounts;
pub mod alarm;
pub mod watch;
pub mod news;
pub mod config;
pub mod app;
pub mod trusted;
pub mod decide;
pub mod verifier;
pub mod capsule;
pub mod identity;
pub mod api;
pub mod listen;
pub mod client;
pub mod log;
