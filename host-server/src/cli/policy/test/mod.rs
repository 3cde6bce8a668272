//! `assayer policy test`: cases as files, judged under a document. What a file of cases says, `engine-cases` reads; what comes
//! of a case, the engine decides; here files are opened, calls made and pages drawn.
//!
//! Files: `suite` files of cases, `judge` what comes of each, `page`, `junit` and `document` how it is told, `watch` when
//! something is another than it was.

mod suite;
mod judge;
mod page;
mod junit;
mod document;
mod watch;

use std::io;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use engine_cases::{Coverage, Known};

use self::judge::{Judged, Outcome};
use self::suite::Suite;
use super::{Accepted, session};
use crate::cli::{Console, Exit, Failure, said, written};
use crate::component::{Allocation, Engine};

/// The options of `policy test`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The policy document (TOML).
    #[arg(value_name = "POLICY")]
    pub policy: String,
    /// Files of cases (TOML), or directories of them.
    #[arg(value_name = "CASES", required = true)]
    pub cases: Vec<String>,
    /// How the outcome is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Form,
    /// Judge again whenever one of the files changes, until interrupted.
    #[arg(long)]
    pub watch: bool,
    /// Tell of every rule and level of the document how many cases exercise it, not only of those that none does.
    #[arg(long)]
    pub coverage: bool,
}

/// How the outcome is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// A page for people.
    Text,
    /// One JSON document for programs.
    Json,
    /// JUnit XML, which systems of continuous integration read.
    Junit,
}

/// Everything that one round came to.
struct Round {
    policy: String,
    /// The name of the policy, equal for equal policies.
    sha256: String,
    suites: Vec<(Suite, Vec<Judged>)>,
    coverage: Coverage,
}

/// How many cases came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: usize,
    failed: usize,
    /// Cases that could not be judged.
    unusable: usize,
    /// Files that cannot be read as cases.
    unreadable: usize,
}

impl Round {
    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for (suite, judged) in &self.suites {
            counts.unreadable = counts.unreadable.saturating_add(usize::from(suite.cases.is_err()));
            for one in judged {
                let count = match one.outcome {
                    Outcome::Passed => &mut counts.passed,
                    Outcome::Failed(_) => &mut counts.failed,
                    Outcome::Unusable(_) => &mut counts.unusable,
                };
                *count = count.saturating_add(1);
            }
        }
        counts
    }
}

impl Counts {
    fn exit(self) -> Exit {
        match self {
            Self { unusable: 0, unreadable: 0, failed: 0, .. } => Exit::Allow,
            Self { unusable: 0, unreadable: 0, .. } => Exit::Deny,
            // what could not be read was not judged, so nothing can be said of all
            _ => Exit::Question,
        }
    }
}

/// Runs `policy test`.
///
/// # Errors
/// When a file cannot be read, the policy is refused, or the engine fails.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let engine = Engine::load(Allocation::OnDemand).map_err(said::fault)?;
    if !arguments.watch {
        return once(&engine, arguments, console).map(|(exit, _)| exit);
    }
    loop {
        let seen = watch::seen(arguments, &[]);
        let named = match once(&engine, arguments, console) {
            Ok((_, named)) => named,
            // whoever is writing a file mends it and goes on
            Err(Failure::Question(line)) => {
                console.complain(&format!("assayer: {line}"));
                Vec::new()
            }
            Err(failure) => return Err(failure),
        };
        let changed = watch::changed(arguments, &named, seen);
        let line = format!("changed: {changed}");
        match arguments.format {
            Form::Text => match console.page(&format!("\n{line}\n")) {
                // nobody reads any more
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Exit::Allow),
                output => {
                    written(output, Exit::Allow)?;
                }
            },
            // beside the documents
            Form::Json | Form::Junit => console.complain(&format!("assayer: note: {line}")),
        }
    }
}

/// Judges every case once; the exit status, and the files that cases name.
fn once(
    engine: &Engine,
    arguments: &Arguments,
    console: &mut Console<'_>,
) -> Result<(Exit, Vec<PathBuf>), Failure> {
    let round = judged(engine, arguments)?;
    let counts = round.counts();
    let output = match arguments.format {
        Form::Json => console.document(&document::json(&round, counts)?),
        Form::Junit => console.page(&junit::xml(&round, counts)),
        Form::Text => console.page(&page::draw(&round, counts, (arguments.coverage, console.looks.drawing))),
    };
    let named = round.suites.iter().flat_map(|(suite, _)| suite.named()).collect();
    Ok((written(output, counts.exit())?, named))
}

fn judged(engine: &Engine, arguments: &Arguments) -> Result<Round, Failure> {
    let policy = Accepted::read(&mut session()?, &arguments.policy)?;
    let known = Known::of(&policy.canonical, engine_wording::known_codes());
    let mut suites = Vec::new();
    for path in suite::paths(arguments)? {
        suites.push(Suite::read(&path, &known)?);
    }
    let mut coverage = Coverage::of(&policy.text);
    let all = judge::all(engine, &policy.text, &suites)?;
    for one in all.iter().flatten() {
        if let Some(document) = &one.document {
            coverage.count(one.purpose.as_deref(), document);
        }
    }
    Ok(Round {
        policy: arguments.policy.clone(),
        sha256: policy.hash(),
        suites: suites.into_iter().zip(all).collect(),
        coverage,
    })
}
