//! `assayer policy`: what policy authors do with documents. Every answer about a document is the engine's; here files are
//! read, calls made and pages drawn.

pub mod candidate;
mod candidate_page;
pub mod check;
pub mod diff;
pub mod format;
pub mod init;
pub mod prove;
pub mod replay;
pub mod test;
mod assertion;
mod place;

use clap::Subcommand;
use sha2::{Digest, Sha256};

use super::{Console, Exit, Failure, file, said};
use crate::component::contract::request::Mode;
use crate::component::{Allocation, Engine, Session};

/// The commands of `policy`.
#[derive(Clone, Debug, Subcommand)]
pub enum PolicyCommand {
    /// Print a document with every key as a profile has it, each with what it means.
    Init(init::Arguments),
    /// Roll a document out on a server: propose it, see what it would decide, promote or drop it.
    Candidate(candidate::Arguments),
    /// Say everything that is wrong with documents, or that nothing is.
    Check(check::Arguments),
    /// Lay a document out anew; comments stay.
    Format(format::Arguments),
    /// Say what one document decides otherwise than another, setting by setting.
    Diff(diff::Arguments),
    /// Judge cases under a document: files that say what is asked and what must come out.
    Test(test::Arguments),
    /// Print what follows from every answer about revocation, and whether assertions hold of it.
    Prove(prove::Arguments),
    /// Judge recorded decisions under another document, and tell each that flips with what makes it.
    Replay(replay::Arguments),
}

/// Runs a command of `policy`.
///
/// # Errors
/// When a file cannot be used, or the engine fails.
pub fn run(command: &PolicyCommand, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match command {
        PolicyCommand::Init(arguments) => init::run(arguments, console),
        PolicyCommand::Candidate(arguments) => candidate::run(arguments, console),
        PolicyCommand::Check(arguments) => check::run(arguments, console),
        PolicyCommand::Format(arguments) => format::run(arguments, console),
        PolicyCommand::Diff(arguments) => diff::run(arguments, console),
        PolicyCommand::Prove(arguments) => prove::run(arguments, console),
        PolicyCommand::Replay(arguments) => replay::run(arguments, console),
        PolicyCommand::Test(arguments) => test::run(arguments, console),
    }
}

/// A session with the engine.
fn session() -> Result<Session, Failure> {
    Engine::load(Allocation::OnDemand).and_then(|engine| engine.session()).map_err(said::fault)
}

/// A document that the engine accepts.
struct Accepted {
    /// Its text.
    text: String,
    /// The same policy in the engine's own form.
    canonical: String,
}

impl Accepted {
    /// Reads a file.
    fn read(session: &mut Session, name: &str) -> Result<Self, Failure> {
        let text = file::read_policy(name)?;
        let canonical = canonical(session, name, &text)?;
        Ok(Self { text, canonical })
    }

    /// The name of the policy: equal for equal policies, however they were written.
    fn hash(&self) -> String {
        hash(&self.canonical)
    }
}

/// The policy of a document in the engine's own form.
fn canonical(session: &mut Session, name: &str, text: &str) -> Result<String, Failure> {
    let made = session.validator(text, Mode::AsWritten).map_err(said::fault)?;
    let validator = made.map_err(|refusal| said::refusal(name, &refusal))?;
    let settings = session.settings(&validator).map_err(said::fault)?;
    session.close(validator).map_err(said::fault)?;
    Ok(settings)
}

/// SHA-256 of the engine's own form, in hexadecimal.
fn hash(canonical: &str) -> String {
    Sha256::digest(canonical.as_bytes()).iter().map(|octet| format!("{octet:02x}")).collect()
}
