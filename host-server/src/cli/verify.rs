//! `assayer verify`: gathers the files, asks the engine until it has decided, and prints the verdict.

use std::collections::BTreeSet;

use clap::Args;

use super::file::{self, File, Source};
use super::{Console, Exit, Failure, Format, question, said, verdict_page, withheld, written};
use crate::component::contract::evaluate::Outcome;
use crate::component::contract::evidence::{Item, Need, Unavailable, UnavailableReason};
use crate::component::contract::request::{Mode, ReferenceIdentifier, TrustRole, Validation};
use crate::component::contract::types::Refusal;
use crate::component::contract::verdict::{Decision, Verdict};
use crate::component::{Allocation, Engine, Session, Validator};

/// The options of `verify`. Those of revocation are refused by [`withheld`] until this version has it.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The certificate: PEM, DER or PKCS #7; `-` reads standard input. Further certificates in the file help
    /// to build a path.
    #[arg(value_name = "CERT")]
    pub cert: String,
    /// Trust anchors: a file, or a directory such as /etc/ssl/certs. Needed; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub anchors: Vec<String>,
    /// Certificates that may help to build a path: a file or a directory.
    #[arg(long, value_name = "FILE")]
    pub untrusted: Vec<String>,
    /// A CRL (not available in this version).
    #[arg(long, value_name = "FILE")]
    pub crl: Vec<String>,
    /// An OCSP response (not available in this version).
    #[arg(long, value_name = "FILE")]
    pub ocsp: Vec<String>,
    /// The moment of validation, as 2026-11-21T12:00:00Z. Default: now.
    #[arg(long, value_name = "RFC3339", value_parser = question::moment, allow_hyphen_values = true)]
    pub at: Option<i64>,
    /// What the certificate is to be used for, by its name in the policy, such as server-auth.
    #[arg(long, value_name = "NAME")]
    pub purpose: Option<String>,
    /// The name it must carry: DNS name, IP address, mailbox or URI. Of several, one must match.
    #[arg(long, value_name = "HOST", value_parser = question::name)]
    pub name: Vec<ReferenceIdentifier>,
    /// A policy document (TOML) instead of the defaults.
    #[arg(long, value_name = "FILE")]
    pub policy: Option<String>,
    /// Common Criteria mode (not available in this version).
    #[arg(long)]
    pub cc: bool,
    /// Fetch what is missing (not available in this version).
    #[arg(long)]
    pub online: bool,
    /// How the verdict is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// Save the decision as a capsule (not available in this version).
    #[arg(long, value_name = "OUT")]
    pub capsule: Option<String>,
}

/// The most rounds of asking and answering. Every round answers all that was asked, so that the third would
/// already be a fault of the engine.
const ROUNDS: usize = 4;

/// What a page needs beside the verdict.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The purpose, if one was asked for.
    pub purpose: Option<String>,
    /// The names, if any were asked for.
    pub names: Vec<ReferenceIdentifier>,
    /// SHA-256 of the engine that decided.
    pub engine_hash: String,
}

/// Runs `verify`.
///
/// # Errors
/// When the question cannot be asked, or the engine fails.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    withheld::check(arguments)?;
    if arguments.anchors.is_empty() {
        return Err(Failure::of_input(
            "--anchors",
            "no trust anchor was given, and none is built in",
            "name a file or a directory, such as --anchors /etc/ssl/certs/ca-certificates.crt",
        ));
    }
    let (verdict, asked) = decide(arguments, console)?;
    let exit = match verdict.decision {
        Decision::Allow => Exit::Allow,
        Decision::Deny => Exit::Deny,
    };
    let output = match arguments.format {
        Format::Json => console.document(&verdict.document),
        Format::Text => console.page(&verdict_page::draw(&verdict, &asked, console.looks.drawing)),
    };
    written(output, exit)
}

fn decide(arguments: &Arguments, console: &mut Console<'_>) -> Result<(Verdict, Asked), Failure> {
    let policy = arguments.policy.as_deref().map(|name| file::read_policy(name).map(|text| (name, text)));
    let (policy_name, policy) = policy.transpose()?.unwrap_or_default();
    let cert = file::read(console, &arguments.cert, file::CERTIFICATES)?;
    let engine = Engine::load(Allocation::OnDemand).map_err(said::fault)?;
    let mut session = engine.session().map_err(said::fault)?;
    let mut target = bundle(&mut session, &cert)?.into_iter();
    let validator = session
        .validator(&policy, Mode::AsWritten)
        .map_err(said::fault)?
        .map_err(|refusal| said::refusal(policy_name, &refusal))?;
    trust(arguments, console, &mut session, &validator)?;
    let question = Validation {
        target: target.next().unwrap_or_default(),
        untrusted: untrusted(arguments, console, &mut session, target.collect())?,
        at: arguments.at.unwrap_or(console.now),
        purpose: arguments.purpose.clone(),
        names: arguments.name.clone(),
        nonce_seed: None,
        answers_signature_checks: false,
    };
    let verdict = resolve(&mut session, &validator, &question, &cert.name)?;
    let asked = Asked {
        purpose: arguments.purpose.clone(),
        names: arguments.name.clone(),
        engine_hash: engine.info().sha256.to_owned(),
    };
    Ok((verdict, asked))
}

/// Asks until it is decided. This version fetches nothing: whatever is needed is answered as unavailable.
fn resolve(
    session: &mut Session,
    validator: &Validator,
    question: &Validation,
    name: &str,
) -> Result<Verdict, Failure> {
    let mut evidence = Vec::new();
    for _ in 0..ROUNDS {
        let outcome = session.evaluate(validator, question, &evidence).map_err(said::fault)?;
        match outcome.map_err(|refusal| refused(&refusal, name))? {
            Outcome::Decided(verdict) => return Ok(verdict),
            Outcome::Needs(needs) => evidence.extend(needs.into_iter().map(unavailable)),
        }
    }
    Err(Failure::Fault(format!("the engine did not decide in {ROUNDS} rounds")))
}

fn unavailable(need: Need) -> Item {
    Item::Unavailable(Unavailable { request_id: need.id, reason: UnavailableReason::Offline })
}

/// A refusal of the question, with the option it came from where there is one.
fn refused(refusal: &Refusal, name: &str) -> Failure {
    let input = match (refusal.code.as_str(), refusal.input.as_str()) {
        ("question.unknown-purpose", _) => "--purpose",
        ("question.reference-identifier", _) => "--name",
        (_, "target") => name,
        (_, input) if input.starts_with("untrusted") => "--untrusted",
        (_, input) => input,
    };
    said::refusal(input, refusal)
}

/// Gives the validator every anchor, each once.
fn trust(
    arguments: &Arguments,
    console: &mut Console<'_>,
    session: &mut Session,
    validator: &Validator,
) -> Result<(), Failure> {
    let mut known = BTreeSet::new();
    for name in &arguments.anchors {
        let mut usable = 0_usize;
        each_file(console, name, file::CERTIFICATES, |file| {
            for certificate in bundle(session, file)? {
                if known.insert(certificate.clone()) {
                    add_anchor(session, validator, &certificate, &file.name)?;
                }
                usable = usable.saturating_add(1);
            }
            Ok(())
        })?;
        if usable == 0 {
            return Err(Failure::of_input(name, "holds no usable trust anchor", "nothing was decided"));
        }
    }
    Ok(())
}

/// Whoever names a certificate as an anchor trusts it both as an issuer and as itself.
fn add_anchor(
    session: &mut Session,
    validator: &Validator,
    certificate: &[u8],
    name: &str,
) -> Result<(), Failure> {
    session
        .add_anchor(validator, certificate, TrustRole::IssuerAndLeaf)
        .map_err(said::fault)?
        .map_err(|refusal| said::refusal(name, &refusal))
}

/// The certificates that came with the target, then those of `--untrusted`, each once.
fn untrusted(
    arguments: &Arguments,
    console: &mut Console<'_>,
    session: &mut Session,
    mut certificates: Vec<Vec<u8>>,
) -> Result<Vec<Vec<u8>>, Failure> {
    for name in &arguments.untrusted {
        each_file(console, name, file::CERTIFICATES, |file| {
            certificates.extend(bundle(session, file)?);
            Ok(())
        })?;
    }
    let mut known = BTreeSet::new();
    certificates.retain(|certificate| known.insert(certificate.clone()));
    Ok(certificates)
}

/// Calls `take` with a named file, whose errors are errors, or with every file of a directory, where whatever
/// cannot be used is passed over with a note. Our own faults always stop the work.
fn each_file(
    console: &mut Console<'_>,
    name: &str,
    cap: u64,
    mut take: impl FnMut(&File) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let files = match file::read_source(name, cap)? {
        Source::File(file) => return take(&file),
        Source::Directory(files) => files,
    };
    for file in files {
        match file.and_then(|file| take(&file)) {
            Err(Failure::Question(line)) => console.complain(&format!("assayer: note: {line}; passed over")),
            taken => taken?,
        }
    }
    Ok(())
}

fn bundle(session: &mut Session, file: &File) -> Result<Vec<Vec<u8>>, Failure> {
    let bundle = session.read_bundle(&file.octets).map_err(said::fault)?;
    bundle.map(|bundle| bundle.certificates).map_err(|refusal| said::refusal(&file.name, &refusal))
}
