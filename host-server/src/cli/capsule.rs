//! `assayer capsule`: shows decisions that were saved as files, decides them again, and leaves parts of them out. It needs
//! no network, no server and no clock. What a capsule says is the format's; what is decided again, the engine's.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use engine_capsule::{Capsule, Record};
use serde::Serialize;
use serde_json::{Value, json};

use super::file::{self, CAPSULES};
use super::{Console, Exit, Failure, Format, capsule_page, said, written};
use crate::capsule::again::{self, Again, Arithmetic, Repeated};
use crate::component::{Allocation, Engine};

/// The commands of `capsule`.
#[derive(Clone, Debug, Subcommand)]
pub enum CapsuleCommand {
    /// Show what was asked and decided, by whom and when, and whether the file is as it was made.
    Show(ShowArguments),
    /// Decide again with this program's engine, offline, and compare the verdicts byte for byte.
    Replay(ReplayArguments),
    /// Write a copy with parts left out; the root hash stays.
    Redact(RedactArguments),
}

/// The options of `capsule show`.
#[derive(Args, Clone, Debug)]
pub struct ShowArguments {
    /// Capsules; `-` reads standard input.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<String>,
    /// How they are shown.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// The options of `capsule replay`.
#[derive(Args, Clone, Debug)]
pub struct ReplayArguments {
    /// Capsules: files, or directories of them.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<String>,
    /// Have this host's library verify signatures, each once, instead of the engine: faster for many, and the same.
    #[arg(long)]
    pub host_signatures: bool,
    /// How the outcome is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// The options of `capsule redact`.
#[derive(Args, Clone, Debug)]
pub struct RedactArguments {
    /// The capsule; `-` reads standard input.
    #[arg(value_name = "FILE")]
    pub file: String,
    /// A part to be left out, by its name as `show` has it, or all parts below it, such as question/names.
    #[arg(long = "part", value_name = "NAME", required = true)]
    pub parts: Vec<String>,
    /// The copy, a file that is not there yet; `-` writes standard output.
    #[arg(long, value_name = "FILE")]
    pub out: String,
}

/// Runs a command of `capsule`.
///
/// # Errors
/// When a file cannot be used, or the engine fails.
pub fn run(command: &CapsuleCommand, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match command {
        CapsuleCommand::Show(arguments) => show(arguments, console),
        CapsuleCommand::Replay(arguments) => replay(arguments, console),
        CapsuleCommand::Redact(arguments) => redact(arguments, console),
    }
}

/// Reads a capsule and verifies it.
fn read(console: &mut Console<'_>, name: &str) -> Result<Capsule, Failure> {
    let file = file::read(console, name, &CAPSULES)?;
    Capsule::read(&file.octets).map_err(|unreadable| unusable(&file.name, unreadable))
}

fn unusable(name: &str, why: impl fmt::Display) -> Failure {
    Failure::of_input(name, why, CAPSULES.forms)
}

fn show(arguments: &ShowArguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let engine = Engine::load(Allocation::OnDemand).map_err(said::fault)?.info();
    let mut exit = Exit::Allow;
    let (mut documents, mut pages) = (Vec::new(), String::new());
    for name in &arguments.files {
        match read(console, name) {
            Ok(capsule) if arguments.format == Format::Json => {
                documents.push(capsule_page::document(name, &capsule, &engine));
            }
            Ok(capsule) => {
                if !pages.is_empty() {
                    pages.push('\n');
                }
                pages.push_str(&capsule_page::draw(name, &capsule, &engine, console.looks.drawing));
            }
            // the others can be shown all the same
            Err(Failure::Question(line)) if arguments.files.len() > 1 => {
                console.complain(&format!("assayer: {line}"));
                exit = Exit::Question;
            }
            Err(failure) => return Err(failure),
        }
    }
    let output = match arguments.format {
        Format::Json => console.document(&Value::Array(documents).to_string()),
        Format::Text => console.page(&pages),
    };
    written(output, exit)
}

fn redact(arguments: &RedactArguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut capsule = read(console, &arguments.file)?;
    for name in &arguments.parts {
        if capsule.redact(name).is_none() {
            let found = format!("there is no part `{name}` in {}", arguments.file);
            return Err(Failure::of_input("--part", found, "`assayer capsule show` names those there are"));
        }
    }
    file::save(console, Some(&arguments.out), capsule.print().as_bytes())
}

/// What came of one file.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Outcome {
    file: String,
    outcome: &'static str,
    /// The engine that decided the first time.
    engine: Option<String>,
    /// In lines, what is another than it was, or why nothing came of it.
    detail: Vec<String>,
}

fn replay(arguments: &ReplayArguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for name in &arguments.files {
        paths.extend(file::paths(name, &CAPSULES)?);
    }
    let engine = Engine::load(Allocation::OnDemand).map_err(said::fault)?;
    let arithmetic = if arguments.host_signatures { Arithmetic::Host } else { Arithmetic::Engine };
    let repeated = again::all((&engine, arithmetic), &paths, |path| record(path)).map_err(said::fault)?;
    let outcomes: Vec<Outcome> =
        paths.iter().zip(repeated).map(|(path, repeated)| outcome(path, repeated)).collect();
    let count = |word: &str| outcomes.iter().filter(|outcome| outcome.outcome == word).count();
    let (same, unreadable) = (count("same"), count("unreadable"));
    let differing = outcomes.len().saturating_sub(same).saturating_sub(unreadable);
    let ours = engine.info().sha256;
    let output = match arguments.format {
        Format::Json => console.document(
            &json!({
                "engine": ours, "total": outcomes.len(), "same": same, "differing": differing,
                "unreadable": unreadable, "capsules": outcomes,
            })
            .to_string(),
        ),
        Format::Text => {
            let counts = format!(
                "{} decided again: {same} the same, {differing} otherwise, {unreadable} unreadable",
                outcomes.len().saturating_sub(unreadable)
            );
            console.page(&capsule_page::replayed(&lines(&outcomes, ours), &counts, console.looks.drawing))
        }
    };
    // what could not be read was not compared, so nothing can be said of all
    let exit = match (unreadable, differing) {
        (0, 0) => Exit::Allow,
        (0, _) => Exit::Deny,
        _ => Exit::Question,
    };
    written(output, exit)
}

/// The most files of which each is listed that is the same.
const LISTED: usize = 20;

/// A word, a file, and what there is to say about it.
fn lines(outcomes: &[Outcome], ours: &str) -> Vec<(&'static str, String, Vec<String>)> {
    let is_listed = |outcome: &&Outcome| outcome.outcome != "same" || outcomes.len() <= LISTED;
    let told = outcomes.iter().filter(is_listed).map(|outcome| {
        let mut detail = outcome.detail.clone();
        match &outcome.engine {
            Some(theirs) if outcome.outcome != "same" && theirs != ours => {
                detail.push(format!("engine: decided by {theirs}, this is {ours}"));
            }
            Some(_) if outcome.outcome != "same" => {
                detail.push("engine: the same that decided; the capsule was not made by it".to_owned());
            }
            _ => {}
        }
        (outcome.outcome, outcome.file.clone(), detail)
    });
    told.collect()
}

/// The record in a file, on the thread that decides it again.
fn record(path: &Path) -> Result<Record, Failure> {
    let file = file::read_named(path, &CAPSULES)?;
    let capsule = Capsule::read(&file.octets).map_err(|unreadable| unusable(&file.name, unreadable))?;
    Record::of(&capsule).map_err(|incomplete| unusable(&file.name, incomplete))
}

fn outcome(path: &Path, repeated: Result<Repeated, Failure>) -> Outcome {
    let file = path.display().to_string();
    let Repeated { engine, again } = match repeated {
        Ok(repeated) => repeated,
        Err(failure) => {
            let line = failure.to_string();
            let detail = line.strip_prefix(&format!("{file}: ")).unwrap_or(&line).to_owned();
            return Outcome { file, outcome: "unreadable", engine: None, detail: vec![detail] };
        }
    };
    let (outcome, detail) = match again {
        Again::Same => ("same", Vec::new()),
        Again::Differs(difference) => ("differs", difference.lines()),
        Again::Asks(count, first) => ("asks", vec![format!("asks for {count} more, first for {first}")]),
        Again::Refused(refusal) => ("refused", vec![said::refusal(&refusal.input, &refusal).to_string()]),
    };
    Outcome { file, outcome, engine: Some(engine.sha256.to_string()), detail }
}
