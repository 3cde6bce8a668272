//! `assayer cert`: the certificates that a server keeps, our own above all, from a terminal.

use clap::{Args, Subcommand, ValueEnum};
use hyper::Method;
use serde_json::json;

use super::fields::FieldArguments;
use super::listing::{self, Criteria, DescribeArguments, ShowArguments, Within};
use super::remote::{self, DryRun, Remote, ServerArguments, Stop};
use super::{Console, Exit, Failure, plan_page};
use crate::client::Ask;

/// The options of `cert`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Which server is asked.
    #[command(flatten)]
    pub server: ServerArguments,
    /// What is asked.
    #[command(subcommand)]
    pub command: CertCommand,
}

/// The commands of `cert`.
#[derive(Clone, Debug, Subcommand)]
pub enum CertCommand {
    /// List certificates that meet every criterion.
    List(ListArguments),
    /// Show every field of a certificate, or download it.
    Show(ShowArguments),
    /// Put a certificate that an authority returned into its slot.
    Upload(UploadArguments),
    /// Write something beside a certificate.
    Describe(DescribeInSlot),
    /// Take a certificate out of its slot, which is always refused: it is replaced instead.
    Delete(DeleteArguments),
    /// Make certificates anew, with new keys of the same kind.
    Regenerate(RegenerateArguments),
    /// Make a key and a self-signed certificate.
    SelfSigned(SelfSignedArguments),
    /// Show what the form of a self-signed certificate offers.
    Offer(OfferArguments),
    /// Use one purpose's certificate for another.
    Reuse(ReuseArguments),
    /// Show which certificates nodes lack.
    Completeness,
    /// Show which copies of nodes' certificates are missing or differ.
    Exchange,
}

/// What a certificate is here for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Usage {
    /// It proves who we are.
    Identity,
    /// It is believed.
    Trust,
}

/// The options of `cert list`.
#[derive(Args, Clone, Debug)]
pub struct ListArguments {
    /// Criteria, all of which hold.
    #[command(flatten)]
    pub criteria: Criteria,
    /// Our own, or those that are believed.
    #[arg(long, value_enum)]
    pub usage: Option<Usage>,
    /// In this trust store.
    #[arg(long, value_name = "STORE", conflicts_with_all = ["purpose", "usage"])]
    pub store: Option<String>,
    /// In the slot of this purpose.
    #[arg(long, value_name = "PURPOSE", conflicts_with = "usage")]
    pub purpose: Option<String>,
}

/// The options of `cert describe`.
#[derive(Args, Clone, Debug)]
pub struct DescribeInSlot {
    /// The certificate and the text.
    #[command(flatten)]
    pub options: DescribeArguments,
    /// The slot of this purpose.
    #[arg(long, value_name = "PURPOSE")]
    pub purpose: String,
}

/// The options of `cert delete`.
#[derive(Args, Clone, Debug)]
pub struct DeleteArguments {
    /// SHA-256 of the certificate, in hexadecimal, with or without colons.
    #[arg(value_name = "FINGERPRINT")]
    pub fingerprint: String,
    /// The slot of this purpose.
    #[arg(long, value_name = "PURPOSE")]
    pub purpose: String,
    /// The node that it is done on; the publisher where none is named.
    #[arg(long, value_name = "NODE")]
    pub node: Option<String>,
}

/// The options of `cert upload`.
#[derive(Args, Clone, Debug)]
pub struct UploadArguments {
    /// The file: PEM, DER or PKCS #7, told apart by content; `-` reads standard input.
    #[arg(value_name = "FILE")]
    pub file: String,
    /// The purpose, such as `tomcat`.
    #[arg(long, value_name = "PURPOSE")]
    pub purpose: String,
    /// The node that it is done on; the publisher where none is named.
    #[arg(long, value_name = "NODE")]
    pub node: Option<String>,
    /// What is written beside it.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub description: String,
    /// How the key-usage tables are read: `ucm-compat` or `strict-pkix`.
    #[arg(long, value_name = "PROFILE")]
    pub usage_profile: Option<String>,
    /// Whether it is only shown.
    #[command(flatten)]
    pub dry_run: DryRun,
}

/// The options of `cert regenerate`.
#[derive(Args, Clone, Debug)]
pub struct RegenerateArguments {
    /// The purposes, such as `tomcat`.
    #[arg(value_name = "PURPOSE", required = true)]
    pub purposes: Vec<String>,
    /// The node; else the one that answers. `multi-server` is the certificate that all nodes share.
    #[arg(long, value_name = "NODE")]
    pub distribution: Option<String>,
    /// How the key-usage tables are read: `ucm-compat` or `strict-pkix`.
    #[arg(long, value_name = "PROFILE")]
    pub usage_profile: Option<String>,
    /// Whether it is only shown.
    #[command(flatten)]
    pub dry_run: DryRun,
}

/// The options of `cert self-signed`.
#[derive(Args, Clone, Debug)]
pub struct SelfSignedArguments {
    /// What requests have too.
    #[command(flatten)]
    pub fields: FieldArguments,
    /// Years of validity.
    #[arg(long, value_name = "NUMBER")]
    pub years: Option<u8>,
    /// Whether it is only shown.
    #[command(flatten)]
    pub dry_run: DryRun,
}

/// The options of `offer`.
#[derive(Args, Clone, Debug)]
pub struct OfferArguments {
    /// The purpose, such as `tomcat`.
    #[arg(value_name = "PURPOSE")]
    pub purpose: String,
    /// The node; else the one that answers. `multi-server` stands for all of them.
    #[arg(long, value_name = "NODE")]
    pub distribution: Option<String>,
}

/// The options of `cert reuse`.
#[derive(Args, Clone, Debug)]
pub struct ReuseArguments {
    /// The purpose that has the certificate.
    #[arg(value_name = "FROM")]
    pub source: String,
    /// The purpose that takes it over.
    #[arg(value_name = "TO")]
    pub target: String,
    /// The node that it is done on; the publisher where none is named.
    #[arg(long, value_name = "NODE")]
    pub node: Option<String>,
    /// Whether it is only shown.
    #[command(flatten)]
    pub dry_run: DryRun,
}

/// Runs a command of `cert`.
///
/// # Errors
/// What keeps the question from being asked, and faults of the server.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    remote::run(&arguments.server, console, |remote, console| match &arguments.command {
        CertCommand::List(arguments) => list(remote, console, arguments),
        CertCommand::Show(arguments) => listing::show(remote, console, arguments),
        CertCommand::Upload(arguments) => upload(remote, console, arguments),
        CertCommand::Describe(of) => {
            listing::describe(remote, console, &of.options, ("identity", &of.purpose))
        }
        CertCommand::Delete(arguments) => delete(remote, console, arguments),
        CertCommand::Regenerate(arguments) => regenerate(remote, console, arguments),
        CertCommand::SelfSigned(arguments) => self_signed(remote, console, arguments),
        CertCommand::Offer(arguments) => arguments.show(remote, console, "self-signed"),
        CertCommand::Reuse(arguments) => reuse(remote, console, arguments),
        CertCommand::Completeness => {
            remote.show(console, &Ask::get("/api/v1/completeness"), plan_page::found)
        }
        CertCommand::Exchange => remote.show(console, &Ask::get("/api/v1/exchange"), plan_page::found),
    })
}

fn list(remote: &Remote, console: &mut Console<'_>, arguments: &ListArguments) -> Result<Exit, Stop> {
    let kind = match (arguments.usage, &arguments.store, &arguments.purpose) {
        (Some(Usage::Identity), ..) | (.., Some(_)) => Some("identity"),
        (Some(Usage::Trust), ..) | (_, Some(_), _) => Some("trust"),
        _ => None,
    };
    let room = arguments.store.as_deref().or(arguments.purpose.as_deref());
    listing::list(remote, console, &arguments.criteria, Within { kind, room })
}

fn upload(remote: &Remote, console: &mut Console<'_>, arguments: &UploadArguments) -> Result<Exit, Stop> {
    let (file, name) = remote::carried(console, &arguments.file)?;
    let body = json!({
        "file": file,
        "kind": "identity",
        "room": arguments.purpose,
        "node": arguments.node,
        "description": arguments.description,
        "usage-profile": arguments.usage_profile,
    });
    let ask = Ask::write(Method::POST, "/api/v1/certificates", Some(&body));
    remote.write_file(console, ask, (arguments.dry_run, &name))
}

/// R-DEL-1, R-SHOW-13: a slot is never emptied; the server says so, and what to do instead.
fn delete(remote: &Remote, console: &mut Console<'_>, arguments: &DeleteArguments) -> Result<Exit, Stop> {
    let path = listing::path("identity", &arguments.purpose, &arguments.fingerprint);
    let ask = Ask::write(Method::DELETE, path, None).with(&[("node", arguments.node.as_deref())]);
    remote.write(console, ask, DryRun { dry_run: false })
}

fn regenerate(
    remote: &Remote,
    console: &mut Console<'_>,
    arguments: &RegenerateArguments,
) -> Result<Exit, Stop> {
    let node = super::fields::node(remote, console, arguments.distribution.as_deref())?;
    let slot = |purpose: &String| json!({ "purpose": purpose, "node": node });
    let slots: Vec<_> = arguments.purposes.iter().map(slot).collect();
    let body = json!({ "slots": slots, "usage-profile": arguments.usage_profile });
    let ask = Ask::write(Method::POST, "/api/v1/regenerations", Some(&body));
    remote.write(console, ask, arguments.dry_run)
}

fn self_signed(
    remote: &Remote,
    console: &mut Console<'_>,
    arguments: &SelfSignedArguments,
) -> Result<Exit, Stop> {
    let fields = arguments.fields.document(remote, console, "self-signed")?;
    let body = json!({ "fields": fields, "years": arguments.years });
    let ask = Ask::write(Method::POST, "/api/v1/self-signed", Some(&body));
    remote.write(console, ask, arguments.dry_run)
}

fn reuse(remote: &Remote, console: &mut Console<'_>, arguments: &ReuseArguments) -> Result<Exit, Stop> {
    let ReuseArguments { source, target, node, .. } = arguments;
    let body = json!({ "source": source, "target": target, "node": node });
    let ask = Ask::write(Method::POST, "/api/v1/reuse", Some(&body));
    remote.write(console, ask, arguments.dry_run)
}
