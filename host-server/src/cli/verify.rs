//! `assayer verify`: gathers the files, asks the engine until it has decided, and prints the verdict.

use std::collections::BTreeSet;

use clap::Args;
use engine_capsule::{Recording, Trusted};

use super::file::{self, File, Source};
use super::{Console, Exit, Failure, Format, question, revocation, said, verdict_page, written};
use crate::capsule::form::{self, Terms};
use crate::component::contract::request::{Mode, ReferenceIdentifier, TrustRole, Validation};
use crate::component::contract::types::Refusal;
use crate::component::contract::verdict::{Decision, Verdict};
use crate::component::{Allocation, Engine, Info, Session, Validator};
use crate::resolve::{self, Resolved, Unresolved};

/// The options of `verify`.
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
    /// What is given about revocation, and from where the rest may be fetched.
    #[command(flatten)]
    pub revocation: revocation::Arguments,
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
    /// Common Criteria mode: whatever could not be determined denies. It only ever refuses more.
    #[arg(long)]
    pub cc: bool,
    /// How the verdict is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// Save the decision with everything that it rests on as a capsule, a file that is not there yet.
    #[arg(long, value_name = "OUT")]
    pub capsule: Option<String>,
}

/// What a page needs beside the verdict.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The purpose, if one was asked for.
    pub purpose: Option<String>,
    /// The names, if any were asked for.
    pub names: Vec<ReferenceIdentifier>,
    /// SHA-256 of the engine that decided.
    pub engine_hash: String,
    /// What was asked for over the network, in order; `None` when this host was told to stay offline.
    pub fetched: Option<Vec<resolve::Asked>>,
}

/// Runs `verify`.
///
/// # Errors
/// When the question cannot be asked, or the engine fails.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
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
    let cert = file::read(console, &arguments.cert, &file::CERTIFICATES)?;
    let files = revocation::Files::read(&arguments.revocation, console)?;
    let means = revocation::means(&arguments.revocation, console.now);
    let engine = Engine::load(Allocation::OnDemand).map_err(said::fault)?;
    let mut session = engine.session_within(files.ceilings(&means)).map_err(said::fault)?;
    let mut target = bundle(&mut session, &cert)?.into_iter();
    let mode = if arguments.cc { Mode::CommonCriteria } else { Mode::AsWritten };
    let validator = session
        .validator(&policy, mode)
        .map_err(said::fault)?
        .map_err(|refusal| said::refusal(policy_name, &refusal))?;
    let mut trusted = trust(arguments, console, &mut session, &validator)?;
    trusted.extend(revocation::designate(&arguments.revocation, console, &mut session, &validator)?);
    let validation = Validation {
        target: target.next().unwrap_or_default(),
        untrusted: untrusted(arguments, console, &mut session, target.collect())?,
        at: arguments.at.unwrap_or(console.now),
        purpose: arguments.purpose.clone(),
        names: arguments.name.clone(),
        nonce_seed: revocation::nonce_seed(&arguments.revocation)?,
        answers_signature_checks: false,
    };
    let given = files.evidence(console, &mut session)?;
    let mut question =
        resolve::Question { session: &mut session, validator: &validator, validation: &validation };
    let resolved = resolve::resolve_blocking(&mut question, given, &means)
        .map_err(|unresolved| undecided(unresolved, &cert.name))?;
    let info = engine.info();
    if let Some(out) = &arguments.capsule {
        save((Terms { policy, mode, trusted }, validation, &resolved), (&info, out), console)?;
    }
    let asked = Asked {
        purpose: arguments.purpose.clone(),
        names: arguments.name.clone(),
        engine_hash: info.sha256.to_owned(),
        fetched: arguments.revocation.online.then_some(resolved.asked),
    };
    Ok((resolved.verdict, asked))
}

/// Saves a decision as a capsule.
fn save(
    (terms, validation, resolved): (Terms, Validation, &Resolved<Verdict>),
    (engine, out): (&Info, &str),
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    if out == "-" {
        return Err(Failure::of_input(
            "--capsule",
            "standard output is for the verdict",
            "name a file that is not there",
        ));
    }
    let recording = Recording { at: console.now, by: format!("assayer {}", env!("CARGO_PKG_VERSION")) };
    let record = form::record(terms, validation, resolved.clone(), (engine, recording));
    let capsule =
        form::seal(record).map_err(|why| Failure::of_input("--capsule", why, "nothing was saved"))?;
    file::save(console, Some(out), capsule.print().as_bytes()).map(drop)
}

/// Why there is no verdict: the question's fault, or ours.
fn undecided(unresolved: Unresolved, name: &str) -> Failure {
    match unresolved {
        Unresolved::Refused(refusal) => refused(&refusal, name),
        ours => said::fault(ours),
    }
}

/// A refusal of the question, with the option it came from where there is one.
fn refused(refusal: &Refusal, name: &str) -> Failure {
    let input = match (refusal.code.as_str(), refusal.input.as_str()) {
        ("question.unknown-purpose", _) => "--purpose",
        ("question.reference-identifier", _) => "--name",
        (_, "target") => name,
        ("question.too-much-status-evidence", _) => "--crl and --ocsp",
        (_, input) if input.starts_with("untrusted") => "--untrusted",
        (_, input) => input,
    };
    said::refusal(input, refusal)
}

/// Gives the validator every anchor, each once, and says which, in that order.
fn trust(
    arguments: &Arguments,
    console: &mut Console<'_>,
    session: &mut Session,
    validator: &Validator,
) -> Result<Vec<Trusted>, Failure> {
    let (mut known, mut told) = (BTreeSet::new(), Vec::new());
    for name in &arguments.anchors {
        let mut usable = 0_usize;
        each_file(console, file::read_source(name, &file::CERTIFICATES)?, |file| {
            for certificate in bundle(session, file)? {
                if known.insert(certificate.clone()) {
                    add_anchor(session, validator, &certificate, &file.name)?;
                    told.push(form::anchor(certificate));
                }
                usable = usable.saturating_add(1);
            }
            Ok(())
        })?;
        if usable == 0 {
            return Err(Failure::of_input(name, "holds no usable trust anchor", "nothing was decided"));
        }
    }
    Ok(told)
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
        each_file(console, file::read_source(name, &file::CERTIFICATES)?, |file| {
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
pub(super) fn each_file(
    console: &mut Console<'_>,
    source: Source,
    mut take: impl FnMut(&File) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let files = match source {
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

/// The certificates in a file.
pub(super) fn bundle(session: &mut Session, file: &File) -> Result<Vec<Vec<u8>>, Failure> {
    let bundle = session.read_bundle(&file.octets).map_err(said::fault)?;
    bundle.map(|bundle| bundle.certificates).map_err(|refusal| said::refusal(&file.name, &refusal))
}
