//! `assayer csr`: signing requests that a server makes and keeps until their certificates come, from a terminal.

use clap::{Args, Subcommand};
use hyper::Method;

use super::cert::OfferArguments;
use super::fields::{FieldArguments, MULTI_SERVER};
use super::page::{Ink, Page};
use super::plan_page::node;
use super::remote::{self, DryRun, Remote, ServerArguments, Stop};
use super::{Console, Exit, Failure, file};
use crate::client::document::{Request, Requests};
use crate::client::{Ask, encoded};

/// The options of `csr`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Which server is asked.
    #[command(flatten)]
    pub server: ServerArguments,
    /// What is asked.
    #[command(subcommand)]
    pub command: CsrCommand,
}

/// The commands of `csr`.
#[derive(Clone, Debug, Subcommand)]
pub enum CsrCommand {
    /// Make a key and a signing request; one that waited for the same purpose and node is gone then.
    New(Box<NewArguments>),
    /// Show what the form of a request offers.
    Offer(OfferArguments),
    /// List the requests that wait for their certificates.
    List,
    /// Download the request of a purpose, as PEM.
    Show(ShowArguments),
    /// Drop the request of a purpose, and its key.
    Delete(DeleteArguments),
}

/// The options of `csr new`.
#[derive(Args, Clone, Debug)]
pub struct NewArguments {
    /// The fields.
    #[command(flatten)]
    pub fields: FieldArguments,
    /// Whether it is only shown.
    #[command(flatten)]
    pub dry_run: DryRun,
}

/// Which request.
#[derive(Args, Clone, Debug)]
pub struct Which {
    /// The purpose, such as `tomcat`.
    #[arg(value_name = "PURPOSE")]
    pub purpose: String,
    /// The node it is for, or `multi-server`; needed where several wait for the purpose.
    #[arg(long, value_name = "NODE")]
    pub distribution: Option<String>,
}

/// The options of `csr show`.
#[derive(Args, Clone, Debug)]
pub struct ShowArguments {
    /// Which one.
    #[command(flatten)]
    pub which: Which,
    /// Where to write it; a file that is there is not replaced.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<String>,
}

/// The options of `csr delete`.
#[derive(Args, Clone, Debug)]
pub struct DeleteArguments {
    /// Which one.
    #[command(flatten)]
    pub which: Which,
    /// Whether it is only shown.
    #[command(flatten)]
    pub dry_run: DryRun,
    /// Ask nobody.
    #[arg(long)]
    pub yes: bool,
}

/// Runs a command of `csr`.
///
/// # Errors
/// What keeps the question from being asked, and faults of the server.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    remote::run(&arguments.server, console, |remote, console| match &arguments.command {
        CsrCommand::New(arguments) => {
            let fields = arguments.fields.document(remote, console, "request")?;
            let ask = Ask::write(Method::POST, "/api/v1/requests", Some(&fields));
            remote.write(console, ask, arguments.dry_run)
        }
        CsrCommand::Offer(arguments) => arguments.show(remote, console, "request"),
        CsrCommand::List => remote.show(console, &Ask::get("/api/v1/requests"), draw_all),
        CsrCommand::Show(arguments) => show(remote, console, arguments),
        CsrCommand::Delete(arguments) => delete(remote, console, arguments),
    })
}

fn draw_all(page: &mut Page, requests: &Requests) {
    requests.items.iter().for_each(|request| draw(page, request));
    let number = requests.items.len();
    let counted = if number == 1 { "1 request waits".to_owned() } else { format!("{number} requests wait") };
    page.line(("", ""), &[Ink::Dim.span(counted)]);
}

fn draw(page: &mut Page, request: &Request) {
    let place = format!("{} on {}", request.purpose, node(request.node.as_deref()));
    page.line(("", "  "), &[Ink::Bold.span(place)]);
    page.line(("  ", "  "), &[Ink::Dim.span(format!("key sha256 {}", request.key))]);
}

/// R-CSR-5: a request is downloaded by the name of its purpose.
fn show(remote: &Remote, console: &mut Console<'_>, arguments: &ShowArguments) -> Result<Exit, Stop> {
    let request = find(remote, console, &arguments.which)?;
    let answer = remote
        .ask(console, &Ask::get(path(&request)).accepting("application/x-pem-file").with(&of(&request)))?;
    Ok(file::save(console, arguments.output.as_deref(), &answer.body)?)
}

fn delete(remote: &Remote, console: &mut Console<'_>, arguments: &DeleteArguments) -> Result<Exit, Stop> {
    let request = find(remote, console, &arguments.which)?;
    let ask = Ask::write(Method::DELETE, path(&request), None).with(&of(&request));
    if arguments.dry_run.dry_run {
        return remote.show(console, &ask.with(&[("dry_run", Some("true"))]), draw);
    }
    let caution = format!(
        "The request for {} on {} and its key are destroyed; a certificate for it can be used no more.",
        request.purpose,
        node(request.node.as_deref())
    );
    if !arguments.yes && !console.confirms(&caution)? {
        return Ok(super::written(console.page("nothing was changed\n"), Exit::Question)?);
    }
    remote.show(console, &ask, |page, request: &Request| {
        page.line(("", ""), &[Ink::Good.span("DONE"), Ink::Plain.span("  it waits no more")]);
        draw(page, request);
    })
}

fn path(request: &Request) -> String {
    format!("/api/v1/requests/{}", encoded(&request.purpose))
}

fn of(request: &Request) -> [(&'static str, Option<&str>); 1] {
    [("node", request.node.as_deref())]
}

/// The one request that is meant.
fn find(remote: &Remote, console: &mut Console<'_>, which: &Which) -> Result<Request, Stop> {
    let answer = remote.ask(console, &Ask::get("/api/v1/requests"))?;
    let Which { purpose, distribution } = which;
    let mut found = remote.read::<Requests>(&answer)?.items;
    found.retain(|request| {
        let place = request.node.as_deref().unwrap_or(MULTI_SERVER);
        request.purpose == *purpose && distribution.as_deref().is_none_or(|wanted| wanted == place)
    });
    let places: Vec<String> = found.iter().map(|one| node(one.node.as_deref()).to_owned()).collect();
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => {
            let found = format!("several requests wait ({})", places.join(", "));
            Err(Failure::of_input(purpose, found, "name one with --distribution").into())
        }
        (None, _) => {
            let remedy = "assayer csr list shows those that wait";
            Err(Failure::of_input(purpose, "no such request waits for its certificate", remedy).into())
        }
    }
}
