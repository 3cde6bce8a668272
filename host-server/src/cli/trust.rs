//! `assayer trust`: the trust stores of a server from a terminal. A deletion takes two steps: what it would do is shown,
//! and done when somebody confirms it (R-DEL-4, R-DEL-5, R-DEL-9).

use clap::{Args, Subcommand};
use hyper::Method;
use serde_json::json;

use super::bulk::{self, BulkCommand};
use super::listing::{self, Criteria, DescribeArguments, ShowArguments, Within};
use super::page::{Ink, Page};
use super::remote::{self, DryRun, Remote, ServerArguments, Stop};
use super::{Console, Exit, Failure, written};
use crate::client::Ask;
use crate::client::document::Entry;

/// R-DEL-5, and what there is instead of undoing it.
const CAUTION: &str = "A deletion cannot be undone. The certificate comes back only when somebody uploads it again and \
                       says so (assayer trust add FILE --revive); the audit keeps who deleted what, and when.";

/// The options of `trust`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Which server is asked.
    #[command(flatten)]
    pub server: ServerArguments,
    /// What is asked.
    #[command(subcommand)]
    pub command: TrustCommand,
}

/// The commands of `trust`.
#[derive(Clone, Debug, Subcommand)]
pub enum TrustCommand {
    /// List certificates of trust stores that meet every criterion.
    List(ListArguments),
    /// Put certificates into a trust store.
    Add(AddArguments),
    /// Show every field of a certificate, or download it.
    Show(ShowArguments),
    /// Write something beside a certificate.
    Describe(DescribeInStore),
    /// Take a certificate out of a trust store, after showing what that would do.
    Delete(DeleteArguments),
    /// Move what phones need between clusters, by way of a directory that these share: export, consolidate, import.
    #[command(subcommand)]
    Bulk(BulkCommand),
}

/// The options of `trust list`.
#[derive(Args, Clone, Debug)]
pub struct ListArguments {
    /// Criteria, all of which hold.
    #[command(flatten)]
    pub criteria: Criteria,
    /// In this trust store.
    #[arg(long, value_name = "STORE")]
    pub store: Option<String>,
}

/// The options of `trust add`.
#[derive(Args, Clone, Debug)]
pub struct AddArguments {
    /// The file: PEM, DER or PKCS #7, told apart by content; `-` reads standard input.
    #[arg(value_name = "FILE")]
    pub file: String,
    /// The trust store, such as `tomcat-trust`.
    #[arg(long, value_name = "STORE")]
    pub store: String,
    /// The node that it is done on; the publisher where none is named.
    #[arg(long, value_name = "NODE")]
    pub node: Option<String>,
    /// What is written beside the certificates.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub description: String,
    /// Certificates that were deleted or replaced before are wanted back.
    #[arg(long)]
    pub revive: bool,
    /// Whether it is only shown.
    #[command(flatten)]
    pub dry_run: DryRun,
}

/// The options of `trust describe`.
#[derive(Args, Clone, Debug)]
pub struct DescribeInStore {
    /// The trust store.
    #[arg(value_name = "STORE")]
    pub store: String,
    /// The certificate and the text.
    #[command(flatten)]
    pub options: DescribeArguments,
}

/// The options of `trust delete`.
#[derive(Args, Clone, Debug)]
pub struct DeleteArguments {
    /// The trust store.
    #[arg(value_name = "STORE")]
    pub store: String,
    /// SHA-256 of the certificate; else it is chosen among those that --name finds.
    #[arg(value_name = "FINGERPRINT", required_unless_present = "name")]
    pub fingerprint: Option<String>,
    /// Choose among certificates whose common names contain this, in any case.
    #[arg(long, value_name = "TEXT", conflicts_with = "fingerprint")]
    pub name: Option<String>,
    /// The node that it is done on; the publisher where none is named.
    #[arg(long, value_name = "NODE")]
    pub node: Option<String>,
    /// Whether it is only shown.
    #[command(flatten)]
    pub dry_run: DryRun,
    /// Ask nobody.
    #[arg(long)]
    pub yes: bool,
}

/// Runs a command of `trust`.
///
/// # Errors
/// What keeps the question from being asked, and faults of the server.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if let TrustCommand::Bulk(command) = &arguments.command {
        return bulk::run(&arguments.server, command, console);
    }
    remote::run(&arguments.server, console, |remote, console| match &arguments.command {
        // one of its steps asks no server
        TrustCommand::Bulk(_) => Ok(Exit::Question),
        TrustCommand::List(arguments) => {
            let within = Within { kind: Some("trust"), room: arguments.store.as_deref() };
            listing::list(remote, console, &arguments.criteria, within)
        }
        TrustCommand::Add(arguments) => add(remote, console, arguments),
        TrustCommand::Show(arguments) => listing::show(remote, console, arguments),
        TrustCommand::Describe(of) => listing::describe(remote, console, &of.options, ("trust", &of.store)),
        TrustCommand::Delete(arguments) => delete(remote, console, arguments),
    })
}

fn add(remote: &Remote, console: &mut Console<'_>, arguments: &AddArguments) -> Result<Exit, Stop> {
    let (file, name) = remote::carried(console, &arguments.file)?;
    let body = json!({
        "file": file,
        "kind": "trust",
        "room": arguments.store,
        "node": arguments.node,
        "description": arguments.description,
        "revive": arguments.revive,
    });
    let ask = Ask::write(Method::POST, "/api/v1/certificates", Some(&body));
    remote.write_file(console, ask, (arguments.dry_run, &name))
}

/// Filter, choose, delete, confirm.
fn delete(remote: &Remote, console: &mut Console<'_>, arguments: &DeleteArguments) -> Result<Exit, Stop> {
    let chosen = match &arguments.fingerprint {
        Some(fingerprint) => fingerprint.clone(),
        None => choose(remote, console, arguments)?,
    };
    let path = listing::path("trust", &arguments.store, &chosen);
    let ask = Ask::write(Method::DELETE, path, None).with(&[("node", arguments.node.as_deref())]);
    if arguments.yes || arguments.dry_run.dry_run {
        return remote.write(console, ask, arguments.dry_run);
    }
    if console.is_attended() && !remote.is_json() {
        // R-DEL-3: by its subject's name, not by a number alone
        let within = Within { kind: Some("trust"), room: Some(&arguments.store) };
        let mut page = Page::new(console.looks.drawing);
        let found = listing::lying(remote, console, &chosen, within)?;
        found.iter().for_each(|entry| listing::draw(&mut page, entry));
        page.gap();
        written(console.page(&page.into_text()), Exit::Allow)?;
    }
    remote.write_confirmed(console, &ask, CAUTION)
}

/// The certificate that is meant among those that the filter finds: the only one, or the one that somebody names by its
/// number.
fn choose(remote: &Remote, console: &mut Console<'_>, arguments: &DeleteArguments) -> Result<String, Stop> {
    let within = Within { kind: Some("trust"), room: Some(&arguments.store) };
    let mut found = listing::matching(remote, console, arguments.name.as_deref(), within)?;
    found.dedup_by(|one, other| one.fingerprint == other.fingerprint);
    let name = arguments.name.as_deref().unwrap_or_default();
    let of_name = |what: String, remedy: &str| Failure::of_input(format!("--name {name}"), what, remedy);
    match found.as_slice() {
        [] => Err(of_name(
            format!("finds nothing in {}", arguments.store),
            "assayer trust list shows what is there",
        )
        .into()),
        [only] => Ok(only.fingerprint.clone()),
        several if console.is_attended() => {
            let mut page = Page::new(console.looks.drawing);
            several.iter().enumerate().for_each(|(number, entry)| draw_choice(&mut page, number, entry));
            written(console.page(&page.into_text()), Exit::Allow)?;
            let answer = console.asks("Which one, by its number? ")?;
            let number = answer.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let chosen = number.and_then(|number| several.get(number));
            let unknown = || of_name(format!("found {answer:?}"), "expected the number of a line");
            Ok(chosen.ok_or_else(unknown)?.fingerprint.clone())
        }
        several => {
            let what = format!("finds {} certificates", several.len());
            Err(of_name(what, "name one by its fingerprint").into())
        }
    }
}

fn draw_choice(page: &mut Page, number: usize, entry: &Entry) {
    page.line(("", ""), &[Ink::Bold.span(format!("{}.", number.saturating_add(1)))]);
    listing::draw(page, entry);
}
