//! `assayer policy candidate`: a policy is rolled out on a server. It is proposed, decides nothing while what it would
//! decide is counted, and is promoted or dropped.

use clap::{Args, Subcommand, ValueEnum};
use hyper::Method;
use serde_json::json;

use super::candidate_page as page;
use crate::cli::page::Page;
use crate::cli::remote::{self, DryRun, Remote, ServerArguments, Stop};
use crate::cli::{Console, Exit, Failure, file, written};
use crate::client::Ask;
use crate::client::candidate::{Candidate, Standing};

const PATH: &str = "/api/v1/policies/candidate";
/// What is told before a candidate comes into force.
const CAUTION: &str = "Every decision of the deployment is made by it from then on.";
/// What is told before a candidate goes.
const DROPPING: &str = "What was counted goes with it; the policy in force stays.";

/// The options of `policy candidate`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Which server is asked.
    #[command(flatten)]
    pub server: ServerArguments,
    /// What is asked.
    #[command(subcommand)]
    pub command: CandidateCommand,
}

/// The commands of `policy candidate`.
#[derive(Clone, Debug, Subcommand)]
pub enum CandidateCommand {
    /// Have every decision judged by a document besides, and none made by it.
    Propose(ProposeArguments),
    /// Say since when, how many decisions were compared and how many would be others.
    Show,
    /// List the newest decisions that would be others, each with the rule that does it.
    Flips(FlipsArguments),
    /// Put the candidate in force, after showing what came of it.
    Promote(PromoteArguments),
    /// Drop the candidate and what was counted.
    Drop(DropArguments),
}

/// The options of `policy candidate propose`.
#[derive(Args, Clone, Debug)]
pub struct ProposeArguments {
    /// The policy document (TOML).
    #[arg(value_name = "FILE")]
    pub file: String,
    /// Whether it is only tried.
    #[command(flatten)]
    pub dry_run: DryRun,
}

/// The options of `policy candidate flips`.
#[derive(Args, Clone, Debug)]
pub struct FlipsArguments {
    /// Of questions with this purpose.
    #[arg(long, value_name = "PURPOSE")]
    pub purpose: Option<String>,
    /// Of what was decided so.
    #[arg(long, value_enum)]
    pub decision: Option<Was>,
    /// How many at most.
    #[arg(long, value_name = "NUMBER", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=500))]
    pub limit: u16,
    /// Where the last page ended.
    #[arg(long, value_name = "PLACE")]
    pub after: Option<String>,
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Was {
    /// The certificate may be trusted.
    Allow,
    /// It may not.
    Deny,
}

/// The options of `policy candidate promote`.
#[derive(Args, Clone, Debug)]
pub struct PromoteArguments {
    /// Ask nobody; the version says which candidate was looked at.
    #[arg(long, requires = "version")]
    pub yes: bool,
    /// The version of the candidate, as `show` has it.
    #[arg(long, value_name = "VERSION")]
    pub version: Option<i64>,
    /// The number of the policy in force that it replaces, where that is another than it was proposed against.
    #[arg(long, value_name = "NUMBER")]
    pub replaces: Option<i64>,
}

/// The options of `policy candidate drop`.
#[derive(Args, Clone, Debug)]
pub struct DropArguments {
    /// Ask nobody.
    #[arg(long)]
    pub yes: bool,
}

/// Runs a command of `policy candidate`.
///
/// # Errors
/// What keeps the question from being asked, and faults of the server.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    remote::run(&arguments.server, console, |remote, console| match &arguments.command {
        CandidateCommand::Propose(arguments) => propose(remote, console, arguments),
        CandidateCommand::Show => remote.show(console, &Ask::get(PATH), page::standing),
        CandidateCommand::Flips(arguments) => flips(remote, console, arguments),
        CandidateCommand::Promote(arguments) => promote(remote, console, arguments),
        CandidateCommand::Drop(arguments) => drop_candidate(remote, console, arguments),
    })
}

fn propose(remote: &Remote, console: &mut Console<'_>, arguments: &ProposeArguments) -> Result<Exit, Stop> {
    let document = file::read_policy(&arguments.file)?;
    let ask = Ask::write(Method::PUT, PATH, Some(&json!({ "document": document })));
    let ask = ask.with(&[("dry_run", arguments.dry_run.dry_run.then_some("true"))]);
    remote.show_with(console, &ask, &arguments.file, page::proposed)
}

fn flips(remote: &Remote, console: &mut Console<'_>, arguments: &FlipsArguments) -> Result<Exit, Stop> {
    let decision = arguments.decision.map(|was| match was {
        Was::Allow => "allow",
        Was::Deny => "deny",
    });
    let limit = arguments.limit.to_string();
    let ask = Ask::get(format!("{PATH}/flips")).with(&[
        ("purpose", arguments.purpose.as_deref()),
        ("decision", decision),
        ("limit", Some(&limit)),
        ("after", arguments.after.as_deref()),
    ]);
    remote.show(console, &ask, page::flips)
}

fn promote(remote: &Remote, console: &mut Console<'_>, arguments: &PromoteArguments) -> Result<Exit, Stop> {
    let version = match arguments.version.filter(|_| arguments.yes) {
        Some(version) => version,
        None => match confirmed(remote, console, (arguments.version, CAUTION))? {
            Some(candidate) => candidate.version,
            None => return Ok(unchanged(console)?),
        },
    };
    let replaces = arguments.replaces.map(|number| number.to_string());
    let ask = Ask::write(Method::POST, format!("{PATH}/promotion"), None);
    let ask = Ask { seen: Some(tag(version)), ..ask.with(&[("replaces", replaces.as_deref())]) };
    remote.show(console, &ask, page::promoted)
}

fn drop_candidate(
    remote: &Remote,
    console: &mut Console<'_>,
    arguments: &DropArguments,
) -> Result<Exit, Stop> {
    let mut ask = Ask::write(Method::DELETE, PATH, None);
    if !arguments.yes {
        match confirmed(remote, console, (None, DROPPING))? {
            Some(candidate) => ask.seen = Some(tag(candidate.version)),
            None => return Ok(unchanged(console)?),
        }
    }
    remote.show(console, &ask, page::dropped)
}

/// The candidate, once somebody has seen what came of it and says yes; none where they do not.
fn confirmed(
    remote: &Remote,
    console: &mut Console<'_>,
    (version, caution): (Option<i64>, &str),
) -> Result<Option<Candidate>, Stop> {
    if remote.is_json() || !console.is_attended() {
        let remedy = "look at it with assayer policy candidate show, then give --yes";
        return Err(Failure::of_input("--yes", "nobody can be asked to confirm", remedy).into());
    }
    let answer = remote.ask(console, &Ask::get(PATH))?;
    let standing: Standing = remote.read(&answer)?;
    let mut page = Page::new(console.looks.drawing);
    page::standing(&mut page, &standing);
    written(console.page(&page.into_text()), Exit::Allow)?;
    let Some(candidate) = standing.candidate else {
        return Err(Failure::of_input("the candidate", "there is none", "propose one").into());
    };
    if let Some(wanted) = version.filter(|wanted| *wanted != candidate.version) {
        let found = format!("is {wanted}, and the candidate is {}", candidate.version);
        return Err(Failure::of_input("--version", found, "look at it again").into());
    }
    Ok(console.confirms(caution)?.then_some(candidate))
}

fn unchanged(console: &mut Console<'_>) -> Result<Exit, Failure> {
    written(console.page("nothing was changed\n"), Exit::Question)
}

/// A version as `If-Match` names it.
fn tag(version: i64) -> String {
    format!("\"{version}\"")
}
